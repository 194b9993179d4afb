"""What each key of the case file does: the one table, and the page that is written from it.

    python -m tests.acceptance.influence     writes docs/reference/case-file-influence.md anew

A row changes one key of ``everything.toml`` (or of the Step 2 CK example, which has a reported
score) and names an output of the briefing, or of a room, that it moves and in which direction.
Keys that move no number are listed with what they are for.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from bounceback.appraisal import evidence_indicators, record_queries, thresholds
from bounceback.appraisal import learned_rules as rules_room
from bounceback.appraisal import misses as misses_room
from bounceback.appraisal import pacing as pacing_room
from bounceback.records import parse_case
from bounceback.records.examples import examples
from bounceback.records.models import Record
from bounceback.services import Briefing, briefing, to_json

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "case-file-influence.md"
TODAY = date(2026, 11, 22)

Direction = Literal["rises", "falls", "changes"]
REMOVED: Final = object()


@dataclass(frozen=True, slots=True)
class Row:
    """One key that moves an output.

    Attributes:
        key: The key, with [] for an entry of a list and * for a name.
        output: Name in :data:`OUTPUTS`.
        how: What the output does when the key goes from the first value to the second.
        at: Place in the case, ``forms.2.score``.
        values: Before and after.
        given: What else is set on both sides.
        base: Case that is changed.
        words: The change in words, where the values do not speak for themselves.
    """

    key: str
    output: str
    how: Direction
    at: str
    values: tuple[Any, Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    base: str = "everything"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A key that is shown or kept and moves nothing, or that another room will use."""

    key: str
    purpose: str


# --- outputs ----------------------------------------------------------------------------------


def _chance(b: Briefing) -> float:
    planned = b.record.exam.planned_date
    return next((f.p_pass for f in b.forecasts if f.on == planned), b.forecasts[-1].p_pass)


def _area(name: str) -> Callable[[Briefing], float]:
    return lambda b: next(a.mean for a in b.belief.area_standings() if a.area == name)


def _sessions(b: Briefing) -> list[tuple[Any, ...]]:
    return [
        (s.id, s.date, s.start, s.minutes, s.activity, s.area, s.resource, s.kind, s.form, s.units,
         s.done_minutes, s.locked, s.why)
        for s in b.plan.sessions
    ]  # fmt: skip


def _minutes(**wanted: Any) -> Callable[[Briefing], int]:
    return lambda b: sum(
        s.minutes
        for s in b.plan.sessions
        if all(getattr(s, name) == value for name, value in wanted.items())
    )


def _measure(name: str) -> Callable[[Briefing], object]:
    def read(b: Briefing) -> object:
        for finding in (*b.appraisal.ranked, *b.appraisal.others):
            if finding.measure is not None and finding.measure.name == name:
                return finding.measure.value, finding.measure.n, finding.measure.words
        raise LookupError(f"no finding with the measure {name}")

    return read


def _missed(b: Briefing) -> int:
    planned = b.record.exam.planned_date
    return next(o.missed_deadlines for o in b.decision.options if o.on == planned)


def _rules(b: Briefing) -> object:
    return [(c.kind, c.rule, c.holds) for c in b.decision.rules]


def _hurried(b: Briefing) -> float:
    t = thresholds.load_thresholds(b.record.exam.id)
    span = record_queries.span_since(b.record, b.as_of, t)
    return evidence_indicators.miss_times(b.record, span, b.as_of, t)[0].value or 0.0


def _pacing(b: Briefing) -> object:
    t = thresholds.load_thresholds(b.record.exam.id)
    return pacing_room.pacing_by_quarter(b.record.blocks, b.record.exam.id, b.as_of, t)


def _answer_changes(b: Briefing) -> object:
    t = thresholds.load_thresholds(b.record.exam.id)
    return pacing_room.answer_changes(b.record.blocks, t)


def _rule_list(b: Briefing) -> object:
    t = thresholds.load_thresholds(b.record.exam.id)
    return rules_room.rules_of(b.record.misses, b.record.looks, t)


CARDIO: Final = "Cardiovascular System"
RENAL: Final = "Respiratory & Renal/Urinary Systems"

