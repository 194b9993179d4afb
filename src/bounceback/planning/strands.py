"""Work beside the organ systems: OMM, case simulations, decision-making cases.

Each strand has a share of study of its own and is never filed under an area of the blueprint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bounceback.planning.parameters import Rules
from bounceback.records.models import Record, Resource
from bounceback.vocabulary import STRAND_NAMES, Activity

StrandId = Literal["omm", "ccs", "cdm"]
"""Strands with sessions of their own. Pacing is trained in every timed block."""

_WORDS: Final[dict[StrandId, tuple[str, ...]]] = {
    "omm": ("omm", "omt", "osteopathic", "savarese"),
    "ccs": ("ccs", "case simulation"),
    "cdm": ("cdm", "decision-making"),
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


def strands_of(record: Record, rules: Rules) -> tuple[Strand, ...]:
    """The strands of the record's exam, each with what the learner owns for it."""
    exam = record.exam.id
    ids: tuple[StrandId, ...] = ()
    if exam.startswith("comlex"):
        ids = ("omm", "cdm") if exam == "comlex-level-3" else ("omm",)
    elif exam == "usmle-step-3":
        ids = ("ccs",)
    return tuple(_strand(i, record.resources, rules) for i in ids)


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
