"""The date line: one drawing of today, practice tests, test dates and what bounds them.

Values in, SVG out. A filled dot is one person of ten who would pass, a ring is one who would not.
Marks differ in shape (practice test a circle, decision day a diamond, deadline a bar, my date a
disc, suggested date a dashed ring), so that the drawing is read without color. The drawing exists
at four sizes; colors are classes of ``date_line.css`` and of the print style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from bounceback_web.pages import svg

TestState = Literal["planned", "taken", "suggested", "unsure"]
"""``suggested``: only in the plan for the suggested date; ``unsure``: untimed or taken before."""

PEOPLE: Final = 10
DAYS_AFTER_EDGE: Final = 7
NAMED_TESTS: Final = 2
MOST_NAMED_TESTS: Final = 3
PILL_GAP: Final = 8.0
NAME_GAP: Final = 9.0
PILL_HEIGHT: Final = 26.0
FLAGS_HEIGHT: Final = 64.0
"""Height of the pills and of the counts under them, px."""
LINE_SPACE: Final = 20.0
"""Space between the lowest dot and the line, px."""


@dataclass(frozen=True, slots=True)
class Size:
    """Geometry of one drawing, in px.

    Attributes:
        name: Distinguishes ids of the drawings on one page.
        width: Width of the drawing.
        radius: Of a dot.
        pitch: Distance between two dots of a column.
        left: Place of today.
        right: Space right of the end of the axis.
        full_labels: Whether pills carry dates and decision day and deadline have their own names.
        name_size: Font size of names.
        note_size: Font size of the dates under them.
    """

    name: str
    width: float
    radius: float
    pitch: float
    left: float
    right: float
    full_labels: bool
    name_size: float = 13.0
    note_size: float = 12.0

    @property
    def base(self) -> float:
        """Height at which the line runs."""
        return FLAGS_HEIGHT + PEOPLE * self.pitch + LINE_SPACE


DESK: Final = Size("desk", 992.0, 5.2, 15.5, 8.0, 4.0, full_labels=True)
PHONE: Final = Size("phone", 358.0, 3.4, 10.6, 6.0, 2.0, full_labels=False)
PRINT: Final = Size("print", 680.0, 3.9, 11.5, 6.0, 2.0, full_labels=True)


@dataclass(frozen=True, slots=True)
class Column:
    """One date that can be booked.

    Attributes:
        day: The date.
        passing: People of ten who would pass.
        before: The same before the last practice test was entered; ``None`` without one.
        text: What a screen reader says of it.
        short: The date in a few letters ("Jan 22").
    """

    day: date
    passing: int
    text: str = ""
    short: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TestMark:
    """A practice test on the line."""

    __test__ = False

    day: date
    name: str
    note: str
    state: TestState = "planned"


@dataclass(frozen=True, slots=True)
class Mark:
    """A named day: decision day, last date for a deadline, end of eligibility.

    Attributes:
        day: Where it stands.
        name: Its name.
        note: Second line, quieter.
        short: Name where space is little.
    """

    day: date
    name: str
    note: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class DateLine:
    """What the line shows.

    Attributes:
        today: Left end.
        end: Last day that is drawn, if no edge of eligibility ends the line.
        title: Title of the drawing.
        description: What it shows, in sentences.
        columns: Dates one can book, oldest first.
        my_date: The student's date.
        my_label: Its pill, long and short.
        suggested: The suggested date; not drawn where it is the student's own.
        suggested_label: Its pill, long and short.
        tests: Practice tests, oldest first.
        decision: The day on which the date is decided.
        deadlines: Last dates whose result meets a deadline.
        edge: Last eligible day.
        today_label: Word at the left end.
        finger: The date shown in the readout, where it is another than the student's.
        trying: Whether the finger's date is tried: the weeks it adds are dotted.
        shows_people: ``False`` draws the line and its marks without dots and counts.
    """

    today: date
    end: date
    title: str
    description: str
    columns: tuple[Column, ...] = ()
    my_date: date | None = None
    my_label: tuple[str, str] = ("", "")
    suggested: date | None = None
    suggested_label: tuple[str, str] = ("", "")
    tests: tuple[TestMark, ...] = ()
    decision: Mark | None = None
    deadlines: tuple[Mark, ...] = ()
    edge: Mark | None = None
    today_label: str = "Today"
    finger: date | None = None
    trying: bool = False
    shows_people: bool = True

    @property
    def last(self) -> date:
        """Right end of the axis."""
        if self.edge is not None:
            return self.edge.day + timedelta(days=DAYS_AFTER_EDGE)
        return self.end


@dataclass(frozen=True, slots=True)
class Box:
    """A text with the space it takes, so that a test can see that none collide."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Drawing:
    """The drawing at one size.

    Attributes:
        markup: The ``svg`` element.
        width: Of its view box, px.
        height: Of its view box, px.
        boxes: Every text with the space it takes.
        legend: Names that didn't find a place, with the sign that stands for each.
    """

    markup: str = ""
    width: float = 0.0
    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)


