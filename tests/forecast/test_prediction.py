"""From a belief and planned work to a chance by date (rules F16-F20)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast import parameters as constants_room
from bounceback.forecast import prediction as room
from bounceback.forecast.normal import cdf
from bounceback.forecast.posterior import Belief, believe, p_pass_now
from bounceback.forecast.prediction import Forecast, PlannedWork
from bounceback.forecast.retake_rate_prior import TypicalRetake
from bounceback.records.models import Attempt, Block, ExamTarget, Form, Learner, Record, Study
from bounceback.vocabulary import EXAM_IDS, ExamId, Group
from tests.forecast.cases import AREAS, AS_OF, BANK, FAILED, FAMILY, TEST, failing, form


def planned(belief: Belief, days: float, effort: float) -> PlannedWork:
    n = np.array([days])
    return PlannedWork(n, n / 7.0, np.outer([effort], belief.areas.exam_weight))


def on(belief: Belief, days: int, effort: float) -> Forecast:
    return room.predict(
        belief, [belief.as_of + timedelta(days=days)], planned(belief, days, effort)
    )[0]


def test_the_chance_is_that_of_learners_drawn_from_the_belief_and_the_plan() -> None:
    """Outside answer: a million draws of rate, level, adherence, day and sitting."""
    record = failing(forms=[form(above=-3), form(above=-6, days_ago=30, label="0")])
    b = believe(replace(record, resources=(BANK,)), AS_OF)
    c, days, effort, n = b.constants, 50, 22.0, 400_000
    rng = np.random.default_rng(3)
    k = rng.choice(len(c.rate), size=n, p=b.total.weight()[0])
    alpha = rng.choice(b.adherence, size=n, p=b.adherence_weight)
    tau = b.total.mean[0, k] + np.sqrt(b.total.variance[0, k]) * rng.normal(size=n)
    keep = math.exp(-c.parameter["forgetting_per_day"] * days / 7.0)
    tau = c.base + (tau - c.base) * keep - c.parameter["kappa"] * c.rate[k] * alpha * effort
    tau += math.sqrt(c.drift_variance_per_day * days) * rng.normal(size=n)
    points = 1.0 / c.log_points
    score = c.ceiling - np.exp(tau) + c.day_sd * points * rng.normal(size=n)
    seen = score + math.hypot(c.sitting_sd, c.mark_sd) * points * rng.normal(size=n)
    reported = score + c.sitting_sd * points * rng.normal(size=n)  # its range holds no mark's error
    ours = on(b, days, effort)
    assert ours.p_pass == pytest.approx(float(np.mean(seen >= c.mark - 0.5)), abs=0.002)
    assert ours.score_mean == pytest.approx(float(score.mean()), abs=0.1)
    assert ours.score_sd == pytest.approx(float(score.std()), rel=0.02)
    assert ours.score_low == pytest.approx(float(np.quantile(reported, 0.1)), abs=0.2)
    assert ours.score_high == pytest.approx(float(np.quantile(reported, 0.9)), abs=0.2)
    # The range: who stands at the 10th or 90th percentile of ability, and then sits.
    sitting = math.hypot(c.sitting_sd, c.mark_sd) * points
    for share, said in ((0.1, ours.p_pass_low), (0.9, ours.p_pass_high)):
        above = float(np.quantile(score, share)) - (c.mark - 0.5)
        assert said == pytest.approx(float(cdf(np.array(above / sitting))), abs=0.01)


def test_the_luck_of_a_day_widens_ability_and_moves_no_mean() -> None:
    c = believe(failing(), AS_OF).constants
    level, lasting = np.array([4.0, 4.6, 5.0]), np.array([0.004, 0.01, 0.03])
    mean, variance = room.on_the_day(c, level, lasting)
    before, after = np.exp(level + 0.5 * lasting), np.exp(mean + 0.5 * variance)
    assert after == pytest.approx(before, rel=1e-12)
    added = after**2 * np.expm1(variance) - before**2 * np.expm1(lasting)
    assert added == pytest.approx((c.day_sd / c.log_points) ** 2, rel=1e-9)


@pytest.mark.parametrize("exam", EXAM_IDS)
@pytest.mark.parametrize("above", [-12, -3, 6])
def test_a_tenth_of_the_reported_scores_lies_beyond_either_end(exam: ExamId, above: int) -> None:
    """The reported score is level and luck together, whatever the luck is beside the level."""
    forms = [form(exam, above=above), form(exam, above=above - 3, days_ago=30, label="0")]
    b = believe(failing(exam, forms=forms), AS_OF, test_date=TEST)
    c, dates = b.constants, [AS_OF + timedelta(days=d) for d in (1, 50, 150)]
    f = room.futures(b, PlannedWork.none(b, dates))
    ends = np.array(room.reported_range(c, f))
    noise = c.day_sd**2 + c.sitting_sd**2
    beyond = room.reached(c, f, np.log(c.ceiling - ends), noise)
    assert beyond == pytest.approx(np.array([[0.9] * 3, [0.1] * 3]), abs=5e-5)


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1.5)), min_size=1, max_size=6),
    st.sampled_from([0.1, 0.5, 0.9]),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_mixtures_percentile_has_that_share_below_it(
    parts: list[tuple[float, float]], share: float
) -> None:
    mean, sd = np.array([[m for m, _ in parts]]), np.array([[s for _, s in parts]])
    weight = np.full_like(mean, 1.0 / len(parts))
    f = room.Futures(mean, sd**2, weight, mean, sd**2, np.ones_like(mean))
    x = room.mixture_quantile(f, share)[0]
    below = [0.5 * math.erfc((m - x) / s / math.sqrt(2.0)) for m, s in parts]
    assert sum(below) / len(parts) == pytest.approx(share, abs=1e-7)


@given(
    st.lists(st.floats(0, 3), min_size=11, max_size=11),
    st.integers(0, 10),
    st.floats(0.1, 5),
    st.booleans(),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_more_planned_work_never_lowers_the_mean_or_the_chance_at_a_date(
    effort: list[float], place: int, more: float, with_areas: bool
) -> None:
    b = believe(failing(forms=[form(above=-4, areas=AREAS if with_areas else {})]), AS_OF)
    n = np.array([40.0])
    plan = np.array([effort])
    richer = plan.copy()
    richer[0, place] += more
    day = [AS_OF + timedelta(days=40)]
    one = room.predict(b, day, PlannedWork(n, n / 7, plan))[0]
    two = room.predict(b, day, PlannedWork(n, n / 7, richer))[0]
    assert two.score_mean > one.score_mean
    assert two.p_pass >= one.p_pass - 1e-12
    assert two.p_pass_if_followed >= one.p_pass_if_followed - 1e-12


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_the_range_holds_the_chance_and_keeping_the_plan_never_hurts(exam: ExamId) -> None:
    b = believe(failing(exam, forms=[form(exam, above=-3)]), AS_OF, test_date=TEST)
    for days in (1, 20, 60, 150):
        f = on(b, days, 0.4 * days)
        assert 0.0 <= f.p_pass_low <= f.p_pass <= f.p_pass_high <= 1.0
        assert f.p_pass_if_followed >= f.p_pass
        assert f.score_low < f.score_mean < f.score_high


def test_a_range_grows_with_the_days_ahead() -> None:
    b = believe(failing(forms=[form()]), AS_OF)
    widths = [f.score_high - f.score_low for f in (on(b, d, 0.3 * d) for d in (1, 14, 60, 150))]
    assert widths == sorted(widths)


def test_days_without_work_lower_the_chance() -> None:
    b = believe(failing(forms=[form(above=3)]), AS_OF)
    days = [AS_OF + timedelta(days=d) for d in (1, 30, 90, 180)]
    found = [f.score_mean for f in room.predict(b, days)]
    assert found == sorted(found, reverse=True)
    assert room.predict(b, []) == ()


def test_one_week_without_work_leaves_the_chance_where_it_is_now_to_two_in_a_hundred() -> None:
    b = believe(failing(forms=[form(above=3)]), AS_OF)
    f = room.predict(b, [AS_OF])[0]
    assert f.p_pass == pytest.approx(p_pass_now(b), abs=1e-9)


RECORDS: dict[str, Record] = {
    "a failing number": replace(
        failing("usmle-step-2-ck"),
        attempts=(Attempt(exam="usmle-step-2-ck", date=FAILED, outcome="fail", score=205.0),),
    ),
    "a form": failing("usmle-step-2-ck", forms=[form("usmle-step-2-ck", above=-2)]),
    "blocks and a school form": replace(
        failing(
            "usmle-step-2-ck",
            forms=[
                Form(
                    family="school",
                    form="a",
                    date=AS_OF - timedelta(days=9),
                    score=61.0,
                    scale="percent",
                )
            ],
        ),
        blocks=(Block(date=AS_OF, bank="uworld", items=120, correct=66, minutes=150.0),),
    ),
    "nothing but the failure": failing("usmle-step-2-ck"),
}


@pytest.fixture
def movable_mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The mark on the day of the test, as a list of one number to set."""
    known, mark = facts.pass_mark, [0.0]

    def moved(exam: str, day: date) -> facts.PassMark:
        found = known(exam, day)
        return replace(found, value=found.value + mark[0]) if day >= TEST else found

    monkeypatch.setattr(facts, "pass_mark", moved)
    yield mark
    constants_room.constants.cache_clear()


