"""Bring a report or a list in: it is read into a draft, and the draft is confirmed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bounceback import facts
from bounceback.errors import CaseError, FactUnknown, UntrustedInputError
from bounceback.records import importers
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives
from bounceback_web.records import learner_store

MOST_BYTES = importers.pdf.MOST_BYTES

SURE = {
    "high": _("read clearly"),
    "medium": _("probably; please look"),
    "low": _("a guess between two readings; please look"),
}


@page
def bring(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Ask for a text or a file; show what was read of it. Nothing is kept here."""
    if request.method != "POST":
        return _asked(request, kept)
    file = request.FILES.get("file")
    try:
        if file is not None:
            return _read_file(request, kept, file)
        text = request.POST.get("text", "")
        if not text.strip():
            return _asked(request, kept, faults=[_("Paste the report's text, or choose a file.")])
        return _text(request, kept, text)
    except UntrustedInputError as error:
        return _asked(request, kept, faults=[str(error)])


def _asked(request: HttpRequest, kept: learner_store.Kept, **more: Any) -> HttpResponse:
    given = {"text": request.POST.get("text", ""), "bank": request.POST.get("bank", "")}
    return render(
        request,
        "bringing/bring.html",
        {"kept": kept, "given": given, **more},
        status=422 if more else 200,
    )


def _read_file(
    request: HttpRequest, kept: learner_store.Kept, file: UploadedFile[bytes]
) -> HttpResponse:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UntrustedInputError(
            _("The file has more than 10 MB; a report or a list has less. Nothing was kept.")
        )
    kind = importers.kind_of(data, file.name or "")
    if kind == "pdf":
        return _report(request, kept, importers.text_of_pdf(data))
    if kind == "workbook":
        return _blocks(request, kept, importers.rows_of_workbook(data))
    if kind == "list":
        return _blocks(request, kept, importers.rows_of_csv(data))
    if kind == "text":
        return _text(request, kept, importers.text_of(data))
    if kind == "case":
        messages.info(request, _("That is a case file. It holds everything, so it comes in here."))
        return redirect("welcome")
    if kind == "anki":
        messages.info(request, _("That is an Anki package. Cards come in here."))
        return redirect("cards")
    raise UntrustedInputError(
        _("What this file is was not recognised; a PDF, CSV or XLSX is. Nothing was kept.")
    )


def _text(request: HttpRequest, kept: learner_store.Kept, text: str) -> HttpResponse:
    """Show a bank's list as blocks, any other text as a report."""
    try:
        rows = importers.rows_of_text(text)
    except UntrustedInputError:
        rows = ()  # no table, so a report
    if importers.read_blocks(rows, _bank(kept), kept.today).blocks:
        return _blocks(request, kept, rows)
    return _report(request, kept, text)


def _report(request: HttpRequest, kept: learner_store.Kept, text: str) -> HttpResponse:
    exam = kept.value.exam.id
    draft = importers.read_report(text, exam, kept.today)
    families = [facts.form_family(family, exam) for family in facts.form_families(exam)]
    chosen = draft.fields["family"].value if "family" in draft.fields else families[0].id
    try:
        known = list(facts.report_areas(chosen, exam, kept.today))
    except FactUnknown:
        known = []
    return render(
        request,
        "bringing/report.html",
        {
            "kept": kept,
            "draft": draft,
            "families": families,
            "known": known,
            "sure": SURE,
            "areas": [(area, found) for area, found in draft.areas.items()],
        },
    )


def _blocks(
    request: HttpRequest, kept: learner_store.Kept, rows: importers.tabular.Rows
) -> HttpResponse:
    bank = request.POST.get("bank", "").strip() or _bank(kept)
    draft = importers.read_blocks(rows, bank, kept.today)
    there = {(b.date.isoformat(), b.items, b.correct) for b in kept.value.blocks}
    return render(
        request,
        "bringing/blocks.html",
        {
            "kept": kept,
            "draft": draft,
            "sure": SURE,
            "rows": [
                {
                    "draft": block,
                    "entry": json.dumps(dict(block.entry)),
                    "known": (
                        block.entry["date"],
                        block.entry["items"],
                        block.entry["correct"],
                    )
                    in there,
                }
                for block in draft.blocks
            ],
        },
    )


def _bank(kept: learner_store.Kept) -> str:
    named = [r.name for r in kept.value.resources if r.kind == "questions"]
    return named[0] if named else "question bank"


@receives
def keep_blocks(request: HttpRequest) -> HttpResponse:
    """Keep the blocks that were ticked; whether each may stand is the record's word."""
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    try:
        chosen = [json.loads(entry) for entry in request.POST.getlist("block")]
    except (ValueError, RecursionError):
        return _asked(request, kept, faults=[_("The list could not be read back. Bring it again.")])
    if not chosen:
        messages.info(request, _("No block was ticked, so nothing was kept."))
        return redirect("bring-in")

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("blocks", []).extend(chosen)

    words = ngettext(
        "%(n)d block was brought in.", "%(n)d blocks were brought in.", len(chosen)
    ) % {"n": len(chosen)}
    try:
        learner_store.amend(owner_of(request), edit, words)
    except CaseError as error:
        return _asked(request, kept, faults=[str(fault) for fault in error.faults])
    messages.success(request, words)
    return redirect("blocks")
