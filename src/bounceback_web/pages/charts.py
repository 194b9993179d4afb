"""Charts as geometry: what stands where. Templates draw it; each has a sentence and a table.

Numbers are the engine's; this module places them. Coordinates are in units of a 420-wide drawing
that scales with the page. Nothing is told by colour alone: lines have labels, tests have names and
shapes, ranges have edges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from bounceback.errors import FactUnknown
from bounceback.messages import briefing_text
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import MONTHS
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.values import Forecast
from bounceback_web.pages import svg

if TYPE_CHECKING:
    from bounceback.services.values import CauseTable, TrackRecord
    from bounceback.vocabulary import Cause

WIDTH, HEIGHT = 420, 270
Z80 = 1.2816
"""Standard deviations from the middle to either end of the 80 % interval of a normal curve."""

LEFT, RIGHT, TOP, BOTTOM = 30, 12, 40, 44
BAND_CAPTION = "likely range (8 in 10)"


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from values to a stretch of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        span = self.high - self.low
        share = 0.5 if span == 0 else (value - self.low) / span
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled place on an axis."""

    at: float
    label: str


def _points(pairs: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in pairs)


def _days(first: date, last: date) -> Axis:
    return Axis(first.toordinal(), last.toordinal(), LEFT, WIDTH - RIGHT)


