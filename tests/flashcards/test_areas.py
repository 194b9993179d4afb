"""Tags and decks to exam areas, by data. No content of any shared deck is here, only tag names."""

import csv
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactError
from bounceback.flashcards.areas import Unmapped, card_areas, map_cards
from bounceback.records.models import Miss
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 12, 1)
STEP_1 = "usmle-step-1"
HEART = "#AK_Step1_v12::^Systems::Cardio::HeartSounds"
KIDNEY = "#AK_Step1_v12::#FirstAid::15_Renal::03_Physiology"


def share(tags, deck="Default", exam=STEP_1):
    return card_areas(tags, deck, exam, ON).weights(facts.exam(exam).share_axis)


@pytest.mark.parametrize("name", ["Cardio", "Cardiovascular", "cardiology", "01_CARDIAC"])
def test_names_of_a_system_meet_in_one_area(name):
    assert share([f"#AK_Step1_v12::^Systems::{name}"]) == {"Cardiovascular System": 1.0}


@pytest.mark.parametrize(
    ("tag", "area", "discipline"),
    [
        ("#FirstAid::07_Cardiovascular::03_Physiology", "Cardiovascular System", "Physiology"),
        ("#FirstAid::09_Gastrointestinal::04_Pathology", "Gastrointestinal System", "Pathology"),
        ("#AK_Step1_v12::#B&B::03_Endocrine::01_Thyroid", "Reproductive & Endocrine Systems", None),
        ("#SketchyPharm::02_Cardiac::01_Drugs", "Cardiovascular System", "Pharmacology"),
        ("#AK_Step1_v12::#SketchyMicro::01_Bacteria", None, "Microbiology"),
        ("#AK_Step1_v12::#FirstAid::01_Biochemistry", None, "Biochemistry"),
    ],
)  # fmt: skip
def test_chapters_of_the_usual_resources_give_system_and_discipline(tag, area, discipline):
    found = card_areas([tag], "AnKing", STEP_1, ON)
    assert set(found.weights("system")) == ({area} if area else set())
    assert set(found.weights("discipline")) == ({discipline} if discipline else set())


def test_the_most_trusted_tags_speak_and_the_others_are_silent():
    found = card_areas([KIDNEY, HEART], "Step::Neuro", STEP_1, ON)
    assert found.weights("system") == {"Cardiovascular System": 1.0}
    assert found.weights("discipline") == {"Physiology": 1.0}
    assert {one.trust for one in found.shares if one.axis == "system"} == {"high"}


def test_a_card_of_two_systems_belongs_half_to_each():
    both = [HEART, "#AK_Step1_v12::^Systems::GI"]
    assert share(both) == {"Cardiovascular System": 0.5, "Gastrointestinal System": 0.5}


def test_two_systems_that_one_exam_area_holds_are_one():
    both = ["#AK_Step1_v12::^Systems::Renal", "#AK_Step1_v12::^Systems::Pulm"]
    assert share(both) == {"Respiratory & Renal/Urinary Systems": 1.0}
    assert share(both, exam="usmle-step-2-ck") == {
        "Renal & Urinary System & Reproductive Systems": 0.5,
        "Respiratory System": 0.5,
    }


def test_the_same_tag_gives_each_exam_its_own_area():
    assert share([HEART], exam="comlex-level-1") == {"Circulatory and Hematologic Systems": 1.0}


def test_a_plain_deck_is_read_by_its_name_with_low_trust():
    found = card_areas(["lecture3"], "Year 2::Renal & Urinary::Acid-Base", STEP_1, ON)
    assert found.weights("system") == {"Respiratory & Renal/Urinary Systems": 1.0}
    assert {one.trust for one in found.shares} == {"low"}


@pytest.mark.parametrize(
    ("tag", "item"),
    [
        ("#AK_Step1_v12::#UWorld::Step::12345", "uworld:12345"),
        ("#AK_Step2_v11::#UWorld::777", "uworld:777"),
        ("#UWorld::12345", "uworld:12345"),
        ("#AK_Step2_v12::#UWorld::COMLEX::25217", "uworld-comlex:25217"),
        ("#AMBOSS::Xy-12a", "amboss:xy-12a"),
        ("#NBME::Form25::17", "nbme:form25-17"),
    ],
)
def test_a_bank_question_in_a_tag_is_a_link_and_never_a_topic(tag, item):
    found = card_areas([tag], "Default", STEP_1, ON)
    assert found.items == (item,)
    assert found.shares == ()


