"""Welcome: what happened, when, how many hours; then a first honest answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.messages import pages as words
from bounceback.messages.records import field_error, field_error_in_file
from bounceback.records import parse_case
from bounceback.records.new_case_interview import HOURS, Question, new_case, questions, read_answer
from bounceback.services.support import support_for
from bounceback_web import clock
from bounceback_web.pages.decorators import kept_for, receives
from bounceback_web.records import learner_store

STEPS = (
    ("what", words.STEP_TITLES["what"], ("learner.group", "exam.id", "learner.time_zone")),
    ("when", words.STEP_TITLES["when"], ("attempts[0].",)),
    ("test", words.STEP_TITLES["test"], ("forms[0].",)),
    ("hours", words.STEP_TITLES["hours"], ("availability.", "exam.planned_date")),
)
"""Steps of the welcome, and the beginnings of the keys that each asks for."""


def _read(post: Any, zone: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the answers that could be read from the fields, and what is wrong by key.

    The questions are the record's own; which apply depends on earlier answers, so they are read
    in order until one is still open.
    """
    answers: dict[str, Any] = {}
    faults: dict[str, list[str]] = {}
    while True:
        asked = [q for q in questions(answers, time_zone=zone) if q.key not in answers]
        asked = [q for q in asked if q.key not in faults and q.key in post]
        if not asked:
            return answers, faults
        question = asked[0]
        try:
            answers[question.key] = read_answer(question, post.get(question.key, ""), answers)
        except CaseError as error:
            faults[question.key] = [field_error(f) for f in error.faults]


def _step_of(question: Question) -> int:
    for i, (_name, _words, beginnings) in enumerate(STEPS):
        if question.key.startswith(beginnings):
            return i
    return len(STEPS) - 1


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Start: import a report, answer questions, bring a case file, or continue."""
    return render(
        request,
        "pages/welcome.html",
        {"kept": kept_for(request), "card": support_for(None)},
    )


def begin(request: HttpRequest) -> HttpResponse:
    """Ask the few questions, a step at a time; the fields of earlier steps travel along.

    A GET shows the first step. A POST shows the next step with questions open, or keeps the
    record when none is.
    """
    if request.method == "POST":
        return _next_step(request)
    return _ask(request, {}, {}, {}, 0)


@receives
def _next_step(request: HttpRequest) -> HttpResponse:
    zone = request.POST.get("zone", "")
    answers, faults = _read(request.POST, zone)
    given = {name: request.POST[name] for name in request.POST}
    if (to := request.POST.get("to", "")) in _STEP_NUMBERS:
        return _ask(request, answers, given, {}, int(to))
    if faults:
        bad = [q for q in questions(answers, time_zone=zone) if q.key in faults]
        return _ask(request, answers, given, faults, min(map(_step_of, bad), default=0))
    open_ = [q for q in questions(answers, time_zone=zone) if q.key not in answers]
    if open_:
        step = _step_of(open_[0])
        missing = (
            {} if request.POST.get("step") != str(step) else _missing(open_, request.POST, step)
        )
        return _ask(request, answers, given, missing, step)
    if kept_for(request) is not None and request.POST.get("replace") != "yes":
        return render(
            request,
            "pages/welcome_replace.html",
            {"given": [(k, v) for k, v in given.items() if k not in _MACHINERY]},
            status=409,
        )
    try:
        record = new_case(answers)
    except CaseError as error:
        named = {f.key: [field_error(f)] for f in error.faults}
        return _ask(request, answers, given, named, 0)
    learner_store.begin(learner_store.local_owner(), record, "Started")
    return redirect("starting-point")


def _missing(open_: list[Question], post: Any, step: int) -> dict[str, list[str]]:
    """What is to be answered before the next page: questions that stood on the page sent."""
    shown = set(post.getlist("shown"))
    return {
        q.key: [words.CHOOSE_ONE if q.choices else words.ENTER_IT]
        for q in open_
        if q.key in shown and not q.optional and _step_of(q) == step
    }


_MACHINERY = ("csrfmiddlewaretoken", "once", "to", "step", "shown")
_STEP_NUMBERS = tuple(str(i) for i in range(len(STEPS)))


def _with_what_follows(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers, and beginnings that open what is mostly asked after them.

    So one page asks all of a step, where else each answer would bring a page of its own. What does
    not apply to the answers then given is not read.
    """
    day = clock.now().date()
    assumed = {"attempts[0].date": day, "attempts[0].outcome": "fail", HOURS: 6.0}
    return (assumed if "exam.id" in answers else {}) | answers


def _ask(
    request: HttpRequest,
    answers: dict[str, Any],
    given: dict[str, Any],
    faults: dict[str, list[str]],
    step: int,
) -> HttpResponse:
    zone = given.get("zone", "")
    usual = _with_what_follows(answers)
    asked = [q for q in questions(usual, time_zone=zone or None) if _step_of(q) == step]
    keys = {q.key for q in asked}
    name, title, _beginnings = STEPS[step]
    return render(
        request,
        "pages/begin.html",
        {
            "fields": [
                {
                    "question": q,
                    "prompt": words.PROMPTS.get(q.key, (q.prompt, q.help))[0],
                    "help": words.PROMPTS.get(q.key, (q.prompt, q.help))[1],
                    "choices": [(w, words.CHOICES.get(w, meaning)) for w, meaning in q.choices],
                    "id": f"q-{i}",
                    "value": given.get(q.key, q.default or ""),
                    "faults": faults.get(q.key, []),
                    "kind": type(q.kind).__name__,
                }
                for i, q in enumerate(asked)
            ],
            "step": step + 1,
            "steps": len(STEPS),
            "before": step - 1,
            "step_name": name,
            "title": title,
            "carried": [(k, v) for k, v in given.items() if k not in keys and k not in _MACHINERY],
        },
        status=422 if faults else 200,
    )


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
