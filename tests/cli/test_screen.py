"""What is printed fits 80 columns, and is coloured where a terminal shows colour."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.cli.console import Screen, shows_colour


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(screen: Screen, out: io.StringIO) -> str:
    screen.show()
    return out.getvalue()


def test_colour_is_shown_on_a_terminal_and_nowhere_else() -> None:
    assert shows_colour(Terminal(), {})
    assert shows_colour(Terminal(), {"NO_COLOR": "", "TERM": "xterm"})
    assert not shows_colour(io.StringIO(), {})
    assert not shows_colour(Terminal(), {"NO_COLOR": "1"})
    assert not shows_colour(Terminal(), {"TERM": "dumb"})


def test_a_style_adds_codes_where_colour_is_shown_and_nothing_where_not() -> None:
    out = io.StringIO()
    screen = Screen(out, colour=True)
    screen.line("calm", "strong")
    assert shown(screen, out) == "\x1b[1mcalm\x1b[0m\n"
    out = io.StringIO()
    screen = Screen(out)
    screen.line("calm", "strong")
    assert shown(screen, out) == "calm\n"


words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)


@given(st.lists(words, min_size=1, max_size=60), st.integers(40, 200))
def test_a_paragraph_keeps_every_word_and_fits_the_width(text: list[str], width: int) -> None:
    out = io.StringIO()
    screen = Screen(out, width=width)
    screen.paragraph(" ".join(text), indent=2)
    answer = shown(screen, out)
    assert answer.split() == text
    assert max(map(len, answer.splitlines())) <= min(width, 80)


@given(st.lists(st.tuples(words, words, st.lists(words, max_size=30)), min_size=1, max_size=8))
def test_a_table_aligns_its_columns_and_keeps_every_word(
    rows: list[tuple[str, str, list[str]]],
) -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.table([(a, b, " ".join(c)) for a, b, c in rows])
    answer = shown(screen, out)
    assert answer.split() == [word for a, b, c in rows for word in (a, b, *c)]
    assert max(map(len, answer.splitlines())) <= 80


def test_an_address_is_kept_whole_so_that_it_can_be_copied() -> None:
    out = io.StringIO()
    screen = Screen(out, width=40)
    address = "https://example.org/" + "a-very-long-path/" * 5
    screen.paragraph(f"See {address} for more.")
    assert address in shown(screen, out)


def test_nothing_is_written_before_the_answer_is_whole() -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.line("held back")
    assert out.getvalue() == ""
    assert shown(screen, out) == "held back\n"


def test_json_refuses_a_number_that_other_programs_cannot_read() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        Screen(io.StringIO()).json({"p_pass": math.nan})
