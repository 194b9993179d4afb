"""What a reading found, and how a fault is worded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import Final

from bounceback.errors import Fault
from bounceback.reasons import Reason, reason
from bounceback.vocabulary import CASE_SCHEMA

AUTHORITY: Final = f"case file, schema {CASE_SCHEMA}"
"""Whose rule the shape of the case file is."""

MOST_FAULTS: Final = 1000
"""A file with more faults than this is no case file; the rest is not listed."""


class Refused(Enum):
    """Stands in a tree for a value that could not be read."""

    REFUSED = "refused"


REFUSED: Final = Refused.REFUSED


class TooManyFaultsError(Exception):
    """Ends a reading that has nothing more to teach."""


@dataclass(slots=True)
class Findings:
    """What a reading found: faults that refuse the file, and notes that do not."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def refuse(
        self,
        at: str,
        given: str,
        allowed: str,
        remedy: str,
        authority: str = AUTHORITY,
        why: Reason | None = None,
    ) -> Refused:
        """Add one fault and return ``REFUSED``, so that a reader can end with it.

        Args:
            at: Where, as a path into the case file.
            given: What was found there, as text.
            allowed: What may stand there.
            remedy: What to do about it.
            authority: Whose rule it is.
            why: The same for somebody who filled in a form.
        """
        self.faults.append(Fault(at, given, allowed, authority, remedy, why))
        if len(self.faults) >= MOST_FAULTS:
            raise TooManyFaultsError
        return REFUSED

    def names_below(self, at: str) -> bool:
        """Whether a fault names the entry at ``at`` or something inside it."""
        return any(
            fault.key == at or fault.key.startswith((f"{at}.", f"{at}[")) for fault in self.faults
        )

    def note(self, at: str, text: str) -> None:
        """Add a remark on the entry at ``at`` that does not refuse the file."""
        self.notes.append((at, text))


def shown(given: object, *, most: int = 60) -> str:
    """Return what was given as short text, safe for any value a parser can produce."""
    if isinstance(given, str):
        cut = given if len(given) <= most else given[:most] + "…"
        escaped = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)
        return f'"{escaped}"'
    if given is None:
        return "nothing (null)"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        # str() of a huge integer is refused by Python itself.
        return str(given) if given.bit_length() <= 128 else "a whole number of very many digits"
    if isinstance(given, float):
        return repr(given)
    if isinstance(given, datetime | date | time):
        return given.isoformat()
    if isinstance(given, Mapping):
        if not given:
            return "an empty table"
        names = ", ".join(shown(name, most=20).strip('"') for name in list(given)[:4])
        return f"a table with {names}" + (", …" if len(given) > 4 else "")
    if isinstance(given, list | tuple):
        return f"a list of {len(given)}"
    return type(given).__name__


def nearest(given: str, known: Iterable[str]) -> str | None:
    """Return the known word that is spelled most like ``given``, if any is close."""
    import difflib  # needed only where something is refused

    words = {word.casefold(): word for word in known}
    close = difflib.get_close_matches(given[:80].casefold(), words, n=1, cutoff=0.6)
    return words[close[0]] if close else None


def listed(words: Iterable[str]) -> str:
    """Return words as ``a | b | c``."""
    return " | ".join(words)


_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def below(at: str, key: str) -> str:
    """Return the path of ``key`` inside the table at ``at``."""
    if not _BARE.match(key):
        key = shown(key)
    return f"{at}.{key}" if at else key


def refuse_unknown_key(
    name: str, known: Iterable[str], at: str, findings: Findings, also: Mapping[str, str] = {}
) -> None:
    """Refuse a key, naming the nearest known one."""
    known = tuple(known)
    guess = also.get(name.casefold()) or nearest(name, known)
    remedy = f"Did you mean {guess}?" if guess else "Remove it, or check where it belongs."
    why = reason("records.unknown-setting", name=name[:40], nearest=guess)
    findings.refuse(at, "an unknown key", listed(known), remedy, why=why)
