"""Forecasts as they were shown, and the results that score them: one file of JSON lines.

``forecasts.jsonl`` is appended to and never rewritten: a line ``shown`` for each answer that held a
forecast, with its model version, and a line ``result`` for each real sitting that a case file later
reports. What was shown is never re-computed. A line that a stopped process left unfinished is
passed over. Learners are told apart by a digest of their case file's place; no name, score or note
is kept, and nothing leaves the machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from bounceback.forecast.scoring import ShownForecast, TrackRecord, track_record

FILE: Final = "forecasts.jsonl"


@dataclass(frozen=True, slots=True)
class Showing:
    """The forecasts of one answer: one a candidate test date, of one learner and exam."""

    learner: str
    exam: str
    forecasts: tuple[ShownForecast, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one real sitting."""

    learner: str
    exam: str
    sat_on: date
    passed: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """One shown forecast of a sitting whose result is known."""

    learner: str
    exam: str
    shown: ShownForecast
    passed: bool


@dataclass(frozen=True, slots=True)
class Past:
    """Past forecasts that met their result.

    Attributes:
        scored: Oldest first; the last one shown on a day for a sitting stands for that day.
        sittings: Real sittings among them.
        track: Their scores; ``None`` without any.
    """

    scored: tuple[Scored, ...]
    sittings: int
    track: TrackRecord | None


def learner_key(case: Path) -> str:
    """Tell one case file's learner from another's without saying who it is."""
    return hashlib.sha256(str(case.resolve()).encode()).hexdigest()[:16]


def keep(folder: Path, showing: Showing | None, results: Iterable[Result]) -> None:
    """Append what is new.

    Args:
        folder: Folder of the learner's data; it is there.
        showing: What was shown; ``None``: nothing that counts as a forecast. The same answer shown
            twice is kept once.
        results: Real sittings that the case file reports; those already kept are passed over.

    Raises:
        OSError: The folder cannot be written.
    """
    with _turn(folder):
        showings, known = read(folder)
        lines: list[dict[str, Any]] = []
        if showing is not None and showing.forecasts and showing not in showings:
            lines.append(_of_showing(showing))
        latest = {(r.learner, r.exam, r.sat_on): r.passed for r in known}
        lines += [
            _of_result(r) for r in results if latest.get((r.learner, r.exam, r.sat_on)) != r.passed
        ]
        if lines:
            _append(folder / FILE, lines)


def forget(folder: Path) -> None:
    """Delete every forecast and result that is kept in a folder.

    Raises:
        OSError: The folder cannot be written.
    """
    if (folder / FILE).exists():
        with _turn(folder):
            (folder / FILE).unlink(missing_ok=True)


def read(folder: Path) -> tuple[list[Showing], list[Result]]:
    """Everything kept, oldest first; lines that cannot be read are passed over."""
    showings: list[Showing] = []
    results: list[Result] = []
    try:
        text = (folder / FILE).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return showings, results
    for line in text.splitlines():
        # A half-written line, or one of a later version: it does not cost the others.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            row = json.loads(line)
            if row["kind"] == "shown":
                showings.append(_to_showing(row))
            elif row["kind"] == "result":
                results.append(
                    Result(
                        str(row["learner"]),
                        str(row["exam"]),
                        date.fromisoformat(row["sat_on"]),
                        bool(row["passed"]),
                    )
                )
    return showings, results


def past(
    showings: Sequence[Showing], results: Sequence[Result], learner: str | None = None
) -> Past:
    """Score what was shown before a sitting, for its day, against its result.

    Args:
        showings: What was shown.
        results: What came; of two lines on one sitting the later holds.
        learner: One learner's alone; default everybody's on this machine.
    """
    came = {
        (r.learner, r.exam, r.sat_on): r.passed
        for r in results
        if learner is None or r.learner == learner
    }
    last_of_day: dict[tuple[str, str, date, date], Scored] = {}
    for showing in showings:
        for f in showing.forecasts:
            passed = came.get((showing.learner, showing.exam, f.test_date))
            if passed is not None and f.shown_on < f.test_date:
                key = (showing.learner, showing.exam, f.test_date, f.shown_on)
                last_of_day[key] = Scored(showing.learner, showing.exam, f, passed)
    scored = tuple(
        sorted(last_of_day.values(), key=lambda s: (s.shown.shown_on, s.shown.test_date, s.learner))
    )
    track = (
        track_record([s.shown.p_pass for s in scored], [s.passed for s in scored])
        if scored
        else None
    )
    return Past(scored, len({key[:3] for key in last_of_day}), track)


def _of_showing(showing: Showing) -> dict[str, Any]:
    first = showing.forecasts[0]
    return {
        "kind": "shown",
        "learner": showing.learner,
        "exam": showing.exam,
        "shown_on": first.shown_on.isoformat(),
        "model_version": first.model_version,
        "forecast": [
            [f.test_date.isoformat(), f.p_pass, f.p_pass_low, f.p_pass_high]
            for f in showing.forecasts
        ],
    }


def _to_showing(row: dict[str, Any]) -> Showing:
    shown_on, version = date.fromisoformat(row["shown_on"]), str(row["model_version"])
    return Showing(
        str(row["learner"]),
        str(row["exam"]),
        tuple(
            ShownForecast(
                shown_on, date.fromisoformat(on), float(p), float(low), float(high), version
            )
            for on, p, low, high in row["forecast"]
        ),
    )


def _of_result(result: Result) -> dict[str, Any]:
    return {
        "kind": "result",
        "learner": result.learner,
        "exam": result.exam,
        "sat_on": result.sat_on.isoformat(),
        "passed": result.passed,
    }


def _append(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Append whole lines in one write, flushed to the disk; the file is its owner's alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":
                text = "\n" + text
        data = text.encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait for the turn of this process to write, and hold it; ended also by a killed process."""
    descriptor = os.open(folder / f".{FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
