"""The questions that make a new case: the smallest set from which an honest answer starts.

They are values. A face (terminal, page) asks :func:`next_question` what to ask, hands the text of
the answer to :func:`read_answer`, keeps what it returns under the question's key, and at the end
hands all answers to :func:`new_case`::

    >>> answers = {}
    >>> question = next_question(answers)
    >>> question.key, question.optional
    ('learner.group', False)
    >>> answers[question.key] = read_answer(question, "us-md", answers)
    >>> next_question(answers).key
    'learner.time_zone'

An optional question is answered with an empty text: unknown, ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bounceback import facts
from bounceback.errors import CaseError, FactUnknown, Fault
from bounceback.records.case_file import from_case
from bounceback.records.field_types import Day, Kind, Number, Text, TimeZone, Word
from bounceback.records.models import Record
from bounceback.records.schema import ATTEMPT, FORM, MOST_MINUTES_PER_DAY
from bounceback.records.validation_report import AUTHORITY, REFUSED, Findings, listed
from bounceback.vocabulary import (
    CASE_SCHEMA,
    DISTANCES,
    EXAM_IDS,
    GROUPS,
    MINUTES_PER_HOUR,
    WEEKDAYS,
)

Answers = Mapping[str, Any]
"""Answers so far, by the key of the question; ``None`` for an optional one left open."""

HOURS: Final = "availability.hours_per_day"
REST_DAY: Final = "availability.rest_day"


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        key: Name of the answer: a key of the case file, or ``availability.hours_per_day`` and
            ``availability.rest_day``, which become minutes by weekday.
        prompt: The question as it is asked.
        help: One or two sentences for whoever wonders what is meant.
        kind: What an answer may be.
        optional: Whether it may be left open.
        default: Answer that an empty text stands for; ``None``: none.
        choices: Words to choose from, each with what it means; empty: free.
    """

    key: str
    prompt: str
    help: str
    kind: Kind
    optional: bool = False
    default: str | None = None
    choices: tuple[tuple[str, str], ...] = ()


_GROUP_WORDS: Final = {
    "us-md": "MD student or graduate, US or Canada",
    "us-do": "DO student or graduate, US",
    "us-img": "School outside the US and Canada, US citizen",
    "non-us-img": "School outside the US and Canada, not a US citizen",
}
_OUTCOME_WORDS: Final = {
    "fail": "Didn't pass",
    "pass": "Passed",
    "incomplete": "Started but not finished",
}
_DISTANCE_WORDS: Final = {
    "near": "Close below the passing score",
    "moderate": "Clearly below it",
    "far": "Far below it",
}
_DAY_WORDS: Final[Mapping[str, str]] = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


