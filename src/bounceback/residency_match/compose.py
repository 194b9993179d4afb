"""The outlook of one record on one day: three columns, what is known around them, the next step.

Nothing here reads a forecast or offers a date: the outlook cannot pull a sitting forward.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from bounceback import facts
from bounceback.appraisal.contacts import HEADS, TAKEN_IN_RESIDENCY, Place, in_residency, place
from bounceback.appraisal.crisis_support import moments
from bounceback.errors import FactError
from bounceback.facts.validation import TABLE_RULES
from bounceback.records import as_seen_on
from bounceback.records.models import Attempt, Record
from bounceback.residency_match.cited_figures import Figure, Sentence, sentence
from bounceback.residency_match.licensed_tables import LicensedTables
from bounceback.residency_match.models import Entry, Outlook
from bounceback.residency_match.statistics import (
    ALL_SPECIALTIES,
    Cells,
    Middle,
    specialty_name,
    words,
)

FAILED_ATTEMPT: Final = "Any failed attempt in USMLE/COMLEX"
OBSTACLES: Final = "Having overcome significant obstacles"
STEP_2_CK: Final = "usmle-step-2-ck"
MAX_SPECIALTIES: Final = 12
"""Specialties answered for; more on one page would be a wall."""


def outlook(
    record: Record,
    as_of: date,
    *,
    asked: bool = False,
    licensed: LicensedTables | None = None,
    history: bool = False,
) -> Outlook:
    """What program directors consider, what is still in the learner's hands, what no one publishes.

    Args:
        record: The learner's record; evidence after ``as_of`` is set aside.
        as_of: The day. Editions that were not out on it are unknown.
        asked: Whether the learner opened it. ``Outlook.sections`` is an invitation unless so.
        licensed: Tables that an institution may show; their cells stand before the shipped ones.
        history: Show editions that are two or more old, labelled.

    Returns:
        The outlook; it never holds a chance of this learner's match, nor a date to sit.
    """
    seen, _ = as_seen_on(record, as_of)
    at = _Applicant.of(seen, as_of, Cells(as_of=as_of, licensed=licensed, history=history))
    if at.in_residency:
        return _of_a_resident(at, asked=asked)
    columns = _columns(at)
    position, missing = _positions(at)
    return Outlook(
        as_of=as_of,
        asked=asked,
        closed=_closed(seen, as_of),
        applicant_types=at.types,
        first=_first(at),
        hard=_hard(at),
        hopeful=_hopeful(at),
        change=columns["change"],
        explain=columns["explain"],
        past=columns["past"],
        position=position,
        rates=_rates(at),
        others=_others(at),
        timing=_timing(at),
        levers=_levers(at),
        parallel=_parallel(at),
        not_published=(*_unknown(at), *missing),
        next_step=_next_step(at),
        contact=_contact(at),
        notes=_notes(at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Applicant:
    """The record as the Match would count it."""

    record: Record
    as_of: date
    cells: Cells
    types: tuple[str, ...]
    passed: bool
    sittings: int
    most: int | None

    @classmethod
    def of(cls, record: Record, as_of: date, cells: Cells) -> _Applicant:
        exam = record.exam.id
        own = [a for a in record.attempts if a.exam == exam]
        try:
            value = facts.attempt_rules(exam, as_of).max_attempts.value
        except FactError:
            value = None
        return cls(
            record=record,
            as_of=as_of,
            cells=cells,
            types=applicant_types(record, as_of),
            passed=any(a.outcome == "pass" for a in own),
            sittings=len(own),
            most=int(value) if isinstance(value, int | float) else None,
        )

    @property
    def used_up(self) -> bool:
        """Whether every sitting that the board's rule allows is used, without a pass."""
        return not self.passed and self.most is not None and self.sittings >= self.most

    @property
    def exam(self) -> str:
        return facts.exam(self.record.exam.id).short_name

    @property
    def graduate(self) -> bool:
        """Whether the degree is earned, as far as the record tells."""
        if self.types[0].endswith("prior-graduate"):
            return True
        year = self.record.learner.degree_year
        return year is not None and year < self.as_of.year

    @property
    def in_residency(self) -> bool:
        """Whether the learner is a graduate of a US school who has most likely matched."""
        return not self.abroad and in_residency(self.record, self.as_of)

    @property
    def place(self) -> Place:
        return place(self.record, self.as_of, resident=self.in_residency)

    @property
    def abroad(self) -> bool:
        return self.record.learner.group in ("us-img", "non-us-img")

    @property
    def specialties(self) -> tuple[str, ...]:
        named = dict.fromkeys(specialty_name(s) for s in self.record.learner.specialties)
        return tuple(name for name in named if name)[:MAX_SPECIALTIES]

    @property
    def whom(self) -> str:
        return str(words("words")["applicants"][self.types[0]])

    def failed(self, exam_id: str) -> bool:
        return any(a.exam == exam_id and a.outcome == "fail" for a in self.record.attempts)

    def failures(self) -> int:
        return sum(a.outcome == "fail" for a in self.record.attempts)

    @property
    def step_2_ck(self) -> Attempt | None:
        """The latest passed Step 2 CK with its number."""
        scored = [
            a
            for a in self.record.attempts
            if a.exam == STEP_2_CK and a.outcome == "pass" and a.score is not None
        ]
        return max(scored, key=lambda a: a.date, default=None)


