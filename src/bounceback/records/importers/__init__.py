"""Readers of reports and lists: a file or pasted text in, a draft out, nothing believed unasked.

A draft names for each value where it was found and how sure the reading is, and lists what was not
understood. Whether it enters the record is the learner's word.
"""

from bounceback.records.importers.blocks import read_blocks
from bounceback.records.importers.drafts import (
    BlockDraft,
    BlocksDraft,
    ExamReportDraft,
    Found,
    Reading,
    ReportDraft,
    Unused,
)
from bounceback.records.importers.file_type import Kind, kind_of
from bounceback.records.importers.pdf import text_of_pdf
from bounceback.records.importers.report import read_report, read_reports
from bounceback.records.importers.tabular import (
    rows_of_csv,
    rows_of_text,
    rows_of_workbook,
    text_of,
)

__all__ = [
    "BlockDraft",
    "BlocksDraft",
    "ExamReportDraft",
    "Found",
    "Kind",
    "Reading",
    "ReportDraft",
    "Unused",
    "kind_of",
    "read_blocks",
    "read_report",
    "read_reports",
    "rows_of_csv",
    "rows_of_text",
    "rows_of_workbook",
    "text_of",
    "text_of_pdf",
]
