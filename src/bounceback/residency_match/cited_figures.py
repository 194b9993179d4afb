"""Figures that know whom they are about, and sentences that refuse to mix them.

A match figure means something for one kind of applicant, one way of counting, one year and one way
of reporting the exams. ``sentence`` is the one place where figures become words; it compares them
first. Numbers come from figures or from the learner's own record: a template that holds a digit,
beyond the names of the exams, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from bounceback import facts
from bounceback.errors import BouncebackError, FactError
from bounceback.vocabulary import Confidence

Regime = Literal["step-1-pass-fail", "step-1-numeric", "across-the-change"]
Edition = Literal["current", "one-edition-old", "history"]
Unit = Literal["people", "positions", "of-100", "of-5", "points", "place", "times", "direction"]

_EDITION_WORDS: Final[dict[Edition, str]] = {
    "current": "",
    "one-edition-old": "one edition old",
    "history": "history",
}
_EXAM_NAMES: Final = re.compile(r"Step [123]\b|Level [123]\b")
_SAME: Final = ("applicant_type", "metric", "regime", "year")


class MixedFiguresError(BouncebackError):
    """A sentence would join figures of different applicants, ways of counting, years or eras."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published cell, with everything that says what it is about.

    Attributes:
        value: The number; ``None`` where the direction alone may be shown.
        unit: ``people`` and ``positions`` are counts; ``of-100`` is a published percentage;
            ``of-5`` a mean rating; ``points`` of the exam's scale; ``place`` a rank;
            ``times`` an odds ratio; ``direction`` no number.
        year: Year of the Match, survey or season; of publication for a study.
        applicant_type: ``us-md-senior``, ``us-do-senior``, ``us-md-prior-graduate``,
            ``us-do-prior-graduate``, ``us-img``, ``non-us-img``, ``all-applicants`` (what
            directors say of any), or the population of a study in its own words.
        metric: Way of counting: ``pgy-1``, ``placed-after-soap``, ``preferred-specialty``, …
        regime: How Step 1 was reported to those counted.
        source: Keys of sources, ``;``-separated; of a licensed table its citation.
        confidence: ``official`` or ``reported``; nothing else can be shown.
        cell: Where it stands: ``table|key|…|column``; begins with ``licensed:`` for a table that
            an institution loaded.
        period: Years of a study in words; empty otherwise.
        edition: Whether a newer edition is due; ``history`` is for knowing the ground, never
            for comparing with someone who applies now.

    Raises:
        FactError: The confidence is not one that may be shown, or a source is missing.
    """

    value: float | None
    unit: Unit
    year: int
    applicant_type: str
    metric: str
    regime: Regime
    source: str
    confidence: Confidence
    cell: str
    period: str = ""
    edition: Edition = "current"

    def __post_init__(self) -> None:
        if self.confidence not in ("official", "reported"):
            raise FactError(
                f"{self.cell} has the confidence {self.confidence!r}; allowed in the outlook: "
                "official, reported (docs/explanation/outlook.md). Leave the figure out."
            )
        if not self.source.strip():
            raise FactError(
                f"{self.cell} names no source; allowed: a key of sources.csv or the citation of a "
                "licensed table (docs/explanation/outlook.md). Leave the figure out."
            )
        if (self.value is None) != (self.unit == "direction"):
            raise FactError(
                f"{self.cell} has the value {self.value} in {self.unit}; allowed: a number, or no "
                "number with the unit direction (docs/explanation/outlook.md)."
            )

    @property
    def licensed(self) -> bool:
        """Whether an institution loaded it."""
        return self.cell.startswith("licensed:")

    @property
    def words(self) -> str:
        """As said: whole counts, "about 94 of 100", "4.4 of 5"; empty for a direction."""
        if self.value is None:
            return ""
        match self.unit:
            case "of-100":
                return f"about {half_up(self.value)} of 100"
            case "of-5":
                return f"{self.value:g} of 5"
            case "times":
                return f"{max(1, half_up(self.value))}"
            case _:
                return f"{half_up(self.value):,}"

    @property
    def provenance(self) -> str:
        """Publisher and time: "NRMP, copied by NBMEcalc, 2026, one edition old"."""
        where = f"licensed: {self.source}" if self.licensed else publisher(self.source)
        parts = (where, str(self.year), self.period, _EDITION_WORDS[self.edition])
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence for the learner. Made by ``sentence``.

    Attributes:
        text: The words, with source and year at the end where a figure stands in them.
        figures: The figures it rests on, all about the same thing; empty for plain words.
    """

    text: str
    figures: tuple[Figure, ...] = ()

    def to_briefing(self) -> dict[str, object]:
        """Text with source, year, applicant type, regime and confidence; null without a figure."""
        one = self.figures[0] if self.figures else None
        return {
            "text": self.text,
            "source": one.source if one else None,
            "year": one.year if one else None,
            "applicant_type": one.applicant_type if one else None,
            "metric": one.metric if one else None,
            "regime": one.regime if one else None,
            "confidence": weakest(self.figures) if one else None,
            "edition": one.edition if one else None,
            "cells": [f.cell for f in self.figures],
        }


