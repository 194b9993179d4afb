"""The checker finds each kind of fault, and the shipped facts have none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bounceback import facts
from bounceback.facts import loading, validation

READ_ON = date(2026, 11, 22)

GOOD = """
unit = "points"
verified_on = 2026-11-22
recheck_by = 2027-05-01
low = 100
high = 300

[[values]]
value = 188
source = "bounceback"
locator = "page"
confidence = "reported"

[[values]]
first = 2022-01-26
value = 196
source = "bounceback"
locator = "page"
confidence = "official"
"""


def test_the_shipped_facts_have_no_fault_on_the_day_they_were_read() -> None:
    assert [str(fault) for fault in facts.check(READ_ON)] == []


def test_nothing_is_silently_overdue() -> None:
    later = facts.check(date(2028, 6, 1))
    due = {fault.key for fault in later if "to be read again" in fault.given}
    rules_and_tables = len(facts.ids()) + len(facts.tables())
    assert len(due) == rules_and_tables
    assert all("Read the source again" in fault.remedy for fault in later)


@pytest.fixture
def rule_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Faults of a single rule file with this text."""

    def faults(text: str) -> str:
        (tmp_path / "toy").mkdir(exist_ok=True)
        (tmp_path / "toy" / "rule.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(loading, "DATA", tmp_path)
        loading.read_rule.cache_clear()
        loading.ids.cache_clear()
        found = validation._rule_faults("toy.rule", {"bounceback"}, READ_ON)
        text = "\n".join(map(str, found))
        loading.read_rule.cache_clear()
        loading.ids.cache_clear()
        return text

    return faults


def test_a_good_rule_has_no_fault(rule_with) -> None:
    assert rule_with(GOOD) == ""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('unit = "points"', 'unit = ""', "no unit"),
        ("recheck_by = 2027-05-01", "recheck_by = 2026-11-21", "recheck_by 2026-11-21"),
        ("recheck_by = 2027-05-01\n", "", "no verified_on or recheck_by"),
        ("value = 196", "value = 19", "19. Expected: 100 to 300"),
        ("low = 100\n", "", "without a range"),
        ('source = "bounceback"', 'source = "gossip"', "source 'gossip'"),
        ('confidence = "official"', 'confidence = "sure"', "confidence 'sure'"),
        ("first = 2022-01-26\n", "", "no first day"),
        ("value = 188", "first = 2023-01-01\nvalue = 188", "first 2022-01-26"),
        ("value = 196\n", "", "neither value nor reason"),
        ("value = 196", 'value = 196\nreason = "moved"', "value and reason"),
        ("value = 196", "value = 196\nvalu = 197", "key 'valu'"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_in_a_rule_is_named(
    rule_with, old: str, new: str, complaint: str
) -> None:
    assert old in GOOD
    assert complaint in rule_with(GOOD.replace(old, new, 1))


def spoil(column: str, text: str):
    def edit(rows):
        return ({**rows[0], column: text}, *rows[1:])

    return edit


@pytest.mark.parametrize(
    ("file_name", "edit", "complaint"),
    [
        ("norms.csv", spoil("sd", "1900"), "5 to 200"),
        ("norms.csv", spoil("sd", "wide"), "a number"),
        ("norms.csv", spoil("source", "gossip"), "source 'gossip'"),
        ("norms.csv", spoil("source", ""), "no source"),
        ("norms.csv", spoil("confidence", "primary"), "confidence 'primary'"),
        ("norms.csv", spoil("exam", "step1"), "exam 'step1'"),
        ("norms.csv", spoil("cohort", ""), "cohort is empty"),
        ("norms.csv", spoil("first", "2026-02-30"), "a day YYYY-MM-DD"),
        ("norms.csv", lambda rows: (*rows, rows[0]), "again"),
        ("norms.csv", lambda rows: (), "no rows"),
        ("norms.csv", lambda rows: tuple({"exam": r["exam"]} for r in rows), "columns"),
        ("blueprint.csv", spoil("axis", "organ"), "axis 'organ'"),
        ("fees.csv", spoil("last", "2000-01-01"), "not before"),
        ("sources.csv", spoil("publisher", ""), "no publisher"),
        ("sources.csv", lambda rows: (*rows, rows[0]), "doubled key"),
        ("sources.csv", spoil("read_on", "yesterday"), "read_on 'yesterday'"),
        ("sources.csv", lambda rows: rows[:50], "a key of sources.csv"),
        ("plan.csv", spoil("exam", "step1"), "exam 'step1'"),
        ("plan.csv", spoil("value", ""), "value is empty"),
        ("plan.csv", lambda rows: (*rows, rows[0]), "again"),
    ],
)
def test_each_kind_of_fault_in_a_table_is_named(edited, file_name, edit, complaint) -> None:
    with edited(file_name, edit):
        faults = "\n".join(map(str, facts.check(READ_ON)))
    assert complaint in faults


def test_every_fault_says_whose_rule_it_breaks_and_what_to_do(edited) -> None:
    with edited("norms.csv", spoil("sd", "1900")):
        (fault,) = facts.check(READ_ON)
    assert fault.authority == "docs/explanation/facts.md"
    assert fault.remedy
