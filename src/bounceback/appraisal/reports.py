"""The official report beside practice reports, area by area.

Bars that overlap are *the same*. Where both say lower, act; where they differ, look again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Literal

from bounceback import facts
from bounceback.appraisal import thresholds
from bounceback.appraisal.record_queries import exam_weights, last_failure
from bounceback.errors import FactError
from bounceback.reasons import Reason, reason
from bounceback.records import as_seen_on
from bounceback.records.models import Form, Record
from bounceback.vocabulary import Level

Agreement = Literal["act", "look-again", "hold", "one-sided"]

_OTHER_NAME = 0.5
"""How surely a category belongs to one of another name: it may hold less or more than that one did.
No crosswalk is published; the mapping goes by names, and the half is our own choice."""

_LEVEL_VALUE: dict[Level, float] = {"lower": -1.0, "same": 0.0, "higher": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaComparison:
    """One area of the share axis in the official and in the practice reports.

    Attributes:
        area: Area of the blueprint in force.
        official: Level on the official report; ``None`` if it says nothing on the area.
        official_mapping: Share of the official statement that surely belongs to this area, in
            [0, 1]; below 1 the category was split or renamed between versions.
        practice: Level on practice reports: lower or higher only where the 1-standard-error bar of
            the area does not overlap that of the rest of the same tests.
        correct, items: Counts in practice; 0 items if it says nothing.
        agreement: act (both lower), look-again (they differ), hold (neither lower), one-sided.
    """

    area: str
    official: Level | None
    official_mapping: float
    practice: Level | None
    correct: float
    items: int
    agreement: Agreement

    @property
    def says(self) -> Reason:
        """What both reports say of this area, and what to do."""
        return reason(
            f"appraisal.reports-{self.agreement}",
            area=self.area,
            official=self.official,
            practice=self.practice,
            correct=self.correct,
            items=self.items,
            is_sure=self.official is None or self.official_mapping >= 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportComparison:
    """All areas, those to act on first."""

    sitting: date
    forms: tuple[str, ...]
    areas: tuple[AreaComparison, ...]
    reference: str
    says: Reason


def compare_reports(record: Record, as_of: date) -> ReportComparison | None:
    """Set the last failing report beside the practice tests.

    Practice tests of the weeks before the sitting and since are pooled; area results without a
    number of items are left out, their bars are unknown.

    Returns:
        The comparison; ``None`` without an official profile.
    """
    seen, _ = as_seen_on(record, as_of)
    failure = last_failure(seen, as_of)
    if failure is None or not failure.profile:
        return None
    t = thresholds.load_thresholds(seen.exam.id)
    weights = exam_weights(seen, as_of)
    first = failure.date.toordinal() - t.count("span_before_days")
    forms = [f for f in seen.forms if f.areas and f.date.toordinal() >= first]
    official, surely = _official_levels(seen, dict(failure.profile), as_of)
    practice = _practice_counts(seen, forms, as_of)
    names = list(weights) or sorted({*official, *practice})
    compared = []
    for area in names:
        level = official.get(area)
        right, items = practice.get(area, (0.0, 0.0))
        seen_level = None
        if items >= t["areas_min_items"]:
            seen_level = _practice_level(area, practice, t["areas_same_sd"])
        if level is None and seen_level is None:
            continue
        agreement = _agreement(level, seen_level)
        compared.append(
            AreaComparison(
                area=area,
                official=level,
                official_mapping=surely.get(area, 0.0),
                practice=seen_level,
                correct=right,
                items=round(items),
                agreement=agreement,
            )
        )
    order = {"act": 0, "look-again": 1, "one-sided": 2, "hold": 3}
    compared.sort(key=lambda c: (order[c.agreement], -weights.get(c.area, 0.0), c.area))
    act = [c.area for c in compared if c.agreement == "act"]
    again = [c.area for c in compared if c.agreement == "look-again"]
    return ReportComparison(
        sitting=failure.date,
        forms=tuple(f"{f.family} {f.form}" for f in forms),
        areas=tuple(compared),
        reference=_reference(seen, failure.date),
        says=reason("appraisal.reports-summary", act=tuple(act), look_again=tuple(again)),
    )


def _reference(record: Record, on: date) -> str:
    """Whom the official profile compares with."""
    try:
        return str(facts.value(f"{record.exam.id}.profile-reference", on).value)
    except FactError:
        return ""


def _official_levels(
    record: Record, profile: dict[str, Level], as_of: date
) -> tuple[dict[str, Level], dict[str, float]]:
    """Official levels on the share axis of today, and how surely each belongs there.

    A category that was split between versions says the same of each of its parts, less surely;
    categories of an overlapping axis (disciplines) say nothing about a single system.
    """
    axis = facts.exam(record.exam.id).share_axis
    try:
        axes = facts.report_areas("official", record.exam.id, as_of)
    except FactError:
        axes = {}
    said: dict[str, list[tuple[float, Level]]] = defaultdict(list)
    surely: dict[str, float] = {}
    for area, level in profile.items():
        if axes.get(area, axis) != axis:
            continue
        try:
            mapped = facts.map_area(area, record.exam.id, as_of)
        except FactError:
            mapped = {area: 1.0}
        for target, share in mapped.items():
            said[target].append((share, level))
            surely[target] = max(
                surely.get(target, 0.0),
                share if _letters(target) == _letters(area) else share * _OTHER_NAME,
            )
    levels: dict[str, Level] = {}
    for area, parts in said.items():
        total = sum(share for share, _ in parts)
        mean = sum(share * _LEVEL_VALUE[level] for share, level in parts) / total
        levels[area] = "lower" if mean < -0.5 else "higher" if mean > 0.5 else "same"
    return levels, {area: min(1.0, share) for area, share in surely.items()}


def _letters(name: str) -> str:
    """A name without case and punctuation."""
    return "".join(filter(str.isalpha, name.casefold().replace("&", "and")))


def _practice_counts(
    record: Record, forms: list[Form], as_of: date
) -> dict[str, tuple[float, float]]:
    """Right answers and items by area of the share axis, pooled; areas of other axes left out."""
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    axis = facts.exam(record.exam.id).share_axis
    for form in forms:
        try:
            axes = facts.report_areas(form.family, record.exam.id, form.date)
        except FactError:
            axes = {}
        for area, result in form.areas.items():
            if result.fraction is None or not result.items or axes.get(area, axis) != axis:
                continue
            try:
                mapped = facts.map_area(area, record.exam.id, as_of)
            except FactError:
                mapped = {area: 1.0}
            for target, share in mapped.items():
                counts[target][0] += result.fraction * result.items * share
                counts[target][1] += result.items * share
    return {area: (right, items) for area, (right, items) in counts.items()}


def _practice_level(
    area: str, practice: dict[str, tuple[float, float]], widths: float
) -> Level | None:
    """Area against the other areas of the same tests; overlapping bars are the same.

    Bars are ``widths`` standard errors to each side, with half an item added to each count so that
    none right is no certainty (Agresti and Coull 1998).
    """
    right, items = practice[area]
    other_right = sum(r for a, (r, _) in practice.items() if a != area)
    other_items = sum(n for a, (_, n) in practice.items() if a != area)
    if other_items <= 0:
        return None
    p, q = (right + 0.5) / (items + 1), (other_right + 0.5) / (other_items + 1)
    own = widths * sqrt(p * (1 - p) / (items + 1))
    rest = widths * sqrt(q * (1 - q) / (other_items + 1))
    if p + own < q - rest:
        return "lower"
    if p - own > q + rest:
        return "higher"
    return "same"


def _agreement(official: Level | None, practice: Level | None) -> Agreement:
    if official is None or practice is None:
        return "one-sided"
    if official == practice == "lower":
        return "act"
    if "lower" in (official, practice):
        return "look-again"
    return "hold"


def reports_compared(comparison: ReportComparison) -> Reason:
    """Return which reports were compared."""
    return reason(
        "appraisal.reports-compared", attempt=comparison.sitting, tests=len(comparison.forms)
    )