def applicant_types(record: Record, as_of: date) -> tuple[str, ...]:
    """As whom the Match counts this learner; two types where the record does not tell.

    A senior applies in the year before the degree; whoever applies in or after its year is a
    graduate of an earlier year. Without a year of application the degree year alone decides: past
    is a graduate, ahead a senior, this year or none stays open. Step 3 and Level 3 are sat with
    the degree. Graduates of schools abroad are not divided so.
    """
    learner = record.learner
    if learner.group in ("us-img", "non-us-img"):
        return (learner.group,)
    if record.exam.id in TAKEN_IN_RESIDENCY:
        return (f"{learner.group}-prior-graduate",)
    senior, graduate = f"{learner.group}-senior", f"{learner.group}-prior-graduate"
    degree = learner.degree_year
    if degree is None:
        return senior, graduate
    against = as_of.year if learner.apply_year is None else learner.apply_year
    if degree < against or (learner.apply_year is not None and degree == against):
        return (graduate,)
    return (senior,) if degree > against else (senior, graduate)


def _of_a_resident(at: _Applicant, *, asked: bool) -> Outlook:
    """For whom the Match is most likely made: what is theirs to do, and what no one publishes.

    What program directors considered and how many matched is about a step already taken.
    """
    text = words("words")["resident"]

    def entries(name: str) -> tuple[Entry, ...]:
        return tuple(
            Entry(
                id=row["id"],
                title=row["title"],
                sentences=tuple(sentence(says) for says in row.get("says", ())),
                do=row.get("do", ""),
            )
            for row in text[name]
            if not (at.passed and row.get("until_passed"))
        )

    (hopeful,) = entries("hopeful")
    return Outlook(
        as_of=at.as_of,
        asked=asked,
        closed=_closed(at.record, at.as_of),
        applicant_types=at.types,
        first=_first(at),
        hard=None,
        hopeful=hopeful,
        change=entries("change"),
        explain=entries("explain"),
        past=entries("past"),
        position=(),
        rates=(),
        others=(),
        timing=(),
        levers=(),
        parallel=(),
        not_published=entries("not_published"),
        next_step=text["next_step_passed"] if at.passed else _next_step(at),
        contact=_contact(at),
        notes=(
            f"{at.exam} is usually taken during residency, so we assume you have matched. If "
            "the Match is still ahead of you, add the year you apply. Then this page "
            "answers in full.",
        ),
    )


# --- what comes before and after ------------------------------------------------------------------


def _closed(record: Record, as_of: date) -> str:
    """People in place of numbers, where a screen or the learner's own words ask for it."""
    if {"danger-words", "mood-screen"} & set(moments(record, as_of)):
        return (
            "This page stays closed today. It loses nothing by waiting, and someone to talk to "
            "comes first: the support lines are one step away."
        )
    return ""


