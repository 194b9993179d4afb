"""SVG elements from values, and how wide a text is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10
from typing import Final

_NARROW: Final = frozenset("iljtfrI1.,:;'\u2019|!()[]\N{NO-BREAK SPACE} \N{MIDDLE DOT}-")
_WIDE: Final = frozenset("mwMWOQGDHNUCABRKVXY%@&\N{EM DASH}")
_NARROW_EM: Final = 0.36
_MIDDLE_EM: Final = 0.58
_WIDE_EM: Final = 0.78
_BOLD: Final = 1.06
"""Advance widths in em, measured above those of the system fonts in use, so that no label
collides whichever font is installed."""


def step_of(span: float, parts: int = 5) -> float:
    """Return the distance of an axis's marks: 1, 2 or 5 times a power of ten.

    Args:
        span: What the axis covers, of any size.
        parts: Most distances that it may be divided into.
    """
    if not (isfinite(span) and span > 0):
        return 1.0
    step = 10.0 ** floor(log10(span / parts))
    for times in (1.0, 2.0, 5.0, 10.0):
        if step * times >= 1.0 and span / (step * times) <= parts:
            return step * times
    return 10.0 * step if step >= 1.0 else 1.0


def element(name: str, /, *content: str, **attributes: object) -> str:
    """Return an element as markup.

    Args:
        name: Tag name.
        content: Markup inside it; text must have gone through :func:`text_content`.
        attributes: Attributes; ``class_`` gives ``class``, an underscore gives a hyphen, ``None``
            leaves the attribute out. Numbers are rounded to a tenth of a pixel.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _value(value: object) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


def text_content(text: str) -> str:
    """Return text escaped for use inside an element."""
    return escape(text, quote=False)


def text(content: str, x: float, y: float, class_: str, *, anchor: str = "start") -> str:
    """Return a text element whose baseline stands at ``y``."""
    return element(
        "text",
        text_content(content),
        x=float(x),
        y=float(y),
        class_=class_,
        text_anchor=None if anchor == "start" else anchor,
    )


def circle(x: float, y: float, radius: float, class_: str) -> str:
    """Return a circle."""
    return element("circle", cx=float(x), cy=float(y), r=float(radius), class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """Return a straight line."""
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_)


def text_width(content: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in px, from above.

    Args:
        content: One line.
        size: Font size in px.
        bold: Whether the weight is 500 or more.
    """
    em = sum(
        _NARROW_EM if c in _NARROW else _WIDE_EM if c in _WIDE else _MIDDLE_EM for c in content
    )
    return em * size * (_BOLD if bold else 1.0)


@dataclass(frozen=True, slots=True)
class Label:
    """A label that wants to be centered at a place on a line.

    Attributes:
        at: Center it wants, px.
        width: Its width, px.
    """

    at: float
    width: float


def spread(labels: Sequence[Label], low: float, high: float, gap: float) -> list[float] | None:
    """Return centers at which labels keep a gap and stay inside, each near where it wants to be.

    Labels move right until the gap is kept, then left where they would leave the end.

    Args:
        labels: In order of the places they want.
        low: Left end, px.
        high: Right end, px.
        gap: Least distance between two labels, px.

    Returns:
        Centers in the order given; ``None`` if the labels don't fit.
    """
    if sum(one.width for one in labels) + gap * (len(labels) - 1) > high - low + 1e-6:
        return None
    lefts: list[float] = []
    free = low
    for one in labels:
        left = max(one.at - one.width / 2, free)
        lefts.append(left)
        free = left + one.width + gap
    limit = high
    for i in range(len(labels) - 1, -1, -1):
        lefts[i] = min(lefts[i], limit - labels[i].width)
        limit = lefts[i] - gap
    return [left + one.width / 2 for left, one in zip(lefts, labels, strict=True)]


def group(parts: Iterable[str], class_: str | None = None, **attributes: object) -> str:
    """Return a group of elements."""
    return element("g", *parts, class_=class_, **attributes)
