"""Your starting point: the level, the chance, the date line, the two dates, the first session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError, FactUnknown
from bounceback.messages import chances as words
from bounceback.messages import practice_tests as test_words
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Format
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.look_back import first_page
from bounceback_web import briefings
from bounceback_web.pages import chances_values, date_choices, date_line_values, wording
from bounceback_web.pages.date_choices import DateChoice, Scale
from bounceback_web.pages.date_line_values import Shown
from bounceback_web.pages.decorators import owner_of, page, receives
from bounceback_web.pages.views.today import local_hour
from bounceback_web.records import learner_store

LEAST_WEEKS = 1.0
"""A date nearer than this says nothing of the pace."""


@require_safe
@page
def starting_point(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show where the student starts, and the next step."""
    b = briefings.answer(kept).briefing
    fmt = wording.format_for(kept)
    every = date_choices.choices(b)
    scale = date_choices.scale_of(b)
    numbers = kept.row.shows_numbers
    line = date_line_values.date_line_of(b, every, fmt, Shown(people=numbers))
    main = date_choices.main_date(b)
    return render(
        request,
        "pages/starting_point.html",
        {
            "kept": kept,
            "b": b,
            "numbers": numbers,
            "line": date_line_values.pictures(line, "start"),
            "every": every,
            "level": chances_values.level_today(b, scale),
            "chance": words.chance_sentence(main.p_pass, main.on, fmt) if main else None,
            "dates": _dates(b, every, fmt),
            "my_date": date_choices.my_date(b),
            "heading": _heading(b, fmt),
            "know": _known(b, scale, fmt),
            "session": _first_session(b, kept, fmt),
            "failed": any(a.outcome == "fail" for a in b.record.attempts),
        },
    )


def _heading(b: Briefing, fmt: Format) -> str:
    mine, suggested = date_choices.my_date(b), date_choices.suggested_date(b)
    return words.booked_heading(mine, suggested, fmt)


def _dates(b: Briefing, every: Sequence[DateChoice], fmt: Format) -> list[dict[str, Any]]:
    """The student's date and the suggested one, in equal detail; dates to choose from without."""
    mine, suggested = date_choices.my_date(b), date_choices.suggested_date(b)
    by_day = {one.day: one for one in every}
    named = [d for d in (mine, suggested) if d in by_day]
    shown = [by_day[d] for d in named if d is not None]
    if mine is None and len(shown) < 2:
        shown = list(date_choices.compared(b, tuple(every)))[:3]
    return [
        {
            "day": one.day,
            "label": fmt.day(one.day),
            "tag": {mine: "your date", suggested: "suggested"}.get(one.day, ""),
            "ten": chances_values.ten(one.chance),
            "note": f"{words.count_words(one.chance)[0]} · result by {fmt.day(one.result_latest)}",
            "result": f"result by {fmt.day(one.result_latest)}",
            "chosen": one.day == mine,
        }
        for one in shown
    ]


def _known(b: Briefing, scale: Scale, fmt: Format) -> list[tuple[str, str, str]]:
    """What we know, our best estimate, and what we don't know yet."""
    return [
        ("sure", "We know:", _tests(b, fmt)),
        ("estimate", "Our best estimate:", _pace(b, scale)),
        ("unknown", "We don\u2019t know yet:", _unknown(b, fmt)),
    ]


def _tests(b: Briefing, fmt: Format) -> str:
    scored = sorted((f for f in b.record.forms if f.score is not None), key=lambda f: f.date)
    if not scored:
        last = max((a.date for a in b.record.attempts if a.outcome == "fail"), default=None)
        return words.known_without_tests(last, chances_values.group_sentence(b), fmt)
    families = {f.family for f in scored}
    timed = all(f.timed for f in scored)
    if len(families) > 1:
        names = [practice_test_name(f.family, f.form, b.record.exam.id) for f in scored[-4:]]
        return (
            test_words.tests_so_far(names, timed=timed)
            if len(names) == 1
            else (f"{fmt.listing(names)}.")
        )
    percent = facts.form_family(scored[0].family, b.record.exam.id).scale in ("epc", "percent")
    scores = sorted(f.score for f in scored if f.score is not None)
    return test_words.tests_so_far(
        [words.score_words(score, percent=percent) for score in scores], timed=timed
    )


def _pace(b: Briefing, scale: Scale) -> str:
    main = date_choices.main_date(b)
    weeks = (main.on - b.as_of).days / 7 if main else 0.0
    if main is None or weeks < LEAST_WEEKS:
        return words.pace_words(None)
    gain = scale.shown(main.score_mean) - scale.shown(b.belief.score_mean)
    return words.pace_words(gain / weeks)


def _unknown(b: Briefing, fmt: Format) -> str:
    entry = chances_values.next_entry(b)
    fresh = bool(b.record.forms)
    name = practice_test_name(entry.family, entry.form, b.record.exam.id) if entry else ""
    when = entry.date if entry else None
    return words.unknown_words(fresh, name, when, fmt)


def _first_session(b: Briefing, kept: learner_store.Kept, fmt: Format) -> dict[str, str] | None:
    ahead = sorted(
        (
            s
            for s in b.plan.sessions
            if s.minutes > 0 and s.kind in ("study", "review", "form") and s.date >= b.as_of
        ),
        key=lambda s: (s.date, s.start),
    )
    if not ahead:
        return None
    first = ahead[0]
    when = f"{fmt.day(first.date, weekday=True)}, {fmt.clock(first.start)}"
    if first.date == b.as_of:
        passed = first.start.hour < local_hour(kept)
        when = "Today or tomorrow" if passed else f"Today, {fmt.clock(first.start)}"
    activity = "form" if first.kind == "form" else first.activity or "other"
    return {
        "kind": activity,
        "what": words.session_title(
            activity,
            first.resource,
            first.units,
            first.area,
        ),
        "note": f"{when} · {fmt.duration(first.minutes)}",
    }


@receives
def go(request: HttpRequest) -> HttpResponse:
    """Plan for the chosen date, and go on to Today."""
    given = request.POST.get("date", "").strip()
    try:
        chosen = date.fromisoformat(given)
    except ValueError:
        return redirect("today")

    def edit(case: dict[str, Any]) -> None:
        case["exam"]["planned_date"] = chosen.isoformat()

    kept = learner_store.find(owner_of(request))
    if kept is not None and kept.value.exam.planned_date != chosen:
        try:
            learner_store.amend(owner_of(request), edit, _("Your test date was chosen."))
        except CaseError:
            return redirect("starting-point")
    return redirect("today")


@require_safe
def moved(request: HttpRequest) -> HttpResponse:
    """Lead from the old address to this page."""
    return redirect("starting-point", permanent=True)


@require_safe
@page
def first_week(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the first week after a failed exam, and what is known of common worries."""
    b = briefings.answer(kept).briefing
    try:
        found = first_page(b)
    except FactUnknown:
        found = None
    return render(request, "pages/first_week.html", {"kept": kept, "b": b, "page_one": found})
