"""What the pages on practice tests say: what a form refuses, and the reveal after a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bounceback.facts import FormFamily
from bounceback.messages.registry import Format


def future_date(day: date, fmt: Format) -> str:
    """Return why a test dated ahead can't be entered as taken, and where it belongs."""
    return (
        f"{fmt.day(day)} is in the future. Enter a practice test after you've taken it. If it's "
        "planned, add it under Tests you have left."
    )


def taken_twice(name: str, earlier: date, fmt: Format) -> str:
    """Return the question that a second entry of the same test raises."""
    return (
        f"You already entered {name} on {fmt.day(earlier)}. If you took it again, check Taken "
        "before. A repeat counts less."
    )


def score_off_scale(given: float, family: FormFamily, exam: str) -> str:
    """Return why a score can't be one of this test, with an example of one that can."""
    shown = f"{given:g}"
    if family.scale in ("epc", "percent"):
        looks = ", which looks like a three-digit score" if given > family.high else ""
        return (
            f"{exam} practice tests show percent correct, such as 57. You entered {shown}{looks}."
        )
    return f"Scores of this test run from {family.low:g} to {family.high:g}. You entered {shown}."


def not_a_number(given: str) -> str:
    """Return what to enter instead of text."""
    return f"Enter the score as a number, such as 57. You entered \u201c{given}\u201d."


def no_date() -> str:
    """Return what a missing date needs."""
    return "Choose the date you took it."


def no_form() -> str:
    """Return what a missing form number needs."""
    return "Enter the form number or name, such as 31."


def place_words(score: float, low: float, high: float) -> str:
    """Return where a score lies in what was expected."""
    if score > high:
        return "above what we expected"
    if score < low:
        return "below what we expected"
    third = (high - low) / 3
    if score > high - third:
        return "in the upper part of what we expected"
    if score < low + third:
        return "in the lower part of what we expected"
    return "in the middle of what we expected"


def conditions_words(*, timed: bool, interrupted: bool, repeat: bool) -> str:
    """Return how the test was taken: "timed", "untimed, taken before"."""
    parts = ["timed" if timed else "untimed"]
    if interrupted:
        parts.append("interrupted")
    if repeat:
        parts.append("taken before")
    return ", ".join(parts)


def doesnt_mean(distance: float, suggested: date | None, next_test: str, fmt: Format) -> str:
    """Return what the test doesn't mean.

    Args:
        distance: Points above the passing score.
        suggested: The suggested date, if there is one.
        next_test: The next practice test with its day; "" without one.
        fmt: How dates are written.
    """
    verdict = (
        "It doesn't say you've passed" if distance >= 0 else "It doesn't say you will not pass"
    )
    settles = f", and it doesn't settle {fmt.day(suggested)}" if suggested else ""
    more = f" {next_test} will say more." if next_test else ""
    return f"One test is one day. {verdict}{settles}.{more}"


def far_from_expected(score: float, low: float, high: float) -> str:
    """Return how a result outside what was expected counts; "" inside it."""
    if low <= score <= high:
        return ""
    where = "higher" if score > high else "lower"
    return (
        f"It's much {where} than your earlier results, so it counts up to a point. A second one "
        "like it would move your chances more."
    )


def changes_heading(count: int) -> str:
    """Return the heading over the changes of the plan."""
    return {0: "Your plan", 1: "One change in your plan", 2: "Two changes in your plan"}.get(
        count, "Three changes in your plan"
    )


def more_time(area: str, minutes: int, fmt: Format) -> tuple[str, str]:
    """Return an area that gets more time, and how much."""
    return f"More time for {area}", f"{fmt.duration(minutes)} more until your test"


def tests_so_far(scores: Sequence[str], *, timed: bool) -> str:
    """Return what is known from practice tests: "four timed practice tests, from 55% to 62%"."""
    count = len(scores)
    if count == 0:
        return "no practice tests yet."
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    kind = "timed practice test" if timed else "practice test"
    if count == 1:
        return f"one {kind}, {scores[0]}."
    if scores[0] == scores[-1]:
        return f"{number} {kind}s, all about {scores[0]}."
    return f"{number} {kind}s, from {scores[0]} to {scores[-1]}."


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
