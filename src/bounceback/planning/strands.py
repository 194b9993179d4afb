"""Work beside the organ systems: OMM, case simulations, decision-making cases.

Each strand has a share of study of its own and is never filed under an area of the blueprint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from bounceback.planning.parameters import Rules
from bounceback.records.models import Record, Resource
from bounceback.vocabulary import STRAND_NAMES, Activity

StrandId = Literal["omm", "ccs", "cdm", "pacing"]
"""Strands with sessions of their own."""

_WORDS: Final[dict[StrandId, tuple[str, ...]]] = {
    "omm": ("omm", "omt", "osteopathic", "savarese"),
    "ccs": ("ccs", "case simulation"),
    "cdm": ("cdm", "decision-making"),
    "pacing": (),
}
_COMLEX_BANKS: Final = ("combank", "comquest", "truelearn", "comlex")
_ACTIVITY_OF_KIND: Final[dict[str, Activity]] = {
    "questions": "questions",
    "book": "reading",
    "video": "video",
    "cards": "cards",
    "cases": "other",
}


@dataclass(frozen=True, slots=True)
class Strand:
    """One strand of a plan.

    Attributes:
        id: Which.
        share: Of study.
        activity: What its sessions are.
        resource: The learner's own for it; ``None`` where none is listed.
        from_bank: Whether the resource is the question bank with the strand as a filter.
    """

    id: StrandId
    share: float
    activity: Activity
    resource: str | None
    from_bank: bool

    @property
    def label(self) -> str:
        """Its name in a session's areas."""
        return STRAND_NAMES[self.id]


def runs_out_of_time(record: Record, as_of: date, rules: Rules) -> bool:
    """Whether so many questions are missed for want of time that pace is trained."""
    causes = [m.cause for m in record.misses if m.cause is not None and m.date <= as_of]
    late = sum(c == "out-of-time" for c in causes)
    return bool(causes) and late >= rules["pacing_share"] * len(causes)


def strands_of(record: Record, as_of: date, rules: Rules) -> tuple[Strand, ...]:
    """The strands of the record's exam, each with what the learner owns for it.

    Where time runs out pace has its own sessions: few questions that were missed before, against
    the clock.
    """
    exam = record.exam.id
    ids: tuple[StrandId, ...] = ()
    if exam.startswith("comlex"):
        ids = ("omm", "cdm") if exam == "comlex-level-3" else ("omm",)
    elif exam == "usmle-step-3":
        ids = ("ccs",)
    found = tuple(_strand(i, record.resources, rules) for i in ids)
    if runs_out_of_time(record, as_of, rules):
        bank = next((r.name for r in record.resources if r.kind == "questions"), None)
        share = rules["strand_share_pacing"]
        found = (*found, Strand("pacing", share, "questions", bank, from_bank=False))
    return found


def is_strand_only(resource: Resource) -> bool:
    """Whether a resource serves a strand and no organ system."""
    if resource.kind == "questions":
        return resource.strand is not None
    return resource.kind == "cases" or any(_serves(resource, i) for i in _WORDS)


def _serves(resource: Resource, strand: StrandId) -> bool:
    own = resource.strand
    if own is not None:
        return bool(own == strand)
    name = resource.name.casefold()
    return any(word in name.split() or word in name for word in _WORDS[strand])


def _strand(strand: StrandId, resources: Sequence[Resource], rules: Rules) -> Strand:
    share = rules[f"strand_share_{strand}"]
    own = [r for r in resources if _serves(r, strand) or (strand != "omm" and r.kind == "cases")]
    if own:
        first = own[0]
        return Strand(strand, share, _ACTIVITY_OF_KIND[first.kind], first.name, from_bank=False)
    for r in resources:
        if r.kind == "questions" and any(b in r.name.casefold() for b in _COMLEX_BANKS):
            return Strand(strand, share, "questions", r.name, from_bank=True)
    return Strand(strand, share, "other", None, from_bank=False)
