"""Sentences about a whole briefing: counts, ranges, dates. Used by the web app, the CLI and PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bounceback import facts
from bounceback.decision.fees import weighed
from bounceback.errors import FactUnknown
from bounceback.forecast.prediction import Forecast
from bounceback.messages.forecast import evidence_name, flag_words
from bounceback.messages.formatting import day_words, form_words, of_ten, side_by_side
from bounceback.services.full_briefing import Briefing

if TYPE_CHECKING:
    from bounceback.forecast.posterior import Evidence
    from bounceback.planning.what_if import Future, Lever, LeverSet

__all__ = [
    "WEIGHTS",
    "chance_sentence",
    "day_words",
    "evidence_words",
    "failed_sentence",
    "fee_sentences",
    "form_words",
    "future_sentence",
    "futures_count",
    "futures_sentence",
    "group_sentence",
    "more_of_hundred",
    "narrowing_sentence",
    "of_ten",
    "pace_sentence",
    "rough_share",
    "shown_range",
    "shown_score",
    "side_by_side",
    "target_sentence",
    "ten_range",
    "waiting_sentence",
    "weighed_sentence",
    "with_names",
]


_SHARES: Final = (
    (0.05, "a little"),
    (0.15, "about a tenth"),
    (0.225, "about a fifth"),
    (0.29, "about a quarter"),
    (0.415, "about a third"),
    (0.585, "about half"),
    (0.71, "about two thirds"),
    (0.8, "about three quarters"),
    (0.95, "most"),
)
"""Upper limit of a share, and the words for it."""

PACE_WORTH_SAYING: Final = 0.1
"""How far the believed pace of learning lies from the group's before a page speaks of it."""

FALL_WORTH_SAYING: Final = 0.01
"""Chance lost by the last day shown before a page says that waiting does not help."""

NARROWING_WORTH_SAYING: Final = 0.02
"""Share of the range that a further test must take off before a page speaks of it."""

_COUNTS: Final = ("none", *(str(n) for n in range(1, 10)), "all")
"""How many of ten, in a sentence."""


WEIGHTS: Final = {
    "failed_attempt": "a failed attempt",
    "delay_week": "a week of delay",
    "missed_deadline": "a late result",
    "lapsed_eligibility": "letting eligibility expire",
    "fee_per_100_usd": "$100 in fees",
    "better_date_margin": "the lead a later date needs over yours",
    "build_up_weeks": "testing on none of these dates",
    "late_move": "moving the date in the last days before it",
}
"""What each weight of the decision prices."""

_FEES: Final = {
    "registration": "registering again",
    "appointment-change": "moving the appointment",
    "eligibility-extension": "extending your eligibility",
    "reschedule-or-cancel": "moving or canceling",
    "cancel": "canceling",
    "no-show": "not showing up",
}


def ten_range(low: float, high: float) -> str:
    """The range of a chance in tens: "2 to 9 in 10"."""
    a, b = round(10 * low), round(10 * high)
    if b == 0:
        return "fewer than 1 in 10"
    if a == 10:
        return "more than 9 in 10"
    return f"{a} in 10" if a == b else f"{a} to {b} in 10"


def chance_sentence(f: Forecast) -> str:
    """Return both sides: "Of 10 people with your results and plan, about 7 would pass …"."""
    passing = of_ten(f.p_pass).removeprefix("about ")
    count, _, of = passing.partition(" in ")
    if of == "10":
        rest = f"and {10 - int(count)} would not"
        return (
            f"Of 10 people with your results and plan, about {count} would pass on "
            f"{day_words(f.on)} {rest}."
        )
    return f"On {day_words(f.on)}, {of_ten(f.p_pass)} people with your results and plan would pass."


def group_sentence(b: Briefing) -> str:
    """The published count of the learner's group; what is not published is said."""
    exam = facts.exam(b.record.exam.id)
    kind = "repeat" if b.belief.retaker else "first"
    try:
        rate = facts.pass_rate(b.record.exam.id, b.record.learner.group, kind, b.as_of.year)
    except FactUnknown:
        return (
            f"No one publishes how many {'repeat' if kind == 'repeat' else 'first'} attempts in "
            f"your group pass {exam.short_name}. The numbers below are our own estimate."
        )
    people = {
        "us-md": "by US MD students",
        "us-do": "by US DO students",
        "non-us": "by students from schools outside the US (US citizens included)",
    }.get(rate.group_published, f"by {rate.group_published}")
    what = "repeat attempts" if kind == "repeat" else "first attempts"
    publisher = facts.source(rate.source.split(";")[0]).publisher
    counted = f", {rate.n:,} attempts" if rate.n else ""
    tail = " That counts attempts, not people." if kind == "repeat" else ""
    return (
        f"For context: {rate.pass_percent:g}% of {what} {people} passed {exam.short_name} "
        f"({publisher}, {rate.period}{counted})." + tail
    )


