"""The explanation and the code speak of the same rules."""

from __future__ import annotations

import re
from pathlib import Path

from bounceback import forecast

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "forecast.md").read_text(encoding="utf-8")
ROOM = Path(forecast.__file__).parent
LAB = ROOM.parents[1] / "bounceback_lab"


def cited() -> set[int]:
    """Numbers of the rules that the room's docstrings cite; F8-F15 cites each of them."""
    found: set[int] = set()
    for path in (*ROOM.glob("*.py"), *LAB.glob("*.py")):
        for first, last in re.findall(
            r"[Rr]ules? F(\d+)(?:-F(\d+))?", path.read_text(encoding="utf-8")
        ):
            found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_rule_that_code_cites_is_explained_and_every_rule_explained_is_cited() -> None:
    explained = [int(n) for n in re.findall(r"^\*\*F(\d+) ", PAGE, re.MULTILINE)]
    assert explained == list(range(1, len(explained) + 1))
    assert set(explained) == cited()


def test_constants_that_the_page_names_are_those_on_file() -> None:
    from bounceback.forecast.parameters import numbers

    p = numbers("usmle-step-1")
    for said, name in (
        ("0.01255", "kappa"),
        ("0.0016 a day", "forgetting_per_day"),
        ("16.5", "typical_retake_effective_days"),
        ("λ = 0.3", "spill_over"),
        ("|t| ≤ 2.3", "outlier_sds"),
        ("shape 2.5", "rate_shape"),
        ("SD 0.2 of", "practice_gap_sds"),
        ("correlation 0.8", "area_correlation"),
        ("mean 0.7", "adherence_mean"),
        ("SD 7 percent", "block_bias_sd_percent"),
        ("0.012² a week", "drift_sd_per_week"),
        ("exp(−M/900)", "saturation_minutes"),
    ):
        assert said in PAGE, name
        number = float(re.findall(r"\d+(?:\.\d+)?", said)[0])
        assert abs(p[name] - number) < 0.001 * number, name