OUTPUTS: Final[Mapping[str, Callable[[Briefing], Any]]] = {
    "level today": lambda b: b.belief.score_mean,
    "spread of the level": lambda b: b.belief.score_sd,
    "chance on the planned day": _chance,
    "evidence and its weights": lambda b: [
        (e.kind, e.subject, e.label, e.on, round(e.weight, 9)) for e in b.belief.evidence
    ],
    f"level in {CARDIO}": _area(CARDIO),
    f"level in {RENAL}": _area(RENAL),
    "first day of the forecast": lambda b: b.forecasts[0].on.toordinal(),
    "last day of the forecast": lambda b: b.forecasts[-1].on.toordinal(),
    "day the plan is made for": lambda b: b.plan.test_date.toordinal(),
    "areas": lambda b: b.belief.area_names,
    "support lines": lambda b: [s["contact"] for s in to_json(b)["support"]],
    "rules of the decision": _rules,
    "number of the next attempt": lambda b: b.decision.attempt_number,
    "deadlines that the planned day misses": _missed,
    "chance of keeping the planned day": lambda b: b.decision.kept or 0.0,
    "pact beside the decision": lambda b: b.decision.pact,
    "changes towards the aim": lambda b: b.target.cost if b.target else 0.0,
    "changes since the last attempt": lambda b: b.time_needed.changes,
    "sessions": _sessions,
    "planned minutes": _minutes(),
    "planned minutes of cards": _minutes(activity="cards"),
    "planned fresh questions": lambda b: sum(
        s.units or 0 for s in b.plan.sessions if s.activity == "questions"
    ),
    "what does not fit": lambda b: [(x.what, x.minutes) for x in b.plan.left_out],
    "practice tests and their days": lambda b: [
        (e.family, e.form, e.date) for e in b.plan.ledger
    ],
    "help that is offered": lambda b: [h.trigger for h in b.help_offers],
    "what is heard": lambda b: b.appraisal.wrote_unfair,
    "findings of the appraisal": lambda b: [
        (f.dimension, f.state, f.said, f.measure)
        for f in (*b.appraisal.ranked, *b.appraisal.others)
    ],
    "causes of misses": lambda b: misses_room.cause_table(b.record.misses),
    "options chosen again": lambda b: misses_room.repeated_options(b.record.misses),
    "pacing by quarter": _pacing,
    "changed answers": _answer_changes,
    "pace of the misses": _hurried,
    "own rules": _rule_list,
}  # fmt: skip

MISS_TWICE = {
    "date": "2026-11-19",
    "area": RENAL,
    "cause": "narrowed-wrong",
    "chosen": "A",
    "confidence": 2,
    "item": "uworld:20417",
}
EXAM_BOUND = ("attempts", "forms", "blocks", "misses", "study", "ledger", "plan")
GUESSED = {"family": "nbme-cbssa", "form": "34", "date": "2026-11-01", "score": 62}
NIGHTS = [{"date": f"2026-11-{n}", "sleep_hours": 7} for n in range(10, 20)]
SCHOOL = {"family": "school", "form": "x", "date": "2026-11-18", "scale": "reported", "score": 90}
TRACE = [
    {"position": n + 1, "seconds": 80, "correct": n % 3 > 0, "first": "B", "chosen": "B"}
    for n in range(40)
]
LONG = {
    "date": "2026-11-19",
    "bank": "uworld",
    "items": 40,
    "correct": 26,
    "minutes": 60,
    "trace": TRACE,
}
DAY_OFF = "2026-12-08"

