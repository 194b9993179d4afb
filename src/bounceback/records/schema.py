"""Every key of the case file, schema 1: its kind, its bounds, what it means.

Reading, writing, the questions of ``case new`` and the reference page all follow this one table.
Bounds here are those of the format (a day has 1440 minutes, a probability ends at 1); numbers of
the world, such as the scale of a score, are facts and are checked in ``published``.
"""

from __future__ import annotations

from typing import Final

from bounceback.records import models
from bounceback.records.field_types import (
    MINUTES_PER_DAY,
    Clock,
    Day,
    Flag,
    Key,
    Letters,
    Many,
    Named,
    Number,
    Percent,
    Probability,
    Table,
    Text,
    TimeZone,
    Whole,
    Window,
    Word,
)
from bounceback.vocabulary import (
    ACTIVITIES,
    APPRAISAL_KEYS,
    BLOCK_MODES,
    CAUSES,
    DISTANCES,
    EXAM_IDS,
    GRANT_RIGHTS,
    GRANT_SCOPES,
    GROUPS,
    LEVELS,
    OUTCOMES,
    RESOURCE_KINDS,
    SESSION_KINDS,
    STRANDS,
    WEEKDAYS,
)

ACCOMMODATIONS: Final = ("none", "asked", "granted")
SCHOOL_SCALES: Final = ("percent", "reported")
MOST_MINUTES_PER_DAY: Final = 600
"""Largest cap on study minutes a day that a case file may set."""

ITEM_TEXT = (
    "Write the rule in your own words, without the question: item text belongs to its publisher "
    "and is never kept."
)

RULE_MOST: Final = 140
"""Most characters of a rule that is written anew: one line, too short for a question with its case.

Records from before this bound hold up to 280; they are read and kept.
"""

STATES: Final = frozenset([
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN",
    "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV",
    "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN",
    "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "AS", "GU", "MP", "PR", "VI",
])  # fmt: skip
"""Postal codes of the states, the District of Columbia and the territories that license."""

_LEVEL_WORDS = {
    "low": "lower",
    "below": "lower",
    "average": "same",
    "borderline": "same",
    "about the same": "same",
    "high": "higher",
    "above": "higher",
}
_EXAM_WORDS = {
    "step 1": "usmle-step-1",
    "step1": "usmle-step-1",
    "step 2": "usmle-step-2-ck",
    "step 2 ck": "usmle-step-2-ck",
    "step2ck": "usmle-step-2-ck",
    "step 3": "usmle-step-3",
    "level 1": "comlex-level-1",
    "level 2": "comlex-level-2-ce",
    "level 2-ce": "comlex-level-2-ce",
    "level 3": "comlex-level-3",
}
_OUTCOME_WORDS = {
    "failed": "fail",
    "passed": "pass",
    "withdrawn": "incomplete",
    "waiting": "awaiting",
    "pending": "awaiting",
    "unknown": "awaiting",
}

LEARNER: Final = Table(
    models.Learner,
    (
        Key("group", Word(GROUPS, {"img": "non-us-img", "md": "us-md", "do": "us-do"}),
            "kind of school and citizenship, for the published pass rates", required=True),
        Key("time_zone", TimeZone(), "your time zone", required=True),
        Key("state", Letters("postal code of a US state", STATES),
            "state where you want a license, for its attempt limit"),
        Key("country", Letters("ISO 3166 code of a country", None, {"UK": "GB"}),
            "where you are now, for the support lines (default: from your time zone)"),
        Key("degree_year", Whole(1950, 2099), "year of your degree, for the match"),
        Key("apply_year", Whole(1950, 2099), "year you apply for residency"),
        Key("reason", Text(2000, lines=True), "your reason, in your own words"),
        Key("specialties", Many(Text()), "specialties you hope for"),
    ),
)  # fmt: skip

ELIGIBILITY: Final = Table(
    models.Eligibility,
    (
        Key("first", Day(), "first day of the eligibility period", required=True),
        Key("last", Day(), "last day of the eligibility period", required=True),
    ),
)

DEADLINE: Final = Table(
    models.Deadline,
    (
        Key("date", Day(), "the day", required=True),
        Key("what", Text(280), "what is needed by then, and by whom", required=True),
    ),
)

