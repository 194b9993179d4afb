"""Workload as geometry, in the manner of ``pages.charts``: bars by day, the range as a whisker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bounceback.messages.formatting import MONTHS
from bounceback_web.pages import svg
from bounceback_web.pages.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Mark

if TYPE_CHECKING:
    from bounceback.messages.registry import Format
    from bounceback.services.values import DayLoad, ExamPlan


def workload(load: Sequence[DayLoad]) -> dict[str, Any]:
    """Minutes for cards by day until the exam day."""
    most = max((one.minutes_high for one in load), default=1.0) or 1.0
    step = next(
        (s for s in (5, 10, 15, 30, 60, 120, 240, 480, 1440) if most / s <= 5),
        60 * int(svg.step_of(most / 60)),
    )
    y = Axis(0.0, most * 1.08, HEIGHT - BOTTOM, TOP)
    x = Axis(0.0, float(max(len(load), 1)), LEFT, WIDTH - RIGHT)
    width = max((WIDTH - LEFT - RIGHT) / max(len(load), 1) - 1.0, 0.8)
    bars = [
        {
            "x": round(x(i) + 0.5, 1),
            "y": y(one.minutes),
            "height": round(HEIGHT - BOTTOM - y(one.minutes), 1),
            "middle": round(x(i + 0.5), 1),
            "low": y(one.minutes_low),
            "high": y(one.minutes_high),
            "off": one.minutes_high <= 0.0,
            "today": i == 0,
        }
        for i, one in enumerate(load)
    ]
    first: dict[tuple[int, int], tuple[int, date]] = {}
    for i, one in enumerate(load):
        first.setdefault((one.date.year, one.date.month), (i, one.date))
    months = [Mark(x(i), MONTHS[d.month - 1][:3]) for i, d in list(first.values())[:12]]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "base": HEIGHT - BOTTOM,
        "bar": round(width, 1),
        "bars": bars,
        "months": months,
        "ticks": [Mark(y(t), str(t)) for t in range(0, int(most) + 1, step)],
    }


LAST_LOOK_DAYS = 3
"""Days before the exam on which cards are looked at once more, whatever their interval."""


def workload_note(plan: ExamPlan, fmt: Format) -> str:
    """Return what the bars don't say by themselves."""
    parts = []
    if plan.last_new is not None:
        parts.append(f"New cards stop on {fmt.day(plan.last_new)}.")
    if any(one.minutes_high <= 0.0 for one in plan.load):
        parts.append("Dots are days off.")
    busiest = max(plan.load, key=lambda one: one.minutes, default=None)
    if busiest is not None and (plan.exam - busiest.date).days <= LAST_LOOK_DAYS:
        parts.append("The tall bars at the end are a last look before your test.")
    parts.append("The thin line on a bar is where 8 in 10 of such days fall.")
    return " ".join(parts)


def weeks(load: Sequence[DayLoad]) -> list[dict[str, Any]]:
    """The same as a table: one row a week, minutes on the days with cards."""
    by_week: dict[date, list[DayLoad]] = {}
    for one in load:
        by_week.setdefault(one.date - timedelta(days=one.date.weekday()), []).append(one)
    rows = []
    for days in by_week.values():
        open_ = [one for one in days if one.minutes_high > 0.0]
        rows.append(
            {
                "first": days[0].date,
                "days": len(open_),
                "minutes": round(sum(o.minutes for o in open_) / len(open_)) if open_ else 0,
                "low": round(sum(o.minutes_low for o in open_) / len(open_)) if open_ else 0,
                "high": round(sum(o.minutes_high for o in open_) / len(open_)) if open_ else 0,
                "reviews": round(sum(o.reviews for o in days)),
                "new": round(sum(o.new for o in days)),
            }
        )
    return rows
