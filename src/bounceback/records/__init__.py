"""The learner's record: what one learner told us, read from and written to a case file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.records.append_entry import append
    from bounceback.records.as_of import as_seen_on
    from bounceback.records.case_file import CaseFile, from_case, parse_case, read_case
    from bounceback.records.models import Record
    from bounceback.records.serialization import to_case, without_mood, write_case

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

__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__,
    {
        "case_file": ("CaseFile", "from_case", "parse_case", "read_case"),
        "append_entry": ("append",),
        "as_of": ("as_seen_on",),
        "models": ("Record",),
        "serialization": ("to_case", "without_mood", "write_case"),
    },
)
