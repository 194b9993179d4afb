"""Appending one entry to a case file, so that nothing can be lost.

The whole new record is checked before a byte is written. The new text goes to a temporary file in
the same folder, is flushed to the disk, and takes the old file's place in one step: a process that
is killed leaves either the old file or the new one, whole; a temporary file that it left behind is
removed by the next append. Two processes take turns through a lock file, ``.NAME.lock`` beside the
case; it is empty and stays, for removing it would let a third process in between. (POSIX:
``flock``. Windows: ``msvcrt.locking`` of its first byte. On a file system that knows neither, the
append is refused rather than risked.)

The learner's own comments and layout in a TOML file are kept: the entry is added as text.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bounceback import file_lock
from bounceback.errors import CaseError, Fault
from bounceback.reasons import reason
from bounceback.records.case_file import MOST_BYTES, bytes_of, data_of, from_case, is_json, text_of
from bounceback.records.models import Record
from bounceback.records.schema import ITEM_TEXT, RULE_MOST, SECTIONS_OF_ENTRIES
from bounceback.records.serialization import inline_table, table_lines, to_case, write_case
from bounceback.records.validation_report import AUTHORITY, listed

_MARK: Final = b"\xef\xbb\xbf"


def append(path: str | Path, section: str, entry: Mapping[str, Any]) -> Record:
    """Append one entry to a section of a case file.

    Args:
        path: The case file, TOML or JSON.
        section: A section that holds entries: ``forms``, ``blocks``, ``study``, …
        entry: The entry with the keys of the case file; days as ``date`` or ISO 8601 text.

    Returns:
        The record with the entry.

    Raises:
        CaseError: The section takes no entries, the file or the entry holds faults, or the
            folder cannot be written. The file is then as it was.
    """
    # A link is followed: the file it names is replaced, not the link.
    target = Path(path).resolve()
    if section not in SECTIONS_OF_ENTRIES:
        raise _refusal(section, "not a section of entries", listed(SECTIONS_OF_ENTRIES))
    try:
        with _turn(target):
            content = bytes_of(target)
            new, record = _with_entry(content, section, entry, json=is_json(target))
            if len(new) > MOST_BYTES:
                raise _refusal("", f"a file of {len(new)} bytes", f"at most {MOST_BYTES} bytes")
            _replace(target, new)
            return record
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refusal(
            "", f"{target}: {reason}", "a file in a folder that can be written"
        ) from None


def with_new(data: Mapping[str, Any], section: str, entry: Mapping[str, Any]) -> Record:
    """Return the record that case-file data and one new entry at the end of a section make.

    Args:
        data: Data of a case file; ``data[section]`` is a list, or absent.
        section: A section of entries.
        entry: The new entry, with the keys of the case file.

    Raises:
        CaseError: Every fault of the data and the entry; a rule written anew that is longer than
            ``RULE_MOST``, or that reads like a question of a bank, is one.
    """
    earlier = data.get(section) or []
    pasted = _pasted(f"{section}[{len(earlier)}].rule", entry) if section == "misses" else None
    try:
        record = from_case({**data, section: [*earlier, dict(entry)]}).record
    except CaseError as error:
        if pasted is None:
            raise
        others = [fault for fault in error.faults if fault.key != pasted.key]
        raise CaseError([*others, pasted]) from None
    if pasted is not None:
        raise CaseError([pasted])
    return record


_OPTIONS: Final = re.compile(r"(?:^|[\s(])([A-J])[).:]", re.IGNORECASE)
"""A letter that opens an answer: ``A)``, ``(B)``, ``c.``, ``D:``."""

_ASKS: Final = re.compile(r"which (?:one )?of the following|most likely diagnosis\?", re.IGNORECASE)

_FEWEST_OPTIONS: Final = 4
"""So many letters in a row from A on are the answers of a question."""


def _pasted(key: str, entry: Mapping[str, Any]) -> Fault | None:
    """The fault of a rule that is too long for one, or reads like a question; else ``None``."""
    rule = entry.get("rule")
    if not isinstance(rule, str):
        return None
    letters = iter(letter.upper() for letter in _OPTIONS.findall(rule))
    in_order = all(letter in letters for letter in "ABCDEFGHIJ"[:_FEWEST_OPTIONS])
    if len(rule.strip()) > RULE_MOST:
        given = f"text of {len(rule.strip())} characters"
    elif "\n" in rule.strip() or "\r" in rule.strip():
        given = "several lines"
    elif in_order or _ASKS.search(rule):
        given = "what reads like a question with its answers"
    else:
        return None
    allowed = f"a rule of at most {RULE_MOST} characters on one line"
    why = reason("records.item-text", most=RULE_MOST)
    return Fault(key, given, allowed, AUTHORITY, ITEM_TEXT, why)


def _refusal(key: str, given: str, allowed: str) -> CaseError:
    remedy = "Nothing was written; the file is as it was."
    return CaseError([Fault(key, given, allowed, AUTHORITY, remedy)])


def _with_entry(
    content: bytes, section: str, entry: Mapping[str, Any], *, json: bool
) -> tuple[bytes, Record]:
    """Return the new content and the record it holds; nothing is written here."""
    text = text_of(content)
    data = data_of(text, json=json)
    earlier = data.get(section)
    earlier = [] if earlier is None else earlier
    if not isinstance(earlier, list):
        earlier = [earlier]  # the reader names the fault
    record = with_new({**data, section: earlier}, section, entry)
    if json:
        return write_case(record, json=True).encode(), record
    addition: dict[str, Any] = to_case(record)[section][-1]
    for new in _candidates(text, section, addition):
        # Each way of adding text is believed only after it was read back.
        with contextlib.suppress(CaseError):
            if from_case(data_of(new)).record == record:
                mark = _MARK if content.startswith(_MARK) else b""
                return mark + new.encode(), record
    raise _refusal(section, "a list whose end was not found", f"[[{section}]] tables")


def _candidates(text: str, section: str, addition: dict[str, Any]) -> Iterator[str]:
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = ["", *table_lines(section, addition, repeated=True), ""]
    gap = "" if not text or text.endswith("\n") else line_end
    yield text + gap + line_end.join("\n".join(lines).split("\n"))
    # The section stands as one list, ``forms = [ … ]``: the entry goes before its closing bracket,
    # which is the first one at which the text from the key on is TOML by itself.
    inline = inline_table(addition)
    for key in re.finditer(rf"(?m)^[ \t]*[\"']?{section}[\"']?[ \t]*=", text):
        for bracket in re.finditer(r"\]", text[key.start() :]):
            end = key.start() + bracket.start()
            try:
                data_of(text[key.start() : end + 1])
            except CaseError:
                continue
            yield f"{text[:end]} {inline}{text[end:]}"  # an empty list, or a comma is there
            yield f"{text[:end]}, {inline}{text[end:]}"
            break


def _replace(target: Path, content: bytes) -> None:
    """Put new content in a file's place in one step; the caller holds its turn."""
    mode = target.stat().st_mode & 0o7777
    for left in target.parent.glob(f".{glob.escape(target.name)}.????????.new"):
        left.unlink(missing_ok=True)  # of a process that was killed: this turn is ours alone
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system lets a folder be opened."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _turn(target: Path) -> Iterator[None]:
    """Wait for the turn of this process to write the case, and hold it."""
    if not target.is_file():
        bytes_of(target)  # says what is wrong with the path, and leaves no lock file behind
    with file_lock.held(target.with_name(f".{target.name}.lock")):
        yield
