"""Import a report or a list: it is read into drafts, and each draft is confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bounceback.errors import CaseError, FactUnknown, UntrustedInputError
from bounceback.messages import render as render_reason
from bounceback.messages.importers import CONFIDENCE
from bounceback.services import published_facts as facts
from bounceback.services.read_file import MOST_BYTES, FileReading, kind_of, read_file, read_pasted
from bounceback.services.values import Found, ReportDraft, UnreadableFileError, Unused
from bounceback_web.pages.decorators import fault_lines, kept_for, owner_of, page, receives
from bounceback_web.pages.wording import locale_of
from bounceback_web.records import learner_store


@page
def bring(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Ask for a text or a file; show what was read of it. Nothing is stored here."""
    if request.method != "POST":
        return _asked(request, kept)
    file = request.FILES.get("file")
    bank = request.POST.get("bank", "").strip()[:120] or _bank(kept)
    exam = kept.value.exam.id
    try:
        if file is not None:
            data = file.read(MOST_BYTES + 1)
            elsewhere = _belongs_elsewhere(request, data, file)
            if elsewhere is not None:
                return elsewhere
            reading = read_file(data, file.name or "", exam, kept.today, bank=bank)
        else:
            text = request.POST.get("text", "")
            if not text.strip():
                return _asked(
                    request, kept, faults=[_("Paste the report's text, or choose a file.")]
                )
            reading = read_pasted(text, exam, kept.today, bank=bank)
    except UnreadableFileError as error:
        return _asked(request, kept, faults=[render_reason(error.reason)])
    except UntrustedInputError as error:
        return _asked(request, kept, faults=[str(error)])
    return _shown(request, kept, reading)


def _asked(request: HttpRequest, kept: learner_store.Kept, **more: Any) -> HttpResponse:
    given = {"text": request.POST.get("text", ""), "bank": request.POST.get("bank", "")}
    return render(
        request,
        "bringing/bring.html",
        {"kept": kept, "given": given, **more},
        status=422 if more else 200,
    )


def _belongs_elsewhere(
    request: HttpRequest, data: bytes, file: UploadedFile[bytes]
) -> HttpResponse | None:
    """Lead to the page where a case file or a deck is imported."""
    kind = kind_of(data, file.name or "")
    if kind == "case":
        messages.info(request, _("That's a case file. Import it here."))
        return redirect("welcome")
    if kind == "anki":
        messages.info(request, _("That's an Anki package. Import decks here."))
        return redirect("cards")
    return None


def _shown(request: HttpRequest, kept: learner_store.Kept, reading: FileReading) -> HttpResponse:
    if reading.kind == "blocks":
        return _blocks(request, kept, reading)
    if reading.exam is not None:
        return _exam_report(request, kept, reading)
    if reading.deck is not None:
        messages.info(request, _("That's a deck. Import decks here."))
        return redirect("cards")
    return _tests(request, kept, reading)


def _unused(kept: learner_store.Kept, unused: Sequence[Unused]) -> list[dict[str, Any]]:
    """Return the lines that were not used, with why where that is known."""
    locale = locale_of(kept.value, kept.today)
    return [
        {
            "line": one.line,
            "text": one.text,
            "why": render_reason(one.why, locale) if one.why is not None else "",
        }
        for one in unused
    ]


def _notes(kept: learner_store.Kept, values: Mapping[str, Found]) -> dict[str, dict[str, Any]]:
    """Return the values of a draft with their notes in words."""
    locale = locale_of(kept.value, kept.today)
    return {
        name: {
            "value": found.value,
            "line": found.line,
            "text": found.text,
            "sure": CONFIDENCE[found.sure],
            "note": render_reason(found.note, locale) if found.note is not None else "",
        }
        for name, found in values.items()
    }


def _tests(request: HttpRequest, kept: learner_store.Kept, reading: FileReading) -> HttpResponse:
    exam = kept.value.exam.id
    drafts = reading.tests or (ReportDraft(),)
    return render(
        request,
        "bringing/report.html",
        {
            "kept": kept,
            "drafts": [_draft(kept, draft, number) for number, draft in enumerate(drafts, 1)],
            "several": len(drafts) > 1,
            "found": bool(reading.tests),
            "families": [facts.form_family(family, exam) for family in facts.form_families(exam)],
            "unused": _unused(kept, reading.unused),
        },
    )


