"""How one indicator and one answer become a finding: words and record, without a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bounceback.appraisal import text_tables
from bounceback.appraisal.contacts import People, people
from bounceback.appraisal.models import Certainty, Finding, Kind, Measure, Prescription, Span, State
from bounceback.appraisal.record_queries import exam_weights, span_before, span_since, weak_areas
from bounceback.appraisal.thresholds import Thresholds
from bounceback.records.models import AppraisalAnswer, Record

LOW_ANSWER = 2
HIGH_ANSWER = 4
"""Answers up to 2 of 5 name a problem; from 4 of 5 they say it went well; 3 says neither."""

WORDS_WEIGHT = {1: 0.7, 2: 0.45}
CERTAINTY_WEIGHT: Mapping[Certainty, float] = {"low": 0.5, "medium": 0.8, "high": 1.0}


@dataclass(frozen=True, slots=True)
class Case:
    """What every judgement reads.

    Attributes:
        record: The record with the look-ahead rule already applied.
        as_of: Day of the appraisal.
        t: Thresholds.
        before: The weeks before the last failed sitting; ``None`` without one.
        since: The newest weeks.
        weak: Weakest third of the areas.
        answers: The learner's answers by dimension, or ``dimension.part``.
    """

    record: Record
    as_of: date
    t: Thresholds
    before: Span | None
    since: Span
    weak: tuple[str, ...]
    answers: Mapping[str, AppraisalAnswer]

    @property
    def people(self) -> People:
        """The people around the learner."""
        return people(self.record, self.as_of)

    @property
    def weak_weight(self) -> float:
        """Share of the exam that the weakest areas hold, in [0, 1]; 0 where it is unknown."""
        weights = exam_weights(self.record, self.as_of)
        return sum(weights.get(area, 0.0) for area in self.weak)

    def answer(self, dimension: str, part: str = "") -> AppraisalAnswer | None:
        """The answer to the sub-question if there is one, else to the dimension."""
        return self.answers.get(f"{dimension}.{part}") or self.answers.get(dimension)

    def has_own_answer(self, dimension: str, part: str) -> bool:
        """Whether the sub-question itself was answered."""
        return not part or f"{dimension}.{part}" in self.answers

    def newest(self, indicator: Callable[[Span], Measure]) -> tuple[Measure, Measure | None]:
        """The indicator on the newest weeks if they suffice, else on those before the sitting.

        Returns:
            The measure to judge, and the one before the sitting where both are known.
        """
        now = indicator(self.since)
        old = indicator(self.before) if self.before is not None else None
        if now.value is not None:
            return now, old if old is not None and old.value is not None else None
        if old is not None and old.value is not None:
            return old, None
        return now, None


def open_case(
    record: Record, as_of: date, t: Thresholds, answers: Mapping[str, AppraisalAnswer]
) -> Case:
    """Gather what the judgements read."""
    return Case(
        record=record,
        as_of=as_of,
        t=t,
        before=span_before(record, as_of, t),
        since=span_since(record, as_of, t),
        weak=weak_areas(record, as_of, t),
        answers=answers,
    )


def said_words(answer: AppraisalAnswer | None, question: str) -> str:
    """The learner's own answer: the statement, the number, the note."""
    if answer is None:
        return ""
    note = f" You wrote: “{answer.note.strip()}”" if answer.note.strip() else ""
    return f"“{question}” — you gave {answer.answer} of 5.{note}"


def above(value: float | None, threshold: float, full: float) -> float:
    """How far a value is at or above its threshold, in [0, 1]; 1 at ``full``; 0 if unknown.

    On the threshold itself a little is returned, so that a crossed line is never nothing.
    """
    if value is None or value < threshold:
        return 0.0
    return min(1.0, 0.15 + 0.85 * (value - threshold) / (full - threshold))


def below(value: float | None, threshold: float, full: float = 0.0) -> float:
    """How far a value is under its threshold, in [0, 1]; 1 at ``full``; 0 if unknown."""
    if value is None or value >= threshold:
        return 0.0
    return min(1.0, 0.15 + 0.85 * (threshold - value) / (threshold - full))


def judge(
    case: Case,
    dimension: str,
    measure: Measure,
    severity: float,
    *,
    words: str,
    prescription: Prescription | None,
    evidence: str = "design",
    part: str = "",
    kind: Kind | None = None,
    earlier: Measure | None = None,
    earlier_severity: float = 0.0,
    said_extra: str = "",
    differs: bool = False,
    well: str = "",
) -> Finding:
    """One finding from one measure and one answer.

    Args:
        case: What is being read.
        dimension: Id of the dimension.
        measure: The indicator; its ``value`` may be ``None``.
        severity: How far the measure is past its threshold, in [0, 1]; 0 is on the good side.
        words: The finding where the measure is past its threshold.
        prescription: The plan change of this finding, used if it holds back.
        evidence: Id of the published finding.
        part: Sub-question.
        kind: Sort of cause, if not that of the dimension.
        earlier: The same indicator before the sitting, where both are known.
        earlier_severity: Its severity.
        said_extra: Something the learner said elsewhere in the record, "You remember about …".
        differs: Words and record differ for a reason other than the answer.
        well: Sentence for the good side, if not that of the dimension.
    """
    about = text_tables.dimension(dimension)
    answer = case.answer(dimension, part)
    question = next((p.statement for p in about.parts if p.id == part), about.question)
    if not case.has_own_answer(dimension, part):
        question = about.question
    said = " ".join(filter(None, (said_words(answer, question), said_extra)))
    low = answer is not None and answer.answer <= LOW_ANSWER
    high = answer is not None and answer.answer >= HIGH_ANSWER
    state: State
    certainty: Certainty
    if measure.value is None:
        own = case.has_own_answer(dimension, part) or part in ("", _first_part(about))
        if low and own and answer is not None:
            state, certainty = "held-back", "low"
            finding = f"{about.low} This rests on your words alone."
            severity = WORDS_WEIGHT[max(1, answer.answer)]
        else:
            state, certainty, severity, prescription = "unknown", "low", 0.0, None
            finding = (
                f"{about.well} This rests on your words alone."
                if high and own
                else f"The record cannot tell yet how it stood with “{about.title.lower()}”."
            )
            state = "kept-well" if high and own else "unknown"
    elif severity > 0:
        state = "held-back"
        certainty = "high" if low else "medium"
        finding = words
        if high or differs:
            finding += " Your words and the record differ here. Which is nearer?"
    elif low and answer is not None:
        state, certainty = "look-again", "low"
        severity = WORDS_WEIGHT[max(1, answer.answer)] / 2
        finding = f"{about.low} The record reads otherwise: {measure.words} Which is nearer?"
    else:
        state, certainty, prescription = "kept-well", "medium", None
        finding = well or about.well
        if earlier is not None and earlier_severity > 0:
            finding = f"This has changed since the sitting. Before: {earlier.words}"
    return Finding(
        dimension=dimension,
        part=part,
        state=state,
        kind=kind or about.kind,
        finding=finding,
        confidence=certainty,
        said=said,
        measured=measure.words,
        prescription=prescription,
        evidence=text_tables.evidence(evidence).sentence,
        severity=severity,
        measure=measure,
    )


def _first_part(about: text_tables.Dimension) -> str:
    return about.parts[0].id if about.parts else ""
