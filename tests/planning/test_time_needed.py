from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bounceback import facts
from bounceback.forecast.posterior import believe
from bounceback.forecast.prediction import Forecast
from bounceback.planning.time_needed import time_needed, weeks_to_gate
from bounceback.records.models import (
    AppraisalAnswer,
    Attempt,
    Availability,
    ClockWindow,
    ExamTarget,
    Form,
    Learner,
    Meeting,
    Record,
)
from bounceback.vocabulary import EXAM_IDS, WEEKDAYS

AS_OF = date(2026, 11, 22)
FAMILY = {
    "usmle-step-1": "nbme-cbssa",
    "usmle-step-2-ck": "nbme-ccssa",
    "usmle-step-3": "uwsa",
    "comlex-level-1": "comsae",
    "comlex-level-2-ce": "comsae",
    "comlex-level-3": "comsae",
}


def failed(exam_id, below_sd, *, failures=1, **form):
    """A learner whose latest form converts to ``below_sd`` SD under the mark."""
    sd = facts.value(f"{exam_id}.time-needed-sd", AS_OF).value
    line = facts.conversion(FAMILY[exam_id], exam_id, AS_OF)
    score = line.from_reported(facts.pass_mark(exam_id, AS_OF).value - below_sd * sd)
    return Record(
        learner=Learner(group="us-md", time_zone="America/New_York"),
        exam=ExamTarget(id=exam_id),
        attempts=tuple(
            Attempt(exam=exam_id, date=AS_OF - timedelta(days=60 + 100 * n), outcome="fail")
            for n in reversed(range(failures))
        ),
        forms=(
            Form(
                family=FAMILY[exam_id],
                form="X",
                date=AS_OF - timedelta(days=5),
                score=score,
                **form,
            ),
        ),
    )


def answer(record):
    return time_needed(record, AS_OF, believe(record, AS_OF))


@pytest.mark.parametrize("exam_id", EXAM_IDS)
@pytest.mark.parametrize(
    ("below", "level", "weeks"),
    [
        (-0.5, "mostly-solid", (2, 4)),
        (0.6, "mostly-solid", (2, 4)),
        (0.8, "wobbly", (4, 6)),
        (1.2, "wobbly", (4, 6)),
        (1.3, "fundamental-gap", (None, None)),
    ],
)
def test_the_guide_on_each_exams_own_scale(exam_id, below, level, weeks):
    found = answer(failed(exam_id, below))
    assert found.level == level
    assert (found.weeks_low, found.weeks_high) == weeks
    # The mark of the day itself may differ from today's by the table; the distance holds.
    assert found.sd_below == pytest.approx(below, abs=0.15)


def test_one_hundred_and_sixty_on_step_one_is_the_lowest_level():
    record = failed("usmle-step-1", (196 - 169) / 20)
    assert answer(record).level == "fundamental-gap"


@pytest.mark.parametrize("change", [{"timed": False}, {"failures": 2}])
def test_an_untimed_form_or_a_second_failure_moves_one_level_down(change):
    assert answer(failed("usmle-step-1", 0.5)).level == "mostly-solid"
    assert answer(failed("usmle-step-1", 0.5, **change)).level == "wobbly"
    assert answer(failed("usmle-step-1", 0.9, **change)).level == "fundamental-gap"


def test_both_together_move_one_level_and_not_two():
    assert answer(failed("usmle-step-1", 0.5, timed=False, failures=2)).level == "wobbly"


def test_a_form_from_before_the_failure_is_no_baseline():
    record = failed("usmle-step-1", 0.9)
    old = replace(record, forms=(replace(record.forms[0], date=AS_OF - timedelta(days=90)),))
    found = answer(old)
    assert found.tests == 0
    belief = believe(old, AS_OF)
    assert found.sd_below == pytest.approx((belief.constants.mark - belief.score_mean) / 20)


def test_the_guide_does_not_apply_until_a_change_is_recorded():
    record = failed("usmle-step-1", 0.9)
    before = answer(record)
    assert not before.applies
    assert "does not apply yet" in before.words
    for change in (
        {
            "meetings": (
                Meeting(date=AS_OF - timedelta(days=3), with_="adviser", agreed="two forms"),
            )
        },
        {"appraisal": {"timeline": AppraisalAnswer(answer=2)}},
        {"exam": replace(record.exam, accommodations="granted")},
    ):
        after = answer(replace(record, **change))
        assert after.applies, change
        assert after.changes


