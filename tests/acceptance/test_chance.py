"""What the chance of passing must do, whatever the record: later, better, with a failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.forecast.posterior import believe, p_pass_now
from bounceback.forecast.prediction import PlannedWork, predict
from bounceback.messages.briefing_text import failed_sentence, pace_sentence
from bounceback.planning.keep_fresh import low_hours, result_awaited
from bounceback.records import as_seen_on
from bounceback.records import models as v
from bounceback.services import briefing
from bounceback.services.full_briefing import planned_work
from bounceback.vocabulary import EXAM_IDS, WEEKDAYS, Weekday
from tests.records.strategies import records
from tests.services.builders import TODAY, asked, known

GENERATED = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # shrinking a whole record takes minutes
    suppress_health_check=list(HealthCheck),
)

LARGEST_FALL = 0.01
ROUNDING = 1e-9
RE_CUT = 0.0005
"""Chance that hours cut anew for another standing may cost: the plan is made of whole minutes."""


def studying(record: v.Record) -> v.Record:
    """The same learner with half a day for study, and enough to study from, and every day open."""
    return replace(
        record,
        exam=replace(record.exam, eligibility=None),
        availability=v.Availability(minutes={day: 300 for day in WEEKDAYS if day != "sun"}),
        resources=(v.Resource(name="bank", kind="questions", units=20_000),),
        plan=(),
    )


def largest_fall(record: v.Record) -> float:
    chances = [f.p_pass for f in briefing(record, TODAY).forecasts]
    best = accumulate(chances, max)
    return max((b - p for b, p in zip(best, chances, strict=True)), default=0.0)


@pytest.mark.parametrize("name", known())
def test_with_study_planned_a_later_day_is_never_worse(name: str) -> None:
    assert largest_fall(known()[name]) <= LARGEST_FALL


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_a_later_day_is_never_worse_in_any_exam(exam: str) -> None:
    @GENERATED
    @given(records(exam_id=exam))
    def holds(record: v.Record) -> None:
        assert largest_fall(studying(record)) <= LARGEST_FALL

    holds()


def bank_and(record: v.Record, minutes: dict[Weekday, int]) -> v.Record:
    """The same learner with these hours and one bank, and every day open."""
    return replace(studying(record), availability=v.Availability(minutes=minutes))


weekdays = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True)


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_an_hour_a_day_on_whatever_days_is_enough_for_a_later_day_not_to_be_worse(
    exam: str,
) -> None:
    """Seven hours a week, on one long day or on seven, and a rest day where all seven are open.

    While a result is awaited the plan keeps to less than that on purpose.
    """

    @GENERATED
    @given(records(exam_id=exam), weekdays, st.floats(0, 1))
    def holds(record: v.Record, days: list[Weekday], more: float) -> None:
        assume(result_awaited(as_seen_on(record, TODAY)[0], TODAY) is None)
        least = 7 * 60 / min(len(days), 6)
        each = round(least + more * (480 - least))
        assert largest_fall(bank_and(record, dict.fromkeys(days, each))) <= LARGEST_FALL

    holds()


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_a_later_day_is_worse_where_more_is_forgotten_than_learned_and_by_no_more_than_that(
    exam: str,
) -> None:
    """Rule F27, of any hours: as drawn with days off and odd windows, or very few on few days."""
    fell = []

    @GENERATED
    @given(
        records(exam_id=exam),
        st.one_of(st.none(), st.dictionaries(st.sampled_from(WEEKDAYS), st.integers(5, 120))),
    )
    def holds(record: v.Record, few: dict[Weekday, int] | None) -> None:
        open_days = replace(record, exam=replace(record.exam, eligibility=None), plan=())
        b = briefing(open_days if few is None else bank_and(record, few), TODAY)
        dates = [f.on for f in b.solved]
        limits = tuple(b.prescriptions)
        if result_awaited(b.record, TODAY) is not None:
            limits = (*low_hours(b.record.exam.id, limits), *limits)
        work = planned_work(b.record, b.belief, dates, limits)
        for n, earlier in enumerate(b.solved):
            assert (work.effort[n:] >= work.effort[n] - ROUNDING).all()
            no_more = np.broadcast_to(work.effort[n], work.effort[n:].shape)
            waited = PlannedWork(work.days[n:], work.unworked_days[n:], no_more)
            for later, waiting in zip(
                b.solved[n:], predict(b.belief, dates[n:], waited), strict=True
            ):
                assert later.p_pass >= waiting.p_pass - ROUNDING
                if later.score_mean >= earlier.score_mean:
                    assert later.p_pass >= earlier.p_pass - LARGEST_FALL
                elif later.p_pass < earlier.p_pass - LARGEST_FALL:
                    fell.append(later)

    holds()
    assert fell


def raised(record: v.Record, points: float) -> v.Record | None:
    """The record with its latest total raised, if that counts in full."""
    seen, _ = as_seen_on(record, TODAY)
    scored = [f for f in seen.forms if f.score is not None]
    if not scored:
        return None
    latest = max(scored, key=lambda f: f.date)
    on_same_day = [f for f in scored if f.date == latest.date]
    if len(on_same_day) > 1 or not latest.timed or latest.interrupted or latest.repeat:
        return None
    flagged = [
        e
        for e in believe(seen, TODAY).evidence
        if e.on == latest.date and e.subject == latest.family and e.flags
    ]
    if flagged:
        return None
    _, high = scale_of(latest, record.exam.id)
    assert latest.score is not None
    if latest.score + points > high:
        return None
    better = replace(latest, score=latest.score + points)
    return replace(record, forms=tuple(better if f is latest else f for f in record.forms))


def scale_of(form: v.Form, exam: str) -> tuple[float, float]:
    if form.scale == "percent":
        return 0, 100
    if form.scale == "reported":
        return facts.exam(exam).scale_low, facts.exam(exam).scale_high
    family = facts.form_family(form.family, exam)
    return family.low, family.high


def chances(record: v.Record) -> dict[date, float]:
    return {f.on: f.p_pass for f in briefing(record, TODAY).forecasts}


@pytest.mark.parametrize("points", [1, 4, 10])
@pytest.mark.parametrize("name", known())
def test_a_higher_latest_total_never_lowers_the_chance(name: str, points: int) -> None:
    record = replace(known()[name], plan=())
    better = raised(record, points)
    if better is None:
        assert not record.forms or not record.forms[-1].timed
        return
    before, after = chances(record), chances(better)
    assert all(after[day] >= before[day] - RE_CUT for day in before)


def latest_forms(exam: str) -> st.SearchStrategy[v.Form]:
    """A full form of a family that predicts, three days ago, with room above its score."""
    families = []
    for name in facts.form_families(exam):
        family = facts.form_family(name, exam)
        if family.predicts and name != "school":
            span = family.high - family.low
            low, high = family.low + 0.3 * span, family.low + 0.8 * span
            scores = st.integers(round(low), round(high)).map(float)
            families.append(st.tuples(st.just(name), scores))
    return st.one_of(families).map(
        lambda drawn: v.Form(
            family=drawn[0], form="latest", date=TODAY - timedelta(days=3), score=drawn[1]
        )
    )


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_a_higher_latest_total_never_lowers_any_chance(exam: str) -> None:
    held = []

    @GENERATED
    @given(records(exam_id=exam), latest_forms(exam), st.floats(0.5, 8))
    def holds(drawn: v.Record, form: v.Form, points: float) -> None:
        record = studying(drawn)
        before_form = tuple(f for f in record.forms if f.date < form.date)
        record = replace(record, forms=(*before_form, form))
        better = raised(record, points)
        if better is None or any(
            e.flags for e in believe(better, TODAY).evidence if e.on == form.date
        ):
            return
        before, after = briefing(record, TODAY), briefing(better, TODAY)
        assert after.belief.score_mean >= before.belief.score_mean - ROUNDING
        assert after.p_pass_if_today >= before.p_pass_if_today - ROUNDING
        for low, high in zip(before.forecasts, after.forecasts, strict=True):
            assert high.p_pass >= low.p_pass - RE_CUT
        held.append(points)

    holds()
    assert held


def test_a_higher_latest_total_never_lowers_a_chance_far_under_the_mark() -> None:
    """Found by search: fast paces are contradicted, the record as a whole is not (rule F8)."""
    record = v.Record(
        learner=v.Learner(group="non-us-img", time_zone="America/New_York"),
        exam=v.ExamTarget(id="usmle-step-1", planned_date=TODAY),
        attempts=(v.Attempt(exam="usmle-step-1", date=date(2025, 1, 8), outcome="fail"),),
        forms=(v.Form(family="amboss-sa", form="1", date=TODAY - timedelta(days=3), score=128.0),),
    )
    better = raised(record, 3.6)
    assert better is not None
    before, after = believe(record, TODAY), believe(better, TODAY)
    assert after.score_mean > before.score_mean
    assert 0.0 < p_pass_now(before) < p_pass_now(after)


# --- the numbers of the acceptance ------------------------------------------------------------


def us_md(score: float, days_before: int, *attempts: v.Attempt) -> v.Record:
    """Group us-md, no availability, one CBSSA so many days before a sitting of Step 1."""
    return v.Record(
        learner=v.Learner(group="us-md", time_zone="America/New_York"),
        exam=v.ExamTarget(id="usmle-step-1", planned_date=TODAY),
        attempts=attempts,
        forms=(
            v.Form(
                family="nbme-cbssa",
                form="31",
                date=TODAY - timedelta(days=days_before),
                score=score,
            ),
        ),
    )


FAILED = v.Attempt(exam="usmle-step-1", date=date(2026, 9, 1), outcome="fail")


def on_the_day(record: v.Record) -> float:
    answer = asked(record)
    assert answer["forecast"][0]["date"] == answer["as_of"]
    return float(answer["forecast"][0]["p_pass"])


def test_a_cbssa_of_73_a_week_before_step_1_is_nearly_safe() -> None:
    assert 0.97 <= on_the_day(us_md(73, 7)) <= 0.999


def test_a_cbssa_of_54_three_days_before_step_1_is_not() -> None:
    assert on_the_day(us_md(54, 3)) < 0.15


@pytest.mark.parametrize(("score", "before"), [(73, 7), (54, 3)])
def test_with_a_failed_attempt_on_record_both_are_lower_and_the_text_says_why(
    score: float, before: int
) -> None:
    first, again = us_md(score, before), us_md(score, before, FAILED)
    assert on_the_day(again) < on_the_day(first)
    said = failed_sentence(briefing(again, TODAY))
    assert "September 1, 2026" in said
    assert "retaker's pace, which is slower than a first taker's" in said
    assert failed_sentence(briefing(first, TODAY)) == ""


def test_seen_from_the_week_before_the_chance_is_that_of_the_day() -> None:
    """The look ahead from the day of the form gives what the day itself gives, within a point."""
    record = us_md(73, 7)
    ahead = asked(record, TODAY - timedelta(days=7))
    (then,) = [f for f in ahead["forecast"] if f["date"] == TODAY.isoformat()]
    assert then["p_pass"] == pytest.approx(on_the_day(record), abs=0.01)


def two_forms(older: float) -> v.Record:
    """A failure, eight weeks of full days all written down, a form at each end."""
    began = date(2026, 9, 26)
    study = tuple(
        v.Study(date=began + timedelta(days=n), minutes=480, activity="questions")
        for n in range(55)
        if n % 7 < 6
    )
    form = v.Form(family="nbme-cbssa", form="30", date=began, score=older)
    record = us_md(62.0, 1, FAILED)
    return replace(record, forms=(form, *record.forms), study=study)


def test_a_chance_that_falls_with_a_better_older_total_is_explained_by_the_pace() -> None:
    low, high = two_forms(50.0), two_forms(60.0)
    assert believe(high, TODAY).rate_mean < believe(low, TODAY).rate_mean
    said = pace_sentence(briefing(high, TODAY))
    assert "risen more slowly than most retakers' with the same hours" in said
    assert "/10 of the usual pace" in said
    assert pace_sentence(briefing(us_md(62.0, 1, FAILED), TODAY)) == ""


# --- the twice-failed case --------------------------------------------------------------------


def test_the_twice_failed_case_is_told_to_rebuild_with_a_path_and_no_three_week_plan() -> None:
    answer = asked(known()["level1-us-do-gap"])
    assert answer["decision"]["advice"] == "remediate"
    assert answer["decision"]["date"] is None
    path = answer["remediation"]
    assert len(path["steps"]) >= 3
    assert path["retest"]["score"] > 0
    assert answer["time_needed"]["weeks_low"] is None
    assert answer["time_needed"]["weeks_high"] is None
    far = (TODAY + timedelta(weeks=3)).isoformat()
    assert answer["plan"]["test_date"] > far
    assert path["retest"]["date"] > far
    assert "14 December" not in " ".join(answer["decision"]["reasons"])