EXAM: Final = Table(
    models.ExamTarget,
    (
        Key("id", Word(EXAM_IDS, _EXAM_WORDS), "the exam you are preparing for", required=True),
        Key("eligibility", ELIGIBILITY, "eligibility period"),
        Key("planned_date", Day(),
            "your test date, at most two years ahead"),
        Key("date_stands", Flag(),
            "keep this date against the advice to build up first (default false)"),
        Key("working_date", Day(),
            "working date until you choose a test date"),
        Key("deadlines", Many(DEADLINE), "deadlines, such as a result your school needs"),
        Key("target_p_pass", Probability(),
            "chance of passing you want, for what could raise your chances"),
        Key("clearance", Text(), "id of your school's clearance rule, or none"),
        Key("accommodations", Word(ACCOMMODATIONS), "testing accommodations"),
    ),
    {"date": "planned_date", "test_date": "planned_date", "exam": "id"},
)  # fmt: skip

ATTEMPT: Final = Table(
    models.Attempt,
    (
        Key("exam", Word(EXAM_IDS, _EXAM_WORDS), "exam you took", required=True),
        Key("date", Day(), "date of the attempt", required=True),
        Key("outcome", Word(OUTCOMES, _OUTCOME_WORDS),
            "result (awaiting: not out yet)", required=True),
        Key("result_read", Day(), "date you read the result"),
        Key("score", Number(0, 999, "points of the reported scale"),
            "reported score, if the board gives a number"),
        Key("distance_below_pass", Word(DISTANCES),
            "distance below the passing score, from the report's graphic"),
        Key("hours_per_day", Number(0, 24, "hours"), (
            "study hours per day in the last weeks "
            "before it"
        )),
        Key("profile", Named(Word(LEVELS, _LEVEL_WORDS), what="area of the report"),
            "result of each area compared with the reference group"),
    ),
)  # fmt: skip

AREA_RESULT: Final = Table(
    models.AreaResult,
    (
        Key("correct", Whole(0, 2000, "questions"), "questions answered correctly"),
        Key("items", Whole(1, 2000, "questions"), "questions in the area"),
        Key("percent", Percent(), "percent correct (instead of a count)"),
    ),
    {"total": "items", "n": "items", "right": "correct"},
)

FORM: Final = Table(
    models.Form,
    (
        Key("family", Text(40), "which test, such as nbme-cbssa", required=True),
        Key("form", Text(40), "form number or name", required=True),
        Key("date", Day(), "date you took it", required=True),
        Key("score", Number(0, 999, "points or percent of the family's own scale"),
            "score, on the test's own scale"),
        Key("scale", Word(SCHOOL_SCALES), "scale of a school's own test"),
        Key("printed_p_pass", Probability(), "chance of passing that the report gives"),
        Key("predicted", Number(0, 999, "on the same scale as score"),
            "your guess before you saw the score"),
        Key("timed", Flag(), "taken under its time limits (default true)"),
        Key("interrupted", Flag(), "interrupted or spread over days (default false)"),
        Key("repeat", Flag(), "taken before (default false)"),
        Key("areas", Named(AREA_RESULT, what="area of the report"), "results by area"),
    ),
    {"name": "form", "number": "form", "type": "family", "p_pass": "printed_p_pass"},
)  # fmt: skip

ITEM_TRACE: Final = Table(
    models.ItemTrace,
    (
        Key("position", Whole(1, 2000), "place in the block, from 1", required=True),
        Key("seconds", Number(0, 14400, "seconds"), "seconds on the question"),
        Key("correct", Flag(), "whether the final answer was right"),
        Key("first", Text(40), "first answer chosen"),
        Key("chosen", Text(40), "final answer"),
    ),
)

BLOCK: Final = Table(
    models.Block,
    (
        Key("date", Day(), "day of the block", required=True),
        Key("bank", Text(), "question bank", required=True),
        Key("items", Whole(1, 2000, "questions"), "questions in the block", required=True),
        Key("correct", Whole(0, 2000, "questions"), "answered correctly", required=True),
        Key("minutes", Number(0, MINUTES_PER_DAY, "minutes", above=True), "minutes used"),
        Key("mode", Word(BLOCK_MODES), "timed or tutor mode (default timed)"),
        Key("first_pass", Flag(), "new questions (default true)"),
        Key("areas", Named(AREA_RESULT, what="area of the blueprint"), "results by area"),
        Key("trace", Many(ITEM_TRACE), "each question, for pacing and changed answers"),
    ),
    {"total": "items", "questions": "items", "right": "correct", "score": "correct"},
)  # fmt: skip

