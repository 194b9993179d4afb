"""Welcome: a score report or six questions, one a screen, and then a first honest answer."""

from __future__ import annotations

import json
from typing import Any, Final
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError, UntrustedInputError
from bounceback.messages import first_questions as words
from bounceback.messages import render as render_reason
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.records import field_error_in_file
from bounceback.messages.registry import Format, Locale
from bounceback.records import parse_case
from bounceback.services import published_facts as facts
from bounceback.services.read_file import (
    MOST_BYTES,
    FileReading,
    UnreadableFileError,
    read_file,
    read_pasted,
)
from bounceback.services.support import support_for
from bounceback.vocabulary import EXAM_IDS
from bounceback_web import clock
from bounceback_web.pages import first_questions, study_hours
from bounceback_web.pages.decorators import kept_for, receives
from bounceback_web.pages.first_questions import STEPS, Given
from bounceback_web.records import learner_store

_MACHINERY: Final = ("csrfmiddlewaretoken", "once", "to", "step")


def _given(post: QueryDict) -> Given:
    """What was sent, with the day in the zone of the browser."""
    zone = post.get("zone", "")
    if zone not in available_timezones():
        zone = timezone.get_default_timezone_name()
    today = clock.today(zone)
    return Given(post, zone, today, Format(Locale(today=today)))


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Start: import a report, answer questions, bring a case file, or continue."""
    return render(
        request,
        "pages/welcome.html",
        {"kept": kept_for(request), "card": support_for(None)},
    )


def begin(request: HttpRequest) -> HttpResponse:
    """Ask the six questions, one a screen; the answers of earlier screens travel along.

    A GET shows the first screen. A POST shows the next one, or keeps the record after the last.
    """
    if request.method == "POST":
        return _next_step(request)
    return _ask(request, _given(QueryDict("zone=")), STEPS[0], {})


@receives
def _next_step(request: HttpRequest) -> HttpResponse:
    given = _given(request.POST)
    steps = first_questions.steps_of(given)
    here = given.text("step")
    if (to := given.text("to")) in steps:
        return _ask(request, given, to, {})
    if here not in steps:
        return _ask(request, given, steps[0], {})
    for step in steps[: steps.index(here) + 1]:
        if faults := first_questions.CHECKS[step](given):
            return _ask(request, given, step, faults)
    if here != steps[-1]:
        return _ask(request, given, steps[steps.index(here) + 1], {})
    if kept_for(request) is not None and given.text("replace") != "yes":
        return render(
            request,
            "pages/welcome_replace.html",
            {"given": [*_carried(given, ()), ("step", here)]},
            status=409,
        )
    try:
        record = first_questions.first_record(given)
    except CaseError as error:
        step, faults = first_questions.step_of_fault(error)
        return _ask(request, given, step, faults)
    learner_store.begin(learner_store.local_owner(), record, "Started")
    return redirect("starting-point")


def _carried(given: Given, own: tuple[str, ...]) -> list[tuple[str, str]]:
    """Fields of the other screens, as the next form carries them."""
    return [
        (name, value)
        for name, values in given.post.lists()
        if name not in own and name not in _MACHINERY
        for value in values
    ]


def _ask(
    request: HttpRequest, given: Given, step: str, faults: first_questions.Faults
) -> HttpResponse:
    steps = first_questions.steps_of(given)
    at = steps.index(step)
    own = first_questions.FIELDS[step]
    return render(
        request,
        "pages/begin.html",
        {
            "step": step,
            "kept": None,
            "number": at + 1,
            "steps": range(1, len(steps) + 1),
            "before": steps[at - 1] if at else "",
            "is_last": at + 1 == len(steps),
            "step_template": f"pages/steps/{step}.html",
            "title": words.TITLES[step],
            "carried": _carried(given, own),
            "given": {name: given.text(name) for name in own},
            "faults": faults,
            "zone": given.zone if step == "date" else "",
            **_choices(given, step),
        },
        status=422 if faults else 200,
    )


def _choices(given: Given, step: str) -> dict[str, Any]:
    """What one screen offers."""
    if step == "attempts":
        return {
            "exams": [
                (e, words.EXAMS[e], first_questions.reports_number(e, given.today))
                for e in EXAM_IDS
            ],
            "times": words.TIMES.items(),
            "outcomes": words.OUTCOMES.items(),
            "distances": words.DISTANCES.items(),
            "dates": [
                (f"date{n}", label, given.text(f"date{n}"))
                for n, label in enumerate(words.DATES, 1)
            ],
            "today": given.today,
            "read_before": bool(given.report("report")),
        }
    if step == "school":
        return {"groups": words.GROUPS.items()}
    if step == "test":
        found = first_questions.families(given.exam)
        return {
            "families": [(f, words.TESTS.get(f.id, f.name)) for f in found],
            "today": given.today,
        }
    if step == "bank":
        banks = first_questions.banks(given.exam, given.today)
        return {
            "banks": [(e, first_questions.short_name(e)) for e in banks],
            "used": given.text("used") or "0",
        }
    if step == "hours":
        return {
            "days": [
                (key, name, [(p, f"{key}-{p}") for p in study_hours.PARTS])
                for key, name in study_hours.DAY_NAMES.items()
            ],
            "parts": [p.capitalize() for p in study_hours.PARTS],
            "painted": given.post.getlist("free"),
            "caps": first_questions.CAPS,
        }
    return {"today": given.today}


def report(request: HttpRequest) -> HttpResponse:
    """Read a score report before anything else is asked, and show it to be confirmed."""
    if request.method != "POST":
        return _ask_report(request, "")
    return _read_report(request)


def _ask_report(request: HttpRequest, fault: str, exam: str = "") -> HttpResponse:
    exams = [(e, words.EXAMS[e]) for e in EXAM_IDS]
    return render(
        request,
        "pages/first_report.html",
        {"exams": exams, "exam": exam, "fault": fault, "text": request.POST.get("text", "")},
        status=422 if fault else 200,
    )


@receives
def _read_report(request: HttpRequest) -> HttpResponse:
    given = _given(request.POST)
    if not given.exam:
        return _ask_report(request, words.CHOOSE)
    file, text = request.FILES.get("file"), given.text("text")
    if file is None and not text:
        return _ask_report(request, "Choose a file, or paste the report’s text.", given.exam)
    try:
        if file is not None:
            data = file.read(MOST_BYTES + 1)
            reading = read_file(data, file.name or "", given.exam, given.today)
        else:
            reading = read_pasted(text, given.exam, given.today)
    except UnreadableFileError as error:
        return _ask_report(request, render_reason(error.reason), given.exam)
    except UntrustedInputError as error:
        return _ask_report(request, str(error), given.exam)
    carried, rows = _from_reading(given, reading)
    if not rows:
        return _ask_report(request, words.nothing_found(), given.exam)
    return render(request, "pages/first_confirm.html", {"carried": carried, "rows": rows})


def _from_reading(
    given: Given, reading: FileReading
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The fields that a report fills in, and the same in words."""
    carried = [("zone", given.text("zone"))]
    if reading.exam is not None:
        fields, rows = _of_exam(given, reading.exam.entry())
    elif reading.tests:
        fields, rows = _of_test(given, reading.tests[0].entry())
    else:
        fields, rows = [], []
    return [*carried, *fields], rows


