"""Readers of reports and lists: a file or pasted text in, a draft out, nothing believed unasked.

A draft names for each value where it was found and how sure the reading is, and lists what was not
understood. Whether it enters the record is the learner's word.
"""

from bounceback.record.readers.blocks import read_blocks
from bounceback.record.readers.drafts import BlockDraft, BlocksDraft, Found, ReportDraft
from bounceback.record.readers.kinds import Kind, kind_of
from bounceback.record.readers.pdf import text_of_pdf
from bounceback.record.readers.report import read_report
from bounceback.record.readers.sheets import rows_of_csv, rows_of_text, rows_of_workbook, text_of

__all__ = [
    "BlockDraft",
    "BlocksDraft",
    "Found",
    "Kind",
    "ReportDraft",
    "kind_of",
    "read_blocks",
    "read_report",
    "rows_of_csv",
    "rows_of_text",
    "rows_of_workbook",
    "text_of",
    "text_of_pdf",
]
