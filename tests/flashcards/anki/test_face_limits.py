"""A face has a length, a nesting and a number of parts; nothing takes longer than its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.flashcards.anki import face_limits
from bounceback.flashcards.anki.archive import parse_json
from bounceback.flashcards.anki.card_rendering import faces
from bounceback.flashcards.anki.face_limits import FaceTooLargeError
from bounceback.flashcards.anki.html import as_text, sanitise
from bounceback.flashcards.anki.models import Note, NoteType, Template
from bounceback.flashcards.anki.writing import _plain


def kind(front: str) -> NoteType:
    template = Template(name="Card 1", front=front, back="{{FrontSide}}")
    return NoteType(id=1, name="Basic", cloze=False, fields=("Front",), templates=(template,))


def note(front: str) -> Note:
    return Note(id=1, guid="a", note_type_id=1, fields=(front,), tags=(), modified_s=0)


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ("{{Front}}" * 400, "x" * 60_000),  # asks for 24 MB out of 64 KB
        ("{{text:Front}}" * 4_000, "<b>" * 20_000),  # shows nothing and works for long
        ("x" * (face_limits.MOST_CHARACTERS + 1), ""),
    ],
)
def test_a_template_that_repeats_without_end_is_refused(template: str, field: str) -> None:
    with pytest.raises(FaceTooLargeError):
        faces(kind(template), note(field), 0)


def test_blank_conditional_sections_are_looked_at_once() -> None:
    template = "{{#Front}}{{/Front}}" * 5_000
    assert faces(kind(template), note(" " * 100_000), 0).front == ""


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 1_500,
        "".join(f"<b a{number}>" for number in range(1_500)),
        "<b></i>" * 1_500,
        "<p>" * 50_000,
        "<a " + " ".join(f"a{number}" for number in range(50_000)) + ">",
        "&" * 150_000,
        "x" * 500_000,
    ],
)
def test_html_that_would_hold_the_sanitiser_is_refused(html: str) -> None:
    with pytest.raises(FaceTooLargeError):
        sanitise(html, ())
    assert as_text(html) == "(This text is too large to show.)"


def test_what_real_cards_hold_is_shown() -> None:
    table = "<table>" + "<tr><td>a<td>b" * 500 + "</table>"
    picture = '<img src="data:image/png;base64,' + "A" * 5_000_000 + '">'
    for html in ("<div>" * 60 + "deep" + "</div>" * 60, table, "<p>one" * 500, picture):
        assert sanitise(html, ()) is not None


@given(st.text(alphabet="<>/abpdiv &\"'=", max_size=2_000))
def test_the_check_never_breaks(html: str) -> None:
    face_limits.check(face_limits.without_embedded(html))


def test_escaped_quotes_are_read_in_one_pass() -> None:
    # Every text begun at a quote ran to the end and back: 6 KB took 40 seconds.
    with pytest.raises(ValueError, match="Expecting"):
        parse_json('x"' + 'a\\"' * 200_000 + "\\", 100)


def test_marks_that_are_never_closed_are_passed_once() -> None:
    for mark in ("<!--", "<style", "<script>", '<img src="'):
        assert _plain(mark * 50_000) is not None
    assert _plain('a<!-- b\n --><style>c</style><img src="d.png">e') == "a d.png e"