def _first(at: _Applicant) -> Entry | None:
    if at.passed:
        return None
    told = [
        sentence(
            "Until {exam} is passed one thing outweighs all the rest of this page: passing the "
            "next attempt, on a day that your practice tests support.",
            exam=at.exam,
        ),
        sentence("Nothing below is a reason to test sooner."),
    ]
    do = "The plan and the dates are worked out from your own data alone. Stay with them."
    if at.used_up:
        told.append(
            sentence(
                "You've used as many attempts as the board allows. Only the board can make an "
                "exception."
            )
        )
        do = f"Ask the board and your {HEADS[at.place]} together, before you conclude anything."
    elif at.most is not None and at.sittings == at.most - 1:
        told.append(
            sentence(
                "The next attempt is the last one the board allows, so choose the date together "
                "with people you trust."
            )
        )
        do = (
            f"Agree the day and its condition with your {HEADS[at.place]} or advisor before you "
            "book it."
        )
    elif at.abroad:
        direction = at.cells.finding("img-attempts-direction")
        if isinstance(direction, Figure):
            told.append(
                sentence(
                    "Among graduates of schools abroad fewer attempts went with matching more "
                    "often, and after several it still happened, so a later, surer day serves "
                    "this page too.",
                    direction,
                )
            )
    return Entry(id="first", title=f"Passing {at.exam}", sentences=tuple(told), do=do)


def _hard(at: _Applicant) -> Entry | None:
    told = _weight_of_a_failure(at)
    if not told:
        return None
    return Entry(id="hard", title="Program directors consider a failed attempt", sentences=told)


def _weight_of_a_failure(at: _Applicant) -> tuple[Sentence, ...]:
    cited = at.cells.factor_figure(FAILED_ATTEMPT, "percent_citing")
    rated = at.cells.factor_figure(FAILED_ATTEMPT, "mean_importance")
    told = []
    if cited is not None:
        told.append(
            sentence(
                "{0} directors who answered named a failed attempt among what they look at when "
                "they choose who gets an interview.",
                cited,
            )
        )
    if rated is not None:
        told.append(sentence("Those gave it a mean importance of {0}.", rated))
    return tuple(told)


def _obstacles(at: _Applicant) -> tuple[Sentence, ...]:
    cited = at.cells.factor_figure(OBSTACLES, "percent_citing")
    rated = at.cells.factor_figure(OBSTACLES, "mean_importance")
    told = []
    if cited is not None:
        told.append(
            sentence(
                "{0} directors who answered named having overcome significant obstacles among "
                "what they look at.",
                cited,
            )
        )
    if rated is not None:
        told.append(sentence("Those gave it a mean importance of {0}.", rated))
    return tuple(told)


def _hopeful(at: _Applicant) -> Entry:
    told: list[Sentence] = []
    if _in_the_cohort(at):
        told += _counted(
            at,
            "graduated",
            "Of {1} students who first failed Step 1, {0} graduated, and graduation is "
            "not the Match.",
        )
    told += _obstacles(at)
    told.append(
        sentence("A failure that was overcome, told plainly, is part of what they read about.")
    )
    return Entry(id="hopeful", title="So is what came after it", sentences=tuple(told))


def _in_the_cohort(at: _Applicant) -> bool:
    """The person-level cohorts are of US MD students and Step 1; no one else is joined to them."""
    return at.record.learner.group == "us-md" and at.failed("usmle-step-1")


def _counted(at: _Applicant, evidence_id: str, template: str) -> list[Sentence]:
    found = at.cells.finding(evidence_id)
    return [sentence(template, *found)] if isinstance(found, tuple) else []


def _next_step(at: _Applicant) -> str:
    if at.used_up:
        return (
            f"This week: one message to your {HEADS[at.place]} and one question to the board, what "
            "an exception would ask for."
        )
    if not at.passed:
        return (
            "Today: the next session of your plan. This week: ten minutes with a person, this "
            "page between you."
        )
    if at.step_2_ck is None and at.record.exam.id == "usmle-step-1":
        return "This week: one message to your advisor, to set the weeks for Step 2 CK."
    if not at.specialties:
        return (
            "This week: write down two specialties you could be glad of, and one person in each "
            "to ask about a day on their ward."
        )
    return (
        "This week: one message to someone who saw your work since the failure, to ask for a "
        "letter."
    )


