"""Reasons become sentences in one place; dates and numbers follow the locale."""

from __future__ import annotations

import ast
from datetime import date, time
from pathlib import Path

import pytest

from bounceback.messages import Format, Locale, registered_codes
from bounceback.messages.registry import message

ENGINE = Path(__file__).resolve().parents[2] / "src" / "bounceback"


def codes_of_the_engine() -> set[str]:
    """Codes written as literals: ``reason("…")`` and ``Reason("…")``."""
    codes = set()
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                if name in {"reason", "Reason"} and isinstance(node.args[0].value, str):
                    codes.add(node.args[0].value)
    return codes


def test_every_code_of_the_engine_has_a_message() -> None:
    assert codes_of_the_engine() - registered_codes() == set()


def test_a_code_has_one_message() -> None:
    message("test.once")(lambda facts, say: "")
    with pytest.raises(ValueError, match=r"test\.once"):
        message("test.once")(lambda facts, say: "")


def test_dates_follow_the_country() -> None:
    day = date(2027, 1, 8)
    here = Format(Locale("US", today=date(2026, 11, 22)))
    there = Format(Locale("GB", today=date(2027, 2, 1)))
    assert here.day(day, weekday=True) == "Friday, January\u00a08, 2027"
    assert there.day(day, weekday=True) == "Friday 8\u00a0January"
    assert here.short_day(day) == "Fri, Jan 8"
    assert (here.clock(time(13, 5)), there.clock(time(13, 5))) == ("1:05 PM", "13:05")


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.0, "fewer than 1 in 100"), (0.03, "3 in 100"), (0.47, "5 in 10"), (1.0, "99 in 100")],
)
def test_a_chance_is_a_count_of_people(chance: float, words: str) -> None:
    assert Format(Locale()).people(chance) == words


def test_a_chance_near_nothing_is_not_called_about_fewer() -> None:
    assert Format(Locale()).about_people(0.6) == "about 6 in 10"
    assert Format(Locale()).about_people(0.001) == "fewer than 1 in 100"


def test_durations_counts_and_lists() -> None:
    say = Format(Locale())
    assert [say.duration(m) for m in (0, 55, 90, 120)] == ["0 min", "55 min", "1 hr 30 min", "2 hr"]
    assert say.count(1, "block") == "1 block"
    assert say.count(1200, "card") == "1,200 cards"
    assert say.listing(["a", "b", "c"]) == "a, b and c"