class _Pen:
    """Collects elements and the space of texts."""

    def __init__(self, line: DateLine, size: Size) -> None:
        self.line, self.size = line, size
        self.parts: list[str] = []
        self.drawing = Drawing(width=size.width)
        span = max((line.last - line.today).days, 1)
        self._step = (size.width - size.left - size.right) / span

    def x(self, day: date) -> float:
        """Place of a day."""
        inside = min(max(day, self.line.today), self.line.last)
        return self.size.left + (inside - self.line.today).days * self._step

    def write(
        self, content: str, at: float, base: float, class_: str, px: float, *, bold: bool = False
    ) -> None:
        """Write a text centered at a place, and remember the space it takes."""
        half = svg.text_width(content, px, bold=bold) / 2
        self.drawing.boxes.append(Box(content, at - half, base - px, at + half, base + 0.3 * px))
        self.parts.append(svg.text(content, at, base, class_, anchor="middle"))


def columns_to_draw(line: DateLine) -> tuple[Column, ...]:
    """Return the columns, without those that a named date in the same week replaces."""
    named = [d for d in (line.my_date, line.suggested) if d is not None]
    return tuple(
        column
        for column in line.columns
        if column.day in named or all(abs((column.day - day).days) > 3 for day in named)
    )


def draw(line: DateLine, size: Size, prefix: str = "date-line") -> Drawing:
    """Draw the line at a size.

    Args:
        line: What it shows.
        size: Geometry.
        prefix: Start of the ids inside, so that two lines on one page share none.
    """
    pen = _Pen(line, size)
    ids = f"{prefix}-{size.name}"
    flags = FLAGS_HEIGHT if line.shows_people else PILL_HEIGHT + 14
    base = size.base if line.shows_people else flags + LINE_SPACE + 8
    _edge(pen, base, flags, ids)
    _today(pen, base, flags)
    _axis(pen, base)
    if line.shows_people:
        for column in columns_to_draw(line):
            _column(pen, column, base)
    _deadlines(pen, base)
    _tests(pen, base)
    _decision(pen, base)
    _named_dates(pen, base)
    _pills(pen, base)
    height = _names(pen, base)
    pen.drawing.height = height
    pen.drawing.markup = _element(pen, ids, height)
    return pen.drawing


def _element(pen: _Pen, ids: str, height: float) -> str:
    line, size = pen.line, pen.size
    return svg.element(
        "svg",
        svg.element("title", svg.text_content(line.title), id=f"{ids}-title"),
        svg.element("desc", svg.text_content(line.description), id=f"{ids}-desc"),
        *pen.parts,
        viewBox=f"0 0 {size.width:g} {height:g}",
        class_=f"dl dl-{size.name}",
        role="img",
        aria_labelledby=f"{ids}-title {ids}-desc",
        data_base=f"{size.base:g}",
        data_radius=f"{size.radius:g}",
    )