ROWS: Final = (
    Row("learner.group", "level today", "changes", "learner.group", ("us-md", "non-us-img")),
    Row("learner.state", "rules of the decision", "changes", "learner.state", ("NY", "GA")),
    Row("learner.country", "support lines", "changes", "learner.country", ("US", "GB")),
    Row("exam.id", "areas", "changes", "exam.id", ("usmle-step-1", "usmle-step-3"),
        given=dict.fromkeys(EXAM_BOUND, REMOVED)),
    Row("exam.eligibility.first", "first day of the forecast", "rises", "exam.eligibility.first",
        ("2026-12-01", "2026-12-20")),
    Row("exam.eligibility.last", "last day of the forecast", "rises", "exam.eligibility.last",
        ("2027-03-01", "2027-04-01")),
    Row("exam.planned_date", "day the plan is made for", "rises", "exam.planned_date",
        ("2027-02-10", "2027-03-01"), given={"forms": []}),
    Row("exam.deadlines[].date", "deadlines that the planned day misses", "falls",
        "exam.deadlines.0.date", ("2027-03-15", "2027-06-15")),
    Row("exam.target_p_pass", "changes towards the aim", "rises", "exam.target_p_pass",
        (0.05, 0.99)),
    Row("exam.clearance", "rules of the decision", "changes", "exam.clearance",
        ("none", "nbme-two-results")),
    Row("exam.accommodations", "changes since the last attempt", "changes", "exam.accommodations",
        ("none", "granted")),
    Row("attempts[].exam", "number of the next attempt", "falls", "attempts.0.exam",
        ("usmle-step-1", "usmle-step-2-ck")),
    Row("attempts[].date", "chance on the planned day", "changes", "attempts.1.date",
        ("2026-08-28", "2026-07-31")),
    Row("attempts[].outcome", "chance on the planned day", "falls", "attempts.1.outcome",
        ("incomplete", "fail"), given={"attempts.1.distance_below_pass": REMOVED,
                                       "attempts.1.profile": REMOVED}),
    Row("attempts[].score", "chance on the planned day", "rises", "attempts.1.score", (205, 213),
        base="step-2-ck"),
    Row("attempts[].distance_below_pass", "chance on the planned day", "rises",
        "attempts.1.distance_below_pass", ("far", "near")),
    Row("attempts[].hours_per_day", "changes since the last attempt", "changes",
        "attempts.1.hours_per_day", (11, 7)),
    Row("attempts[].profile.*", f"level in {CARDIO}", "falls", f"attempts.1.profile.{CARDIO}",
        ("higher", "lower")),
    Row("forms[].family", "level today", "changes", "forms.2.family", ("nbme-cbssa", "free-120"),
        given={"forms.2.areas": REMOVED}),
    Row("forms[].form", "practice tests and their days", "changes", "forms.2.form", ("30", "33"),
        given={"ledger": [{"family": "nbme-cbssa", "form": "33"}]}),
    Row("forms[].date", "spread of the level", "falls", "forms.2.date",
        ("2026-10-25", "2026-11-14")),
    Row("forms[].score", "chance on the planned day", "rises", "forms.2.score", (60, 66)),
    Row("forms[].scale", "level today", "rises", "forms.3.scale", ("reported", "percent"),
        given={"forms.3": SCHOOL}),
    Row("forms[].printed_p_pass", "level today", "rises", "forms.2.printed_p_pass", (0.2, 0.8),
        given={"forms.2.score": REMOVED, "forms.2.predicted": REMOVED},
        words="where the report has no total; beside one it is shown"),
    Row("forms[].predicted", "findings of the appraisal", "changes", "forms.2.predicted",
        (63, 90), given={"forms.3": {**GUESSED, "predicted": 62}}),
    Row("forms[].timed", "spread of the level", "falls", "forms.2.timed", (False, True)),
    Row("forms[].interrupted", "spread of the level", "rises", "forms.2.interrupted",
        (False, True)),
    Row("forms[].repeat", "spread of the level", "rises", "forms.2.repeat", (False, True)),
    Row("forms[].areas.*.correct", f"level in {CARDIO}", "rises", f"forms.2.areas.{CARDIO}.correct",
        (6, 14)),
    Row("forms[].areas.*.items", f"level in {CARDIO}", "falls", f"forms.2.areas.{CARDIO}.items",
        (12, 24)),
    Row("forms[].areas.*.percent", f"level in {CARDIO}", "rises", f"forms.2.areas.{CARDIO}.percent",
        (30, 90), given={f"forms.2.areas.{CARDIO}.correct": REMOVED}),
    Row("blocks[].date", "evidence and its weights", "changes", "blocks.0.date",
        ("2026-11-16", "2026-11-02")),
    Row("blocks[].bank", "evidence and its weights", "changes", "blocks.0.bank",
        ("uworld", "amboss")),
    Row("blocks[].items", "level today", "falls", "blocks.0.items", (40, 50),
        given={"blocks.0.areas": REMOVED}),
    Row("blocks[].correct", "level today", "rises", "blocks.0.correct", (18, 30),
        given={"blocks.0.areas": REMOVED}),
    Row("blocks[].minutes", "level today", "rises", "blocks.0.minutes", (30, 240),
        given={"blocks.0.date": "2026-11-20", "blocks.0.first_pass": True}),
    Row("blocks[].mode", "evidence and its weights", "changes", "blocks.0.mode",
        ("timed", "tutor")),
    Row("blocks[].first_pass", "level today", "rises", "blocks.0.first_pass", (False, True)),
    Row("blocks[].areas.*.correct", f"level in {CARDIO}", "rises",
        f"blocks.0.areas.{CARDIO}.correct", (4, 12)),
    Row("blocks[].areas.*.items", f"level in {CARDIO}", "falls", f"blocks.0.areas.{CARDIO}.items",
        (12, 20)),
    Row("blocks[].areas.*.percent", f"level in {CARDIO}", "rises",
        f"blocks.0.areas.{CARDIO}.percent", (30, 80),
        given={f"blocks.0.areas.{CARDIO}.correct": REMOVED}),
    Row("blocks[].trace[].position", "pacing by quarter", "changes", "blocks.2.trace.0.position",
        (1, 60), given={"blocks.2": {**LONG, "items": 60, "minutes": 90}}),
    Row("blocks[].trace[].seconds", "pacing by quarter", "changes", "blocks.2.trace.0.seconds",
        (80, 300), given={"blocks.2": LONG}),
    Row("blocks[].trace[].correct", "pacing by quarter", "changes", "blocks.2.trace.0.correct",
        (False, True), given={"blocks.2": LONG}),
    Row("blocks[].trace[].first", "changed answers", "changes", "blocks.2.trace.1.first",
        ("B", "C"), given={"blocks.2": LONG}),
    Row("blocks[].trace[].chosen", "changed answers", "changes", "blocks.2.trace.1.chosen",
        ("B", "C"), given={"blocks.2": LONG}),
    Row("misses[].date", "own rules", "changes", "misses.0.date", ("2026-11-16", "2026-11-17")),
    Row("misses[].area", "own rules", "changes", "misses.0.area", (CARDIO, RENAL)),
    Row("misses[].cause", "causes of misses", "changes", "misses.0.cause",
        ("not-recalled", "misread")),
    Row("misses[].chosen", "options chosen again", "changes", "misses.1.chosen", ("A", "B"),
        given={"misses.2": MISS_TWICE}),
    Row("misses[].confidence", "findings of the appraisal", "changes", "misses.2.confidence",
        (1, 4), given={"misses": [dict(MISS_TWICE, item=f"u:{n}") for n in range(40)]}),
    Row("misses[].seconds", "pace of the misses", "rises", "misses.0.seconds", (80, 20),
        given={"misses": [dict(MISS_TWICE, item=f"u:{n}", seconds=20 + 80 * (n % 2))
                          for n in range(40)]}),
    Row("misses[].item", "options chosen again", "changes", "misses.1.item",
        ("uworld:20417", "uworld:1"), given={"misses.2": MISS_TWICE}),
    Row("looks[].date", "own rules", "changes", "looks.0.date", ("2026-11-18", "2026-11-19")),
    Row("looks[].rule", "own rules", "changes", "looks.0.rule",
        ("Name the murmur before reading the choices.", "Another rule.")),
    Row("looks[].recalled", "own rules", "changes", "looks.0.recalled", (True, False)),
    Row("misses[].rule", "own rules", "changes", "misses.0.rule", ("Read the last line.", "Slow.")),
    Row("study[].date", "chance on the planned day", "changes", "study.0.date",
        ("2026-11-16", "2026-09-20")),
    Row("study[].minutes", "level today", "rises", "study.0.minutes", (60, 480),
        given={"study.0.date": "2026-11-20"}),
    Row("study[].activity", "level today", "falls", "study.0.activity", ("questions", "reading"),
        given={"study.0.date": "2026-11-20", "study.0.minutes": 480}),
    Row("study[].area", f"level in {RENAL}", "rises", "study.0.area", (CARDIO, RENAL),
        given={"study.0.date": "2026-11-20", "study.0.minutes": 480}),
    Row("checkins[].date", "findings of the appraisal", "changes", "checkins.0.date",
        ("2026-11-17", "2026-08-30")),
    Row("checkins[].sleep_hours", "findings of the appraisal", "changes", "checkins.0.sleep_hours",
        (8, 2), given={"checkins": NIGHTS}),
    Row("checkins[].phq2", "help that is offered", "changes", "checkins.0.phq2", (0, 5)),
    Row("checkins[].contact", "changes since the last attempt", "changes", "checkins.0.contact",
        ("adviser", REMOVED)),
    Row("availability.minutes.*", "planned minutes", "rises", "availability.minutes.mon",
        (120, 420)),
    Row("availability.windows.*[]", "sessions", "changes", "availability.windows.mon.0",
        ("08:00-12:00", "09:00-12:00")),
    Row("availability.max_minutes_per_day", "planned minutes", "rises",
        "availability.max_minutes_per_day", (200, 420)),
    Row("availability.days_off[]", "sessions", "changes", "availability.days_off.0",
        ("2026-11-26", DAY_OFF)),
    Row("availability.commitments[].date", "sessions", "changes",
        "availability.commitments.0.date", ("2026-12-03", DAY_OFF)),
    Row("availability.commitments[].start", "sessions", "changes",
        "availability.commitments.0.start", ("13:00", "08:00")),
    Row("availability.commitments[].minutes", "planned minutes", "falls",
        "availability.commitments.0.minutes", (60, 540)),
    Row("resources[].name", "sessions", "changes", "resources.1.name", ("AnKing", "My deck")),
    Row("resources[].kind", "sessions", "changes", "resources.2.kind", ("video", "questions")),
    Row("resources[].units", "planned fresh questions", "rises", "resources.0.units",
        (2800, 3600)),
    Row("resources[].done", "what does not fit", "changes", "resources.0.done", (2700, 2000)),
    Row("resources[].minutes_per_unit", "planned fresh questions", "falls",
        "resources.0.minutes_per_unit", (3, 8), given={"resources.0.done": 0}),
    Row("resources[].due_per_day", "planned minutes of cards", "rises", "resources.1.due_per_day",
        (40, 240)),
    Row("ledger[].family", "practice tests and their days", "changes", "ledger.3.family",
        ("free-120", "nbme-cbse")),
    Row("ledger[].form", "practice tests and their days", "changes", "ledger.0.form",
        ("31", "33")),
    Row("appraisal.*.answer", "findings of the appraisal", "changes", "appraisal.help.answer",
        (1, 5)),
    Row("appraisal.*.note", "what is heard", "changes", "appraisal.timeline.note",
        ("", "The exam was unfair.")),
    Row("plan[].id", "sessions", "changes", "plan.1.id", ("2026-11-24-1", "2026-11-24-mine")),
    Row("plan[].date", "sessions", "changes", "plan.1.date", ("2026-11-24", "2026-11-25")),
    Row("plan[].start", "sessions", "changes", "plan.1.start", ("08:00", "10:00")),
    Row("plan[].minutes", "sessions", "changes", "plan.1.minutes", (60, 90)),
    Row("plan[].activity", "sessions", "changes", "plan.1.activity", ("questions", "review")),
    Row("plan[].area", "sessions", "changes", "plan.1.area", (CARDIO, RENAL)),
    Row("plan[].resource", "sessions", "changes", "plan.1.resource", ("UWorld", "Pathoma")),
    Row("plan[].kind", "sessions", "changes", "plan.1.kind", ("study", "buffer")),
    Row("plan[].form", "practice tests and their days", "changes", "plan.1.form",
        ("nbme-cbssa 31", "nbme-cbssa 32"),
        given={"plan.1.kind": "form", "plan.1.activity": "form", "plan.1.minutes": 300,
               "plan.1.area": REMOVED, "plan.1.resource": REMOVED, "plan.1.units": REMOVED}),
    Row("plan[].units", "sessions", "changes", "plan.1.units", (20, 10)),
    Row("plan[].why", "sessions", "changes", "plan.1.why", ("Mine.", "Because.")),
    Row("plan[].done_minutes", "chance on the planned day", "rises", "plan.0.done_minutes",
        (0, 120)),
    Row("plan[].locked", "sessions", "changes", "plan.1.locked", (False, True)),
    Row("decision.weights.*", "chance of keeping the planned day", "falls",
        "decision.weights.failed_attempt", (10, 40)),
    Row("decision.pact.rule", "pact beside the decision", "changes", "decision.pact.rule",
        ("lower bound under the mark: I move", "two forms above 65")),
    Row("decision.pact.date", "pact beside the decision", "changes", "decision.pact.date",
        ("2027-01-20", "2026-11-22")),
    Row("meetings[].date", "changes since the last attempt", "changes", "meetings.0.date",
        ("2026-11-12", "2026-08-01")),
    Row("meetings[].with", "changes since the last attempt", "changes", "meetings.0.with",
        ("adviser", "tutor")),
    Row("meetings[].agreed", "changes since the last attempt", "changes", "meetings.0.agreed",
        ("Two more forms.", "One day off a week.")),
)  # fmt: skip

