"""Rules of board, state, school and test center, as they are checked for one date.

Each is part of a sentence: it starts in lower case and has no final period.
"""

from __future__ import annotations

from bounceback.messages.registry import Facts, Format, message


@message("decision-rules.calendar")
def _(f: Facts, fmt: Format) -> str:
    return f"{fmt.day(f['on'], year=True)} is today or later"


@message("decision-rules.eligibility")
def _(f: Facts, fmt: Format) -> str:
    first, last = fmt.day(f["first"], year=True), fmt.day(f["last"], year=True)
    return f"inside the eligibility period, {first} to {last}"


@message("decision-rules.testing-day")
def _(f: Facts, fmt: Format) -> str:
    day = fmt.day(f["on"], year=True)
    return f"test centers are usually closed on {day}: check your center's calendar"


@message("decision-rules.deadline")
def _(f: Facts, fmt: Format) -> str:
    return f"the result would be out by {fmt.day(f['on'], year=True)} ({f['what']})"


@message("decision-rules.passed")
def _(f: Facts, fmt: Format) -> str:
    return f"{f['board']} does not let you take an exam again once you have passed it"


@message("decision-rules.attempts")
def _(f: Facts, fmt: Format) -> str:
    return f"at most {f['most']} attempts in all, and this would be attempt {f['number']}"


@message("decision-rules.in-12-months")
def _(f: Facts, fmt: Format) -> str:
    return f"at most {f['most']} attempts in any 12 months, and this would be number {f['number']}"


@message("decision-rules.fourth-from-first")
def _(f: Facts, fmt: Format) -> str:
    return _fourth(f, fmt, "first")


@message("decision-rules.fourth-from-latest")
def _(f: Facts, fmt: Format) -> str:
    return _fourth(f, fmt, "latest")


def _fourth(f: Facts, fmt: Format, which: str) -> str:
    opens = fmt.day(f["opens"], year=True)
    return f"a fourth attempt waits {f['months']} months from the {which}, to {opens}"


@message("decision-rules.result")
def _(f: Facts, fmt: Format) -> str:
    by = fmt.day(f["by"], year=True)
    return f"the last result is out (typically {f['weeks']:g} weeks after the exam, by {by})"


@message("decision-rules.state")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"{f['state']}: lists give {f['text']}. This would be number {f['number']}. {f['caveat']}"
    )


@message("decision-rules.clearance")
def _(f: Facts, fmt: Format) -> str:
    other = " (of another exam)" if f["other_exam"] else ""
    return f"{f['school']}: {f['text']}{other}"


@message("decision-rules.clearance-count")
def _(f: Facts, fmt: Format) -> str:
    counted = f"{f['reached']} of {f['count']} so far"
    if f["most_tries"] is not None:
        counted += f", {f['tries']} of {f['most_tries']} tries used"
    if f["on_conditions"]:
        counted += ", cleared on conditions"
    return f"{f['school']}: {f['text']} ({counted})"


@message("decision-rules.clearance-blocks")
def _(f: Facts, fmt: Format) -> str:
    so_far = f"{f['correct']} of {f['items']} so far" if f["items"] else "none so far"
    return (
        f"{f['school']}: {f['percent']:g} of 100 correct on timed mixed questions over "
        f"{f['days']} days ({so_far})"
    )
