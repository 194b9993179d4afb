"""What the first six questions say, and what an answer that can't be used needs."""

from __future__ import annotations

from datetime import date
from typing import Final

from bounceback.messages.registry import Format

TITLES: Final = {
    "attempts": "Which exam?",
    "school": "Which medical school?",
    "test": "Your latest practice test?",
    "bank": "Which question bank?",
    "hours": "When can you usually study?",
    "date": "Is a test date booked?",
}
"""The question of each screen."""

EXAMS: Final = {
    "usmle-step-1": "Step 1",
    "usmle-step-2-ck": "Step 2 CK",
    "usmle-step-3": "Step 3",
    "comlex-level-1": "Level 1",
    "comlex-level-2-ce": "Level 2-CE",
    "comlex-level-3": "Level 3",
}
TESTS: Final = {
    "nbme-cbssa": "NBME",
    "nbme-ccssa": "NBME",
    "nbme-ccmsa": "NBME",
    "nbme-cbse": "CBSE",
    "nbme-ccse": "CCSE",
    "uwsa": "UWSA",
    "free-120": "Free 120",
    "amboss-sa": "AMBOSS",
    "comsae": "COMSAE",
    "school": "School exam",
}
"""What students call each kind of practice test."""

TIMES: Final = {"0": "Not yet", "1": "Once", "2": "Twice", "3": "3 times", "4": "4 times"}
OUTCOMES: Final = {"fail": "Didn’t pass", "awaiting": "Not out yet", "incomplete": "Didn’t finish"}
DISTANCES: Final = {"near": "Close", "moderate": "Some way", "far": "Far"}
GROUPS: Final = {
    "us-md": "MD, US or Canada",
    "us-do": "DO, US",
    "us-img": "Abroad, US citizen",
    "non-us-img": "Abroad, not a US citizen",
}
DATES: Final = ("Last attempt", "The one before", "The one before that", "The first")
"""Labels of the dates of attempts, newest first."""

CHOOSE: Final = "Choose one to continue."


def date_needed() -> str:
    """Return what an attempt without a date needs."""
    return "Add the date. A close guess is fine."


def not_a_date(given: str) -> str:
    """Return why a text is no date."""
    return f"“{given}” isn’t a date. Choose one, such as September 20, 2026."


def in_the_future(day: date, fmt: Format) -> str:
    """Return why a date ahead can't be the date of something past."""
    return f"{fmt.day(day)} is in the future. Choose a day that has passed."


def in_the_past(day: date, fmt: Format) -> str:
    """Return why a test date can't be a day that has passed."""
    return f"{fmt.day(day)} has passed. Choose a day ahead, or leave it blank."


def not_before(later: date, fmt: Format) -> str:
    """Return why an earlier attempt can't come after a later one."""
    return f"This attempt came before the one on {fmt.day(later)}. Check both dates."


def read_too_early(taken: date, fmt: Format) -> str:
    """Return why a result can't be out before the exam."""
    return f"A result comes after the exam on {fmt.day(taken)}. Check both dates."


def score_outside(low: float, high: float, given: str) -> str:
    """Return why a score can't be one of the exam."""
    return f"Scores of this exam run from {low:g} to {high:g}. You entered {given}."


def test_needs(what: str) -> str:
    """Return what a practice test is missing."""
    return f"Add the {what}, or choose “None yet”."


def count_needed(given: str) -> str:
    """Return why a number of questions can't be read."""
    return f"Enter a whole number, such as 1200. You entered “{given}”."


def last_before_planned() -> str:
    """Return why the last possible day can't come before the test date."""
    return "The last day you may test comes before your test date. Check both dates."


def nothing_found() -> str:
    """Return what to do where a file holds no report."""
    return "We didn’t find a score report in this. Choose another file, or answer six questions."