def _contact(at: _Applicant) -> str:
    if at.in_residency:
        who = "your program director, or the program's own advisor. Ask for half an hour"
    elif at.abroad:
        who = "the dean's office of your school, and one person from your school who has matched"
    elif at.graduate:
        who = "the student affairs office of the school that graduated you. Ask for an hour"
    else:
        who = "your dean of students, or your specialty advisor. Ask for half an hour"
    return f"A person for this: {who}. At any hour: the support lines."


@cache
def _recheck_by(table: str) -> date:
    with TABLE_RULES.open("rb") as file:
        day: date = tomllib.load(file)[table]["recheck_by"]
    return day


def _notes(at: _Applicant) -> tuple[str, ...]:
    notes = [
        "“History” marks figures from the years when Step 1 had a number, and those more than one "
        "edition old. They are not compared with you. “One edition old” means that a newer one is "
        "out and is not held here.",
    ]
    expired = [
        t for t in ("match_rates", "match_medians", "match_factors") if at.as_of > _recheck_by(t)
    ]
    if expired:
        day = min(_recheck_by(t) for t in expired)
        notes.append(
            f"These tables were to be read again by {day.isoformat()}. Newer figures may be out. "
            "Update Bounceback, or read the newest report with your advisor."
        )
    if at.cells.licensed is not None:
        notes += [
            f"Licensed tables: {x.licensed_to}, {x.licence}. Attested by {x.attested_by} on "
            f"{x.attested_on.isoformat()}."
            for x in at.cells.licensed.licences
        ]
    if len(at.types) > 1:
        notes.append(
            "We don't know yet whether you will apply as a senior or after your degree. "
            "The year of your degree and the year you apply decide it. "
            "Until then this page shows seniors, and graduates under the timing."
        )
    return tuple(notes)


# --- three columns --------------------------------------------------------------------------------


def _columns(at: _Applicant) -> dict[str, tuple[Entry, ...]]:
    text = words("words")
    found: dict[str, list[Entry]] = {"change": [], "explain": [], "past": []}
    if not at.passed:
        found["change"].append(Entry(id="recovery", title=text["recovery"]["title"],
                                     do=text["recovery"]["do"]))  # fmt: skip
    if at.failures():
        found["explain"].append(
            Entry(
                id="story",
                title=text["story"]["title"],
                sentences=_obstacles(at),
                do=text["story"]["do"],
            )
        )
        found["explain"].append(Entry(id="gap", title=text["gap"]["title"], do=text["gap"]["do"]))
    for row, rank in at.cells.factors():
        about = text["factors"][row["factor"]]
        found[_column(at, about)].append(_factor(at, row["factor"], about, rank))
    if not at.cells.factors():
        found["past"].append(
            Entry(id="factors", title="What program directors consider",
                  sentences=(sentence("No list of theirs was out on this day."),))
        )  # fmt: skip
    return {name: tuple(entries) for name, entries in found.items()}


def _column(at: _Applicant, about: dict[str, str]) -> str:
    return about.get("column_graduate", about["column"]) if at.graduate else about["column"]


def _factor(at: _Applicant, factor: str, about: dict[str, str], place: Figure) -> Entry:
    told = [sentence("Place {0} of the fourteen that directors considered most.", place)]
    if factor == FAILED_ATTEMPT:
        told += _weight_of_a_failure(at)
        never = at.cells.policy("never")
        if never is not None:
            told.append(
                sentence(
                    "{0} directors said that they would never consider a first attempt at Step 1 "
                    "that was failed, so most did not say never, and fewer than a third "
                    "of those asked "
                    "had answered.",
                    never,
                )
            )
    else:
        rated = at.cells.factor_figure(factor, "mean_importance")
        if rated is not None:
            told.append(sentence("A later survey gave it a mean importance of {0}.", rated))
    do = about["do"]
    if factor == FAILED_ATTEMPT and not at.failures():
        do = about["do_none"]
    if at.graduate and "do_graduate" in about:
        do = about["do_graduate"]
    if "do_not_asked" in about and at.record.learner.group != "non-us-img":
        do = about["do_not_asked"]
    name = f"factor-{int(place.value or 0)}"
    return Entry(id=name, title=about["title"], sentences=tuple(told), do=do)


# --- position -------------------------------------------------------------------------------------


