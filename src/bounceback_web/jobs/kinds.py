"""Every kind of long work: what runs, and under which limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Attributes:
        work: ``module:function``, called with a :class:`Work`.
        title: What the page calls it.
        seconds: Longest time on the clock.
        memory_bytes: Largest address space, where the system can bound it.
        lane: Jobs of one lane run one after the other; a short one does not wait for a long one.
    """

    work: str
    title: str
    seconds: float
    memory_bytes: int
    lane: str

    def load(self) -> Callable[[Work], None]:
        """Return the function."""
        module, name = self.work.split(":")
        function: Callable[[Work], None] = getattr(import_module(module), name)
        return function


@dataclass(frozen=True, slots=True)
class Work:
    """What a job's function receives.

    Attributes:
        job: Number of the job.
        payload: What was asked for, as JSON holds it.
        folder: A folder of its own for files; it is swept with the job.
        report: Called with the share done, 0 to 1.
        finish: Called with the file made (in ``folder``), its name for the download, its type.
        say: Called with lines for the page.
    """

    job: int
    payload: dict[str, Any]
    folder: Path
    report: Callable[[float], None]
    finish: Callable[[Path, str, str], None]
    say: Callable[[list[str]], None]


KINDS: Final[dict[str, Kind]] = {
    "deck-import": Kind(
        "bounceback_web.cards.importing:work", "Import a deck", 900.0, 1024 * MIB, "long"
    ),
    "deck-export": Kind(
        "bounceback_web.cards.importing:export_work", "Export your cards", 900.0, 2048 * MIB, "long"
    ),
    "meeting-pdf": Kind(
        "bounceback_web.exports.work:meeting_pdf", "Advisor meeting PDF", 60.0, 1536 * MIB, "short"
    ),
    "tables": Kind(
        "bounceback_web.exports.work:tables", "Tables of your data", 60.0, 1024 * MIB, "short"
    ),
    "backup": Kind(
        "bounceback_web.exports.work:backup", "Encrypted backup", 1800.0, 2048 * MIB, "long"
    ),
    "restore": Kind(
        "bounceback_web.exports.work:restore", "Restore a backup", 1800.0, 2048 * MIB, "long"
    ),
    "daily-copy": Kind(
        "bounceback_web.exports.work:daily_copy", "Daily copy", 900.0, 1024 * MIB, "long"
    ),
}