SHOWN: Final = (
    Shown("learner.time_zone", "decides which day is today where `--on` is not given"),
    Shown("learner.degree_year", "the outlook after a failure"),
    Shown("learner.apply_year", "the outlook after a failure"),
    Shown("learner.specialties[]", "the outlook after a failure"),
    Shown("exam.date_stands", "the learner keeps the date against the advice to build up first"),
    Shown("exam.working_date", "the day the plan leads to where no date is chosen"),
    Shown("attempts[].result_read", "before that day the attempt counts as awaiting its result"),
    Shown("resources[].catalogue", "sizes and minutes that the case leaves out come from there"),
    Shown("resources[].strand", "work beside the areas has its own share of the plan"),
    Shown("resources[].left_by_area.*", "bounds the new questions of an area in the plan"),
    Shown("plan[].mode", "kept with the session"),
    Shown("plan[].filter", "kept with the session"),
    Shown("plan[].areas[]", "kept with the session"),
    Shown("plan[].first_pass", "kept with the session"),
    Shown("plan[].of", "kept with the session"),
    Shown("plan[].steps[].what", "kept with the session"),
    Shown("plan[].steps[].minutes", "kept with the session"),
    Shown("grants[].to", "who may see a part of the record"),
    Shown("grants[].scopes[]", "which parts"),
    Shown("grants[].may", "see, comment or propose"),
    Shown("grants[].purpose", "shown to the learner beside the grant"),
    Shown("grants[].from", "first day of the grant"),
    Shown("grants[].until", "last day of the grant"),
    Shown("learner.reason", "shown at the top of the page, in the learner's own words"),
    Shown("exam.deadlines[].what", "shown beside the rule on that deadline"),
    Shown("availability.commitments[].what", "shown in the calendar"),
)