def _positions(at: _Applicant) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Where a score stands, by specialty named; and what is missing for it."""
    found: list[Entry] = []
    missing: list[Entry] = []
    for specialty in at.specialties:
        told = (*_score_sentences(at, specialty), *_rank_sentences(at, specialty),
                *_specialty_counts(at, specialty))  # fmt: skip
        if told:
            found.append(
                Entry(
                    id=f"position-{specialty}",
                    title=specialty,
                    sentences=(
                        *told,
                        sentence(
                            "Everybody counted here was interviewed, and how many of them "
                            "had a failed "
                            "attempt is not published."
                        ),
                    ),
                )
            )
        if at.cells.middle(at.types[0], specialty, "step-2-ck", "matched") is None:
            missing.append(
                Entry(
                    id=f"unknown-position-{specialty}",
                    title=f"Scores of {at.whom} in {specialty}",
                    sentences=(sentence("Not published here for your kind of applicant."),),
                    do=f"Your {at.place} may hold the report. A licensed table can be loaded.",
                )
            )
    return tuple(found), tuple(missing)


def _score_sentences(at: _Applicant, specialty: str) -> list[Sentence]:
    kind = at.types[0]
    matched = at.cells.middle(kind, specialty, "step-2-ck", "matched")
    if matched is None:
        return []
    told = [_middle_sentence(at, matched)]
    told += _against_unmatched(at, specialty, matched)
    sitting = at.step_2_ck
    # History is for knowing the ground; no one who applies now is placed in it.
    if sitting is None or matched.median.edition == "history":
        return told
    assert sitting.score is not None
    own = f"{sitting.score:g}"
    if matched.q1 is not None and matched.q3 is not None:
        told.append(_in_the_middle_half(own, sitting.score, matched.q1, matched.q3))
    elif matched.median.value is not None:
        where = (
            "at" if sitting.score == matched.median.value
            else "above" if sitting.score > matched.median.value
            else "below"
        )  # fmt: skip
        told.append(
            sentence(
                "Your {own} stands {where} that middle, and the middle half is not "
                "published here, so "
                "how far that is cannot be said.",
                own=own,
                where=where,
            )
        )
    return told


def _middle_sentence(at: _Applicant, m: Middle) -> Sentence:
    counted = " of {2}" if m.n is not None else ""
    unsaid = "" if m.n is not None else ", and the number of people in this cell is not held here"
    if m.q1 is not None and m.q3 is not None:
        return sentence(
            "The middle half" + counted + " {whom} who matched had {0} to {1} on Step 2 CK"
            + unsaid + ".",
            *(f for f in (m.q1, m.q3, m.n) if f is not None),
            whom=at.whom if m.n is not None else f"of {at.whom}",
        )  # fmt: skip
    if m.median.value is None:
        return sentence(
            "Fewer than ten people stand in this cell, so no number is shown.", m.median
        )
    figures = (m.median,) if m.n is None else (m.median, m.n)
    return sentence(
        "Of " + ("{1} " if m.n is not None else "") + "{whom} who matched, half had {0} or more on "
        "Step 2 CK" + unsaid + ".",
        *figures,
        whom=at.whom,
    )


def _in_the_middle_half(own: str, score: float, q1: Figure, q3: Figure) -> Sentence:
    assert q1.value is not None
    assert q3.value is not None
    if score < q1.value:
        return sentence(
            "Your {own} stands below that middle half, where one in four of those who matched "
            "stood: a place in a crowd, not a verdict.",
            own=own,
        )
    if score > q3.value:
        return sentence(
            "Your {own} stands above that middle half: a place in a crowd, and the rest of the "
            "application is read as well.",
            own=own,
        )
    return sentence(
        "Your {own} stands within that middle half: a place in a crowd, with as many on either "
        "side.",
        own=own,
    )


def _against_unmatched(at: _Applicant, specialty: str, matched: Middle) -> list[Sentence]:
    kind = at.types[0]
    unmatched = at.cells.middle(kind, specialty, "step-2-ck", "unmatched")
    sign = at.cells.direction(kind, specialty, "step-2-ck")
    if unmatched is None or sign is None or matched.median.regime != unmatched.median.regime:
        return []
    if unmatched.median.value is None or matched.median.value is None:
        how = {1: "lower", 0: "the same", -1: "higher"}[sign]
        return [
            sentence(
                "Among those who did not match the middle was {how}, and they were fewer "
                "than ten, so "
                "the direction alone is shown.",
                unmatched.median,
                how=how,
            )
        ]
    if sign <= 0:
        return [
            sentence(
                "The middle was {0} for those who matched and {1} for those who did not: here the "
                "score does not tell them apart.",
                matched.median,
                unmatched.median,
            )
        ]
    return [
        sentence(
            "The middle was {0} for those who matched and {1} for those who did not, and the two "
            "crowds overlap.",
            matched.median,
            unmatched.median,
        )
    ]


def _rank_sentences(at: _Applicant, specialty: str) -> list[Sentence]:
    kind = at.types[0]
    matched = at.cells.middle(kind, specialty, "contiguous-ranks", "matched")
    unmatched = at.cells.middle(kind, specialty, "contiguous-ranks", "unmatched")
    if matched is None or unmatched is None:
        return []
    if matched.median.value is None or unmatched.median.value is None:
        return []
    over = "Over all specialties, those" if specialty == ALL_SPECIALTIES else "Those"
    return [
        sentence(
            over + " who matched had a middle of {0} programs of the specialty in a row on their "
            "list, those who did not had {1}.",
            matched.median,
            unmatched.median,
        )
    ]


def _specialty_counts(at: _Applicant, specialty: str) -> list[Sentence]:
    told: list[Sentence] = []
    kind = at.types[0]
    rate = at.cells.rate(kind, specialty, "preferred-specialty")
    if rate is not None and rate.matched is not None and rate.among is not None:
        if rate.matched.value is None or rate.among.value is None:
            told.append(
                sentence(
                    "Of {whom} who ranked it first and shared their data {how} matched "
                    "into it, and "
                    "one of the counts is under ten, so the direction alone is shown.",
                    rate.share,
                    whom=at.whom,
                    how="half or more" if rate.most else "fewer than half",
                )
            )
        else:
            told.append(
                sentence(
                    "Of {1} {whom} who ranked it first and shared their data, {0} matched into it.",
                    rate.matched,
                    rate.among,
                    whom=at.whom,
                )
            )
    other = at.cells.rate(kind, specialty, "specialty-among-its-applicants")
    counted = other is not None and other.share.value is not None
    if counted and other is not None and other.matched is not None and other.among is not None:
        told.append(
            sentence(
                "Of all {1} {whom} who applied to it, {0} matched into it: another way of "
                "counting, another number.",
                other.matched,
                other.among,
                whom=at.whom,
            )
        )
    return told


# --- national counts, others, timing --------------------------------------------------------------


def _rates(at: _Applicant) -> tuple[Entry, ...]:
    kind = at.types[0]
    told = [s for metric in _RATE_WORDS for s in _rate_sentence(at, kind, metric)]
    if not told:
        return ()
    if kind.endswith("prior-graduate"):
        told.append(
            sentence(
                "Part of this is selection: those who did not match in an earlier year are counted "
                "again here."
            )
        )
    told.append(
        sentence(
            "These count everybody, with and without a failed attempt, and they are not a "
            "statement "
            "about you."
        )
    )
    return (Entry(id="rates", title=f"{at.whom[0].upper()}{at.whom[1:]}", sentences=tuple(told)),)


_RATE_WORDS: Final = {
    "pgy-1": (
        "Of {1} {whom} who took part, {0} matched to a first-year position.",
        "Of {1} {whom} who took part, {0} matched to a first-year position.",
        "{0} {whom} who took part matched to a first-year position, and the counts are "
        "not held here.",
    ),
    "placed-after-soap": (
        "Of {1} {whom}, {0} had a position once SOAP was over.",
        "Of {1} {whom}, {0} had a position once SOAP was over.",
        "{0} {whom} had a position once SOAP was over, and the counts are not held here.",
    ),
}


def _rate_sentence(at: _Applicant, kind: str, metric: str) -> list[Sentence]:
    """One national rate: its counts where they are held, else "about 94 of 100", of N if held."""
    rate = at.cells.rate(kind, ALL_SPECIALTIES, metric)
    if rate is None or rate.share.value is None:
        return []
    counted, of_them, share = _RATE_WORDS[metric]
    whom = words("words")["applicants"][kind]
    if rate.matched is not None and rate.among is not None:
        return [sentence(counted, rate.matched, rate.among, whom=whom)]
    if rate.among is not None:
        return [sentence(of_them, rate.share, rate.among, whom=whom)]
    return [sentence(share, rate.share, whom=whom)]


def _others(at: _Applicant) -> tuple[Entry, ...]:
    if not _in_the_cohort(at):
        return ()
    told = [
        *_counted(
            at,
            "went-on-to-step-2",
            "Of {1} students who first failed Step 1, {0} went on to take Step 2 CK.",
        ),
        *_counted(at, "passed-step-2-first", "Of {1} who took it, {0} passed it the first time."),
        *_counted(
            at,
            "graduated-after-step-2-pass",
            "Of {1} who passed Step 2 CK the first time, {0} graduated.",
        ),
    ]
    if not told:
        return ()
    told.append(
        sentence(
            "Graduation is not the Match, and these students began their studies in another era."
        )
    )
    return (Entry(id="others", title="After a first failure of Step 1", sentences=tuple(told)),)


def _timing(at: _Applicant) -> tuple[Entry, ...]:
    if at.abroad:
        return (
            Entry(
                id="timing",
                title="This cycle or the next",
                sentences=(
                    sentence(
                        "How the years since a degree count is not published for graduates of "
                        "schools abroad. Some programs state a limit on their own pages."
                    ),
                ),
                do="List what each program asks for and by when. Decide with your "
                f"{HEADS[at.place]}.",
            ),
        )
    group = at.record.learner.group
    senior, graduate = f"{group}-senior", f"{group}-prior-graduate"
    told: list[Sentence] = []
    if at.types[0] == graduate:
        told.append(
            sentence(
                "Your degree comes before the cycle, so you apply as a graduate. That part is "
                "settled, and the cycle itself is still open."
            )
        )
        do = (
            "This cycle or the next, and what to do in the months between: decide with your "
            f"{HEADS[at.place]}, with the day of the result on the table."
        )
    else:
        told += _rate_sentence(at, senior, "pgy-1")
        told += _rate_sentence(at, graduate, "pgy-1")
        if len(told) > 1:
            told.append(
                sentence(
                    "Part of the distance is selection: graduates of earlier years include those "
                    "who did not match before. It is still the largest one that a timetable "
                    "touches, so it is raised early."
                )
            )
        do = (
            "Apply this cycle or the next, move the degree or not, take a leave or not: decide "
            f"with your {HEADS[at.place]}, with the day of the result on the table."
        )
    told.append(
        sentence("No day for the exam follows from this card. The exam keeps its own rule.")
    )
    return (Entry(id="timing", title="Senior or graduate", sentences=tuple(told), do=do),)


# --- levers, parallel plan ------------------------------------------------------------------------


def _levers(at: _Applicant) -> tuple[Entry, ...]:
    text = words("words")
    out = []
    for lever in text["lever"]:
        if lever["id"] == "pass" and at.passed:
            continue
        told = [
            sentence(text["lever_words"][row], *figures)
            for row in lever.get("rows", ())
            if _concerns(at, row) and (figures := at.cells.lever(row))
        ]
        if lever["id"] == "programs":
            told += _signals(at) + _rank_sentences(at, ALL_SPECIALTIES)
        if lever["id"] == "soap":
            told += _soap(at)
        if lever["id"] == "research":
            told += _research(at)
        if not told:
            told = [sentence(lever.get("known", "No size is published for it."))]
        out.append(
            Entry(
                id=f"lever-{lever['id']}",
                title=lever["title"],
                sentences=tuple(told),
                do=_lever_do(at, lever, told),
            )
        )
    return tuple(out)


def _lever_do(at: _Applicant, lever: dict[str, str], told: list[Sentence]) -> str:
    if lever["id"] == "step-2-ck":
        if at.step_2_ck is not None:
            return lever["do_passed"]
        if at.record.exam.id == STEP_2_CK and not at.passed:
            return lever["do_ahead"]
        if at.record.learner.group == "us-do":
            return lever["do_comlex"]
    if lever["id"] == "research" and not any(s.figures for s in told):
        return lever["do_unknown"]
    return lever["do"]


_LEVERS_OF_A_SPECIALTY: Final = {
    "rotation-program-local-ties-family-medicine": "Family Medicine",
    "away-rotations-general-surgery": "General Surgery",
    "step-2-ck-average-score-after-low-step": "Emergency Medicine",
}


def _concerns(at: _Applicant, lever: str) -> bool:
    """Studies of one specialty are shown to those who named it; of US seniors, to them."""
    if lever == "mixed-list-specialties-programs":
        return at.types[0] == "us-md-senior"
    specialty = _LEVERS_OF_A_SPECIALTY.get(lever)
    return specialty is None or specialty in at.specialties


def _signals(at: _Applicant) -> list[Sentence]:
    told = []
    for specialty in at.specialties:
        signals = at.cells.signals(specialty)
        if signals is not None:
            told.append(
                sentence("{specialty} gives each applicant {0} signals.", signals,
                         specialty=specialty)
            )  # fmt: skip
        elif any(specialty_name(r["specialty"]) == specialty for r in facts.table("match_signals")):
            told.append(
                sentence(
                    "How many signals {specialty} gives this season is not held here, and the "
                    "application service lists it each summer.",
                    specialty=specialty,
                )
            )
    return told


def _soap(at: _Applicant) -> list[Sentence]:
    offered = at.cells.positions(ALL_SPECIALTIES, "positions offered in SOAP")
    filled = at.cells.positions(ALL_SPECIALTIES, "positions filled in SOAP")
    if offered is None or filled is None:
        return []
    return [
        sentence(
            "{0} positions went through it over all specialties, and {1} of them were filled.",
            offered,
            filled,
        )
    ]


def _research(at: _Applicant) -> list[Sentence]:
    kind = at.types[0]
    matched = at.cells.middle(kind, ALL_SPECIALTIES, "publications", "matched")
    unmatched = at.cells.middle(kind, ALL_SPECIALTIES, "publications", "unmatched")
    if matched is None or unmatched is None:
        return []
    if matched.median.value is None or unmatched.median.value is None:
        return []
    return [
        sentence(
            "The middle number of publications was {0} for those who matched and {1} for those "
            "who did not, over all specialties.",
            matched.median,
            unmatched.median,
        )
    ]


def _parallel(at: _Applicant) -> tuple[Entry, ...]:
    told: list[Sentence] = []
    unfilled = at.cells.positions("Family Medicine", "unfilled positions")
    if unfilled is not None:
        told.append(
            sentence("Family Medicine had {0} positions open after the main Match.", unfilled)
        )
    if _in_the_cohort(at):
        told += _counted(
            at,
            "primary-care-after-failing",
            "Of {1} graduates of six schools who first failed Step 1, {0} entered primary care.",
        )
        told += _counted(
            at,
            "underserved-after-failing",
            "Of {1} in the same study, {0} planned to serve where doctors are scarce.",
        )
    told.append(
        sentence(
            "A second specialty is work worth doing, chosen early enough to mean it. It keeps the "
            "first one open."
        )
    )
    return (
        Entry(
            id="parallel",
            title="A second specialty beside the first",
            sentences=tuple(told),
            do="Name one next to the field you want, and spend a day there before you decide.",
        ),
    )


# --- not published --------------------------------------------------------------------------------


def _unknown(at: _Applicant) -> tuple[Entry, ...]:
    out = []
    for row in words("words")["unknown"]:
        scope = row.get("for_exams", "")
        if scope and not any(
            exam.startswith(scope)
            for exam in (at.record.exam.id, *(a.exam for a in at.record.attempts))
        ):
            continue
        says = facts.evidence(row["evidence"]).statement if "evidence" in row else row["says"]
        out.append(
            Entry(
                id=f"unknown-{row['id']}",
                title=row["title"],
                sentences=(sentence(says),),
                do=row.get("do", ""),
            )
        )
    if not _rates(at):
        out.append(
            Entry(
                id="unknown-rates",
                title=f"National counts for {at.whom}",
                sentences=(sentence("None is held here for this day."),),
            )
        )
    if at.step_2_ck is None and at.specialties:
        out.append(
            Entry(
                id="unknown-own-score",
                title="Where your own score stands",
                sentences=(
                    sentence("You have not entered a passed Step 2 CK score, so nothing "
                             "of yours is placed."),
                ),
            )
        )  # fmt: skip
    return tuple(out)
