"""Two pages for the advisor meeting, set by typst.

Page 1 alone tells the story: where the student is, the advice and why, what to decide. It speaks of
the student in the third person. Mood, sleep and the reason are never on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from bounceback.messages import advisor_pages as words
from bounceback.messages import chances as chance_words
from bounceback.messages.appraisal import say_all
from bounceback.messages.names import CAUSES
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Format
from bounceback.messages.registry import render as render_reason
from bounceback.reasons import Reason
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.look_back import advisor_agenda
from bounceback.services.miss_analysis import miss_analysis
from bounceback.services.values import Agenda
from bounceback_web.cards.charts import workload
from bounceback_web.exports.svg_for_print import LINE_INK, PEOPLE_INK, on_paper, printed
from bounceback_web.pages import (
    chances_values,
    charts,
    date_choices,
    date_line,
    date_line_values,
    presenters,
    twenty_dots,
    wording,
)
from bounceback_web.pages.date_line_values import Shown

if TYPE_CHECKING:
    from bounceback.services.values import DayLoad, TrackRecord

MOST: Final = {
    "dates": 3,
    "points": 3,
    "rules": 6,
    "path": 5,
    "tests": 10,
    "ahead": 6,
    "evidence": 6,
    "areas": 8,
    "levers": 5,
    "left_out": 3,
    "sources": 8,
}
"""Most lines of each part, so that two pages hold it; the app shows everything."""

LONGEST: Final = 240
"""Most characters of one line of somebody's text."""

PAGES: Final = 2


def meeting_pdf(
    b: Briefing,
    *,
    numbers: bool = True,
    track: TrackRecord | None = None,
    load: Sequence[DayLoad] = (),
) -> bytes:
    """Return the two pages as a PDF (tagged, PDF/UA-1).

    Args:
        b: The briefing.
        numbers: Show chances and scores; without them the pages hold the plan and the points.
        track: How earlier forecasts did, once one has met its result.
        load: Minutes for cards by day until the exam.
    """
    import typst

    data = json.dumps(contents(b, numbers=numbers, track=track, load=load), ensure_ascii=False)
    compiled = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,  # embedded fonts alone: the same pages on every machine
        sys_inputs={"data": data},
        pdf_standards="ua-1",
        # The day of the briefing, so that the same answer makes the same file.
        timestamp=datetime.combine(b.as_of, time(12), tzinfo=UTC),
    )
    assert isinstance(compiled, bytes)
    return compiled


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (files("bounceback_web.exports") / "meeting.typ").read_bytes()


def _short(text: str, most: int = LONGEST) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rsplit(" ", 1)[0] + " …"


def _first(lines: Iterable[Any], part: str) -> list[Any]:
    return list(lines)[: MOST[part]]


def _say(what: Any) -> str:
    if isinstance(what, str) or what is None:
        return what or ""
    return render_reason(what) if isinstance(what, Reason) else say_all(what)


def contents(
    b: Briefing,
    *,
    numbers: bool = True,
    track: TrackRecord | None = None,
    load: Sequence[DayLoad] = (),
) -> dict[str, Any]:
    """Return what stands on the pages, as data of the template."""
    fmt = Format(wording.locale_of(b.record))
    passed = presenters.passed_attempt(b)
    numbers = numbers and passed is None
    points = advisor_agenda(b)
    return {
        "when": fmt.day(b.as_of),
        "footer": words.FOOTER,
        "numbers": numbers,
        **_first_page(b, fmt, points, numbers=numbers),
        **_second_page(b, fmt, numbers=numbers),
        "pictures": _pictures(b, numbers=numbers, track=track, load=load),
    }


def _first_page(b: Briefing, fmt: Format, points: Agenda, *, numbers: bool) -> dict[str, Any]:
    exam = facts.exam(b.record.exam.id)
    passed = presenters.passed_attempt(b)
    scale = date_choices.scale_of(b)
    mine, suggested = date_choices.my_date(b), date_choices.suggested_date(b)
    level = chances_values.level_today(b, scale)
    if passed is not None:
        title = words.passed_sentence(exam.name, passed.date, fmt)
    elif numbers:
        title = words.title(level["distance"], mine, suggested, b.decision.advice, fmt)
    else:
        title = words.plain_title(exam.name, mine, fmt)
    grade = words.GRADES[chances_values.evidence_grade(b)]
    return {
        "about": _about(b, fmt),
        "title": title,
        "line": _line(b, fmt, numbers=numbers) if passed is None else "",
        "line_words": chance_words.line_description(None, None, fmt) if numbers else title,
        "where": (
            words.where_sentence(
                level,
                chance_words.passing_words(
                    scale.passing, percent=scale.percent, status=scale.status
                ),
                scale.status,
                percent=scale.percent,
            )
            if numbers
            else words.NUMBERS_HIDDEN
            if passed is None
            else ""
        ),
        "group": chances_values.group_sentence(b) if numbers else "",
        "advice": _advice(b, fmt) if passed is None else "",
        "why": _why(b, fmt) if numbers else "",
        "dates": _dates(b, fmt) if numbers else [],
        "points": [
            {"title": _short(_say(item.title), 60), "ask": _short(_say(item.ask))}
            for item in _first(points.items, "points")
        ],
        "agreed": _short(_say(points.agreed_last_time)),
        "agreement": _agreement(b, fmt) if passed is None else "",
        "limits": words.LIMITS.format(grade=grade) if numbers else "",
    }


