"""From the published tables to figures, as they could be known on a day.

An edition that was not out on that day is unknown; one edition old is labelled; older ones are
left out, unless they are asked for or nothing newer of that survey is held: then they are history.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from bounceback import facts
from bounceback.facts.loading import Row, number, whole
from bounceback.residency_match.cited_figures import Edition, Figure, Unit, regime_of
from bounceback.residency_match.licensed_tables import LicensedTables

ALL_SPECIALTIES: Final = "All specialties"
ALL_APPLICANTS: Final = "all-applicants"

SMALLEST_CELL: Final = 10
"""People below which a cell shows a direction and no number: one of them moves it too far."""

_KEYS: Final = {
    "match_rates": ("year", "applicant_type", "specialty", "metric"),
    "match_medians": ("year", "applicant_type", "specialty", "measure", "status"),
    "match_positions": ("year", "specialty", "what"),
    "match_signals": ("season", "specialty"),
    "match_factors": ("order", "factor"),
    "match_factor_figures": ("year", "factor"),
    "match_policies": ("year", "specialty", "examination", "question", "answer"),
    "match_levers": ("id",),
}
_SERIES_OF_METRIC: Final = {
    "pgy-1": "pgy-1",
    "placed-after-soap": "placed-after-soap",
    "preferred-specialty": "charting-outcomes",
    "specialty-among-its-applicants": "charting-outcomes",
}


@cache
def words(name: str) -> dict[str, Any]:
    """A table of this package, ``data/<name>.toml``."""
    text = files("bounceback.residency_match").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _spellings() -> dict[str, str]:
    return {
        spelling.casefold(): name
        for name, others in words("words")["specialties"].items()
        for spelling in (name, *others)
    }


def specialty_name(text: str) -> str:
    """The name under which tables hold a specialty; the text itself where none is known."""
    plain = " ".join(text.split())
    return _spellings().get(plain.casefold(), plain)


def edition_of(series: str, year: int, as_of: date) -> Edition | None:
    """How old an edition is on a day.

    Args:
        series: Name in ``data/editions.toml``.
        year: Its year.
        as_of: The day.

    Returns:
        ``current``, ``one-edition-old``, ``history`` if older, ``None`` if it was not out.
    """
    rule = words("editions")[series]
    month, day = (int(part) for part in rule["published_by"].split("-"))

    def out(y: int) -> bool:
        return date(y + rule["years_later"], month, day) <= as_of

    if not out(year):
        return None
    step, anchor = rule["every_years"], rule.get("one_of_them", 0)
    newest_begun = as_of.year - rule["years_later"]
    later = sum(out(y) for y in range(year + 1, newest_begun + 1) if (y - anchor) % step == 0)
    return "current" if later == 0 else "one-edition-old" if later == 1 else "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many matched: a share as published, with those counts that are held.

    ``most`` tells whether half or more did: all that a cell of few people may show.
    """

    share: Figure
    most: bool
    matched: Figure | None
    among: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """The middle of those who matched, or did not; quartiles and count where they are held."""

    median: Figure
    q1: Figure | None
    q3: Figure | None
    n: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The tables as they could be known on one day, with those an institution loaded.

    Attributes:
        as_of: The day.
        licensed: Tables of an institution; their cells stand before the shipped ones.
        history: Show older editions too, labelled.
    """

    as_of: date
    licensed: LicensedTables | None = None
    history: bool = False

    def rate(self, applicant_type: str, specialty: str, metric: str) -> Rate | None:
        """The newest rate of a kind of applicant; ``None`` where none is held for that day."""
        found = self._newest(
            "match_rates",
            _SERIES_OF_METRIC[metric],
            lambda row: (
                (row["applicant_type"], row["specialty"], row["metric"])
                == (applicant_type, specialty, metric)
            ),
        )
        if found is None:
            return None
        row, edition, origin = found
        matched, among = whole(row["numerator"]), whole(row["denominator"])
        small = min((n for n in (matched, among) if n is not None), default=SMALLEST_CELL)

        def cell(column: str, unit: Unit) -> Figure:
            return _figure(
                "match_rates",
                row,
                column,
                "direction" if small < SMALLEST_CELL else unit,
                edition,
                origin,
                applicant_type=row["applicant_type"],
                metric=row["metric"],
                regime=row["regime"],
            )

        return Rate(
            share=cell("percent", "of-100"),
            most=float(row["percent"]) >= 50,
            matched=cell("numerator", "people") if matched is not None else None,
            among=cell("denominator", "people") if among is not None else None,
        )

    def middle(
        self, applicant_type: str, specialty: str, measure: str, status: str
    ) -> Middle | None:
        """The newest median of those ``matched`` or ``unmatched``; ``None`` where withheld."""
        found = self._newest(
            "match_medians",
            "charting-outcomes",
            lambda row: (
                (row["applicant_type"], row["specialty"], row["measure"], row["status"])
                == (applicant_type, specialty, measure, status)
                and bool(row["median"])
            ),
        )
        if found is None:
            return None
        row, edition, origin = found
        n = whole(row["n"])
        small = n is not None and n < SMALLEST_CELL

        def cell(column: str, unit: Unit) -> Figure | None:
            if not row[column]:
                return None
            return _figure(
                "match_medians",
                row,
                column,
                "direction" if small else unit,
                edition,
                origin,
                applicant_type=row["applicant_type"],
                metric=row["measure"],
                regime=row["regime"],
            )

        median = cell("median", "points")
        assert median is not None
        return Middle(
            median=median,
            q1=None if small else cell("q1", "points"),
            q3=None if small else cell("q3", "points"),
            n=None if small else cell("n", "people"),
        )

    def direction(self, applicant_type: str, specialty: str, measure: str) -> int | None:
        """Sign of matched minus unmatched median; ``None`` where one is missing."""
        medians = []
        for status in ("matched", "unmatched"):
            found = self._newest(
                "match_medians",
                "charting-outcomes",
                lambda row, status=status: (  # type: ignore[misc]
                    row["applicant_type"], row["specialty"], row["measure"], row["status"]
                ) == (applicant_type, specialty, measure, status) and bool(row["median"]),
            )  # fmt: skip
            if found is None:
                return None
            medians.append((float(found[0]["median"]), found[0]["year"]))
        (matched, year), (unmatched, other_year) = medians
        if year != other_year:
            return None
        return (matched > unmatched) - (matched < unmatched)

    def positions(self, specialty: str, what: str) -> Figure | None:
        """Places of the newest Match: ``unfilled positions``, ``positions offered in SOAP``, …"""
        found = self._newest(
            "match_positions",
            "positions",
            lambda row: (row["specialty"], row["what"]) == (specialty, what),
        )
        if found is None:
            return None
        row, edition, origin = found
        return _figure(
            "match_positions", row, "value", "positions", edition, origin, metric="positions"
        )

    def signals(self, specialty: str) -> Figure | None:
        """Signals that an applicant to a specialty may send in the newest season held."""
        found = self._newest(
            "match_signals",
            "signals",
            lambda row: specialty_name(row["specialty"]) == specialty,
            year="season",
        )
        if found is None:
            return None
        row, edition, origin = found
        return _figure("match_signals", row, "signals", "place", edition, origin, metric="signals")

    def factors(self) -> tuple[tuple[Row, Figure], ...]:
        """The fourteen factors in their order of importance, each with its place."""
        out = []
        for row in sorted(facts.table("match_factors"), key=lambda r: int(r["order"])):
            edition = edition_of("directors-survey", int(row["year"]), self.as_of)
            if edition is not None:
                place = _figure(
                    "match_factors",
                    row,
                    "order",
                    "place",
                    edition,
                    "",
                    metric="order-of-importance",
                )
                out.append((row, place))
        return tuple(out)

    def factor_figure(self, factor: str, column: str) -> Figure | None:
        """The newest ``percent_citing`` or ``mean_importance`` held for a factor."""
        found = self._newest(
            "match_factor_figures",
            "directors-survey",
            lambda row: row["factor"] == factor and bool(row[column]),
        )
        if found is None:
            return None
        row, edition, origin = found
        unit: Unit = "of-100" if column == "percent_citing" else "of-5"
        return _figure(
            "match_factor_figures", row, column, unit, edition, origin,
            metric=column.replace("_", "-"),
        )  # fmt: skip

    def policy(self, answer: str) -> Figure | None:
        """Directors of all specialties who gave an answer about a first failed attempt."""
        found = self._newest(
            "match_policies",
            "directors-survey",
            lambda row: (
                row["specialty"] == ALL_SPECIALTIES
                and row["answer"] == answer
                and bool(row["percent"])
            ),
        )
        if found is None:
            return None
        row, edition, origin = found
        return _figure(
            "match_policies", row, "percent", "of-100", edition, origin,
            metric="would-consider-a-first-failure",
        )  # fmt: skip

    def lever(self, lever_id: str) -> tuple[Figure, ...]:
        """A measured lever: its low and high end, one number, or its direction alone."""
        row = next(row for row in facts.table("match_levers") if row["id"] == lever_id)
        years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", row["population"])]
        published = int(facts.source(row["source"]).year[:4])
        if published > self.as_of.year:
            return ()
        years = years or [published]
        units: dict[str, Unit] = {"odds ratio": "times", "percent": "of-100"}
        unit = units.get(row["unit"], "direction")
        columns = [c for c in ("low", "high") if row[c]] if unit != "direction" else ["measure"]
        return tuple(
            _figure(
                "match_levers",
                row,
                column,
                unit,
                "current",
                "",
                applicant_type=row["population"],
                metric=row["id"],
                regime=regime_of(min(years), max(years)),
                year=published,
                period=row["population"],
            )
            for column in columns
        )

    def finding(self, evidence_id: str) -> tuple[Figure, Figure] | Figure | None:
        """A study: its counts (k of n) if its statement gives them, else its direction."""
        found = facts.evidence(evidence_id)
        if found.confidence == "inferred":
            return None
        published = int(facts.source(found.source.split(";")[0]).year[:4])
        if published > self.as_of.year:
            return None
        years = [int(y) for y in re.findall(r"\d{4}", found.years)] or [published]

        def cell(value: float | None, unit: Unit, column: str) -> Figure:
            return Figure(
                value=value,
                unit=unit,
                year=published,
                applicant_type=found.population,
                metric=found.id,
                regime=regime_of(min(years), max(years)),
                source=found.source,
                confidence=found.confidence,
                cell=f"evidence|{found.id}|{column}",
                period=f"years {found.years}" if "-" in found.years else "",
                edition="history" if regime_of(max(years)) == "step-1-numeric" else "current",
            )

        counts = re.search(r"([\d,]+) of ([\d,]+)", found.statement)
        if counts is None:
            return cell(None, "direction", "statement")
        k, n = (float(part.replace(",", "")) for part in counts.groups())
        return cell(k, "people", "statement"), cell(n, "people", "statement")

    def _rows(self, table: str) -> Iterator[tuple[Row, str]]:
        """Rows with where they come from, those of an institution first."""
        if self.licensed is not None:
            yield from ((row, "licensed:") for row in self.licensed.rows(table))
        yield from ((row, "") for row in facts.table(table))

    def _newest(
        self, table: str, series: str, wanted: Callable[[Row], bool], *, year: str = "year"
    ) -> tuple[Row, Edition, str] | None:
        held: list[tuple[int, Row, Edition, str]] = []
        for row, origin in self._rows(table):
            if row["confidence"] not in ("official", "reported") or not wanted(row):
                continue
            edition = edition_of(series, int(row[year]), self.as_of)
            if edition is not None:
                held.append((int(row[year]), row, edition, origin))
        if not held:
            return None
        # The first of equals wins: a licensed cell stands before the shipped one of its year.
        _, row, edition, origin = max(held, key=lambda one: one[0])
        old = edition == "history" or row.get("regime") == "step-1-numeric"
        if not old:
            return row, edition, origin
        kept = words("editions")[series].get("newest_held_is_history", False)
        return (row, "history", origin) if kept or self.history else None


def _figure(
    table: str,
    row: Row,
    column: str,
    unit: Unit,
    edition: Edition,
    origin: str,
    *,
    metric: str,
    applicant_type: str = ALL_APPLICANTS,
    regime: str | None = None,
    year: int | None = None,
    period: str = "",
) -> Figure:
    at = int(row.get("year") or row.get("season") or 0) if year is None else year
    return Figure(
        value=None if unit == "direction" else number(row[column]),
        unit=unit,
        year=at,
        applicant_type=applicant_type,
        metric=metric,
        regime=regime_of(at) if regime is None else regime,  # type: ignore[arg-type]
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        cell=origin + "|".join((table, *(row[key] for key in _KEYS[table]), column)),
        period=period,
        edition=edition,
    )
