"""What a record moves, in which direction, and what it may never move (rules F5-F15)."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bounceback.forecast.posterior import Belief, believe, beta_nodes, p_pass_now
from bounceback.forecast.retake_rate_prior import TypicalRetake, repeat_pass_share
from bounceback.reasons import reason
from bounceback.records.models import Attempt, Block, Record, Study
from bounceback.vocabulary import EXAM_IDS, GROUPS, ExamId, Group
from tests.forecast.cases import AREAS, AS_OF, BANK, FAILED, TEST, failing, form


def standing(record: Record, as_of: date = AS_OF) -> Belief:
    return believe(record, as_of, test_date=TEST)


@pytest.mark.parametrize("exam", EXAM_IDS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_exam_and_group_has_a_belief_without_any_form(exam: ExamId, group: str) -> None:
    b = standing(failing(exam, group=group))  # type: ignore[arg-type]
    first_taker = float(b.constants.score(b.constants.prior_mean))
    assert b.score_mean < first_taker
    # Before any planned work the chance lies under that of the typical retake.
    c = b.constants
    retake = TypicalRetake.of(c)
    assert 0.0 < p_pass_now(b) < repeat_pass_share(c, first_mark=c.mark, retake=retake)
    assert sum(e.weight for e in b.evidence) == pytest.approx(1.0)


@pytest.mark.parametrize("exam", EXAM_IDS)
@given(above=st.floats(-12, 12), step=st.floats(0.2, 6))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_standing_and_chance_never_fall_when_the_latest_total_rises(
    exam: ExamId, above: float, step: float
) -> None:
    earlier = form(exam, above=-2, days_ago=25, label="0")
    low = standing(failing(exam, forms=[earlier, form(exam, above=above)]))
    high = standing(failing(exam, forms=[earlier, form(exam, above=above + step)]))
    assume(not low.evidence[-1].flags and not high.evidence[-1].flags)
    assert high.score_mean >= low.score_mean - 1e-9
    assert p_pass_now(high) >= p_pass_now(low) - 1e-12


def test_a_record_with_a_failure_stands_lower_than_the_same_without() -> None:
    with_failure = failing(forms=[form(above=3)])
    without = replace(with_failure, attempts=())
    assert p_pass_now(standing(with_failure)) < p_pass_now(standing(without))


@pytest.mark.parametrize("exam", EXAM_IDS)
@given(days=st.integers(100, 1500))
@settings(derandomize=True, max_examples=10, deadline=None)
def test_a_failure_long_ago_and_nothing_since_is_never_told_more_than_the_group(
    exam: ExamId, days: int
) -> None:
    """Silence is no study: the chance stays under the repeat rate, and a new form is believed."""
    old = replace(failing(exam), attempts=(replace(failing().attempts[0], exam=exam),))
    old = replace(old, attempts=(replace(old.attempts[0], date=AS_OF - timedelta(days=days)),))
    c = standing(old).constants
    rate = repeat_pass_share(c, first_mark=c.mark, retake=TypicalRetake.of(c))
    assert p_pass_now(standing(old)) < rate
    low = replace(old, forms=(form(exam, above=-10),))
    newest = standing(low).evidence[-1]
    assert newest.flags == ()
    assert p_pass_now(standing(low)) < p_pass_now(standing(old)) - 0.1


def test_a_second_failure_lowers_the_rate_and_the_chance_of_the_same_further_work() -> None:
    from bounceback.forecast.prediction import PlannedWork, predict

    def chance(record: Record) -> float:
        b = standing(record)
        n = np.array([50.0])
        work = PlannedWork(n, n / 7, np.outer(n * 0.5, b.areas.exam_weight))
        return predict(b, [AS_OF + timedelta(days=50)], work)[0].p_pass

    once, twice = failing(), failing(failures=2)
    assert standing(twice).rate_mean < 0.95 * standing(once).rate_mean
    assert chance(twice) < chance(once)


@pytest.mark.parametrize(("nearer", "further"), [("near", "moderate"), ("moderate", "far")])
def test_a_greater_distance_on_the_failing_report_lowers_the_standing(
    nearer: str, further: str
) -> None:
    def at(distance: str) -> float:
        record = failing()
        attempt = replace(record.attempts[0], distance_below_pass=distance)  # type: ignore[arg-type]
        return standing(replace(record, attempts=(attempt,))).score_mean

    assert at(further) < at(nearer)


def test_a_reported_score_orders_the_standing() -> None:
    def at(score: float) -> float:
        record = failing("usmle-step-2-ck")
        return standing(
            replace(record, attempts=(replace(record.attempts[0], score=score),))
        ).score_mean

    assert at(190) < at(205) < at(215)


@given(st.permutations(range(6)))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_the_order_of_input_is_irrelevant(order: list[int]) -> None:
    forms = [form(above=i - 3, days_ago=5 + 4 * i, label=str(i)) for i in range(6)]
    one = standing(failing(forms=forms))
    two = standing(failing(forms=[forms[i] for i in order]))
    assert two.score_mean == one.score_mean
    assert two.total.log_weight.tolist() == one.total.log_weight.tolist()


def test_an_area_table_or_a_printed_chance_adds_nothing_to_the_total() -> None:
    plain = standing(failing(forms=[form(above=-4)]))
    with_areas = standing(failing(forms=[form(above=-4, areas=AREAS)]))
    with_chance = standing(failing(forms=[form(above=-4, printed_p_pass=0.2)]))
    for richer in (with_areas, with_chance):
        assert richer.score_sd >= 0.99 * plain.score_sd
        assert richer.score_mean == pytest.approx(plain.score_mean, abs=0.01)


def test_an_area_table_orders_the_areas() -> None:
    means = {a.area: a.mean for a in standing(failing(forms=[form(areas=AREAS)])).area_standings()}
    assert means["Cardiovascular System"] < means["Reproductive & Endocrine Systems"]
    assert means["Reproductive & Endocrine Systems"] < means["Gastrointestinal System"]


def test_work_on_one_area_raises_it_above_the_others() -> None:
    study = [
        Study(
            date=AS_OF - timedelta(days=d),
            minutes=300,
            activity="questions",
            area="Cardiovascular System",
        )
        for d in range(1, 20)
    ]
    means = {a.area: a.mean for a in standing(failing(study=study)).area_standings()}
    assert max(means, key=lambda name: means[name]) == "Cardiovascular System"


def test_the_areas_average_to_the_total() -> None:
    b = standing(failing(forms=[form(areas=AREAS)]))
    mean = sum(a.exam_weight * a.mean for a in b.area_standings())
    assert mean == pytest.approx(b.score_mean, abs=1e-6)


def test_a_discipline_table_carries_no_score_and_less_about_areas() -> None:
    from bounceback.records.models import AreaResult

    plain = standing(failing(forms=[form()]))
    table = {"Pharmacology": AreaResult(correct=5, items=30)}
    b = standing(failing(forms=[form(areas=table)]))
    assert b.score_sd == pytest.approx(plain.score_sd, rel=1e-6)


@pytest.mark.parametrize("condition", [{"timed": False}, {"interrupted": True}, {"repeat": True}])
def test_a_form_under_other_conditions_counts_for_less_and_is_never_dropped(
    condition: dict[str, bool],
) -> None:
    good = standing(failing(forms=[form(above=4)]))
    poor = standing(failing(forms=[form(above=4, **condition)]))
    none = standing(failing())
    assert poor.evidence[-1].flags
    assert good.score_sd < poor.score_sd < none.score_sd
    assert none.score_mean < poor.score_mean < good.score_mean


def test_a_form_twenty_five_points_off_is_flagged_and_widened() -> None:
    # 12 percent of CBSSA is 25 points.
    calm = [form(above=-4, days_ago=20, label="a"), form(above=-4, days_ago=12, label="b")]
    steady = standing(failing(forms=[*calm, form(above=-3, label="c")]))
    wild = standing(failing(forms=[*calm, form(above=8, label="c")]))
    assert reason("forecast.far-from-others", below=False) in wild.evidence[-1].flags
    assert not steady.evidence[-1].flags
    assert wild.evidence[-1].weight < steady.evidence[-1].weight
    assert wild.dynamics().log_distance_sd > steady.dynamics().log_distance_sd
    assert wild.score_mean < steady.score_mean + 12


NUMBERED: list[tuple[ExamId, Group, float]] = [
    ("usmle-step-2-ck", "us-md", 218.0),
    ("usmle-step-2-ck", "non-us-img", 218.0),
    ("usmle-step-3", "us-md", 200.0),
    ("comlex-level-2-ce", "us-do", 400.0),
    ("comlex-level-3", "us-do", 350.0),
]
"""Exams whose board reports a number, with their mark."""


@pytest.mark.parametrize("score", [150.0, 180.0, 205.0])
def test_the_number_of_a_lone_sitting_moves_the_mean_in_full_however_far_from_the_group(
    score: float,
) -> None:
    """Outside answer: the level on a dense grid, the sitting wrong by normal points, no limit."""
    day = date(2026, 11, 20)
    record = failing("usmle-step-2-ck")
    sat = Attempt(exam="usmle-step-2-ck", date=day, outcome="fail", score=score)
    b = believe(replace(record, attempts=(sat,)), day)
    c = b.constants
    x = np.linspace(c.prior_mean - 12.0 * c.prior_sd, c.prior_mean + 12.0 * c.prior_sd, 20_001)
    points = math.sqrt(c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2) / c.log_points
    shown = (np.exp(x) - (c.ceiling - score)) / points
    p = np.exp(-0.5 * ((x - c.prior_mean) / c.prior_sd) ** 2 - 0.5 * shown**2)
    p /= p.sum()
    mean = float(p @ x)
    sd = math.sqrt(float(p @ (x - mean) ** 2))
    assert float(b.total.weight()[0] @ b.total.mean[0]) == pytest.approx(mean, abs=0.03 * sd)
    # A bad day or who came: what is open stays spread out.
    assert b.dynamics().log_distance_sd > 1.03 * sd
    assert b.evidence[-1].flags == ()


@pytest.mark.parametrize(("exam", "group", "mark"), NUMBERED)
@given(under=st.floats(0.0, 4.0), step=st.floats(0.05, 1.0))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_a_better_failed_score_alone_on_record_never_lowers_standing_or_chance(
    exam: ExamId, group: Group, mark: float, under: float, step: float
) -> None:
    day = date(2026, 11, 20)
    record = failing(exam, group=group)
    found = []
    sd = believe(record, day).constants.score_sd
    for below in (under + step, under):
        score = mark - 1.0 - below * sd
        sat = Attempt(exam=exam, date=day, outcome="fail", score=score)
        found.append(believe(replace(record, attempts=(sat,)), day))
    assert found[1].score_mean > found[0].score_mean
    assert p_pass_now(found[1]) > p_pass_now(found[0])


def test_a_sitting_far_from_the_forms_is_flagged_as_a_form_would_be() -> None:
    day = AS_OF - timedelta(days=1)
    record = failing("usmle-step-2-ck", forms=[form("usmle-step-2-ck", above=12)])
    sat = Attempt(exam="usmle-step-2-ck", date=day, outcome="fail", score=170.0)
    b = standing(replace(record, attempts=(sat,)))
    assert b.evidence[-1].flags == (reason("forecast.far-from-others", below=True),)


def test_a_level_at_the_ceiling_has_areas_there() -> None:
    b = standing(failing())
    b.total.mean[:] = -50.0  # 2e-22 points from the ceiling: the score itself is rounded to it
    assert b.score_mean == b.constants.ceiling
    assert all(a.mean == b.constants.ceiling and a.sd >= 0.0 for a in b.area_standings())


def test_an_unknown_result_changes_nothing() -> None:
    record = failing("usmle-step-3", forms=[form("usmle-step-3", above=2)])
    unknown = form("usmle-step-3", days_ago=2, label="x", family="nbme-ccmsa", score=510.0)
    richer = standing(replace(record, forms=(*record.forms, unknown)))
    assert richer.score_mean == pytest.approx(standing(record).score_mean, abs=1e-9)
    assert richer.evidence[-1].flags == (reason("forecast.does-not-predict"),)


@pytest.mark.parametrize("days_before", [10, 60, 150])
def test_a_form_without_a_score_before_the_sitting_leaves_the_standing_where_it_was(
    days_before: int,
) -> None:
    """First takers' level is published for the day of the sitting, not for months before it."""
    early = form(days_ago=(AS_OF - FAILED).days + days_before, label="early", score=None)
    without = failing()
    with_form = failing(forms=[early])
    assert standing(with_form).score_mean == pytest.approx(
        standing(without).score_mean, abs=0.01 * without_sd()
    )
    assert standing(with_form).score_sd == pytest.approx(without_sd(), rel=0.01)


