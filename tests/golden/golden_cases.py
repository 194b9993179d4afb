"""The golden cases, and what the command line answers to each, as a student would read it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bounceback.cli import main

FOLDER = Path(__file__).parent
CASES = {path.stem: path for path in sorted((FOLDER / "cases").glob("*.toml"))}


@dataclass(frozen=True, slots=True)
class Told:
    """What was asked and answered about one case, in order.

    Attributes:
        page: The commands and their answers as text, 80 columns wide.
        answers: The same answers with ``--json``.
    """

    page: str
    answers: tuple[dict[str, Any], ...]


def say(*words: str) -> str:
    """Return what a command prints, on a plain screen of 80 columns.

    Raises:
        AssertionError: It did not answer; the message is what it said instead.
    """
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    assert status == 0, err.getvalue()
    return out.getvalue()


@contextlib.contextmanager
def nothing_remembered() -> Iterator[Path]:
    """An empty data folder and no settings: an answer depends on the case and the day alone."""
    with TemporaryDirectory() as folder:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("BOUNCEBACK")}
        with patch.dict(os.environ, kept | {"BOUNCEBACK_HOME": f"{folder}/home"}, clear=True):
            yield Path(folder)


def asked_about() -> dict[str, dict[str, Any]]:
    """The day and the story of each case, by name."""
    return tomllib.loads((FOLDER / "days.toml").read_text(encoding="utf-8"))


@cache
def tell(name: str) -> Told:
    """Ask about a golden case on its day, and go on with its story where it has one."""
    story = asked_about()[name]
    file = f"{name}.toml"
    with nothing_remembered() as folder:
        case = folder / file
        text = CASES[name].read_text(encoding="utf-8")
        case.write_text(text, encoding="utf-8")
        on = story["on"].isoformat()
        pages = [
            f"$ bounceback brief {file} --full --on {on}",
            say("brief", str(case), "--full", "--on", on),
        ]
        answers = [json.loads(say("brief", str(case), "--on", on, "--json"))]
        for step in story.get("then", ()):
            old = folder / "earlier.json"
            old.write_text(json.dumps(answers[-1]), encoding="utf-8")
            text = moved(text, step.get("planned_date"))
            text += ticks(answers[-1], step.get("ticked_until"))
            case.write_text(text, encoding="utf-8")
            words = ("--from", str(old), "--on", step["on"].isoformat())
            pages += [
                f"# {step['told']}\n"
                f"$ bounceback replan {file} --from earlier.json --on {words[-1]}",
                say("replan", str(case), *words),
            ]
            answers.append(json.loads(say("replan", str(case), *words, "--json")))
    return Told("\n".join(pages), tuple(answers))


def moved(text: str, to: date | None) -> str:
    """Return the case with another planned date."""
    if to is None:
        return text
    found, times = re.subn(r"(?m)^planned_date = .*$", f"planned_date = {to}", text)
    assert times == 1, "the case has one planned date"
    return found


def ticks(answer: dict[str, Any], until: date | None) -> str:
    """Return the sessions up to a day as entries of a case file, each done in full."""
    if until is None:
        return ""
    entries = []
    for session in answer["plan"]["sessions"]:
        if date.fromisoformat(session["date"]) > until or session["activity"] is None:
            continue
        lines = [
            "",
            "[[plan]]",
            f'id = "{session["id"]}"',
            f"date = {session['date']}",
            f"start = {time.fromisoformat(session['start']).isoformat()}",
            f"minutes = {session['minutes']}",
            f'activity = "{session["activity"]}"',
            f'kind = "{session["kind"]}"',
            f"done_minutes = {session['minutes']}",
        ]
        lines += [f'{key} = "{session[key]}"' for key in ("area", "resource") if session[key]]
        entries.append("\n".join(lines) + "\n")
    return "".join(entries)
