"""How a form is received: by POST, once, from a page that may have grown old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bounceback.errors import CaseError
from bounceback.messages.records import field_error
from bounceback_web import briefings
from bounceback_web.pages import ready_pages
from bounceback_web.pages.context import RETURN_PAGES
from bounceback_web.pages.views import error_views
from bounceback_web.records import idempotency, learner_store

View = TypeVar("View", bound=Callable[..., HttpResponse])


def owner_of(request: HttpRequest) -> AbstractBaseUser | None:
    """Return whose pages these are; ``None`` stands for the one owner of this machine.

    The one place that accounts will change.
    """
    del request
    return None


def kept_for(request: HttpRequest) -> learner_store.Kept | None:
    """Return the record behind a request, or ``None`` before the welcome."""
    return learner_store.find(owner_of(request))


def page(view: View) -> View:
    """Give a page its record; before there is one, lead to the welcome."""

    @wraps(view)
    def with_record(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        owner = owner_of(request)

        def make() -> HttpResponse:
            kept = kept_for(request)
            if kept is None:
                return redirect("welcome")
            return view(request, briefings.open_day(kept, owner), *args, **kwargs)

        return ready_pages.answer(request, owner, make)

    return cast(View, with_record)


def receives(view: View) -> View:
    """Receive a form: POST alone, and twice the same form acts once.

    The effect and the memory of it are one transaction. A page that changed meanwhile answers 409
    with what happened since; a key that no page of ours gives is refused; a refused entry is the
    view's to show.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        owner, key = owner_of(request), request.POST.get("once", "")
        if key and not idempotency.is_key(key):
            return error_views.not_from_here(request)
        try:
            with transaction.atomic():
                if key:
                    led_to = idempotency.led_to(owner, key)
                    if led_to is not None:
                        return HttpResponseRedirect(led_to)
                response = view(request, *args, **kwargs)
                if key and isinstance(response, HttpResponseRedirect):
                    idempotency.remember(owner, key, response.url)
                return response
        except learner_store.StaleError as error:
            return _changed_meanwhile(request, error)
        except learner_store.NothingToUndoError:
            messages.info(
                request,
                "That step has been built upon since, so it stays. What you see is as it stands.",
            )
            return redirect(_back(request))

    return cast(View, require_POST(once))


def _changed_meanwhile(request: HttpRequest, error: learner_store.StaleError) -> HttpResponse:
    kept = kept_for(request)
    given = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "version", "once")
        for value in values
    ]
    return render(
        request,
        "pages/changed_meanwhile.html",
        {"since": error.since, "given": given, "kept": kept, "back": _back(request)},
        status=409,
    )


def _back(request: HttpRequest) -> str:
    given = request.POST.get("back", "")
    return reverse(given if given in RETURN_PAGES else "today")


def day_of(request: HttpRequest) -> date | None:
    """Return today for the person whose pages these are; ``None`` before the welcome."""
    kept = kept_for(request)
    return kept.today if kept else None


def seen(request: HttpRequest) -> int:
    """Return the version that the page of this form was made from; 0, which is never, if unsaid."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def faults_by_key(error: CaseError) -> dict[str, list[str]]:
    """Return what is wrong, by the field it belongs to, in words for the page."""
    found: dict[str, list[str]] = {}
    for fault in error.faults:
        name = fault.key.rsplit(".", 1)[-1].partition("[")[0]
        found.setdefault(name, []).append(field_error(fault))
    return found


def fault_lines(error: CaseError) -> list[str]:
    """Return what is wrong, one line each, for a page that shows it above the form."""
    return list(dict.fromkeys(field_error(fault) for fault in error.faults))
