"""The catalog of resources: sizes and names with a source, and nothing made up."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback import facts
from bounceback.errors import FactError
from bounceback.vocabulary import EXAM_IDS, RESOURCE_KINDS

TODAY = date(2026, 12, 1)


def entries() -> tuple[facts.CatalogEntry, ...]:
    return tuple(facts.catalog_entry(row["id"]) for row in facts.table("resources"))


def test_a_bank_has_its_size_its_filters_and_where_they_come_from() -> None:
    bank = facts.catalog_entry("uworld-step-1")
    assert (bank.kind, bank.units, bank.unit, bank.precision) == (
        "questions",
        3600,
        "question",
        "at-least",
    )
    assert bank.plannable_units == 3600
    assert "unused" in bank.status_filters
    assert (bank.confidence, bank.filters_confidence) == ("reported", "inferred")
    assert bank.verified_on == date(2026, 9, 24)
    assert facts.source(bank.source.split(";")[0]).publisher.startswith("MedPrep")


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_every_exam_has_questions_and_nothing_made_for_another_exam(exam_id: str) -> None:
    offered = facts.resource_catalog(exam_id, TODAY)
    assert any(entry.kind == "questions" for entry in offered)
    assert all(exam_id in entry.exams for entry in offered)


def test_together_the_exams_offer_the_whole_table() -> None:
    offered = {e.id for exam_id in EXAM_IDS for e in facts.resource_catalog(exam_id, TODAY)}
    assert offered == {entry.id for entry in entries()}
    assert {entry.kind for entry in entries()} == set(RESOURCE_KINDS)


def test_an_edition_that_has_ended_is_not_offered(edited) -> None:
    ended = "uworld-step-1"

    def end(rows):
        return tuple({**r, "last": "2026-11-30"} if r["id"] == ended else r for r in rows)

    with edited("resources.csv", end):
        on_last = facts.resource_catalog("usmle-step-1", date(2026, 11, 30))
        after = facts.resource_catalog("usmle-step-1", TODAY)
    assert ended in {entry.id for entry in on_last}
    assert {entry.id for entry in on_last} - {entry.id for entry in after} == {ended}


@pytest.mark.parametrize(
    ("entry_id", "units"),
    [
        ("amboss-usmle", 5800),  # over three exams
        ("nbme-cms", 50),  # one form of many
        ("first-aid-step-1", 800),  # pages, whose minutes nobody publishes
        ("boards-beyond", 22),  # categories of videos
    ],
)
def test_a_count_of_something_else_is_no_size_to_plan_with(entry_id: str, units: int) -> None:
    entry = facts.catalog_entry(entry_id)
    assert entry.units == units
    assert entry.plannable_units is None


def test_what_nobody_publishes_is_none() -> None:
    comquest = facts.catalog_entry("comquest")
    assert (comquest.units, comquest.minutes_per_unit, comquest.scope) == (None, None, None)
    assert comquest.answering_minutes is None
    assert comquest.status_filters == ()
    assert comquest.by_system is None


def test_minutes_of_the_exam_are_not_minutes_with_review() -> None:
    cases = facts.catalog_entry("uworld-ccs")
    assert cases.answering_minutes == (10, 20)
    assert cases.minutes_per_unit is None


def test_a_count_has_its_unit_precision_and_scope_and_only_a_count_has() -> None:
    for entry in entries():
        given = {entry.units is not None, bool(entry.unit)}
        given |= {entry.precision is not None, entry.scope is not None}
        assert len(given) == 1, entry.id


def test_a_bank_with_a_strand_among_its_questions_serves_the_areas_too() -> None:
    combank = facts.catalog_entry("combank-comlex-level-1")
    assert (combank.strand, combank.strand_filters) == (None, ("omm",))
    assert facts.catalog_entry("uworld-ccs").strand == "ccs"


def test_names_of_filters_say_how_well_they_are_known() -> None:
    for entry in entries():
        named = bool(entry.modes or entry.status_filters or entry.other_filters)
        assert named == (entry.filters_confidence is not None), entry.id


def test_an_unknown_entry_names_the_nearest() -> None:
    with pytest.raises(FactError, match="nearest: uworld-step-1"):
        facts.catalog_entry("uworld-step1")
    with pytest.raises(FactError, match="entries: uworld-step-1"):
        facts.catalog_entry("0" * 500)


def test_an_unknown_exam_is_refused() -> None:
    with pytest.raises(FactError, match="exams: usmle-step-1"):
        facts.resource_catalog("mcat", TODAY)


def test_the_nearest_entries_are_at_most_three_and_real() -> None:
    near = facts.nearest_entries("Sketchy")
    assert 1 <= len(near) <= 3
    assert all(facts.catalog_entry(one).name.startswith("Sketchy") for one in near)


@pytest.mark.parametrize(
    ("name", "unused", "timed"),
    [
        ("UWorld Step 2", "Unused", "Timed"),
        ("USMLE-World", "Unused", "Timed"),
        ("Kaplan", "unused", "timed"),
        ("my AMBOSS", "Not answered", "exam mode"),
        ("COMBANK", "New", "Timed"),
        ("True Learn", "New", "Timed"),
        ("Comquest", "Unused", "Timed"),
    ],
)
def test_a_bank_is_known_by_a_word_in_the_learners_own_name(
    name: str, unused: str, timed: str
) -> None:
    words = facts.bank_filters(name)
    assert (words.unused, words.timed) == (unused, timed)
    assert words.confidence == "inferred"


def test_prices_stand_as_published_beside_what_they_are_for() -> None:
    entry = facts.catalog_entry("uworld-step-1")
    assert entry.prices_usd == (349, 459, 519, 579, 749)
    assert entry.price_for.startswith("30 / 90")
    assert facts.catalog_entry("comquest").prices_usd == ()
    for found in entries():
        assert bool(found.prices_usd) or not found.price_for
