"""What a reader understood: values, each with its place and confidence, and what it did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from bounceback.reasons import Reason

Confidence = Literal["low", "medium", "high"]
"""``high``: the label and a second sign (arithmetic, or a scale with one reading alone) agree.
``medium``: the label says it. ``low``: there is another way to read it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One value that was read.

    Attributes:
        value: The value, as the case file would hold it.
        line: Number of the line or row it was read from, from 1.
        text: The text it was read from, shortened.
        sure: How sure the reading is.
        note: What to look at, if anything.
    """

    value: Any
    line: int
    text: str
    sure: Confidence
    note: Reason | None = None


@dataclass(frozen=True, slots=True)
class Unused:
    """A line or row that nothing, or not everything, was read from.

    Attributes:
        line: Its number, from 1; 0 where the whole file is meant.
        text: The line, shortened.
        why: Why it was not used, where there is more to say than that no label was known.
    """

    line: int
    text: str
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A practice test as read from its report.

    Attributes:
        fields: ``family``, ``form``, ``date``, ``score``, ``printed_p_pass``: those found.
        areas: Results by area; each value holds ``correct`` and ``items``, or ``percent``.
        unused: Lines that were not, or not wholly, used.
    """

    fields: Mapping[str, Found] = field(default_factory=dict)
    areas: Mapping[str, Found] = field(default_factory=dict)
    unused: tuple[Unused, ...] = ()

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The lines that were not used, as text."""
        return tuple(one.text for one in self.unused)

    def entry(self) -> dict[str, Any]:
        """Return the draft as an entry of the case file's ``forms``, unconfirmed."""
        entry = {name: found.value for name, found in self.fields.items()}
        if self.areas:
            entry["areas"] = {area: dict(found.value) for area, found in self.areas.items()}
        return entry


@dataclass(frozen=True, slots=True)
class ExamReportDraft:
    """A sitting of the real exam as read from the board's report.

    Attributes:
        fields: ``exam``, ``date``, ``outcome``, ``score``: those found.
        profile: ``lower``, ``same`` or ``higher`` by area.
        unused: Lines that were not, or not wholly, used.
    """

    fields: Mapping[str, Found] = field(default_factory=dict)
    profile: Mapping[str, Found] = field(default_factory=dict)
    unused: tuple[Unused, ...] = ()

    def entry(self) -> dict[str, Any]:
        """Return the draft as an entry of the case file's ``attempts``, unconfirmed."""
        entry = {name: found.value for name, found in self.fields.items()}
        if self.profile:
            entry["profile"] = {area: found.value for area, found in self.profile.items()}
        return entry


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds.

    Attributes:
        tests: Practice tests, one draft each.
        exam: The board's own report, if it is one; then ``tests`` is empty.
        unused: Lines that no draft used, or not wholly.
        several: Whether more than one practice test is named.
    """

    tests: tuple[ReportDraft, ...] = ()
    exam: ExamReportDraft | None = None
    unused: tuple[Unused, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """One block of a bank's list.

    Attributes:
        entry: The entry of the case file's ``blocks``.
        line: Row of the list, from 1.
        sure: How sure the reading is.
        note: What to look at, if anything.
    """

    entry: Mapping[str, Any]
    line: int
    sure: Confidence
    note: Reason | None = None

    @property
    def day(self) -> date:
        """Day of the block."""
        return date.fromisoformat(self.entry["date"])


@dataclass(frozen=True, slots=True)
class BlocksDraft:
    """The blocks of a list.

    Attributes:
        blocks: Blocks that were understood, in the order of the list.
        unused: Rows and columns that were not, with the reason.
    """

    blocks: tuple[BlockDraft, ...] = ()
    unused: tuple[Unused, ...] = ()