MISS: Final = Table(
    models.Miss,
    (
        Key("date", Day(), "day of the question", required=True),
        Key("area", Text(200), "area of the blueprint"),
        Key("cause", Word(CAUSES), "why it was missed", required=True),
        Key("chosen", Text(40), "answer that was chosen"),
        Key("confidence", Whole(1, 4), "how sure you were, 1 to 4"),
        Key("seconds", Number(0, 14400, "seconds"), "seconds on the question"),
        Key("item", Text(80, too_long=ITEM_TEXT), "question number in the bank"),
        Key(
            "rule",
            Text(280, too_long=ITEM_TEXT),
            f"takeaway in your own words, at most {RULE_MOST} characters",
        ),
    ),
    {"text": "rule", "question": "item", "stem": "item", "reason": "cause", "note": "rule"},
)

LOOK: Final = Table(
    models.Look,
    (
        Key("date", Day(), "date you reviewed it", required=True),
        Key("rule", Text(280, too_long=ITEM_TEXT), "the takeaway", required=True),
        Key("recalled", Flag(), "whether you recalled it", required=True),
    ),
    {"text": "rule", "known": "recalled", "hit": "recalled"},
)

STUDY: Final = Table(
    models.Study,
    (
        Key("date", Day(), "the day", required=True),
        Key("minutes", Number(0, MINUTES_PER_DAY, "minutes"), "minutes", required=True),
        Key("activity", Word(ACTIVITIES), "what you did", required=True),
        Key("area", Text(200), "area of the blueprint"),
    ),
)

CHECKIN: Final = Table(
    models.Checkin,
    (
        Key("date", Day(), "the day", required=True),
        Key("sleep_hours", Number(0, 24, "hours"), "hours slept"),
        Key("phq2", Whole(0, 6), "PHQ-2 score"),
        Key("contact", Text(), "who you talked to"),
    ),
)

COMMITMENT: Final = Table(
    models.Commitment,
    (
        Key("date", Day(), "the day", required=True),
        Key("start", Clock(), "when it starts", required=True),
        Key("minutes", Whole(0, MINUTES_PER_DAY, "minutes", above=True), "how long it takes",
            required=True),
        Key("what", Text(280, blank=True), "what it is"),
    ),
)  # fmt: skip

AVAILABILITY: Final = Table(
    models.Availability,
    (
        Key("minutes",
            Named(Whole(0, MINUTES_PER_DAY, "minutes", hint="A day has 1440 minutes."), WEEKDAYS),
            "study minutes for each weekday, before commitments", required=True),
        Key("windows", Named(Many(Window()), WEEKDAYS), "hours of the day when you can study"),
        Key("max_minutes_per_day",
            Whole(0, MOST_MINUTES_PER_DAY, "minutes",
                  hint=f"Write at most {MOST_MINUTES_PER_DAY}: beyond ten hours, sleep pays for "
                  "study. Without the key it is 480."),
            "most study minutes a day (default 480)"),
        Key("days_off", Many(Day()), "days without study"),
        Key("commitments", Many(COMMITMENT), "other commitments"),
    ),
)  # fmt: skip

RESOURCE: Final = Table(
    models.Resource,
    (
        Key("name", Text(), "its name", required=True),
        Key("kind", Word(RESOURCE_KINDS, {"qbank": "questions", "anki": "cards", "ccs": "cases",
                                          "cdm": "cases", "videos": "video", "books": "book"}),
            "what it is (default: from the catalog)"),
        Key("catalogue", Text(80),
            "its entry in the catalog of resources, for size and minutes"),
        Key("strand", Word(STRANDS, {"omt": "omm", "stats": "biostatistics"}),
            "special topic, such as omm or ccs"),
        Key("left_by_area",
            Named(Whole(0, 1_000_000, "questions"), what="area of the blueprint"),
            "unused questions by area, if the bank shows them"),
        Key("units", Whole(0, 1_000_000, "units"), "questions, cards, videos or pages in all"),
        Key("done", Whole(0, 1_000_000, "units"), "how many are done (default 0)"),
        Key("minutes_per_unit", Number(0, 600, "minutes", above=True),
            "minutes per unit with review"),
        Key("due_per_day", Number(0, 10_000, "cards"), "cards that fall due each day"),
    ),
    {"total": "units", "catalog": "catalogue", "id": "catalogue", "used": "done"},
)  # fmt: skip

LEDGER: Final = Table(
    models.LedgerForm,
    (
        Key("family", Text(40), "which test, such as nbme-cbssa", required=True),
        Key("form", Text(40), "label of the form", required=True),
    ),
)

APPRAISAL: Final = Table(
    models.AppraisalAnswer,
    (
        Key("answer", Whole(1, 5), "1 (strongly disagree) to 5 (strongly agree)", required=True),
        Key("note", Text(2000, lines=True, blank=True), "in your own words"),
    ),
)

STEP: Final = Table(
    models.PlannedStep,
    (
        Key("what", Text(280), "what is done", required=True),
        Key("minutes", Whole(0, MINUTES_PER_DAY, "minutes"), "how long", required=True),
    ),
)

