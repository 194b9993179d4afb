"""No answer steers the terminal that shows it."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.cli.console import Screen, without_hidden

HIDDEN = [*"\x00\x07\x1b\x7f\x85\x9b", *"\u202e\u2066\u200f\ufeff"]


@pytest.mark.parametrize("sign", HIDDEN)
def test_a_line_loses_what_steers_a_terminal(sign: str) -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.line(f"before{sign}after")
    screen.show()
    assert out.getvalue() == "beforeafter\n"


def test_colors_of_our_own_stay_and_no_other_escape() -> None:
    assert without_hidden("\x1b[1mbold\x1b[0m") == "\x1b[1mbold\x1b[0m"
    assert "\x1b" not in without_hidden("\x1b]0;title\x07\x1b[2J")


@given(st.text())
def test_json_says_the_same_value_without_them(text: str) -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.json({"text": text})
    screen.show()
    written = out.getvalue()
    assert json.loads(written)["text"] == text
    assert without_hidden(written) == written
