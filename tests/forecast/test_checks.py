"""Every published figure says whose it is, where it stands, and how near ours must lie (F23)."""

from __future__ import annotations

import math

import pytest

from bounceback import facts
from bounceback.facts.sources import source_keys
from bounceback.forecast import parameters
from bounceback.forecast.checks import Check, checks
from bounceback.vocabulary import ExamId

ROWS = checks()
LABELS = [f"{c.role}: {c.name}, {c.population}, {c.given}" for c in ROWS]


@pytest.mark.parametrize("check", ROWS, ids=LABELS)
def test_a_figure_has_source_population_input_and_unless_for_reference_a_tolerance(
    check: Check,
) -> None:
    assert check.name
    assert check.population
    assert check.given
    assert [facts.source(key) for key in source_keys(check.source)] != []
    assert math.isfinite(check.ours)
    if check.role == "reference":
        assert check.expected is None
        assert check.tolerance is None
        assert check.holds is None
    else:
        assert check.role in ("fitted", "judged", "structure")
        assert check.expected is not None
        assert check.tolerance is not None
        assert 0 < check.tolerance < max(1.0, abs(check.expected))
        assert check.source != "bounceback"


@pytest.mark.parametrize("check", ROWS, ids=LABELS)
def test_the_figure_holds(check: Check) -> None:
    assert check.holds is not False, (check.ours, check.expected, check.tolerance)


def test_no_rate_of_a_year_that_judges_was_fitted() -> None:
    rates = [c for c in ROWS if "pass share, " in c.name and c.role != "reference"]
    for c in rates:
        last_year = int(c.name.replace("-", " ").split()[-1])
        assert c.role == ("judged" if last_year == 2025 else "fitted"), c.name


def test_every_published_repeat_and_first_rate_of_2024_and_2025_is_in_the_table() -> None:
    shown = {(c.name, c.population) for c in ROWS}
    for exam in ("usmle-step-1", "usmle-step-2-ck", "usmle-step-3"):
        for group in ("us-md", "us-do", "non-us-img"):
            for attempt in ("first", "repeat"):
                for row in facts.pass_rates(exam, group, attempt):
                    if row.year == 2025 and row.n:
                        assert any(
                            name == f"{exam} {attempt} pass share, {row.period}"
                            and who.startswith(f"{row.group_published}, {row.n} ")
                            for name, who in shown
                        ), (exam, group, attempt)


def test_half_and_double_of_the_typical_retake_stand_beside_every_judged_repeat_rate() -> None:
    judged = [c for c in ROWS if c.role == "judged" and "repeat pass share" in c.name]
    assert judged
    for c in judged:
        who = c.population.split(",")[0]
        beside = {
            word: next(
                r.ours
                for r in ROWS
                if r.name == f"{c.name}, {word} the work" and r.population == who
            )
            for word in ("half", "double")
        }
        assert beside["half"] < c.ours < beside["double"]


def test_what_nobody_publishes_is_said_and_called_inferred() -> None:
    silent = [c for c in ROWS if "nobody publishes" in c.name]
    assert {c.name.split()[0] for c in silent} == {
        "usmle-step-3",
        "comlex-level-1",
        "comlex-level-2-ce",
        "comlex-level-3",
    }
    assert all("inferred" in c.name and c.role == "reference" for c in silent)


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("kappa", 1.1),
        ("ceiling", 1.04),
        ("rate_median.us-md", 1.3),
        ("rate_median.us-md", 0.7),
        ("rate_median.non-us-img", 1.3),
        ("typical_retake_effective_days", 0.7),
        ("score_sd", 1.5),
        ("sitting_sd", 2.0),
        ("day_sd", 2.5),
        ("forgetting_per_day", 4.0),
        ("forgetting_per_day", 0.2),
        ("form_sd.nbme-cbssa", 1.7),
        ("practice_gap_sds", 3.0),
        ("minutes_per_effective_day", 1.2),
        ("rate_shape", 0.2),
    ],
)
def test_a_constant_that_is_wrong_breaks_a_published_figure(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = parameters.numbers

    def wrong(exam: ExamId) -> dict[str, float]:
        row = dict(known(exam))
        if name in row:
            row[name] *= factor
        return row

    monkeypatch.setattr(parameters, "numbers", wrong)
    parameters.constants.cache_clear()
    try:
        assert [c.name for c in checks() if c.holds is False] != []
    finally:
        parameters.constants.cache_clear()
