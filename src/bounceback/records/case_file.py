"""The case file: a learner's record as TOML or JSON, read with every fault at once.

A file is UTF-8 (a byte-order mark is accepted), at most :data:`MOST_BYTES` long, nested at most
:data:`MOST_LEVELS` deep. Faults are named by key, in file order; entries of a list count from 0.
"""

from __future__ import annotations

import json as json_text
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bounceback.errors import CaseError, Fault
from bounceback.records import checks_against_facts, consistency_checks
from bounceback.records.models import Record
from bounceback.records.schema import CASE
from bounceback.records.validation_report import (
    AUTHORITY,
    MOST_FAULTS,
    Findings,
    TooManyFaultsError,
    below,
    refuse_unknown_key,
    shown,
)
from bounceback.vocabulary import CASE_SCHEMA

MOST_BYTES: Final = 8_000_000
"""Largest case file that is read. Ten years of daily entries stay under a tenth of it."""

MOST_LEVELS: Final = 16
"""Deepest nesting that is read; a case file needs six."""

MOST_TOML_LINE: Final = 65_536
"""Longest line of a TOML file that is read."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A record that was read, and what was noticed on the way.

    Attributes:
        record: The record; area names are the official ones.
        notes: Remarks in file order, each one sentence: a spelling that was resolved, a planned
            date outside eligibility. None of them refuses the file.
    """

    record: Record
    notes: tuple[str, ...] = ()


def read_case(path: str | Path) -> CaseFile:
    """Read a case file.

    Args:
        path: A ``.json`` file is read as JSON, any other as TOML.

    Raises:
        CaseError: The file cannot be read, or holds faults; every fault is named.
    """
    path = Path(path)
    return parse_case(text_of(bytes_of(path)), json=is_json(path))


def parse_case(text: str, *, json: bool = False) -> CaseFile:
    """Read the text of a case file.

    Args:
        text: TOML, or JSON with the same keys.
        json: Whether the text is JSON.

    Raises:
        CaseError: The text holds faults; every fault is named.
    """
    return from_case(data_of(text, json=json))


def from_case(data: Mapping[str, Any]) -> CaseFile:
    """Read a case that is already data: tables as dictionaries, days as dates or ISO text.

    Raises:
        CaseError: The data holds faults; every fault is named, in the order of the data.
    """
    if _levels(data) > MOST_LEVELS:
        raise _too_deep()
    findings = Findings()
    order = _Order(data)
    tree: dict[str, Any] = {}
    try:
        if not _schema_is_read(data, findings):
            raise CaseError(findings.faults)
        rest = {name: entry for name, entry in data.items() if name != "schema"}
        for name in rest:
            if name not in _SECTIONS:
                refuse_unknown_key(name, ("schema", *_SECTIONS), below("", name), findings, _ALSO)
        tree = CASE.read({n: e for n, e in rest.items() if n in _SECTIONS}, "", findings)
        consistency_checks.check(tree, findings)
        checks_against_facts.check(tree, findings)
    except TooManyFaultsError:
        faults = order.sorted_faults(findings.faults)
        raise CaseError([*faults, _too_many()]) from None
    if findings.faults:
        raise CaseError(order.sorted_faults(findings.faults))
    return CaseFile(CASE.build(tree), order.sorted_notes(findings.notes))


_SECTIONS: Final = tuple(key.name for key in CASE.keys)
_ALSO: Final = {"schedule": "availability", "wellbeing": "checkins", "qbank": "blocks"}


def _too_many() -> Fault:
    return Fault(
        "",
        f"The file has more than {MOST_FAULTS} errors",
        "a case file",
        AUTHORITY,
        f"The first {MOST_FAULTS} are listed. Is this the right file?",
    )


def _schema_is_read(data: Mapping[str, Any], findings: Findings) -> bool:
    """Check the schema number; a newer schema ends the reading, for its keys are unknown here."""
    given = data.get("schema")
    allowed = f"schema {CASE_SCHEMA}"
    if given is None:
        findings.refuse("schema", "missing", allowed, f"Add schema = {CASE_SCHEMA} at the top.")
    elif isinstance(given, bool) or not isinstance(given, int) or given < 1:
        findings.refuse("schema", shown(given), allowed, f"Write schema = {CASE_SCHEMA}.")
    elif given > CASE_SCHEMA:
        remedy = "A newer version of Bounceback wrote this file. Update Bounceback."
        findings.refuse("schema", shown(given), allowed, remedy)
        return False
    return True


