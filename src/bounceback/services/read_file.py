"""What a file holds, as drafts to confirm: practice tests, an exam's report, blocks or a deck.

The command line and the pages ask here, so that they give the same answer. Nothing is stored.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from bounceback import facts
from bounceback.errors import UntrustedInputError
from bounceback.records import importers
from bounceback.records.importers import (
    BlockDraft,
    ExamReportDraft,
    Reading,
    ReportDraft,
    Unused,
)
from bounceback.records.importers.file_type import kind_of as kind_of
from bounceback.records.importers.file_type import only_file_in
from bounceback.records.importers.refusals import UnreadableFileError as UnreadableFileError
from bounceback.records.importers.refusals import refused

FileKind = Literal["practice-test", "exam-report", "blocks", "deck", "unknown"]

MOST_BYTES: Final = 10_000_000
"""Largest report or list; decks have limits of their own."""
_HEAD_BYTES: Final = 8_192
_DECK_HEADER: Final = re.compile(
    r"\A\ufeff?\s*#\s*(?:separator|html|deck|notetype|tags|columns|guid column|deck column"
    r"|tags column|notetype column)\s*:",
    re.IGNORECASE,
)
_JSON_DEPTH: Final = 60
_JSON_ROWS: Final = 5_000
_ZIPS_IN_ZIPS: Final = 1
_REFUSALS: Final = {
    "old-workbook": "old-workbook",
    "web-page": "web-page",
    "image": "image",
    "word": "word-file",
    "case": "case-file",
}


@dataclass(frozen=True, slots=True)
class DeckDraft:
    """A deck as its file has it.

    Attributes:
        name: Name of the file without its ending, or of the deck that holds most cards.
        format: ``package``, ``text`` or ``crowdanki``.
        rows: Rows of a text deck; ``None`` for the others.
        notes: Notes that would be imported.
        cards: Cards they make.
        reviews: Answers in its history.
        suspended: Cards its owner suspended.
    """

    name: str
    format: str
    rows: int | None
    notes: int
    cards: int
    reviews: int = 0
    suspended: int = 0


@dataclass(frozen=True, slots=True)
class FileReading:
    """What was read of a file.

    Attributes:
        kind: What it holds.
        tests: Practice tests.
        exam: The real exam's report.
        blocks: Blocks of a question bank.
        deck: A deck.
        unused: Lines and rows that were not used.
    """

    kind: FileKind
    tests: tuple[ReportDraft, ...] = ()
    exam: ExamReportDraft | None = None
    blocks: tuple[BlockDraft, ...] = ()
    deck: DeckDraft | None = None
    unused: tuple[Unused, ...] = ()


def read_file(
    source: Path | bytes, name: str, exam_id: str, on: date, *, bank: str = "question bank"
) -> FileReading:
    """Return what a file holds.

    Args:
        source: The file, or its content.
        name: Its name; the ending helps where the content could be several things.
        exam_id: The exam ahead.
        on: The learner's today.
        bank: Question bank of a list that does not name its own.

    Raises:
        UnreadableFileError: The file cannot be read; its reason says why.
        UntrustedInputError: A deck was refused.
        OSError: The file cannot be opened.
    """
    facts.exam(exam_id)
    if isinstance(source, Path):
        deck = _deck_on_disk(source, name, on)
        if deck is not None:
            return deck
        with source.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    else:
        data = source
    return _read_bytes(data, name, exam_id, on, bank, depth=0)


def read_pasted(text: str, exam_id: str, on: date, *, bank: str = "question bank") -> FileReading:
    """Return what a pasted text holds; arguments as in :func:`read_file`."""
    return _read_text(text, "", exam_id, on, bank)


def _deck_on_disk(path: Path, name: str, on: date) -> FileReading | None:
    """Return the deck of a package or collection, which may be too large for the memory."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"SQLite format 3\0"):
        return _package(path, name)
    if not head.startswith(b"PK\x03\x04") or path.stat().st_size <= MOST_BYTES:
        return None
    from bounceback.flashcards.anki.deck_files import is_package

    return _package(path, name) if is_package(path) else None


