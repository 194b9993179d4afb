"""What misses and blocks show is counted once, up to a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bounceback.records.models import Block, ItemTrace, Look, Miss, Record
from bounceback.services.miss_analysis import miss_analysis
from bounceback.vocabulary import CAUSES
from tests.services.builders import TODAY, known

CASE = known()["step1-us-md-wobbly"]
DAYS = st.integers(-30, 30).map(lambda n: TODAY + timedelta(days=n))


def with_misses(*misses: Miss) -> Record:
    return replace(CASE, misses=misses)


@given(st.lists(st.tuples(DAYS, st.sampled_from(CAUSES)), max_size=40))
def test_only_misses_up_to_the_day_count_and_each_once(pairs: list[tuple[date, str]]) -> None:
    misses = [Miss(date=day, cause=cause) for day, cause in pairs]  # type: ignore[arg-type]
    found = miss_analysis(with_misses(*misses), TODAY)
    known_then = [m for m in misses if m.date <= TODAY]
    assert found.table.total == len(known_then)
    assert sum(count for _, count in found.by_cause) == len(known_then)
    assert {cause for cause, _ in found.by_cause} == {m.cause for m in known_then}
    counts = [count for _, count in found.by_cause]
    assert counts == sorted(counts, reverse=True)


def test_what_is_found_later_changes_nothing_of_an_earlier_day() -> None:
    early = Miss(date=TODAY, cause="misread", item="q1", chosen="B", rule="this, not that")
    late = replace(early, date=TODAY + timedelta(days=1))
    assert miss_analysis(with_misses(early, late), TODAY) == miss_analysis(
        with_misses(early), TODAY
    )
    assert miss_analysis(with_misses(early, late), late.date).repeated[0].times == 2


def test_a_look_after_the_day_leaves_the_takeaway_due() -> None:
    miss = Miss(date=TODAY - timedelta(days=20), cause="misread", rule="read the last line")
    look = Look(date=TODAY + timedelta(days=1), rule="read the last line", recalled=True)
    record = replace(with_misses(miss), looks=(look,))
    assert [r.text for r in miss_analysis(record, TODAY).takeaways.due(TODAY)] == [
        "read the last line"
    ]


def test_the_pace_is_that_of_the_planned_test_date() -> None:
    trace = tuple(
        ItemTrace(position=n, seconds=80.0, correct=True, chosen="A") for n in range(1, 21)
    )
    block = Block(
        date=TODAY, bank="uworld", items=20, correct=20, minutes=35.0, mode="timed", trace=trace
    )
    record = replace(CASE, blocks=(block,))
    far = replace(record, exam=replace(record.exam, planned_date=date(2026, 4, 1)))
    near = replace(record, exam=replace(record.exam, planned_date=date(2027, 1, 10)))
    # A block has 20 items in 30 minutes since May 2026. Before, 20 items were no block of the
    # exam, so its pace is the one at which the student set it.
    assert miss_analysis(near, TODAY).pacing[0].seconds_per_item == 90.0
    assert miss_analysis(far, TODAY).pacing[0].seconds_per_item == 105.0


def test_a_cause_without_enough_misses_has_no_trend() -> None:
    found = miss_analysis(with_misses(Miss(date=TODAY, cause="slip")), TODAY)
    assert found.trends == ()
    assert found.trend_of("slip") is None
    assert found.reasoning is None
