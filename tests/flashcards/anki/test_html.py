import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards.anki.html import as_text, sanitise
from bounceback.flashcards.anki.media import references, rename_references

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<div style="background:url(https://example.org/t.png)">x</div>',
    '<link rel=stylesheet href="https://example.org/a.css">',
    '<form action="https://example.org"><input name=a></form>',
    '<img src="https://example.org/t.png">',
    '<img src="//example.org/t.png">',
    '<img srcset="https://example.org/t.png 2x" src="heart.png">',
    '<video src="https://example.org/v.mp4" poster="https://example.org/p.png"></video>',
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    '<meta http-equiv=refresh content="0;url=https://example.org">',
    '<base href="https://example.org/">',
    '<img src="data:text/html,<script>1</script>">',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_and_no_server_is_asked(attack):
    shown = sanitise(f"before {attack} after", ["heart.png"])
    assert "before" in shown
    assert not re.search(r"(?i)<(script|svg|iframe|style|form|link|meta|base|video|math)", shown)
    assert not re.search(r"(?i)\son\w+=|javascript:|example\.org|style=|srcset=|data:", shown)


@given(st.text(alphabet="<>/=\"' abimgsrconeloadp:;&#x0(){}[]\n", max_size=80))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_no_text_whatever_leaves_an_address_or_a_handler(html):
    for tag in re.findall(r"<[^>]*>", sanitise(html, ["heart.png"])):
        assert not re.search(r"(?i)\s(on\w+|href|style|srcset)\s*=", tag)
        source = re.search(r'src="([^"]*)"', tag)
        assert source is None or source[1] == "heart.png"


def test_pictures_of_the_deck_stay_by_their_exact_names():
    html = '<img src="HEART.png"><img src="caf%C3%A9.png"><img src="cafe\u0301.png">'
    shown = sanitise(html, ["heart.png", "café.png"])
    assert re.findall('src="([^"]*)"', shown) == ["heart.png", "café.png", "café.png"]


def test_a_face_may_say_where_it_serves_a_picture():
    assert sanitise('<img src="a.png">', ["a.png"], lambda name: f"/m/{name}") == (
        '<img src="/m/a.png">'
    )


def test_what_a_student_wrote_stays():
    html = (
        "<b>S</b>1 <sub>2</sub> &amp; <table><tr><td colspan=2>x</td></tr></table> \\(a &lt; b\\)"
    )
    shown = sanitise(html, [])
    for part in ("<b>S</b>", "<sub>2</sub>", "&amp;", 'colspan="2"', "\\(a &lt; b\\)"):
        assert part in shown


def test_text_names_pictures_and_sounds_and_keeps_lines():
    html = (
        "one<br>two<div>three</div><img src='x.png'> [sound:y.mp3] <script>no</script>&nbsp;\\(z\\)"
    )
    assert as_text(html) == "one\ntwothree\n[picture: x.png] [sound: y.mp3] \\(z\\)"


def test_text_cannot_steer_a_terminal():
    assert as_text("a\x1b[2Jb\u202ec\x07") == "a[2Jbc"


@pytest.mark.parametrize(
    "piece", ["<script ", "[sound:", "<img src=", "<!--", "<img ", '<img src="', "<"]
)
def test_hostile_repetition_is_read_in_one_go(piece):
    html = piece * 20_000
    assert isinstance(as_text(html), str)
    assert references(html) is not None
    assert rename_references(html, {"a": "b"}) == html


def test_references_follow_a_renamed_file_and_nothing_else_does():
    html = '<img src="a.png"> [sound:a.png] bigha.png <img src="xa.png">'
    assert rename_references(html, {"a.png": "b.png"}) == (
        '<img src="b.png"> [sound:b.png] bigha.png <img src="xa.png">'
    )
