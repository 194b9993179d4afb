"""Work between any two days: noted, expected, or none (rules F1, F12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.forecast.parameters import constants, numbers
from bounceback.forecast.posterior import Belief, believe, p_pass_now
from bounceback.forecast.prediction import PlannedWork, predict
from bounceback.forecast.work_diary import Work, WorkDiary, known_work, trust_in_notes
from bounceback.records.models import Availability, Block, PlannedSession, Record, Resource, Study
from bounceback.vocabulary import ACTIVITIES, EXAM_IDS, ExamId
from tests.forecast.cases import AS_OF, FAILED, TEST, failing, form

C = constants("usmle-step-1", "us-md", TEST, retaker=True)
EFFECTS = C.law.effects


def diary(record: Record) -> WorkDiary:
    return WorkDiary(record, C, AS_OF)


def day(n: int) -> date:
    return AS_OF - timedelta(days=n)


def test_study_speaks_before_ticks_and_ticks_before_blocks() -> None:
    block = Block(date=day(1), bank="uworld", items=40, correct=20, minutes=200)
    tick = PlannedSession(id="a", date=day(1), minutes=300, activity="questions", done_minutes=150)
    study = Study(date=day(1), minutes=90, activity="questions")
    for record, raw in (
        (replace(failing(), blocks=(block,)), 200.0),
        (replace(failing(), blocks=(block,), plan=(tick,)), 150.0),
        (replace(failing(), blocks=(block,), plan=(tick,), study=(study,)), 90.0),
    ):
        assert known_work(record, C, AS_OF)[day(1)].raw == raw


def test_reading_counts_for_less_than_questions() -> None:
    def effort(activity: str) -> float:
        last = Study(date=day(2), minutes=300, activity=activity)  # type: ignore[arg-type]
        return diary(failing(study=[*kept(range(40, 2, -1)), last])).between(day(2), day(1)).effort

    assert 0 < effort("reading") < effort("questions")
    whole = float(C.law.effective_days(np.array([300.0]))[0])
    assert effort("questions") == pytest.approx(whole)


def kept(days: range, minutes: float = 300.0) -> list[Study]:
    """A log of one entry a day, long enough to be believed."""
    return [Study(date=day(n), minutes=minutes, activity="questions") for n in days]


def test_a_long_gap_in_a_log_is_unknown() -> None:
    d = diary(failing(study=[*kept(range(75, 45, -1)), *kept(range(10, 9, -1))]))
    unknown = d.between(day(30), day(20))
    assert unknown.unworked_days == 0.0
    assert unknown.guess_mean > 0
    assert unknown.guess_variance > 0


def test_a_day_left_out_of_a_whole_log_was_rest() -> None:
    """Six days a week noted of five and a half meant: nothing is missing."""
    d = diary(failing(study=kept(range(90, 20, -1))))
    six = [entry for n, entry in enumerate(kept(range(90, 20, -1))) if n % 7 != 6]
    rest = diary(failing(study=six)).between(day(84), day(83))
    assert (rest.effort, rest.guess_mean) == (0.0, 0.0)
    assert d.between(day(84), day(83)).effort > 0.0


def test_a_day_left_out_of_a_half_kept_log_was_rest_or_worked_and_not_noted() -> None:
    half = kept(range(90, 20, -2))
    d = diary(failing(study=half))
    usual = d.between(day(90), day(89)).effort
    left_out = d.between(day(89), day(88))
    p = numbers("usmle-step-1")
    missing = (p["typical_days_a_week"] / 7 - 35 / 69) / (1 - 35 / 69)
    assert left_out.effort == 0.0
    assert left_out.guess_mean == pytest.approx(p["unnoted_share"] * missing * usual)
    assert left_out.guess_variance > 0.0
    # Who means to work three or four days a week leaves out less than half.
    week = Availability(minutes={"mon": 300, "wed": 300, "fri": 300})
    fewer = diary(replace(failing(study=half), availability=week))
    assert fewer.between(day(89), day(88)).guess_mean < left_out.guess_mean


def test_the_weeks_work_holds_its_rest_days_and_no_longer() -> None:
    """Two hours on each of five days hold the week; one hour in six days leaves most unheld."""
    long = kept(range(90, 60, -1))
    full = [*long, *kept(range(50, 45, -1), 120), *kept(range(43, 42, -1), 120)]
    thin = [*long, *kept(range(50, 49, -1), 60), *kept(range(44, 43, -1), 60)]
    assert diary(failing(study=full)).between(day(50), day(43)).unworked_days == 0.0
    held = [1 - 60 / n / 60 for n in (1, 2, 3, 4, 5, 6)]
    assert diary(failing(study=thin)).between(day(50), day(44)).unworked_days == pytest.approx(
        sum(held)
    )


def test_after_a_failure_unrecorded_days_hold_part_of_a_typical_retakes_work() -> None:
    failed, never = failing(), replace(failing(), attempts=())
    after, first = (diary(r).between(day(50), day(40)) for r in (failed, never))
    typical = numbers("usmle-step-1")
    pace = typical["typical_retake_effective_days"] / typical["typical_retake_days"]
    assert first.guess_mean < after.guess_mean < 10 * pace
    assert after.guess_variance > first.guess_variance


def test_a_long_silence_holds_the_level_and_widens_it() -> None:
    """After a typical retake's weeks without a word no more work is expected; a form is a word."""
    typical = int(numbers("usmle-step-1")["typical_retake_days"])
    last = replace(failing(), attempts=(replace(failing().attempts[0], date=day(500)),))
    d = diary(last)
    heard = round(facts.release("usmle-step-1", AS_OF).typical_weeks * 7)
    end = day(500 - heard - typical)
    first, after = (
        d.between(end - timedelta(days=10), end),
        d.between(end, end + timedelta(days=300)),
    )
    assert first.guess_mean > 0.0
    assert (after.effort, after.guess_mean, after.unworked_days) == (0.0, 0.0, 0.0)
    assert after.guess_variance == pytest.approx(30 * first.guess_variance)
    with_form = diary(replace(last, forms=(form(days_ago=60),)))
    assert with_form.between(day(60), day(50)).guess_mean == pytest.approx(first.guess_mean)


