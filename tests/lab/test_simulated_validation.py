"""The table that judges the forecast judges rightly (rule F24)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bounceback_lab.simulated_validation import (
    Judged,
    expected_calibration_error,
    fitted_logistic,
    judge,
    table,
)
from bounceback_lab.simulation import simulate


def made(*, sharpness: float = 1.0, lean: float = 0.0, n: int = 20_000) -> Judged:
    """Learners for whom the forecast is right at sharpness 1 and lean 0."""
    rng = np.random.default_rng(9)
    level = rng.normal(0, 1, n)
    seen = level + rng.normal(0, 0.6, n)
    said = level + lean

    def below(z: np.ndarray) -> np.ndarray:
        from scipy.special import ndtr

        return np.asarray(ndtr(z))

    return Judged(
        p_pass=below(sharpness * said / 0.6),
        passed=(seen > 0).astype(float),
        depth=below(sharpness * (seen - said) / 0.6),
        lead_days=rng.integers(1, 100, n).astype(float),
        predicted_sds=said,
        formula=below((level + 0.7) / 0.5),
        last_form_sds=level + rng.normal(0, 0.7, n),
        printed=np.clip(below(level / 0.4), 0.01, 0.99),
        forms=rng.integers(0, 5, n).astype(float),
        score=seen,
        predicted=said,
        predicted_sd=np.full(n, 0.6 / sharpness),
    )


def test_a_right_forecast_passes_every_row() -> None:
    rows = table(made())
    assert [r.name for r in rows if r.holds is False] == []
    assert sum("coverage" in r.name for r in rows) == 9
    assert sum(r.name.startswith("Brier") for r in rows) == 4
    assert sum("CORP" in r.name for r in rows) == 2
    assert sum("net benefit" in r.name for r in rows) == 6


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        ({"sharpness": 1.5}, "coverage of the 80% range"),
        ({"sharpness": 0.6}, "coverage of the 50% range"),
        ({"lean": 0.3}, "expected calibration error"),
    ],
)
def test_a_forecast_too_sure_too_shy_or_too_hopeful_is_found_out(
    fault: dict[str, float], row: str
) -> None:
    rows = {r.name: r.holds for r in table(made(**fault))}
    assert rows[row] is False


def test_a_forecast_worse_than_the_others_says_so() -> None:
    good = made()
    poor = replace(good, p_pass=np.full_like(good.p_pass, 0.5))
    lost = [r for r in table(poor) if "Brier" in r.name and not r.holds]
    assert any("logistic" in r.name for r in lost)


def test_the_logistic_finds_the_coefficients_it_was_drawn_from() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(0, 1, (50_000, 2))
    chance = 1 / (1 + np.exp(-(0.4 + 1.5 * x[:, 0] - 0.8 * x[:, 1])))
    found = fitted_logistic(x, (rng.random(50_000) < chance).astype(float))
    assert found == pytest.approx([0.4, 1.5, -0.8], abs=0.05)


def test_calibration_error_is_the_mean_gap_between_said_and_came() -> None:
    p = np.array([0.25, 0.25, 0.85, 0.85])
    assert expected_calibration_error(p, np.array([0.0, 1.0, 1.0, 1.0])) == pytest.approx(
        0.5 * 0.25 + 0.5 * 0.15
    )


def test_simulated_learners_are_forecast_without_their_outcome_and_in_order() -> None:
    population = simulate(60)
    told: list[int] = []
    found = judge(population, progress=told.append)
    assert len(found.p_pass) == 60
    assert np.all((found.p_pass > 0) & (found.p_pass < 1))
    assert np.array_equal(found.passed, population.outcomes.passed.astype(float))
    assert np.array_equal(found.lead_days, population.outcomes.lead_days.astype(float))


def test_a_thousand_simulated_learners_are_covered_within_their_chance() -> None:
    """A fast part of the acceptance run (`bounceback checks --simulated 20000` is the whole)."""
    rows = {r.name: r for r in table(judge(simulate(1000)))}
    for level in ("50%", "80%", "95%"):
        row = rows[f"coverage of the {level} range"]
        target = float(row.limit.split()[0])
        assert abs(row.ours - target) <= 0.03 + 2 * row.standard_error
    assert rows["expected calibration error"].ours <= 0.03 + 0.02
    assert all(r.holds for name, r in rows.items() if "Brier" in name)
