"""The tables of the package: evidence with its facts, thresholds that are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bounceback import appraisal, facts
from bounceback.appraisal import text_tables

PACKAGE = Path(appraisal.__file__).parent


@pytest.mark.parametrize("key", sorted(text_tables.load_table("evidence")))
def test_every_figure_of_the_evidence_is_a_figure_of_its_fact_with_source_and_year(
    key: str,
) -> None:
    found = text_tables.evidence(key)
    numbers = [
        float(x.replace(",", "").replace("−", "-"))
        for x in re.findall(r"[−-]?\d[\d,]*\.?\d*", found.says)
    ]
    if not found.fact:
        assert numbers == []
        return
    assert re.search(r"\([^()]+, \d{4}\)\.$", found.sentence)
    row = text_tables.evidence_row(found.fact)
    assert row["confidence"] != "inferred"
    known = [
        float(x.replace(",", ""))
        for x in re.findall(
            r"-?\d[\d,]*\.?\d*", " ".join(v for k, v in row.items() if k != "source")
        )
    ]
    for number in numbers:
        if number == 100:
            continue
        assert any(
            abs(number - k) <= 0.5 and (number == k or number == round(k) or abs(number - k) < 0.01)
            for k in known
        ), (number, row)


def test_thresholds_are_all_used_and_all_read_ones_are_known() -> None:
    names = set(facts.parameters("appraisal", "usmle-step-1"))
    code = "\n".join(p.read_text("utf-8") for p in PACKAGE.glob("*.py"))
    read = set(re.findall(r'\bt\[\s*"(\w+)"\s*\]|\bt\.count\(\s*"(\w+)"|case\.t\["(\w+)"\]', code))
    read_names = {x for group in read for x in group if x}
    assert read_names <= names
    spelled = {n for n in names if f'"{n}"' in code or n.startswith("guess_gap_")}
    assert names - spelled == set()
