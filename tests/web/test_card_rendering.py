"""Formulas of cards become MathML, and nothing of them runs or asks anybody."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback_web.cards import face_markup


@pytest.mark.parametrize(
    "text",
    [
        r"\(pH = pK_a + \log\frac{[A^-]}{[HA]}\)",
        r"[$]x^2[/$]",
        r"\(a &lt; b\)",
    ],
)
def test_a_formula_in_a_sentence_is_drawn(text: str) -> None:
    shown = face_markup.with_formulas(f"before {text} after")
    assert shown.startswith("before <math")
    assert shown.endswith("</math> after")
    assert 'display="inline"' in shown


@pytest.mark.parametrize("text", [r"\[\frac{1}{2}\]", r"[$$]\frac{1}{2}[/$$]"])
def test_a_formula_of_its_own_stands_on_its_line(text: str) -> None:
    assert 'display="block"' in face_markup.with_formulas(text)


@pytest.mark.parametrize(
    "text",
    [
        "no formula, 5 (mg) and [a list]",
        r"\(unclosed",
        r"\(" + "x" * (face_markup.LONGEST_FORMULA + 1) + r"\)",
        r"\(a <b>bold</b>\)",
    ],
)
def test_what_cannot_be_drawn_stays_text(text: str) -> None:
    assert face_markup.with_formulas(text) == text


def test_a_formula_runs_nothing_and_asks_nobody() -> None:
    shown = face_markup.with_formulas(
        r"\(\href{javascript:alert(1)}{x} \color{red}{y} \text{&lt;img src=x onerror=a()&gt;}\)"
    )
    assert re.search(r"href|javascript:|style=|<img", shown.replace("&lt;img", "")) is None


def test_most_formulas_of_one_side_are_bounded() -> None:
    many = r"\(x\) " * (face_markup.MOST_FORMULAS + 5)
    assert face_markup.with_formulas(many).count("<math") == face_markup.MOST_FORMULAS


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=r"\()[]{}$^_ab12 &;#x", max_size=60))
def test_any_text_comes_back_as_text_or_as_math(text: str) -> None:
    shown = face_markup.with_formulas(text)
    assert set(re.findall(r"</?([a-z]+)", shown)) <= face_markup._MATH_TAGS
