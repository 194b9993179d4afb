"""Area names: the legal ones, close spellings, and the way to the share axis."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 11, 22)
EVERY_AREA = [(exam_id, name) for exam_id in EXAM_IDS for name in facts.area_names(exam_id, ON)]
areas = st.sampled_from(EVERY_AREA)


@given(areas)
def test_an_official_name_is_taken_as_it_stands(area: tuple[str, str]) -> None:
    exam_id, name = area
    match = facts.resolve_area(name, exam_id, ON)
    assert (match.name, match.exact) == (name, True)
    assert match.axis == facts.area_names(exam_id, ON)[name]


@given(areas, st.sampled_from([str.upper, str.lower, str.title]))
def test_case_and_the_way_of_writing_and_do_not_matter(area: tuple[str, str], case) -> None:
    exam_id, name = area
    for written in (case(name), name.replace(" & ", " and "), name.replace(",", "")):
        assert facts.resolve_area(written, exam_id, ON).name == name


@given(areas, st.data())
def test_one_slip_of_typing_never_leads_to_another_area(
    area: tuple[str, str], data: st.DataObject
) -> None:
    exam_id, name = area
    place = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    slips = (
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + name[place + 1] + name[place] + name[place + 2 :],
    )
    for slip in slips:
        try:
            found = facts.resolve_area(slip, exam_id, ON).name
        except FactError as refusal:
            found = name if name in str(refusal) else "refused without the list"
        assert found == name


def test_a_typing_slip_is_accepted_and_marked_for_a_note() -> None:
    match = facts.resolve_area("Cardiovasular System", "usmle-step-1", ON)
    assert (match.name, match.axis, match.exact) == ("Cardiovascular System", "system", False)


def test_the_report_spelling_and_the_blueprint_spelling_are_one_area() -> None:
    for written in ("Respiratory and Renal/Urinary Systems", "Respiratory & Renal/Urinary Systems"):
        match = facts.resolve_area(written, "usmle-step-1", ON, context="nbme-cbssa")
        assert (match.name, match.exact) == ("Respiratory & Renal/Urinary Systems", True)


def test_a_category_that_a_report_merges_is_legal_there_and_not_in_blocks() -> None:
    merged = "Microbiology & Immunology"
    match = facts.resolve_area(merged, "usmle-step-1", ON, context="nbme-cbssa")
    assert (match.name, match.axis) == (merged, "discipline")
    with pytest.raises(FactError, match="Microbiology; "):
        facts.resolve_area(merged, "usmle-step-1", ON)


def test_the_long_names_of_the_level_2_report_lead_to_the_blueprint() -> None:
    for written, name in (
        ("Patient Presentations Related to Respiratory System", "Respiratory System"),
        (
            "Patient Presentations Related to Genitourinary System",
            "Genitourinary/Renal System and Breasts",
        ),
    ):
        assert facts.resolve_area(written, "comlex-level-2-ce", ON, context="official").name == name


def test_an_area_of_another_exam_is_refused_with_where_it_lies() -> None:
    with pytest.raises(FactError) as refused:
        facts.resolve_area("Renal & Urinary System", "usmle-step-1", ON)
    message = str(refused.value)
    assert "lies in Respiratory & Renal/Urinary Systems" in message
    assert "Cardiovascular System" in message


def test_an_area_dissolved_in_2024_is_legal_before_and_refused_after() -> None:
    before = facts.resolve_area(
        "General Principles", "usmle-step-1", date(2023, 5, 1), context="official"
    )
    assert before.axis == "system"
    with pytest.raises(FactError):
        facts.resolve_area("General Principles", "usmle-step-1", ON, context="official")


def test_nonsense_is_refused_with_the_list() -> None:
    with pytest.raises(FactError, match="Areas: Reproductive & Endocrine Systems"):
        facts.resolve_area("Underwater basket weaving", "usmle-step-1", ON)


def test_a_family_that_does_not_serve_the_exam_has_no_areas_there() -> None:
    with pytest.raises(FactError, match="does not serve usmle-step-3"):
        facts.report_areas("nbme-cbssa", "usmle-step-3", ON)


def test_every_report_of_every_exam_lists_legal_areas() -> None:
    for exam_id in EXAM_IDS:
        for report in ("official", *facts.form_families(exam_id)):
            listed = facts.report_areas(report, exam_id, ON)
            for name, axis in listed.items():
                match = facts.resolve_area(name, exam_id, ON, context=report)
                assert (match.name, match.axis) == (name, axis)
                assert sum(facts.map_area(name, exam_id, ON).values()) == pytest.approx(1.0)


@given(areas, st.sampled_from(EXAM_IDS))
def test_an_area_loads_on_share_areas_with_weights_that_sum_to_one(
    area: tuple[str, str], target: str
) -> None:
    _, name = area
    weights = facts.exam_weights(target, ON)
    try:
        loads = facts.map_area(name, target, ON)
    except FactError:
        return
    assert set(loads) <= set(weights)
    assert sum(loads.values()) == pytest.approx(1.0)
    assert min(loads.values()) > 0.0


def test_every_share_area_of_a_step_is_reached_from_another_step_or_said_to_be_unknown() -> None:
    for source in EXAM_IDS[:3]:
        for target in EXAM_IDS[:3]:
            for name in facts.exam_weights(source, ON):
                assert sum(facts.map_area(name, target, ON).values()) == pytest.approx(1.0)


def test_an_area_without_a_counterpart_is_unknown_and_not_spread_evenly() -> None:
    with pytest.raises(FactUnknown, match="no area of its own"):
        facts.map_area("Multisystem Processes & Disorders", "comlex-level-1", ON)


def test_a_combined_area_is_split_over_the_headings_it_covers() -> None:
    loads = facts.map_area("Respiratory & Renal/Urinary Systems", "comlex-level-1", ON)
    assert loads == {
        "Respiratory System": 0.5,
        "Genitourinary/Renal System and Breasts": 0.5,
    }


def test_a_discipline_loads_where_its_content_is() -> None:
    loads = facts.map_area("Psychiatry", "usmle-step-2-ck", ON)
    assert max(loads, key=lambda area: loads[area]) == "Behavioral Health"
    loads = facts.map_area("Behavioral Sciences", "usmle-step-1", ON)
    assert max(loads, key=lambda area: loads[area]).startswith("Social Sciences")


def test_an_overlapping_area_without_an_emphasis_loads_by_exam_weight() -> None:
    loads = facts.map_area("Osteopathic Patient Care and Procedural Skills", "comlex-level-1", ON)
    assert loads == pytest.approx(facts.exam_weights("comlex-level-1", ON))
