"""What the advice on a test date says: headline, why, cost, what would change it, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Facts, Format, Locale, message, render, shows_number
from bounceback.reasons import Reason

NAMED_EXAM: Final = "usmle-step-1"
"""Exam whose names of practice tests are used where a reason names none."""


def _test(f: Facts) -> str:
    name = practice_test_name(f["family"], f["form"], f.get("exam", NAMED_EXAM))
    return name or "a practice test"


def points_words(points: float) -> str:
    """Return how far a score lies from the passing score."""
    n = round(points)
    if n == 0:
        return "right at the passing score"
    where = "above" if n > 0 else "below"
    return f"{abs(n)} point{'' if abs(n) == 1 else 's'} {where} the passing score"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _weeks(days: int) -> str:
    n = max(1, round(days / 7))
    return f"{n} week{'' if n == 1 else 's'}"


# --- headlines --------------------------------------------------------------------------------


@message("decision.headline-keep")
def _(f: Facts, fmt: Format) -> str:
    return f"Keep {fmt.day(f['on'], weekday=True)}."


@message("decision.headline-move")
def _(f: Facts, fmt: Format) -> str:
    return f"Move your test to {fmt.day(f['on'], weekday=True)}."


@message("decision.headline-set")
def _(f: Facts, fmt: Format) -> str:
    return f"Set your test date: {fmt.day(f['on'], weekday=True)}."


@message("decision.headline-too-soon")
def _(f: Facts, fmt: Format) -> str:
    return f"Too soon to decide. Next: {_test(f)} by {fmt.day(f['on'], weekday=True)}."


@message("decision.headline-build-up")
def _(f: Facts, fmt: Format) -> str:
    return "Build up your weak subjects first."


@message("decision.headline-passed")
def _(f: Facts, fmt: Format) -> str:
    return f"You passed {facts.exam(f['exam']).name}."


@message("decision.headline-closed")
def _(f: Facts, fmt: Format) -> str:
    return "No date is open at the moment."


# --- why --------------------------------------------------------------------------------------


@message("decision.chance", number=True)
def _(f: Facts, fmt: Format) -> str:
    n = round(10 * f["chance"])
    if 0.05 < f["chance"] < 0.95:
        count = f"about {n} in 10 would pass and {10 - n} would not"
    else:
        count = f"{fmt.about_people(f['chance'])} would pass"
    return f"On {fmt.day(f['on'])} {count}."


@message("decision.later-is-worth-more", number=True)
def _(f: Facts, fmt: Format) -> str:
    return (
        f"On {fmt.day(f['on'])}, {_weeks(f['days'])} later, {fmt.about_people(f['chance'])} would "
        "pass. Going by your priorities, that is worth the wait."
    )


@message("decision.date-rarely-kept", number=True)
def _(f: Facts, fmt: Format) -> str:
    return (
        f"{_capital(fmt.about_people(f['kept']))} people in your place would still keep "
        f"{fmt.day(f['own'])} once their practice tests are in. On {fmt.day(f['on'])}, "
        f"{_weeks(f['days'])} later, {fmt.about_people(f['chance'])} would pass."
    )


@message("decision.worth-most")
def _(f: Facts, fmt: Format) -> str:
    return "Going by your priorities, this date is worth most among those you can book."


@message("decision.measured")
def _(f: Facts, fmt: Format) -> str:
    return "You have a timed practice test from the 3 weeks before that date."


@message("decision.unmeasured")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"You don't have a timed practice test from the {f['weeks']} weeks before that date yet. "
        "One more test will tell us more."
    )


@message("decision.free-a-day")
def _(f: Facts, fmt: Format) -> str:
    length = fmt.duration(f["minutes"])
    return f"{_test(f)} takes {length}, longer than any of your study days. Free one day for it."


@message("decision.stays-for-now", number=True)
def _(f: Facts, fmt: Format) -> str:
    return (
        f"Keep {fmt.day(f['on'])} for now. {_capital(fmt.about_people(f['share']))} people in your "
        "place keep their date once their practice tests are in."
    )


@message("decision.no-test-so-late")
def _(f: Facts, fmt: Format) -> str:
    return "It's too late for another practice test. A new score now wouldn't help you decide."


@message("decision.no-test-left")
def _(f: Facts, fmt: Format) -> str:
    return "No practice test fits before that date, so this uses the results you have."


@message("decision.moved-before")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"Your date has moved {f['times']} times. Talk this one through with your advisor or a "
        "learning specialist before you move it again."
    )


@message("decision.fundamental-gap")
def _(f: Facts, fmt: Format) -> str:
    return (
        "Your latest practice test is far enough below the passing score that building up a few "
        "subjects comes before a date. A checkpoint test then reopens the choice of a date."
    )


@message("decision.second-failure")
def _(f: Facts, fmt: Format) -> str:
    n = f["failures"]
    count = {2: "two", 3: "three"}.get(n, str(n))
    return (
        f"After {count} failed attempts, we suggest changing how you study before you use another. "
        "A checkpoint test then reopens the choice of a date."
    )


@message("decision.expiring-costs-less")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"Your eligibility period ends {fmt.day(f['last'])}. Going by your priorities, letting it "
        "expire would cost you less than testing on a day that is left."
    )


@message("decision.no-date-worth-it")
def _(f: Facts, fmt: Format) -> str:
    return (
        "Going by your priorities, none of the dates in the weeks ahead is worth an attempt yet. "
        "Build up first. A checkpoint test then reopens the choice of a date."
    )


@message("decision.ask-for-extension")
def _(f: Facts, fmt: Format) -> str:
    return "First ask where you registered whether the period can be extended."


@message("decision.no-day-to-book")
def _(f: Facts, fmt: Format) -> str:
    return "The rules leave days, but none that can still be booked with test centers open."


@message("decision.rule-closes")
def _(f: Facts, fmt: Format) -> str:
    return f"A rule closes {fmt.day(f['on'])}: {_rule(f['rule'], fmt)}."


def _rule(rule: Reason, fmt: Format) -> str:
    return render(rule, fmt.locale)


@message("decision.rules-leave-no-date")
def _(f: Facts, fmt: Format) -> str:
    if f["rule"] is None:
        return "The rules leave no date in the weeks ahead."
    return f"The rules leave no date in the weeks ahead: {_rule(f['rule'], fmt)}."


@message("decision.period-ended")
def _(f: Facts, fmt: Format) -> str:
    return f"Your eligibility period ended on {fmt.day(f['last'])}."


@message("decision.opens")
def _(f: Facts, fmt: Format) -> str:
    return f"The first day the rules allow is {fmt.day(f['on'])}."


@message("decision.ask-a-person")
def _(f: Facts, fmt: Format) -> str:
    return "The next step is a person: your advisor, and the board itself."


@message("decision.passed")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"You passed {facts.exam(f['exam']).name} on {fmt.day(f['on'])}, and a passed exam isn't "
        "taken again. Choose the exam that comes next to start its plan."
    )


@message("decision.date-has-passed")
def _(f: Facts, fmt: Format) -> str:
    return f"Your test date, {fmt.day(f['on'])}, has passed."


@message("decision.last-attempt")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"This would be attempt {f['number']}, the last one allowed. We'd want to be very sure "
        "before you use it. Talk with your dean before choosing a date."
    )


@message("decision.late-result")
def _(f: Facts, fmt: Format) -> str:
    text = (
        f"Your deadline of {fmt.day(f['deadline'])} ({f['what']}): results usually come by "
        f"{fmt.day(f['usual'])} and can take until {fmt.day(f['latest'])}."
    )
    if f["usual_in_time"]:
        return f"{text} That is in time only at the usual speed. Ask whether a later result counts."
    return f"{text} Both are after it. Ask today whether that deadline can move."


@message("decision.outside-eligibility")
def _(f: Facts, fmt: Format) -> str:
    return (
        f"{fmt.day(f['on'])} is outside your eligibility period, {fmt.day(f['first'])} to "
        f"{fmt.day(f['last'])}. Your plan still leads to it. Check your scheduling permit."
    )


# --- what to do before, and the agreement -----------------------------------------------------


@message("decision.take-test")
def _(f: Facts, fmt: Format) -> str:
    return f"Take {_test(f)} by {fmt.day(f['on'])}, before you test on {fmt.day(f['test_date'])}."


@message("decision.clearance-open")
def _(f: Facts, fmt: Format) -> str:
    return f"Before {fmt.day(f['on'])}: {_rule(f['rule'], fmt)}."


@message("decision.agreement")
def _(f: Facts, fmt: Format) -> str:
    due = " That day is here." if f["due"] else ""
    return f"Our agreement for {fmt.day(f['on'])}: \u201c{f['rule']}\u201d.{due}"


# --- evidence, results of the next test, myths ------------------------------------------------

GRADES: Final = {"good": "good", "fair": "fair", "low": "low"}


def evidence_line(grade: str, tests: int) -> str:
    """Return how far to trust the number, in one line."""
    return f"Evidence: {GRADES[grade]}. {evidence_reasons(tests)[0]}"


def evidence_reasons(
    tests: int, *, agree: bool = True, near: bool = True, published: bool = True
) -> tuple[str, ...]:
    """Return why the evidence is as good as it is, one sentence a reason."""
    if not tests:
        first = "You don't have a recent timed practice test."
    elif tests == 1:
        first = "You have one recent timed practice test."
    else:
        first = f"You have {tests} recent timed practice tests."
    found = [first]
    if not agree:
        found.append("One result is far from the others. It counts, up to a point.")
    if not near:
        found.append("Your date is far off, and how fast you'll improve is our estimate.")
    else:
        found.append("How fast retakers improve is our estimate.")
    if not published:
        found.append("Some of this exam's own numbers are our estimate.")
    found.append("We haven't yet checked our forecasts against real retakers.")
    return tuple(found)


NEARLY_SURE: Final = 0.95
"""Chance from which a date is said to stand: where counts of 10 end and counts of 100 begin."""


def band_scores(low: str | None, high: str | None) -> str:
    """Return a band of results: "221 or more", "214 to 218", "Under 212"."""
    if low is None and high is None:
        return "Any result"
    if high is None:
        return f"{low} or more"
    if low is None:
        return f"Under {high}"
    return low if low == high else f"{low} to {high}"


def band_answer(
    advice: str, day: date | None, kept: float | None, planned: date | None, fmt: Format
) -> str:
    """Return what a band of results would mean."""
    if advice == "sit" and day is not None:
        return f"{fmt.day(day)} stands."
    if advice == "move" and day is not None:
        return f"We'd suggest {fmt.day(day)}."
    if advice == "remediate":
        return "Build up weak subjects first."
    if planned is not None and kept is not None and kept >= 0.5:
        return f"{fmt.day(planned)} stands so far. The next test decides."
    if planned is not None:
        return f"{fmt.day(planned)} is in doubt. The next test decides."
    return "Still too soon to decide."


def no_single_result(planned: date, kept: Sequence[float | None], fmt: Format) -> str:
    """Return that no result of the next test alone keeps the date, with what would.

    Args:
        planned: The student's date.
        kept: The chance that the date is kept after each band of results, best first.
        fmt: Format of the learner.
    """
    best_kept, worst_kept = kept[0], kept[-1]
    if worst_kept is not None and worst_kept >= NEARLY_SURE:
        return (
            f"{fmt.day(planned)} stands after almost any result. What is still missing is a "
            "practice test from the last 3 weeks before it."
        )
    text = f"{fmt.day(planned)} is still possible, but one good test isn't enough."
    if best_kept is None:
        return text
    return (
        f"{text} After the best result you'd keep it in {fmt.about_people(best_kept)} cases, with "
        "another good test in the last 3 weeks."
    )


def option_label(kind: str) -> str:
    """Return a way to go on that is no date, short enough for a table."""
    return {
        "rebuild": "Build up first",
        "extension": "Extend period",
        "lapse": "Let it expire",
    }[kind]


@dataclass(frozen=True, slots=True)
class Myth:
    """A word of the field, and what it does and doesn't mean."""

    term: str
    answer: str


MYTHS: Final = (
    Myth(
        "EPC",
        "Equated percent correct is your score adjusted for how hard the form was. It isn't the "
        "share of questions you need on the real exam, and half correct is no pass.",
    ),
    Myth(
        "NBME\u2019s probability of passing",
        "It's the chance if you tested within a week, knowing as much as you did that day. It "
        "doesn't count what you learn or forget by your date.",
    ),
    Myth(
        "Low-pass range",
        "It's the band right above the passing score. In it many people pass and some don't. It "
        "isn't a second passing score.",
    ),
)


def sentences(
    reasons: Sequence[Reason], locale: Locale | None = None, *, numbers: bool = True
) -> tuple[str, ...]:
    """Return the sentences of several reasons; without those that hold a chance if asked."""
    return tuple(render(r, locale) for r in reasons if numbers or not shows_number(r))
