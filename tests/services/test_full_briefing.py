"""The door: the same answer for the same question, the lookback, the parts of the whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.errors import QuestionError
from bounceback.forecast.prediction import Forecast
from bounceback.messages.appraisal import say_all
from bounceback.planning.models import DayLevel
from bounceback.records import models as v
from bounceback.services import Briefing, briefing, lookback, lookback_to_json, replanned, to_json
from bounceback.services.briefing_json import ALWAYS, PARTS, remediation_keys
from tests.appraisal import learners
from tests.services.builders import TODAY, asked, faults, known

WOBBLY = "step1-us-md-wobbly"


@pytest.mark.parametrize("name", known())
def test_the_same_question_has_the_same_answer(name: str) -> None:
    record = known()[name]
    assert asked(record, seed=1) == asked(record, seed=1)


@pytest.mark.parametrize("question", [q for q in PARTS if q not in ("brief", "replan")])
@pytest.mark.parametrize("name", known())
def test_a_single_question_answers_a_part_of_the_whole_with_the_same_numbers(
    name: str, question: str
) -> None:
    b = briefing(known()[name], TODAY)
    whole, part = to_json(b), to_json(b, question)
    assert set(part) == {*ALWAYS, *PARTS[question]}
    assert part == {key: whole[key] for key in part}


def test_a_remark_of_the_reader_stands_in_the_notes() -> None:
    assert "read as Cardiology" in asked(known()[WOBBLY], notes=("read as Cardiology",))["notes"]


def test_the_plan_leads_to_the_date_chosen_or_to_the_checkpoint() -> None:
    for record in known().values():
        answer = asked(record)
        planned = record.exam.planned_date
        if planned is not None and answer["decision"]["advice"] != "remediate":
            assert answer["plan"]["test_date"] == planned.isoformat()
        retest = (answer["remediation"] or {}).get("retest")
        if retest:
            assert answer["plan"]["test_date"] == retest["date"]


def test_the_chance_advised_on_is_the_chance_of_the_forecast() -> None:
    for record in known().values():
        answer = asked(record)
        by_date = {f["date"]: f for f in answer["forecast"]}
        for option in answer["decision"]["options"]:
            f = by_date.get(option["date"])
            if f is not None and option["kind"] == "date":
                assert option["p_pass"] == pytest.approx(f["p_pass"], abs=1e-4)


def test_a_passed_retest_reopens_the_plan_after_two_failures() -> None:
    record = known()["level1-us-do-gap"]
    taken = v.Form(family="comsae", form="P1-E", date=date(2027, 1, 3), score=520)
    again = v.Form(family="comsae", form="P1-F", date=date(2027, 1, 10), score=530)
    later = replace(
        record,
        forms=(*record.forms, taken, again),
        exam=replace(record.exam, planned_date=date(2027, 2, 20)),
    )
    assert asked(record)["decision"]["advice"] == "remediate"
    assert asked(later, date(2027, 1, 12))["decision"]["advice"] != "remediate"


def test_where_rules_leave_no_date_the_path_leads_to_people_and_not_to_a_retest() -> None:
    record = known()[WOBBLY]
    over = replace(
        record,
        exam=replace(
            record.exam,
            eligibility=v.Eligibility(first=TODAY - timedelta(90), last=TODAY - timedelta(1)),
        ),
    )
    answer = asked(over)
    assert answer["forecast"] == []
    assert answer["decision"]["advice"] == "remediate"
    assert "eligibility" in answer["decision"]["reasons"][0]
    assert answer["remediation"]["retest"] is None
    assert "the board" in {step["who"] for step in answer["remediation"]["steps"]}
    assert faults(answer) == []


def test_help_that_was_agreed_on_is_offered() -> None:
    record = known()[WOBBLY]
    days = [
        v.Attempt(exam="usmle-step-1", date=date(2020 + n, 1, 1), outcome="fail") for n in (1, 2)
    ]
    third = replace(record, attempts=(*days, *record.attempts))
    assert "fourth-attempt" in {h["trigger"] for h in asked(third)["help"]}
    assert "fourth-attempt" not in {h["trigger"] for h in asked(record)["help"]}


def test_an_aim_prices_changes_and_gates_nothing() -> None:
    record = known()[WOBBLY]
    without = replace(record, exam=replace(record.exam, target_p_pass=None))
    with_aim, plain = asked(record), asked(without)
    assert plain["target"] is None
    assert with_aim["target"]["p_pass_wanted"] == 0.95
    for key in ("decision", "forecast", "plan", "levers"):
        assert with_aim[key] == plain[key]


# --- the lookback -----------------------------------------------------------------------------


def test_the_lookback_is_the_briefing_of_the_day_before_and_what_was_decided() -> None:
    record = known()[WOBBLY]
    found = lookback(record)
    answer = json.loads(json.dumps(lookback_to_json(found), allow_nan=False))
    assert answer["as_of"] == "2026-09-19"
    assert answer["decided"]["date"] == "2026-09-20"
    assert answer["decided"]["outcome"] == "fail"
    assert [e["what"] for e in answer["standing"]["evidence"] if e["date"]] == ["nbme-cbssa 29"]
    assert faults(answer) == []


def test_the_lookback_sees_nothing_that_came_later() -> None:
    record = known()[WOBBLY]
    later = v.Form(family="nbme-cbssa", form="33", date=date(2026, 11, 20), score=80)
    more = replace(record, forms=(*record.forms, later))
    first, second = (lookback_to_json(lookback(r)) for r in (record, more))
    first.pop("notes"), second.pop("notes")
    assert first == second


def test_without_a_failed_sitting_there_is_no_day_to_look_back_to() -> None:
    record = replace(known()[WOBBLY], attempts=())
    with pytest.raises(QuestionError, match="no failed attempt"):
        lookback(record)


def without_next_test(forecasts: Sequence[Forecast]) -> list[Forecast]:
    """The forecasts without what they say of the next practice test."""
    return [replace(f, p_next_low=0.0, p_next_high=0.0) for f in forecasts]


@pytest.mark.parametrize("level", ["half", "minimum"])
def test_a_smaller_day_is_asked_of_the_one_door_and_nothing_else_of_the_day_changes(
    level: DayLevel,
) -> None:
    for record in known().values():
        good, small = briefing(record, TODAY), briefing(record, TODAY, level=level)

        def minutes(b: Briefing) -> int:
            return sum(s.minutes for s in b.plan.sessions if s.date == TODAY and s.activity)

        assert small.plan.level == level
        assert minutes(small) <= minutes(good)
        if small.plan.ledger == good.plan.ledger:
            assert small.forecasts == good.forecasts
        # What the next practice test may show waits where that test moves off a smaller day.
        assert without_next_test(small.forecasts) == without_next_test(good.forecasts)
        again = replanned(to_json(good), record, TODAY, level=level)
        assert minutes(again) <= minutes(good)
        assert again.plan.level == level


def test_the_plan_holds_the_changes_at_work_and_no_other() -> None:
    session = v.PlannedSession(id="1", date=TODAY - timedelta(days=12), start=None, minutes=60)
    record = replace(learners.passive_reader(), plan=(session,))
    b = briefing(record, TODAY)
    assert b.at_work
    told = " ".join(b.notes)
    for working in b.at_work:
        assert say_all(working.prescription.why) in told
    at_work = {w.prescription.parameter for w in b.at_work}
    for change in b.appraisal.prescriptions:
        assert (say_all(change.why) in told) is (change.parameter in at_work)
    keys = to_json(b)["look_within"]["at_work"]
    assert [w["parameter"] for w in keys] == [w.prescription.parameter for w in b.at_work]


def test_a_draft_that_is_offered_is_in_the_answer() -> None:
    found = {h["trigger"]: h for h in asked(learners.alone())["help"]}
    draft = found["isolation"]["message"]
    assert draft["to"] == "advisor"
    assert draft["text"].startswith("You haven't heard from me in a while.")


@pytest.mark.parametrize("days", [1, 4, 40])
def test_a_planned_day_too_near_for_a_test_is_no_ground_for_a_rebuild(days: int) -> None:
    record = known()["example step-1"]
    exam = replace(
        record.exam,
        planned_date=TODAY + timedelta(days=days),
        eligibility=v.Eligibility(first=TODAY, last=TODAY + timedelta(days=100)),
    )
    answer = asked(replace(record, exam=exam))
    assert answer["decision"]["advice"] == "move"
    assert answer["plan"]["test_date"] == exam.planned_date.isoformat()


def test_a_date_that_stands_is_planned_for_against_the_advice_to_build_up() -> None:
    record = known()["level1-us-do-gap"]
    stands = replace(record, exam=replace(record.exam, date_stands=True))
    answer = asked(stands)
    assert answer["decision"]["advice"] == "remediate"
    assert answer["plan"]["test_date"] == record.exam.planned_date.isoformat()
    assert asked(record)["plan"]["test_date"] == asked(record)["remediation"]["retest"]["date"]


def test_without_a_date_the_working_date_does_not_slide() -> None:
    record = known()[WOBBLY]
    for window in (record.exam.eligibility, None):
        none = replace(record, exam=replace(record.exam, planned_date=None, eligibility=window))
        dates = {asked(none, TODAY + timedelta(n))["plan"]["test_date"] for n in (0, 3, 10)}
        assert len(dates) == 1
    fixed = replace(none, exam=replace(none.exam, working_date=date(2027, 2, 12)))
    assert asked(fixed)["plan"]["test_date"] == "2027-02-12"


def test_a_date_outside_eligibility_is_planned_for_with_a_warning() -> None:
    record = known()[WOBBLY]
    outside = replace(record, exam=replace(record.exam, planned_date=date(2027, 3, 10)))
    answer = asked(outside)
    assert answer["plan"]["test_date"] == "2027-03-10"
    assert any("outside your eligibility" in note for note in answer["notes"])


def test_a_re_test_keeps_its_day_when_the_plan_is_re_made() -> None:
    record = known()["step1-us-md-wobbly"]
    before = replace(record.attempts[0], date=date(2026, 3, 1))
    twice = replace(record, attempts=(before, *record.attempts))
    old = asked(twice)
    assert old["remediation"]["retest"]
    for n in (1, 8):
        b = replanned(old, twice, TODAY + timedelta(days=n))
        assert b.remediation is not None
        assert remediation_keys(b)["retest"] == old["remediation"]["retest"]
        old = json.loads(json.dumps(to_json(b)))


def out_of_reach(**exam: object) -> tuple[v.Record, v.Record]:
    """The wobbly case with these days for its exam, and without them."""
    case = known()[WOBBLY]
    bare = replace(case.exam, planned_date=None, eligibility=None)
    return replace(case, exam=replace(bare, **exam)), replace(case, exam=bare)


@pytest.mark.parametrize(
    ("exam", "key"),
    [
        ({"planned_date": date(2099, 2, 10)}, "exam.planned_date (2099-02-10)"),
        (
            {"eligibility": v.Eligibility(first=date(2099, 1, 1), last=date(2099, 3, 31))},
            "exam.eligibility.first (2099-01-01)",
        ),
    ],
)
def test_a_day_decades_away_is_asked_about_and_the_answer_is_made_without_it(
    exam: dict[str, object], key: str
) -> None:
    far, without = (asked(record) for record in out_of_reach(**exam))
    (note,) = set(far.pop("notes")) - set(without.pop("notes"))
    assert note.startswith(f"{key} lies more than two years ahead; check the year.")
    assert far == without


def test_a_day_two_years_away_is_planned_for_and_one_later_is_not() -> None:
    last = TODAY + timedelta(weeks=104)
    for day in (last, last + timedelta(days=1)):
        record, _ = out_of_reach(planned_date=day)
        b = briefing(record, TODAY)
        assert (b.record.exam.planned_date == day) is (day == last)
        assert (day in {f.on for f in b.solved}) is (day == last)


def test_a_day_advised_decades_away_in_an_earlier_briefing_is_not_held() -> None:
    _, record = out_of_reach()
    earlier = asked(record)
    earlier["plan"]["advised"] = "2099-02-10"
    b = replanned(earlier, record, TODAY)
    assert b.plan.test_date <= TODAY + timedelta(weeks=26)