def test_weeks_of_waiting_are_without_work_and_weeks_before_a_sitting_are_not() -> None:
    d = diary(failing())
    waiting = d.between(FAILED, FAILED + timedelta(days=14))
    before = d.between(FAILED - timedelta(days=14), FAILED)
    assert waiting.unworked_days == 14.0
    assert waiting.effort == waiting.guess_mean == 0.0
    assert before.effort > 0
    assert before.guess_mean == 0.0


def test_a_sitting_still_ahead_says_nothing_of_the_days_before_it() -> None:
    record = failing()
    ahead = replace(record.attempts[0], date=AS_OF + timedelta(days=10))
    told, untold = diary(replace(record, attempts=(*record.attempts, ahead))), diary(record)
    assert told.between(day(20), AS_OF).effort == untold.between(day(20), AS_OF).effort == 0.0


def test_stated_hours_before_a_sitting_are_used_and_stay_uncertain() -> None:
    def prepared(hours: float | None) -> Work:
        record = failing()
        told = replace(record.attempts[0], hours_per_day=hours)
        return diary(replace(record, attempts=(told,))).between(day(110), day(100))

    few, many, unknown = prepared(3.0), prepared(10.0), prepared(None)
    assert few.effort < many.effort
    assert min(w.guess_variance for w in (few, many, unknown)) > 0


def worth(*entries: Study, **record: object) -> float:
    """Minutes of new questions that one day's entries are worth."""
    told = replace(failing(study=list(entries)), **record)  # type: ignore[arg-type]
    return sum(sum(w.by_area.values()) for w in known_work(told, C, AS_OF).values())


def entry(minutes: float, activity: str, days_ago: int = 1) -> Study:
    return Study(date=day(days_ago), minutes=minutes, activity=activity)  # type: ignore[arg-type]


def test_review_belongs_to_its_block_up_to_its_ratio_and_three_days() -> None:
    block = entry(60, "questions", 5)
    most = 60 * EFFECTS.review_ratio
    assert worth(block, entry(most, "review", 5)) == pytest.approx(60 + most)
    assert worth(block, entry(most, "review", 3)) == pytest.approx(60 + most)
    late = worth(block, entry(most, "review", 2))
    more = worth(block, entry(most + 30, "review", 5))
    assert late == pytest.approx(60 + EFFECTS.second_look * most, rel=1e-3)
    assert more == pytest.approx(60 + most + EFFECTS.second_look * 30, rel=1e-3)