def failed_sentence(b: Briefing) -> str:
    """Return what failed attempts do to the numbers; "" without any."""
    failed = [a for a in b.record.attempts if a.exam == b.record.exam.id and a.outcome == "fail"]
    if not failed:
        return ""
    share = sum(e.weight for e in b.belief.evidence if e.kind == "attempt")
    *before, last = (day_words(a.date) for a in failed)
    days = f"{', '.join(before)} and {last}" if before else last
    attempts = "attempt" if len(failed) == 1 else "attempts"
    verb = "makes" if len(failed) == 1 else "make"
    return (
        f"Your failed {attempts} ({days}) {verb} up {rough_share(share)} of this estimate. We also "
        "plan for a retaker's pace, which is slower than a first taker's. Each new practice test "
        "can change both."
    )


def pace_sentence(b: Briefing) -> str:
    """Return what the results say about the pace of learning, where they say something; else "".

    It also explains a chance that falls when an older score is put right upwards: the same later
    score then means a slower pace (rule F8).
    """
    constants = b.belief.constants
    share = b.belief.rate_mean / float(constants.rate @ constants.rate_weight)
    if abs(share - 1.0) < PACE_WORTH_SAYING:
        return ""
    others = "retakers'" if b.belief.retaker else "first takers'"
    if share < 1.0:
        return (
            f"Your scores have risen more slowly than most {others} with the same hours, about "
            f"{round(10 * share)}/10 of the usual pace. A different way of studying can change "
            "that. Your next practice test will show it."
        )
    return (
        f"Your scores have risen faster than most {others} with the same hours, about "
        f"{round(10 * share)}/10 of the usual pace. Your next practice test can change that."
    )


def waiting_sentence(b: Briefing) -> str:
    """Return that a later date is not better, and what would change it (rule F27); else ""."""
    if not b.forecasts:
        return ""
    best = max(f.p_pass for f in b.forecasts)
    if b.forecasts[-1].p_pass >= best - FALL_WORTH_SAYING:
        return ""
    if b.record.availability is None:
        return (
            "A later date isn't better while we know of no study hours: you'd forget more than "
            "you'd learn. Study hours each week would change that."
        )
    return (
        "A later date isn't better with your current plan: you'd forget more than you'd learn. "
        "More study hours each week would change that."
    )


def evidence_words(b: Briefing, piece: Evidence) -> str:
    """A piece of evidence by the name it goes by, its day, and why it counts for less."""
    on = f", {day_words(piece.on)}" if piece.on else ""
    flags = f" ({flag_words(piece.flags)})" if piece.flags else ""
    return f"{evidence_name(piece, b.record.exam.id)}{on}{flags}"


def with_names(text: str, exam_id: str) -> str:
    """A sentence with every practice test by its name instead of its id."""
    families = [f for f in facts.form_families(exam_id) if f != "school"]
    pattern = rf"\b({'|'.join(map(re.escape, families))})\b(?: ((?=[\w-]*\d)[\w-]+))?"
    return re.sub(pattern, lambda m: form_words(m[1], m[2] or "", exam_id), text)


def rough_share(share: float) -> str:
    """Return a share in ordinary words: "about a third", "most", "a little"."""
    for limit, words in _SHARES:
        if share < limit:
            return words
    return "nearly all"


def more_of_hundred(gain: float) -> str:
    """A difference of two chances as a count: "4 more would pass"."""
    n = round(100 * gain)
    if n == 0:
        return "about as many would pass"
    return f"{abs(n)} {'more' if n > 0 else 'fewer'} would pass"


def narrowing_sentence(b: Briefing) -> str:
    """Return which practice test would narrow the range most, and by when; "" where none would.

    Its publisher stands beside its name: a school gives some of them.
    """
    best = b.narrowing[0] if b.narrowing else None
    if best is None or best.share_removed <= NARROWING_WORTH_SAYING:
        return ""
    exam = b.record.exam.id
    publisher = facts.form_family(best.family, exam).publisher
    return (
        f"Most useful next test: {form_words(best.family, '', exam)} ({publisher}) by "
        f"{day_words(best.by)}. It would narrow your range by {rough_share(best.share_removed)}."
    )


