"""A case against what is published: official names, limits that are told, scales told apart."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bounceback import facts
from bounceback.errors import CaseError, Fault
from bounceback.records import CaseFile, from_case, parse_case, to_case
from bounceback.records.case_file import data_of
from bounceback.vocabulary import EXAM_IDS

WOBBLY = (Path(__file__).parents[1] / "cases" / "step1-us-md-wobbly.toml").read_text()


def with_entry(section: str, *entries: dict[str, object], **exam: object) -> CaseFile:
    data = data_of(WOBBLY)
    data[section] = [*data.get(section, []), *entries]
    data["exam"].update(exam)
    return from_case(data)


def fault_of(section: str, *entries: dict[str, object], **exam: object) -> Fault:
    with pytest.raises(CaseError) as caught:
        with_entry(section, *entries, **exam)
    (fault,) = caught.value.faults
    return fault


MISS = {"date": date(2026, 11, 1), "cause": "slip"}


def test_a_close_spelling_becomes_the_official_name_with_a_note() -> None:
    case = with_entry("misses", {**MISS, "area": "respiratory and renal/urinary system"})
    assert case.record.misses[0].area == "Respiratory & Renal/Urinary Systems"
    (note,) = case.notes
    assert note.startswith('misses[0].area: "respiratory and renal/urinary system" is read as')
    again = from_case(to_case(case.record))
    assert again.record == case.record
    assert again.notes == ()


def test_an_area_that_a_report_is_not_known_to_list_is_told_apart_from_a_spelling() -> None:
    area = "Social Sciences: Communication & Interpersonal Skills"
    form = {
        "family": "nbme-cbssa",
        "form": "9",
        "date": date(2026, 11, 1),
        "areas": {area: {"percent": 50}},
    }
    case = with_entry("forms", form)
    assert list(case.record.forms[-1].areas) == [area]
    (note,) = case.notes
    assert "the nbme-cbssa report is not known to list" in note
    assert "is read as" not in note


def test_two_spellings_of_one_area_are_not_counted_twice() -> None:
    areas = {"Cardiovascular System": {"percent": 50}, "cardiovascular": {"percent": 60}}
    form = {"family": "nbme-cbssa", "form": "9", "date": date(2026, 11, 1), "areas": areas}
    assert fault_of("forms", form).key == "forms[2].areas.cardiovascular"


def test_an_unknown_area_is_refused_with_the_list_of_its_own_exam() -> None:
    fault = fault_of("misses", {**MISS, "area": "Integumentary System"})
    for area in facts.exam_weights("usmle-step-1", date(2026, 11, 1)):
        assert area in fault.allowed
    assert "USMLE Step 1" in fault.authority


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_every_area_of_every_exam_is_accepted_under_its_official_name(exam_id: str) -> None:
    day = date(2026, 11, 1)
    names = tuple(facts.area_names(exam_id, day))
    data = {
        "schema": 1,
        "learner": {"group": "us-do", "time_zone": "UTC"},
        "exam": {"id": exam_id},
        "misses": [{"date": day, "cause": "slip", "area": name} for name in names],
        "forms": [
            {
                "family": family,
                "form": "1",
                "date": day,
                "areas": {n: {"percent": 50} for n in facts.report_areas(family, exam_id, day)},
            }
            for family in facts.form_families(exam_id)
            if family != "school"
        ],
    }
    case = from_case(data)
    assert case.notes == ()
    assert tuple(miss.area for miss in case.record.misses) == names


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_the_ends_of_each_scale_are_accepted_and_what_lies_beyond_is_refused(exam_id: str) -> None:
    for family_id in facts.form_families(exam_id):
        if family_id == "school":
            continue
        family = facts.form_family(family_id, exam_id)
        for score, sound in (
            (family.low, True),
            (family.high, True),
            (family.low - 1, False),
            (family.high + 1, False),
        ):
            form = {"family": family_id, "form": "1", "date": "2026-11-01", "score": score}
            data = {
                "schema": 1,
                "learner": {"group": "us-do", "time_zone": "UTC"},
                "exam": {"id": exam_id},
                "forms": [form],
            }
            if sound:
                assert from_case(data).record.forms[0].score == score
            else:
                with pytest.raises(CaseError) as caught:
                    from_case(data)
                assert [fault.key for fault in caught.value.faults] == ["forms[0].score"]


def test_a_cbssa_of_187_is_told_from_a_percentage() -> None:
    form = {"family": "nbme-cbssa", "form": "9", "date": date(2026, 11, 1), "score": 187}
    line = str(fault_of("forms", form))
    assert "187 looks like a three-digit score" in line
    assert "A CBSSA report shows percent correct, such as 57" in line
    assert "0 to 100 equated percent correct" in line


def test_a_percentage_on_a_three_digit_scale_is_noted() -> None:
    form = {"family": "uwsa", "form": "1", "date": date(2026, 11, 1), "score": 58}
    (note,) = with_entry("forms", form).notes
    assert "looks like percent correct" in note


def sittings(count: int, exam: str = "usmle-step-1") -> list[dict[str, object]]:
    first = date(2026, 10, 1)
    return [
        {"exam": exam, "date": first + timedelta(days=i), "outcome": "incomplete"}
        for i in range(count)
    ]


def test_a_fifth_sitting_is_answered_with_the_rule_and_not_refused() -> None:
    limit = facts.attempt_rules("usmle-step-1", date(2027, 1, 8)).max_attempts
    case = with_entry("attempts", *sittings(4))
    assert len(case.record.attempts) == 5
    (note,) = case.notes
    assert note.startswith("attempts[4]: 5 attempts at Step 1")
    assert f"{limit.in_force_from}: {limit.value} in all" in note
    assert limit.source in note
    assert with_entry("attempts", *sittings(2)).notes == ()
    assert with_entry("attempts", *sittings(4, exam="usmle-step-3")).notes == ()


def test_a_score_that_does_not_agree_with_its_outcome_is_noted() -> None:
    mark = facts.pass_mark("usmle-step-2-ck", date(2026, 10, 1)).value
    for score, outcome, agrees in (
        (mark - 1, "fail", True),
        (mark, "fail", False),
        (mark, "pass", True),
        (mark - 1, "pass", False),
    ):
        attempt = {
            "exam": "usmle-step-2-ck",
            "date": date(2026, 10, 1),
            "outcome": outcome,
            "score": score,
        }
        assert (with_entry("attempts", attempt).notes == ()) is agrees


def test_a_number_for_step_1_is_refused_from_the_day_none_is_reported() -> None:
    data = {
        "schema": 1,
        "learner": {"group": "us-md", "time_zone": "UTC"},
        "exam": {"id": "usmle-step-2-ck"},
        "attempts": [
            {"exam": "usmle-step-1", "date": "2022-01-25", "outcome": "pass", "score": 230}
        ],
    }
    assert from_case(data).record.attempts[0].score == 230
    data["attempts"] = [
        {"exam": "usmle-step-1", "date": "2022-01-26", "outcome": "pass", "score": 230}
    ]
    with pytest.raises(CaseError, match="2022-01-26 the board reports no number"):
        from_case(data)


def test_a_clearance_rule_of_another_exam_is_noted() -> None:
    other = next(r.id for r in facts.clearance_rules() if r.exam == "comlex-level-1")
    (note,) = with_entry("misses", clearance=other).notes
    assert note.startswith("exam.clearance:")
    own = next(r.id for r in facts.clearance_rules() if r.exam == "usmle-step-1")
    assert with_entry("misses", clearance=own).notes == ()
    assert parse_case(WOBBLY).record.exam.clearance is None


SESSION = {"id": "a", "date": date(2026, 12, 1), "minutes": 60, "activity": "questions"}


def test_areas_of_a_session_are_areas_or_strands() -> None:
    case = with_entry("plan", {**SESSION, "areas": ["cardiovascular", "omm", "OMM"]})
    assert case.record.plan[0].areas == ("Cardiovascular System", "omm", "OMM")
    assert case.notes[0].startswith("plan[0].areas[0]")
    assert fault_of("plan", {**SESSION, "areas": ["Nowhere"]}).key == "plan[0].areas[0]"


def test_unused_questions_are_filed_under_areas_of_the_exam_ahead() -> None:
    bank = {"name": "B", "kind": "questions", "left_by_area": {"cardiovascular": 40}}
    case = with_entry("resources", bank)
    assert case.record.resources[-1].left_by_area == {"Cardiovascular System": 40}
    wrong = {**bank, "left_by_area": {"Nowhere": 40}}
    assert fault_of("resources", wrong).key.endswith("left_by_area.Nowhere")


def test_not_done_is_not_the_same_as_not_known() -> None:
    case = with_entry("plan", {**SESSION, "done_minutes": 0}, {**SESSION, "id": "b"})
    assert [s.done_minutes for s in case.record.plan] == [0, None]
    assert from_case(to_case(case.record)).record.plan == case.record.plan


BANK = {"name": "My bank", "kind": "questions"}


def test_an_entry_of_the_catalog_is_kept_and_the_record_is_not_filled() -> None:
    case = with_entry("resources", {**BANK, "catalogue": "uworld-step-1"})
    resource = case.record.resources[-1]
    assert (resource.catalogue, resource.units) == ("uworld-step-1", None)
    assert from_case(to_case(case.record)).record == case.record


def test_an_unknown_entry_of_the_catalog_is_refused_with_the_nearest() -> None:
    fault = fault_of("resources", {**BANK, "catalogue": "uworld-step1"})
    assert fault.key.endswith(".catalogue")
    assert fault.allowed.split(" | ")[0] == "uworld-step-1"
    assert 'Write "uworld-step-1"' in fault.remedy
    far = fault_of("resources", {**BANK, "catalogue": "0" * 60})
    assert "units" in far.remedy


def test_a_kind_that_is_not_that_of_the_entry_is_told() -> None:
    case = with_entry("resources", {**BANK, "kind": "cards", "catalogue": "uworld-step-1"})
    (note,) = [n for n in case.notes if "catalog" in n]
    assert "counts questions" in note


def test_the_kind_comes_from_the_catalog_where_the_case_leaves_it_out() -> None:
    case = with_entry("resources", {"name": "Deck", "catalogue": "anking-step-1"})
    assert case.record.resources[-1].kind == "cards"


def test_without_kind_and_catalog_entry_the_kind_is_asked_for() -> None:
    with pytest.raises(CaseError) as refused:
        with_entry("resources", {"name": "Deck"})
    assert [fault.key.split(".")[-1] for fault in refused.value.faults] == ["kind"]
    with pytest.raises(CaseError) as refused:
        with_entry("resources", {"name": "Deck", "kind": "stones"})
    assert len(refused.value.faults) == 1
