import numpy as np
import pytest

from bounceback.flashcards import fsrs
from bounceback.flashcards.retention import area_retention
from bounceback.flashcards.review_log import histories

W = fsrs.default_weights()
HEART, LUNG, GUT = "Cardiovascular System", "Respiratory System", "Gastrointestinal System"


def one_review_each(recalled, forgotten, first_id):
    """Cards learned Good and asked once after two days."""
    answers = [3] * recalled + [1] * forgotten
    ids = np.arange(first_id, first_id + len(answers))
    return ids, [[3, a] for a in answers]


def build(*groups):
    ids = np.concatenate([g[0] for g in groups])
    rows = [r for g in groups for r in g[1]]
    return histories(
        np.arange(0, 2 * len(rows) + 1, 2),
        [r for row in rows for r in row],
        [0, 2] * len(rows),
        card_ids=ids,
        times_ms=np.arange(2 * len(rows)) * 1000,
    )


def ask(log, areas, **more):
    found = area_retention(log, W, areas, elapsed_days=np.full(log.cards, 1.0), **more)
    return {r.area: r for r in found}


@pytest.fixture
def two_areas():
    log = build(one_review_each(90, 10, 0), one_review_each(60, 40, 1000))
    areas = {int(c): {HEART if c < 1000 else LUNG: 1.0} for c in log.card_ids}
    return log, areas


def test_counts_are_those_of_the_first_answers_of_a_later_day(two_areas):
    found = ask(*two_areas)
    assert (found[HEART].answers, found[HEART].recalled) == (100, 90)
    assert (found[LUNG].answers, found[LUNG].recalled) == (100, 60)


def test_observed_recall_is_shrunk_towards_the_learners_mean(two_areas):
    found = ask(*two_areas)
    assert 0.75 < found[HEART].observed.mean < 0.90
    assert 0.60 < found[LUNG].observed.mean < 0.75


def test_few_answers_are_shrunk_more_and_have_a_wider_range(two_areas):
    log = build(
        one_review_each(90, 10, 0), one_review_each(60, 40, 1000), one_review_each(1, 3, 2000)
    )
    areas = {int(c): {(HEART, LUNG, GUT)[c // 1000]: 1.0} for c in log.card_ids}
    found = ask(log, areas)
    assert found[GUT].observed.mean > 0.4  # 1 of 4 by itself would be 0.25
    width = {a: r.observed.high - r.observed.low for a, r in found.items()}
    assert width[GUT] > 2 * width[HEART]


def test_prediction_agrees_with_what_was_observed(two_areas):
    log, areas = two_areas
    found = ask(log, areas)
    assert found[LUNG].today.mean < found[HEART].today.mean
    for r in found.values():
        assert r.today.low <= r.today.mean <= r.today.high
        assert r.observed.low <= r.observed.mean <= r.observed.high


def test_recall_on_the_exam_day_is_lower_than_today_unless_it_is_today(two_areas):
    later, same = ask(*two_areas, days_to_exam=40), ask(*two_areas, days_to_exam=0)
    for area in (HEART, LUNG):
        assert later[area].exam_day.mean < later[area].today.mean
        assert same[area].exam_day == same[area].today


def test_cards_never_seen_are_counted_apart_and_do_not_lower_recall(two_areas):
    log, areas = two_areas
    more = areas | {5000 + i: {HEART: 1.0} for i in range(30)}
    assert ask(log, more)[HEART].unseen == 30
    assert ask(log, more)[HEART].today == ask(log, areas)[HEART].today


def test_an_area_without_seen_cards_has_no_recall_today(two_areas):
    log, areas = two_areas
    found = ask(log, areas | {9000: {GUT: 1.0}}, days_to_exam=10)[GUT]
    assert (found.cards, found.seen, found.unseen) == (1, 0, 1)
    assert found.today is None
    assert found.exam_day is None


def test_without_any_answer_nothing_is_observed_and_the_model_stands_alone():
    log = histories([0, 1], [3], [0], card_ids=[1], times_ms=[0])
    found = ask(log, {1: {HEART: 1.0}})[HEART]
    assert found.observed is None
    expected = fsrs.retrievability(W, W.values[2], 1.0)
    assert found.today.mean == pytest.approx(expected)


def test_suspended_cards_are_counted_apart(two_areas):
    log, areas = two_areas
    found = ask(log, areas, suspended=frozenset(range(10)))[HEART]
    assert (found.suspended, found.seen, found.cards) == (10, 90, 100)


def test_a_card_of_two_areas_counts_by_its_shares():
    log = build(one_review_each(4, 0, 0))
    found = ask(log, {c: {HEART: 0.25, LUNG: 0.75} for c in range(4)})
    assert (found[HEART].answers, found[LUNG].answers) == (1.0, 3.0)


def test_answers_before_a_given_instant_are_left_out(two_areas):
    found = ask(*two_areas, since_ms=200_000)
    assert found[HEART].answers == 0
    assert found[LUNG].answers == 100


def test_no_areas_give_no_rows(two_areas):
    assert ask(two_areas[0], {}) == {}
