"""Values that the base template needs on every page."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bounceback_web.pages import ready_pages

PLACES: Final = (
    ("today", "Today"),
    ("plan", "Plan"),
    ("cards", "Cards"),
    ("chances", "Chances"),
    ("you", "You"),
)
"""The five places of the navigation: name of the address, words."""

RETURN_PAGES: Final = frozenset(
    {
        "today", "plan", "cards", "chances", "you", "tests",
        "blocks", "exam-results", "look-within", "meeting", "outlook", "reason", "checkin",
        "take-along", "settings", "support",
    }
)  # fmt: skip
"""Pages that a form may name as the page to return to."""

STYLE_FILES: Final = tuple(
    f"bounceback/{name}.css"
    for name in ("tokens", "base", "parts", "frame", "charts", "pages", "modes")
)
"""Style sheets of every page, in the order of their layers."""

_PLACE_BY_FOLDER: Final = {
    "": "today",
    "today": "today",
    "plan": "plan",
    "cards": "cards",
    "chances": "chances",
    "starting-point": "chances",
    "you": "you",
    "bring": "you",
    "bring-backup": "you",
    "first-week": "you",
}


def place_of(path: str) -> str:
    """Return which of the five places an address belongs to, "" if it is none of them."""
    return _PLACE_BY_FOLDER.get(path.strip("/").split("/")[0], "")


def on_every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, the style sheets, and the token of the forms."""
    match = request.resolver_match
    return {
        "places": PLACES,
        "place": place_of(request.path),
        "here": match.url_name if match else "",
        "style_files": STYLE_FILES,
        "csrf_token": SimpleLazyObject(lambda: ready_pages.csrf_token(request)),
    }
