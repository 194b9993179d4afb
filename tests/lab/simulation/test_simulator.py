"""A world that a policy drives: laws of learning and forgetting, and luck that stays put."""

import numpy as np
import pytest

from bounceback.errors import QuestionError
from bounceback_lab.simulation import World, parameters, random_streams

EXAM, FORM = "usmle-step-1", "nbme-cbssa"
QUESTIONS, REVIEW, READING = 0, 1, 3


@pytest.fixture
def world() -> World:
    return World(EXAM, random_streams.keys(11, size=300), 1.5)


def minutes(world: World, per_day: float, activity: int = QUESTIONS) -> np.ndarray:
    day = np.zeros((len(world), len(world.areas), len(world.p.activities)))
    day[:, :, activity] = per_day * world.weights
    return day


def worked(world: World, per_day: float, days: int) -> World:
    for _ in range(days):
        world.study(minutes(world, per_day))
    return world


def test_the_same_learners_meet_the_same_luck_in_any_batch(world):
    alone = World(EXAM, random_streams.keys(11, size=300)[40:45], 1.5)
    for one in (world, alone):
        worked(one, 300, 5)
    assert (alone.expected_score() == world.expected_score()[40:45]).all()
    assert (alone.take_form(FORM).score == world.take_form(FORM).score[40:45]).all()
    assert (alone.sit().score == world.sit().score[40:45]).all()


def test_taking_learners_out_of_a_world_changes_nothing_for_them(world):
    worked(world, 240, 3)
    world.take_form(FORM)
    some = world.take([3, 200])
    assert (some.expected_score() == world.expected_score()[[3, 200]]).all()
    assert (worked(some, 240, 3).known == worked(world, 240, 3).known[[3, 200]]).all()
    assert (some.sit().score == world.sit().score[[3, 200]]).all()


def test_two_policies_meet_the_same_off_days_lost_days_and_amount_of_work_a_facet_takes(world):
    other = world.copy()
    early, late = [], []
    for day in range(12):
        early.append(world.keep(np.full(300, 100.0)))
        world.study(minutes(world, 300 if day < 6 else 0))
        late.append(other.keep(np.full(300, 100.0)))
        other.study(minutes(other, 0 if day < 6 else 300))
    assert (np.array(early) == np.array(late)).all()
    assert (world.sitting_day_shift() == other.sitting_day_shift()).all()
    assert (world.known == other.known).mean() > 0.999
    assert (world.expected_score() < other.expected_score()).mean() > 0.95


def test_an_untaken_form_is_not_marked_by_forms_taken_before_it(world):
    other = world.copy()
    world.take_form(FORM, "26")
    assert (world.take_form(FORM, "27").score == other.take_form(FORM, "27").score).all()


def test_forgetting_is_a_power_law_of_days_and_not_an_exponential(world):
    known = world.known.copy()
    kept = []
    for _ in range(4):
        kept.append(world.recall()[known].astype(float))
        world.rest(60)
    lost = -np.diff(np.log(kept), axis=0)
    assert (lost > 0).all(), "without study every known facet fades"
    assert (lost[1] < lost[0]).all(), "an exponential would lose the same share each time"
    assert (lost[2] < lost[1]).all()
    age = np.maximum(world.day - world.last, 0)
    law = (1 + age / world.stability) ** -world.decay[:, None, None]
    assert np.allclose(world.recall()[known], law[known])


def test_study_raises_the_level_with_less_for_each_further_fortnight(world):
    levels = [world.expected_score().mean()]
    for _ in range(4):
        levels.append(worked(world, 420, 14).expected_score().mean())
    gains = np.diff(levels)
    assert (gains > 0).all()
    assert (np.diff(gains) < 0).all()
    assert gains[-1] < 0.6 * gains[0]


def test_a_fourteen_hour_day_teaches_less_in_a_month_than_a_nine_hour_day(world):
    tired = world.copy()
    assert worked(world, 540, 30).expected_score().mean() > (
        worked(tired, 840, 30).expected_score().mean() + 2
    )


