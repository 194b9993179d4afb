"""What holds for every answer: it is private, and no copy of it is kept on the way."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Privately:
    """Mark every page as this person's alone, so that no cache but the browser's own keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked as private."""
        response = self.get_response(request)
        # no-cache, not no-store: the back button shows the page, and a form keeps what was typed.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        )
        return response
