"""Names of content areas: which are legal where, close spellings, and the way to the share axis.

Names differ between blueprint, official report, practice report and version. The blueprint's
spelling in force is the canonical one; ``resolve_area`` leads every legal spelling to it and
``map_area`` leads every area of any axis or exam to the share axis, with weights.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final

from bounceback.errors import FactError, FactUnknown
from bounceback.facts.blueprints import axes, blueprint, exam_weights
from bounceback.facts.exams import exam
from bounceback.facts.loading import Row, holds, known_exam, table
from bounceback.facts.practice_tests import form_family
from bounceback.vocabulary import Axis

OFFICIAL: Final = "official"
"""Report id of the board's own score report, for ``attempts.profile``."""

BLUEPRINT: Final = "blueprint"
"""Context of blocks, misses, study and plan: the blueprint in force."""

ALL: Final = "*"
"""Cell of a report row that stands for every area of the blueprint."""

_CLOSE = 0.86
"""Least similarity of a typing slip, in [0, 1]; two letters in a name of average length."""

_CLEAR = 0.04
"""Least distance between the best and the second-best candidate."""


@dataclass(frozen=True, slots=True)
class AreaMatch:
    """What a given name stands for.

    Attributes:
        name: Canonical name: the blueprint's spelling in force, else the report's.
        axis: Axis of the area.
        exact: Whether the name was given exactly so; if not, the reader deserves a note.
    """

    name: str
    axis: Axis
    exact: bool


def _plain(name: str) -> str:
    """The name without case, punctuation and the choice between "&", "/" and "and"."""
    words = re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&", " and ")).split()
    return " ".join(word for word in words if word != "and")


def _stem(name: str) -> str:
    """As ``_plain``, also without the words every system carries."""
    return " ".join(w for w in _plain(name).split() if w not in ("system", "systems"))


@cache
def _blueprint_names(exam_id: str, on: date) -> dict[str, Axis]:
    names: dict[str, Axis] = {}
    for axis in axes(exam_id, on):
        for category in blueprint(exam_id, axis, on):
            names.setdefault(category.name, axis)
    return names


def _report_rows(report: str, exam_id: str, on: date) -> tuple[Row, ...]:
    if report != OFFICIAL:
        form_family(report, exam_id)
    return tuple(
        row
        for row in table("report_areas")
        if row["report"] == report and row["exam"] == exam_id and holds(row, on)
    )


@cache
def _spellings(context: str, exam_id: str, on: date) -> dict[str, tuple[str, Axis]]:
    """Every legal spelling in a context, with the canonical name and axis it stands for."""
    names = _blueprint_names(exam_id, on)
    by_plain = {_plain(name): name for name in names}
    spelled: dict[str, tuple[str, Axis]] = {}
    if context == BLUEPRINT:
        return {name: (name, axis) for name, axis in names.items()}
    for row in _report_rows(context, exam_id, on):
        axis: Axis = row["axis"]  # type: ignore[assignment]
        if row["area"] == ALL:
            spelled |= {n: (n, a) for n, a in names.items() if row["axis"] in (ALL, a)}
        else:
            canonical = row["blueprint_area"] or by_plain.get(_plain(row["area"]), row["area"])
            spelled[row["area"]] = (canonical, axis)
            spelled.setdefault(canonical, (canonical, axis))
    return spelled


def report_areas(report: str, exam_id: str, on: date) -> dict[str, Axis]:
    """Return the areas a report shows on a day: canonical name to axis, in the report's order.

    Args:
        report: ``official`` for the board's own report, else a form family.
        exam_id: Exam.
        on: Day of the sitting or of the form.

    Raises:
        FactError: Unknown report or exam, or a family that does not serve the exam.
        FactUnknown: The areas of that day are not known.
    """
    known_exam(exam_id)
    found = dict(_spellings(report, exam_id, on).values())
    if not found:
        raise FactUnknown(f"the areas of the {report} report of {exam_id} on {on} are not known")
    return found


def area_names(exam_id: str, on: date) -> dict[str, Axis]:
    """Return every area of the blueprint in force, name to axis, the share axis first.

    Raises:
        FactUnknown: The blueprint of that day is not known.
    """
    names = _blueprint_names(known_exam(exam_id), on)
    if not names:
        blueprint(exam_id, exam(exam_id).share_axis, on)  # raises, with the reason
    return dict(names)


@lru_cache(maxsize=4096)  # bounded: the name comes from outside
def resolve_area(name: str, exam_id: str, on: date, *, context: str = BLUEPRINT) -> AreaMatch:
    """Return the area a name stands for.

    Accepted without a note: the exact spelling. With one (``exact`` False): another case, "&",
    "/" or "and", other punctuation, without "System", or a small slip of typing. In the context
    of a report, an area of the blueprint in force that the report does not list is accepted too,
    with a note: the lists of reports were not all seen in full.

    Args:
        name: The name as given.
        exam_id: Exam.
        on: The entry's date.
        context: ``blueprint``; ``official`` for a profile; a form family for the form's areas.

    Raises:
        FactError: No such area; the message lists the legal ones, and names the blueprint
            area if the given one belongs to another version or exam.
        FactUnknown: The blueprint of that day is not known.
    """
    area_names(exam_id, on)
    spelled = _spellings(context, exam_id, on)
    if name in spelled:
        canonical, axis = spelled[name]
        return AreaMatch(canonical, axis, exact=True)
    for candidates in (spelled, _spellings(BLUEPRINT, exam_id, on)):
        for reduce in (_plain, _stem):
            found = {
                candidates[spelling] for spelling in candidates if reduce(spelling) == reduce(name)
            }
            if len(found) == 1:
                canonical, axis = found.pop()
                return AreaMatch(canonical, axis, exact=False)
    slip = _nearest(name, {**_spellings(BLUEPRINT, exam_id, on), **spelled})
    if slip is not None:
        return AreaMatch(slip[0], slip[1], exact=False)
    raise FactError(_refusal(name, exam_id, on, context, spelled))


