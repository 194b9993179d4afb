"""Types of the values that services answer with, for annotations of who shows them.

A value here is what a service returns or a part of it; nothing is asked of it but its fields. Each
is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.appraisal.crisis_support import SupportCard
    from bounceback.appraisal.daily_question import Question
    from bounceback.appraisal.meeting import Agenda
    from bounceback.appraisal.misses import CauseTable
    from bounceback.decision.models import DeadlineCheck, ResultBand, RuleCheck
    from bounceback.facts.catalog import CatalogEntry
    from bounceback.facts.exams import Exam
    from bounceback.facts.models import Sourced
    from bounceback.facts.practice_tests import FormFamily
    from bounceback.flashcards.areas import AreaMap
    from bounceback.flashcards.policy_search import ExamPlan, Maintenance
    from bounceback.flashcards.retention import AreaRetention, Range
    from bounceback.flashcards.review_session import QueuedCard
    from bounceback.flashcards.simulator import DayLoad, Policy
    from bounceback.forecast.checks import Check
    from bounceback.forecast.prediction import Forecast
    from bounceback.forecast.scoring import MODEL_VERSION, ShownForecast, TrackRecord
    from bounceback.planning.models import (
        DAY_LEVELS,
        Change,
        DayLevel,
        LedgerEntry,
        Plan,
        Session,
        SessionStep,
    )
    from bounceback.records.importers import Found, ReportDraft, Unused
    from bounceback.records.importers.refusals import UnreadableFileError
    from bounceback.residency_match.models import Outlook

__all__ = [
    "DAY_LEVELS",
    "MODEL_VERSION",
    "Agenda",
    "AreaMap",
    "AreaRetention",
    "CatalogEntry",
    "CauseTable",
    "Change",
    "Check",
    "DayLevel",
    "DayLoad",
    "DeadlineCheck",
    "Exam",
    "ExamPlan",
    "Forecast",
    "FormFamily",
    "Found",
    "LedgerEntry",
    "Maintenance",
    "Outlook",
    "Plan",
    "Policy",
    "Question",
    "QueuedCard",
    "Range",
    "ReportDraft",
    "ResultBand",
    "RuleCheck",
    "Session",
    "SessionStep",
    "ShownForecast",
    "Sourced",
    "SupportCard",
    "TrackRecord",
    "UnreadableFileError",
    "Unused",
]

if not TYPE_CHECKING:  # so that a name that is not listed is an error of types
    __getattr__, __dir__ = lazy_imports.on_first_use(
        __name__,
        {
            "appraisal.crisis_support": ("SupportCard",),
            "appraisal.daily_question": ("Question",),
            "appraisal.meeting": ("Agenda",),
            "appraisal.misses": ("CauseTable",),
            "decision.models": ("DeadlineCheck", "ResultBand", "RuleCheck"),
            "facts.catalog": ("CatalogEntry",),
            "facts.exams": ("Exam",),
            "facts.models": ("Sourced",),
            "facts.practice_tests": ("FormFamily",),
            "flashcards.areas": ("AreaMap",),
            "flashcards.policy_search": ("ExamPlan", "Maintenance"),
            "flashcards.retention": ("AreaRetention", "Range"),
            "flashcards.review_session": ("QueuedCard",),
            "flashcards.simulator": ("DayLoad", "Policy"),
            "forecast.checks": ("Check",),
            "forecast.prediction": ("Forecast",),
            "forecast.scoring": ("MODEL_VERSION", "ShownForecast", "TrackRecord"),
            "planning.models": (
                "DAY_LEVELS",
                "Change",
                "DayLevel",
                "LedgerEntry",
                "Plan",
                "Session",
                "SessionStep",
            ),
            "records.importers": ("Found", "ReportDraft", "Unused"),
            "records.importers.refusals": ("UnreadableFileError",),
            "residency_match.models": ("Outlook",),
        },
        base="bounceback",
    )