def _draft(kept: learner_store.Kept, draft: ReportDraft, number: int) -> dict[str, Any]:
    exam = kept.value.exam.id
    family = draft.fields["family"].value if "family" in draft.fields else None
    try:
        known = list(facts.report_areas(family or facts.form_families(exam)[0], exam, kept.today))
    except FactUnknown:
        known = []
    return {
        "number": number,
        "fields": _notes(kept, draft.fields),
        "areas": list(_notes(kept, draft.areas).items()),
        "known": known,
    }


def _exam_report(
    request: HttpRequest, kept: learner_store.Kept, reading: FileReading
) -> HttpResponse:
    assert reading.exam is not None
    exam_id = reading.exam.fields["exam"].value
    return render(
        request,
        "bringing/exam_report.html",
        {
            "kept": kept,
            "exam": facts.exam(exam_id),
            "fields": _notes(kept, reading.exam.fields),
            "profile": list(_notes(kept, reading.exam.profile).items()),
            "entry": json.dumps(reading.exam.entry()),
            "complete": {"date", "outcome"} <= reading.exam.fields.keys(),
            "unused": _unused(kept, reading.unused),
        },
    )


def _blocks(request: HttpRequest, kept: learner_store.Kept, reading: FileReading) -> HttpResponse:
    locale = locale_of(kept.value, kept.today)
    there = {(b.date.isoformat(), b.items, b.correct) for b in kept.value.blocks}
    return render(
        request,
        "bringing/blocks.html",
        {
            "kept": kept,
            "unused": _unused(kept, reading.unused),
            "rows": [
                {
                    "draft": block,
                    "sure": CONFIDENCE[block.sure],
                    "note": render_reason(block.note, locale) if block.note is not None else "",
                    "entry": json.dumps(dict(block.entry)),
                    "known": (
                        block.entry["date"],
                        block.entry["items"],
                        block.entry["correct"],
                    )
                    in there,
                }
                for block in reading.blocks
            ],
        },
    )


def _bank(kept: learner_store.Kept) -> str:
    named = [r.name for r in kept.value.resources if r.kind == "questions"]
    return named[0] if named else "question bank"


@receives
def keep_blocks(request: HttpRequest) -> HttpResponse:
    """Store the blocks that were checked; whether each may stand is the record's word."""
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    try:
        chosen = [json.loads(entry) for entry in request.POST.getlist("block")]
    except (ValueError, RecursionError):
        return _asked(request, kept, faults=[_("We lost the list. Import it again.")])
    if not chosen:
        messages.info(request, _("You didn't check a block, so nothing was added."))
        return redirect("bring-in")

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("blocks", []).extend(chosen)

    words = ngettext("%(n)d block added.", "%(n)d blocks added.", len(chosen)) % {"n": len(chosen)}
    try:
        learner_store.amend(owner_of(request), edit, words)
    except CaseError as error:
        return _asked(request, kept, faults=fault_lines(error))
    messages.success(request, words)
    return redirect("blocks")


@receives
def keep_exam_report(request: HttpRequest) -> HttpResponse:
    """Store the attempt of a real exam's report that was confirmed."""
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    try:
        entry = json.loads(request.POST.get("attempt", ""))
        if not isinstance(entry, dict):
            raise ValueError("no object")
    except (ValueError, RecursionError):
        return _asked(request, kept, faults=[_("We lost the report. Import it again.")])

    def edit(case: dict[str, Any]) -> None:
        attempts = [
            one
            for one in case.get("attempts", [])
            if (one.get("exam"), str(one.get("date"))) != (entry.get("exam"), entry.get("date"))
        ]
        same = [one for one in case.get("attempts", []) if one not in attempts]
        merged = {**(same[0] if same else {}), **entry}
        case["attempts"] = sorted([*attempts, merged], key=lambda one: str(one.get("date")))

    words = _("Exam result added. Your chances and plan are updated.")
    try:
        learner_store.amend(owner_of(request), edit, words)
    except CaseError as error:
        return _asked(request, kept, faults=fault_lines(error))
    messages.success(request, words)
    return redirect("tests")