def regime_of(first_year: int, last_year: int | None = None) -> Regime:
    """How Step 1 was reported in the years of a survey or study (table of eras)."""
    change = next(
        date.fromisoformat(row["date"]).year
        for row in facts.table("match_eras")
        if row["event"] == "Step 1 reported pass/fail"
    )
    last = first_year if last_year is None else last_year
    if first_year >= change:
        return "step-1-pass-fail"
    return "step-1-numeric" if last < change else "across-the-change"


def half_up(value: float) -> int:
    """The nearest whole number, a half upwards, as people round."""
    return int(value + 0.5)


def weakest(figures: tuple[Figure, ...]) -> Confidence:
    """``reported`` if any figure is, else ``official``."""
    return "reported" if any(f.confidence == "reported" for f in figures) else "official"


def publisher(keys: str) -> str:
    """Publisher of the first source of a ``source`` cell."""
    return facts.source(keys.split(";")[0]).publisher


def check_alike(*figures: Figure) -> None:
    """Refuse figures that differ in applicant type, metric, regime or year.

    Raises:
        MixedFiguresError: Naming what differs.
    """
    for name in _SAME:
        values = list(dict.fromkeys(str(getattr(f, name)) for f in figures))
        if len(values) > 1:
            raise MixedFiguresError(
                f"one sentence with {name} {' and '.join(values)}; allowed: figures of one "
                f"applicant type, metric, regime and year (docs/explanation/outlook.md). Say them "
                f"in sentences of their own."
            )


def sentence(template: str, /, *figures: Figure, **words: str) -> Sentence:
    """Say figures in words, if they may stand together.

    Args:
        template: Text with ``{0}``, ``{1}`` for the figures and ``{name}`` for words; it ends
            with a full stop and holds no digit of its own, exam names apart.
        *figures: Figures in the order of the template; one that is not named gives its source.
        **words: Names, and the learner's own values.

    Returns:
        The sentence; source, year and age of the figures stand at its end.

    Raises:
        MixedFiguresError: Figures of different applicant types, metrics, regimes or years.
        FactError: The template holds a number that no figure carries.
    """
    check_alike(*figures)
    bare = _EXAM_NAMES.sub("", re.sub(r"\{\w+\}", "", template))
    if re.search(r"\d", bare):
        raise FactError(
            f"the sentence {template!r} holds a number of its own; allowed: numbers of figures "
            "(docs/explanation/outlook.md). Put the number into the facts."
        )
    text = template.format(*(f.words for f in figures), **words)
    text = text[:1].upper() + text[1:]
    if figures:
        told = list(dict.fromkeys(f.provenance for f in figures))
        text = f"{text.removesuffix('.')} ({', '.join(told)})."
    return Sentence(text=text, figures=figures)
