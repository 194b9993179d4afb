"""What is said at a field of a form: what was typed, what fits there, in the unit that was typed.

The case file has its own words for the same faults (``bounceback.errors.Fault``): they name keys.
"""

from __future__ import annotations

from typing import Final

from bounceback.errors import Fault
from bounceback.messages.registry import Facts, Format, Locale, message, render

MINUTES_A_DAY = 1440.0


def field_error(fault: Fault, locale: Locale | None = None) -> str:
    """Return what a form says about a fault: a sentence without a key, an id or a bracket.

    Args:
        fault: What was refused.
        locale: How dates are written.
    """
    if fault.reason is None:
        return "We can\u2019t use this. Check it and try again."
    return render(fault.reason, locale)


_SECTIONS: Final = {
    "learner": "you",
    "forms": "practice tests",
    "ledger": "practice tests left",
    "availability": "study hours",
    "misses": "missed questions",
    "looks": "takeaways",
    "decision": "test date",
    "appraisal": "look back",
    "grants": "sharing",
}
"""Sections of the case file whose name a page words otherwise."""


def field_error_in_file(fault: Fault, locale: Locale | None = None) -> str:
    """Return what a page says about a fault of an imported case file: where, then what."""
    place = fault_place(fault.key)
    error = field_error(fault, locale)
    return f"{place}: {error}" if place else error


def fault_place(key: str) -> str:
    """Return a path into a case file in words: "forms[1].score" is "practice tests 2, score".

    Args:
        key: The path.
    """
    parts = []
    for part in key.replace('"', "").split("."):
        name, _, index = part.partition("[")
        number = index.partition("]")[0]
        words = _SECTIONS.get(name, name.replace("_", " ").strip())
        parts.append(f"{words} {int(number) + 1}" if number.isdigit() else words)
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _quoted(given: object) -> str:
    """Return what was typed, in quotation marks, as a sentence of its own; "" if nothing was."""
    return f" You entered \u201c{given}\u201d." if given else ""


def _count(value: object) -> str:
    number = float(value) if isinstance(value, int | float) else 0.0
    return f"{number:,.0f}" if number.is_integer() else f"{number:g}"


# --- one value --------------------------------------------------------------------------------


@message("records.missing")
def _missing(facts: Facts, fmt: Format) -> str:
    return "Fill this in."


@message("records.choice")
def _choice(facts: Facts, fmt: Format) -> str:
    return "Choose one from the list."


@message("records.unknown-setting")
def _unknown_setting(facts: Facts, fmt: Format) -> str:
    nearest = str(facts["nearest"] or "").replace("_", " ")
    guess = f" Did you mean \u201c{nearest}\u201d?" if nearest else " Remove it."
    return f"We don\u2019t know this setting.{guess}"


@message("records.text-empty")
def _text_empty(facts: Facts, fmt: Format) -> str:
    return "Write something here."


@message("records.text-long")
def _text_long(facts: Facts, fmt: Format) -> str:
    return f"Shorten this to {facts['most']:,} characters. It has {facts['given']:,} now."


@message("records.item-text")
def _item_text(facts: Facts, fmt: Format) -> str:
    return (
        f"Write your own takeaway on one line, up to {facts['most']:,} characters. The question "
        "itself belongs to its publisher, so we don\u2019t store it."
    )


@message("records.text-lines")
def _text_lines(facts: Facts, fmt: Format) -> str:
    return "Write this on one line."


@message("records.text-unreadable")
def _text_unreadable(facts: Facts, fmt: Format) -> str:
    return "We can\u2019t read one of these characters. Type the text again."


@message("records.number")
def _number(facts: Facts, fmt: Format) -> str:
    return f"Enter a number, such as 57.{_quoted(facts['given'])}"


@message("records.whole-number")
def _whole_number(facts: Facts, fmt: Format) -> str:
    return f"Enter a whole number. You entered {facts['given']:g}."


@message("records.fraction")
def _fraction(facts: Facts, fmt: Format) -> str:
    given = facts["given"]
    return f"{given:g} looks like a fraction. Enter {100 * given:.6g} for {100 * given:.6g}%."


@message("records.number-range")
def _number_range(facts: Facts, fmt: Format) -> str:
    given, low, high = facts["given"], facts["low"], facts["high"]
    if str(facts["unit"]).startswith("minute") and high == MINUTES_A_DAY and given > high:
        hours = given / 60
        length = f"{hours:g} hours" if hours.is_integer() else fmt.duration(given)
        return f"{length} in a day? A day has 24."
    if given < 0 <= low:
        return f"Enter this without the minus sign. You entered {given:g}."
    if facts["above"]:
        return f"Enter a number above {_count(low)}, up to {_count(high)}. You entered {given:g}."
    return f"Enter a number from {_count(low)} to {_count(high)}. You entered {given:g}."


@message("records.date")
def _date(facts: Facts, fmt: Format) -> str:
    return f"Enter a date, such as 2027-01-08 or tomorrow.{_quoted(facts['given'])}"


@message("records.date-year")
def _date_year(facts: Facts, fmt: Format) -> str:
    return f"Check the year. You entered {fmt.day(facts['given'], year=True)}."


@message("records.clock")
def _clock(facts: Facts, fmt: Format) -> str:
    return f"Enter a time, such as 13:00.{_quoted(facts['given'])}"


@message("records.hours")
def _hours(facts: Facts, fmt: Format) -> str:
    return f"Enter a start and an end, such as 08:00-12:00.{_quoted(facts['given'])}"


@message("records.hours-order")
def _hours_order(facts: Facts, fmt: Format) -> str:
    return (
        f"{fmt.clock(facts['end'])} comes before {fmt.clock(facts['start'])}. Put the earlier time "
        "first. Split a night into two days."
    )


