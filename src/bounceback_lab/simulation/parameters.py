"""The frozen constants of the simulated population: data, digest, version.

Everything the population knows of the world stands in ``data/*.csv``, each row with its confidence
and reason. The population is frozen before anything is judged on it, so it carries its own copy of
blueprints and marks as they held for its sittings; tests compare them with the facts.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

POPULATION_VERSION: Final = "1"
"""Raised whenever a file of ``data/`` or a law of this package changes what is simulated."""

DEFAULT_SEED: Final = 20241
"""Seed of the frozen population on which forecasts and plans are compared."""

DATA_FILES: Final = (
    "activities.csv",
    "areas.csv",
    "cells.csv",
    "constants.csv",
    "exams.csv",
    "families.csv",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamScale:
    """One exam as the population sits it.

    Attributes:
        exam: Exam id of the case file.
        mark: Lowest passing score, points of the reported scale, on the days of the sittings.
        scale_low: Lowest reported score.
        scale_high: Highest reported score.
        items: Scored and unscored items of one sitting.
        points_per_percent: Reported points for one percent correct on the reference pool.
        percent_at_mark: Percent correct on the reference pool at which the mark lies.
        skill_sd: Spread of reasoning among first takers, logits.
        knowledge_sd: Spread of the common factor of knowledge among first takers, logits.
        pace: Speed of learning its matter, relative to Step 1.
        norm_sd: Published spread of first takers' scores, points of the reported scale.
        number_reported: Whether a failing report shows a number.
        distance_shown: Whether it shows the distance below the mark as a graphic.
        first_failed_sitting: First day on which a simulated sitting is failed.
        last_failed_sitting: Last such day.
        areas: Categories of the share axis.
        weights: Their shares, summing to 1.
    """

    exam: str
    mark: float
    scale_low: float
    scale_high: float
    items: int
    points_per_percent: float
    percent_at_mark: float
    skill_sd: float
    knowledge_sd: float
    pace: float
    norm_sd: float
    number_reported: bool
    distance_shown: bool
    first_failed_sitting: date
    last_failed_sitting: date
    areas: tuple[str, ...]
    weights: tuple[float, ...]

    def score(self, percent: float) -> float:
        """Reported score (not rounded) at a percent correct on the reference pool."""
        return self.mark + self.points_per_percent * (percent - self.percent_at_mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One exam and group.

    Attributes:
        exam: Exam id.
        group: Group id.
        share: Share of repeat attempts in the default mix.
        level: Mean of the common factor of knowledge among first takers, logits.
        hours_per_day: Median planned hours of a study day of a retaker.
        retake_share: Share of those who fail at the mark who sit again.
        retake_slope: How much likelier (logits per 10 percent correct) the nearly passed are.
    """

    exam: str
    group: str
    share: float
    level: float
    hours_per_day: float
    retake_share: float
    retake_slope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family of practice forms of one exam.

    Attributes:
        exam: Exam id.
        family: Family id of the case file.
        labels: Forms that exist.
        items: Items of one form.
        scale: ``percent`` (equated or raw), ``reported`` (the exam's) or ``own`` (10-800).
        equated: Whether form difficulty is taken out.
        bias_points: Mean of form score minus exam score on the exam's scale.
        label_sd_points: Spread of that bias between forms of the family.
        person_sd_points: Spread of it between learners.
        area_table: ``all`` areas, the ``large`` ones, or ``none``.
        prints_p_pass: Whether the report prints a chance of passing within a week.
        popularity: Share among forms taken.
    """

    exam: str
    family: str
    labels: tuple[str, ...]
    items: int
    scale: str
    equated: bool
    bias_points: float
    label_sd_points: float
    person_sd_points: float
    area_table: str
    prints_p_pass: bool
    popularity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEffect:
    """What a minute of one activity does, relative to a minute of questions.

    Attributes:
        activity: Activity id of the case file.
        learn: Learning of unknown facets.
        touch: Meeting known facets again.
        stability_growth: Factor on the time scale of forgetting at a well-spaced return.
        misconception: Correcting misconceptions.
        skill: Practice in taking tests.
    """

    activity: str
    learn: float
    touch: float
    stability_growth: float
    misconception: float
    skill: float


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """All constants of the population; compared and hashed by identity."""

    exams: dict[str, ExamScale]
    cells: dict[tuple[str, str], Cell]
    families: dict[tuple[str, str], Family]
    activities: tuple[ActivityEffect, ...]
    constants: dict[str, float]

    def __getitem__(self, name: str) -> float:
        """One named constant of ``constants.csv``."""
        return self.constants[name]


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one file of ``data/`` as text."""
    text = files("bounceback_lab.simulation").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _value(text: str, kind: str) -> object:
    match kind:
        case "float":
            return float(text)
        case "int":
            return int(text)
        case "bool":
            return text == "1"
        case "date":
            return date.fromisoformat(text)
        case "tuple[str, ...]":
            return tuple(text.split(";"))
        case _:
            return text


def _read(kind: type, row: dict[str, str], **more: object) -> object:
    given = {f.name: _value(row[f.name], str(f.type)) for f in fields(kind) if f.name not in more}
    return kind(**given, **more)


@cache
def parameters() -> Parameters:
    """The shipped constants, read once."""
    areas: dict[str, list[tuple[str, float]]] = {}
    for row in rows("areas.csv"):
        areas.setdefault(row["exam"], []).append((row["area"], float(row["weight"])))
    exams: dict[str, ExamScale] = {}
    for row in rows("exams.csv"):
        names, weights = zip(*areas[row["exam"]], strict=True)
        total = sum(weights)
        scale = _read(ExamScale, row, areas=names, weights=tuple(w / total for w in weights))
        assert isinstance(scale, ExamScale)
        exams[scale.exam] = scale
    cells = {(r["exam"], r["group"]): _read(Cell, r) for r in rows("cells.csv")}
    families = {(r["exam"], r["family"]): _read(Family, r) for r in rows("families.csv")}
    return Parameters(
        exams=exams,
        cells=cells,  # type: ignore[arg-type]
        families=families,  # type: ignore[arg-type]
        activities=tuple(_read(ActivityEffect, r) for r in rows("activities.csv")),  # type: ignore[misc]
        constants={r["name"]: float(r["value"]) for r in rows("constants.csv")},
    )


def digest() -> str:
    """SHA-256 over the data files, in the order of :data:`DATA_FILES`."""
    sha = hashlib.sha256()
    for name in DATA_FILES:
        sha.update(name.encode())
        sha.update(files("bounceback_lab.simulation").joinpath("data", name).read_bytes())
    return sha.hexdigest()
