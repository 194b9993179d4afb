"""Twenty equally likely test days on the score axis, and ten people in a row.

A filled dot is a passing score, a ring is one below the passing score. Bins are counted from the
passing score, so that its line runs between dots and never through one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from bounceback_web.pages import svg
from bounceback_web.pages.date_line import Box, Drawing

DOTS: Final = 20
BINS_ON_AXIS: Final = 12
"""Bins across an axis where the scale has no bin width of its own."""
PERCENT_BIN: Final = 2.5
DOT_SHARE: Final = 0.88
MOST_DOT: Final = 30.0
STACK_PITCH: Final = 1.1
MOST_STACK_HEIGHT: Final = 176.0
TEXT: Final = 12.0
NAME: Final = 13.0
SIDE: Final = 12.0
TEST_RADIUS: Final = 11.0

DESK_WIDTH: Final = 470.0
PHONE_WIDTH: Final = 358.0


@dataclass(frozen=True, slots=True)
class PastTest:
    """A practice test on the axis.

    Attributes:
        sign: Two or three letters inside the circle ("31").
        score: On the scale of the axis.
        unsure: Untimed, interrupted or taken before: drawn without a fill.
    """

    sign: str
    score: float
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class ScorePicture:
    """What the picture shows; scores are on the scale the page shows.

    Attributes:
        mean: Of the predicted reported score.
        sd: Of the same, above 0.
        passing: Passing score.
        passing_people: People of ten who would pass, as the sentence beside the picture says it;
            ``None`` where the sentence counts out of a hundred.
        chance: Of passing, 0 to 1.
        low: Low end of the likely range.
        high: High end of it.
        unit: Written after a tick ("%" or "").
        title: The sentence of the picture.
        passing_label: Label of the line.
        pass_label: Words right of the line.
        fail_label: Words left of it.
        range_label: Words under the range.
        tests: Past practice tests.
        tests_label: Words beside them.
        percent: Whether the scale is percent correct.
    """

    mean: float
    sd: float
    passing: float
    passing_people: int | None
    chance: float
    low: float
    high: float
    unit: str
    title: str
    passing_label: str
    pass_label: str
    fail_label: str
    range_label: str
    tests: tuple[PastTest, ...] = ()
    tests_label: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """One of twenty test days.

    Attributes:
        score: Its quantile.
        bin: Bins from the passing score; 0 is the first at or above it, -1 the first below.
        passes: Whether it counts as a pass.
    """

    score: float
    bin: int
    passes: bool


def filled(picture: ScorePicture) -> int:
    """Return how many of the twenty pass: as many as the sentence says."""
    if picture.passing_people is not None:
        return 2 * picture.passing_people
    return min(DOTS, max(0, round(DOTS * picture.chance)))


def dots(picture: ScorePicture, bin_width: float) -> tuple[Dot, ...]:
    """Return the twenty quantiles, lowest first.

    As many pass as the sentence says: where a quantile would say another count, the dots nearest
    the passing score change side.
    """
    spread = NormalDist(picture.mean, max(picture.sd, 1e-6))
    first_pass = DOTS - filled(picture)
    found = []
    for i in range(DOTS):
        score = spread.inv_cdf((i + 0.5) / DOTS)
        place = math.floor((score - picture.passing) / bin_width)
        passes = i >= first_pass
        found.append(Dot(score, max(place, 0) if passes else min(place, -1), passes))
    return tuple(found)


def bin_width(picture: ScorePicture) -> float:
    """Return the width of a bin in points."""
    if picture.percent:
        return PERCENT_BIN
    span = max(picture.mean + 2.2 * picture.sd, picture.passing + picture.sd) - min(
        picture.mean - 2.2 * picture.sd, picture.passing - picture.sd
    )
    return max(1.0, round(span / BINS_ON_AXIS))


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    width: float

    def x(self, score: float) -> float:
        return SIDE + (score - self.low) / (self.high - self.low) * (self.width - 2 * SIDE)


def _scale(picture: ScorePicture, found: Sequence[Dot], step: float, width: float) -> _Scale:
    scores = [picture.passing + (dot.bin + side) * step for dot in found for side in (0, 1)]
    scores += [picture.low, picture.high, *(test.score for test in picture.tests)]
    low, high = min(scores) - step / 2, max(scores) + step / 2
    # The passing score keeps space on both sides for the words of its counts.
    wanted = (
        max(
            svg.text_width(picture.pass_label, NAME, bold=True),
            svg.text_width(picture.fail_label, NAME),
            svg.text_width(picture.passing_label, NAME, bold=True) / 2,
        )
        + 12
    )
    share = wanted / (width - 2 * SIDE)
    high = max(high, (picture.passing - share * low) / (1 - share))
    low = min(low, (picture.passing - share * high) / (1 - share))
    return _Scale(low, high, width)


def draw(picture: ScorePicture, width: float, prefix: str = "twenty") -> Drawing:
    """Draw the picture at a width.

    Args:
        picture: What it shows.
        width: Width of the drawing, px.
        prefix: Start of the ids inside.
    """
    step = bin_width(picture)
    found = dots(picture, step)
    scale = _scale(picture, found, step, width)
    cell = scale.x(picture.passing + step) - scale.x(picture.passing)
    most = max(Counter(dot.bin for dot in found).values())
    size = min(DOT_SHARE * cell, MOST_DOT, MOST_STACK_HEIGHT / (STACK_PITCH * most))
    stack = size * STACK_PITCH
    top = 46.0
    base = top + most * stack + 4
    pen = _Pen(width)
    drawing, parts = pen.drawing, pen.parts
    at = scale.x(picture.passing)
    heights: Counter[int] = Counter()
    for dot in found:
        x = at + (dot.bin + 0.5) * cell
        y = base - 3 - size / 2 - heights[dot.bin] * stack
        heights[dot.bin] += 1
        radius = size / 2 if dot.passes else size / 2 - 0.75
        parts.append(svg.circle(x, y, radius, "td-on" if dot.passes else "td-off"))
    parts.append(svg.line(SIDE, base, width - SIDE, base, "td-axis"))
    parts.append(svg.line(at, 18, at, base + 5, "td-line"))
    half = svg.text_width(picture.passing_label, NAME, bold=True) / 2
    middle = min(max(at, half), width - half)
    pen.write(picture.passing_label, (middle, 13), "td-name", "middle")
    pen.write(picture.fail_label, (at - 7, 34), "td-fail", "end")
    pen.write(picture.pass_label, (at + 7, 34), "td-pass", "start")
    y = _ticks(pen, picture, scale, base)
    y = _range(pen, picture, scale, y)
    y = _tests(pen, picture, scale, y)
    drawing.height = round(y, 1)
    drawing.markup = svg.element(
        "svg",
        svg.element("title", svg.text_content(picture.title), id=f"{prefix}-{width:g}"),
        *parts,
        viewBox=f"0 0 {width:g} {drawing.height:g}",
        class_=f"td td-{'desk' if width > PHONE_WIDTH else 'phone'}",
        role="img",
        aria_labelledby=f"{prefix}-{width:g}",
    )
    return drawing


class _Pen:
    """Collects elements, and the space that texts take."""

    def __init__(self, width: float) -> None:
        self.drawing = Drawing(width=width)
        self.parts: list[str] = []

    def write(self, content: str, at: tuple[float, float], class_: str, anchor: str) -> None:
        """Write a text at a place, from its start, its middle or its end."""
        px, bold = _TYPE[class_]
        (x, y), width = at, svg.text_width(content, px, bold=bold)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        self.drawing.boxes.append(Box(content, left, y - px, left + width, y + 0.3 * px))
        self.parts.append(svg.text(content, x, y, class_, anchor=anchor))


_TYPE: Final = {
    "td-name": (NAME, True),
    "td-fail": (NAME, False),
    "td-pass": (NAME, True),
    "td-note": (TEXT, False),
    "td-note td-ink": (TEXT, False),
    "td-sign": (TEXT, True),
}
"""Font size and weight of each class, as in ``date_line.css``."""


def _ticks(pen: _Pen, picture: ScorePicture, scale: _Scale, base: float) -> float:
    span = scale.high - scale.low
    step = svg.step_of(span)
    tick = math.ceil(scale.low / step) * step
    while tick <= scale.high:
        label = f"{tick:g}{picture.unit}"
        x, half = scale.x(tick), svg.text_width(label, TEXT) / 2
        if half <= x <= scale.width - half:
            pen.parts.append(svg.line(x, base, x, base + 4, "td-axis"))
            pen.write(label, (x, base + 18), "td-note", "middle")
        tick += step
    return base + 24


def _range(pen: _Pen, picture: ScorePicture, scale: _Scale, y: float) -> float:
    low, high = scale.x(picture.low), scale.x(picture.high)
    pen.parts.append(
        svg.element(
            "path",
            d=f"M{low:.1f} {y + 3:.1f}v8M{low:.1f} {y + 7:.1f}H{high:.1f}M{high:.1f} {y + 3:.1f}v8",
            class_="td-range",
        )
    )
    half = svg.text_width(picture.range_label, TEXT) / 2
    middle = min(max((low + high) / 2, half), scale.width - half)
    pen.write(picture.range_label, (middle, y + 26), "td-note td-ink", "middle")
    return y + 34


def _tests(pen: _Pen, picture: ScorePicture, scale: _Scale, y: float) -> float:
    """Past tests as numbered circles in as many rows as keep them apart, with one caption."""
    if not picture.tests:
        return y
    rows: list[list[float]] = []
    top = y + 4
    for test in sorted(picture.tests, key=lambda t: t.score):
        x = scale.x(test.score)
        row = next(
            (
                i
                for i, taken in enumerate(rows)
                if all(abs(x - t) >= 2 * TEST_RADIUS + 2 for t in taken)
            ),
            len(rows),
        )
        if row == len(rows):
            rows.append([])
        rows[row].append(x)
        cy = top + TEST_RADIUS + row * (2 * TEST_RADIUS + 3)
        pen.parts.append(
            svg.circle(x, cy, TEST_RADIUS, "td-test" + (" td-unsure" if test.unsure else ""))
        )
        pen.write(test.sign, (x, cy + 4), "td-sign", "middle")
    bottom = top + len(rows) * (2 * TEST_RADIUS + 3)
    first = rows[0]
    width = svg.text_width(picture.tests_label, TEXT)
    everything = [x for row in rows for x in row]
    if max(everything) + TEST_RADIUS + 8 + width <= scale.width:
        x, base, anchor = max(everything) + TEST_RADIUS + 8, top + TEST_RADIUS + 4, "start"
    elif min(first) - TEST_RADIUS - 8 - width >= 0 and min(everything) >= min(first):
        x, base, anchor = min(first) - TEST_RADIUS - 8, top + TEST_RADIUS + 4, "end"
    else:
        x, base, anchor = scale.width / 2, bottom + 14, "middle"
        bottom += 18
    pen.write(picture.tests_label, (x, base), "td-note", anchor)
    return bottom + 4


TEN_RADIUS: Final = 5.0
TEN_PITCH: Final = 14.0


def ten_people(passing: int, class_: str = "") -> str:
    """Return ten people in a row, those who would pass filled.

    The row is hidden from screen readers: the count stands beside it in words.
    """
    row = [
        svg.circle(
            7 + i * TEN_PITCH,
            7,
            TEN_RADIUS if i < passing else TEN_RADIUS - 0.6,
            "on" if i < passing else "off",
        )
        for i in range(10)
    ]
    return svg.element(
        "svg",
        *row,
        viewBox="0 0 140 14",
        class_=f"ten-people {class_}".strip(),
        aria_hidden="true",
    )
