import pytest
from builders import BASIC, CLOZE
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards.anki.card_rendering import faces
from bounceback.flashcards.anki.cloze import gaps, shown
from bounceback.flashcards.anki.models import Note, NoteType, Template


@pytest.mark.parametrize(
    ("text", "number", "question", "answer"),
    [
        ("a {{c1::b}} c", 1, "a <b>[...]</b> c", "a <b>b</b> c"),
        ("{{c1::b::hint}}", 1, "<b>[hint]</b>", "<b>b</b>"),
        ("{{c1::b}} {{c2::c}}", 1, "<b>[...]</b> c", "<b>b</b> c"),
        ("{{c1::x {{c2::y}} z}}", 2, "x <b>[...]</b> z", "x <b>y</b> z"),
        ("{{c1::x {{c2::y}} z}}", 1, "<b>[...]</b>", "<b>x y z</b>"),
        ("{{c1::a}} {{c1::b}}", 1, "<b>[...]</b> <b>[...]</b>", "<b>a</b> <b>b</b>"),
        ("{{c1::never closed", 1, "{{c1::never closed", "{{c1::never closed"),
        ("no gap }} :: {{", 1, "no gap }} :: {{", "no gap }} :: {{"),
        ("std::vector {{c1::a}}", 1, "std::vector <b>[...]</b>", "std::vector <b>a</b>"),
    ],
)  # fmt: skip
def test_a_gap_is_asked_and_answered_and_the_others_are_filled(text, number, question, answer):
    assert shown(text, number, answer=False) == question
    assert shown(text, number, answer=True) == answer


@given(st.text(alphabet="{}c12:: ab", max_size=60), st.integers(1, 3))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_a_question_never_shows_what_its_gap_hides(text, number):
    secret = f"{{{{c{number}::SECRET}}}}"
    assert "SECRET" not in shown(secret + text, number, answer=False)
    assert "SECRET" in shown(secret + text, number, answer=True)


def test_hostile_nesting_ends():
    assert shown("{{c1::" * 50_000, 1, answer=False)
    assert shown("{{c1::" * 5000 + "}}" * 5000, 1, answer=False)


def test_gaps_are_numbered_from_one():
    assert gaps("{{c2::a}} {{c10::b}} {{c0::c}} {{c2::d}} {{c999::e}}") == (2, 10)


def note(*fields, tags=()):
    return Note(id=1, guid="g", note_type_id=11, fields=fields, tags=tags)


def test_a_basic_card_asks_its_front_and_answers_under_it():
    found = faces(BASIC, note("ask", "tell"), 0)
    assert found == ("ask", "ask<hr id=answer>tell")


def test_a_cloze_card_asks_the_gap_of_its_template():
    found = faces(CLOZE, note("{{c1::a}} {{c3::b}}", "more"), 2)
    assert found.front == "a <b>[...]</b>"
    assert found.back == "a <b>b</b><br>more"


def test_sections_filters_and_special_fields():
    kind = NoteType(
        id=1,
        name="Odd",
        cloze=False,
        fields=("A", "B", "Empty"),
        templates=(
            Template(
                "Card",
                "{{#B}}[{{B}}]{{/B}}{{^B}}no{{/B}}{{#Empty}}never {{A}}{{/Empty}}"
                "{{^Empty}}empty{{/Empty}} {{text:A}} {{hint:B}} {{type:A}} {{Tags}} {{Subdeck}}"
                " {{tts en_US:A}}{{Unknown}}",
                "{{FrontSide}}|{{hint:B}}",
            ),
        ),
    )
    found = faces(kind, note("<i>a</i>", "b", "<br> &nbsp;", tags=("t", "u")), 0, "Top::Sub")
    assert found.front == "[b]empty a [B] ____ t u Sub <i>a</i>"
    assert found.back == found.front + "|b"


def test_a_template_that_the_type_does_not_have_is_refused():
    with pytest.raises(ValueError, match="counted from 0"):
        faces(BASIC, note("a", "b"), 3)


@given(st.text(alphabet="{}#^/:AB clozetype", max_size=80))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_no_template_whatever_stops_a_card(front):
    kind = NoteType(
        id=1, name="T", cloze=False, fields=("A", "B"), templates=(Template("C", front, front),)
    )
    assert isinstance(faces(kind, note("a", "b"), 0).front, str)