def is_json(path: Path) -> bool:
    """Whether the file at ``path`` is read as JSON."""
    return path.suffix.lower() == ".json"


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a case file, at most ``MOST_BYTES`` of them.

    Raises:
        CaseError: It cannot be opened, or is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if isinstance(error, FileNotFoundError):
            raise _refusal(f"Can't find {path}", "a file", "Check the name and folder.") from None
        raise _refusal(
            f"Can't read {path} ({reason})", "a file that can be read", "Check the file."
        ) from None
    except ValueError:  # a path with a NUL character
        raise _refusal("No file can have this name", "a path", "Check the name.") from None
    if len(content) > MOST_BYTES:
        raise _refusal(
            f"This file has more than {MOST_BYTES:,} bytes",
            f"at most {MOST_BYTES:,} bytes",
            "Is this the right file? A case file has a few kilobytes.",
        )
    return content


def text_of(content: bytes) -> str:
    """Return the text of a case file.

    Raises:
        CaseError: It is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        marks = (b"\xff\xfe", b"\xfe\xff")
        what = "UTF-16 text" if content[:2] in marks else "text that isn't UTF-8"
        raise _refusal(f"The file has {what} (line {line})", "UTF-8", "Save it as UTF-8.") from None


def data_of(text: str, *, json: bool = False) -> dict[str, Any]:
    """Return the data of a case file's text, before any key is looked at.

    Raises:
        CaseError: It is no TOML (or JSON), or names a key twice.
    """
    return _json_data(text) if json else _toml_data(text)


def _toml_data(text: str) -> dict[str, Any]:
    if any(len(line) > MOST_TOML_LINE for line in text.splitlines()):
        raise _refusal(
            f"A line has more than {MOST_TOML_LINE} characters", "TOML", "Break the line."
        )
    if _MANY_DOTS.search(text):
        raise _too_deep()
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # TOMLDecodeError, and numbers or dates that Python refuses
        remedy = (
            "This looks like JSON: name the file .json."
            if text.lstrip().startswith("{")
            else "Correct that line. Text needs quotes, dates don't."
        )
        raise _refusal(f"This isn't valid TOML: {_one_line(error)}", "TOML", remedy) from None


# A dotted key costs the parser the square of its length.
_MANY_DOTS = re.compile(
    r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}"""
)


def _json_data(text: str) -> dict[str, Any]:
    doubles: list[str] = []

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, entry in pairs:
            if name in made:
                doubles.append(name)
            made[name] = entry
        return made

    try:
        data = json_text.loads(text, object_pairs_hook=table)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # JSONDecodeError, and numbers that Python refuses
        raise _refusal(
            f"This isn't valid JSON: {_one_line(error)}", "JSON", "Correct it there."
        ) from None
    if doubles:
        given = "A key is given twice in one table: " + ", ".join(
            shown(name) for name in doubles[:5]
        )
        raise _refusal(given, "each key once", "Keep one of them.")
    if not isinstance(data, dict):
        raise _refusal(
            f"The file holds {shown(data)}", "a JSON object", "Write { … } around the sections."
        )
    return data


def _one_line(error: ValueError) -> str:
    return " ".join(str(error).split())[:200]


def _refusal(given: str, allowed: str, remedy: str) -> CaseError:
    return CaseError([Fault("", given, allowed, AUTHORITY, remedy)])


def _too_deep() -> CaseError:
    return _refusal(
        "The tables are nested too deep", f"at most {MOST_LEVELS} levels", "Is this the right file?"
    )


def _levels(data: object) -> int:
    """Return the depth of nesting, without recursion."""
    deepest, waiting = 0, [(data, 1)]
    while waiting:
        entry, level = waiting.pop()
        deepest = max(deepest, level)
        if isinstance(entry, Mapping):
            waiting.extend((inner, level + 1) for inner in entry.values())
        elif isinstance(entry, list | tuple):
            waiting.extend((inner, level + 1) for inner in entry)
    return deepest


class _Order:
    """Where each key stands in the file, so that findings can be told in file order."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._place: dict[str, int] = {"": 0}
        self._walk(data, "")

    def _walk(self, entry: object, at: str) -> None:
        if isinstance(entry, Mapping):
            inner = [(below(at, str(name)), value) for name, value in entry.items()]
        elif isinstance(entry, list):
            inner = [(f"{at}[{i}]", value) for i, value in enumerate(entry)]
        else:
            return
        for path, value in inner:
            self._place.setdefault(path, len(self._place))
            self._walk(value, path)

    def _of(self, at: str) -> int:
        """Place of a key; a missing one stands where its table does."""
        while at not in self._place:
            cut = max(at.rfind("."), at.rfind("["))
            at = at[:cut] if cut > 0 else ""
        return self._place[at]

    def sorted_faults(self, faults: list[Fault]) -> list[Fault]:
        return sorted(faults, key=lambda fault: self._of(fault.key))

    def sorted_notes(self, notes: list[tuple[str, str]]) -> tuple[str, ...]:
        ordered = sorted(notes, key=lambda note: self._of(note[0]))
        return tuple(f"{at}: {text}" if at else text for at, text in ordered)
