"""Why the last attempt failed: answers, evidence, causes, prescriptions; misses; support.

Everything is values in, values out. Names are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import names

if TYPE_CHECKING:
    from bounceback.appraisal.appraising import appraise
    from bounceback.appraisal.asking import Question, question_of_the_day, questions
    from bounceback.appraisal.first_hours import FirstPage, first_page
    from bounceback.appraisal.meeting import Agenda, agenda, note_meeting
    from bounceback.appraisal.misses import (
        cause_table,
        confusion_pairs,
        quick_miss,
        repeated_options,
    )
    from bounceback.appraisal.pacing import answer_changes, pacing_by_quarter
    from bounceback.appraisal.reason import ReasonCard, keep_reason, reason_at, reflection
    from bounceback.appraisal.reports import ReportComparison, compare_reports
    from bounceback.appraisal.retuning import Active, AtWork, Retuned, at_work, retune
    from bounceback.appraisal.rules import RuleList, let_go, look_at, rules_of, write_rule
    from bounceback.appraisal.support import (
        SupportCard,
        moments,
        refuse_unhealthy_day,
        score_screen,
        silence_note,
        support_card,
    )
    from bounceback.appraisal.texts import Dimension, dimensions
    from bounceback.appraisal.thresholds import Thresholds, load_thresholds
    from bounceback.appraisal.time_machine import Lookback, lookback
    from bounceback.appraisal.trends import CauseTrend, cause_trend, reasoning_trend
    from bounceback.appraisal.triggers import Bound, HelpTrigger, Message, help_triggers
    from bounceback.appraisal.values import Appraisal, Finding, Measure, Prescription, Span


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
    "Message",
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

__getattr__, __dir__ = names.on_first_use(
    __name__,
    {
        "appraising": ("appraise",),
        "asking": ("Question", "question_of_the_day", "questions"),
        "first_hours": ("FirstPage", "first_page"),
        "meeting": ("Agenda", "agenda", "note_meeting"),
        "misses": ("cause_table", "confusion_pairs", "quick_miss", "repeated_options"),
        "pacing": ("answer_changes", "pacing_by_quarter"),
        "reason": ("ReasonCard", "keep_reason", "reason_at", "reflection"),
        "reports": ("ReportComparison", "compare_reports"),
        "retuning": ("Active", "AtWork", "Retuned", "at_work", "retune"),
        "rules": ("RuleList", "let_go", "look_at", "rules_of", "write_rule"),
        "support": (
            "SupportCard",
            "moments",
            "refuse_unhealthy_day",
            "score_screen",
            "silence_note",
            "support_card",
        ),
        "texts": ("Dimension", "dimensions"),
        "thresholds": ("Thresholds", "load_thresholds"),
        "time_machine": ("Lookback", "lookback"),
        "trends": ("CauseTrend", "cause_trend", "reasoning_trend"),
        "triggers": ("Bound", "HelpTrigger", "Message", "help_triggers"),
        "values": ("Appraisal", "Finding", "Measure", "Prescription", "Span"),
    },
)