def test_a_missed_question_leads_to_its_cards():
    cards = [
        ("a", ["#AK_Step1_v12::#UWorld::Step::12345"], "D"),
        ("b", ["#UWorld::12345"], "D"),
        ("c", ["#UWorld::COMLEX::12345"], "D"),
    ]
    misses = [
        Miss(date=ON, cause="not-recalled", item="UWorld:12345"),
        Miss(date=ON, cause="misread", item="uworld:9"),
        Miss(date=ON, cause="misread"),
    ]
    found = map_cards(cards, STEP_1, ON)
    assert found.of_misses(misses, STEP_1) == {"UWorld:12345": ("a", "b")}
    assert found.of_item("uworld:12345", "comlex-level-1") == ("c",)


@pytest.mark.parametrize(
    "tag",
    [
        "#AK_Step1_v12::!DELETE(Duplicate)",
        "leech",
        "marked",
        "AnkiHub_Protect::Text",
        "#AK_Step1_v12::^Other::^HighYield::1-HighYield",
        "##_Retired::Cardio",
    ],
)
def test_tags_about_the_deck_itself_say_nothing(tag):
    assert card_areas([tag], "Default", STEP_1, ON).shares == ()


def test_what_no_rule_explains_is_listed_with_its_cards_and_can_be_settled():
    cards = [(at, ["Lecture::Week3"], "Dr Nobody") for at in range(3)]
    cards.append((9, [HEART], "Dr Nobody"))
    found = map_cards(cards, STEP_1, ON)
    assert found.unmapped == (
        Unmapped("Dr Nobody", "deck", 3),
        Unmapped("Lecture::Week3", "tag", 3),
    )
    assert found.mapped == 1
    settled = map_cards(cards, STEP_1, ON, {"Lecture": "Human Development"})
    assert settled.unmapped == ()
    assert settled.cards[0].weights("system") == {"Human Development": 1.0}
    assert settled.cards[0].shares[0].trust == "settled"


def test_what_the_learner_settled_wins_over_every_rule():
    found = card_areas([HEART], "D", STEP_1, ON, {HEART: "Gastrointestinal System"})
    assert found.weights("system") == {"Gastrointestinal System": 1.0}


def test_settling_to_an_area_that_the_exam_does_not_have_is_refused_with_the_list():
    with pytest.raises(ValueError, match="Cardiovascular System"):
        card_areas([HEART], "D", STEP_1, ON, {HEART: "Heart"})


@given(
    tags=st.lists(
        st.one_of(
            st.sampled_from([HEART, KIDNEY, "GI", "#UWorld::Step::4", "leech", "Psych::ethics"]),
            st.text(max_size=20),
        ),
        max_size=5,
    ),
    deck=st.text(max_size=20),
    exam=st.sampled_from(EXAM_IDS),
)
@settings(derandomize=True, max_examples=150, deadline=None)
def test_weights_of_an_axis_add_up_to_one_and_areas_are_official(tags, deck, exam):
    found = card_areas(tags, deck, exam, ON)
    for axis in {one.axis for one in found.shares}:
        weights = found.weights(axis)
        assert sum(weights.values()) == pytest.approx(1.0)
        assert set(weights) <= {one.name for one in facts.blueprint(exam, axis, ON)}


def test_every_topic_of_the_data_leads_to_an_area_of_some_exam():
    text = files("bounceback.flashcards").joinpath("data/deck_topics.csv").read_text("utf-8")
    headings = {row["heading"] for row in facts.table("category_mapping")}
    legal = {
        axis: {
            one.name
            for exam in EXAM_IDS
            for one in _blueprint(exam, axis)
        }
        for axis in ("discipline", "task")
    }  # fmt: skip
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) > 150
    for row in rows:
        assert row["confidence"] in ("official", "reported", "inferred")
        if row["axis"] == "system":
            assert row["topic"] in headings
        else:
            assert set(row["topic"].split(";")) <= legal[row["axis"]]


def _blueprint(exam, axis):
    try:
        return facts.blueprint(exam, axis, ON)
    except FactError:
        return ()
