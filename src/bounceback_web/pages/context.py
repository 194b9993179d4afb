"""What the base template knows on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from bounceback_web.records import idempotency

PAGES = (
    ("today", _("Today")),
    ("calendar", _("Calendar")),
    ("chances", _("Chances")),
    ("cards", _("Cards")),
    ("look-within", _("Look within")),
    ("tests", _("Practice tests")),
    ("blocks", _("Blocks and misses")),
    ("meeting", _("Adviser meeting")),
    ("outlook", _("Outlook")),
    ("reason", _("My reason")),
    ("take-along", _("Take along")),
    ("settings", _("Settings")),
)
"""Pages as the navigation lists them: name of the address, words."""

FIRST = 4
"""How many of them stand in reach of the thumb on a phone; the rest is behind "More"."""


def on_every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, and a key for each form that is shown."""
    match = request.resolver_match
    return {
        "pages_in_reach": PAGES[:FIRST],
        "pages_beyond": PAGES[FIRST:],
        "here": match.url_name if match else "",
        "new_once": SimpleLazyObject(idempotency.new_key),
    }
