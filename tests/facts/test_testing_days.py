"""Days on which test centers are closed."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback import facts
from bounceback.errors import FactError


@pytest.mark.parametrize(
    ("exam", "on", "kind"),
    [
        ("usmle-step-1", date(2026, 12, 25), "closed-yearly"),
        ("usmle-step-2-ck", date(2027, 1, 1), "closed-yearly"),
        ("usmle-step-3", date(2027, 1, 14), "closed-yearly"),
        ("usmle-step-1", date(2026, 11, 26), "closed-holiday"),
        ("usmle-step-1", date(2027, 5, 31), "closed-holiday"),
        ("usmle-step-1", date(2026, 9, 7), "closed-holiday"),
        ("usmle-step-1", date(2026, 12, 6), "closed-weekday"),
        ("comlex-level-1", date(2026, 5, 5), "closed-dates"),
        ("comlex-level-2-ce", date(2027, 1, 1), "closed-yearly"),
    ],
)
def test_a_closed_day_is_known_with_its_source(exam: str, on: date, kind: str) -> None:
    closed = facts.closed_day(exam, on)
    assert closed is not None
    assert closed.kind == kind
    assert closed.source


@pytest.mark.parametrize(
    ("exam", "on"),
    [
        ("usmle-step-1", date(2027, 1, 15)),
        ("usmle-step-1", date(2026, 12, 4)),
        ("comlex-level-1", date(2027, 1, 8)),
        ("comlex-level-2-ce", date(2026, 4, 25)),
    ],
)
def test_other_days_are_open(exam: str, on: date) -> None:
    assert facts.closed_day(exam, on) is None


def test_an_unknown_exam_is_refused() -> None:
    with pytest.raises(FactError):
        facts.closed_day("usmle-step-9", date(2027, 1, 15))
