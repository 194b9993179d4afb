"""What a reader understood: values, each with its place and sureness, and what it did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Sureness = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Found:
    """One value that was read.

    Attributes:
        value: The value, as the case file would hold it.
        where: Line or cell, in words.
        text: The text it was read from, shortened.
        sure: How sure the reading is.
        note: What to look at, if anything.
    """

    value: Any
    where: str
    text: str
    sure: Sureness
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A practice test as read from its report.

    Attributes:
        fields: ``family``, ``form``, ``date``, ``score``, ``printed_p_pass``: those found.
        areas: Results by area; each value holds ``correct`` and ``items``, or ``percent``.
        not_understood: Lines with numbers that nothing was read from.
    """

    fields: Mapping[str, Found] = field(default_factory=dict)
    areas: Mapping[str, Found] = field(default_factory=dict)
    not_understood: tuple[str, ...] = ()

    def entry(self) -> dict[str, Any]:
        """Return the draft as an entry of the case file's ``forms``, unconfirmed."""
        entry = {name: found.value for name, found in self.fields.items()}
        if self.areas:
            entry["areas"] = {area: dict(found.value) for area, found in self.areas.items()}
        return entry


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """One block of a bank's list.

    Attributes:
        entry: The entry of the case file's ``blocks``.
        where: Row of the list.
        sure: How sure the reading is.
        note: What to look at, if anything.
    """

    entry: Mapping[str, Any]
    where: str
    sure: Sureness
    note: str = ""

    @property
    def day(self) -> date:
        """Day of the block."""
        return date.fromisoformat(self.entry["date"])


@dataclass(frozen=True, slots=True)
class BlocksDraft:
    """The blocks of a list.

    Attributes:
        blocks: Blocks that were understood, in the order of the list.
        not_understood: Rows and columns that were not, with the reason.
    """

    blocks: tuple[BlockDraft, ...] = ()
    not_understood: tuple[str, ...] = ()
