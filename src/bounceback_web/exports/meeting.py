"""Two pages for the adviser meeting: the briefing's own words and numbers, set by typst.

Page 1 alone tells the story: the chance, the date, what to talk about. Mood, sleep and the
learner's reason are never on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from bounceback import facts
from bounceback.appraisal import agenda, cause_table
from bounceback.messages import briefing_text, render
from bounceback.messages.appraisal import say_all
from bounceback.services import Briefing
from bounceback_web.cards.charts import workload
from bounceback_web.exports.svg_for_print import printed
from bounceback_web.pages import charts, presenters

if TYPE_CHECKING:
    from bounceback.flashcards.simulator import DayLoad
    from bounceback.forecast.scoring import TrackRecord

MOST: Final = {
    "reasons": 4,
    "rules": 6,
    "path": 5,
    "points": 4,
    "tests": 10,
    "evidence": 5,
    "areas": 8,
    "levers": 5,
    "ahead": 5,
    "sources": 10,
}
"""Most lines of each part, so that two pages hold it; the app shows everything."""

LONGEST: Final = 260
"""Most characters of one line of the learner's or of the record's text."""

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
        numbers: Show chances; without them the pages hold the plan, the tests and the points.
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


def contents(
    b: Briefing,
    *,
    numbers: bool = True,
    track: TrackRecord | None = None,
    load: Sequence[DayLoad] = (),
) -> dict[str, Any]:
    """Return what stands on the pages, as data of the template."""
    exam = facts.exam(b.record.exam.id)
    named = presenters.named_day(b)
    passed = presenters.passed_sitting(b)
    numbers = numbers and passed is None
    points = agenda(b.record, b.as_of, b.appraisal, triggers=b.help_offers)
    chart = charts.chance_by_date(b, named) if numbers else None
    sentence = briefing_text.chance_sentence(named) if named else ""
    return {
        "title": f"{exam.name}: the way to the next sitting",
        "when": f"For the adviser meeting · as of {briefing_text.day_words(b.as_of, weekday=True)}",
        "about": _about(b),
        "footer": "Made by Bounceback for the learner, who decides who sees it. "
        "A forecast with a range, not a verdict. Not affiliated with NBME, FSMB, NBOME or NRMP.",
        "numbers": numbers,
        "chance": sentence or "No eligible day lies ahead, so there is no date to forecast.",
        "followed": (
            f"With every planned hour kept it would be {briefing_text.of_ten(named.p_pass_if_followed)}; "  # noqa: E501
            "the first number allows for days that go otherwise."
            if named
            else ""
        ),
        "standing": _standing(b),
        "group": briefing_text.group_sentence(b),
        "chart": printed("chance_by_date", {"c": chart, "chance": sentence}) if chart else "",
        "trend": _trend(b) if numbers else "",
        "pictures": _pictures(b, numbers=numbers, track=track, load=load),
        "chart_words": sentence,
        "advice": b.decision.headline,
        "reasons": [
            _short(_named(b, r))
            for r in _first(
                _spoken(b.decision.reasons if passed is None else (), numbers=numbers), "reasons"
            )
        ],
        "rules": [
            {
                "sign": {True: "kept", False: "not kept", None: "open"}[r.holds],
                "rule": _short(r.rule),
            }
            for r in _first(_spoken_rules(b, numbers=numbers) if passed is None else (), "rules")
        ],
        "path": [
            {
                "what": _short(_named(b, step.what)),
                "how": f"with {step.who}, by {briefing_text.day_words(step.by)}",
            }
            for step in _first(b.remediation.steps if b.remediation else (), "path")
        ],
        "retest": _retest(b),
        "pact": _short(b.decision.pact),
        "points": [
            {
                "title": _short(i.title if isinstance(i.title, str) else render(i.title), 90),
                "ask": _short(say_all(i.ask)),
            }
            for i in _first(points.items, "points")
        ],
        "agreed": _short(render(points.agreed_last_time) if points.agreed_last_time else ""),
        "tests": _first(_tests(b, numbers=numbers), "tests"),
        "ahead": [
            f"{briefing_text.form_words(e.family, e.form, exam.id)} on {briefing_text.day_words(e.date)}"  # noqa: E501
            for e in _first((e for e in b.plan.ledger if e.date), "ahead")
            if e.date
        ],
        "evidence": [
            {
                "weight": f"{round(100 * e.weight)} of 100 parts",
                "what": _short(briefing_text.evidence_words(b, e), 120),
            }
            for e in _first(sorted(b.belief.evidence, key=lambda e: -e.weight), "evidence")
        ],
        "narrowing": briefing_text.narrowing_sentence(b),
        "plan_words": _plan_words(b),
        "areas": _areas(b, numbers=numbers),
        "left_out": _short("; ".join(f"{x.what}: {x.why}" for x in b.plan.left_out[:3])),
        "levers": [
            {
                "change": _short(row["lever"].change, 80),
                "day": briefing_text.day_words(row["lever"].date, year=False),
                "count": row["told"],
                "range": briefing_text.ten_range(row["lever"].p_pass_low, row["lever"].p_pass_high),
                "ten": printed("ten", row) if row["ten"] else "",
                "ten_words": row["count"],
            }
            for row in _first(charts.ten_futures(b), "levers")
        ],
        "sources": _sources(b),
    }


def _named(b: Briefing, text: str) -> str:
    return briefing_text.with_names(text, b.record.exam.id)


def _retest(b: Briefing) -> str:
    again = b.remediation.retest if b.remediation else None
    if again is None:
        return ""
    name = briefing_text.form_words(again.family, again.form, b.record.exam.id)
    on = briefing_text.day_words(again.date)
    return f"{name} on {on}; a score of {again.score:g} reopens the exam plan."


def _trend(b: Briefing) -> str:
    trend = charts.score_trend(b)
    return printed("score_trend", {"c": trend}) if trend and trend["tests"] else ""


def _pictures(
    b: Briefing, *, numbers: bool, track: TrackRecord | None, load: Sequence[DayLoad]
) -> list[dict[str, str]]:
    """The charts of the second page, each with its sentence; those that have data."""
    found: list[tuple[str, dict[str, Any], str]] = []
    table = cause_table([m for m in b.record.misses if m.date <= b.as_of])
    causes = charts.causes_over_time(table, presenters.CAUSES)
    if causes is not None:
        said = (
            f"Why {causes['total']} questions were missed: all of a week, and those of one cause."
        )
        found.append(("causes_over_time", causes, said))
    if load:
        said = "Minutes for cards by day until the exam; thin lines are the likely range."
        found.append(("workload", workload(load), said))
    if track is not None and numbers:
        said = f"What was said and what came, {track.count} forecasts with a result."
        found.append(("reliability", charts.reliability(track), said))
    return [{"picture": printed(name, {"c": drawn}), "words": said} for name, drawn, said in found]


_OUTCOME_WORDS = {"pass": "passed", "fail": "not passed", "awaiting": "result not out yet"}


def _about(b: Briefing) -> str:
    sat = [a for a in b.record.attempts if a.outcome != "incomplete"]
    parts = [
        f"{facts.exam(a.exam).short_name} on {briefing_text.day_words(a.date)}: "
        + _OUTCOME_WORDS[a.outcome]
        + (f", {a.score:g}" if a.score is not None else "")
        for a in sat[-3:]
    ]
    e = b.record.exam.eligibility
    if e is not None:
        parts.append(
            f"may sit {briefing_text.day_words(e.first)} to {briefing_text.day_words(e.last)}"
        )
    if b.record.exam.planned_date is not None:
        parts.append(f"planned {briefing_text.day_words(b.record.exam.planned_date)}")
    return " · ".join(parts)


def _spoken(lines: Iterable[str], *, numbers: bool) -> list[str]:
    from bounceback_web.pages.templatetags.formatting import without_chances

    return list(lines) if numbers else without_chances(lines)


def _spoken_rules(b: Briefing, *, numbers: bool) -> list[Any]:
    # Rules that are not kept or open come first: they are what the meeting is about.
    kept = set(_spoken([r.rule for r in b.decision.rules], numbers=numbers))
    return sorted((r for r in b.decision.rules if r.rule in kept), key=lambda r: r.holds is True)


def _standing(b: Briefing) -> str:
    trend = charts.score_trend(b)
    if trend is None:
        return ""
    status = "" if trend["mark_status"] == "official" else f" ({trend['mark_status']})"
    return (
        f"Today the record stands at {trend['now']}, likely {trend['now_low']} to "
        f"{trend['now_high']}; the pass line is at {trend['mark']}{status}."
    )


def _tests(b: Briefing, *, numbers: bool) -> list[dict[str, str]]:
    found = []
    for f in sorted(b.record.forms, key=lambda f: f.date, reverse=True):
        how = [
            word
            for word, holds in (
                ("untimed", not f.timed),
                ("broken off", f.interrupted),
                ("taken before", f.repeat),
            )
            if holds
        ]
        found.append(
            {
                "day": briefing_text.day_words(f.date),
                "name": briefing_text.form_words(f.family, f.form, b.record.exam.id),
                "score": "–" if f.score is None or not numbers else f"{f.score:g}",
                "how": ", ".join(how) or "timed, new",
            }
        )
    return found


def _plan_words(b: Briefing) -> str:
    plan = b.plan
    if plan.nothing is not None:
        return f"{plan.nothing.words} {plan.nothing.next_step}"
    work = [s for s in plan.sessions if s.minutes > 0 and s.kind in ("study", "review", "form")]
    hours = sum(s.minutes for s in work) / 60
    weeks = max((plan.test_date - b.as_of).days / 7, 1 / 7)
    fits = "It fits the hours given." if plan.fits else "Not everything fits; see below."
    return (
        f"Made for {briefing_text.day_words(plan.test_date)}: {len(work)} stretches of work, about "
        f"{hours / weeks:.0f} hours a week. {fits}"
    )


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
            "place": r["place"] + (", little known of it" if r["pale"] else "") if numbers else "",
            "planned": hours(r["minutes"]) if r["minutes"] else "–",
            "weight": r["weight"].removesuffix(" questions"),
        }
        for r in rows[: MOST["areas"]]
    ]


def _sources(b: Briefing) -> str:
    from bounceback.services import to_json

    lines = [
        f"{s['id']}: {s['value']} ({s['source']}, {s['confidence']})"
        for s in to_json(b)["sources"][: MOST["sources"]]
    ]
    return "; ".join(lines) + "."
