"""The demo's learner has what the pages can show: work today, tests, weeks of misses, a choice."""

from __future__ import annotations

from bounceback.appraisal import cause_table
from bounceback.cli.commands.demo import EXAMPLE, STORY_DAY
from bounceback.records import parse_case
from bounceback.records.examples import examples
from bounceback.services import briefing


def test_the_story_opens_on_a_day_with_work_and_dates_to_choose_between() -> None:
    record = parse_case(examples()[EXAMPLE]).record
    b = briefing(record, STORY_DAY)
    assert [s for s in b.plan.sessions if s.date == STORY_DAY and s.activity]
    assert len(record.forms) > 2
    assert len(cause_table(record.misses).by_week()) > 5
    assert len([o for o in b.decision.options if o.allowed]) > 1
    assert len(b.levers) > 3
    assert b.remediation is None


def test_nothing_in_the_story_lies_after_the_day_it_is_told_on() -> None:
    record = parse_case(examples()[EXAMPLE]).record
    days = [
        *(f.date for f in record.forms),
        *(b.date for b in record.blocks),
        *(m.date for m in record.misses),
        *(s.date for s in record.study),
        *(m.date for m in record.meetings),
    ]
    assert max(days) < STORY_DAY
