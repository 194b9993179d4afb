"""After a practice test: the score, what was expected, every date before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils.safestring import mark_safe

from bounceback.errors import FactUnknown
from bounceback.messages import chances as chance_words
from bounceback.messages import practice_tests as words
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Format
from bounceback.records.models import Form
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback_web import briefings
from bounceback_web.pages import chances_values, date_choices, date_line_values, expected_line
from bounceback_web.pages.date_line_values import Shown
from bounceback_web.records.learner_store import Kept

MOST_CHANGES = 3
LEAST_MORE_MINUTES = 60
"""Added time for an area below which the page doesn't speak of it."""
AXIS_STEP = {"epc": 10.0, "percent": 10.0, "reported": 20.0, "own": 50.0}


@dataclass(frozen=True, slots=True)
class OwnScale:
    """The scale of one test.

    Attributes:
        score: As entered.
        low: Low end of what was expected; ``None`` if the test doesn't predict.
        high: High end.
        passing: Passing score on that scale; ``None`` without a conversion.
        unit: "%" or "".
        step: Points between round ends of an axis.
    """

    score: float
    low: float | None
    high: float | None
    passing: float | None
    unit: str
    step: float


def without(kept: Kept, position: int) -> Briefing:
    """Return today's answer as it would be without one of the practice tests."""
    forms = tuple(f for i, f in enumerate(kept.value.forms) if i != position)
    return briefings.preview(kept, replace(kept.value, forms=forms)).briefing


def own_scale(form: Form, before: Briefing) -> OwnScale | None:
    """Return a test's score beside what was expected of it, on the test's own scale."""
    exam = before.record.exam.id
    if form.score is None:
        return None
    family = facts.form_family(form.family, exam)
    unit = "%" if family.scale in ("epc", "percent") else ""
    step = AXIS_STEP.get(family.scale, 20.0)
    try:
        line = facts.conversion(form.family, exam, form.date)
    except FactUnknown:
        return OwnScale(form.score, None, None, None, unit, step)
    parameter = before.belief.constants.parameter
    sd = parameter.get(f"form_sd.{form.family}")
    passing = line.from_reported(facts.pass_mark(exam, form.date).value)
    if sd is None:
        return OwnScale(form.score, None, None, passing, unit, step)
    bias = parameter.get(f"form_bias.{form.family}", 0.0)
    spread = math.hypot(sd, parameter.get(f"form_bias_sd.{form.family}", 0.0))
    half = date_choices.Z_OF_RANGE * math.hypot(before.belief.score_sd, spread)
    middle = before.belief.score_mean + bias
    return OwnScale(
        form.score,
        line.from_reported(middle - half),
        line.from_reported(middle + half),
        passing,
        unit,
        step,
    )


def page_values(kept: Kept, position: int, after: Briefing, fmt: Format) -> dict[str, Any]:
    """Return what the reveal shows.

    Args:
        kept: The record.
        position: Which of its practice tests.
        after: Today's answer.
        fmt: How dates are written.
    """
    form = kept.value.forms[position]
    exam = after.record.exam.id
    before = without(kept, position)
    name = practice_test_name(form.family, form.form, exam)
    suggested = date_choices.suggested_date(after)
    upcoming = chances_values.next_entry(after)
    values: dict[str, Any] = {
        "name": name,
        "taken": fmt.day(form.date, weekday=True),
        "how": words.conditions_words(
            timed=form.timed, interrupted=form.interrupted, repeat=form.repeat
        ),
        "changes": _changes(before, after, form, fmt),
        "rest": _rest(after, fmt),
    }
    values["changes_heading"] = words.changes_heading(len(values["changes"]))
    scale = own_scale(form, before)
    if not kept.row.shows_numbers or scale is None:
        return values
    values |= _score(scale)
    next_test = ""
    if upcoming is not None and upcoming.date is not None:
        upcoming_name = practice_test_name(upcoming.family, upcoming.form, exam)
        next_test = f"{upcoming_name} on {fmt.day(upcoming.date)}"
    distance = scale.score - (scale.passing if scale.passing is not None else scale.score)
    values["doesnt_mean"] = words.doesnt_mean(distance, suggested, next_test, fmt)
    return values | _before_and_after(before, after, fmt)


def _score(scale: OwnScale) -> dict[str, Any]:
    shown = f"{scale.score:g}{scale.unit}"
    sentence = ""
    if scale.passing is not None:
        sentence = chance_words.distance_words(scale.score, scale.passing)
        sentence = sentence[:1].upper() + sentence[1:]
    values: dict[str, Any] = {"score": shown}
    if scale.low is not None and scale.high is not None:
        place = words.place_words(scale.score, scale.low, scale.high)
        sentence = f"{sentence}, and {place}." if sentence else f"This is {place}."
        values["far"] = words.far_from_expected(scale.score, scale.low, scale.high)
        if scale.passing is not None:
            values["expected"] = _expected(scale, sentence)
    elif sentence:
        sentence += "."
    return values | {"sentence": sentence}


