"""Why the last attempt failed: answers, evidence, causes, prescriptions; misses; support.

Everything is values in, values out. Names are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.appraisal.appraisal_report import appraise
    from bounceback.appraisal.crisis_support import (
        SupportCard,
        moments,
        refuse_unhealthy_day,
        score_screen,
        silence_note,
        support_card,
    )
    from bounceback.appraisal.daily_question import Question, question_of_the_day, questions
    from bounceback.appraisal.first_week import FirstPage, first_page
    from bounceback.appraisal.learned_rules import RuleList, let_go, look_at, rules_of, write_rule
    from bounceback.appraisal.lookback_report import Lookback, lookback
    from bounceback.appraisal.meeting import Agenda, agenda, note_meeting
    from bounceback.appraisal.misses import (
        cause_table,
        confusion_pairs,
        quick_miss,
        repeated_options,
    )
    from bounceback.appraisal.models import Appraisal, Finding, Measure, Prescription, Span
    from bounceback.appraisal.motivation import ReasonCard, keep_reason, reason_at, reflection
    from bounceback.appraisal.pacing import answer_changes, pacing_by_quarter
    from bounceback.appraisal.prescription_review import Active, AtWork, Retuned, at_work, retune
    from bounceback.appraisal.reports import ReportComparison, compare_reports
    from bounceback.appraisal.text_tables import Dimension, dimensions
    from bounceback.appraisal.thresholds import Thresholds, load_thresholds
    from bounceback.appraisal.trends import CauseTrend, cause_trend, reasoning_trend
    from bounceback.appraisal.triggers import Bound, HelpTrigger, help_triggers


__all__ = [
    "Active",
    "Agenda",
    "Appraisal",
    "AtWork",
    "Bound",
    "CauseTrend",
    "Dimension",
    "Finding",
    "FirstPage",
    "HelpTrigger",
    "Lookback",
    "Measure",
    "Prescription",
    "Question",
    "ReasonCard",
    "ReportComparison",
    "Retuned",
    "RuleList",
    "Span",
    "SupportCard",
    "Thresholds",
    "agenda",
    "answer_changes",
    "appraise",
    "at_work",
    "cause_table",
    "cause_trend",
    "compare_reports",
    "confusion_pairs",
    "dimensions",
    "first_page",
    "help_triggers",
    "keep_reason",
    "let_go",
    "load_thresholds",
    "look_at",
    "lookback",
    "moments",
    "note_meeting",
    "pacing_by_quarter",
    "question_of_the_day",
    "questions",
    "quick_miss",
    "reason_at",
    "reasoning_trend",
    "reflection",
    "refuse_unhealthy_day",
    "repeated_options",
    "retune",
    "rules_of",
    "score_screen",
    "silence_note",
    "support_card",
    "write_rule",
]

__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__,
    {
        "appraisal_report": ("appraise",),
        "daily_question": ("Question", "question_of_the_day", "questions"),
        "first_week": ("FirstPage", "first_page"),
        "meeting": ("Agenda", "agenda", "note_meeting"),
        "misses": ("cause_table", "confusion_pairs", "quick_miss", "repeated_options"),
        "pacing": ("answer_changes", "pacing_by_quarter"),
        "motivation": ("ReasonCard", "keep_reason", "reason_at", "reflection"),
        "reports": ("ReportComparison", "compare_reports"),
        "prescription_review": ("Active", "AtWork", "Retuned", "at_work", "retune"),
        "learned_rules": ("RuleList", "let_go", "look_at", "rules_of", "write_rule"),
        "crisis_support": (
            "SupportCard",
            "moments",
            "refuse_unhealthy_day",
            "score_screen",
            "silence_note",
            "support_card",
        ),
        "text_tables": ("Dimension", "dimensions"),
        "thresholds": ("Thresholds", "load_thresholds"),
        "lookback_report": ("Lookback", "lookback"),
        "trends": ("CauseTrend", "cause_trend", "reasoning_trend"),
        "triggers": ("Bound", "HelpTrigger", "help_triggers"),
        "models": ("Appraisal", "Finding", "Measure", "Prescription", "Span"),
    },
)
