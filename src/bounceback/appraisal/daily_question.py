"""One question a day, never a wall: the seven of the method first, then those of the evidence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bounceback.appraisal.text_tables import dimensions
from bounceback.records.models import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked on one day.

    Attributes:
        key: Where the answer belongs: a dimension, or ``dimension.part``.
        title: Two or three words.
        statement: Answered from 1 (not at all true) to 5.
        ask: A sub-question as one asks it in a conversation; empty for a dimension.
    """

    key: str
    title: str
    statement: str
    ask: str


def questions() -> tuple[Question, ...]:
    """Every question in order: each of the seven with its sub-questions, then the added twelve."""
    found: list[Question] = []
    for d in dimensions():
        found.append(Question(key=d.id, title=d.title, statement=d.question, ask=""))
        found += [
            Question(key=f"{d.id}.{part.id}", title=d.title, statement=part.statement, ask=part.ask)
            for part in d.parts
        ]
    return tuple(found)


def question_of_the_day(
    record: Record,
    answered: Collection[str] = (),
    *,
    last_asked: date | None = None,
    on: date,
) -> Question | None:
    """The next unanswered question; ``None`` if one was asked today or all are answered.

    Args:
        record: Its appraisal answers count as answered.
        answered: Further keys that are answered or were skipped for good.
        last_asked: Day of the last question.
        on: The day.
    """
    if last_asked is not None and last_asked >= on:
        return None
    done = {str(key) for key in record.appraisal} | set(answered)
    return next((q for q in questions() if q.key not in done), None)
