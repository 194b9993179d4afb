"""What the learner studies from, as minutes of each activity that are still to be had.

No resources in the record means unknown, not none: questions are then taken as available, and the
sessions name no resource. Resources that are listed are the whole list, and they are finite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from bounceback import facts
from bounceback.planning.parameters import Rules
from bounceback.planning.strands import is_strand_only
from bounceback.reasons import Reason, reason
from bounceback.records.models import Block, Resource
from bounceback.vocabulary import ResourceKind

_DEFAULT_MINUTES: Final[dict[str, str]] = {
    "questions": "minutes_per_question",
    "cards": "minutes_per_card",
    "video": "minutes_per_video",
    "book": "minutes_per_book_unit",
}

_RECENT_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Supply:
    """One resource: how many fresh units are left (``inf``: not recorded), minutes for each."""

    name: str | None
    kind: ResourceKind
    units_left: float
    minutes_per_unit: float
    done: int = 0
    due_per_day: float | None = None
    left_by_area: Mapping[str, float] = field(default_factory=dict)

    @property
    def minutes_left(self) -> float:
        """Minutes of fresh units."""
        return self.units_left * self.minutes_per_unit


@dataclass(frozen=True, slots=True)
class Material:
    """Everything there is to study from.

    Attributes:
        questions: Banks, the one to finish first at the head.
        cards: Decks.
        passive: Books and videos.
        set_aside: Names left out by a freeze or by the number of resources at once.
        known: False when the record lists no resources.
    """

    questions: tuple[Supply, ...]
    cards: tuple[Supply, ...]
    passive: tuple[Supply, ...]
    set_aside: tuple[str, ...]
    known: bool

    @property
    def fresh_question_minutes(self) -> float:
        """Minutes of questions never seen."""
        return sum(s.minutes_left for s in self.questions)

    @property
    def questions_left(self) -> float:
        """Questions never seen, over all banks (``inf`` if not recorded)."""
        return sum(s.units_left for s in self.questions)

    @property
    def questions_done(self) -> float:
        """Questions seen so far, over all banks."""
        return float(sum(s.done for s in self.questions))

    @property
    def used_share(self) -> float:
        """Share of the banks that is used; 0 where it is not known."""
        total = self.questions_done + self.questions_left
        return self.questions_done / total if math.isfinite(total) and total > 0 else 0.0

    def left_in(self, area: str, exam_weight: float) -> float:
        """New questions of an area: as the bank shows them, else by the area's exam weight."""
        return sum(s.left_by_area.get(area, exam_weight * s.units_left) for s in self.questions)

    @property
    def passive_minutes(self) -> float:
        """Minutes of books and videos."""
        return sum(s.minutes_left for s in self.passive)

    @property
    def minutes_per_question(self) -> float:
        """Of the bank in use; ``nan`` without one."""
        return self.questions[0].minutes_per_unit if self.questions else math.nan

    @property
    def due_card_minutes_per_day(self) -> float | None:
        """Minutes of due cards a day, summed over decks that record it; ``None``: not recorded."""
        known = [s for s in self.cards if s.due_per_day is not None]
        return sum((s.due_per_day or 0.0) * s.minutes_per_unit for s in known) if known else None


def material(resources: Sequence[Resource], rules: Rules) -> Material:
    """Sort the learner's resources into what the plan can use."""
    if not resources:
        bank = Supply(None, "questions", math.inf, rules["minutes_per_question"])
        return Material((bank,), (), (), (), known=False)
    supplies = [_supply(r, rules) for r in resources if not is_strand_only(r)]
    by_kind: dict[ResourceKind, list[Supply]] = {
        "questions": [],
        "cards": [],
        "book": [],
        "video": [],
    }
    for supply in supplies:
        by_kind[supply.kind].append(supply)
    if not by_kind["questions"]:
        # A deck or a book alone says nothing of questions: unknown, not none.
        by_kind["questions"].append(
            Supply(None, "questions", math.inf, rules["minutes_per_question"])
        )
    # A bank begun is finished before the next: completion is what the studies tie to passing.
    by_kind["questions"].sort(key=lambda s: (s.units_left <= 0, -_done_share(s)))
    aside: list[str] = []
    if rules.whole("resource_freeze"):
        for kind, kept in by_kind.items():
            aside += [s.name or kind for s in kept[1:]]
            del kept[1:]
        if by_kind["book"] and by_kind["video"]:
            aside += [s.name or "video" for s in by_kind["video"]]
            by_kind["video"] = []
    room = rules.whole("resources_max")
    rounds = max((len(kept) for kept in by_kind.values()), default=0)
    order = [kept[i] for i in range(rounds) for kept in by_kind.values() if i < len(kept)]
    chosen = {id(s) for s in order[:room]}
    aside += [s.name or s.kind for s in order[room:]]
    for kind in by_kind:
        by_kind[kind] = [s for s in by_kind[kind] if id(s) in chosen]
    return Material(
        questions=tuple(by_kind["questions"]),
        cards=tuple(by_kind["cards"]),
        passive=tuple(s for s in (*by_kind["book"], *by_kind["video"]) if s.units_left > 0),
        set_aside=tuple(aside),
        known=True,
    )


def size_remarks(given: Sequence[Resource], sized: Sequence[Resource]) -> tuple[Reason, ...]:
    """What to say of sizes: those taken from the catalog, and those that are still unknown.

    Args:
        given: Resources as the case has them.
        sized: The same, in the same order, with what the catalog adds.
    """
    found: list[Reason] = []
    for before, after in zip(given, sized, strict=True):
        if after.catalogue is None:
            continue
        if after.units is None:
            found.append(
                reason("planning.catalog-size-unknown", resource=after.name, of=after.kind)
            )
        elif before.units is None:
            entry = facts.catalog_entry(after.catalogue)
            found.append(
                reason(
                    "planning.catalog-size",
                    resource=after.name,
                    of=after.kind,
                    units=after.units,
                    precision=entry.precision,
                    read=entry.verified_on,
                )
            )
    return tuple(found)


def questions_per_day_at_start(blocks: Sequence[Block], as_of: date, rules: Rules) -> float:
    """Fresh questions a day that the plan starts with.

    The default, or the learner's own pace of the last fortnight where that is higher, so that a
    plan re-made in week five does not start over. A prescription is taken as it stands.
    """
    start = rules["start_questions_per_day"]
    if "start_questions_per_day" in rules.prescribed:
        return start
    since = as_of - timedelta(days=_RECENT_DAYS)
    recent = [b for b in blocks if since <= b.date < as_of]
    days = len({b.date for b in recent})
    return max(start, sum(b.items for b in recent) / days) if days else start


def _done_share(supply: Supply) -> float:
    total = supply.done + supply.units_left
    return supply.done / total if math.isfinite(total) and total > 0 else 0.0


def _supply(resource: Resource, rules: Rules) -> Supply:
    left = math.inf if resource.units is None else max(0, resource.units - resource.done)
    minutes = resource.minutes_per_unit
    if minutes is None or minutes <= 0:
        minutes = rules[_DEFAULT_MINUTES[resource.kind]]
    return Supply(
        resource.name,
        resource.kind,
        left,
        minutes,
        resource.done,
        resource.due_per_day,
        dict(resource.left_by_area),
    )