def _second_page(b: Briefing, fmt: Format, *, numbers: bool) -> dict[str, Any]:
    exam = b.record.exam.id
    passed = presenters.passed_attempt(b)
    left_out = _first(b.plan.left_out, "left_out")
    return {
        "tests": _first(_tests(b, fmt, numbers=numbers), "tests"),
        "no_tests": words.NO_TESTS,
        "ahead": [
            f"{practice_test_name(e.family, e.form, exam)} on {fmt.day(e.date)}"
            for e in _first((e for e in b.plan.ledger if e.date), "ahead")
        ],
        "rules": [
            {"sign": row["status"], "rule": _short(row["text"])}
            for row in _first(
                chances_values.rules(b, fmt) if passed is None and numbers else (), "rules"
            )
        ],
        "path": [
            {"what": _short(_named(b, _say(s.what))), "by": fmt.day(s.by)}
            for s in _first(b.remediation.steps if b.remediation else (), "path")
        ],
        "checkpoint": _checkpoint(b, fmt, numbers=numbers),
        "evidence": _first(
            chances_values.weights_in_words(b, fmt, "The") if numbers else (), "evidence"
        ),
        "plan_words": _plan_words(b, fmt),
        "areas": _areas(b, numbers=numbers),
        "left_out": _short(", ".join(_say(entry.what) for entry in left_out)),
        "levers": chances_values.levers_in_words(b)["rows"][: MOST["levers"]] if numbers else [],
        "levers_none": chances_values.levers_in_words(b)["none"] if numbers else "",
        "sources": [
            f"{s['name']}: {s['value']} ({s['source']}, {s['sure'].lower()})"
            for s in _first(chances_values.sources(b) if numbers else (), "sources")
        ],
    }


def _named(b: Briefing, text: str) -> str:
    from bounceback.messages.briefing_text import with_names

    return with_names(text, b.record.exam.id)


def _about(b: Briefing, fmt: Format) -> str:
    own = [a for a in b.record.attempts if a.exam == b.record.exam.id and a.outcome != "incomplete"]
    last = max(own, key=lambda a: a.date) if own else None
    told = (
        (last.date, last.outcome == "pass") if last and last.outcome in ("pass", "fail") else None
    )
    name = facts.exam(b.record.exam.id).name
    return words.attempts_line(name, b.decision.attempt_number, told, fmt)


def _line(b: Briefing, fmt: Format, *, numbers: bool) -> str:
    if not b.forecasts:
        return ""
    shown = date_line_values.date_line_of(b, date_choices.choices(b), fmt, Shown(people=numbers))
    if shown.my_date is not None:
        label = shown.my_label[0].replace("My date", "Student\u2019s date")
        shown = replace(shown, my_label=(label, "Student\u2019s date"))
    if shown.decision is not None:
        shown = replace(shown, decision=replace(shown.decision, name="Decision day"))
    return on_paper(date_line.draw(shown, date_line.PRINT, "paper").markup, LINE_INK)


def _advice(b: Briefing, fmt: Format) -> str:
    entry = chances_values.next_entry(b)
    test = practice_test_name(entry.family, entry.form, b.record.exam.id) if entry else ""
    day = b.decision.date
    if b.decision.advice == "too-early-to-say" and entry is not None:
        day = entry.date
    return words.advice_sentence(b.decision.advice, day, test, fmt)


def _why(b: Briefing, fmt: Format) -> str:
    if not b.forecasts:
        return words.NO_DATE_LEFT

    def chance(day: date | None) -> tuple[date, float] | None:
        found = date_choices.forecast_on(b, day)
        return (found.on, found.p_pass) if found is not None else None

    mine = chance(date_choices.my_date(b))
    suggested = chance(date_choices.suggested_date(b))
    if mine is None and suggested is None:
        main = date_choices.main_date(b)
        mine = (main.on, main.p_pass) if main else None
    return words.why_sentence(mine, suggested, fmt)


