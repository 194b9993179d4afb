"""What would narrow the range most (rule F21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bounceback.forecast import kalman
from bounceback.forecast.information_gain import Narrowing, narrowing
from bounceback.forecast.posterior import Belief, believe
from bounceback.forecast.prediction import PlannedWork
from tests.forecast.cases import AS_OF, TEST, failing, form

FORM_DAY = AS_OF + timedelta(days=7)


def asked(b: Belief, families: list[str]) -> tuple[Narrowing, ...]:
    n = np.array([7.0, float((TEST - AS_OF).days)])
    work = PlannedWork(n, n / 7, np.outer(0.4 * n, b.areas.exam_weight))
    return narrowing(b, families=families, on=FORM_DAY, test_date=TEST, work=work)


def test_the_less_noisy_form_narrows_more_and_comes_first() -> None:
    b = believe(failing(), AS_OF, test_date=TEST)
    found = asked(b, ["school", "nbme-cbssa", "free-120"])
    assert found[0].family == "nbme-cbssa"
    widths = [n.width_after for n in found]
    assert widths == sorted(widths)
    assert all(0.0 < n.share_removed < 1.0 and n.by == FORM_DAY for n in found)


def test_a_form_narrows_a_bare_record_more_than_one_with_many_forms() -> None:
    bare = believe(failing(), AS_OF, test_date=TEST)
    rich = believe(
        failing(forms=[form(above=-3, days_ago=3 + 6 * i, label=str(i)) for i in range(5)]),
        AS_OF,
        test_date=TEST,
    )
    assert asked(bare, ["nbme-cbssa"])[0].share_removed > (
        2 * asked(rich, ["nbme-cbssa"])[0].share_removed
    )


def test_a_family_whose_score_does_not_predict_is_left_out() -> None:
    b = believe(failing("usmle-step-3"), AS_OF, test_date=TEST)
    assert [n.family for n in asked(b, ["nbme-ccmsa", "uwsa"])] == ["uwsa"]


@pytest.mark.parametrize("forms", [0, 3])
def test_the_promised_width_is_what_such_forms_leave_on_average(forms: int) -> None:
    """Outside answer: draw the form's score from the belief, filter it, measure the range."""
    b = believe(
        failing(forms=[form(above=-3, days_ago=3 + 9 * i, label=str(i)) for i in range(forms)]),
        AS_OF,
        test_date=TEST,
    )
    adherence = float(b.adherence @ b.adherence_weight)
    b = replace(b, adherence=np.array([adherence]), adherence_weight=np.ones(1))
    c = b.constants
    n = 3000
    rng = np.random.default_rng(5)

    def rows(x: np.ndarray) -> np.ndarray:
        return np.repeat(x, n, axis=0)

    t = kalman.Total(
        c.rate,
        *(
            rows(getattr(b.total, name))
            for name in (
                "mean",
                "variance",
                "log_weight",
                "gap_mean",
                "gap_variance",
                "covariance",
            )
        ),
    )

    def pass_days(days: float) -> None:
        kalman.elapse(
            t,
            days=np.full(n, days),
            unworked_days=np.full(n, days / 7),
            effort=np.full(n, 0.4 * days * adherence),
            guess_mean=np.zeros(n),
            guess_variance=np.zeros(n),
            kappa=c.parameter["kappa"],
            forgetting_per_day=c.parameter["forgetting_per_day"],
            base=c.base,
            drift_variance_per_day=c.drift_variance_per_day,
        )

    def spread() -> float:
        w = t.weight()
        mean = (w * t.mean).sum(axis=1, keepdims=True)
        level = (w * (t.variance + (t.mean - mean) ** 2)).sum(axis=1)
        day = c.day_sd**2 * c.stretch(mean[:, 0])
        return float(np.sqrt(level + day).mean())

    pass_days(7.0)
    k = rng.choice(len(c.rate), size=n, p=b.total.weight()[0])
    i = np.arange(n)
    own = t.variance[i, k] - 2 * t.covariance[i, k] + t.gap_variance[i, k]
    noise = (c.parameter["form_sd.nbme-cbssa"] * c.log_points) ** 2
    y = t.mean[i, k] - t.gap_mean[i, k] + np.sqrt(own + noise) * rng.normal(size=n)
    before = t.copy()
    kalman.observe(t, value=y, variance=np.full(n, noise), outlier_sds=1e6)
    rest = float((TEST - FORM_DAY).days)
    pass_days(rest)
    with_form = spread()
    t = before
    pass_days(rest)
    without = spread()
    found = asked(b, ["nbme-cbssa"])[0]
    assert found.width_after / found.width_now == pytest.approx(with_form / without, abs=0.02)
