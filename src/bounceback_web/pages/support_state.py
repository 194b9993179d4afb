"""How much of the support lines a page shows: the full card, one line, or nothing."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from bounceback.services.values import SupportCard
from bounceback_web.pages import presenters
from bounceback_web.records.learner_store import Kept

URGENT: Final = frozenset({"danger-words", "mood-screen"})
SEEN_COOKIE: Final = "support_seen"
SEEN_FOR_S: Final = 180 * 24 * 3600


def moment_key(kept: Kept, card: SupportCard) -> str:
    """Return which moment a card stands for, so that it is shown once for that moment."""
    read = max((a.result_read for a in kept.value.attempts if a.result_read), default=None)
    urgent = sorted(URGENT & set(card.moments))
    return f"{kept.row.pk}.{'-'.join(urgent) or read or 'result'}"


def support_of(request: HttpRequest, kept: Kept, found: Any) -> dict[str, Any]:
    """Return what a page shows of the support lines.

    The full card comes on danger words, on a low mood screen and on the day a failed result was
    read; in other hard moments one line. After a pass, and once it was marked as seen, only the
    mark in the corner is left; danger words and mood bring it back.
    """
    card = found.card
    if card is None:
        return {"card": None, "support_line": False, "moment": ""}
    key = moment_key(kept, card)
    urgent = bool(URGENT & set(card.moments))
    seen = request.COOKIES.get(SEEN_COOKIE) == key
    if seen or (presenters.passed_attempt(found.briefing) and not urgent):
        return {"card": None, "support_line": False, "moment": key}
    read_today = any(
        a.result_read == kept.today and a.outcome == "fail" for a in kept.value.attempts
    )
    full = urgent or read_today
    return {"card": card if full else None, "support_line": not full, "moment": key}
