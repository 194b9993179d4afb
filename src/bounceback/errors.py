"""The exceptions that Bounceback raises on purpose.

::

    BouncebackError
    ├── CaseError          a case file (or an entry to it) was refused; holds every fault
    ├── FactError          the shipped facts are wrong or were asked for wrongly
    │   └── FactUnknown    nothing is published for that day; unknown is never zero
    ├── QuestionError      a question cannot be answered for this record, with the reason
    └── UntrustedInputError  a file from outside was refused; nothing of it was kept

Messages say what was given, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bounceback.reasons import Reason


class BouncebackError(Exception):
    """Root of every error that Bounceback raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    Attributes:
        key: Where, as a path into the case file: ``forms[1].score``; empty for the file as a whole.
        given: What was found there, as text.
        allowed: What is expected there; not printed for the file as a whole.
        authority: Whose rule it is: a fact id, ``case file, schema 1``, …
        remedy: What to do about it.
        reason: The same for somebody who filled in a form and knows no case file;
            ``bounceback.messages.records`` words it.
    """

    key: str
    given: str
    allowed: str
    authority: str
    remedy: str
    reason: Reason | None = None

    def __str__(self) -> str:
        """One line: key, what was given, what was expected, what to do."""
        where = f"{self.key}: " if self.key else ""
        expected = f" Expected: {self.allowed}." if self.key else ""
        line = f"{where}{self.given}.{expected} {self.remedy}"
        return " ".join(line.split())


class CaseError(BouncebackError):
    """A case file was refused. ``faults`` holds every fault found, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FactError(BouncebackError):
    """The shipped facts are wrong, or were asked for wrongly."""


class FactUnknown(FactError):
    """Nothing is published for that day. The message gives the reason; no number stands in."""


class QuestionError(BouncebackError):
    """A question cannot be answered for this record; the message says why and what to do."""


class UntrustedInputError(BouncebackError):
    """A file from outside was refused; nothing of it was kept."""