def test_other_hours_than_before_the_failure_are_a_change():
    record = failed("usmle-step-1", 0.9)
    record = replace(
        record,
        attempts=(replace(record.attempts[0], hours_per_day=11.0),),
        availability=Availability(minutes=dict.fromkeys(WEEKDAYS, 420)),
    )
    assert answer(record).applies
    same = replace(record, attempts=(replace(record.attempts[0], hours_per_day=7.0),))
    assert not answer(same).applies


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({}, "about 8 hours a day instead of 5"),
        ({"max_minutes_per_day": 60}, "about 1 hour a day instead of 5"),
        (
            {"windows": dict.fromkeys(WEEKDAYS, (ClockWindow(start=time(8), end=time(10)),))},
            "about 2 hours a day instead of 5",
        ),
    ],
)
def test_the_hours_told_are_those_that_can_be_planned(limits, told):
    record = failed("usmle-step-1", 0.9)
    record = replace(
        record,
        attempts=(replace(record.attempts[0], hours_per_day=5.0),),
        availability=Availability(minutes=dict.fromkeys(WEEKDAYS, 600), **limits),
    )
    assert answer(record).changes == (told,)


def test_without_a_failed_sitting_the_guide_does_not_apply():
    record = replace(failed("usmle-step-1", 0.9), attempts=())
    assert not answer(record).applies


def forecast(days, low):
    return Forecast(
        on=AS_OF + timedelta(days=days),
        score_mean=low + 10,
        score_sd=8.0,
        p_pass=0.5,
        p_pass_low=0.2,
        p_pass_high=0.8,
        p_pass_if_followed=0.6,
        score_low=low,
        score_high=low + 20,
    )


def test_the_models_weeks_are_read_where_the_lower_end_meets_the_mark():
    dates = [forecast(7, 180.0), forecast(14, 190.0), forecast(21, 200.0)]
    assert weeks_to_gate(dates, 195.0, AS_OF) == pytest.approx(2.5)
    assert weeks_to_gate(dates, 170.0, AS_OF) == pytest.approx(1.0)
    assert weeks_to_gate(dates, 230.0, AS_OF) is None
    assert weeks_to_gate((), 195.0, AS_OF) is None


def test_several_tests_count_and_not_the_last_alone():
    record = failed("usmle-step-1", 1.0)
    last = record.forms[0]
    low = replace(last, form="29", date=last.date - timedelta(days=7), score=last.score - 6)
    alone, both = answer(record), answer(replace(record, forms=(low, last)))
    assert both.tests == 2
    assert both.sd_below > alone.sd_below
    much_older = replace(low, date=last.date - timedelta(days=27))
    assert alone.sd_below < answer(replace(record, forms=(much_older, last))).sd_below
    assert answer(replace(record, forms=(much_older, last))).sd_below < both.sd_below


def test_a_test_that_flatters_counts_less_than_an_equated_one():
    record = failed("usmle-step-2-ck", 1.0)
    nbme = record.forms[0]
    high = replace(nbme, family="uwsa", form="2", score=nbme.score + 12)
    twin = replace(nbme, form="9", score=nbme.score + 12)
    flattered, equated = (answer(replace(record, forms=(nbme, f))) for f in (high, twin))
    assert flattered.sd_below > equated.sd_below


def test_the_guide_is_said_in_hours_and_in_the_learners_own_weeks():
    record = failed("usmle-step-1", 0.9)
    assert (answer(record).hours_low, answer(record).own_weeks_low) == (160.0, None)
    hours = Availability(minutes=dict.fromkeys(WEEKDAYS, 60))
    windows = replace(record, availability=hours)
    found = answer(windows)
    assert found.hours_low == 160.0
    assert found.hours_high == 300.0
    assert found.own_weeks_low == pytest.approx(160 / 7)
    gap = answer(replace(failed("usmle-step-1", 1.8), availability=hours))
    assert (gap.hours_low, gap.own_weeks_low) == (None, None)


def test_which_estimate_to_go_by_has_a_reason():
    record = replace(
        failed("usmle-step-1", 0.9), availability=Availability(minutes=dict.fromkeys(WEEKDAYS, 300))
    )
    found = answer(record)
    assert (found.believe, found.believe_reason) == ("guide", "few-tests")
    gap = answer(failed("usmle-step-1", 1.8))
    assert (gap.believe, gap.believe_reason) == ("neither", "no-hours")
