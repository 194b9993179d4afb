"""A score against what was expected: one line with a band, the passing score and a disc."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bounceback_web.pages import svg
from bounceback_web.pages.date_line import Box, Drawing

TEXT: Final = 13.0
NOTE: Final = 12.0
SIDE: Final = 10.0
AXIS: Final = 46.0
HEIGHT: Final = 84.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What the line shows; scores on the scale of the test.

    Attributes:
        score: The score.
        low: Low end of what was expected; ``None`` without an expectation.
        high: High end.
        passing: Passing score on the same scale.
        unit: Written after a number ("%" or "").
        title: The sentence of the picture.
        score_label: "You: 67%".
        passing_label: "passing score 64%".
        expected_label: "expected 58% to 68%".
        step: Points between two round ends of the axis.
    """

    score: float
    low: float | None
    high: float | None
    passing: float
    unit: str
    title: str
    score_label: str
    passing_label: str
    expected_label: str
    step: float


def draw(picture: Expected, width: float, prefix: str = "expected") -> Drawing:
    """Draw the line at a width."""
    values = [picture.score, picture.passing]
    values += [v for v in (picture.low, picture.high) if v is not None]
    low = math.floor((min(values) - picture.step / 4) / picture.step) * picture.step
    high = math.ceil((max(values) + picture.step / 4) / picture.step) * picture.step
    drawing = Drawing(width=width, height=HEIGHT)

    def x(value: float) -> float:
        return SIDE + (value - low) / (high - low) * (width - 2 * SIDE)

    parts = [svg.line(SIDE, AXIS, width - SIDE, AXIS, "ex-axis")]
    if picture.low is not None and picture.high is not None:
        left, right = x(picture.low), x(picture.high)
        parts.append(
            svg.element(
                "rect", x=left, y=AXIS - 8, width=right - left, height=16, rx=8, class_="ex-band"
            )
        )
    at = x(picture.passing)
    parts.append(svg.line(at, AXIS - 20, at, AXIS + 12, "td-line"))
    parts.append(svg.circle(x(picture.score), AXIS, 8, "ex-score"))
    above = [
        (at, picture.passing_label, "ex-passing"),
        (x(picture.score), picture.score_label, "ex-you"),
    ]
    _row(drawing, parts, sorted(above), 18, TEXT)
    below = [
        (SIDE, f"{low:g}{picture.unit}", "td-note"),
        (width - SIDE, f"{high:g}{picture.unit}", "td-note"),
    ]
    if picture.expected_label and picture.low is not None and picture.high is not None:
        below.append(
            ((x(picture.low) + x(picture.high)) / 2, picture.expected_label, "td-note td-ink")
        )
    _row(drawing, parts, sorted(below), AXIS + 30, NOTE)
    drawing.markup = svg.element(
        "svg",
        svg.element("title", svg.text_content(picture.title), id=f"{prefix}-{width:g}"),
        *parts,
        viewBox=f"0 0 {width:g} {HEIGHT:g}",
        class_=f"ex ex-{'desk' if width > 400 else 'phone'}",
        role="img",
        aria_labelledby=f"{prefix}-{width:g}",
    )
    return drawing


def _row(
    drawing: Drawing,
    parts: list[str],
    labels: Sequence[tuple[float, str, str]],
    base: float,
    px: float,
) -> None:
    wanted = [svg.Label(at, svg.text_width(text, px, bold=True)) for at, text, _class in labels]
    places = svg.spread(wanted, 0.0, drawing.width, 8.0) or [one.at for one in wanted]
    for (_at, text, class_), one, place in zip(labels, wanted, places, strict=True):
        half = one.width / 2
        drawing.boxes.append(Box(text, place - half, base - px, place + half, base + 0.3 * px))
        parts.append(svg.text(text, place, base, class_, anchor="middle"))
