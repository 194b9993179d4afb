"""No row can be lost unseen, and no row is dead: each one moves an answer."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bounceback import facts
from bounceback.errors import FactError
from bounceback.facts import loading
from bounceback.vocabulary import EXAM_IDS

ROWS_PY = Path(__file__).with_name("rows.py")
Row = dict[str, str]


def test_every_row_is_as_listed() -> None:
    spec = importlib.util.spec_from_file_location("rows", ROWS_PY)
    assert spec is not None
    assert spec.loader is not None
    rows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rows)
    listed, now = json.loads(rows.LIST.read_text(encoding="utf-8")), rows.rows_now()
    changed = sorted(name for name in listed if listed[name] != now.get(name, "gone"))
    assert changed == [], "if that is meant: python tests/facts/rows.py, and say why in the commit"


@pytest.mark.parametrize("fact_id", facts.ids())
def test_without_one_of_its_rows_a_rule_answers_otherwise(
    fact_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = loading.read_rule(fact_id)
    for lost, row in enumerate(rule["values"]):
        on = row.get("first", date(1990, 1, 1))
        whole = answer_of(lambda on=on: facts.value(fact_id, on))
        rest = [kept for place, kept in enumerate(rule["values"]) if place != lost]
        with monkeypatch.context() as patch:
            patch.setattr(loading, "read_rule", lambda _, rest=rest: {**rule, "values": rest})
            loading.value.cache_clear()
            assert answer_of(lambda on=on: facts.value(fact_id, on)) != whole
        loading.value.cache_clear()


def answer_of(question: Callable[[], object]) -> str:
    """The answer as text, or the refusal."""
    try:
        return repr(question())
    except (FactError, ValueError, StopIteration, KeyError, AttributeError) as refusal:
        return f"{type(refusal).__name__}: {refusal}"


def dates_of(row: Row) -> list[date]:
    """Days on which the row speaks: its first, its last, else one before and one after."""
    first, last = loading.day(row.get("first", "")), loading.day(row.get("last", ""))
    if first:
        return [first]
    return [last] if last else [date(2000, 1, 1), date(2026, 11, 22)]


def blueprint_answers(row: Row) -> list[Callable[[], object]]:
    axis = facts.exam(row["exam"]).share_axis if row["axis"] == "*" else row["axis"]
    return [lambda on=on: facts.blueprint(row["exam"], axis, on) for on in dates_of(row)]


def report_answers(row: Row) -> list[Callable[[], object]]:
    def spellings(on: date) -> object:
        listed = facts.report_areas(row["report"], row["exam"], on)
        if row["area"] == "*":
            return listed
        return listed, facts.resolve_area(row["area"], row["exam"], on, context=row["report"])

    days = [loading.day(row["first"]) or loading.day(row["last"]) or date(2023, 6, 1)]
    return [lambda on=on: spellings(on) for on in days]


def mapping_answers(row: Row) -> list[Callable[[], object]]:
    on = date(2026, 11, 22)
    return [
        lambda name=name, exam=exam: facts.map_area(name, exam, on)
        for exam in EXAM_IDS
        for name in dict.fromkeys(
            v for k, v in row.items() if k not in ("source", "confidence", "note") and v
        )
    ]


def emphasis_answers(row: Row) -> list[Callable[[], object]]:
    days = (date(2023, 6, 1), date(2026, 11, 22))
    return [lambda on=on: facts.map_area(row["area"], row["exam"], on) for on in days]


def rate_answers(row: Row) -> list[Callable[[], object]]:
    group = {"us-md": "us-md", "us-do": "us-do", "non-us": "us-img"}.get(row["group"])
    if group is None:  # whole-population rates are read from the table
        return [lambda: facts.table("pass_rates")]
    return [lambda: facts.pass_rate(row["exam"], group, row["attempt"], int(row["year"]))]


def pause_answers(row: Row) -> list[Callable[[], object]]:
    on = date(2026, int(row["month"]), int(row["day"]))
    return [lambda: facts.release_is_paused("usmle-step-1", on)]


QUESTIONS: dict[str, Callable[[Row], list[Callable[[], object]]]] = {
    "area_emphasis": emphasis_answers,
    "bank_filters": lambda row: [lambda: facts.bank_filters(row["words"] or "my own bank")],
    "blueprint": blueprint_answers,
    "category_mapping": mapping_answers,
    "clearance_rules": lambda row: [lambda: facts.clearance_rule(row["id"])],
    "conversions": lambda row: [
        lambda on=on: facts.conversion(row["family"], row["exam"], on, row["scale"])
        for on in dates_of(row)
    ],
    "evidence": lambda row: [lambda: facts.evidence(row["id"])],
    "exam_structure": lambda row: [
        lambda on=on: facts.block_rhythm(row["exam"], on) for on in dates_of(row)
    ],
    "exams": lambda row: [lambda: facts.exam(row["id"])],
    "fees": lambda row: [
        lambda on=on: facts.fees(row["exams"].split()[0], on) for on in dates_of(row)
    ],
    "form_families": lambda row: [lambda: facts.form_family(row["family"], row["exam"])],
    "form_labels": lambda row: [lambda: facts.form_family(row["family"], row["exam"])],
    "instrument_items": lambda row: [lambda: facts.instrument(row["instrument"])],
    "instruments": lambda row: [lambda: facts.instrument(row["id"])],
    "norm_percentiles": lambda row: [
        lambda: facts.percentile(row["exam"], float(row["score"]), dates_of(row)[0])
    ],
    "norms": lambda row: [lambda on=on: facts.norms(row["exam"], on) for on in dates_of(row)],
    "pass_rates": rate_answers,
    "regions": lambda row: [lambda: facts.support_lines(row["country"])],
    "release_pauses": pause_answers,
    "report_areas": report_answers,
    "resources": lambda row: [lambda: facts.catalog_entry(row["id"])],
    "state_limits": lambda row: [
        lambda exam=exam: facts.state_limit(row["state"], exam) for exam in row["exams"].split()
    ],
    "support_lines": lambda row: [lambda: facts.support_lines(None)],
    "time_zones": lambda row: [lambda: facts.country_of_zone(row["zone"])],
    "time_needed": lambda row: [facts.time_needed_guide],
}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_without_one_of_its_rows_a_table_answers_otherwise(name: str, edited) -> None:
    rows = facts.table(name)
    whole = [[answer_of(ask) for ask in QUESTIONS[name](row)] for row in rows]
    dead = []
    for lost, row in enumerate(rows):
        with edited(f"{name}.csv", lambda every, lost=lost: every[:lost] + every[lost + 1 :]):
            if [answer_of(ask) for ask in QUESTIONS[name](row)] == whole[lost]:
                dead.append({k: v for k, v in row.items() if v})
    assert dead == []


def test_every_table_is_asked_above_or_is_read_whole() -> None:
    read_whole = {
        "changes",
        "form_norms",
        "match_eras",
        "match_factor_figures",
        "match_factors",
        "match_levers",
        "match_medians",
        "match_policies",
        "match_positions",
        "match_rates",
        "match_signals",
        "older_scales",
        "printed_chances",
        "regressions",
        "testing_days",
    }
    assert set(facts.tables()) - set(QUESTIONS) <= read_whole


def test_a_day_before_and_after_each_change_are_different_days() -> None:
    """The list of changes agrees with the rules it announces."""
    for row in facts.table("changes"):
        on = loading.day(row["date"])
        assert on is not None
        if row["kind"] == "standard" and row["day_known"] == "yes":
            for exam_id in row["exams"].split():
                before = facts.pass_mark(exam_id, on - timedelta(days=1))
                assert facts.pass_mark(exam_id, on).in_force_from == on
                assert before.value != facts.pass_mark(exam_id, on).value