def _months(axis: Axis) -> tuple[Mark, ...]:
    """First days of months between the ends, thinned so that labels do not touch."""
    first, last = date.fromordinal(int(axis.low)), date.fromordinal(int(axis.high))
    found = []
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        day = date(year, month, 1)
        if day >= first:
            found.append(Mark(axis(day.toordinal()), MONTHS[day.month - 1][:3]))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = max(1, -(-len(found) // 6))
    kept = found[::step]
    if not kept:
        kept = [Mark(axis(first.toordinal()), briefing_text.day_words(first, year=False))]
    return tuple(kept)


LETTER, BOLD_LETTER, LINE = 7.4, 8.3, 14
"""Width of a letter of a name and of a bold label, height of a line, in units of the drawing."""


def chance_by_date(b: Briefing, named: Forecast | None) -> dict[str, Any] | None:
    """P(pass) by date: the band from low to high, the line, the day that words name."""
    if len(b.forecasts) < 2:
        return None
    shown = [f for i, f in enumerate(b.forecasts) if i % 7 == 0 or f is b.forecasts[-1]]
    x = _days(shown[0].on, shown[-1].on)
    y = Axis(0.0, 1.0, HEIGHT - BOTTOM, TOP)

    def line(name: str) -> list[tuple[float, float]]:
        return [(x(f.on.toordinal()), y(getattr(f, name))) for f in shown]

    mark: dict[str, Any] | None = None
    if named is not None and x.low <= named.on.toordinal() <= x.high:
        at = x(named.on.toordinal())
        mark = {
            "x": at,
            "y": y(named.p_pass),
            "low": y(named.p_pass_low),
            "high": y(named.p_pass_high),
            "label": f"{briefing_text.day_words(named.on, year=False)}: {briefing_text.of_ten(named.p_pass)}",  # noqa: E501
        }
        mark |= _beside_line(str(mark["label"]), at, line("p_pass"))
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "base": HEIGHT - BOTTOM,
        "band": _points([*line("p_pass_low"), *reversed(line("p_pass_high"))]),
        "low": _points(line("p_pass_low")),
        "high": _points(line("p_pass_high")),
        "line": _points(line("p_pass")),
        "months": _months(x),
        "tens": [Mark(y(n / 10), f"{n} in 10") for n in (0, 2, 4, 6, 8, 10)],
        "mark": mark,
    }


def _beside_line(label: str, at: float, line: list[tuple[float, float]]) -> dict[str, Any]:
    """Give a label a place in the picture that covers no part of the line it names.

    Under the line to the right of its point where there is room; else over it to the left; else
    under it, as far to the right as it goes. Over it, too, where the ground is near.
    """
    wide = BOLD_LETTER * len(label)

    def span(left: float) -> list[float]:
        ends = (left, *(x for x, _y in line), left + wide)
        return [_height(line, x) for x in ends if left <= x <= left + wide]

    left, over_left = min(at + 10, WIDTH - wide), at - 10 - wide
    if left < at + 10 and over_left >= LEFT and min(span(over_left)) - 14 >= TOP:
        return {"label_x": round(over_left, 1), "label_y": round(min(span(over_left)) - 14, 1)}
    under = max(span(left)) + 24
    if under > HEIGHT - BOTTOM - 4:
        under = min(span(left)) - 14
    return {"label_x": round(left, 1), "label_y": round(under, 1)}


def _height(line: list[tuple[float, float]], x: float) -> float:
    """Height of a line of points at x, between its points and level beyond them."""
    for (x0, y0), (x1, y1) in pairwise(line):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return line[0][1] if x < line[0][0] else line[-1][1]


def _to_screen(b: Briefing) -> Any:
    """Return the function from the reported scale to the one the screen shows."""
    if b.record.exam.id == "usmle-step-1":
        return facts.conversion("nbme-cbssa", b.record.exam.id, b.as_of).from_reported
    return float


Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom of what is drawn."""


def text_box(text: str, x: float, y: float, anchor: str = "start") -> Box:
    """Return the box of a text whose baseline is at ``y``."""
    wide = LETTER * len(text)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return (left, y - LINE + 3, left + wide, y + 3)


def _flags(days: Sequence[tuple[date, str]], x: Any, taken: list[Box]) -> list[dict[str, Any]]:
    """Place a post with its label for each day, where the label covers nothing; else the post."""
    found = []
    for day, text in days:
        at = x(day.toordinal())
        flag: dict[str, Any] = {"x": at, "text": text, "label": None}
        middle = min(max(at, LETTER * len(text) / 2), WIDTH - LETTER * len(text) / 2)
        for row in (TOP - 5, TOP - 18):
            box = text_box(text, middle, row, "middle")
            if box[1] >= 0 and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                flag["label"] = {"x": round(middle, 1), "y": row}
                break
        found.append(flag)
    return found


def _band_caption(xs: Sequence[tuple[float, ...]], taken: list[Box]) -> dict[str, Any] | None:
    """Return where the caption of the band lies inside it; ``None`` where it has no room."""
    wide = LETTER * len(BAND_CAPTION)
    for start in reversed(xs):
        left = start[0] - wide
        inside = [p for p in xs if left - 12 <= p[0] <= start[0]]
        if left < LEFT or len(inside) < 2:
            continue
        top, bottom = max(p[3] for p in inside), min(p[1] for p in inside)
        for y in (top + LINE + 1, bottom - 6):
            box = text_box(BAND_CAPTION, left, y)
            roomy = box[1] >= top and box[3] <= bottom
            if roomy and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                return {"x": round(left, 1), "y": round(y, 1), "text": BAND_CAPTION}
    return None


def _named_apart(tests: list[dict[str, Any]], taken: list[Box]) -> list[dict[str, Any]]:
    """Give each circle its name where it covers no other circle, line or text.

    Tried in turn: below, above, to the left, to the right. The newest choose first. A name without
    a place is in the table alone.

    Args:
        tests: The circles.
        taken: What stands already.
    """
    taken = [*taken, *((t["x"] - 7, t["y"] - 7, t["x"] + 7, t["y"] + 7) for t in tests)]
    for t in reversed(tests):
        wide = LETTER * len(t["name"])
        middle = min(max(t["x"], LEFT + wide / 2 - 4), WIDTH - wide / 2)
        places = (
            (middle, t["y"] + 20, "middle", middle - wide / 2),
            (middle, t["y"] - 12, "middle", middle - wide / 2),
            (t["x"] - 11, t["y"] + 4, "end", t["x"] - 11 - wide),
            (t["x"] + 11, t["y"] + 4, "start", t["x"] + 11),
        )
        t["label"] = None
        for at, base, anchor, left in places:
            box = (left, base - LINE + 3, left + wide, base + 3)
            inside = left >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT - BOTTOM
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                t["label"] = {"x": round(at, 1), "y": round(base, 1), "anchor": anchor}
                break
    return tests


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def tests_on_screen(b: Briefing) -> list[dict[str, Any]]:
    """Practice tests whose score has a published place on the screen's scale, oldest first."""
    place = _to_screen(b)
    found = []
    for form in sorted(b.record.forms, key=lambda f: f.date):
        if form.score is None:
            continue
        try:
            line = facts.conversion(form.family, b.record.exam.id, form.date)
        except FactUnknown:
            continue
        found.append(
            {
                "name": practice_test_name(form.family, form.form, b.record.exam.id),
                "date": form.date,
                "own": form.score,
                "value": place(line.to_reported(form.score)),
                "hollow": form.repeat or not form.timed or form.interrupted,
            }
        )
    return found


def _flag_days(b: Briefing) -> list[tuple[date, str]]:
    """Return the test date and the deadlines, with what stands at each."""
    exam = b.record.exam
    days = [(exam.planned_date, "my date")] if exam.planned_date else []
    return [*days, *((d.date, "deadline") for d in exam.deadlines)]


def score_trend(b: Briefing) -> dict[str, Any] | None:
    """Practice tests by date, the belief today, the cone ahead, the pass line."""
    tests = tests_on_screen(b)
    if not tests and not b.forecasts:
        return None
    place = _to_screen(b)
    mark = facts.pass_mark(b.record.exam.id, b.plan.test_date)
    line = place(mark.value)
    ahead = [f for i, f in enumerate(b.forecasts) if i % 7 == 0]
    cone = [
        (
            b.as_of,
            place(b.belief.score_mean - Z80 * b.belief.score_sd),
            place(b.belief.score_mean),
            place(b.belief.score_mean + Z80 * b.belief.score_sd),
        ),
        *((f.on, place(f.score_low), place(f.score_mean), place(f.score_high)) for f in ahead),
    ]
    first = min([t["date"] for t in tests] + [b.as_of])
    last = max(c[0] for c in cone)
    x = _days(first, last)
    values = [v for c in cone for v in c[1:]] + [t["value"] for t in tests] + [line]
    low, high = min(values), max(values)
    pad = max(1.0, (high - low) * 0.08)
    y = Axis(low - pad, high + pad, HEIGHT - BOTTOM, TOP)
    step = svg.step_of(high - low)
    start = -(-(low - pad) // step) * step
    ticks = []
    while start <= high + pad:
        ticks.append(Mark(y(start), f"{start:g}"))
        start += step
    xs = [(x(c[0].toordinal()), *(y(v) for v in c[1:])) for c in cone]
    circles = [{**t, "x": x(t["date"].toordinal()), "y": y(t["value"])} for t in tests]
    pass_label = f"passing score {line:.0f}"
    unit = "percent correct" if b.record.exam.id == "usmle-step-1" else "points"
    now = x(b.as_of.toordinal())
    taken = [
        text_box(pass_label, WIDTH - RIGHT, y(line) - 6, "end"),
        text_box(unit, 0, 14),
        *(text_box(t.label, LEFT - 6, t.at + 4, "end") for t in ticks),
        *((t["x"] - 7, t["y"] - 7, t["x"] + 7, t["y"] + 7) for t in circles),
    ]
    flags = _flags([d for d in _flag_days(b) if first <= d[0] <= last], x, taken)
    taken.append((now - 1, TOP, now + 1, HEIGHT - BOTTOM))  # the post of today
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "base": HEIGHT - BOTTOM,
        "top": TOP,
        "today": now,
        "cone": _points([*((p[0], p[1]) for p in xs), *((p[0], p[3]) for p in reversed(xs))]),
        "middle": _points([(p[0], p[2]) for p in xs]),
        "flags": flags,
        "band": _band_caption(xs, taken),
        "tests": _named_apart(circles, taken),
        "pass_y": y(line),
        "pass_label": pass_label,
        "months": _months(x),
        "ticks": ticks,
        "unit": unit,
        "now": briefing_text.shown_score(b, b.belief.score_mean),
        "now_low": briefing_text.shown_score(b, b.belief.score_mean - Z80 * b.belief.score_sd),
        "now_high": briefing_text.shown_score(b, b.belief.score_mean + Z80 * b.belief.score_sd),
        "mark": briefing_text.shown_score(b, mark.value),
        "mark_status": mark.status,
        "mark_source": mark.source,
    }


def area_grid(b: Briefing) -> list[dict[str, Any]]:
    """Areas of the share axis: bar as long as the exam weight, shade by distance to the mark.

    ``shade`` 0 (at or above the mark) to 4 (lowest); ``pale`` where the record says little of the
    area itself, so that its place rests on the total.
    """
    standings = b.belief.area_standings()
    if not standings:
        return []
    mark = facts.pass_mark(b.record.exam.id, b.plan.test_date).value
    heaviest = max(a.exam_weight for a in standings)
    widest = max(a.sd for a in standings)
    narrowest = min(a.sd for a in standings)
    middle = (widest + narrowest) / 2
    found = []
    for a in sorted(standings, key=lambda a: (a.mean, a.area)):
        distance = (mark - a.mean) / a.sd
        shade = next((i for i, cut in enumerate((0.0, 0.5, 1.0, 1.5)) if distance <= cut), 4)
        found.append(
            {
                "area": a.area,
                "width": round(100 * a.exam_weight / heaviest, 1),
                "weight": f"about {max(1, round(100 * a.exam_weight))} of 100 questions",
                "shade": shade,
                "place": (
                    "at or above the passing score",
                    "near it",
                    "below it",
                    "well below it",
                    "far below it",
                )[shade],
                "pale": a.sd > middle and widest > narrowest * 1.05,
                "mean": briefing_text.shown_score(b, a.mean),
                "minutes": int(b.plan.planned_minutes.get(a.area, 0)),
            }
        )
    return found


MOST_CAUSES, MOST_WEEKS = 5, 52
"""Strips and weeks that a phone can show; the table holds every cause of those weeks."""

STRIP, BARS = 58, 30
"""Height of one cause's strip with its label, and of its bars alone."""


def causes_over_time(table: CauseTable, names: Mapping[Cause, Any]) -> dict[str, Any] | None:
    """Misses by week, one strip for each of the most common causes; all misses stand as outlines.

    Args:
        table: Counts of misses.
        names: What a learner calls each cause.

    Returns:
        ``None`` while the misses lie in one week, where nothing has a course yet.
    """
    weeks = list(table.by_week().items())[-MOST_WEEKS:]
    if len(weeks) < 2:
        return None
    first, last = weeks[0][0], weeks[-1][0]
    count = (last - first).days // 7 + 1
    most = max(total for _, (_, total) in weeks)
    slot = (WIDTH - RIGHT) / count
    width = round(min(slot * 0.8, 28.0), 1)
    by_cause: dict[Cause, dict[date, int]] = {}
    for cause in names:
        own = {week: n for week, (n, _) in table.by_week((cause,)).items() if week >= first and n}
        if own:
            by_cause[cause] = own
    order = sorted(by_cause, key=lambda cause: -sum(by_cause[cause].values()))
    shown = sum(total for _, (_, total) in weeks)
    strips = []
    for i, cause in enumerate(order[:MOST_CAUSES]):
        base = (i + 1) * STRIP - 6
        strips.append(
            {
                "name": names[cause],
                "count": sum(by_cause[cause].values()),
                "label_y": base - BARS - 8,
                "base": base,
                "bars": [
                    {
                        "x": round((week - first).days // 7 * slot + (slot - width) / 2, 1),
                        "all": round(BARS * total / most, 1),
                        "all_y": round(base - BARS * total / most, 1),
                        "own": round(BARS * by_cause[cause].get(week, 0) / most, 1),
                        "own_y": round(base - BARS * by_cause[cause].get(week, 0) / most, 1),
                    }
                    for week, (_, total) in weeks
                ],
            }
        )
    axis = Axis(first.toordinal(), last.toordinal() + 7, 0, WIDTH - RIGHT)
    return {
        "width": WIDTH,
        "height": len(strips) * STRIP + 26,
        "right": WIDTH - RIGHT,
        "bar": width,
        "strips": strips,
        "base": len(strips) * STRIP - 6,
        "months": _months(axis),
        "names": [names[cause] for cause in order],
        "weeks": [
            {
                "first": week,
                "counts": [by_cause[cause].get(week, 0) for cause in order],
                "total": total,
            }
            for week, (_, total) in weeks
        ],
        "total": shown,
    }


SQUARE = 300
"""Side of the reliability chart: said and came stand on equal scales."""


def reliability(track: TrackRecord) -> dict[str, Any]:
    """What was said against what came: one circle a tenth of chance, as large as it has forecasts.

    The thin line is where the two agree. A circle carries its count.
    """
    x = Axis(0.0, 1.0, LEFT, SQUARE - RIGHT)
    y = Axis(0.0, 1.0, SQUARE - BOTTOM, TOP)
    most = max(r.count for r in track.bins)
    points = []
    for r in track.bins:
        at, came = x(r.mean_p), y(r.passed / r.count)
        radius = round(5.0 + 7.0 * (r.count / most) ** 0.5, 1)
        points.append(
            {
                "x": at,
                "y": came,
                "r": radius,
                "label": f"{r.passed} of {r.count}",
                **_beside(at, came, radius, under=r.passed / r.count < r.mean_p),
                "low": round(10 * r.low),
                "high": round(10 * r.high),
                "count": r.count,
                "passed": r.passed,
            }
        )
    return {
        "width": SQUARE,
        "height": SQUARE,
        "left": LEFT,
        "right": SQUARE - RIGHT,
        "top": TOP,
        "base": SQUARE - BOTTOM,
        "said": [Mark(x(n / 10), str(n)) for n in (0, 2, 4, 6, 8, 10)],
        "came": [Mark(y(n / 10), str(n)) for n in (0, 2, 4, 6, 8, 10)],
        "points": points,
    }


def _beside(at: float, came: float, radius: float, *, under: bool) -> dict[str, Any]:
    """Where a circle's count stands: off the line on which said and came agree, off the axis."""
    if not under:
        return {"label_x": at, "label_y": round(came - radius - 6, 1), "anchor": "middle"}
    if came < SQUARE - BOTTOM - 30:
        return {"label_x": at, "label_y": round(came + radius + 15, 1), "anchor": "middle"}
    left = at > SQUARE * 0.75
    away = radius + 6
    return {
        "label_x": round(at - away if left else at + away, 1),
        "label_y": came - 8,
        "anchor": "end" if left else "start",
    }


def ten_futures(b: Briefing) -> list[dict[str, Any]]:
    """What each change is worth: its chance beside ten drawn learners, the same ten in each row.

    Learners stand in their order, so that a column is one learner; who passes is a full circle.
    """
    told = briefing_text.side_by_side([lever.p_pass for lever in b.levers])
    return [
        {
            "lever": lever,
            "told": said,
            "gain": "" if i == 0 else briefing_text.more_of_hundred(lever.gain),
            "count": briefing_text.futures_count(lever) if lever.futures else "",
            "ten": [
                {"x": 10 + 20 * n, "passes": f.passes, "learner": f.learner}
                for n, f in enumerate(lever.futures)
            ],
        }
        for i, (lever, said) in enumerate(zip(b.levers, told, strict=True))
    ]
