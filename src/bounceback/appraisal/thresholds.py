"""Thresholds of the appraisal: our own choices unless a source is named, kept as dated facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bounceback import facts
from bounceback.facts import Sourced
from bounceback.vocabulary import ExamId


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of ``facts/data/parameters/appraisal.csv`` for one exam.

    ``thresholds["min_items"]`` is a float; ``thresholds.sourced("min_items")`` tells where it
    comes from.
    """

    rows: Mapping[str, Sourced]

    def __getitem__(self, name: str) -> float:
        value = self.sourced(name).value
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise facts.FactUnknown(
                f"appraisal.{name} is {value!r}; allowed: a number "
                "(facts/data/parameters/appraisal.csv). Add the value there."
            )
        return float(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def sourced(self, name: str) -> Sourced:
        """The threshold with unit, source and confidence.

        Raises:
            FactUnknown: No such threshold.
        """
        try:
            return self.rows[name]
        except KeyError:
            raise facts.FactUnknown(
                f"no threshold named {name!r}; allowed: the names in "
                "facts/data/parameters/appraisal.csv. Add a row there with unit and source."
            ) from None

    def count(self, name: str) -> int:
        """The threshold as a whole number."""
        return round(self[name])


def load_thresholds(exam_id: ExamId) -> Thresholds:
    """Thresholds for one exam."""
    return Thresholds(facts.parameters("appraisal", exam_id))
