"""What is said when a page cannot be shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _said(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    return render(request, "pages/fault.html", {"title": title, "words": words}, status=status)


def health(request: HttpRequest) -> HttpResponse:
    """Answer that the app is up; touches nothing."""
    return HttpResponse("up\n", content_type="text/plain; charset=utf-8")


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from one of our pages."""
    return _said(
        request,
        403,
        "Please send it once more",
        "This form came from a page that is no longer current. Nothing was changed. Go back, "
        "reload the page and send it again; what you typed is usually still there.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read, or that asked for another host."""
    # No template: the host may be a stranger's, and nothing is drawn for it.
    return HttpResponse(
        "This request could not be read. Bounceback answers this machine alone, at the address it "
        "printed when it started.\n",
        status=400,
        content_type="text/plain; charset=utf-8",
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
    """Answer a fault of ours."""
    return _said(
        request,
        500,
        "That was a fault of ours",
        "Nothing you entered before is lost. Reload the page; if it comes again, the window in "
        "which Bounceback was started shows where.",
    )
