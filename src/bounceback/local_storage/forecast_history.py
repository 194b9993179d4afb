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
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from bounceback import file_lock
from bounceback.forecast.scoring import ShownForecast
from bounceback.services.track_record import Result, Showing

FILE: Final = "forecasts.jsonl"


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
    with file_lock.held(folder / f".{FILE}.lock"):
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
        with file_lock.held(folder / f".{FILE}.lock"):
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
