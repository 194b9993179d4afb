from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards import fsrs
from bounceback.flashcards.day_boundary import Blocks24
from bounceback.flashcards.review_session import (
    QueuedCard,
    Settings,
    answer,
    begin,
    choices,
    current,
    draft_from_miss,
    flag,
    progress,
    suspend,
    undo,
    wait_minutes,
)
from bounceback.records.models import Miss
from bounceback.vocabulary import CAUSES

W = fsrs.default_weights()
SETTINGS = Settings(W, Blocks24())
NOW = 1_790_000_000_000
MINUTE, DAY = 60_000, 86_400_000


def reviews(count, days_ago=10):
    memory = fsrs.Memory(10.0, 5.0)
    return [QueuedCard(i, "review", memory, NOW - days_ago * DAY) for i in range(1, count + 1)]


def new(count, first=100):
    return [QueuedCard(first + i) for i in range(count)]


def test_a_session_takes_about_twenty_and_counts_the_rest():
    session = begin(reviews(50), SETTINGS)
    assert len(session.queue) == 20
    assert progress(session).later == 30


def test_the_choices_show_what_answering_does():
    session = begin(reviews(1), SETTINGS)
    for choice in choices(session, NOW):
        after = answer(session, choice.rating, NOW, 8.0)
        given = after.answers[-1]
        assert given.memory == choice.memory
        assert given.interval == (choice.days if choice.days else -choice.minutes * 60)
        assert given.memory == fsrs.step(W, fsrs.Memory(10.0, 5.0), choice.rating, 10)
        assert given.tag == W.tag("24h")


def test_better_answers_never_come_back_sooner():
    for card in (*reviews(1), *new(1)):
        days = [c.days or 0 for c in choices(begin([card], SETTINGS), NOW)]
        assert days == sorted(days)


def test_a_new_card_goes_through_its_steps_and_then_to_days():
    session = begin(new(1), SETTINGS)
    assert [c.text for c in choices(session, NOW)][:3] == ["1 min", "6 min", "10 min"]
    session = answer(session, 3, NOW, 9.0)
    assert session.queue[0].kind == "learning"
    later = NOW + 10 * MINUTE
    assert choices(session, later)[2].days == 2
    session = answer(session, 3, later, 5.0)
    assert session.queue == ()
    assert current(session, later) is None
    assert wait_minutes(session, later) is None


def test_a_lapse_comes_back_the_same_day_and_is_logged_as_relearning():
    session = answer(begin(reviews(1), SETTINGS), 1, NOW, 20.0)
    assert session.answers[0].interval == -600
    session = answer(session, 3, NOW + 10 * MINUTE, 5.0)
    assert session.answers[1].kind == "relearning"
    assert session.answers[1].interval >= 1


def test_without_relearning_steps_a_lapse_goes_straight_to_days():
    bare = Settings(W, Blocks24(), relearning_minutes=(), learning_minutes=())
    assert choices(begin(reviews(1), bare), NOW)[0].days >= 1
    assert all(c.days for c in choices(begin(new(1), bare), NOW))


def test_a_card_in_steps_waits_its_time_while_others_are_left():
    session = answer(begin([*new(1), *reviews(1)], SETTINGS), 1, NOW, 5.0)
    assert current(session, NOW).kind == "review"
    assert current(session, NOW + MINUTE).kind == "learning"


def test_a_card_in_steps_is_shown_early_when_nothing_else_is_left():
    session = answer(begin(new(1), SETTINGS), 3, NOW, 5.0)
    assert current(session, NOW) is not None
    slow = Settings(W, Blocks24(), learning_minutes=(1.0, 60.0))
    session = answer(begin(new(1), slow), 3, NOW, 5.0)
    assert current(session, NOW) is None
    assert wait_minutes(session, NOW) == pytest.approx(40.0)
    with pytest.raises(ValueError, match="no card"):
        choices(session, NOW)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3", "4", "suspend", "flag"]), max_size=25))
def test_undoing_every_action_returns_to_the_start(actions):
    start = begin([*reviews(3), *new(3)], SETTINGS)
    session, now, done = start, NOW, 0
    for action in actions:
        now += MINUTE
        if current(session, now) is None:
            break
        if action == "suspend":
            session = suspend(session, now)
        elif action == "flag":
            session = flag(session, 2, now)
        else:
            session = answer(session, int(action), now, 6.0)
        done += 1
    times = [a.at_ms for a in session.answers]
    assert times == sorted(set(times))
    for _ in range(done):
        session = undo(session)
    assert session == start
    assert undo(session) is start


def test_answers_keep_distinct_instants_when_the_clock_is_set_back():
    session = begin(reviews(3), SETTINGS)
    for now in (NOW, NOW, NOW - DAY):
        session = answer(session, 3, now, 3.0)
    assert [a.at_ms for a in session.answers] == [NOW, NOW + 1, NOW + 2]


def test_a_suspended_card_leaves_the_session():
    session = suspend(begin(reviews(2), SETTINGS), NOW)
    assert session.suspended == (1,)
    assert [card.card_id for card in session.queue] == [2]


def test_a_flag_stays_on_the_card():
    session = flag(begin(reviews(2), SETTINGS), 3, NOW)
    assert session.queue[0].flag == 3
    assert session.flags == ((1, 3),)
    with pytest.raises(ValueError, match="colour=9"):
        flag(session, 9, NOW)


def test_time_left_falls_with_each_card_and_follows_the_own_pace():
    fast = slow = begin(reviews(20), SETTINGS)
    first = progress(fast).minutes_left
    for _ in range(8):
        fast, slow = answer(fast, 3, NOW, 3.0), answer(slow, 3, NOW, 40.0)
    assert progress(fast).minutes_left < progress(slow).minutes_left
    assert progress(fast).minutes_left < first
    assert progress(fast).review == 12


def test_a_choice_says_when_it_falls_after_the_exam():
    near = Settings(W, Blocks24(), exam_ms=NOW + 15 * DAY)
    for choice in choices(begin(reviews(1), near), NOW):
        assert choice.after_exam == (choice.days is not None and choice.days >= 15)
    assert any(c.after_exam for c in choices(begin(reviews(1), near), NOW))


@pytest.mark.parametrize("limit", [0, -1])
def test_a_session_of_no_cards_is_refused(limit):
    with pytest.raises(ValueError, match="limit"):
        begin(reviews(1), SETTINGS, limit=limit)


def test_a_card_listed_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        begin([*reviews(1), *reviews(1)], SETTINGS)


def test_a_rating_outside_the_four_is_refused_and_nothing_changes():
    with pytest.raises(ValueError, match="rating=0"):
        answer(begin(reviews(1), SETTINGS), 0, NOW, 3.0)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_miss_suggests_a_card_without_inventing_the_question(cause):
    draft = draft_from_miss(
        Miss(
            date=date(2026, 11, 16),
            cause=cause,
            area="Respiratory & Renal/Urinary Systems",
            item="uworld:12345",
            rule="Low V/Q answers to oxygen, a shunt does not.",
        )
    )
    assert draft.front == ""
    assert draft.back.startswith("Low V/Q")
    assert draft.prompt
    assert f"bounceback::cause::{cause}" in draft.tags
    assert "bounceback::question::uworld:12345" in draft.tags
    assert all(" " not in tag for tag in draft.tags)
