"""What the pages of the first minutes ask, by the key of the case file."""

from __future__ import annotations

from typing import Final

STEP_TITLES: Final = {
    "what": "Your exam",
    "when": "Your last attempt",
    "test": "Your latest practice test (optional)",
    "hours": "Your time",
}

PROMPTS: Final = {
    "learner.group": (
        "Where do you go, or did you go, to medical school?",
        "Pass rates differ by group, so this is our starting point.",
    ),
    "learner.time_zone": ("Your time zone", "Filled in for you."),
    "exam.id": ("Which exam are you retaking?", ""),
    "attempts[0].date": ("When did you take it?", "Skip if you haven’t taken it yet."),
    "attempts[0].outcome": ("What did the report say?", ""),
    "attempts[0].distance_below_pass": (
        "How far below the passing score does the graph put you?",
        "",
    ),
    "attempts[0].score": ("Score", "As printed on the report."),
    "attempts[0].result_read": ("When did you read your result?", ""),
    "forms[0].family": (
        "Which test?",
        "No practice test since? That’s fine. We’ll start from published pass rates, with a wide "
        "range.",
    ),
    "forms[0].form": ("Form or number", "Such as 31."),
    "forms[0].date": ("Date", ""),
    "forms[0].score": ("Score", "As printed, such as 57."),
    "availability.hours_per_day": (
        "How many hours can you study on a typical day?",
        "What you really have, up to 10. You can set each weekday later.",
    ),
    "availability.rest_day": ("Your day off", ""),
    "exam.planned_date": ("Your test date", "Skip if you don’t have one."),
}
"""Question and help by key."""

CHOICES: Final = {
    "us-md": "MD school, US or Canada",
    "us-do": "DO school, US",
    "us-img": "School outside the US, I’m a US citizen",
    "non-us-img": "School outside the US, I’m not a US citizen",
    "fail": "Didn’t pass",
    "pass": "Passed",
    "incomplete": "Didn’t finish",
    "awaiting": "Not out yet",
    "near": "Close",
    "moderate": "Some way below",
    "far": "Far below",
}
"""Answers in the student's words."""

CHOOSE_ONE: Final = "Choose one to continue."
ENTER_IT: Final = "Enter this to continue."
