from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.errors import UntrustedInputError
from bounceback.flashcards import anki
from bounceback.flashcards.anki.import_merge import merge, nothing_kept
from bounceback.flashcards.anki.limits import Limits
from bounceback.flashcards.anki.text_decks import (
    NewNote,
    package_of,
    read_text,
    read_text_deck,
    write_text,
)

NOW = 1_790_000_000


def fields(text, **given):
    deck, skipped = read_text(text, NOW, **given)
    assert skipped == ()
    return [note.fields for note in deck.notes]


@pytest.mark.parametrize("mark", ["\t", ",", ";", "|"])
def test_the_separator_is_found(mark):
    assert fields(f"ask{mark}tell\nmore{mark}said\n") == [("ask", "tell"), ("more", "said")]


def test_quoted_cells_may_hold_separators_and_lines():
    assert fields('"a, b","line 1\nline 2"\n') == [("a, b", "line 1<br>line 2")]


def test_plain_text_stays_plain_and_html_is_html_where_the_file_says_so():
    assert fields("p < 0.05\tyes\n") == [("p &lt; 0.05", "yes")]
    assert fields("#html:true\n<b>p</b>\tyes\n") == [("<b>p</b>", "yes")]


def test_the_head_names_separator_deck_tags_and_columns():
    text = (
        "#separator:semicolon\n#deck:Renal\n#tags:mine\n#guid column:1\n#tags column:3\n"
        "#deck column:4\nid-1;ask;a::b c;Heart;tell\nid-2;ask 2;;;tell 2\n"
    )
    deck, _ = read_text(text, NOW)
    assert [note.guid for note in deck.notes] == ["id-1", "id-2"]
    assert deck.notes[0].fields == ("ask", "tell")
    assert deck.notes[0].tags == ("mine", "a::b", "c")
    names = {one.id: one.name for one in deck.decks}
    assert [names[one] for one in deck.cards["deck_id"].tolist()] == ["Heart", "Renal"]


def test_gaps_make_a_cloze_note_with_one_card_each():
    deck, _ = read_text("{{c1::a}} and {{c3::b}}\textra\n", NOW)
    assert deck.cards["template"].tolist() == [0, 2]
    assert len(set(deck.cards["id"].tolist())) == 2


def test_a_line_without_a_question_is_listed_and_left_out():
    deck, skipped = read_text("ask\ttell\n\ttell\n\n   \t \nmore\tsaid\n", NOW)
    assert len(deck.notes) == 2
    assert [(one.what, one.why) for one in skipped] == [("line 2", "its question is empty")]


def test_a_very_long_field_is_a_field():
    deck, skipped = read_text("a,b\n" + "x" * 200_000 + ",c\n", NOW)
    assert (len(deck.notes), skipped) == (2, ())


def test_caps_hold():
    with pytest.raises(UntrustedInputError, match="safety cap"):
        read_text("a,b\n" * 100, NOW, limits=Limits(text_bytes=50))
    with pytest.raises(UntrustedInputError, match="notes"):
        read_text("".join(f"a{at},b\n" for at in range(9)), NOW, limits=Limits(notes=5))


def test_the_same_file_twice_adds_nothing():
    deck, _ = read_text("ask\ttell\nmore\tsaid\n", NOW)
    later, _ = read_text("ask\ttell\nmore\tsaid\n", NOW + 86_400)
    once = merge(nothing_kept(), deck)
    twice = merge(once.kept, later)
    assert (once.notes_added, twice.notes_added, twice.cards_added) == (2, 0, 0)


CELL = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
).map(str.strip)


@given(
    st.lists(st.tuples(CELL.filter(bool), CELL), min_size=1, max_size=5, unique_by=lambda x: x[0])
)
@settings(derandomize=True, max_examples=100, deadline=None)
def test_a_deck_written_as_text_comes_back(pairs):
    notes = [NewNote(front=front, back=back, deck="D::E", tags=("t",)) for front, back in pairs]
    made = package_of(notes, NOW)
    back, skipped = read_text(write_text(made), NOW)
    assert skipped == ()
    assert [(note.guid, note.fields, note.tags) for note in back.notes] == [
        (note.guid, note.fields, note.tags) for note in made.notes
    ]
    assert {one.name for one in back.decks} == {"D::E"}


def test_cards_of_ones_own_become_a_package_that_can_be_written_and_read(tmp_path):
    made = package_of(
        [
            NewNote(front="Why did I miss it?", back="Because", tags=("miss", "#UWorld::Step::12")),
            NewNote(front="{{c1::a}} {{c2::b}}", deck="Misses::Heart"),
        ],
        NOW,
    )
    path = tmp_path / "own.apkg"
    anki.write(made, path)
    found = anki.inspect(path, 4, "UTC")
    assert (found.notes, found.cards, found.warnings, found.skipped) == (2, 3, (), ())
    assert [state.deck for state in found.states] == ["Bounceback", *["Misses::Heart"] * 2]


TEXTS = Path(__file__).parent / "fixtures" / "text"


@pytest.mark.parametrize(
    ("name", "cards", "left_out"),
    [
        (
            "tab-with-commas.txt",
            [("Causes of A, B, C and D?", "one answer"), ("What is E?", "F")],
            [],
        ),
        (
            "tab-with-semicolons.csv",
            [("q one; with semicolons; many", "answer"), ("q two", "answer 2")],
            [],
        ),
        (
            "semicolon-with-commas.csv",
            [("Causes of A, B, C?", "answer one, two, three, four"), ("Another, q?", "x, y")],
            [],
        ),
        ("dash.txt", [], ["line 1", "line 2"]),
        ("outline.txt", [], ["line 1", "line 2", "line 3"]),
        (
            "open-quote.txt",
            [("q1", "a1"), ('"q2 starts with a quote', "a2"), ("q3", "a3"), ("q4", "a4")],
            [],
        ),
        (
            "same.txt",
            [
                ("Which drug causes a dry cough?", "lisinopril"),
                ("Which drug causes a dry cough?", "enalapril too: bradykinin"),
                ("Last question", "last answer"),
            ],
            [],
        ),
    ],
)
def test_decks_as_people_have_them(name, cards, left_out):
    found = read_text_deck((TEXTS / name).read_text("utf-8"), NOW)
    assert [note.fields for note in found.package.notes] == cards
    assert [one.what for one in found.skipped] == left_out
    assert found.rows == len(cards) + len(left_out)


def test_header_lines_saved_by_a_spreadsheet_are_header_lines():
    found = read_text_deck("#separator:Comma,,\n#html:true,,\n#tags column:3,,\nq,a,t1 t2\n", NOW)
    assert [(note.fields, note.tags) for note in found.package.notes] == [
        (("q", "a"), ("t1", "t2"))
    ]


def test_a_first_card_that_begins_with_the_mark_of_header_lines_is_a_card():
    assert fields("#1 cause of death?\tMI\nq\ta\n") == [("#1 cause of death?", "MI"), ("q", "a")]