def _expected(scale: OwnScale, sentence: str) -> dict[str, Any]:
    unit = scale.unit
    picture = expected_line.Expected(
        score=scale.score,
        low=scale.low,
        high=scale.high,
        passing=scale.passing or 0.0,
        unit=unit,
        title=sentence,
        score_label=f"You: {scale.score:g}{unit}",
        passing_label=f"passing score {scale.passing:.0f}{unit}",
        expected_label=f"expected {scale.low:.0f}{unit} to {scale.high:.0f}{unit}",
        step=scale.step,
    )
    return {
        "phone": mark_safe(expected_line.draw(picture, 358.0).markup),
        "desk": mark_safe(expected_line.draw(picture, 720.0).markup),
    }


def _before_and_after(before: Briefing, after: Briefing, fmt: Format) -> dict[str, Any]:
    main = date_choices.main_date(after)
    if main is None:
        return {}
    earlier = {f.on: chance_words.tenths(f.p_pass) for f in before.forecasts}
    choices = date_choices.choices(after)
    scale = date_choices.scale_of(after)
    line = date_line_values.date_line_of(after, choices, fmt, Shown(before=earlier))
    now = date_choices.choice(after, main, scale)
    then = next((f for f in before.forecasts if f.on == main.on), None)
    was = date_choices.choice(before, then, scale) if then is not None else None
    gained = any(earlier.get(one.day, 0) != chance_words.tenths(one.chance) for one in choices)
    return {
        "main_day": fmt.day(main.on),
        "before": _count(was.chance, "before") if was else None,
        "after": _count(now.chance, ""),
        "level": chance_words.range_words(now.low, now.high, percent=scale.percent),
        "level_before": (
            chance_words.range_words(was.low, was.high, percent=scale.percent) if was else ""
        ),
        "line": date_line_values.pictures(line, "reveal"),
        "moved": gained,
        "every": [
            {
                "label": fmt.short_day(one.day),
                "before": f"{earlier[one.day]} in 10" if one.day in earlier else "",
                "after": f"{chance_words.tenths(one.chance)} in 10",
            }
            for one in choices
        ],
    }


def _count(chance: float, class_: str) -> dict[str, Any]:
    if chance_words.counts_of_hundred(chance):
        number, of = str(min(99, max(1, round(100 * chance)))), "in 100"
    else:
        number, of = str(chance_words.tenths(chance)), "in 10"
    return {"number": number, "of": of, "ten": chances_values.ten(chance, class_)}


def _changes(before: Briefing, after: Briefing, form: Form, fmt: Format) -> list[dict[str, str]]:
    """At most three changes: the review of this test, an area with more time, the next test."""
    exam = after.record.exam.id
    name = practice_test_name(form.family, form.form, exam)
    found: list[dict[str, str]] = []
    label = f"{form.family} {form.form}".strip()
    for session in after.plan.sessions:
        if session.kind == "review" and session.form == label and session.date >= after.as_of:
            when = f"{fmt.day(session.date, weekday=True)}, {fmt.clock(session.start)}"
            found.append(
                {
                    "kind": "review",
                    "what": f"Review {name}",
                    "note": f"{when} · {fmt.duration(session.minutes)}, incorrects first",
                }
            )
            break
    gains = {
        area: minutes - before.plan.planned_minutes.get(area, 0)
        for area, minutes in after.plan.planned_minutes.items()
    }
    if gains:
        area, minutes = max(gains.items(), key=lambda pair: (pair[1], pair[0]))
        if minutes >= LEAST_MORE_MINUTES:
            what, note = words.more_time(area, int(minutes), fmt)
            found.append({"kind": "questions", "what": what, "note": note})
    upcoming = chances_values.next_entry(after)
    if upcoming is not None and upcoming.date is not None:
        earlier = next((e for e in before.plan.ledger if e.label == upcoming.label), None)
        stays = earlier is not None and earlier.date == upcoming.date
        upcoming_name = practice_test_name(upcoming.family, upcoming.form, exam)
        verb = "stays on" if stays else "is now on"
        found.append(
            {
                "kind": "form",
                "what": f"{upcoming_name} {verb} {fmt.day(upcoming.date)}",
                "note": fmt.duration(upcoming.minutes) + ", timed" if upcoming.minutes else "",
            }
        )
    return found[:MOST_CHANGES]


def _rest(after: Briefing, fmt: Format) -> str:
    tomorrow = after.as_of + timedelta(days=1)
    ahead = sorted(
        (s.date, s.start)
        for s in after.plan.sessions
        if s.date >= tomorrow and s.minutes > 0 and s.kind in ("study", "review", "form")
    )
    if not ahead:
        return ""
    day, start = ahead[0]
    if day == tomorrow:
        return f"Tomorrow starts at {fmt.clock(start)}."
    if day > tomorrow:
        return f"Tomorrow is your day off. Next: {fmt.day(day, weekday=True)}."
    return ""