def without_sd() -> float:
    return standing(failing()).score_sd


def test_an_incomplete_sitting_says_nothing_of_the_score() -> None:
    record = failing()
    sat = Attempt(exam="usmle-step-1", date=FAILED + timedelta(days=40), outcome="incomplete")
    more = standing(replace(record, attempts=(*record.attempts, sat)))
    assert more.evidence[-1].weight == 0.0
    assert more.evidence[-1].flags


def test_blocks_move_the_standing_a_little_and_never_more_than_their_banks_bias_allows() -> None:
    def with_blocks(n: int, correct: int) -> Belief:
        blocks = tuple(
            Block(
                date=AS_OF - timedelta(days=1 + i // 4),
                bank="uworld",
                items=40,
                correct=correct,
                minutes=60,
            )
            for i in range(n)
        )
        return standing(replace(failing(), blocks=blocks))

    none, few, many = standing(failing()), with_blocks(2, 16), with_blocks(40, 16)
    assert many.score_mean < few.score_mean < none.score_mean + 1
    bias = none.constants.parameter["block_bias_sd_percent"] * 2.1
    assert many.score_sd > bias * none.score_sd / (bias**2 + none.score_sd**2) ** 0.5 * 0.95
    assert with_blocks(2, 30).score_mean > few.score_mean


def test_a_second_pass_of_a_bank_counts_for_less() -> None:
    def spread(first_pass: bool) -> float:
        block = Block(
            date=AS_OF, bank="uworld", items=200, correct=120, minutes=300, first_pass=first_pass
        )
        return standing(replace(failing(), blocks=(block,))).score_sd

    assert spread(False) > spread(True)


def test_recorded_work_between_two_forms_teaches_the_rate_and_unrecorded_work_does_not() -> None:
    study = [
        Study(date=AS_OF - timedelta(days=d), minutes=300, activity="questions")
        for d in range(3, 41)
    ]

    def rate(gain: float, recorded: bool) -> float:
        forms = [form(above=-8, days_ago=40, label="a"), form(above=gain - 8, label="b")]
        return standing(failing(forms=forms, study=study if recorded else ())).rate_mean

    assert rate(10, True) > 1.3 * rate(1, True)
    assert rate(10, False) == pytest.approx(rate(1, False), rel=0.02)


def test_weeks_of_waiting_are_time_away() -> None:
    soon = believe(failing(), FAILED + timedelta(days=1), test_date=TEST)
    later = believe(failing(), FAILED + timedelta(days=27), test_date=TEST)
    assert later.score_mean < soon.score_mean


def test_evidence_after_the_day_asked_about_is_ignored() -> None:
    record = failing(forms=[form(days_ago=30), form(above=9, days_ago=2, label="2")])
    before = AS_OF - timedelta(days=10)
    cut = replace(record, forms=record.forms[:1])
    assert standing(record, before).score_mean == standing(cut, before).score_mean


def test_ticks_of_the_plan_move_the_expected_adherence() -> None:
    from bounceback.records.models import PlannedSession

    def planned(done: int, days: int) -> Record:
        sessions = tuple(
            PlannedSession(
                id=f"{d}",
                date=AS_OF - timedelta(days=d),
                start=None,
                minutes=360,
                activity="questions",
                done_minutes=done,
            )
            for d in range(1, days + 1)
        )
        return replace(failing(), plan=sessions)

    def expected(done: int, days: int) -> float:
        b = standing(planned(done, days))
        return float(b.adherence @ b.adherence_weight)

    untold = expected(0, 0)
    assert expected(120, 28) < 0.5 < 0.8 < expected(350, 28)
    # A few days speak for the learner and not against.
    assert expected(120, 14) == pytest.approx(untold)
    assert expected(120, 28) < expected(120, 20) < untold < expected(350, 3)


def test_many_learners_at_once_are_told_what_one_is_told() -> None:
    from bounceback.forecast.batch import Ahead, Histories, forecast_cohort
    from bounceback.forecast.prediction import PlannedWork, predict

    rng = random.Random(5)
    record = failing(
        forms=[
            form(above=rng.uniform(-6, 3), days_ago=60 - 15 * i, label=str(i)) for i in range(4)
        ],
        study=[
            Study(date=FAILED + timedelta(days=d), minutes=240, activity="questions")
            for d in range(0, (AS_OF - FAILED).days, 3)
        ],
    )
    b = standing(replace(record, resources=(BANK,)))
    c = b.constants
    from bounceback.forecast.observations import observations
    from bounceback.forecast.work_diary import WorkDiary

    seen = observations(record, c, AS_OF)
    diary = WorkDiary(record, c, AS_OF)
    stops = [o.on for o in seen] + [AS_OF]
    work = [diary.between(x, y) for x, y in pairwise(stops)]
    assert any(w.guess_mean > 0 for w in work)
    values = [o.value for o in seen[1:]] + [None]
    histories = Histories(
        days=np.array([[w.days for w in work]]),
        unworked_days=np.array([[w.unworked_days for w in work]]),
        effort=np.array([[w.effort for w in work]]),
        guess_mean=np.array([[w.guess_mean for w in work]]),
        guess_variance=np.array([[w.guess_variance for w in work]]),
        value=np.array([[np.nan if v is None else v for v in values]]),
        variance=np.array([[o.variance for o in seen[1:]] + [np.nan]]),
        failed=np.ones(1),
    )
    days = np.array([14.0, 28.0])
    effort = np.array([[6.0, 13.0]])
    many = forecast_cohort(
        c,
        histories,
        Ahead(days, days / 7, effort),
        adherence=b.adherence,
        adherence_weight=b.adherence_weight,
    )
    dates = [AS_OF + timedelta(days=int(d)) for d in days]
    one = predict(
        b,
        dates,
        PlannedWork(days, days / 7, np.outer(effort[0], b.areas.exam_weight)),
    )
    for i, f in enumerate(one):
        assert many.p_pass[0, i] == pytest.approx(f.p_pass, abs=2e-3)
        assert many.p_pass_low[0, i] == pytest.approx(f.p_pass_low, abs=4e-3)
        assert many.p_pass_high[0, i] == pytest.approx(f.p_pass_high, abs=4e-3)


@pytest.mark.parametrize(("a", "b"), [(5.6, 2.4), (1.3, 0.9), (40.0, 3.0), (5.6, 90.0)])
def test_the_nodes_of_adherence_have_the_moments_of_the_beta(a: float, b: float) -> None:
    from scipy.stats import beta

    node, weight = beta_nodes(a, b, 3)
    assert np.all((node > 0) & (node < 1))
    for power in range(6):
        assert float(weight @ node**power) == pytest.approx(beta(a, b).moment(power), rel=1e-5)
