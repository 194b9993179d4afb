"""What the Chances page, the starting point, the reveal and the advisor's page say.

Functions take values and a :class:`~bounceback.messages.registry.Format` and return text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bounceback.messages.registry import Format
from bounceback.vocabulary import Confidence

WITH_YOUR_RESULTS: Final = "people with your results and plan"
WITH_THOSE_RESULTS: Final = "people with your results from before that day"
WITH_THESE_RESULTS: Final = "people with these results and this plan"
"""In a document that speaks of the student in the third person."""

NEAR_THE_END: Final = 0.05
"""Closer than this to 0 or 1 people are counted out of a hundred."""

WORTH_SHOWING: Final = 3
"""People of a hundred that a change must move before it is listed."""

NOTHING_TO_CHOOSE: Final = "No date to forecast."


def tenths(chance: float) -> int:
    """Return how many of ten people would pass."""
    return min(10, max(0, round(10 * chance)))


def counts_of_hundred(chance: float) -> bool:
    """Tell whether the chance is so near an end that it is counted out of a hundred."""
    return not NEAR_THE_END < chance < 1 - NEAR_THE_END


@dataclass(frozen=True, slots=True)
class ChanceSentence:
    """A chance with its other side, in parts so that a page can set the count in bold.

    Attributes:
        lead: "Of 10 people with your results and plan, about".
        count: "6 would pass".
        rest: "on January 8 and 4 would not."
    """

    lead: str
    count: str
    rest: str

    def __str__(self) -> str:
        return f"{self.lead} {self.count} {self.rest}"


def chance_sentence(
    chance: float, day: date, fmt: Format, people: str = WITH_YOUR_RESULTS
) -> ChanceSentence:
    """Return the chance on a date as a count of people, with those who would not pass."""
    on = f"on {fmt.day(day)}"
    if not counts_of_hundred(chance):
        n = tenths(chance)
        return ChanceSentence(
            f"Of 10 {people}, about", f"{n} would pass", f"{on} and {10 - n} would not."
        )
    n = min(99, round(100 * chance))
    if n == 0:
        return ChanceSentence(f"Of 100 {people},", "fewer than 1 would pass", f"{on}.")
    return ChanceSentence(
        f"Of 100 {people}, about", f"{n} would pass", f"{on} and {100 - n} would not."
    )


def count_words(chance: float) -> tuple[str, str]:
    """Return both sides of a chance for a table: "6 would pass", "4 would not"."""
    if not counts_of_hundred(chance):
        n = tenths(chance)
        return f"{n} would pass", f"{10 - n} would not"
    n = min(99, round(100 * chance))
    if n == 0:
        return "fewer than 1 in 100 would pass", "nearly everyone would not"
    return f"{n} in 100 would pass", f"{100 - n} would not"


def score_words(score: float, *, percent: bool) -> str:
    """Return "64%" or "218"."""
    return f"{score:.0f}%" if percent else f"{score:.0f}"


def range_words(low: float, high: float, *, percent: bool) -> str:
    """Return "58% to 72%" or "212 to 230"."""
    return f"{score_words(low, percent=percent)} to {score_words(high, percent=percent)}"


def distance_words(score: float, passing: float) -> str:
    """Return how far a score lies from the passing score: "2 points below the passing score"."""
    points = round(score) - round(passing)
    if points == 0:
        return "right at the passing score"
    return f"{_points(abs(points))} {'above' if points > 0 else 'below'} the passing score"


def _points(n: int) -> str:
    return "1 point" if n == 1 else f"{n} points"


def passing_words(passing: float, *, percent: bool, status: str) -> str:
    """Return the passing score; one that no board publishes is called our estimate."""
    text = score_words(passing, percent=percent)
    return text if status == "official" else f"about {text}"


def level_sentence(low: float, high: float, *, percent: bool) -> tuple[str, str]:
    """Return the likely level on the date, in parts: before and inside the bold."""
    return "Your level that day: likely", range_words(low, high, percent=percent)


def next_test_words(name: str, day: date, now: int, low: int, high: int, fmt: Format) -> str:
    """Return where the next practice test will probably move the count of ten."""
    on = f"Your {name} on {fmt.day(day)}"
    if low == high == now:
        return f"{on} will probably leave it near {now}."
    if low == high:
        return f"{on} will probably move the {now} to about {low}."
    return f"{on} will probably move the {now} to between {low} and {high}."


LIKELY: Final = "Likely = about an 8 in 10 chance. Test-day luck is already counted."


def weeks_words(days: int) -> str:
    """Return a distance in weeks: "5 weeks", "1 week", "3 days"."""
    if days < 14:
        return "1 week" if days == 7 else f"{days} day{'' if days == 1 else 's'}"
    return f"{round(days / 7)} weeks"


def from_my_date(days: int) -> str:
    """Return where a date lies from the student's own: "2 weeks after your date"."""
    if days == 0:
        return "your date"
    return f"{weeks_words(abs(days))} {'after' if days > 0 else 'before'} your date"


