"""How numbers are said: counts first, a range, the day in words. One wording for every face."""

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
    "parts",
    "shown_range",
    "shown_score",
    "side_by_side",
    "target_sentence",
    "ten_range",
    "waiting_sentence",
    "weighed_sentence",
    "with_names",
    "with_whom",
]


PACE_WORTH_SAYING: Final = 0.1
"""How far the believed pace of learning lies from the group's before a page speaks of it."""

FALL_WORTH_SAYING: Final = 0.01
"""Chance lost by the last day shown before a page says that waiting does not help."""

NARROWING_WORTH_SAYING: Final = 0.02
"""Share of the range that a further test must take off before a page speaks of it."""

_COUNTS: Final = ("none", *(str(n) for n in range(1, 10)), "all")
"""How many of ten, in a sentence."""


WEIGHTS: Final = {
    "failed_attempt": "one more attempt without a pass",
    "delay_week": "a week of delay",
    "missed_deadline": "a result later than a deadline",
    "lapsed_eligibility": "a period of eligibility that ends unused",
    "fee_per_100_usd": "100 US dollars of fees",
    "better_date_margin": "the margin that a later day needs over the planned one",
}
"""What each weight of the decision prices."""

_FEES: Final = {
    "registration": "registering once more",
    "appointment-change": "moving the appointment",
    "eligibility-extension": "extending the eligibility",
    "reschedule-or-cancel": "moving or cancelling",
    "cancel": "cancelling",
    "no-show": "staying away",
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
    """ "On 8 January 2027 about 7 in 10 with your record would pass (likely 2 to 10 of 10)." """
    return (
        f"On {day_words(f.on)} {of_ten(f.p_pass)} with your record would pass "
        f"(likely {ten_range(f.p_pass_low, f.p_pass_high)})."
    )


def group_sentence(b: Briefing) -> str:
    """The published count of the learner's group; what is not published is said."""
    exam = facts.exam(b.record.exam.id)
    kind = "repeat" if b.belief.retaker else "first"
    try:
        rate = facts.pass_rate(b.record.exam.id, b.record.learner.group, kind, b.as_of.year)
    except FactUnknown:
        return (
            f"Nobody publishes how many {'repeat takers' if kind == 'repeat' else 'first takers'} "
            f"of your group pass {exam.short_name}; the numbers below are the model's own."
        )
    people = {
        "us-md": "of US MD students",
        "us-do": "of US DO students",
        "non-us": "of students and graduates of schools outside the US (US citizens among them)",
    }.get(rate.group_published, f"of {rate.group_published}")
    what = "repeat attempts" if kind == "repeat" else "first attempts"
    publisher = facts.source(rate.source.split(";")[0]).publisher
    counted = f"; {rate.n:,} in all" if rate.n else ""
    tail = (
        " These count attempts, not people, and everybody who came back."
        if kind == "repeat"
        else ""
    )
    return (
        f"Of 100 {what} {people}, {rate.pass_percent:g} passed {exam.short_name} "
        f"({publisher}, {rate.period}{counted})." + tail
    )


def failed_sentence(b: Briefing) -> str:
    """What failed sittings on record do to the numbers; "" without any."""
    failed = [a for a in b.record.attempts if a.exam == b.record.exam.id and a.outcome == "fail"]
    if not failed:
        return ""
    share = sum(e.weight for e in b.belief.evidence if e.kind == "attempt")
    *before, last = (day_words(a.date) for a in failed)
    days = f"{', '.join(before)} and {last}" if before else last
    one = len(failed) == 1
    count, verb, each = (
        ("sitting", "is", "counted once") if one else ("sittings", "are", "each counted once")
    )
    return (
        f"Your failed {count} of {days} {verb} on record, {each}: about "
        f"{round(100 * share)} of 100 parts of where you stand, and the pace of study is that of "
        "people who sat again, slower than a first taker's. Both lower the chance; each new "
        "practice test can move it."
    )


def pace_sentence(b: Briefing) -> str:
    """What the results say of the pace of learning, where they say something; else "".

    It also explains a chance that falls when an older score is put right upwards: the same later
    score then means a slower pace (rule F8).
    """
    constants = b.belief.constants
    share = b.belief.rate_mean / float(constants.rate @ constants.rate_weight)
    if abs(share - 1.0) < PACE_WORTH_SAYING:
        return ""
    whom = "people who sat again" if b.belief.retaker else "first takers"
    if share < 1.0:
        return (
            f"Between your results so far, work has brought less than it brings most {whom}: the "
            f"forecast counts on about {round(10 * share)} of 10 parts of their pace. The higher "
            "the older of two results, the slower the pace to the newer one. It is the pace of a "
            "way of working: another way can change it, and the next practice test will show it."
        )
    return (
        f"Between your results so far, work has brought more than it brings most {whom}: the "
        f"forecast counts on about {round(10 * share)} parts for 10 of theirs. The next practice "
        "test can move it."
    )


def waiting_sentence(b: Briefing) -> str:
    """That a later day is a worse one, and what would change it (rule F27); else ""."""
    if not b.forecasts:
        return ""
    best = max(f.p_pass for f in b.forecasts)
    if b.forecasts[-1].p_pass >= best - FALL_WORTH_SAYING:
        return ""
    if b.record.availability is None:
        this, more = "as long as no hours of study are on record", "Hours each week change that."
    else:
        this, more = "with the study that is planned", "More of it each week changes that."
    return (
        f"Here a later day is no better: {this}, more is forgotten in the weeks between than "
        f"learned. {more}"
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


def parts(share: float) -> str:
    """A share in tenths: "3 parts in 10"."""
    n = max(1, round(10 * share))
    return f"{n} part{'s' if n > 1 else ''} in 10"


def more_of_hundred(gain: float) -> str:
    """A difference of two chances as a count: "4 more would pass"."""
    n = round(100 * gain)
    if n == 0:
        return "about as many would pass"
    return f"{abs(n)} {'more' if n > 0 else 'fewer'} would pass"


def narrowing_sentence(b: Briefing) -> str:
    """Which practice test would take most off the range, by when, how much; "" where none would.

    Who gives it stands beside its name: some are had through a school alone.
    """
    best = b.narrowing[0] if b.narrowing else None
    if best is None or best.share_removed <= NARROWING_WORTH_SAYING:
        return ""
    exam = b.record.exam.id
    publisher = facts.form_family(best.family, exam).publisher
    return (
        f"What would narrow it most: {form_words(best.family, '', exam)} ({publisher}) by "
        f"{day_words(best.by)}. It would take about {parts(best.share_removed)} off the range."
    )


def futures_count(lever: Lever) -> str:
    """How many of the ten drawn learners pass under a lever: "8 of the ten pass"."""
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
        f"Of ten drawn with your record, the same ten under every change, {_COUNTS[n]} "
        f"{'passes' if n == 1 else 'pass'} with the plan as it stands"
    )
    counts = sorted({lever.futures_passing for lever in others} - {base.futures_passing})
    if not counts:
        return told + (", and as many under every change." if others else ".")
    for n in counts:
        changes = "; ".join(lever.change for lever in others if lever.futures_passing == n)
        told += f"; {_COUNTS[n]} with {'one of these' if ';' in changes else 'this'}: {changes}"
    return told + "."


def future_sentence(future: Future) -> str:
    """One of the ten, as it is opened: "Learner 2 does not pass. The day itself went ..."."""
    if future.passes:
        return f"Learner {future.learner} passes."
    return f"Learner {future.learner} does not pass. {future.why}"


def target_sentence(found: LeverSet, wanted: float) -> str:
    """The cheapest changes that reach the chance the learner wants, or the nearest to it."""
    goal = f"{round(100 * wanted)} of 100"
    if not found.changes:
        return f"Your aim of {goal} is reached with the plan as it stands."
    changes = ", ".join(found.changes)
    got = f"{round(100 * found.p_pass)} of 100 on {day_words(found.date)}"
    if found.reached:
        return f"The least change that reaches your aim of {goal}: {changes} ({got})."
    return (
        f"None of the changes tried reaches your aim of {goal} yet; the most came from {changes}: "
        f"{got}. The aim prices changes; it is no condition for sitting."
    )


def weighed_sentence(b: Briefing) -> str:
    """The utilities in use, so that "by the weights shown" can be held against them."""
    d = b.decision
    told = ", ".join(f"{WEIGHTS[name]} {value:g}" for name, value in d.weights.items())
    last = ""
    if d.last_attempt:
        factor = facts.parameters("decision", b.record.exam.id)["last_attempt_factor"]
        last = f" A failure on the last attempt counts {factor.value:g} times."
    return (
        "What was weighed, in numbers of our own or yours (case file: decision.weights): "
        f"{told}.{last}"
    )


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
            amount = "amount not found" if fee.amount_usd is None else f"{fee.amount_usd:g} USD"
            parts.append(f"{amount} ({fee.condition})" if fee.condition else amount)
        by = "; ".join(dict.fromkeys(f.source for f in found if f.amount_usd is not None))
        now = [fee for fee in counted if fee.kind == kind]
        weight = ", ".join(f"{fee.amount_usd:g} USD weighed" for fee in now) or "not weighed"
        told.append(
            f"{_FEES[kind].capitalize()} ({weight}): {'; '.join(parts)}"
            + (f" [{by}]" if by else "")
        )
    return told


def with_whom(who: str) -> str:
    """With whom a step is taken: "with your adviser"; what is the learner's own is theirs."""
    own = who == "you" or who.startswith("you,")
    return who if own else f"with {who}"


def shown_score(b: Briefing, score: float) -> str:
    """A score on the scale the screen shows: percent correct for Step 1, else points."""
    return f"{_on_screen(b, score):.0f}{_unit(b)}"


def shown_range(b: Briefing, low: float, high: float) -> str:
    """Two scores on the scale the screen shows: "55 to 66 % correct"."""
    return f"{_on_screen(b, low):.0f} to {_on_screen(b, high):.0f}{_unit(b)}"


def _unit(b: Briefing) -> str:
    return " % correct" if b.record.exam.id == "usmle-step-1" else ""


def _on_screen(b: Briefing, score: float) -> float:
    if b.record.exam.id != "usmle-step-1":
        return score
    return facts.conversion("nbme-cbssa", "usmle-step-1", b.as_of).from_reported(score)
