from __future__ import annotations

from datetime import date

import pytest

from bounceback.appraisal import answer_changes, load_thresholds, pacing_by_quarter
from bounceback.records.models import Block, ItemTrace

T = load_thresholds("usmle-step-1")
DAY = date(2026, 11, 16)
SITTING = date(2027, 2, 10)


def block(length: int, right_until: int, minutes: float, blank_after: int | None = None) -> Block:
    trace = tuple(
        ItemTrace(
            position=p,
            seconds=60.0 + p,
            correct=p <= right_until,
            chosen=None if blank_after is not None and p > blank_after else "A",
        )
        for p in range(1, length + 1)
    )
    return Block(
        date=DAY, bank="uworld", items=length, correct=right_until, minutes=minutes, trace=trace
    )


def test_blocks_of_twenty_and_of_forty_are_kept_apart_each_with_its_pace() -> None:
    short, old = pacing_by_quarter(
        [block(40, 30, 60), *[block(20, 15, 30)] * 10], "usmle-step-1", SITTING, T
    )
    assert (short.items_per_block, short.blocks) == (20, 10)
    assert short.seconds_per_item == 90.0
    assert short.checkpoints == ((10, 15.0), (20, 30.0))
    assert old.items_per_block == 40
    assert old.seconds_per_item == 90.0


def test_a_lost_last_quarter_shows_as_a_drop_with_its_range() -> None:
    (found,) = pacing_by_quarter([block(20, 15, 30)] * 12, "usmle-step-1", SITTING, T)
    assert [q.items for q in found.quarters] == [60, 60, 60, 60]
    assert [q.correct for q in found.quarters] == [60, 60, 60, 0]
    assert found.drop_points == pytest.approx(100)
    assert found.drop_low is not None
    assert found.drop_high is not None
    assert found.drop_low <= 100 <= found.drop_high


def test_too_few_questions_in_a_quarter_give_no_drop() -> None:
    (found,) = pacing_by_quarter([block(20, 15, 30)] * 9, "usmle-step-1", SITTING, T)
    assert found.drop_points is None


def test_blank_questions_are_counted_where_they_stand() -> None:
    (found,) = pacing_by_quarter([block(20, 15, 30, blank_after=17)], "usmle-step-1", SITTING, T)
    assert [q.blank for q in found.quarters] == [0, 0, 0, 3]


def test_tutor_blocks_say_nothing_about_pace() -> None:
    tutor = Block(
        date=DAY, bank="u", items=1, correct=1, mode="tutor", trace=(ItemTrace(position=1),)
    )
    assert pacing_by_quarter([tutor], "usmle-step-1", SITTING, T) == ()


def changed(n: int, right: int) -> list[Block]:
    trace = tuple(
        ItemTrace(position=p + 1, first="A", chosen="B", correct=p < right) for p in range(n)
    )
    return [Block(date=DAY, bank="u", items=n, correct=right, trace=trace)]


def test_the_own_table_of_changes_is_read_from_thirty_on() -> None:
    assert not answer_changes(changed(29, 20), T).enough
    found = answer_changes(changed(30, 20), T)
    assert found.enough
    assert (found.changes, found.to_right, found.to_wrong_at_most) == (30, 20, 10)


def test_the_chance_of_a_coin_is_the_binomial_tail() -> None:
    # P(X >= 20) for 30 fair coins: 53,009,102 of 2**30.
    assert answer_changes(changed(30, 20), T).p_half == pytest.approx(53009102 / 2**30)


def test_an_answer_that_stayed_is_no_change() -> None:
    trace = (ItemTrace(position=1, first="A", chosen="A", correct=True),)
    blocks = [Block(date=DAY, bank="u", items=1, correct=1, trace=trace)]
    assert answer_changes(blocks, T).changes == 0


def test_a_trace_without_answer_letters_says_nothing_of_blanks() -> None:
    trace = tuple(ItemTrace(position=p, seconds=60.0, correct=p < 15) for p in range(1, 21))
    timed = Block(date=DAY, bank="uworld", items=20, correct=14, minutes=30, trace=trace)
    (found,) = pacing_by_quarter([timed], "usmle-step-1", SITTING, T)
    assert [q.blank for q in found.quarters] == [0, 0, 0, 0]
