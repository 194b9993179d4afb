"""Messages to and from a running Anki by the AnkiConnect add-on. Values only: nothing is sent.

The add-on listens on this computer and answers JSON: ``{"action", "version": 6, "params", "key"}``
in, ``{"result", "error"}`` out. A face or the store carries the text over; it asks ``endpoint``
first, which lets nothing but this computer through. Requests that change something in Anki are of
the type ``Change`` and say in words what they would do, so that a face can ask before it sends.

Reviews are pulled since the last one known (``startID`` is exclusive), so a second pull brings
nothing twice. The add-on does not tell the rollover hour or zone: the learner does.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki.archive import parse_json
from bounceback.flashcards.anki.limits import DEFAULT, Limits, refuse
from bounceback.flashcards.anki.models import MOMENT_MAX_MS, MOMENT_MIN_MS, Skipped, review_dtype

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION: Final = 6
ADDRESS: Final = "http://127.0.0.1:8765"
CARDS_A_REQUEST: Final = 500
"""Long lists make the add-on's search time out (observed); a few hundred do not."""

_ANSWER_BYTES_MAX: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One question to Anki. ``body`` is the JSON text to send by POST."""

    action: str
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None

    @property
    def body(self) -> str:
        """The text to send."""
        message: dict[str, Any] = {"action": self.action, "version": VERSION}
        if self.params:
            message["params"] = dict(self.params)
        if self.key:
            message["key"] = self.key
        return json.dumps(message, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A request that changes the learner's Anki: send it after they have agreed to ``what``."""

    request: Request
    what: str


