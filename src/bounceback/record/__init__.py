"""The learner's record: what one learner told us, read from and written to a case file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import names

if TYPE_CHECKING:
    from bounceback.record.case_file import CaseFile, from_case, parse_case, read_case
    from bounceback.record.journal import append
    from bounceback.record.look_ahead import as_seen_on
    from bounceback.record.values import Record
    from bounceback.record.writing import to_case, without_mood, write_case

__all__ = [
    "CaseFile",
    "Record",
    "append",
    "as_seen_on",
    "from_case",
    "parse_case",
    "read_case",
    "to_case",
    "without_mood",
    "write_case",
]

__getattr__, __dir__ = names.on_first_use(
    __name__,
    {
        "case_file": ("CaseFile", "from_case", "parse_case", "read_case"),
        "journal": ("append",),
        "look_ahead": ("as_seen_on",),
        "values": ("Record",),
        "writing": ("to_case", "without_mood", "write_case"),
    },
)
