"""The closed vocabularies of the case file and the units that names carry.

Everything here is a word of ``docs/reference/case-file.md``; numbers of the world live in
``facts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

ExamId = Literal[
    "usmle-step-1",
    "usmle-step-2-ck",
    "usmle-step-3",
    "comlex-level-1",
    "comlex-level-2-ce",
    "comlex-level-3",
]
EXAM_IDS: Final[tuple[ExamId, ...]] = (
    "usmle-step-1",
    "usmle-step-2-ck",
    "usmle-step-3",
    "comlex-level-1",
    "comlex-level-2-ce",
    "comlex-level-3",
)

Group = Literal["us-md", "us-do", "us-img", "non-us-img"]
GROUPS: Final[tuple[Group, ...]] = ("us-md", "us-do", "us-img", "non-us-img")

Outcome = Literal["fail", "pass", "incomplete", "awaiting"]
"""What came of an attempt; ``awaiting``: the result is not out yet."""
OUTCOMES: Final[tuple[Outcome, ...]] = ("fail", "pass", "incomplete", "awaiting")

Distance = Literal["near", "moderate", "far"]
DISTANCES: Final[tuple[Distance, ...]] = ("near", "moderate", "far")

Level = Literal["lower", "same", "higher"]
LEVELS: Final[tuple[Level, ...]] = ("lower", "same", "higher")

Activity = Literal["questions", "review", "cards", "reading", "video", "form", "other"]
ACTIVITIES: Final[tuple[Activity, ...]] = (
    "questions",
    "review",
    "cards",
    "reading",
    "video",
    "form",
    "other",
)

Cause = Literal[
    "not-learned",
    "not-recalled",
    "misread",
    "anchored",
    "narrowed-wrong",
    "out-of-time",
    "misconception",
    "slip",
]
CAUSES: Final[tuple[Cause, ...]] = (
    "not-learned",
    "not-recalled",
    "misread",
    "anchored",
    "narrowed-wrong",
    "out-of-time",
    "misconception",
    "slip",
)

SessionKind = Literal["study", "form", "review", "rest", "buffer", "logistics"]
SESSION_KINDS: Final[tuple[SessionKind, ...]] = (
    "study",
    "form",
    "review",
    "rest",
    "buffer",
    "logistics",
)

ResourceKind = Literal["questions", "cards", "video", "book", "cases"]
"""What a resource's units are; ``cases`` are case simulations (CCS) or decision cases (CDM)."""
RESOURCE_KINDS: Final[tuple[ResourceKind, ...]] = ("questions", "cards", "video", "book", "cases")

Strand = Literal["omm", "ccs", "cdm", "pacing", "biostatistics"]
"""Work that has its own share of study beside the areas of the blueprint."""
STRANDS: Final[tuple[Strand, ...]] = ("omm", "ccs", "cdm", "pacing", "biostatistics")

STRAND_NAMES: Final[Mapping[Strand, str]] = {
    "omm": "OMM",
    "ccs": "CCS cases",
    "cdm": "CDM cases",
    "pacing": "Pacing",
    "biostatistics": "Biostatistics",
}
"""What a session of a strand names in its ``areas``."""

BlockMode = Literal["timed", "tutor"]
"""How a block of questions is done: against the clock, or with each answer shown."""
BLOCK_MODES: Final[tuple[BlockMode, ...]] = ("timed", "tutor")

GrantScope = Literal["plan", "practice-tests", "forecast", "look-back", "calendar", "meetings"]
"""What a grant may show; sleep, mood and the reason are not in the list and never shown."""
GRANT_SCOPES: Final[tuple[GrantScope, ...]] = get_args(GrantScope)

GrantRight = Literal["see", "comment", "propose"]
GRANT_RIGHTS: Final[tuple[GrantRight, ...]] = ("see", "comment", "propose")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

AppraisalKey = Literal[
    "effort", "weaknesses", "resources", "assessment", "help", "cards", "timeline",
    "active-passive", "misconceptions", "calibration", "pacing", "answer-changing", "anxiety",
    "sleep", "mood", "reading", "foundation", "life-load", "same-plan",
    "effort.hours", "effort.rest", "weaknesses.time", "weaknesses.put-off", "resources.many",
    "resources.finished", "assessment.used", "assessment.adapted", "help.asked",
    "help.right-person", "cards.use", "cards.retention", "timeline.who-chose", "timeline.on-what",
]  # fmt: skip
"""What an answer of the appraisal is about: a dimension, or ``dimension.sub-question``."""
APPRAISAL_KEYS: Final[tuple[AppraisalKey, ...]] = get_args(AppraisalKey)
SEVEN_QUESTIONS: Final = APPRAISAL_KEYS[:7]
"""The questions of the method, before those that the evidence adds."""

Axis = Literal["system", "clinical-presentation", "discipline", "task"]

Confidence = Literal["official", "reported", "inferred"]

CASE_SCHEMA: Final = 1
"""Number of the case file's schema that this version writes."""

BRIEFING_SCHEMA: Final = 1
"""Number of the briefing's schema that this version writes."""

MINUTES_PER_HOUR: Final = 60