def test_an_area_that_is_worked_on_gains_more_than_the_others(world):
    before = world.area_percent().mean(axis=0)
    day = np.zeros((300, len(world.areas), len(world.p.activities)))
    day[:, 4, QUESTIONS] = 300
    for _ in range(5):
        world.study(day)
    gained = world.area_percent().mean(axis=0) - before
    assert gained.argmax() == 4
    assert gained[4] > 4 * np.delete(gained, 4).max()


def test_misconceptions_yield_to_review_sooner_than_to_more_questions(world):
    other = world.copy()
    wrong = world.misinformed & ~world.known
    for _ in range(20):
        world.study(minutes(world, 300, QUESTIONS))
        other.study(minutes(other, 300, REVIEW))
    assert other.known[wrong].mean() > 1.5 * world.known[wrong].mean()


def test_the_oracle_rates_agree_with_what_a_little_study_really_brings():
    world = World(EXAM, random_streams.keys(12, size=6000), 1.0)
    rate = (world.points_per_minute("reading") * world.weights).sum(axis=1).mean()
    idle = world.copy()
    world.study(minutes(world, 60, READING))
    idle.rest()
    gain = (world.expected_score() - idle.expected_score()).mean()
    assert gain == pytest.approx(60 * rate, rel=0.15)


def test_an_untimed_form_and_a_repeated_one_run_high(world):
    other = world.copy()
    timed = world.take_form(FORM, "26").points.mean()
    assert other.take_form(FORM, "26", timed=False).points.mean() > timed + 2
    assert world.take_form(FORM, "26").points.mean() > timed + 5


def test_equating_takes_out_that_one_form_is_harder_than_another():
    world = World(EXAM, random_streams.keys(13, size=6000), parameters().cells[EXAM, "us-md"].level)
    raw, equated = [], []
    for label in parameters().families[EXAM, FORM].labels:
        form = world.take_form(FORM, label)
        raw.append(100 * form.correct.sum(axis=1).mean() / 200)
        equated.append(form.points.mean() / world.scale.points_per_percent)
    assert np.ptp(raw) > 1.5
    assert np.ptp(equated) < 0.25 * np.ptp(raw)


def test_items_of_every_test_follow_the_blueprint(world):
    form = world.take_form(FORM)
    assert form.items.sum() == 200
    assert (np.abs(form.items / 200 - world.weights) < 1 / 200).all()
    assert (form.correct <= form.items).all()
    assert (form.correct >= 0).all()


def test_a_real_sitting_runs_lower_than_practice_for_the_nervous():
    world = World(EXAM, random_streams.keys(14, size=4000), 2.0)
    off = world.sit().score - world.expected_score()
    nervous = world.nerves > np.quantile(world.nerves, 0.8)
    assert off[nervous].mean() < off[~nervous].mean() - 2


def test_kept_minutes_lie_between_nothing_and_the_plan_and_some_days_are_lost(world):
    days = []
    for _ in range(60):
        days.append(world.keep(np.full(300, 400.0)))
        world.rest()
    kept = np.array(days)
    assert (kept >= 0).all()
    assert (kept <= 400).all()
    assert 0.01 < (kept == 0).mean() < 0.12
    assert 0.5 < kept.mean() / 400 < 0.75


@pytest.mark.parametrize(
    "bad", [np.zeros(3), np.full((300, 11, 7), -1.0), np.full((300, 11, 7), np.nan)]
)
def test_minutes_that_make_no_sense_are_refused(world, bad):
    with pytest.raises(QuestionError, match="minutes"):
        world.study(bad)


def test_a_family_form_or_exam_that_does_not_exist_is_refused_with_those_that_do(world):
    with pytest.raises(QuestionError, match="nbme-cbssa"):
        world.take_form("comsae")
    with pytest.raises(QuestionError, match="26, 27"):
        world.take_form(FORM, "99")
    with pytest.raises(QuestionError, match="usmle-step-1"):
        World("usmle-step-9", random_streams.keys(1, size=1), 0.0)
