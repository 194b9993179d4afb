"""Every color that carries text or a mark stands out from the ground it stands on."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

TOKENS = (files("bounceback_web.pages") / "static/bounceback/tokens.css").read_text("utf-8")
TEXT, MARK = 4.5, 3.0
"""Least contrast of text and of lines and marks (WCAG 2.2, 1.4.3 and 1.4.11)."""
KINDS = ("review", "cards", "rest")


def colors(scheme: str) -> dict[str, str]:
    """The colors of the light or dark scheme, by name."""
    dark = TOKENS.index("@media (prefers-color-scheme: dark)")
    end = TOKENS.index("@media (max-width")
    text = TOKENS[:dark] if scheme == "light" else TOKENS[dark:end]
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", text))


def luminance(color: str) -> float:
    """Relative luminance of an sRGB color, 0 (black) to 1 (white)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_on_its_ground(scheme: str) -> None:
    c = colors(scheme)
    pairs = [
        (text, ground)
        for text in ("ink", "quiet", "accent", "danger")
        for ground in ("paper", "raise", "sunk")
    ]
    pairs += [("on-accent", "accent"), ("accent", "accent-tint"), ("ink", "accent-tint")]
    pairs += [("quiet", "accent-tint"), ("sand-text", "sand-tint"), ("sand-text", "paper")]
    pairs += [("sand-text", "raise"), ("ink", "sand-tint"), ("paper", "ink")]
    pairs += [(kind, ground) for kind in KINDS for ground in ("paper", "raise", f"{kind}-tint")]
    pairs += [("ink", f"{kind}-tint") for kind in KINDS]
    pairs += [("ink", f"heat-{step}") for step in (1, 2, 3, 4)]
    weak = {pair: round(contrast(c[pair[0]], c[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_are_seen_on_paper(scheme: str) -> None:
    c = colors(scheme)
    marks = ("mark", "accent", "accent-mid", "sand", "sand-mid", "review", "review-mid", "cards")
    marks += ("cards-mid", "rest")
    weak = {name: round(contrast(c[name], c["paper"]), 2) for name in marks}
    assert {name: ratio for name, ratio in weak.items() if ratio < MARK} == {}


def test_both_schemes_define_the_same_colors() -> None:
    assert set(colors("light")) == set(colors("dark"))


def test_no_other_style_sheet_states_a_color() -> None:
    folder = files("bounceback_web.pages") / "static/bounceback"
    for sheet in folder.iterdir():
        if sheet.name.endswith(".css") and sheet.name not in ("tokens.css", "modes.css"):
            assert re.findall(r"#[0-9A-Fa-f]{3,6}\b(?=[;, )])", sheet.read_text()) == [], sheet.name
