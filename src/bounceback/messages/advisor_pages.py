"""What the two pages for the advisor meeting say: third person, complete sentences, full dates."""

from __future__ import annotations

from datetime import date
from typing import Final

from bounceback.messages import chances as words
from bounceback.messages.registry import Format

FOOTER: Final = (
    "Made by Bounceback for the student, and the student decides about sharing it. "
    "Not affiliated with NBME, FSMB, NBOME or NRMP."
)
LIMITS: Final = (
    "Estimates are counts of people with these results and this plan. Likely means about an 8 in "
    "10 chance. {grade} Not yet checked on real retakers."
)
NUMBERS_HIDDEN: Final = "The student keeps chances and scores off these pages."
NO_TESTS: Final = "No practice tests have been entered yet."
NO_DATE_LEFT: Final = "The eligibility period has ended, so there is no date to forecast."
GRADES: Final = {
    "good": "The evidence is good.",
    "fair": "The evidence is fair.",
    "low": "The evidence is low.",
}


def attempts_line(exam: str, number: int, last: tuple[date, bool] | None, fmt: Format) -> str:
    """Return "USMLE Step 1 · attempt 2 · last attempt August 28, 2026, did not pass"."""
    parts = [exam, f"attempt {number}"]
    if last is not None:
        day, passed = last
        parts.append(f"last attempt {fmt.day(day)}, {'passed' if passed else 'did not pass'}")
    return " · ".join(parts)


def title(
    distance: str, mine: date | None, suggested: date | None, advice: str, fmt: Format
) -> str:
    """Return where the student is and which date is in question, as the title."""
    first = f"The student is {distance}."
    if advice == "remediate":
        return f"{first} The advice is to build up weak subjects first."
    if suggested is not None:
        return f"{first} The suggested date is {fmt.day(suggested)}."
    if mine is not None:
        return f"{first} The test date is {fmt.day(mine)}."
    return f"{first} No test date is set."


def plain_title(exam: str, mine: date | None, fmt: Format) -> str:
    """Return the title of pages without numbers."""
    return f"{exam}: the plan to {fmt.day(mine)}" if mine else f"{exam}: the plan"


def where_sentence(level: dict[str, str], passing: str, status: str, *, percent: bool) -> str:
    """Return the level today beside the passing score."""
    unit = " correct" if percent else ""
    estimate = "" if status == "official" else " (an estimate)"
    return (
        f"Level today: about {level['score']}{unit} (likely {level['range']}). Passing score: "
        f"{passing}{estimate}."
    )


def advice_sentence(advice: str, day: date | None, test: str, fmt: Format) -> str:
    """Return the advice as one sentence about the student."""
    if advice == "sit" and day is not None:
        return f"The advice is to keep {fmt.day(day)}."
    if advice == "move" and day is not None:
        return f"The advice is to move to {fmt.day(day)}."
    if advice == "remediate":
        return "The advice is to build up weak subjects first and then to set a date."
    if test and day is not None:
        return f"It is too soon to decide. Next: {test} by {fmt.day(day)}."
    return "It is too soon to decide."


def why_sentence(
    mine: tuple[date, float] | None, suggested: tuple[date, float] | None, fmt: Format
) -> str:
    """Return what the date and the suggested date mean, in people of ten."""
    parts = []
    if mine is not None:
        count = f"{fmt.about_people(mine[1])} {words.WITH_THESE_RESULTS}"
        parts.append(f"On {fmt.day(mine[0])} {count} would pass.")
    if suggested is not None:
        weeks = words.weeks_words(abs((suggested[0] - (mine or suggested)[0]).days))
        more = f"{weeks[:1].upper()}{weeks[1:]} more" if mine is not None else "That date"
        parts.append(f"{more} makes it {fmt.about_people(suggested[1])}.")
    return " ".join(parts)


def agreement_sentence(rule: str, day: date, fmt: Format) -> str:
    """Return what student and advisor agreed, in the student's words."""
    return f"Agreed, to decide on {fmt.day(day)}: \u201c{rule}\u201d"


def plan_sentence(day: date, hours_a_week: float, *, fits: bool, fmt: Format) -> str:
    """Return what the plan is, in one sentence or two."""
    rest = "It fits the hours given." if fits else "Not everything fits."
    return f"The plan leads to {fmt.day(day)} with about {hours_a_week:.0f} hours a week. {rest}"


def passed_sentence(exam: str, day: date, fmt: Format) -> str:
    """Return that the exam is passed."""
    return f"The student passed {exam} on {fmt.day(day)}."
