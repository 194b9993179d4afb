"""Bounceback: from a failed licensing exam to a passing retake.

One function for each question a student asks::

    from datetime import date
    import bounceback

    record = bounceback.read_case("me.toml").record
    answer = bounceback.briefing(record, today=date(2026, 11, 22))

Everything is values in, values out: the day is an argument, nothing is kept, nothing is sent. Names
are loaded when first used. What else each room offers: ``docs/explanation/rooms.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import names

if TYPE_CHECKING:
    from bounceback.brief.composing import Briefing, Lookback, briefing, lookback, replanned
    from bounceback.brief.keys import lookback_to_json, to_json
    from bounceback.brief.questions import (
        appraise,
        daily_plan,
        decide,
        forecasts,
        match_outlook,
    )
    from bounceback.errors import BouncebackError, CaseError, FactUnknown, Fault
    from bounceback.record.case_file import CaseFile, parse_case, read_case
    from bounceback.record.journal import append
    from bounceback.record.values import Record
    from bounceback.record.writing import write_case


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

__getattr__, __dir__ = names.on_first_use(
    __name__,
    {
        "brief.composing": ("Briefing", "Lookback", "briefing", "lookback", "replanned"),
        "brief.keys": ("lookback_to_json", "to_json"),
        "brief.questions": ("appraise", "daily_plan", "decide", "forecasts", "match_outlook"),
        "errors": ("BouncebackError", "CaseError", "FactUnknown", "Fault"),
        "record.case_file": ("CaseFile", "parse_case", "read_case"),
        "record.journal": ("append",),
        "record.values": ("Record",),
        "record.writing": ("write_case",),
    },
)
