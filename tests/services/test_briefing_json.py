"""What other programs may rely on: names, types, vocabularies and nulls of the briefing."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.records.models import Eligibility, Record
from bounceback.services.briefing_json import ALWAYS, PARTS
from tests.records.strategies import records
from tests.services.builders import TODAY, asked, faults, known, validator

GENERATED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # shrinking a whole record takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

CONTRACT = {
    "": "schema model_version as_of exam notes scale standing areas forecast decision time_needed "
    "remediation appraisal plan ledger changes levers help support outlook sources",
    "scale": "shown pass_mark",
    "scale.pass_mark": "value status in_force_from",
    "standing": "score_mean score_sd p_pass_if_today evidence",
    "standing.evidence[]": "what date weight flag",
    "areas[]": "area axis mean sd exam_weight planned_minutes",
    "forecast[]": "date score_mean score_sd p_pass p_pass_low p_pass_high p_pass_if_followed "
    "score_low score_high p_next_low p_next_high",
    "decision": "advice date p_pass p_pass_low p_pass_high reasons rules next_test if_next_test "
    "options evidence_grade",
    "decision.next_test": "family form date",
    "decision.if_next_test[]": "score_low score_high share advice date",
    "decision.options[]": "kind date p_pass weeks result_usual result_latest deadlines fee_now_usd "
    "fee_if_moved_later_usd attempts_left_if_failed earliest_next points_from_mark",
    "decision.options[].deadlines[]": "what date met",
    "decision.rules[]": "rule holds source",
    "time_needed": "level weeks_low weeks_high model_weeks applies",
    "remediation": "steps retest",
    "remediation.steps[]": "what who by why",
    "remediation.retest": "family form date score",
    "appraisal[]": "dimension finding confidence said measured prescription",
    "plan": "fits left_out bound_gap_points sessions",
    "plan.sessions[]": "id date start minutes activity kind area resource form units locked "
    "done_minutes why",
    "ledger[]": "family form date why",
    "changes[]": "what session why",
    "levers[]": "lever change date p_pass p_pass_low p_pass_high",
    "help[]": "trigger why offer",
    "support[]": "service contact country checked",
    "outlook": "change explain past not_published",
    "sources[]": "id value in_force_from source confidence",
}
"""The keys of the contract, written out a second time so that the schema cannot drift with us."""


def required_keys(schema: dict[str, Any], path: str = "") -> dict[str, set[str]]:
    """The required keys of every object of a schema, by path."""
    found: dict[str, set[str]] = {}
    for choice in schema.get("oneOf", ()):
        found |= required_keys(choice, path)
    if schema.get("type") == "array":
        found |= required_keys(schema["items"], f"{path}[]")
    if "required" in schema:
        found[path] = set(schema["required"])
        for name, below in schema["properties"].items():
            found |= required_keys(below, f"{path}.{name}".lstrip("."))
    return found


def test_the_schema_requires_the_keys_of_the_contract_and_no_others() -> None:
    found = required_keys(validator().schema)
    ours = {path: set(keys.split()) for path, keys in CONTRACT.items()}
    extra = {p for p in found if p not in ours}
    assert {p: found[p] for p in ours} == ours
    # Objects beyond the contract's hang under keys that the contract does not have.
    assert extra <= {
        "help[].message",
        "look_within",
        "look_within.at_work[]",
        "look_within.causes[]",
        "look_within.first",
        "look_within.first.fears[]",
        "look_within.first.first_week[]",
        "look_within.first.now[]",
        "look_within.meeting",
        "look_within.meeting.points[]",
        "look_within.misses",
        "look_within.misses.answer_changes",
        "look_within.misses.pacing[]",
        "look_within.misses.pacing[].quarters[]",
        "look_within.misses.pairs[]",
        "look_within.misses.repeated[]",
        "look_within.question",
        "look_within.reports",
        "look_within.reports.areas[]",
        "plan.sessions[].steps[]",
        "cards",
        "cards.areas[]",
        "cards.areas[].exam_day",
        "cards.areas[].observed",
        "cards.areas[].today",
        "decision.fees[]",
        "levers[].futures[]",
        "plan.left_out[]",
        "plan.nothing",
        "target",
    }


@pytest.mark.parametrize("name", known())
def test_a_known_case_is_answered_as_the_schema_says(name: str) -> None:
    assert faults(asked(known()[name])) == []


@GENERATED
@given(records(), st.integers(0, 120))
def test_any_record_on_any_day_is_answered_as_the_schema_says(record: Record, later: int) -> None:
    answer = asked(record, TODAY + timedelta(days=later))
    assert faults(answer) == []
    check_meaning(record, answer)


@pytest.mark.parametrize("name", known())
def test_a_known_case_keeps_the_meaning_of_its_keys(name: str) -> None:
    check_meaning(known()[name], asked(known()[name]))


def check_meaning(record: Record, answer: dict[str, Any]) -> None:
    """What the contract says of values and no schema can."""
    as_of = date.fromisoformat(answer["as_of"])
    exam = facts.exam(record.exam.id)
    assert sum(e["weight"] for e in answer["standing"]["evidence"]) == pytest.approx(1, abs=1e-9)
    own = [a for a in answer["areas"] if a["axis"] == exam.share_axis]
    assert sum(a["exam_weight"] for a in own) == pytest.approx(1, abs=1e-9)
    assert {a["area"] for a in own} == set(
        facts.exam_weights(record.exam.id, date.fromisoformat(answer["plan"]["test_date"]))
    )
    for day in answer["forecast"]:
        assert day["p_pass_low"] <= day["p_pass"] <= day["p_pass_high"]
        assert exam.scale_low <= day["score_mean"] <= exam.scale_high
        if day["p_next_low"] is not None:
            assert day["p_next_low"] <= day["p_pass"] <= day["p_next_high"]
    check_decision(record, answer)
    days = [date.fromisoformat(day["date"]) for day in answer["forecast"]]
    window = record.exam.eligibility
    first, last = as_of, as_of + timedelta(weeks=26)
    if window is not None:
        first, last = max(first, window.first), min(last, window.last)
    assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    sessions = answer["plan"]["sessions"]
    assert len({s["id"] for s in sessions}) == len(sessions)
    assert all(date.fromisoformat(s["date"]) >= as_of for s in sessions)
    assert [(s["date"], s["start"]) for s in sessions] == sorted(
        (s["date"], s["start"]) for s in sessions
    )
    assert answer["plan"]["fits"] == (not answer["plan"]["left_out"])
    owned = {(f.family, f.form) for f in record.ledger}
    assert owned <= {(e["family"], e["form"]) for e in answer["ledger"]}


def check_decision(record: Record, answer: dict[str, Any]) -> None:
    """What the contract says of the advice and of what the next test would mean."""
    decision, as_of = answer["decision"], answer["as_of"]
    order = ["remediate", "move", "too-early-to-say", "sit"]
    bands = decision["if_next_test"]
    if bands:
        assert sum(b["share"] for b in bands) == pytest.approx(1, abs=1e-9)
        ranks = [order.index(b["advice"]) for b in bands]
        assert ranks == sorted(ranks, reverse=True)
        assert all(a["score_low"] >= b["score_high"] - 0.1 for a, b in pairwise(bands))
    planned = record.exam.planned_date
    if decision["advice"] in ("sit", "move") and decision["date"] != str(planned):
        named = date.fromisoformat(decision["date"])
        assert named >= date.fromisoformat(as_of) + timedelta(days=2)
        assert facts.closed_day(record.exam.id, named) is None
    if decision["advice"] == "too-early-to-say":
        assert decision["date"] >= as_of
    planned_ahead = planned is not None and planned >= date.fromisoformat(as_of)
    if planned_ahead and decision["advice"] != "remediate":
        assert answer["plan"]["test_date"] == str(planned)


FAULTY: dict[str, Callable[[dict[str, Any]], object]] = {
    "a key is missing": lambda a: a.pop("standing"),
    "a chance above one": lambda a: a["forecast"][0].update(p_pass=1.2),
    "a word that is none of the vocabulary": lambda a: a["decision"].update(advice="postpone"),
    "a day where remediate has none": lambda a: a["decision"].update(
        advice="remediate", date="2027-01-01"
    ),
    "a path where none is advised": lambda a: a.update(remediation={"steps": [], "retest": None}),
    "an activity on a rest day": lambda a: a["plan"]["sessions"][0].update(
        kind="rest", activity="cards"
    ),
    "a clock time without minutes": lambda a: a["plan"]["sessions"][0].update(start="8"),
    "a score on an axis without one": lambda a: a["areas"][-1].update(mean=200.0),
    "weeks for a fundamental gap": lambda a: a["time_needed"].update(
        level="fundamental-gap", weeks_low=2
    ),
    "a year for a day": lambda a: a.update(as_of="2026"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_the_schema_sees(fault: str) -> None:
    answer = copy.deepcopy(asked(known()["step1-us-md-wobbly"]))
    FAULTY[fault](answer)
    assert faults(answer) != []


def test_the_day_of_too_early_to_say_is_the_day_of_the_next_form() -> None:
    looked_at = 0
    for record in known().values():
        answer = asked(record)
        if answer["decision"]["advice"] == "too-early-to-say":
            assert answer["decision"]["date"] == answer["decision"]["next_test"]["date"]
            looked_at += 1
    assert looked_at


@pytest.mark.parametrize("part", [p for p in PARTS if PARTS[p]])
def test_a_single_question_names_keys_of_the_whole(part: str) -> None:
    assert {*ALWAYS, *PARTS[part]} <= set(validator().schema["properties"])


def test_what_stands_around_the_findings_is_in_the_answer_as_on_the_pages() -> None:
    record = known()["step1-us-md-wobbly"]
    found = asked(record)["look_within"]
    assert [f["name"] for f in found["first"]["fears"]]
    assert found["first"]["first_week"] or found["first"]["now"]
    assert found["question"]["key"]
    counted = [cause["misses"] for cause in found["causes"]]
    assert counted == sorted(counted, reverse=True)
    assert sum(counted) == len(record.misses)
    never = replace(record, attempts=())
    assert asked(never)["look_within"]["first"] is None
    assert asked(never)["look_within"]["reports"] is None


def test_the_forecast_covers_the_eligible_days_of_26_weeks_and_no_others() -> None:
    looked_at = 0
    for record in known().values():
        for opens in (TODAY + timedelta(weeks=26), TODAY + timedelta(weeks=26, days=1)):
            period = Eligibility(first=opens, last=opens + timedelta(days=90))
            exam = replace(record.exam, eligibility=period, planned_date=opens)
            answer = asked(replace(record, exam=exam))
            days = [] if opens > TODAY + timedelta(weeks=26) else [opens.isoformat()]
            assert [f["date"] for f in answer["forecast"]] == days
            looked_at += 1
    assert looked_at