def column_words(day: date, passing: int, my_date: date | None, fmt: Format) -> str:
    """Return what a screen reader says of one date of the line."""
    text = f"{fmt.day(day, weekday=True)}. {passing} in 10 people would pass."
    if my_date is not None:
        away = from_my_date((day - my_date).days)
        text += f" {away[:1].upper()}{away[1:]}."
    return text


def line_description(
    chance: tuple[date, int] | None, suggested: tuple[date, int] | None, fmt: Format
) -> str:
    """Return what the date line shows, in sentences."""
    parts = ["Ten people for each date: a filled dot would pass, a ring would not."]
    for flag, label in ((chance, "My date"), (suggested, "The suggested date")):
        if flag is not None:
            parts.append(f"{label} is {fmt.day(flag[0])}: {flag[1]} in 10 would pass.")
    return " ".join(parts)


def suggestion_cost(then: float, days: int, deadline: tuple[str, bool] | None) -> tuple[str, str]:
    """Return what moving gains and costs, in parts: the count, and the rest of the sentence."""
    passing, failing = count_words(then)
    more = f"for {weeks_words(abs(days))} more" if days > 0 else f"{weeks_words(abs(days))} earlier"
    rest = f"and {failing}, {more}."
    if deadline is not None:
        what, met = deadline
        rest += (
            f" Your result would still be in before {what}."
            if met
            else f" Your result might come after {what}."
        )
    return passing, rest


def side_by_side(my_p: float, other_p: float, days: int) -> str:
    """Return the trade-off between the student's date and another in one sentence."""
    gained = tenths(other_p) - tenths(my_p)
    weeks = weeks_words(abs(days))
    time = f"{weeks} more" if days > 0 else f"{weeks} less"
    later = "later" if days > 0 else "earlier"
    if gained == 0:
        change = "about as many would pass"
    else:
        change = f"{abs(gained)} {'more' if gained > 0 else 'fewer'} in 10 would pass"
    return f"{time[:1].upper()}{time[1:]}: {change}, and your result comes {weeks} {later}."


def result_words(usual: date, latest: date, fmt: Format) -> str:
    """Return when the result comes: "usually by February 5, at the latest March 5"."""
    if usual == latest:
        return f"Usually by {fmt.day(usual)}"
    return f"Usually by {fmt.day(usual)}, at the latest {fmt.day(latest)}"


def moving_cost_words(amount: float | None, *, same: bool) -> str:
    """Return what moving to a date costs now."""
    if same:
        return "No change"
    if amount is None:
        return "A change fee may apply: check your permit"
    return "No fee" if amount == 0 else f"${amount:,.0f}"


def if_not_words(left: Sequence[int], fee: float | None, *, known: bool) -> str:
    """Return what remains if the attempt doesn't work out.

    Args:
        left: Numbers of the attempts that remain.
        fee: Dollars to register again; ``None`` if not published.
        known: Whether the board's limit is known.
    """
    cost = "" if fee is None else f" ${fee:,.0f} to register again."
    if not known:
        return f"We don't know a limit on attempts.{cost}"
    if not left:
        return "No attempt would be left."
    if len(left) == 1:
        return f"Attempt {left[0]} remains.{cost}"
    numbers = f"{', '.join(map(str, left[:-1]))} and {left[-1]}"
    return f"Attempts {numbers} remain.{cost}"


STATUS: Final = {True: "Met", False: "Not met", None: "Not known yet"}
"""A rule of a board, a state or a school."""

RULE_SOURCES: Final = {
    "eligibility": "Your scheduling permit",
    "deadline": "Your own deadline",
    "clearance": "Your school",
    "readiness": "Our estimate of your level",
}
"""Where a rule comes from, for those that no board or state publishes."""