def _nearest(name: str, spelled: dict[str, tuple[str, Axis]]) -> tuple[str, Axis] | None:
    """The one spelling within a small slip of typing, or ``None``."""
    from difflib import SequenceMatcher

    given = _plain(name)
    best: dict[tuple[str, Axis], float] = {}
    for spelling, target in spelled.items():
        ratio = SequenceMatcher(None, given, _plain(spelling), autojunk=False).ratio()
        best[target] = max(ratio, best.get(target, 0.0))
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _CLOSE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR:
        return None
    return ranked[0][0]


def _refusal(
    name: str, exam_id: str, on: date, context: str, spelled: dict[str, tuple[str, Axis]]
) -> str:
    where = {
        BLUEPRINT: f"the blueprint of {exam_id}",
        OFFICIAL: f"the score report of {exam_id}",
    }.get(context, f"the {context} report")
    text = f"area {name!r} is not one of {where} on {on}"
    other = _through_headings(name, exam_id, on)
    if other:
        text += f"; it belongs to another version or exam and lies in {' and '.join(other)}"
    legal = dict.fromkeys(canonical for canonical, _ in spelled.values())
    return f"{text}. Areas: {'; '.join(legal)}"


def _cross_column(exam_id: str) -> str:
    return exam_id if exam(exam_id).board == "USMLE" else "comlex"


def _through_headings(name: str, exam_id: str, on: date) -> dict[str, float]:
    """Share areas that an area of another version or exam lies in; empty if none is known.

    Each of the outline's common headings that the name covers counts the same.
    """
    given = _plain(name)
    legal = exam_weights(exam_id, on)
    weights: dict[str, float] = {}
    for row in table("category_mapping"):
        sides = [v for k, v in row.items() if k in _HEADING_COLUMNS and v]
        target = row[_cross_column(exam_id)]
        if target in legal and any(_plain(side) == given for side in sides):
            weights[target] = weights.get(target, 0.0) + 1.0
    total = sum(weights.values())
    return {area: weight / total for area, weight in weights.items()}


_HEADING_COLUMNS: Final = (
    "heading",
    "usmle-step-1",
    "usmle-step-2-ck",
    "usmle-step-3",
    "nbme-cbssa",
    "comlex",
)


@cache
def _emphasis(name: str, exam_id: str, on: date) -> tuple[tuple[str, float], ...]:
    """Weights of an overlapping area on the share axis: exam weight times emphasis, scaled to 1."""
    rows = [
        row
        for row in table("area_emphasis")
        if row["exam"] == exam_id and _plain(row["area"]) == _plain(name)
    ]
    emphasis = {row["to_area"]: float(row["emphasis"]) for row in rows}
    elsewhere = emphasis.get(ALL, 1.0)
    raw = {
        area: weight * emphasis.get(area, elsewhere)
        for area, weight in exam_weights(exam_id, on).items()
    }
    total = sum(raw.values())
    return tuple((area, weight / total) for area, weight in raw.items() if weight > 0.0)


def map_area(name: str, exam_id: str, on: date) -> dict[str, float]:
    """Return how an area loads on the exam's share axis: area to weight, summing to 1.

    - An area of the share axis loads on itself.
    - An area of an overlapping axis (discipline, task, Nutrition) loads on each share area by
      exam weight times an emphasis from ``area_emphasis.csv``: inferred, documented there; one
      that is not listed loads by exam weight alone.
    - An area of another version or exam loads through the outline's common headings
      (``category_mapping.csv``), each heading the same: inferred from the names.

    For planning and for ordering areas; such results carry no score information of their own.

    Raises:
        FactError: The name is not an area of any of these.
        FactUnknown: The blueprint of that day is not known, or the exam has no such content.
    """
    weights = exam_weights(exam_id, on)
    given = _plain(name)
    for area in weights:
        if _plain(area) == given:
            return {area: 1.0}
    overlapping = {_plain(area) for area in _blueprint_names(exam_id, on)}
    for row in table("report_areas"):
        if row["exam"] == exam_id and row["area"] != ALL:
            if _plain(row["area"]) == given and row["blueprint_area"] in weights:
                return {row["blueprint_area"]: 1.0}
            overlapping.add(_plain(row["area"]))
    if given in overlapping:
        return dict(_emphasis(name, exam_id, on))
    across = _through_headings(name, exam_id, on)
    if across:
        return across
    if any(given == _plain(v) for row in table("category_mapping") for v in row.values()):
        raise FactUnknown(
            f"{exam_id} has no area of its own for {name!r}; no crosswalk is published"
        )
    raise FactError(
        f"area {name!r} is not known for {exam_id} on {on}. Areas: {'; '.join(weights)}"
    )
