"""How one indicator and one answer become a finding: answer and log side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bounceback.appraisal import contacts, text_tables
from bounceback.appraisal.models import Certainty, Finding, Kind, Measure, Prescription, Span, State
from bounceback.appraisal.record_queries import exam_weights, span_before, span_since, weak_areas
from bounceback.appraisal.thresholds import Thresholds
from bounceback.reasons import Reason, reason
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
    def weak_weight(self) -> float:
        """Share of the exam that the weakest areas hold, in [0, 1]; 0 where it is unknown."""
        weights = exam_weights(self.record, self.as_of)
        return sum(weights.get(area, 0.0) for area in self.weak)

    @property
    def place(self) -> contacts.Place:
        """Where the learner turns to."""
        return contacts.place(self.record, self.as_of)

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


def to_answer(answer: AppraisalAnswer, dimension: str, part: str = "") -> Reason:
    """Return the learner's own answer as a reason: which question, the number, the note."""
    return reason(
        "appraisal.your-answer",
        dimension=dimension,
        part=part,
        answer=answer.answer,
        note=answer.note.strip(),
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measure of the record and what follows from it.

    Attributes:
        dimension: Id of the dimension.
        measure: The indicator; its ``value`` may be ``None``.
        severity: How far the measure is past its threshold, in [0, 1]; 0 is on the good side.
        says: The finding where the measure is past its threshold.
        prescription: The plan change of this finding, used if it holds back.
        evidence: Id of the published finding.
        part: Sub-question.
        kind: Sort of cause, if not that of the dimension.
        earlier: The same indicator before the attempt, where both are known.
        earlier_severity: Its severity.
        said_extra: Something the learner said elsewhere in the record.
        differs: Answer and log differ for a reason other than the answer.
        well: What to say on the good side, if not the dimension's own sentence.
    """

    dimension: str
    measure: Measure
    severity: float
    says: Reason | tuple[Reason, ...] | None
    prescription: Prescription | None
    evidence: str = "design"
    part: str = ""
    kind: Kind | None = None
    earlier: Measure | None = None
    earlier_severity: float = 0.0
    said_extra: tuple[Reason, ...] = ()
    differs: bool = False
    well: Reason | None = None


def judge(case: Case, reading: Reading) -> Finding:
    """Return one finding from one measure and one answer."""
    about = text_tables.dimension(reading.dimension)
    measure = reading.measure
    answer = case.answer(reading.dimension, reading.part)
    own = case.has_own_answer(reading.dimension, reading.part)
    said = reading.said_extra
    if answer is not None:
        said = (to_answer(answer, reading.dimension, reading.part if own else ""), *said)
    if measure.value is None:
        speaks = own or reading.part == _first_part(about)
        verdict = _by_answer_alone(reading, answer, speaks=speaks)
    else:
        verdict = _by_measure(reading, answer)
    return Finding(
        dimension=reading.dimension,
        part=reading.part,
        state=verdict.state,
        kind=reading.kind or about.kind,
        says=verdict.says,
        confidence=verdict.certainty,
        said=said,
        prescription=reading.prescription if verdict.prescribes else None,
        evidence=reading.evidence,
        severity=verdict.severity,
        measure=measure,
    )


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: State
    certainty: Certainty
    says: tuple[Reason, ...]
    severity: float = 0.0
    prescribes: bool = False


def _by_answer_alone(reading: Reading, answer: AppraisalAnswer | None, *, speaks: bool) -> _Verdict:
    """Judge where the log holds too little: the answer alone speaks, if it is to this question."""
    about = {"dimension": reading.dimension}
    if answer is not None and speaks and answer.answer <= LOW_ANSWER:
        return _Verdict(
            "held-back",
            "low",
            (Reason("appraisal.answer-low", about), reason("appraisal.your-answer-only")),
            WORDS_WEIGHT[max(1, answer.answer)],
            prescribes=True,
        )
    if answer is not None and speaks and answer.answer >= HIGH_ANSWER:
        return _Verdict(
            "kept-well",
            "low",
            (Reason("appraisal.kept-well", about), reason("appraisal.your-answer-only")),
        )
    return _Verdict("unknown", "low", (Reason("appraisal.not-known-yet", about),))


def _by_measure(reading: Reading, answer: AppraisalAnswer | None) -> _Verdict:
    """Judge a known measure, beside the answer if there is one."""
    about = {"dimension": reading.dimension}
    low = answer is not None and answer.answer <= LOW_ANSWER
    high = answer is not None and answer.answer >= HIGH_ANSWER
    if reading.severity > 0:
        says = reading.says if isinstance(reading.says, tuple) else (reading.says,)
        found = tuple(part for part in says if part is not None)
        if high or reading.differs:
            found = (*found, reason("appraisal.answer-and-log-differ"))
        return _Verdict(
            "held-back", "high" if low else "medium", found, reading.severity, prescribes=True
        )
    if low and answer is not None:
        return _Verdict(
            "look-again",
            "low",
            (
                Reason("appraisal.answer-low", about),
                reason("appraisal.log-reads-otherwise", measured=reading.measure.says),
            ),
            WORDS_WEIGHT[max(1, answer.answer)] / 2,
            prescribes=True,
        )
    if reading.earlier is not None and reading.earlier_severity > 0:
        return _Verdict(
            "kept-well",
            "medium",
            (reason("appraisal.changed-since-attempt", before=reading.earlier.says),),
        )
    return _Verdict("kept-well", "medium", (reading.well or Reason("appraisal.kept-well", about),))


def _first_part(about: text_tables.Dimension) -> str:
    return about.parts[0].id if about.parts else ""
