"""Misses: cause by area by time, the same wrong option again, pairs that are mixed up.

A miss is a question answered wrong or guessed, with its cause. The item's text is never stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bounceback.appraisal.models import Span
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import QuestionError
from bounceback.records.models import Miss
from bounceback.vocabulary import CAUSES, Cause

REASONING_CAUSES: frozenset[Cause] = frozenset({"anchored", "narrowed-wrong"})
"""Causes of clinical reasoning, which exam and ward share; they have a trend of their own."""

UNTAGGED = ""
"""Area of a miss that names none."""


@dataclass(frozen=True, slots=True)
class CauseTable:
    """Counts of misses by cause, area and week.

    Attributes:
        counts: (cause, area, Monday of the week) to number of misses; absent cells are zero
            misses logged.
        total: Number of misses.
    """

    counts: Mapping[tuple[Cause, str, date], int]
    total: int

    def by_cause(self) -> dict[Cause, int]:
        """Misses of each cause, all eight, in the order of the vocabulary."""
        return {c: sum(n for (x, _, _), n in self.counts.items() if x == c) for c in CAUSES}

    def by_area(self) -> dict[str, int]:
        """Misses of each area, most first."""
        areas: Counter[str] = Counter()
        for (_, area, _), n in self.counts.items():
            areas[area] += n
        return dict(sorted(areas.items(), key=lambda kv: (-kv[1], kv[0])))

    def by_week(self, causes: Iterable[Cause] = CAUSES) -> dict[date, tuple[int, int]]:
        """For each week, misses of these causes and all misses, oldest first."""
        wanted = frozenset(causes)
        weeks: dict[date, list[int]] = defaultdict(lambda: [0, 0])
        for (cause, _, week), n in self.counts.items():
            weeks[week][0] += n if cause in wanted else 0
            weeks[week][1] += n
        return {week: (k, n) for week, (k, n) in sorted(weeks.items())}


def cause_table(misses: Iterable[Miss], span: Span | None = None) -> CauseTable:
    """Count misses by cause, area and week (weeks begin on Monday)."""
    counts: Counter[tuple[Cause, str, date]] = Counter()
    for miss in misses:
        if span is None or miss.date in span:
            monday = miss.date - timedelta(days=miss.date.weekday())
            counts[miss.cause, miss.area or UNTAGGED, monday] += 1
    return CauseTable(dict(counts), counts.total())


@dataclass(frozen=True, slots=True)
class RepeatedOption:
    """A question missed more than once with the same wrong option.

    Attributes:
        item: The bank's own id.
        chosen: The option.
        times: How often.
        dates: When.
        area: Area, if one was named.
    """

    item: str
    chosen: str
    times: int
    dates: tuple[date, ...]
    area: str | None


def repeated_options(misses: Iterable[Miss]) -> tuple[RepeatedOption, ...]:
    """Questions that got the same wrong option twice or more, most often first."""
    seen: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        if miss.item is not None and miss.chosen is not None:
            seen[miss.item, miss.chosen].append(miss)
    found = [
        RepeatedOption(
            item=item,
            chosen=chosen,
            times=len(ms),
            dates=tuple(sorted(m.date for m in ms)),
            area=next((m.area for m in ms if m.area), None),
        )
        for (item, chosen), ms in seen.items()
        if len(ms) > 1
    ]
    return tuple(sorted(found, key=lambda r: (-r.times, r.item, r.chosen)))


@dataclass(frozen=True, slots=True)
class ConfusionPair:
    """Two things that are taken for each other, from rules written "A, not B".

    Attributes:
        names: The two, in alphabetical order.
        times: In how many misses.
        dates: When.
    """

    names: tuple[str, str]
    times: int
    dates: tuple[date, ...]


def confusion_pairs(misses: Iterable[Miss]) -> tuple[ConfusionPair, ...]:
    """Pairs that the learner's one-line rules set apart, most frequent first.

    Read from rules with " not ", " vs " or " / " between two short names: "minimal change, not
    membranous". The order of the two does not matter.
    """
    pairs: dict[tuple[str, str], list[date]] = defaultdict(list)
    for miss in misses:
        pair = _pair(miss.rule or "")
        if pair is not None:
            pairs[pair].append(miss.date)
    found = [ConfusionPair(p, len(d), tuple(sorted(d))) for p, d in pairs.items()]
    return tuple(sorted(found, key=lambda p: (-p.times, p.names)))


_PAIR_WORDS_MAX = 5
"""A name in a pair has at most five words; longer text is a sentence, not a name."""


def _pair(rule: str) -> tuple[str, str] | None:
    """The first two short names that a rule sets apart; a colon parts context and reason."""
    for clause in rule.casefold().replace(",", " ").split(":"):
        text = f" {' '.join(clause.split())} "
        for separator in (" not ", " vs ", " vs. ", " versus ", " / "):
            left, found, right = text.partition(separator)
            names = (left.strip(" ."), right.strip(" ."))
            if found and all(0 < len(n.split()) <= _PAIR_WORDS_MAX for n in names):
                first, second = sorted(names)
                return (first, second) if first != second else None
    return None


def quick_miss(
    on: date,
    cause: Cause,
    *,
    area: str | None = None,
    confidence: int | None = None,
    rule: str | None = None,
    item: str | None = None,
    chosen: str | None = None,
    t: Thresholds,
) -> Miss:
    """A miss from a few keys: cause, area, confidence, a one-line rule; never the item's text.

    Raises:
        QuestionError: The rule is longer than a line or looks like a pasted question: the words
            of a question belong to its bank and are not kept here.
    """
    if rule is not None:
        longest = t.count("rule_characters_max")
        if len(rule) > longest or "\n" in rule.strip():
            raise QuestionError(
                f"the rule has {len(rule)} characters in {len(rule.splitlines())} lines; allowed: "
                f"one line of at most {longest} (appraisal.rule_characters_max). Questions belong "
                "to their bank and are not stored here; write what separates the two answers in "
                "your own words."
            )
    if confidence is not None and not 1 <= confidence <= 4:
        raise QuestionError(
            f"confidence={confidence}; allowed: 1 to 4 (case file, misses). 1 is a guess, "
            "4 is sure."
        )
    return Miss(
        date=on,
        cause=cause,
        area=area,
        confidence=confidence,
        rule=rule.strip() if rule else None,
        item=item,
        chosen=chosen,
    )


def in_order(misses: Sequence[Miss]) -> list[Miss]:
    """Misses by date; those of one day in the order of the record."""
    return sorted(misses, key=lambda m: m.date)