RULE_NAMES: Final = {
    "calendar": "that day has passed",
    "eligibility": "your eligibility period",
    "testing-day": "test centers may be closed",
    "passed": "you passed this exam",
    "attempts": "attempts allowed in all",
    "spacing": "time between attempts",
    "result": "your last result isn\u2019t out",
    "state": "your state\u2019s limit",
    "clearance": "your school\u2019s clearance",
    "readiness": "ready by your tests",
}
"""What a rule is about, in a few words."""


def rules_words(not_met: Sequence[str], not_known: Sequence[str]) -> tuple[bool | None, str]:
    """Return whether a date meets the rules, and which it does not meet or we do not know yet.

    Args:
        not_met: Kinds of the rules that are not met.
        not_known: Kinds of the rules of which it is not known.
    """
    for kinds, state in ((not_met, False), (not_known, None)):
        if kinds:
            named = ", ".join(RULE_NAMES.get(kind, kind) for kind in kinds)
            return state, f"{STATUS[state]}: {named}"
    return True, STATUS[True]


GRADE: Final = {"good": "Good", "fair": "Fair", "low": "Low", "none": "None"}


def evidence_sentence(grade: str) -> str:
    """Return how good the evidence is, in one line."""
    return {
        "good": "Evidence: good. Your practice tests are recent and agree.",
        "fair": "Evidence: fair. Your practice tests are good evidence. Your pace is our estimate.",
        "low": "Evidence: low. One recent timed practice test would help most.",
    }[grade]


def tests_evidence(names: Sequence[str], untimed: int) -> str:
    """Return which practice tests count."""
    if not names:
        return "No practice tests yet. We start from published pass rates."
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    if untimed == 0:
        return f"{listed}, {'all timed' if len(names) > 1 else 'timed'}."
    counts = "it counts" if untimed == 1 else "they count"
    return f"{listed}. {untimed} untimed, interrupted or taken before, so {counts} less."


def pace_evidence(share: float | None) -> str:
    """Return what the results say of the pace.

    Args:
        share: Believed pace over that of the group; ``None`` where results don't say.
    """
    if share is None:
        return "Our estimate. Nobody has published how fast retakers improve."
    tenth = round(10 * share)
    if tenth == 10:
        return "Our estimate, close to the usual pace of retakers."
    word = "more slowly" if tenth < 10 else "faster"
    return (
        f"Our estimate. Your scores rose {word} than usual for those hours, about {tenth}/10 of "
        "the usual pace."
    )


CHECKED: Final = "Not yet. Every forecast is saved and compared with your result."


def group_sentence(
    percent: float, people: str, exam: str, source: tuple[str, str, int | None], *, repeat: bool
) -> str:
    """Return the published count of the student's group, in the page's denominator.

    Args:
        percent: Passed, 0 to 100.
        people: "US MD students".
        exam: Short name of the exam.
        source: Publisher, period and number of attempts.
        repeat: Whether it counts repeat attempts.
    """
    publisher, period, n = source
    what = "repeat attempts" if repeat else "first attempts"
    counted = f", {n:,} attempts" if n else ""
    text = (
        f"For context: of 10 {what} by {people}, about {tenths(percent / 100)} passed {exam} "
        f"({percent:g}%, {publisher}, {period}{counted})."
    )
    return f"{text} That counts attempts, not people." if repeat else text


def no_group_sentence(exam: str) -> str:
    """Return that nobody publishes the group's pass rate."""
    return (
        f"Nobody publishes how many people like you pass {exam}, so these numbers are our estimate."
    )


def lever_words(gain: float) -> str:
    """Return what a change moves, in people of a hundred."""
    n = round(100 * gain)
    return f"{abs(n)} {'more' if n > 0 else 'fewer'} in 100" if n else "no change in 100"


def nothing_moves_it(change: str, gain: float) -> str:
    """Return that no change moves the chance much, with the largest."""
    n = round(100 * gain)
    if n <= 0:
        return "Nothing we tried moves it."
    return f"Nothing here moves it much. The largest: {change}, {n} more in 100."


def most_useful_test(name: str, publisher: str, by: date, removed: float, fmt: Format) -> str:
    """Return which practice test would narrow the range most, by when and how much."""
    through = " through your school" if "school" in publisher else ""
    return (
        f"Most useful next test: {name}{through} by {fmt.day(by)}. It would narrow your range by "
        f"{share(removed) if removed >= 0.07 else 'a little'}."
    )