def futures_count(lever: Lever) -> str:
    """Return how many of the ten simulated students pass under a change: "8 of the ten pass"."""
    n = lever.futures_passing
    return f"{_COUNTS[n]} of the ten {'passes' if n == 1 else 'pass'}"


def futures_sentence(levers: Sequence[Lever]) -> str:
    """How many of the ten pass with the plan as it stands, and under which changes another count.

    Args:
        levers: As in a briefing, the plan as it stands first; at least one.
    """
    base, *others = levers
    n = base.futures_passing
    told = (
        f"Of 10 simulated students like you, {_COUNTS[n]} {'passes' if n == 1 else 'pass'} with "
        "your plan as it is"
    )
    counts = sorted({lever.futures_passing for lever in others} - {base.futures_passing})
    if not counts:
        return told + (", and as many under every change." if others else ".")
    for n in counts:
        changes = [lever.change for lever in others if lever.futures_passing == n]
        one = "one of these" if len(changes) > 1 else "this"
        told += f". {_COUNTS[n].capitalize()} with {one}: {', '.join(changes)}"
    return told + "."


def future_sentence(future: Future) -> str:
    """Return one of the ten: "Simulated student 2 doesn't pass. …"."""
    if future.passes:
        return f"Simulated student {future.learner} passes."
    return f"Simulated student {future.learner} doesn't pass. {future.why}"


def target_sentence(found: LeverSet, wanted: float) -> str:
    """The cheapest changes that reach the chance the learner wants, or the nearest to it."""
    goal = f"{round(100 * wanted)} in 100"
    if not found.changes:
        return f"Your plan already reaches your goal of {goal}."
    changes = ", ".join(found.changes)
    got = f"{round(100 * found.p_pass)} in 100 on {day_words(found.date)}"
    if found.reached:
        return f"The smallest change that reaches your goal of {goal}: {changes} ({got})."
    return (
        f"Best mix we found: {changes} ({got}). Your goal is {goal}. The goal only helps compare "
        "changes. You don't need to reach it to test."
    )


def weighed_sentence(b: Briefing) -> str:
    """The utilities in use, so that "by the weights shown" can be held against them."""
    d = b.decision
    told = ", ".join(f"{WEIGHTS[name]} {value:g}" for name, value in d.weights.items())
    last = ""
    if d.last_attempt:
        factor = facts.parameters("decision", b.record.exam.id)["last_attempt_factor"]
        last = f" Failing the last attempt counts {factor.value:g} times as much."
    return f"Your priorities, in weeks of delay: {told}.{last}"


def fee_sentences(b: Briefing) -> list[str]:
    """The fees seen for a sitting of the exam, one line a kind, with what was not found.

    Each line says what of it is weighed: an amount that is known for the learner and could fall
    due by the decision of that day.
    """
    counted = weighed(b.record, b.as_of)
    known: dict[str, list[facts.Fee]] = {}
    for fee in facts.fees(b.record.exam.id, b.decision.date or b.as_of):
        if fee.kind in _FEES:
            known.setdefault(fee.kind, []).append(fee)
    told = []
    for kind, found in known.items():
        parts = []
        for fee in found:
            amount = "amount not found" if fee.amount_usd is None else f"${fee.amount_usd:g}"
            parts.append(f"{amount} ({fee.condition})" if fee.condition else amount)
        by = ", ".join(dict.fromkeys(f.source for f in found if f.amount_usd is not None))
        now = [fee for fee in counted if fee.kind == kind]
        weight = ", ".join(f"${fee.amount_usd:g} counted" for fee in now) or "not counted"
        told.append(
            f"{_FEES[kind].capitalize()} ({weight}): {', '.join(parts)}"
            + (f" [{by}]" if by else "")
        )
    return told


def shown_score(b: Briefing, score: float) -> str:
    """A score on the scale the screen shows: percent correct for Step 1, else points."""
    return f"{_on_screen(b, score):.0f}{_unit(b)}"


def shown_range(b: Briefing, low: float, high: float) -> str:
    """Two scores on the scale the screen shows: "55 to 66% correct"."""
    return f"{_on_screen(b, low):.0f} to {_on_screen(b, high):.0f}{_unit(b)}"


def _unit(b: Briefing) -> str:
    return "% correct" if b.record.exam.id == "usmle-step-1" else ""


def _on_screen(b: Briefing, score: float) -> float:
    if b.record.exam.id != "usmle-step-1":
        return score
    return facts.conversion("nbme-cbssa", "usmle-step-1", b.as_of).from_reported(score)
