"""Criteria of a plan that an experienced tutor would sign, judged from outside.

The judge reads a record and the JSON of its briefing, and nothing else of the program: what a
criterion needs to know (hours that are open, the block of the exam, the questions that are left) is
worked out here anew. ``python -m bounceback_lab.plan_criteria`` prints the table.
"""

from bounceback_lab.plan_criteria import (
    blocks_and_review,
    content_and_strands,
    days_and_rest,
    practice_tests,
    supply_and_trust,
)
from bounceback_lab.plan_criteria.plan_view import PlanView
from bounceback_lab.plan_criteria.registry import CRITERIA, Criterion, Finding, judge

__all__ = [
    "CRITERIA",
    "Criterion",
    "Finding",
    "PlanView",
    "blocks_and_review",
    "content_and_strands",
    "days_and_rest",
    "judge",
    "practice_tests",
    "supply_and_trust",
]
