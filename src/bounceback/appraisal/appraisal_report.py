"""Look back: why the last attempt went as it did, and what the plan changes for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import groupby

from bounceback.appraisal import core_dimensions, evidence_dimensions, thresholds
from bounceback.appraisal.core_indicators import is_right_person
from bounceback.appraisal.findings import CERTAINTY_WEIGHT, Case, open_case
from bounceback.appraisal.models import SHOWN, Appraisal, Finding
from bounceback.reasons import Reason, reason
from bounceback.records import as_seen_on
from bounceback.records.models import AppraisalAnswer, Record

Reader = Callable[[Case], list[Finding]]

READERS: Mapping[str, Reader] = {
    "effort": core_dimensions.effort,
    "weaknesses": core_dimensions.weaknesses,
    "resources": core_dimensions.resources,
    "assessment": core_dimensions.assessment,
    "help": core_dimensions.help_,
    "cards": core_dimensions.cards,
    "timeline": core_dimensions.timeline,
    "active-passive": evidence_dimensions.active_passive,
    "misconceptions": evidence_dimensions.misconceptions,
    "calibration": evidence_dimensions.calibration,
    "pacing": evidence_dimensions.pacing,
    "answer-changing": evidence_dimensions.answer_changing,
    "anxiety": evidence_dimensions.anxiety,
    "sleep": evidence_dimensions.sleep,
    "mood": evidence_dimensions.mood,
    "reading": evidence_dimensions.reading,
    "foundation": evidence_dimensions.foundation,
    "life-load": evidence_dimensions.life_load,
    "same-plan": evidence_dimensions.same_plan,
}

DOABLE = frozenset(READERS) - {"foundation", "life-load", "mood", "anxiety", "reading"}
"""Dimensions that are done rather than met; what is done well is chosen among them."""

UNFAIR = ("unfair", "not fair", "weird questions", "rigged", "trick question", "out of nowhere")


def appraise(
    record: Record,
    as_of: date,
    answers: Mapping[str, AppraisalAnswer] | None = None,
) -> Appraisal:
    """Set what the learner says beside what the record shows, and change the plan.

    Args:
        record: The record; evidence after ``as_of`` is not read.
        as_of: Day of the appraisal.
        answers: Further answers by dimension (``"sleep"``) or sub-question
            (``"help.right-person"``), beside those of ``record.appraisal``.

    Returns:
        Findings ranked by how far past their threshold they are and how sure we are: a mood screen
        at its published cut first, then strategy, load, access and knowledge, effort last.
    """
    t = thresholds.load_thresholds(record.exam.id)
    seen, _ = as_seen_on(record, as_of)
    said: dict[str, AppraisalAnswer] = {str(key): a for key, a in seen.appraisal.items()}
    case = open_case(seen, as_of, t, said | dict(answers or {}))
    findings = [f for read in READERS.values() for f in read(case)]
    ranked = _rank(findings)
    others = tuple(f for f in findings if f not in ranked)
    return Appraisal(
        as_of=as_of,
        ranked=ranked,
        others=others,
        says=_summary(ranked, others),
        wrote_unfair=_wrote_unfair(case),
        done_well=_done_well(others),
        tell=_tell(case, ranked),
        next_check=as_of + timedelta(days=t.count("page_gap_days")),
    )


def _weight(finding: Finding) -> float:
    return finding.severity * CERTAINTY_WEIGHT[finding.confidence]


def _rank(findings: list[Finding]) -> tuple[Finding, ...]:
    """Largest first; one finding of each dimension before a second of any; effort after the rest.

    A dimension's own first finding keeps its place; its further parts follow.
    """
    counted = [f for f in findings if f.state in ("held-back", "look-again")]

    def key(finding: Finding) -> tuple[bool, bool, float]:
        return (finding.kind != "safety", finding.kind == "effort", -_weight(finding))

    ordered = sorted(counted, key=key)
    first: list[Finding] = []
    further: list[Finding] = []
    seen: set[str] = set()
    for finding in ordered:
        (further if finding.dimension in seen else first).append(finding)
        seen.add(finding.dimension)
    return (*first, *further)


def _summary(ranked: tuple[Finding, ...], others: tuple[Finding, ...]) -> tuple[Reason, ...]:
    """What held the learner back, how sure we are, on how many questions nothing is known."""
    if ranked:
        names = dict.fromkeys(f.dimension for f in ranked[:SHOWN])
        opening = reason(
            "appraisal.what-stands-out", dimensions=tuple(names), confidence=ranked[0].confidence
        )
    else:
        opening = reason("appraisal.nothing-stands-out")
    by_dimension = groupby(
        sorted(others + ranked, key=lambda f: f.dimension), key=lambda f: f.dimension
    )
    unknown = sum(all(f.state == "unknown" for f in group) for _, group in by_dimension)
    if not unknown:
        return (opening,)
    return (opening, reason("appraisal.unknown-questions", unknown=unknown, of=len(READERS)))


def _wrote_unfair(case: Case) -> bool:
    """Whether a note of the learner calls the exam unfair."""
    notes = " ".join(a.note for a in case.answers.values()).casefold()
    return any(word in notes for word in UNFAIR)


def _done_well(others: tuple[Finding, ...]) -> tuple[Reason, ...]:
    """One thing done well: measured before answered."""
    well = [f for f in others if f.state == "kept-well" and f.dimension in DOABLE]
    for finding in well:
        if finding.measure is not None and finding.measure.value is not None:
            return (*finding.says, finding.measure.says)
    if well:
        return (reason("appraisal.kept-well", dimension=well[0].dimension),)
    return (reason("appraisal.looking-at-it"),)


def _tell(case: Case, ranked: tuple[Finding, ...]) -> Reason:
    """One person to tell."""
    if ranked and ranked[0].kind == "safety":
        return reason("appraisal.tell-someone-today", place=case.place)
    known = [m for m in case.record.meetings if m.date <= case.as_of and is_right_person(m.with_)]
    if known:
        newest = max(known, key=lambda m: m.date)
        return reason("appraisal.tell-again", who=newest.with_, on=newest.date)
    return reason("appraisal.tell-advisor", place=case.place)
