"""The date line and the twenty dots of a briefing: values for the drawings, and their markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from bounceback.errors import FactUnknown
from bounceback.messages import chances as words
from bounceback.messages.practice_test_names import practice_test_name, practice_test_sign
from bounceback.messages.registry import Format
from bounceback.services import Briefing
from bounceback.services import date_line as services_date_line
from bounceback.services import published_facts as facts
from bounceback.vocabulary import ExamId
from bounceback_web.pages import date_choices, date_line, twenty_dots
from bounceback_web.pages.date_choices import DateChoice, Scale
from bounceback_web.pages.date_line import Column, DateLine, Mark, TestMark

LINE_WITHOUT_EDGE = timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class Pictures:
    """A drawing for a phone and one for a desk, and what found no place in them."""

    phone: SafeString
    desk: SafeString
    legend: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How the line is shown.

    Attributes:
        finger: The date in the readout.
        trying: Whether it is tried.
        before: People of ten before the last test, by date; empty without one.
        people: ``False`` draws no dots and no counts.
    """

    finger: date | None = None
    trying: bool = False
    before: Mapping[date, int] | None = None
    people: bool = True


def date_line_of(
    b: Briefing, choices: Sequence[DateChoice], fmt: Format, shown: Shown | None = None
) -> DateLine:
    """Return the line of a briefing.

    Args:
        b: The briefing.
        choices: The dates one can book.
        fmt: How dates are written.
        shown: How it is shown; at rest by default.
    """
    how = shown or Shown()
    held = services_date_line.date_line(b)
    mine, suggested = held.my_date, held.suggested_date
    before = how.before or {}
    by_day = {one.day: words.tenths(one.chance) for one in choices}
    columns = tuple(
        Column(
            one.day,
            by_day[one.day],
            words.column_words(one.day, by_day[one.day], mine, fmt),
            fmt.short_day(one.day, weekday=False),
            before.get(one.day),
        )
        for one in choices
    )
    last = held.last or b.as_of + LINE_WITHOUT_EDGE
    edge = None
    if held.eligibility_last is not None and held.eligibility_last <= last:
        note = fmt.short_day(held.eligibility_last, weekday=False)
        edge = Mark(held.eligibility_last, "Eligibility ends", note, "Last day")
    named = [(d, by_day[d]) if d in by_day else None for d in (mine, suggested)]
    hides = not how.people
    return DateLine(
        today=b.as_of,
        end=last + timedelta(days=date_line.DAYS_AFTER_EDGE),
        title="Your test dates" if hides else "Your chances by date",
        description="" if hides else words.line_description(named[0], named[1], fmt),
        columns=columns,
        my_date=mine,
        my_label=_flag("My date", mine, fmt),
        suggested=suggested,
        suggested_label=_flag("Suggested", suggested, fmt),
        tests=_tests(held, b.record.exam.id, fmt),
        decision=_decision(held, fmt),
        deadlines=_deadlines(held, fmt, edge.day if edge else last),
        edge=edge,
        finger=how.finger,
        trying=how.trying,
        shows_people=how.people,
    )


def _flag(label: str, day: date | None, fmt: Format) -> tuple[str, str]:
    if day is None:
        return "", ""
    return f"{label} · {fmt.short_day(day, weekday=False)}", label


def _tests(held: services_date_line.DateLine, exam: ExamId, fmt: Format) -> tuple[TestMark, ...]:
    return tuple(
        TestMark(t.on, practice_test_name(t.family, t.form, exam), _short(t.on, fmt), t.state)
        for t in held.tests
    )


def _short(day: date, fmt: Format) -> str:
    return fmt.short_day(day, weekday=False)


def _decision(held: services_date_line.DateLine, fmt: Format) -> Mark | None:
    if held.decide_on is None:
        return None
    return Mark(held.decide_on, "You decide", _short(held.decide_on, fmt))


def _deadlines(held: services_date_line.DateLine, fmt: Format, last: date) -> tuple[Mark, ...]:
    """The last day to test so that the latest result still meets each deadline."""
    found = []
    for deadline in held.deadlines:
        if held.today < deadline.test_by <= last:
            name = f"Result in time for {_short(deadline.on, fmt)}"
            note = f"if you test by {_short(deadline.test_by, fmt)}"
            found.append(Mark(deadline.test_by, name, note, "Result in time"))
    return tuple(found)


def pictures(line: DateLine, prefix: str) -> Pictures:
    """Return the line drawn for a phone and a desk, with the marks that a phone names in a row."""
    phone = date_line.draw(line, date_line.PHONE, prefix)
    desk = date_line.draw(line, date_line.DESK, prefix)
    marks = []
    if line.decision is not None:
        marks.append(("decision", line.decision.name, line.decision.note))
    marks += [
        ("deadline", mark.short, f"until {mark.note.rpartition(' by ')[2]}")
        for mark in line.deadlines
    ]
    return Pictures(
        mark_safe(phone.markup),
        mark_safe(desk.markup),
        tuple(dict.fromkeys((*phone.legend, *desk.legend))),
        tuple(marks),
    )


