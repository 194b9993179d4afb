"""What published repeat rates identify (rule F4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bounceback.forecast.parameters import constants, numbers, prior_mark
from bounceback.forecast.retake_rate_prior import (
    TypicalRetake,
    fit_rate_median,
    rate_median,
    repeat_pass_share,
    with_rate_median,
)

ON = date(2024, 1, 1)
C = constants("usmle-step-1", "us-md", ON, retaker=True)
RETAKE = TypicalRetake.of(C)


def share(c: object = C, retake: TypicalRetake = RETAKE) -> float:
    return repeat_pass_share(c, first_mark=196.0, retake=retake)  # type: ignore[arg-type]


def test_twice_the_work_at_half_the_rate_gives_the_same_share() -> None:
    """The product is identified, the split is not."""
    half = with_rate_median(C, 0.5 * numbers("usmle-step-1")["rate_median.us-md"])
    double = replace(RETAKE, effective_days=2 * RETAKE.effective_days)
    assert share(half, double) == pytest.approx(share(), abs=1e-9)


def test_the_share_rises_with_rate_and_work_and_falls_with_the_mark() -> None:
    assert share(with_rate_median(C, 0.2)) < share() < share(with_rate_median(C, 1.2))
    assert share(retake=replace(RETAKE, effective_days=5.0)) < share()
    higher = constants("usmle-step-2-ck", "us-md", date(2026, 1, 1), retaker=True)
    lower = replace(higher, mark=214.0, log_mark=higher.log_distance(213.5))
    retake = TypicalRetake.of(higher)
    assert repeat_pass_share(higher, first_mark=218.0, retake=retake) < repeat_pass_share(
        lower, first_mark=218.0, retake=retake
    )


def test_the_mixture_of_repeats_lies_below_the_first_repeat() -> None:
    assert share() < share(retake=replace(RETAKE, most_attempts=2))


@pytest.mark.parametrize(
    ("exam", "group", "published"),
    [
        ("usmle-step-1", "us-md", 0.70),
        ("usmle-step-1", "non-us-img", 0.52),
        ("usmle-step-2-ck", "us-md", 0.74),
        ("usmle-step-3", "non-us-img", 0.64),
    ],
)
def test_the_rates_on_file_are_those_the_fit_finds(exam: str, group: str, published: float) -> None:
    found = fit_rate_median(
        exam,  # type: ignore[arg-type]
        group,  # type: ignore[arg-type]
        published_share=published,
        on=ON,
        first_mark=prior_mark(exam, 2024),  # type: ignore[arg-type]
    )
    on_file = numbers(exam)[f"rate_median.{group}"]  # type: ignore[index]
    assert on_file == pytest.approx(found, rel=0.005)


def test_the_median_of_the_grid_is_the_one_asked_for() -> None:
    for median in (0.2, 0.5, 0.9):
        assert rate_median(with_rate_median(C, median)) == pytest.approx(median, rel=0.02)