@message("records.hours-overlap")
def _hours_overlap(facts: Facts, fmt: Format) -> str:
    first = f"{fmt.clock(facts['start'])} to {fmt.clock(facts['end'])}"
    second = f"{fmt.clock(facts['other_start'])} to {fmt.clock(facts['other_end'])}"
    return f"{first} overlaps {second}. Join the two, or change one."


@message("records.time-zone")
def _time_zone(facts: Facts, fmt: Format) -> str:
    # The underscore of "New_York" is how the database writes it, and a blank is read as one.
    city = str(facts["nearest"] or "America/New_York").replace("_", " ")
    return f"We don\u2019t know this time zone. Enter a region and a city, such as {city}."


@message("records.letters")
def _letters(facts: Facts, fmt: Format) -> str:
    example = f", such as {facts['nearest']}" if facts["nearest"] else ""
    return f"Choose one from the list, or enter its two letters{example}."


# --- values that do not fit together ----------------------------------------------------------


@message("records.twice")
def _twice(facts: Facts, fmt: Format) -> str:
    return "You already entered this. Remove one of the two, or correct it."


@message("records.period-order")
def _period_order(facts: Facts, fmt: Format) -> str:
    return (
        f"The last day, {fmt.day(facts['last'])}, is before the first, {fmt.day(facts['first'])}. "
        "Swap the two, or check the year."
    )


@message("records.attempts-order")
def _attempts_order(facts: Facts, fmt: Format) -> str:
    return f"{fmt.day(facts['day'])} is before {fmt.day(facts['before'])}. Check the year."


@message("records.distance-with-a-pass")
def _distance_with_a_pass(facts: Facts, fmt: Format) -> str:
    return "A passed exam has no distance below the passing score. Leave this as Not sure."


@message("records.result-before-it-is-out")
def _result_before_it_is_out(facts: Facts, fmt: Format) -> str:
    return "Leave this empty until the result is out, or choose what the report says."


@message("records.read-before-the-exam")
def _read_before_the_exam(facts: Facts, fmt: Format) -> str:
    return f"This is before the exam on {fmt.day(facts['day'])}. Check the year."


@message("records.correct-above-items")
def _correct_above_items(facts: Facts, fmt: Format) -> str:
    return f"{facts['correct']:g} correct out of {facts['items']:g}? Swap the two, or correct one."


@message("records.items-missing")
def _items_missing(facts: Facts, fmt: Format) -> str:
    return "Enter how many questions there were."


@message("records.count-and-percent")
def _count_and_percent(facts: Facts, fmt: Format) -> str:
    return "Enter the number correct or the percent, whichever your report prints. Not both."


@message("records.area-without-result")
def _area_without_result(facts: Facts, fmt: Format) -> str:
    return f"Enter the result for {facts['area']}, or remove the area."


@message("records.area-above-block")
def _area_above_block(facts: Facts, fmt: Format) -> str:
    return (
        f"{facts['given']:g} questions of one area in a block of {facts['items']:g}? "
        "Correct one of the two."
    )


@message("records.area-twice")
def _area_twice(facts: Facts, fmt: Format) -> str:
    return f"{facts['area']} is here twice. Keep one of the two."


@message("records.area-unknown")
def _area_unknown(facts: Facts, fmt: Format) -> str:
    return "We don\u2019t know this area. Choose one from the list."


@message("records.left-above-units")
def _left_above_units(facts: Facts, fmt: Format) -> str:
    return (
        f"{_count(facts['left'])} unused questions in a bank of {_count(facts['units'])}? "
        "Count each question once."
    )


@message("records.left-of-no-bank")
def _left_of_no_bank(facts: Facts, fmt: Format) -> str:
    return "Unused questions belong to a question bank. Check the kind."


@message("records.done-above-units")
def _done_above_units(facts: Facts, fmt: Format) -> str:
    return (
        f"{_count(facts['done'])} done out of {_count(facts['units'])}? Correct one of the two. "
        "A second pass isn\u2019t counted here."
    )


# --- scores -----------------------------------------------------------------------------------


@message("records.no-score-reported")
def _no_score_reported(facts: Facts, fmt: Format) -> str:
    return (
        f"{facts['exam']} reports no number, only pass or fail. Leave this empty. A practice test "
        "score goes under Practice tests."
    )


@message("records.exam-score-range")
def _exam_score_range(facts: Facts, fmt: Format) -> str:
    return (
        f"{facts['exam']} scores run from {facts['low']:g} to {facts['high']:g}. "
        f"You entered {facts['given']:g}."
    )


@message("records.score-range")
def _score_range(facts: Facts, fmt: Format) -> str:
    return (
        f"{facts['test']} scores run from {facts['low']:g} to {facts['high']:g}. "
        f"You entered {facts['given']:g}."
    )


@message("records.three-digit-score")
def _three_digit_score(facts: Facts, fmt: Format) -> str:
    return (
        f"{facts['exam']} practice tests show percent correct, such as 57. "
        f"You entered {facts['given']:g}, which looks like a three-digit score."
    )


@message("records.scale-missing")
def _scale_missing(facts: Facts, fmt: Format) -> str:
    return "Choose how your school prints the score: as percent correct or as an exam score."


@message("records.scale-known")
def _scale_known(facts: Facts, fmt: Format) -> str:
    return "We know the scale of this test. Leave this empty."


@message("records.test-of-another-exam")
def _test_of_another_exam(facts: Facts, fmt: Format) -> str:
    return f"This test is for {facts['exams']}. Your exam is {facts['exam']}. Choose another test."
