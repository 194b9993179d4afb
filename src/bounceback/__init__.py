"""Bounceback: from a failed licensing exam to a passing retake.

One function for each question a student asks::

    from datetime import date
    import bounceback

    record = bounceback.read_case("me.toml").record
    answer = bounceback.briefing(record, today=date(2026, 11, 22))

Everything is values in, values out: the day is an argument, nothing is kept, nothing is sent. Names
are loaded when first used. What else each package offers: ``docs/explanation/packages.md``.
"""

import sys

from bounceback import isolated_python

if isolated_python.is_own_program(sys.argv):
    isolated_python.leave_out_working_folder()  # before the first import that it could answer

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.errors import BouncebackError, CaseError, FactUnknown, Fault
    from bounceback.records.append_entry import append
    from bounceback.records.case_file import CaseFile, parse_case, read_case
    from bounceback.records.models import Record
    from bounceback.records.serialization import write_case
    from bounceback.services.briefing_json import lookback_to_json, to_json
    from bounceback.services.full_briefing import Briefing, Lookback, briefing, lookback, replanned
    from bounceback.services.single_questions import (
        appraise,
        daily_plan,
        decide,
        forecasts,
        match_outlook,
    )


__all__ = [
    "BouncebackError",
    "Briefing",
    "CaseError",
    "CaseFile",
    "FactUnknown",
    "Fault",
    "Lookback",
    "Record",
    "append",
    "appraise",
    "briefing",
    "daily_plan",
    "decide",
    "forecasts",
    "lookback",
    "lookback_to_json",
    "match_outlook",
    "parse_case",
    "read_case",
    "replanned",
    "to_json",
    "write_case",
]

__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__,
    {
        "services.full_briefing": ("Briefing", "Lookback", "briefing", "lookback", "replanned"),
        "services.briefing_json": ("lookback_to_json", "to_json"),
        "services.single_questions": (
            "appraise",
            "daily_plan",
            "decide",
            "forecasts",
            "match_outlook",
        ),
        "errors": ("BouncebackError", "CaseError", "FactUnknown", "Fault"),
        "records.case_file": ("CaseFile", "parse_case", "read_case"),
        "records.append_entry": ("append",),
        "records.models": ("Record",),
        "records.serialization": ("write_case",),
    },
)