def _dates(b: Briefing, fmt: Format) -> list[dict[str, str]]:
    scale = date_choices.scale_of(b)
    mine, suggested = date_choices.my_date(b), date_choices.suggested_date(b)
    picked = date_choices.compared(b, date_choices.choices(b))
    order = [one for one in picked if one.day in (mine, suggested)]
    order += [one for one in reversed(picked) if one not in order]
    rows = sorted(order[: MOST["dates"]], key=lambda one: one.day)
    return [
        {
            "day": fmt.day(one.day, weekday=True),
            "tag": {mine: "The student\u2019s date", suggested: "Suggested"}.get(one.day, ""),
            "count": fmt.people(one.chance),
            "ten": on_paper(twenty_dots.ten_people(chance_words.tenths(one.chance)), PEOPLE_INK),
            "level": chance_words.range_words(one.low, one.high, percent=scale.percent),
            "result": f"by {fmt.day(one.result_latest)}",
        }
        for one in rows
    ]


def _agreement(b: Briefing, fmt: Format) -> str:
    pact = b.record.decision.pact
    return words.agreement_sentence(_short(pact.rule), pact.date, fmt) if pact else ""


def _checkpoint(b: Briefing, fmt: Format, *, numbers: bool) -> str:
    again = b.remediation.retest if b.remediation else None
    if again is None:
        return ""
    name = practice_test_name(again.family, again.form, b.record.exam.id)
    score = f" At {again.score:g} or higher, a date can be set." if numbers else ""
    return f"Checkpoint: {name} on {fmt.day(again.date)}.{score}"


def _pictures(
    b: Briefing, *, numbers: bool, track: TrackRecord | None, load: Sequence[DayLoad]
) -> list[dict[str, str]]:
    """The charts of the second page, each with its sentence; those that have data."""
    found: list[tuple[str, dict[str, Any], str]] = []
    trend = charts.score_trend(b) if numbers else None
    if trend and trend["tests"]:
        found.append(("score_trend", trend, "Practice tests, and the likely level ahead."))
    table = miss_analysis(b.record, b.as_of).table
    causes = charts.causes_over_time(table, CAUSES)
    if causes is not None:
        said = f"Why {causes['total']} questions were missed, by week and cause."
        found.append(("causes_over_time", causes, said))
    if load:
        said = "Minutes for cards by day until the exam. Thin lines are the likely range."
        found.append(("workload", workload(load), said))
    if track is not None and numbers:
        said = f"Forecast and result, {track.count} forecasts."
        found.append(("reliability", charts.reliability(track), said))
    return [{"picture": printed(name, {"c": drawn}), "words": said} for name, drawn, said in found]


def _tests(b: Briefing, fmt: Format, *, numbers: bool) -> list[dict[str, str]]:
    from bounceback.messages.practice_tests import conditions_words

    return [
        {
            "day": fmt.day(f.date),
            "name": practice_test_name(f.family, f.form, b.record.exam.id),
            "score": "–" if f.score is None or not numbers else f"{f.score:g}",
            "how": conditions_words(timed=f.timed, interrupted=f.interrupted, repeat=f.repeat),
        }
        for f in sorted(b.record.forms, key=lambda f: f.date, reverse=True)
    ]


def _plan_words(b: Briefing, fmt: Format) -> str:
    plan = b.plan
    work = [s for s in plan.sessions if s.minutes > 0 and s.kind in ("study", "review", "form")]
    if plan.nothing is not None or not work:
        return "No study hours have been entered yet." if plan.nothing is None else ""
    hours = sum(s.minutes for s in work) / 60
    weeks = max((plan.test_date - b.as_of).days / 7, 1 / 7)
    return words.plan_sentence(plan.test_date, hours / weeks, fits=plan.fits, fmt=fmt)


def _areas(b: Briefing, *, numbers: bool) -> list[dict[str, str]]:
    """Areas, the weakest first, with the bar of the page; without numbers by planned work alone."""
    from bounceback_web.pages.templatetags.formatting import hours

    rows = charts.area_grid(b)
    if not numbers:
        rows.sort(key=lambda r: -r["minutes"])
    return [
        {
            "area": r["area"],
            "bar": printed("area_bar", {"r": r}) if numbers else "",
            "place": r["place"] + (", little known" if r["pale"] else "") if numbers else "",
            "planned": hours(r["minutes"]) if r["minutes"] else "–",
            "weight": r["weight"].removesuffix(" questions"),
        }
        for r in rows[: MOST["areas"]]
    ]