def _choices(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(words.items())


def questions(answers: Answers, *, time_zone: str | None = None) -> tuple[Question, ...]:
    """Return the questions that apply, given the answers so far, in the order to ask them.

    Args:
        answers: Answers so far. A question that depends on an answer not yet given is left out.
        time_zone: Zone to propose, if the face knows the learner's.
    """
    asked = [
        Question(
            "learner.group",
            "Which school do you go to, or did you graduate from?",
            "Published pass rates differ by group. Your forecast starts from yours.",
            Word(GROUPS),
            choices=_choices(_GROUP_WORDS),
        ),
        Question(
            "learner.time_zone",
            "Which time zone do you live in?",
            "Region and city, such as America/New_York.",
            TimeZone(),
            default=time_zone,
        ),
        Question(
            "exam.id",
            "Which exam are you preparing for?",
            "The one you need to pass next.",
            Word(EXAM_IDS),
            choices=tuple((exam_id, facts.exam(exam_id).name) for exam_id in EXAM_IDS),
        ),
    ]
    exam_id = answers.get("exam.id")
    if exam_id is None:
        return tuple(asked)
    asked += [*_about_the_attempt(exam_id, answers), *_about_a_form(exam_id, answers)]
    most_hours = MOST_MINUTES_PER_DAY / MINUTES_PER_HOUR
    asked.append(
        Question(
            HOURS,
            "How many hours can you study on a usual day?",
            f"The hours you really have, {most_hours:g} at most. You can change them by "
            "weekday later.",
            Number(0, most_hours, "hours", hint="More than ten hours a day costs sleep."),
            optional=True,
        )
    )
    if answers.get(HOURS) is not None:
        asked.append(
            Question(
                REST_DAY,
                "Which day is your day off?",
                "A day without study each week is part of the plan.",
                Word((*WEEKDAYS, "none")),
                default=WEEKDAYS[-1],
                choices=(*_choices(_DAY_WORDS), ("none", "No fixed day")),
            )
        )
    asked.append(
        Question(
            "exam.planned_date",
            "When is your test date?",
            "Year-month-day, such as 2027-01-08. Leave it empty if you don't have one yet.",
            Day(),
            optional=True,
        )
    )
    return tuple(asked)


def _about_the_attempt(exam_id: str, answers: Answers) -> list[Question]:
    exam = facts.exam(exam_id)
    day, outcome = answers.get("attempts[0].date"), answers.get("attempts[0].outcome")
    asked = [
        Question(
            "attempts[0].date",
            f"When did you last take {exam.short_name}?",
            "Year-month-day, such as 2026-09-20. Leave it empty if you haven't taken it yet.",
            Day(),
            optional=True,
        )
    ]
    if day is None:
        return asked
    asked.append(
        Question(
            "attempts[0].outcome",
            "What was the result?",
            "You can add earlier attempts to the file later.",
            ATTEMPT.key("outcome").kind,
            default="fail",
            choices=_choices(_OUTCOME_WORDS),
        )
    )
    if outcome not in ("fail", "pass"):
        return asked
    if _number_is_reported(exam_id, day):
        asked.append(
            Question(
                "attempts[0].score",
                "What was your score?",
                f"The number on the report, {exam.scale_low:g} to {exam.scale_high:g}.",
                ATTEMPT.key("score").kind,
                optional=True,
            )
        )
    elif outcome == "fail":
        asked.append(
            Question(
                "attempts[0].distance_below_pass",
                "How far below the passing score were you?",
                "See the graphic in your report. The board gives no number for this exam.",
                Word(DISTANCES),
                optional=True,
                choices=_choices(_DISTANCE_WORDS),
            )
        )
    return asked


def _number_is_reported(exam_id: str, day: Any) -> bool:
    try:
        return facts.pass_mark(exam_id, day).number_reported
    except FactUnknown:
        return True


def _about_a_form(exam_id: str, answers: Answers) -> list[Question]:
    families = {f: facts.form_family(f, exam_id) for f in facts.form_families(exam_id)}
    asked = [
        Question(
            "forms[0].family",
            "Which practice test did you take last?",
            "Leave it empty if you haven't taken one. We then start from the published "
            "pass rate of "
            "your group.",
            Word(tuple(families)),
            optional=True,
            choices=tuple((family.id, family.name) for family in families.values()),
        )
    ]
    family = families.get(answers.get("forms[0].family", ""))
    if family is None:
        return asked
    known = [label for label in family.forms if label not in family.retired]
    asked += [
        Question(
            "forms[0].form",
            "Which form was it?",
            "The number or name" + (f", such as {known[-1]}." if known else "."),
            Text(40),
        ),
        Question("forms[0].date", "When did you take it?", "Year-month-day.", Day()),
    ]
    if family.id == "school":
        asked.append(
            Question(
                "forms[0].scale",
                "Is the score a percentage, or on the exam's scale?",
                "Schools use either.",
                FORM.key("scale").kind,
                choices=(("percent", "percent correct"), ("reported", "the exam's own scale")),
            )
        )
    scale = "as the report prints it" if family.id == "school" else _scale_words(family)
    asked.append(Question("forms[0].score", "What was your score?", scale, FORM.key("score").kind))
    return asked


def _scale_words(family: facts.FormFamily) -> str:
    words = {"epc": "equated percent correct", "percent": "percent correct"}
    return f"{family.low:g} to {family.high:g}, {words.get(family.scale, 'points')}."


def next_question(answers: Answers, *, time_zone: str | None = None) -> Question | None:
    """Return the first question that applies and has no answer yet; ``None`` when all have."""
    return next((q for q in questions(answers, time_zone=time_zone) if q.key not in answers), None)


def read_answer(question: Question, text: str, answers: Answers) -> Any:
    """Return the value of an answer given as text.

    Args:
        question: The question.
        text: What was typed or chosen; a choice also by its number, counted from 1.
        answers: Answers so far: a score is checked against the family it belongs to.

    Raises:
        CaseError: The answer cannot stand; each fault says what may.
    """
    given = text.strip() or question.default or ""
    if not given:
        if question.optional:
            return None
        allowed = listed(word for word, _ in question.choices) or question.kind.allowed
        raise CaseError([Fault(question.key, "no answer", allowed, AUTHORITY, question.help)])
    findings = Findings()
    value = question.kind.read(_raw(question, given), question.key, findings)
    if value is REFUSED:
        raise CaseError(findings.faults)
    if question.key not in (HOURS, REST_DAY):
        _refuse_what_the_case_would(question.key, {**answers, question.key: value})
    return value


def _raw(question: Question, given: str) -> object:
    """Turn typed text into what a case file would hold."""
    if question.choices:
        if given.isascii() and given.isdigit() and 1 <= int(given) <= len(question.choices):
            return question.choices[int(given) - 1][0]
        return given.lower()
    if isinstance(question.kind, Number):
        try:
            return float(given.removesuffix("%").replace(",", "."))
        except ValueError:
            return given
    return given


def _refuse_what_the_case_would(key: str, answers: Answers) -> None:
    try:
        from_case(case_of(answers))
    except CaseError as error:
        own = [fault for fault in error.faults if fault.key == key]
        if own:
            raise CaseError(own) from None


def case_of(answers: Answers) -> dict[str, Any]:
    """Return case-file data of the answers so far; what was left open is left out."""
    data: dict[str, Any] = {"schema": CASE_SCHEMA, "learner": {}, "exam": {}}
    for key, value in answers.items():
        section, _, name = key.partition(".")
        if value is None or section == "availability":
            continue
        if section.endswith("[0]"):
            data.setdefault(section.removesuffix("[0]"), [{}])[0][name] = value
        else:
            data[section][name] = value
    if data.get("attempts"):
        data["attempts"][0]["exam"] = data["exam"].get("id")
    hours = answers.get(HOURS)
    if hours is not None:
        minutes = round(hours * MINUTES_PER_HOUR)
        rest = answers.get(REST_DAY)
        data["availability"] = {
            "minutes": {day: 0 if day == rest else minutes for day in WEEKDAYS},
        }
        if minutes:
            data["availability"]["max_minutes_per_day"] = minutes
    return data


def new_case(answers: Answers) -> Record:
    """Return the record of the answers.

    Raises:
        CaseError: A required answer is missing, or answers contradict each other.
    """
    return from_case(case_of(answers)).record