@pytest.mark.parametrize("name", RECORDS)
def test_the_chance_never_falls_when_the_mark_falls(name: str, movable_mark: list[float]) -> None:
    found = []
    for move in (0, -1, -3, -6):
        constants_room.constants.cache_clear()
        movable_mark[0] = float(move)
        b = believe(RECORDS[name], AS_OF, test_date=TEST)
        days = (TEST - AS_OF).days
        found.append((p_pass_now(b), on(b, days, 15.0).p_pass))
    for i in range(2):
        chances = [row[i] for row in found]
        assert chances == sorted(chances)


@given(
    st.lists(st.floats(-10, 6), min_size=1, max_size=4),
    st.floats(0.2, 6),
    st.booleans(),
    st.sampled_from(["usmle-step-1", "usmle-step-2-ck", "comlex-level-2-ce"]),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_better_latest_total_never_lowers_the_chance_of_any_date(
    above: list[float], step: float, recorded: bool, exam: ExamId
) -> None:
    study = [
        Study(date=AS_OF - timedelta(days=d), minutes=300, activity="questions")
        for d in range(1, 80 if recorded else 1)
    ]

    def told(values: list[float]) -> Belief:
        n = len(values)
        forms = [
            form(exam, above=v, days_ago=3 + 18 * (n - 1 - i), label=str(i))
            for i, v in enumerate(values)
        ]
        return believe(failing(exam, forms=forms, study=study), AS_OF, test_date=TEST)

    low, high = told(above), told([*above[:-1], above[-1] + step])
    assume(not low.evidence[-1].flags and not high.evidence[-1].flags)
    for days in (5, 50, 150):
        assert on(high, days, 0.4 * days).p_pass >= on(low, days, 0.4 * days).p_pass - 1e-9


@given(
    st.sampled_from(EXAM_IDS),
    st.lists(st.tuples(st.floats(-12, 8), st.integers(2, 120)), max_size=4),
    st.floats(-1.5, 1.5),
    st.integers(0, 80),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_one_more_practice_test_narrows_what_is_expected_of_every_date(
    exam: ExamId, taken: list[tuple[float, int]], off: float, logged: int
) -> None:
    """More knowledge never widens: a result within 1.5 SD of what was expected, today."""
    study = [
        Study(date=AS_OF - timedelta(days=d), minutes=240, activity="questions")
        for d in range(1, logged)
    ]
    forms = [form(exam, above=a, days_ago=d, label=str(i)) for i, (a, d) in enumerate(taken)]
    record = failing(exam, forms=forms, study=study)
    before = believe(record, AS_OF, test_date=TEST)
    gap = float(before.total.weight()[0] @ before.total.gap_mean[0]) / before.constants.log_points
    shown = before.score_mean + gap + off * before.score_sd
    score = float(facts.conversion(FAMILY[exam], exam, AS_OF).from_reported(shown))
    latest = Form(family=FAMILY[exam], form="new", date=AS_OF, score=score)
    after = believe(replace(record, forms=(*forms, latest)), AS_OF, test_date=TEST)
    for days in (0, 50):
        wide, narrow = (on(b, days, 0.4 * days) for b in (before, after))
        assert narrow.score_high - narrow.score_low < wide.score_high - wide.score_low
        assert narrow.score_sd < wide.score_sd


@given(st.integers(0, 3), st.floats(0.5, 6), st.lists(st.floats(-9, 6), min_size=4, max_size=4))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_a_fall_from_raising_an_older_total_comes_with_a_lower_rate(
    place: int, step: float, above: list[float]
) -> None:
    study = [
        Study(date=AS_OF - timedelta(days=d), minutes=300, activity="questions")
        for d in range(1, 80)
    ]

    def with_forms(values: list[float]) -> Belief:
        forms = [form(above=v, days_ago=65 - 20 * i, label=str(i)) for i, v in enumerate(values)]
        return believe(failing(forms=forms, study=study), AS_OF, test_date=TEST)

    raised = list(above)
    raised[place] += step
    before, after = with_forms(above), with_forms(raised)
    if on(after, 50, 20.0).p_pass < on(before, 50, 20.0).p_pass - 1e-9:
        assert after.rate_mean < before.rate_mean


REPEATERS: list[tuple[ExamId, Group]] = [
    (exam, group)
    for exam in ("usmle-step-1", "usmle-step-2-ck", "usmle-step-3")
    for group in ("us-md", "us-do", "us-img", "non-us-img")
    if (exam, group) != ("usmle-step-3", "us-do")  # no repeat rate is published
]


@pytest.mark.parametrize(("exam", "group"), REPEATERS)
def test_with_too_little_data_a_typical_retake_is_told_the_groups_repeat_rate_and_a_wide_range(
    exam: ExamId, group: Group
) -> None:
    as_of = FAILED + timedelta(days=28)
    record = Record(
        learner=Learner(group=group, time_zone="America/New_York"),
        exam=ExamTarget(id=exam, planned_date=as_of + timedelta(days=49)),
        attempts=(Attempt(exam=exam, date=FAILED, outcome="fail"),),
    )
    b = believe(record, as_of)
    typical = TypicalRetake.of(b.constants)
    adherence = b.constants.parameter["adherence_mean"]
    f = on(b, int(typical.study_days), typical.effective_days / adherence)
    fitted = [r for r in facts.pass_rates(exam, group, "repeat") if r.year <= 2024]
    newest = max(fitted, key=lambda r: r.year)
    small = newest.n is not None and newest.n < 200
    rates = [r.pass_percent for r in (fitted if small else [newest])]
    assert f.p_pass == pytest.approx(sum(rates) / len(rates) / 100.0, abs=0.05)
    assert f.p_pass_high - f.p_pass_low > 0.6


def test_where_no_repeat_rate_is_published_the_models_own_is_between_the_groups() -> None:
    with pytest.raises(FactUnknown):
        facts.pass_rate("usmle-step-3", "us-do", "repeat", 2025)
    f = on(believe(failing("usmle-step-3", group="us-do"), AS_OF, test_date=TEST), 49, 29.6)
    assert 0.5 < f.p_pass < 0.85


@pytest.mark.parametrize("exam", ["usmle-step-1", "usmle-step-2-ck", "comlex-level-1"])
def test_a_thousand_days_and_five_hundred_observations_leave_a_sound_forecast(
    exam: ExamId,
) -> None:
    forms = [form(exam, above=3.0 * math.sin(i), days_ago=2 * i, label=str(i)) for i in range(499)]
    failure = Attempt(exam=exam, date=AS_OF - timedelta(days=1000), outcome="fail")
    record = replace(failing(exam, forms=forms), attempts=(failure,))
    b = believe(record, AS_OF, test_date=TEST)
    f = on(b, 30, 10.0)
    assert math.isfinite(f.score_mean)
    assert 0.0 < f.p_pass_low < f.p_pass < f.p_pass_high <= 1.0
    assert f.score_sd > 0.05 * b.constants.score_sd
    assert sum(e.weight for e in b.evidence) == pytest.approx(1.0)
    assert np.all(b.total.variance > 0)
    assert abs(b.score_mean - b.constants.mark) < 0.6 * b.constants.score_sd


def test_ticks_kept_bring_the_chance_nearer_to_that_of_the_plan_kept() -> None:
    from bounceback.records.models import PlannedSession

    def gap(done: int) -> float:
        ticked = tuple(
            PlannedSession(
                id=str(d),
                date=AS_OF - timedelta(days=d),
                minutes=360,
                activity="questions",
                done_minutes=done,
            )
            for d in range(1, 29)
        )
        told = replace(failing(forms=[form(above=-5)]), plan=ticked, resources=(BANK,))
        b = believe(told, AS_OF, test_date=TEST)
        f = on(b, 45, 25.0)
        return f.p_pass_if_followed - f.p_pass

    assert 0.0 < gap(355) < 0.4 * gap(150)