_Pairs = list[tuple[str, str]]


def _of_exam(given: Given, entry: dict[str, Any]) -> tuple[_Pairs, _Pairs]:
    """Fields and words of an exam's own report."""
    entry = json.loads(json.dumps(entry, default=str))
    exam = str(entry.get("exam") or given.exam)
    fields = [("exam", exam), ("report", json.dumps(entry))]
    fields += _filled(entry, {"date": "date1", "outcome": "outcome", "score": "score"})
    rows = [("Exam", facts.exam(exam).name)]
    if "date" in entry:
        rows.append(("Date taken", _day(given, entry["date"])))
    if entry.get("outcome") in words.OUTCOMES:
        rows.append(("Result", words.OUTCOMES[entry["outcome"]]))
    if "score" in entry:
        rows.append(("Score", f"{entry['score']:g}"))
    lower = [a for a, level in entry.get("profile", {}).items() if level == "lower"]
    if lower:
        rows.append(("Lower than others", ", ".join(lower[:4])))
    return fields, rows


def _of_test(given: Given, entry: dict[str, Any]) -> tuple[_Pairs, _Pairs]:
    """Fields and words of a practice test's report."""
    entry = json.loads(json.dumps(entry, default=str))
    fields = [("exam", given.exam)]
    fields += _filled(
        entry, {"family": "family", "form": "form", "date": "tested", "score": "testscore"}
    )
    if {"family", "form", "date", "score"} <= entry.keys():
        fields.append(("test_report", json.dumps(entry)))
    rows = []
    if "family" in entry:
        name = practice_test_name(entry["family"], str(entry.get("form", "")), given.exam)
        rows.append(("Practice test", name))
    if "date" in entry:
        rows.append(("Date", _day(given, entry["date"])))
    if "score" in entry:
        rows.append(("Score", f"{entry['score']:g}"))
    if entry.get("areas"):
        rows.append(("Areas", f"{len(entry['areas'])} read"))
    return fields, rows


def _filled(entry: dict[str, Any], names: dict[str, str]) -> _Pairs:
    return [(field, str(entry[key])) for key, field in names.items() if key in entry]


def _day(given: Given, text: str) -> str:
    found = Given(QueryDict(f"d={text}"), given.zone, given.today, given.fmt).day("d")
    return given.fmt.day(found) if found else text


@receives
def bring(request: HttpRequest) -> HttpResponse:
    """Read a case file and keep it as the record."""
    file = request.FILES.get("file")
    if file is None:
        messages.info(request, "Choose a file first.")
        return redirect("welcome")
    if kept_for(request) is not None and request.POST.get("replace") != "yes":
        messages.info(
            request,
            "You already have data here. Check the box to replace it, or export it first.",
        )
        return redirect("welcome")
    try:
        text = file.read().decode("utf-8-sig")
        case = parse_case(text, json=(file.name or "").lower().endswith(".json"))
    except UnicodeDecodeError:
        return _not_read(
            request, ["We can’t read this file. Choose a case file that ends in .toml or .json."]
        )
    except CaseError as error:
        return _not_read(request, [field_error_in_file(fault) for fault in error.faults])
    learner_store.begin(learner_store.local_owner(), case.record, "Imported a case file")
    for note in case.notes:
        messages.info(request, note)
    messages.success(request, "Your case file is imported.")
    return redirect("today")


def _not_read(request: HttpRequest, faults: list[str]) -> HttpResponse:
    return render(
        request,
        "pages/welcome.html",
        {"kept": kept_for(request), "card": support_for(None), "faults": faults},
        status=422,
    )
