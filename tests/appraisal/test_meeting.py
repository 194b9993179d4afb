from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.appraisal import agenda, appraise, help_triggers, note_meeting
from bounceback.appraisal.meeting import Agenda
from bounceback.errors import QuestionError
from bounceback.messages import render
from bounceback.messages.appraisal import say_all
from bounceback.reasons import reason
from bounceback.records.models import AppraisalAnswer, Checkin, Meeting
from tests.appraisal import learners
from tests.appraisal.learners import TODAY


def words_of(points: Agenda) -> str:
    titles = [i.title if isinstance(i.title, str) else render(i.title) for i in points.items]
    asks = [say_all(i.ask) for i in points.items]
    return " ".join([*titles, *asks, *(render(line) for line in points.summary)])


def test_the_agenda_has_at_most_five_points_and_the_learners_own_come_first() -> None:
    record = learners.avoider()
    found = agenda(
        record,
        TODAY,
        appraise(record, TODAY),
        triggers=help_triggers(record, TODAY),
        own_points=["Can I sit the next test at school?"],
    )
    assert len(found.items) <= 5
    assert found.items[0].title == "Can I sit the next test at school?"
    assert found.items[1].ask


def test_mood_and_sleep_stay_out_of_the_agenda() -> None:
    record = replace(
        learners.low_mood(),
        checkins=(
            *learners.sleepless().checkins,
            Checkin(date=TODAY - timedelta(days=1), phq2=5),
        ),
    )
    appraisal = appraise(record, TODAY)
    assert {"mood", "sleep"} <= {f.dimension for f in appraisal.ranked}
    found = agenda(record, TODAY, appraisal, triggers=help_triggers(record, TODAY))
    text = words_of(found)
    for word in ("Mood", "Sleep", "heavy", "nights", "appointment"):
        assert word not in text


def test_the_agenda_opens_with_what_was_agreed_last_time() -> None:
    record = replace(
        learners.avoider(),
        meetings=(
            Meeting(date=date(2026, 11, 1), with_="adviser", agreed="two forms"),
            Meeting(date=date(2026, 12, 9), with_="adviser", agreed="later"),
        ),
    )
    found = agenda(record, TODAY, appraise(record, TODAY))
    assert found.agreed_last_time == reason(
        "appraisal.decided-in-meeting", on=date(2026, 11, 1), who="adviser", agreed="two forms"
    )
    assert found.next_date == TODAY + timedelta(days=14)


def test_a_meeting_is_noted_with_its_next_date_after_it() -> None:
    outcome = note_meeting(TODAY, "adviser", " two forms\nfirst ", next_date=date(2026, 12, 6))
    assert outcome.meeting.agreed == "two forms first"
    with pytest.raises(QuestionError, match="is not after the meeting"):
        note_meeting(TODAY, "adviser", "", next_date=TODAY)


def test_contacts_stay_out_of_the_agenda_and_a_clinicians_meeting_too() -> None:
    record = replace(
        learners.steady(),
        checkins=(Checkin(date=TODAY - timedelta(days=1), contact="my therapist"),),
        meetings=(
            Meeting(date=date(2026, 11, 1), with_="adviser", agreed="two forms"),
            Meeting(date=date(2026, 11, 20), with_="psychiatrist", agreed="another dose"),
        ),
        appraisal={"help": AppraisalAnswer(answer=1)},
    )
    appraisal = appraise(record, TODAY)
    assert any(
        "therapist" in say_all((*f.says, f.measure.says)) for f in appraisal.ranked if f.measure
    ), "nothing to leak"
    found = agenda(record, TODAY, appraisal, triggers=help_triggers(record, TODAY))
    assert found.agreed_last_time == reason(
        "appraisal.decided-in-meeting", on=date(2026, 11, 1), who="adviser", agreed="two forms"
    )
    told = words_of(found)
    assert "therapist" not in told
    assert "psychiatrist" not in told
    alone = learners.alone()
    points = agenda(alone, TODAY, appraise(alone, TODAY), triggers=help_triggers(alone, TODAY))
    assert "No one to talk to lately" not in words_of(points)
    assert "Asking for help" not in words_of(points)