def _read_bytes(
    data: bytes, name: str, exam_id: str, on: date, bank: str, depth: int
) -> FileReading:
    if len(data) > MOST_BYTES:
        raise refused("file-too-large", megabytes=MOST_BYTES // 1_000_000)
    kind = kind_of(data, name)
    if kind in _REFUSALS:
        raise refused(_REFUSALS[kind])
    if kind == "pdf":
        return _of_report(importers.read_reports(importers.text_of_pdf(data), exam_id, on))
    if kind == "workbook":
        return _read_rows(importers.rows_of_workbook(data), exam_id, on, bank)
    if kind == "anki":
        return _package_of_bytes(data, name)
    if kind == "zip":
        return _read_zip(data, exam_id, on, bank, depth)
    if kind == "unknown":
        raise refused("unknown-file")
    text = importers.text_of(data)
    if kind == "json":
        return _read_json(text, name, exam_id, on, bank)
    return _read_text(text, name, exam_id, on, bank)


def _read_zip(data: bytes, exam_id: str, on: date, bank: str, depth: int) -> FileReading:
    """Read the one file of a zip."""
    try:
        inside = only_file_in(data, MOST_BYTES) if depth < _ZIPS_IN_ZIPS else None
    except ValueError:
        raise refused("zip-damaged") from None
    if inside is None:
        raise refused("zip-several")
    name, content = inside
    return _read_bytes(content, name, exam_id, on, bank, depth + 1)


def _read_json(text: str, name: str, exam_id: str, on: date, bank: str) -> FileReading:
    """Read a CrowdAnki deck, or a list of objects as a table with their keys as headings."""
    from bounceback.flashcards.anki.archive import parse_json

    try:
        value = parse_json(text, _JSON_DEPTH)
    except ValueError:
        raise refused("json-unknown") from None
    if isinstance(value, dict) and value.get("__type__") == "Deck":
        from bounceback.flashcards.anki.crowdanki import read_crowdanki

        package, skipped = read_crowdanki(value, _seconds(on))
        draft = DeckDraft(
            str(value.get("name") or Path(name).stem), "crowdanki", None,
            len(package.notes), len(package.cards),
        )  # fmt: skip
        return FileReading("deck", deck=draft, unused=_skipped(skipped))
    if isinstance(value, dict) and "schema" in value and "exam" in value:
        raise refused("case-file")
    rows = _rows_of_objects(value)
    if not rows:
        raise refused("json-unknown")
    return _read_rows(rows, exam_id, on, bank)


def _rows_of_objects(value: Any) -> tuple[tuple[str, ...], ...]:
    """Return a list of flat objects, at the top or under one key, as rows with headings."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list) and one]
        value = lists[0] if len(lists) == 1 else []
    if not isinstance(value, list) or not value or not all(isinstance(o, dict) for o in value):
        return ()
    heads = list(dict.fromkeys(str(key) for one in value[:_JSON_ROWS] for key in one))[:80]

    def cell(one: Mapping[str, Any], head: str) -> str:
        found = one.get(head)
        return str(found)[:500] if isinstance(found, str | int | float) else ""

    named = tuple(re.sub(r"[_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", h)) for h in heads)
    return (named, *(tuple(cell(one, head) for head in heads) for one in value[:_JSON_ROWS]))


def _read_rows(rows: Sequence[Sequence[str]], exam_id: str, on: date, bank: str) -> FileReading:
    """Read a table as blocks, else as text with its cells one behind another."""
    blocks = importers.read_blocks(rows, bank, on)
    text = "\n".join("\t".join(cell.replace("\t", " ") for cell in row) for row in rows)
    reading = importers.read_reports(text, exam_id, on)
    if blocks.blocks and not _is_better(reading):
        return FileReading("blocks", blocks=blocks.blocks, unused=blocks.unused)
    if reading.tests or reading.exam is not None:
        return _of_report(reading)
    if len(blocks.unused) > 1 or (blocks.unused and blocks.unused[0].line):
        return FileReading("blocks", unused=blocks.unused)
    return FileReading("unknown", unused=reading.unused or blocks.unused)


def _is_better(reading: Reading) -> bool:
    """Whether a table names practice tests with their scores rather than blocks."""
    return any("score" in test.fields and "family" in test.fields for test in reading.tests)


def _read_text(text: str, name: str, exam_id: str, on: date, bank: str) -> FileReading:
    if _DECK_HEADER.match(text):
        return _text_deck(text, name, on)
    try:
        rows = importers.rows_of_text(text)
    except UntrustedInputError:
        rows = ()  # no table, so a report or a deck
    blocks = importers.read_blocks(rows, bank, on)
    reading = importers.read_reports(text, exam_id, on)
    if blocks.blocks and not _is_better(reading):
        return FileReading("blocks", blocks=blocks.blocks, unused=blocks.unused)
    if any({"score", "printed_p_pass"} & test.fields.keys() for test in reading.tests):
        return _of_report(reading)
    if reading.exam is not None:
        return _of_report(reading)
    if blocks.unused and blocks.unused[0].line and len(rows) > 1:
        return FileReading("blocks", unused=blocks.unused)
    if not reading.tests and _looks_like_deck(text, rows):
        return _text_deck(text, name, on)
    return _of_report(reading)


def _looks_like_deck(text: str, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most rows have the same two or more columns, so that they can be questions."""
    full = [row for row in rows if any(cell for cell in row)]
    if not full or ("\n" not in text.strip() and "\t" not in text):
        return False
    widths = [len(row) for row in full]
    usual = max(set(widths), key=widths.count)
    return usual >= 2 and widths.count(usual) >= 0.8 * len(full)


def _text_deck(text: str, name: str, on: date) -> FileReading:
    from bounceback.flashcards.anki.text_decks import read_text_deck

    deck = read_text_deck(text, _seconds(on), deck=Path(name).stem or "Imported")
    draft = DeckDraft(
        Path(name).stem or "Imported", "text", deck.rows, len(deck.package.notes),
        len(deck.package.cards),
    )  # fmt: skip
    return FileReading("deck", deck=draft, unused=_skipped(deck.skipped))


def _package_of_bytes(data: bytes, name: str) -> FileReading:
    with tempfile.TemporaryDirectory(prefix="bounceback-") as folder:
        path = Path(folder) / "deck.apkg"
        path.write_bytes(data)
        return _package(path, name)


def _package(path: Path, name: str) -> FileReading:
    from bounceback.flashcards.anki import inspect

    found = inspect(path)
    decks: dict[str, int] = {}
    for state in found.states:
        decks[state.deck or ""] = decks.get(state.deck or "", 0) + 1
    largest = max(decks, key=lambda deck: (decks[deck], deck)) if decks else ""
    draft = DeckDraft(
        largest or Path(name).stem, "package", None, found.notes, found.cards, found.reviews,
        sum(state.suspended for state in found.states),
    )  # fmt: skip
    odd = tuple(Unused(0, sentence[:300]) for sentence in found.warnings)
    return FileReading("deck", deck=draft, unused=(*_skipped(found.skipped), *odd))


def _skipped(parts: Sequence[Any]) -> tuple[Unused, ...]:
    found = []
    for part in parts:
        number = re.match(r"line (\d+)", part.what)
        found.append(Unused(int(number.group(1)) if number else 0, f"{part.what}: {part.why}"))
    return tuple(found)


def _seconds(on: date) -> int:
    """Return midnight UTC of a day in seconds since 1970; only the form of ids hangs on it."""
    return (on - date(1970, 1, 1)).days * 86_400


def _of_report(reading: Reading) -> FileReading:
    if reading.exam is not None:
        return FileReading("exam-report", exam=reading.exam, unused=reading.unused)
    kind: FileKind = "practice-test" if reading.tests else "unknown"
    return FileReading(kind, tests=reading.tests, unused=reading.unused)


# --- as JSON ------------------------------------------------------------------------------------


def to_json(reading: FileReading) -> dict[str, Any]:
    """Return the answer of ``bounceback read --json``."""
    return {
        "kind": reading.kind,
        "drafts": _drafts(reading),
        "unused": [{"line": one.line, "text": one.text} for one in reading.unused],
    }


def _drafts(reading: FileReading) -> list[dict[str, Any]]:
    if reading.kind == "practice-test":
        return [_test_json(test) for test in reading.tests]
    if reading.exam is not None:
        return [_exam_json(reading.exam)]
    if reading.kind == "blocks":
        return [
            {**block.entry, "confidence": {"correct": block.sure, "date": block.sure}}
            for block in reading.blocks
        ]
    if reading.deck is not None:
        deck = reading.deck
        return [
            {
                "name": deck.name,
                "format": deck.format,
                "rows": deck.rows,
                "notes": deck.notes,
                "cards": deck.cards,
                "reviews": deck.reviews,
                "suspended": deck.suspended,
            }
        ]
    return []


def _test_json(test: ReportDraft) -> dict[str, Any]:
    names = ("family", "form", "date", "score", "printed_p_pass")
    return {
        **{name: test.fields[name].value if name in test.fields else None for name in names},
        "areas": {area: dict(found.value) for area, found in test.areas.items()},
        "confidence": {name: found.sure for name, found in test.fields.items()},
    }


def _exam_json(exam: ExamReportDraft) -> dict[str, Any]:
    names = ("exam", "date", "outcome", "score")
    return {
        **{name: exam.fields[name].value if name in exam.fields else None for name in names},
        "profile": {area: found.value for area, found in exam.profile.items()},
        "confidence": {name: found.sure for name, found in exam.fields.items()},
    }