def endpoint(address: str = ADDRESS) -> str:
    """Return ``address`` if it is on this computer.

    Raises:
        UntrustedInputError: Another host, another scheme, or a user name or path in it. A host
            name is refused unless it is ``localhost``: a name can be led anywhere.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
        port = parts.port or 80
    except ValueError:
        here, port = False, 0
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme != "http" or not here or not plain or parts.path not in ("", "/"):
        raise UntrustedInputError(
            f"Anki was not asked at {address!r}; allowed: http on this computer, such as {ADDRESS}"
            " (safety rule: your cards leave it in no other way). Start Anki here."
        )
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def answer(text: str | bytes, limits: Limits = DEFAULT) -> Any:
    """Return the result in an answer.

    Raises:
        UntrustedInputError: The answer is none of the add-on's, or says that Anki refused.
    """
    if len(text) > _ANSWER_BYTES_MAX:
        raise refuse(
            f"Anki's answer has {len(text):,} bytes",
            f"{_ANSWER_BYTES_MAX:,} (safety cap)",
            "Ask for fewer decks at a time.",
        )
    raw = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        found = parse_json(raw, limits.depth)
    except ValueError as fault:
        raise UntrustedInputError(
            f"The answer is no JSON ({fault}); allowed: one of AnkiConnect, version {VERSION}."
            " Check that Anki runs and has the add-on."
        ) from fault
    if not isinstance(found, dict) or set(found) != {"result", "error"}:
        raise UntrustedInputError(
            f"The answer is none of AnkiConnect, version {VERSION} (it needs result and error)."
            " Check that no other program uses its port."
        )
    if found["error"] is not None:
        raise UntrustedInputError(
            f"Anki answered: {str(found['error'])[:300]}. Nothing was changed here."
        )
    return found["result"]


# Questions.


def deck_names() -> Request:
    """Ask for the names of all decks; the result is a list of texts."""
    return Request("deckNames")


def permission() -> Request:
    """Ask Anki to let this program in; Anki shows its own question."""
    return Request("requestPermission")


def reviews_since(deck: str, last_review_ms: int = 0) -> Request:
    """Ask for the reviews of one deck after ``last_review_ms`` (exclusive)."""
    return Request("cardReviews", {"deck": deck, "startID": last_review_ms})


def cards_of(deck: str) -> Request:
    """Ask for the ids of the cards of one deck; the result is a list of numbers."""
    escaped = deck.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*").replace("_", "\\_")
    return Request("findCards", {"query": f'deck:"{escaped}"'})


def card_details(card_ids: Iterable[int]) -> Iterator[Request]:
    """Ask for fields, deck and schedule of cards, some hundred a request."""
    ids = list(card_ids)
    for start in range(0, len(ids), CARDS_A_REQUEST):
        yield Request("cardsInfo", {"cards": ids[start : start + CARDS_A_REQUEST]})


def export_package(deck: str, path: str) -> Request:
    """Ask Anki to write a package with the history, for ``read``: best for the first time."""
    return Request("exportPackage", {"deck": deck, "path": path, "includeSched": True})


# Changes.


def suspend(card_ids: Sequence[int]) -> Change:
    """Put cards away."""
    return Change(
        Request("suspend", {"cards": list(card_ids)}), f"put {len(card_ids):,} cards away in Anki"
    )


def unsuspend(card_ids: Sequence[int]) -> Change:
    """Take cards back."""
    return Change(
        Request("unsuspend", {"cards": list(card_ids)}),
        f"take {len(card_ids):,} cards back in Anki",
    )


def add_tags(note_ids: Sequence[int], tags: Sequence[str]) -> Change:
    """Tag notes."""
    words = " ".join(tags)
    return Change(
        Request("addTags", {"notes": list(note_ids), "tags": words}),
        f"tag {len(note_ids):,} notes with {words} in Anki",
    )


def insert_reviews(reviews: NDArray[Any]) -> Change:
    """Give Anki the answers that were given here (``REVIEW_COLUMNS``).

    Anki's own import of a package adds no review to a card that it has already; this does.
    """
    columns = ("id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type")
    rows = [
        [moment, card, -1, *rest]
        for moment, card, *rest in zip(*(reviews[one].tolist() for one in columns), strict=True)
    ]
    return Change(
        Request("insertReviews", {"reviews": rows}), f"add {len(rows):,} reviews to Anki's history"
    )


def set_due(card_ids: Sequence[int], days: int) -> Change:
    """Let cards fall due in so many days from today."""
    return Change(
        Request("setDueDate", {"cards": list(card_ids), "days": str(days)}),
        f"let {len(card_ids):,} cards fall due in {days} days in Anki",
    )


def import_package(path: str) -> Change:
    """Let Anki import a package of ours from this computer."""
    return Change(Request("importPackage", {"path": path}), f"import {path} into Anki")


# Answers.


def texts(result: Any) -> tuple[str, ...]:
    """Return a result that is a list of texts.

    Raises:
        UntrustedInputError: It is not.
    """
    if not isinstance(result, list) or not all(isinstance(one, str) for one in result):
        raise UntrustedInputError("Anki's answer is no list of names. Update the add-on.")
    return tuple(result)


def whole_numbers(result: Any) -> tuple[int, ...]:
    """Return a result that is a list of ids.

    Raises:
        UntrustedInputError: It is not.
    """
    if not isinstance(result, list) or not all(type(one) is int for one in result):
        raise UntrustedInputError("Anki's answer is no list of ids. Update the add-on.")
    return tuple(result)


def reviews(result: Any, limits: Limits = DEFAULT) -> tuple[NDArray[Any], tuple[Skipped, ...]]:
    """Return pulled reviews as ``REVIEW_COLUMNS``, by time, and the rows left out.

    A row is ``(id, card, usn, ease, interval, last interval, factor, milliseconds, type)``.

    Raises:
        UntrustedInputError: The result is no list, or longer than the cap.
    """
    import numpy as np

    if not isinstance(result, list) or len(result) > limits.reviews:
        raise UntrustedInputError(
            f"Anki's answer is no list of up to {limits.reviews:,} reviews. Pull deck by deck."
        )
    rows: dict[tuple[int, int], tuple[int, ...]] = {}
    skipped: list[Skipped] = []
    for row in result:
        sound = (
            isinstance(row, list)
            and len(row) == 9
            and all(type(one) is int and abs(one) < 2**31 for one in row[2:])
            and all(type(one) is int and 0 < one < 2**62 for one in row[:2])
            and MOMENT_MIN_MS <= row[0] <= MOMENT_MAX_MS
            and 0 <= row[3] <= 4
            and 0 <= row[8] <= 5
        )
        if not sound:
            skipped.append(Skipped(f"review {str(row)[:60]}", "it is none of Anki's rows"))
            continue
        moment, card, _, ease, interval, last, factor, milliseconds, kind = row
        rows[card, moment] = (moment, card, ease, kind, interval, last, factor, milliseconds)
    ordered = sorted(rows.values())
    return np.array(ordered, dtype=review_dtype()), tuple(skipped)