# --- asking -----------------------------------------------------------------------------------


@cache
def _bases() -> dict[str, str]:
    here = Path(__file__).with_name("everything.toml").read_text(encoding="utf-8")
    return {"everything": here, "step-2-ck": examples()["step-2-ck"]}


def case(base: str, edits: Mapping[str, Any]) -> Record:
    """A base case with some keys set, read as any case file is read."""
    tree = json.loads(json.dumps(tomllib.loads(_bases()[base]), default=_text))
    for place, value in edits.items():
        _put(tree, place, value)
    return parse_case(json.dumps(tree), json=True).record


def _text(value: date | time) -> str:
    return value.isoformat()


def _put(tree: Any, place: str, value: Any) -> None:
    *path, last = place.split(".")
    for step in path:
        tree = tree[int(step)] if isinstance(tree, list) else tree.setdefault(step, {})
    value = json.loads(json.dumps(value)) if value is not REMOVED else REMOVED
    if isinstance(tree, list):
        if int(last) == len(tree):
            tree.append(value)
        else:
            tree[int(last)] = value
    elif value is REMOVED:
        tree.pop(last, None)
    else:
        tree[last] = value


def read(row: Row, value: Any) -> Any:
    """The row's output with its key at a value."""
    record = case(row.base, {**row.given, row.at: value})
    return OUTPUTS[row.output](briefing(record, TODAY))


# --- the page ---------------------------------------------------------------------------------


def page() -> str:
    """The table as a page of the reference."""
    lines = [
        "# What each key of the case file does",
        "",
        "Every key moves an answer, or is here with what it is for. One test changes each key as",
        "written and looks at the output named (`tests/acceptance/test_influence.py`); this page",
        "is written from the same table.",
        "",
        "| key | changed | what it moves | how |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{row.key}` | {_shown(row.values[0])} → {_shown(row.values[1])}"
        f"{' (' + row.words + ')' if row.words else ''} | {row.output} | {row.how} |"
        for row in ROWS
    ]
    lines += ["", "Keys that move no number:", "", "| key | what it is for |", "|---|---|"]
    lines += [f"| `{shown.key}` | {shown.purpose} |" for shown in SHOWN]
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is REMOVED:
        return "left out"
    return "empty" if value == "" else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