def test_second_looks_at_a_stated_bank_pay_less_each_time() -> None:
    bank = Resource(name="bank", kind="questions", units=400, done=100, minutes_per_unit=3.0)
    pool = float(EFFECTS.missed_minutes(300.0))
    once, twice = (
        worth(*(entry(pool, "review", n) for n in range(days, 0, -1)), resources=(bank,))
        for days in (1, 2)
    )
    assert twice - once == pytest.approx(EFFECTS.second_look_decay * once)


def test_a_second_pass_pays_for_its_missed_questions_alone() -> None:
    def answered(first_pass: bool) -> float:
        block = Block(
            date=day(1), bank="b", items=40, correct=20, minutes=60, first_pass=first_pass
        )
        return worth(blocks=(block,))

    assert answered(True) == pytest.approx(60)
    assert answered(False) == pytest.approx(60 * EFFECTS.second_pass, rel=1e-3)


def test_reading_is_worth_more_to_who_stands_far_below_the_mark() -> None:
    d = diary(failing(study=[*kept(range(60, 20, -1)), entry(300, "reading", 10)]))
    efforts = [d.between(day(10), day(9), below).effort for below in (-1.0, 0.0, 1.0, 2.0)]
    assert efforts == sorted(efforts)
    assert efforts[3] / efforts[1] == pytest.approx(EFFECTS.content_gap)


def test_three_days_say_little_and_four_weeks_say_all() -> None:
    trust = [trust_in_notes(n, C) for n in range(40)]
    assert trust == sorted(trust)
    assert (trust[0], trust[3], trust[14], trust[28], trust[39]) == (0.0, 0.0, 0.0, 1.0, 1.0)
    assert 0.0 < trust[20] < 1.0


@st.composite
def short_logs(draw: st.DrawFn) -> tuple[Record, Record]:
    """A record without notes, and the same with notes on up to 14 days since its last result."""
    exam: ExamId = draw(st.sampled_from(EXAM_IDS))
    group = "us-do" if exam.startswith("comlex") else draw(st.sampled_from(["us-md", "us-img"]))
    forms = draw(st.lists(st.integers(25, 60), max_size=3, unique=True))
    silent = failing(
        exam,
        group=group,  # type: ignore[arg-type]
        forms=[form(exam, above=draw(st.floats(-8, 6)), days_ago=n, label=str(n)) for n in forms],
        failures=draw(st.integers(0, 2)),
    )
    days = draw(st.lists(st.integers(1, 24), max_size=14, unique=True))
    notes = [
        Study(
            date=day(n),
            minutes=draw(st.integers(5, 600)),
            activity=draw(st.sampled_from(ACTIVITIES)),
        )
        for n in days
    ]
    ticked = draw(st.lists(st.integers(1, 24), max_size=14, unique=True))
    ticks = tuple(
        PlannedSession(
            id=str(n),
            date=day(n),
            minutes=240,
            activity="questions",
            done_minutes=draw(st.integers(0, 240)),
        )
        for n in ticked
        if len({*days, *ticked}) <= 14
    )
    return silent, replace(silent, study=tuple(notes), plan=ticks)


@given(short_logs())
def test_a_short_honest_log_is_never_worse_than_silence(pair: tuple[Record, Record]) -> None:
    silent, noted = (believe(r, AS_OF, test_date=TEST) for r in pair)

    def chances(b: Belief) -> list[float]:
        dates = [AS_OF + timedelta(days=n) for n in (7, 28, 70)]
        n = np.array([7.0, 28.0, 70.0])
        work = PlannedWork(n, n / 7, np.outer(0.4 * n, b.areas.exam_weight))
        return [p_pass_now(b), *(f.p_pass for f in predict(b, dates, work))]

    for before, after in zip(chances(silent), chances(noted), strict=True):
        assert after >= before - 2e-3


def test_a_kept_log_of_little_work_does_lower_the_chance() -> None:
    """Else nothing that is noted could ever say that the plan is not kept."""
    forms = [form(above=-2, days_ago=60)]
    silent, idle = (
        believe(failing(forms=forms, study=study), AS_OF, test_date=TEST)
        for study in ((), kept(range(50, 0, -1), 5))
    )
    assert p_pass_now(idle) < p_pass_now(silent) - 0.02