def _edge(pen: _Pen, base: float, top: float, ids: str) -> None:
    edge = pen.line.edge
    if edge is None:
        return
    x, end = pen.x(edge.day), pen.size.width
    pattern = svg.element(
        "pattern",
        svg.line(0, 0, 0, 7, "dl-hatch"),
        id=f"{ids}-hatch",
        width="7",
        height="7",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    pen.parts.append(svg.element("defs", pattern))
    pen.parts.append(
        svg.element(
            "rect",
            x=x,
            y=top,
            width=end - x,
            height=base - top,
            fill=f"url(#{ids}-hatch)",
            class_="dl-after",
        )
    )
    pen.parts.append(
        svg.element("path", d=f"M{x - 5:g} {top:g}H{x:g}V{base:g}H{x - 5:g}", class_="dl-bracket")
    )


def _today(pen: _Pen, base: float, top: float) -> None:
    x, label = pen.x(pen.line.today), pen.line.today_label
    pen.parts.append(svg.line(x, top + 2, x, base, "dl-post"))
    named = [d for d in (pen.line.my_date, pen.line.suggested) if d is not None]
    width = svg.text_width(label, pen.size.note_size)
    near = min((pen.x(d) for d in named), default=pen.size.width)
    if near > x + width + 16:
        left = max(x - 3, 0.0)
        px = pen.size.note_size
        pen.drawing.boxes.append(Box(label, left, top - 4 - px, left + width, top))
        pen.parts.append(svg.text(label, left, top - 4, "dl-note dl-ink"))


def _axis(pen: _Pen, base: float) -> None:
    line = pen.line
    start, end = pen.x(line.today), pen.x(line.edge.day) if line.edge else pen.size.width
    mine = line.my_date
    reached = pen.x(mine) if mine is not None and mine >= line.today else start
    if mine is not None and mine < line.today:
        end = start
    pen.parts.append(svg.line(reached, base, end, base, "dl-later"))
    if reached > start:
        pen.parts.append(svg.line(start, base, reached, base, "dl-mine-line"))
    if line.trying and line.finger is not None and line.finger > (mine or line.today):
        pen.parts.append(svg.line(reached, base, pen.x(line.finger), base, "dl-added"))
    pen.parts.append(svg.circle(start, base, pen.size.radius, "dl-today"))


def _column(pen: _Pen, column: Column, base: float) -> None:
    line, size = pen.line, pen.size
    x = pen.x(column.day)
    kind, scale = "", 0.84
    if column.day == line.finger:
        kind, scale = " is-finger", 1.1
    elif column.day == line.my_date and (line.finger is None or not line.trying):
        kind, scale = " is-mine", 1.1
    elif column.day == line.suggested:
        kind, scale = " is-suggested", 1.0
    dots = []
    for i in range(PEOPLE):
        y = base - LINE_SPACE - (i + 0.5) * size.pitch + size.pitch / 2 - size.radius
        filled = i < column.passing
        radius = size.radius * scale if filled or kind else 1.4 if size is not PHONE else 0.9
        dots.append(svg.circle(x, y, radius, "on" if filled else "off"))
        dots += _change(column, i, x, y, size.radius)
    pen.parts.append(
        svg.group(
            dots,
            f"dl-column{kind}",
            data_day=column.day.isoformat(),
            data_x=f"{x:.1f}",
        )
    )


def _change(column: Column, i: int, x: float, y: float, radius: float) -> list[str]:
    """A ring round a person gained since the last test, a ring with a slash round one lost."""
    if column.before is None:
        return []
    ring = radius + 2.3
    if column.before <= i < column.passing:
        return [svg.circle(x, y, ring, "dl-gained")]
    if column.passing <= i < column.before:
        slash = ring * 0.7
        return [
            svg.circle(x, y, ring, "dl-lost"),
            svg.line(x - slash, y + slash, x + slash, y - slash, "dl-lost"),
        ]
    return []


def _deadlines(pen: _Pen, base: float) -> None:
    for mark in pen.line.deadlines:
        x = pen.x(mark.day)
        pen.parts.append(svg.line(x, base - 9, x, base + 9, "dl-deadline"))


def _tests(pen: _Pen, base: float) -> None:
    radius = 6.5 if pen.size.full_labels else 5.2
    for test in pen.line.tests:
        pen.parts.append(svg.circle(pen.x(test.day), base, radius, f"dl-test dl-test-{test.state}"))


def _decision(pen: _Pen, base: float) -> None:
    mark = pen.line.decision
    if mark is None:
        return
    x, half = pen.x(mark.day), 6.5 if pen.size.full_labels else 5.5
    pen.parts.append(
        svg.element(
            "path",
            d=f"M{x:.1f} {base - half:g}l{half:g} {half:g}l-{half:g} {half:g}l-{half:g} -{half:g}z",
            class_="dl-decision",
        )
    )


def _named_dates(pen: _Pen, base: float) -> None:
    line, radius = pen.line, 7.5 if pen.size.full_labels else 6.0
    if line.suggested is not None and line.suggested != line.my_date:
        pen.parts.append(svg.circle(pen.x(line.suggested), base, radius, "dl-suggested-mark"))
    if line.my_date is not None:
        pen.parts.append(svg.circle(pen.x(line.my_date), base, radius, "dl-mine-mark"))
    if line.finger is not None:
        pen.parts.append(svg.circle(pen.x(line.finger), base, 11.0, "dl-handle"))
        pen.parts.append(svg.circle(pen.x(line.finger), base, 2.5, "dl-handle-dot"))


def _flags(line: DateLine) -> list[tuple[date, tuple[str, str], str]]:
    found = []
    if line.my_date is not None:
        found.append((line.my_date, line.my_label, "mine"))
    if line.suggested is not None and line.suggested != line.my_date:
        found.append((line.suggested, line.suggested_label, "suggested"))
    return sorted(found)


def _pills(pen: _Pen, base: float) -> None:
    """Flags with their counts, moved apart until they don't touch."""
    size, flags = pen.size, _flags(pen.line)
    labels = [both[0 if size.full_labels else 1] for _day, both, _kind in flags]
    px = size.name_size
    wanted = [
        svg.Label(
            pen.x(day), svg.text_width(label, px, bold=True) + (26 if size.full_labels else 18)
        )
        for (day, _both, _kind), label in zip(flags, labels, strict=True)
    ]
    places = svg.spread(wanted, 0.0, size.width, PILL_GAP) or [one.at for one in wanted]
    for (day, _both, kind), label, one, at in zip(flags, labels, wanted, places, strict=True):
        x = pen.x(day)
        foot = 38.0 if pen.line.shows_people else base - 9
        pen.parts.append(
            svg.element(
                "path",
                d=f"M{at:.1f} {PILL_HEIGHT:g}L{x:.1f} {foot:g}",
                class_=f"dl-pin dl-pin-{kind}",
            )
        )
        pen.parts.append(
            svg.element(
                "rect",
                x=at - one.width / 2 + 1,
                y=1.0,
                width=one.width - 2,
                height=PILL_HEIGHT - 2,
                rx=f"{PILL_HEIGHT / 2 - 1:g}",
                class_=f"dl-pill dl-pill-{kind}",
            )
        )
        pen.write(label, at, 17.5, f"dl-pill-text dl-pill-text-{kind}", px, bold=True)
    if pen.line.shows_people:
        _counts(pen, flags)


def _counts(pen: _Pen, flags: Sequence[tuple[date, tuple[str, str], str]]) -> None:
    px = 18.0 if pen.size.full_labels else 16.0
    by_day = {c.day: c for c in pen.line.columns}
    shown = [(day, str(by_day[day].passing), kind) for day, _b, kind in flags if day in by_day]
    wanted = [
        svg.Label(pen.x(day), svg.text_width(count, px, bold=True)) for day, count, _k in shown
    ]
    places = svg.spread(wanted, 0.0, pen.size.width, 4.0) or [one.at for one in wanted]
    for (day, count, kind), at in zip(shown, places, strict=True):
        pen.parts.append(f'<g data-count="{day.isoformat()}">')
        pen.write(count, at, FLAGS_HEIGHT - 10, f"dl-count dl-count-{kind}", px, bold=True)
        pen.parts.append("</g>")


@dataclass(frozen=True, slots=True)
class _Name:
    at: float
    name: str
    note: str
    class_: str
    sign: str = ""
    drawn: str = ""


def _names(pen: _Pen, base: float) -> float:
    """Write the names of the marks under the line; return the height of the drawing."""
    line, size = pen.line, pen.size
    names = _test_names(pen)
    if size.full_labels:
        names += [_Name(pen.x(d.day), d.name, d.note, "dl-name") for d in line.deadlines]
    if line.edge is not None:
        name = line.edge.name if size.full_labels else line.edge.short or line.edge.name
        names.append(_Name(pen.x(line.edge.day), name, line.edge.note, "dl-name"))
    names.sort(key=lambda n: n.at)
    placed = _place(pen, names)
    while placed is None:
        # The latest test gives up its name first: it is the one least needed now.
        droppable = [n for n in names if n.class_ == "dl-test-name" and n.name != n.sign]
        if not droppable:
            names = []
            break
        last = max(droppable, key=lambda n: n.at)
        names[names.index(last)] = _numbered(pen, last, len(pen.drawing.legend) + 1)
        placed = _place(pen, names)
    row = base + (20 if not size.full_labels else 22)
    for one, at in zip(names, placed or [], strict=True):
        pen.write(one.name, at, row, one.class_, size.name_size, bold=True)
        if one.note:
            pen.write(one.note, at, row + 16, "dl-note", size.note_size)
    bottom = row + 16 + 8
    if size.full_labels and line.decision is not None:
        bottom = _decision_name(pen, base, names, placed or [], bottom)
    pen.drawing.legend.sort()
    return round(bottom, 1)


def _numbered(pen: _Pen, name: _Name, number: int) -> _Name:
    pen.drawing.legend.append((str(number), f"{name.name}, {name.note}"))
    return _Name(name.at, str(number), "", "dl-test-name", sign=str(number))


def _test_names(pen: _Pen) -> list[_Name]:
    tests = pen.line.tests
    named = [_Name(pen.x(t.day), t.name, t.note, "dl-test-name") for t in tests]
    if len(tests) <= MOST_NAMED_TESTS:
        return named
    ahead = [i for i, t in enumerate(tests) if t.state != "taken"][:NAMED_TESTS]
    number = 0
    for i in range(len(named)):
        if i not in ahead:
            number += 1
            named[i] = _numbered(pen, named[i], number)
    return named


def _place(pen: _Pen, names: Sequence[_Name]) -> list[float] | None:
    size = pen.size
    labels = [
        svg.Label(
            n.at,
            max(
                svg.text_width(n.name, size.name_size, bold=True),
                svg.text_width(n.note, size.note_size),
            ),
        )
        for n in names
    ]
    return svg.spread(labels, 0.0, size.width, NAME_GAP if size.full_labels else 6.0)


def _decision_name(
    pen: _Pen, base: float, names: Sequence[_Name], places: Sequence[float], bottom: float
) -> float:
    """Write the decision day in a second row, under a leader that crosses no other name."""
    mark, size = pen.line.decision, pen.size
    assert mark is not None
    x = pen.x(mark.day)
    row = bottom + 16
    half = (
        max(
            svg.text_width(mark.name, size.name_size, bold=True),
            svg.text_width(mark.note, size.note_size),
        )
        / 2
    )
    at = min(max(x, half), size.width - half)
    crosses = any(
        abs(place - x)
        < max(
            svg.text_width(n.name, size.name_size, bold=True),
            svg.text_width(n.note, size.note_size),
        )
        / 2
        + 4
        for n, place in zip(names, places, strict=True)
    )
    start = bottom - 4 if crosses else base + 8
    pen.parts.append(svg.line(x, start, x, row - 13, "dl-leader"))
    pen.write(mark.name, at, row, "dl-name", size.name_size, bold=True)
    if mark.note:
        pen.write(mark.note, at, row + 16, "dl-note", size.note_size)
    return row + 16 + 8


SMALL_HEIGHT: Final = 68.0


def draw_small(line: DateLine, width: float, prefix: str = "date-line-small") -> Drawing:
    """Draw the line 68 px high: marks and two dates, without dots.

    Args:
        line: What it shows; the short labels stand at the dates.
        width: Width of the drawing, px.
        prefix: Start of the ids inside.
    """
    size = Size(f"small-{width:g}", width, 5.0, 0.0, 6.0, 2.0, full_labels=False)
    pen = _Pen(line, size)
    base = 33.0
    _axis(pen, base)
    if line.edge is not None:
        x = pen.x(line.edge.day)
        pen.parts.append(
            svg.element("path", d=f"M{x - 5:g} 22H{x:g}V44H{x - 5:g}", class_="dl-bracket")
        )
    _deadlines(pen, base)
    _tests(pen, base)
    _named_dates(pen, base)
    by_day = {c.day: c.short for c in line.columns}
    flags = _flags(line)
    above = [
        (pen.x(day), by_day.get(day, ""), f"dl-small-date dl-count-{k}") for day, _b, k in flags
    ]
    below = [(pen.x(line.today), line.today_label, "dl-note")]
    below += [(pen.x(day), both[1], "dl-note") for day, both, _k in flags]
    if line.edge is not None:
        below.append((pen.x(line.edge.day), line.edge.short or line.edge.note, "dl-note"))
    for row, y, px, bold in ((above, 16.0, 13.0, True), (below, 61.0, 12.0, False)):
        texts = [one for one in row if one[1]]
        wanted = [svg.Label(x, svg.text_width(t, px, bold=bold)) for x, t, _c in texts]
        places = svg.spread(wanted, 0.0, width, 6.0)
        while places is None and len(texts) > 1:
            del texts[-1], wanted[-1]
            places = svg.spread(wanted, 0.0, width, 6.0)
        for (_x, content, class_), at in zip(texts, places or [], strict=False):
            pen.write(content, at, y, class_, px, bold=bold)
    pen.drawing.height = SMALL_HEIGHT
    pen.drawing.markup = _element(pen, f"{prefix}-{width:g}", SMALL_HEIGHT)
    return pen.drawing
