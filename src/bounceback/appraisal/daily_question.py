"""One question a day, never a wall: the seven of the method first, then those of the evidence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bounceback.appraisal.text_tables import dimensions
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked on one day.

    Attributes:
        key: Where the answer belongs: a dimension, or ``dimension.part``.
        dimension: The dimension.
        part: Its sub-question; empty for the dimension as a whole.
    """

    key: str
    dimension: str
    part: str

    @property
    def title(self) -> Reason:
        """Two or three words."""
        return reason("appraisal.dimension-title", dimension=self.dimension)

    @property
    def statement(self) -> Reason:
        """What is answered from 1 (strongly disagree) to 5 (strongly agree)."""
        return reason("appraisal.question-statement", dimension=self.dimension, part=self.part)

    @property
    def ask(self) -> Reason | None:
        """A sub-question as one asks it in a conversation; ``None`` for a dimension."""
        if not self.part:
            return None
        return reason("appraisal.question-ask", dimension=self.dimension, part=self.part)


def questions() -> tuple[Question, ...]:
    """Every question in order: each of the seven with its sub-questions, then the added twelve."""
    rows: list[Question] = []
    for d in dimensions():
        rows.append(Question(key=d.id, dimension=d.id, part=""))
        rows += [Question(key=f"{d.id}.{p.id}", dimension=d.id, part=p.id) for p in d.parts]
    return tuple(rows)


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
