"""The learner's record: what one learner told us, read from and written to a case file."""

from bounceback.record.case_file import CaseFile, from_case, parse_case, read_case
from bounceback.record.journal import append
from bounceback.record.look_ahead import as_seen_on
from bounceback.record.values import Record
from bounceback.record.writing import to_case, write_case

__all__ = [
    "CaseFile",
    "Record",
    "append",
    "as_seen_on",
    "from_case",
    "parse_case",
    "read_case",
    "to_case",
    "write_case",
]