def target_sentence(
    wanted: float, found: tuple[Sequence[str], float, date, bool], fmt: Format
) -> str:
    """Return the least change that reaches the student's goal, or the nearest to it.

    Args:
        wanted: The goal, 0 to 1.
        found: The changes, the chance with them, the date, and whether the goal is reached.
        fmt: How dates are written.
    """
    changes, chance, day, reached = found
    goal = f"your goal of {round(100 * wanted)} in 100"
    if reached and not changes:
        return f"Your plan reaches {goal} as it is."
    listed = fmt.listing(tuple(changes)) if changes else "no change"
    got = f"{round(100 * chance)} in 100 on {fmt.day(day)}"
    if reached:
        return f"The least change that reaches {goal}: {listed} ({got})."
    return (
        f"Best mix we found ({listed}): {got}. Your goal is {round(100 * wanted)}. The goal only "
        "helps compare changes. You don't need to reach it to test."
    )


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of priorities.

    Attributes:
        id: Sent by the form.
        name: What it is called.
        note: What it means, in one line.
        failed_attempt: Weeks of delay that a failed attempt counts as.
    """

    id: str
    name: str
    note: str
    failed_attempt: float


PRESETS: Final = (
    Preset("time", "Time matters most", "A failed attempt counts like 35 weeks of delay.", 35.0),
    Preset("balanced", "Balanced", "A failed attempt counts like 48 weeks of delay.", 48.0),
    Preset(
        "attempt",
        "A failed attempt would cost me most",
        "A failed attempt counts like 96 weeks of delay.",
        96.0,
    ),
)

PRIORITIES: Final = {
    "failed_attempt": "A failed attempt",
    "delay_week": "A week of delay",
    "missed_deadline": "A late result",
    "lapsed_eligibility": "Letting eligibility expire",
    "fee_per_100_usd": "$100 in fees",
    "better_date_margin": "How much better a later date must be",
    "build_up_weeks": "Testing on none of these dates",
    "late_move": "Moving in the last days before your date",
}
"""What each priority prices, in weeks of delay."""


@dataclass(frozen=True, slots=True)
class Myth:
    """A common belief, and what is true of it."""

    belief: str
    answer: str


def myths(*, level: str, now: int, later: bool | None, group: str) -> tuple[Myth, ...]:
    """Return common beliefs with what the student's own numbers say.

    Args:
        level: The level today, where scores are percent correct; else "".
        now: People of ten who would pass today.
        later: Whether a later date is better; ``None`` if there is no later date.
        group: Sentence on the group's published rate of repeat attempts; "" without one.
    """
    found = []
    if level:
        found.append(
            Myth(
                "My percent correct is my chance of passing.",
                f"It's a score, not a chance. At {level} today, about {now} in 10 would pass.",
            )
        )
    if group:
        found.append(Myth("People who fail once mostly fail again.", group))
    found.append(
        Myth(
            "One good practice test settles it.",
            "One test is one day. Two tests in your last 2 weeks say much more.",
        )
    )
    if later is not None:
        found.append(
            Myth(
                "A later date is always better.",
                "With your plan, later helps. Each week of delay has its cost, too."
                if later
                else "Not with your current plan: you'd forget more than you'd learn. More study "
                "hours each week would change that.",
            )
        )
    return tuple(found)


HOW_SURE: Final[dict[Confidence, str]] = {
    "official": "Official",
    "reported": "Published",
    "inferred": "Our estimate",
}


_FACTS: Final = {
    "pass-mark": "Passing score",
    "pass-rate": "Published pass rate",
    "release": "How long results take",
    "max-attempts": "Attempts allowed",
    "max-in-12-months": "Attempts allowed in 12 months",
    "conversion": "From percent correct to the reported scale",
    "state-limits": "Limit of your state",
    "clearance": "Your school's clearance rule",
    "ceiling": "Model: highest level",
    "kappa": "Model: how fast study raises the level",
    "score_sd": "Model: spread of first takers",
    "sitting_sd": "Model: luck of one test day",
    "forgetting_per_day": "Model: forgetting in a day",
    "adherence_mean": "Model: share of planned hours done",
    "rate_median": "Model: usual pace of your group",
}


def fact_name(fact_id: str) -> str:
    """Return what a published number is, in words."""
    for part in reversed(fact_id.split(".")):
        if part in _FACTS:
            return _FACTS[part]
    first = fact_id.partition(".")[2].partition(".")[0] or fact_id
    text = first.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


_SHARES: Final = (
    (0.9, "nearly all of this estimate"),
    (0.7, "about three quarters"),
    (0.6, "about two thirds"),
    (0.42, "about half"),
    (0.29, "about a third"),
    (0.22, "about a quarter"),
    (0.15, "about a fifth"),
    (0.07, "about a tenth"),
)


def share(weight: float) -> str:
    """Return a share of the estimate in ordinary words: "about a third"."""
    return next((text for least, text in _SHARES if weight >= least), "a little")


def threshold_words(low: float | None, high: float | None, *, percent: bool) -> str:
    """Return a band of results of the next test: "72% or higher", "66% to 71%", "Below 60%"."""
    if low is None and high is None:
        return "Any result"
    if high is None:
        return f"{score_words(low or 0.0, percent=percent)} or higher"
    if low is None:
        return f"Below {score_words(high + 1, percent=percent)}"
    if round(low) == round(high):
        return score_words(low, percent=percent)
    return range_words(low, high, percent=percent)


WAYS: Final = {
    "rebuild": (
        "Build up first",
        "Change how you study, take a checkpoint test, then set a date.",
    ),
    "extension": (
        "Ask for an extension",
        "Your eligibility period gets longer. Ask where you registered.",
    ),
    "lapse": (
        "Let your eligibility period expire",
        "You keep the attempt and register again.",
    ),
}
"""Title and one line of each way to go on that is no date."""


def fee_words(amount: float | None) -> str:
    """Return what a way costs now."""
    if amount is None:
        return "We don't know: ask where you registered"
    return "Nothing" if amount == 0 else f"${amount:,.0f}"


def attempts_left(count: int) -> str:
    """Return how many attempts remain after a failure."""
    if count == 0:
        return "No attempt would be left"
    return "1 attempt remains" if count == 1 else f"{count} attempts remain"


def agreement_from_thresholds(bands: Sequence[tuple[str, str]], test: str) -> str:
    """Return the agreement made of the thresholds, as the student's own rule."""
    return f"{test}: " + " ".join(f"{band}: {advice}" for band, advice in bands)


