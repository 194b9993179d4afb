"""What is said when a page cannot be shown."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bounceback_web import clock
from bounceback_web.config import database_troubles

CLOCK_FROM: Final = 2026
CLOCK_UNTIL: Final = 2060
"""Years outside of which a fault is most likely the clock's."""

_MOST_DRAINED: Final = 1 << 30
"""Bytes of a form too large that are still taken off the line, and thrown away."""


def _said(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    return render(request, "pages/fault.html", {"title": title, "words": words}, status=status)


def _take_the_rest(request: HttpRequest) -> None:
    """Take what is still on its way off the line, and throw it away.

    A browser whose words nobody takes shows a broken connection instead of our answer.
    """
    taken = 0
    # Read to its end already, or the browser went away: then there is no rest.
    with contextlib.suppress(OSError):
        while taken < _MOST_DRAINED and (piece := request.read(1 << 16)):
            taken += len(piece)


def health(request: HttpRequest) -> HttpResponse:
    """Answer that the app is up; touches nothing."""
    return HttpResponse("up\n", content_type="text/plain; charset=utf-8")


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from one of our pages."""
    _take_the_rest(request)
    return _said(
        request,
        403,
        "Please send it once more",
        "This form came from a page that is no longer current. Nothing was changed. Go back, "
        "reload the page and send it again; what you typed is usually still there.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read, was too large, or asked for another host."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _too_large(request)
    # No template: the host may be a stranger's, and nothing is drawn for it.
    return HttpResponse(
        "This request could not be read. Bounceback answers this machine alone, at the address it "
        "printed when it started.\n",
        status=400,
        content_type="text/plain; charset=utf-8",
    )


def _too_large(request: HttpRequest) -> HttpResponse:
    """Answer a form larger than a whole record."""
    _take_the_rest(request)
    return _said(
        request,
        413,
        "That is more than one form can hold",
        "Nothing was changed, and nothing you entered before is lost. The Back button leads to "
        "what you typed. A form takes up to 9 million characters; paste a part of it, or bring a "
        "long text in as a file.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return _said(
        request,
        404,
        "Nothing stands here",
        "The address leads nowhere, or what stood there has moved. Today knows the way on.",
    )


def own_fault(request: HttpRequest) -> HttpResponse:
    """Answer a fault: of the database or the disk with what to do, of the clock, or of ours."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError | sqlite3.Error) or (
        isinstance(error, OSError) and error.errno == errno.ENOSPC
    ):
        name = str(settings.DATABASES["default"]["NAME"])
        text = database_troubles.sentence(error, Path(name) if os.sep in name else None)
        return _said(
            request,
            503,
            "Your data can't be used right now",
            f"{text} What you saved before is still there.",
        )
    now = clock.now()
    if not CLOCK_FROM <= now.year <= CLOCK_UNTIL:
        return _said(
            request,
            503,
            "Check this computer's clock",
            f"It says {now:%B} {now.day}, {now.year}. Set the date and time, then reload this "
            "page.",
        )
    return _said(
        request,
        500,
        "That was a fault of ours",
        "Nothing you entered before is lost. Reload the page; if it comes again, the window in "
        "which Bounceback was started shows where.",
    )
