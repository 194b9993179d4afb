"""What calendar programs were given before: a UID stays one session, and changes are counted.

A calendar program replaces what it has under a UID by what comes with a higher SEQUENCE. So a UID
must never come to mean other work, and the number rises with every change of time or content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from icalendar import Event

DOMAIN: Final = "bounceback.invalid"
_MOST: Final = 5_000
"""Entries remembered; the oldest go first. A plan has well under a thousand."""


@dataclass(slots=True)
class Entries:
    """Events that were given out.

    Attributes:
        known: By UID: identity of the work, fingerprint of its time and text, SEQUENCE, and the
            moment of the last change in ISO 8601.
        changed: Whether anything was added or changed.
    """

    known: dict[str, list[Any]] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def of_json(cls, value: object) -> Entries:
        """Return the entries that were stored; nothing where they cannot be read."""
        if not isinstance(value, Mapping):
            return cls()
        return cls({str(uid): list(row) for uid, row in value.items() if len(row) == 4})

    def uid(self, name: str, work: object) -> str:
        """Return the UID of an event: the same for the same work, never one that meant other work.

        Args:
            name: Name of the event in this plan.
            work: What it is, apart from its time; compared by its text.
        """
        identity = _digest(repr(work))
        number = 1
        while True:
            uid = f"{name}@{DOMAIN}" if number == 1 else f"{name}.{number}@{DOMAIN}"
            row = self.known.get(uid)
            if row is None:
                self.known[uid] = [identity, "", -1, ""]
                self.changed = True
                return uid
            if row[0] == identity:
                return uid
            number += 1

    def stamp(self, event: Event, content: object, made: datetime) -> None:
        """Give an event its UID's SEQUENCE and LAST-MODIFIED, raised if its content changed.

        Args:
            event: The event, with its UID.
            content: Its time and text.
            made: Now, in UTC.
        """
        row = self.known[str(event["uid"])]
        fingerprint = _digest(repr(content))
        if row[1] != fingerprint:
            row[1], row[2] = fingerprint, int(row[2]) + 1
            row[3] = made.astimezone(UTC).replace(microsecond=0).isoformat()
            self.changed = True
        event.add("sequence", int(row[2]))
        event.add("last-modified", datetime.fromisoformat(row[3]))

    def to_json(self) -> dict[str, list[Any]]:
        """Return the entries to store, the last 5,000."""
        rows = list(self.known.items())
        return dict(rows[-_MOST:])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def years_of(events: list[Event], fallback: datetime) -> tuple[int, int]:
    """Return the first and the last year in which an event lies."""
    days = [event.decoded("dtstart") for event in events] or [fallback]
    days += [day + timedelta(days=1) for day in days]
    return min(day.year for day in days), max(day.year for day in days)
