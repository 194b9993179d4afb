"""What stands around the findings is asked of the same record and day as the findings."""

from __future__ import annotations

from dataclasses import replace

from bounceback.records.models import Meeting
from bounceback.services import briefing
from bounceback.services import look_back as services
from bounceback.services.single_questions import match_outlook
from tests.services.builders import TODAY, known

CASE = known()["step1-us-md-wobbly"]


def test_the_question_of_a_day_is_the_first_without_an_answer() -> None:
    asked = services.next_question(CASE, TODAY)
    assert asked is not None
    answered = {str(key) for key in CASE.appraisal}
    open_ = [q for q in services.questions() if q.key not in answered]
    assert asked == open_[0]


def test_a_meeting_that_comes_later_opens_no_agenda() -> None:
    later = Meeting(date=TODAY.replace(year=2027), with_="adviser", agreed="two forms")
    own = services.advisor_agenda(briefing(replace(CASE, meetings=(later,)), TODAY))
    assert own.agreed_last_time is None
    assert own.on == TODAY


def test_days_without_an_entry_are_met_with_one_line() -> None:
    assert services.welcome_back(CASE, TODAY.replace(year=2027)) is not None


def test_the_match_opens_when_it_is_asked_for() -> None:
    shut, opened = match_outlook(CASE, TODAY, asked=False), match_outlook(CASE, TODAY)
    assert len(shut.sections()) < len(opened.sections())