def booked_heading(mine: date | None, suggested: date | None, fmt: Format) -> str:
    """Return the heading over the choice between the dates."""
    if mine is not None and suggested is not None:
        return f"You're booked for {fmt.day(mine)}. We suggest {fmt.day(suggested)}."
    if mine is not None:
        return f"Your date is {fmt.day(mine)}."
    if suggested is not None:
        return f"No date yet. We suggest {fmt.day(suggested)}."
    return "No date yet. Choose one when you're ready."


def known_without_tests(failed: date | None, group: str, fmt: Format) -> str:
    """Return what is known where there is no practice test."""
    if failed is not None:
        return f"you didn't pass on {fmt.day(failed)}. No practice test since."
    return group[:1].lower() + group[1:]


def pace_words(points_a_week: float | None) -> str:
    """Return how fast the level rises at the student's hours."""
    if points_a_week is None:
        return "your level stays about the same until your date."
    if points_a_week < 0.05:
        return "at your hours, your level stays about the same."
    if points_a_week < 0.75:
        return "about half a point a week at your hours."
    n = round(points_a_week)
    return f"about {_points(n)} a week at your hours."


def unknown_words(measured: bool, test: str, day: date | None, fmt: Format) -> str:
    """Return what isn't known yet, and which practice test would tell most."""
    what = "how you do on unseen, mixed blocks." if measured else "your level now."
    if not test or day is None:
        return f"{what} One timed practice test would tell most."
    return f"{what} {test} on {fmt.day(day)} would tell most."


_ACTIVITIES: Final = {
    "questions": "new questions",
    "review": "incorrects",
    "cards": "cards",
    "reading": "reading",
    "video": "video",
    "form": "practice test",
    "other": "write from memory",
}


def session_title(
    activity: str, resource: str | None, units: int | float | None, area: str | None
) -> str:
    """Return what a session is, in a few words: "UWorld, 20 new questions"."""
    what = _ACTIVITIES.get(activity, activity)
    if units and activity in ("questions", "review", "cards"):
        what = f"{units:g} {what}"
    title = f"{resource}, {what}" if resource else what
    title = f"{title}: {area}" if area else title
    return title[:1].upper() + title[1:]