def small_picture(line: DateLine, prefix: str = "date-line") -> Pictures:
    """Return the small line for Today, for a phone and a desk."""
    phone = date_line.draw_small(line, 358.0, prefix)
    desk = date_line.draw_small(line, 640.0, prefix)
    return Pictures(mark_safe(phone.markup), mark_safe(desk.markup), (), ())


def readouts(
    choices: Sequence[DateChoice],
    b: Briefing,
    scale: Scale,
    fmt: Format,
    before: Mapping[date, int] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return what the page shows under the line for each date, by date; made before it is asked."""
    mine = date_choices.my_date(b)
    my_choice = next((one for one in choices if one.day == mine), None)
    return {
        one.day.isoformat(): readout(one, my_choice, b, scale, fmt, (before or {}).get(one.day))
        for one in choices
    }


def readout(
    one: DateChoice,
    mine: DateChoice | None,
    b: Briefing,
    scale: Scale,
    fmt: Format,
    before: int | None = None,
) -> dict[str, Any]:
    """Return one date's values in words, in the order in which they are read."""
    passing = words.count_words(one.chance)[0]
    if before is not None:
        passing += f", before {before}"
    elif mine is not None and mine.day != one.day:
        passing += f" · my date {words.tenths(mine.chance)}"
    rows = [
        ("Would pass", passing),
        ("Likely level", words.range_words(one.low, one.high, percent=scale.percent)),
        ("Result", words.result_words(one.result_usual, one.result_latest, fmt)),
    ]
    rows += [(f"{fmt.day(d.date)} deadline", words.STATUS[d.met]) for d in one.deadlines]
    rows.append(
        (
            "If it doesn\u2019t work out",
            words.if_not_words(
                one.attempts_left or (), one.register_again, known=one.attempts_left is not None
            ),
        )
    )
    away = (one.day - (mine.day if mine else b.as_of)).days
    return {
        "day": fmt.day(one.day, weekday=True),
        "short": fmt.short_day(one.day, weekday=False),
        "away": words.from_my_date(away) if mine else f"{words.weeks_words(away)} from today",
        "passing": words.tenths(one.chance),
        "text": words.column_words(
            one.day, words.tenths(one.chance), mine.day if mine else None, fmt
        ),
        "mine": mine is not None and mine.day == one.day,
        "rows": [list(row) for row in rows],
    }


def twenty(
    b: Briefing, one: DateChoice, scale: Scale, fmt: Format, prefix: str = "twenty"
) -> Pictures:
    """Return the picture of twenty test days on a date."""
    spread = max((one.high - one.low) / (2 * date_choices.Z_OF_RANGE), 0.1)
    passing, failing = words.count_words(one.chance)
    label = words.passing_words(scale.passing, percent=scale.percent, status=scale.status)
    picture = twenty_dots.ScorePicture(
        mean=(one.low + one.high) / 2,
        sd=spread,
        passing=scale.passing,
        passing_people=None if words.counts_of_hundred(one.chance) else words.tenths(one.chance),
        chance=one.chance,
        low=one.low,
        high=one.high,
        unit="%" if scale.percent else "",
        title=f"20 simulated test days on {fmt.day(one.day)}: {passing}, {failing}.",
        passing_label=f"Passing score {label}",
        pass_label=passing,
        fail_label=failing,
        range_label=f"likely {words.range_words(one.low, one.high, percent=scale.percent)}",
        tests=past_tests(b, scale),
        tests_label="your practice tests",
        percent=scale.percent,
    )
    return Pictures(
        mark_safe(twenty_dots.draw(picture, twenty_dots.PHONE_WIDTH, prefix).markup),
        mark_safe(twenty_dots.draw(picture, twenty_dots.DESK_WIDTH, prefix).markup),
        (),
        (),
    )


def past_tests(b: Briefing, scale: Scale) -> tuple[twenty_dots.PastTest, ...]:
    """Return the practice tests whose score has a place on the exam's scale, newest eight."""
    found = []
    for form in sorted(b.record.forms, key=lambda f: f.date)[-8:]:
        if form.score is None:
            continue
        try:
            line = facts.conversion(form.family, b.record.exam.id, form.date)
        except FactUnknown:
            continue
        found.append(
            twenty_dots.PastTest(
                practice_test_sign(form.family, form.form),
                scale.shown(line.to_reported(form.score)),
                form.repeat or not form.timed or form.interrupted,
            )
        )
    return tuple(found)
