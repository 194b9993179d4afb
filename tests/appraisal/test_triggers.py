from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.appraisal import Bound, help_triggers
from bounceback.appraisal.triggers import trigger_ids
from bounceback.errors import QuestionError
from bounceback.messages import render
from bounceback.messages.appraisal import message_text
from bounceback.reasons import reason
from bounceback.records.models import (
    AppraisalAnswer,
    Attempt,
    Checkin,
    Miss,
    PlannedSession,
    Record,
)
from bounceback.services.briefing_json import help_keys
from tests.appraisal import learners
from tests.appraisal.learners import SINCE, TODAY, form


def fired(record: Record, **more: object) -> list[str]:
    return [x.trigger for x in help_triggers(record, TODAY, **more)]  # type: ignore[arg-type]


def with_scores(*scores: float) -> Record:
    """Tests twelve days apart, the newest four days ago."""
    forms = tuple(
        form(TODAY - timedelta(days=4 + 12 * ago), score, str(31 - ago))
        for ago, score in enumerate(reversed(scores))
    )
    return replace(learners.steady(), forms=forms[::-1])


def test_a_steady_learner_is_left_in_peace() -> None:
    assert fired(learners.steady()) == []


def test_falling_tests_offer_the_adviser_and_level_ones_a_tutor() -> None:
    assert fired(with_scores(64, 58)) == ["falling-forms"]
    assert fired(with_scores(60, 61, 60)) == ["flat-forms"]
    assert fired(with_scores(57, 62, 67)) == []


def test_two_tests_moved_on_are_met_with_a_first_step() -> None:
    plan = tuple(
        PlannedSession(
            id=str(k),
            date=TODAY - timedelta(days=k),
            start=None,
            minutes=240,
            kind="form",
            done_minutes=0,
        )
        for k in (3, 9)
    )
    assert "avoided-forms" in fired(replace(learners.steady(), plan=plan))
    assert "avoided-forms" in fired(learners.dodger())


@pytest.mark.parametrize(("days", "holds"), [(4, False), (5, True)])
def test_five_lost_days_offer_a_message_and_four_do_not(days: int, holds: bool) -> None:
    plan = tuple(
        PlannedSession(
            id=str(k), date=TODAY - timedelta(days=k), start=None, minutes=60, done_minutes=0
        )
        for k in range(1, days + 1)
    )
    record = replace(
        learners.steady(), plan=plan, study=learners.studied(SINCE, TODAY - timedelta(days=8))
    )
    assert ("lost-days" in fired(record)) is holds


def test_days_with_work_that_was_not_ticked_are_not_lost() -> None:
    plan = tuple(
        PlannedSession(
            id=str(k), date=TODAY - timedelta(days=k), start=None, minutes=60, done_minutes=0
        )
        for k in range(1, 7)
    )
    assert "lost-days" not in fired(replace(learners.steady(), plan=plan))


def test_long_days_change_tomorrow_and_send_nothing() -> None:
    (found,) = help_triggers(learners.over_worker(), TODAY)
    assert (found.trigger, found.act, found.has_message) == ("over-work", "plan", False)


def test_a_low_screen_offers_a_clinician_first_and_its_message_holds_nothing_private() -> None:
    found = help_triggers(learners.low_mood(), TODAY)[0]
    assert (found.trigger, found.act) == ("low-wellbeing", "clinician")
    assert found.has_message
    assert found.summary == ()


def test_two_weeks_without_a_person_offer_one_sentence() -> None:
    assert fired(learners.alone()) == ["isolation"]


def test_three_failed_sittings_bring_the_dean_before_a_date() -> None:
    sittings = tuple(
        Attempt(exam="usmle-step-1", date=date(2025, 1 + 3 * k, 5), outcome="fail")
        for k in range(3)
    )
    found = help_triggers(replace(learners.steady(), attempts=sittings), TODAY)
    assert [x.trigger for x in found] == ["fourth-attempt"]
    assert render(found[0].to) == "dean of student affairs"


@pytest.mark.parametrize(
    ("lower", "day", "holds"),
    [(195.9, TODAY, True), (196.0, TODAY, False), (180.0, TODAY + timedelta(days=1), False)],
)
def test_the_agreed_rule_speaks_on_its_day_and_under_the_mark_alone(
    lower: float, day: date, holds: bool
) -> None:
    bound = Bound(lower=lower, mark=196.0, decide_on=day)
    assert ("bound-below-mark" in fired(learners.steady(), bound=bound)) is holds


def test_a_timing_gap_offers_accommodations_until_they_are_asked_for() -> None:
    record = learners.second_language()
    assert fired(record) == ["timing-gap"]
    asked = replace(record, exam=replace(record.exam, accommodations="asked"))
    assert fired(asked) == []


def test_a_course_is_named_with_what_it_did_and_never_sold() -> None:
    (found,) = help_triggers(learners.steady(), TODAY, time_needed="fundamental-gap")
    offer = render(found.offer)
    assert "made no difference" in offer
    assert "Ask first what your school offers" in offer


def test_triggers_that_were_not_agreed_on_stay_silent() -> None:
    assert fired(learners.alone(), agreed={"falling-forms"}) == []
    with pytest.raises(QuestionError, match="allowed: low-wellbeing"):
        help_triggers(learners.steady(), TODAY, agreed={"mind-reading"})


def test_every_trigger_offers_one_act_under_the_keys_of_the_briefing() -> None:
    assert len(trigger_ids()) == len(set(trigger_ids())) == 12
    for found in help_triggers(learners.dodger(), TODAY):
        row = help_keys(found)
        assert set(row) == {"trigger", "why", "offer", "act", "to", "message"}
        assert (row["message"] is None) is not found.has_message
        assert all(row.values())


def test_no_message_carries_sleep_mood_notes_contacts_reason_or_misses() -> None:
    secret = "my-secret"
    record = replace(
        learners.dodger(),
        checkins=tuple(
            Checkin(date=TODAY - timedelta(days=k), sleep_hours=4.25, phq2=6, contact=secret)
            for k in range(3)
        ),
        appraisal={"help": AppraisalAnswer(answer=1, note=secret)},
        misses=(Miss(date=TODAY, cause="slip", rule=secret),),
    )
    record = replace(record, learner=replace(record.learner, reason=secret))
    drafts = [x for x in help_triggers(record, TODAY) if x.has_message]
    assert drafts
    for draft in drafts:
        text = message_text(draft) + render(draft.subject)
        assert secret not in text
        assert "4.25" not in text
        assert "of 6" not in text


def test_with_all_sittings_used_no_further_number_is_promised() -> None:
    sittings = tuple(
        Attempt(exam="usmle-step-1", date=date(2024 + k // 2, 1 + 6 * (k % 2), 5), outcome="fail")
        for k in range(4)
    )
    (found,) = help_triggers(replace(learners.steady(), attempts=sittings), TODAY)
    assert found.why == (reason("appraisal.attempts-used-up", used=4),)
    assert found.has_message
    assert "fourth" not in message_text(found)