PLAN: Final = Table(
    models.PlannedSession,
    (
        Key("id", Text(80), "id of the session (stays when it moves)", required=True),
        Key("date", Day(), "day it was planned for", required=True),
        Key("start", Clock(), "when it starts"),
        Key("minutes", Whole(0, MINUTES_PER_DAY, "minutes"), "how long", required=True),
        Key("activity", Word(ACTIVITIES), "what is done; none for rest, buffer, logistics"),
        Key("area", Text(200, blank=True), "area of the blueprint"),
        Key("resource", Text(blank=True), "with what"),
        Key("kind", Word(SESSION_KINDS), "kind of session; default study"),
        Key("form", Text(90, blank=True), "practice test to take"),
        Key("units", Whole(0, 1_000_000, "units"), "units of the resource"),
        Key("mode", Word(BLOCK_MODES), "timed or tutor, of questions"),
        Key("filter", Text(280, blank=True), "filter to choose in the bank"),
        Key("areas", Many(Text(200)), "areas of the session (none: all)"),
        Key("first_pass", Flag(), "whether the questions are new"),
        Key("of", Text(80, blank=True), "id of the session it reviews"),
        Key("steps", Many(STEP), "what is done in order"),
        Key("why", Text(1000, blank=True), "why, in one line"),
        Key(
            "done_minutes",
            Whole(0, MINUTES_PER_DAY, "minutes"),
            "minutes done (0: not done, no key: not known)",
        ),
        Key("locked", Flag(), "pinned (default false)"),
    ),
)

PACT: Final = Table(
    models.Pact,
    (
        Key("rule", Text(280), "what was agreed", required=True),
        Key("date", Day(), "day on which it is looked at", required=True),
    ),
)

DECISION: Final = Table(
    models.DecisionPreferences,
    (
        Key("weights", Named(Number(0, 1e6, "units of utility"), what="name of a weight"),
            "your priorities: what a week of delay, a failed attempt, … count"),
        Key("pact", PACT, "agreement with your advisor: rule and date"),
    ),
)  # fmt: skip

GRANT: Final = Table(
    models.Grant,
    (
        Key("to", Text(200), "who gets it", required=True),
        Key("scopes", Many(Word(GRANT_SCOPES, {"tests": "practice-tests", "chances": "forecast"})),
            "which parts (never mood, sleep or your reason)", required=True),
        Key("may", Word(GRANT_RIGHTS), "see, comment or propose (default see)"),
        Key("purpose", Text(280, blank=True), "what it is for"),
        Key("from", Day(), "first day", attribute="from_"),
        Key("until", Day(), "last day", required=True),
    ),
    {"with": "to", "scope": "scopes", "right": "may", "start": "from", "end": "until"},
)  # fmt: skip

MEETING: Final = Table(
    models.Meeting,
    (
        Key("date", Day(), "the day", required=True),
        Key("with", Text(), "with whom", required=True, attribute="with_"),
        Key("agreed", Text(2000, lines=True, blank=True), "what was agreed"),
    ),
)

CASE: Final = Table(
    models.Record,
    (
        Key("learner", LEARNER, "the student", required=True),
        Key("exam", EXAM, "the exam you are preparing for", required=True),
        Key("attempts", Many(ATTEMPT), "exam attempts, oldest first"),
        Key("forms", Many(FORM), "practice tests taken"),
        Key("blocks", Many(BLOCK), "question-bank blocks"),
        Key("misses", Many(MISS), "missed or guessed questions (never their text)"),
        Key("looks", Many(LOOK), "takeaways you reviewed"),
        Key("study", Many(STUDY), "study log"),
        Key("checkins", Many(CHECKIN), "check-ins (private, never shared)"),
        Key("availability", AVAILABILITY, "time for study"),
        Key("resources", Many(RESOURCE), "study resources"),
        Key("ledger", Many(LEDGER), "practice tests left"),
        Key(
            "appraisal",
            Named(APPRAISAL, APPRAISAL_KEYS),
            "answers to the 7 questions about the last attempt, and to added ones",
        ),
        Key("plan", Many(PLAN), "the plan as last seen"),
        Key("decision", DECISION, "priorities and the agreement"),
        Key("grants", Many(GRANT), "who may see what, until when"),
        Key("meetings", Many(MEETING), "meetings with the adviser"),
    ),
)

SECTIONS_OF_ENTRIES: Final = tuple(key.name for key in CASE.keys if isinstance(key.kind, Many))
"""The sections that hold a list of entries, and so can be appended to."""
