"""Support: where help is, when it comes before any number, and the two short screens.

Nothing here computes a risk, locks, reports or diagnoses. Lines come from the facts, with the day
on which they were checked; everything works offline and without answering anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bounceback import facts
from bounceback.appraisal import thresholds
from bounceback.appraisal.record_queries import form_scale
from bounceback.appraisal.text_tables import load_table
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import FactError, QuestionError
from bounceback.facts import SupportLine
from bounceback.facts.support import ANYWHERE
from bounceback.reasons import Reason, reason
from bounceback.records import as_seen_on
from bounceback.records.models import Form, Record

Safe = Literal["yes", "not sure", "no"]
Moment = Literal[
    "failing-result",
    "low-forecast",
    "postponement",
    "plateau",
    "mood-screen",
    "danger-words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportCard:
    """The support card: a few sentences, then lines, the emergency number first.

    Attributes:
        says: What stands above the lines.
        asks_safe: Whether "Are you safe right now?" is asked; not where it has been answered.
        lines: Ways to reach help.
        nearest: Three of them, for a small card.
        before_numbers: Whether it comes before any number.
        moments: Why it comes first; empty if it was asked for.
    """

    says: tuple[Reason, ...]
    asks_safe: bool
    lines: tuple[SupportLine, ...]
    nearest: tuple[SupportLine, ...]
    before_numbers: bool
    moments: tuple[Moment, ...] = ()

    def to_briefing(self) -> list[dict[str, str]]:
        """The lines under the briefing's keys."""
        return [
            {
                "service": line.service,
                "contact": line.contact,
                "country": line.country_name,
                "checked": line.checked.isoformat(),
            }
            for line in self.lines
        ]


def nearest_lines(country: str | None, *, at_us_school: bool = False) -> tuple[SupportLine, ...]:
    """Three lines for a small card, the emergency number first.

    Args:
        country: Two-letter code of where the learner is; ``None`` if unknown: then no country's
            number is put forward, since another one's would not answer.
        at_us_school: A student or graduate of a US school is likely in the US, so that its crisis
            line stands beside those that hold anywhere.
    """
    if country is not None:
        return facts.support_lines(country)[:3]
    every = facts.support_lines(None)
    emergency, *others = (line for line in every if line.country == ANYWHERE)
    crisis = [line for line in every if (line.country, line.kind) == ("US", "crisis")]
    return (emergency, *(crisis[:1] if at_us_school else ()), *others)[:3]


def support_card(
    country: str | None,
    moments: Sequence[Moment] = (),
    *,
    safe: Safe | None = None,
    at_us_school: bool = False,
) -> SupportCard:
    """The support card for a country, asked for or at one of the moments.

    Args:
        country: Two-letter code of where the learner is; ``None`` shows every country's lines.
        moments: Why it comes before numbers.
        at_us_school: As for ``nearest_lines``.
        safe: Answer to "Are you safe right now?". "not sure" and "no" leave emergency and crisis
            lines alone on the card.
    """
    lines = facts.support_lines(country)
    if safe in ("not sure", "no"):
        urgent = tuple(x for x in lines if x.kind in ("emergency", "crisis"))
        if not any(x.kind == "crisis" for x in urgent):
            urgent += tuple(x for x in lines if x.kind == "directory")
        return SupportCard(
            says=(reason("appraisal.support-urgent"),),
            asks_safe=False,
            lines=urgent,
            nearest=urgent[:3],
            before_numbers=True,
            moments=tuple(moments),
        )
    urgent_first = "danger-words" in moments or "mood-screen" in moments
    says = [reason("appraisal.support-opening")]
    says += [reason("appraisal.support-moment", moment=m) for m in moments]
    if safe == "yes":
        says.append(reason("appraisal.support-safe"))
    return SupportCard(
        says=tuple(says),
        asks_safe=safe != "yes" and bool(moments or urgent_first),
        lines=lines,
        nearest=nearest_lines(country, at_us_school=at_us_school),
        before_numbers=bool(moments),
        moments=tuple(moments),
    )


# --- moments ----------------------------------------------------------------------------------


def moments(
    record: Record,
    as_of: date,
    *,
    p_pass: float | None = None,
    postponed: bool = False,
    texts: Iterable[str] = (),
    sensitive: bool = False,
) -> tuple[Moment, ...]:
    """The moments at which the card comes before any number, on one day.

    Args:
        record: The record.
        as_of: The day.
        p_pass: Chance of passing on the date that is about to be shown, in [0, 1].
        postponed: Whether the date is being moved later today.
        texts: Free text that the learner wrote today, besides the notes of the record.
        sensitive: Use the more sensitive published cut of the PHQ-2 (2 in place of 3).

    Returns:
        Moments in the order of urgency; empty if none holds.
    """
    seen, _ = as_seen_on(record, as_of)
    t = thresholds.load_thresholds(record.exam.id)
    found: list[Moment] = []
    if any(has_danger_words(text) for text in (*free_texts(seen, as_of), *texts)):
        found.append("danger-words")
    if low_mood(seen, as_of, t, sensitive=sensitive):
        found.append("mood-screen")
    if fresh_failure(seen, as_of, timedelta(days=t.count("support_result_days"))):
        found.append("failing-result")
    if p_pass is not None and p_pass < t["support_low_chance"]:
        found.append("low-forecast")
    if postponed:
        found.append("postponement")
    if plateau(seen, as_of, t):
        found.append("plateau")
    return tuple(found)


def fresh_failure(record: Record, as_of: date, window: timedelta) -> bool:
    """Whether a failing result is new: from the sitting until the typical wait and the window.

    A record does not hold the day on which a result arrived, and one may come early.
    """
    for attempt in record.attempts:
        if attempt.outcome != "fail":
            continue
        try:
            wait = timedelta(weeks=facts.release(attempt.exam, attempt.date).typical_weeks)
        except FactError:
            wait = timedelta()
        if attempt.date <= as_of <= attempt.date + wait + window:
            return True
    return False


def plateau(record: Record, as_of: date, t: Thresholds) -> bool:
    """Whether the newest tests of one family lie within one measurement error of each other.

    Three of them since the last failed sitting, on the family's own scale; the threshold for own
    guesses stands for the error where none is published.
    """
    return len(flat_forms(record, as_of, t.count("plateau_forms"), t)) > 0


def flat_forms(record: Record, as_of: date, count: int, t: Thresholds) -> tuple[Form, ...]:
    """The newest ``count`` tests of one family if none gained on the first; else empty."""
    failures = [a.date for a in record.attempts if a.outcome == "fail" and a.date <= as_of]
    after = max(failures, default=date.min)
    by_family: dict[str, list[Form]] = {}
    for form in sorted(record.forms, key=lambda f: f.date):
        if after < form.date <= as_of and form.score is not None and not form.repeat:
            by_family.setdefault(form.family, []).append(form)
    for series in by_family.values():
        newest = series[-count:]
        if len(newest) < count:
            continue
        first, last = newest[0], newest[-1]
        limit = t[f"guess_gap_{form_scale(record, first)}"] / 2
        if (last.score or 0.0) - (first.score or 0.0) < limit:
            return tuple(newest)
    return ()


# --- free text ------------------------------------------------------------------------------------


def free_texts(record: Record, as_of: date, *, days: int = 14) -> tuple[str, ...]:
    """Free text in the record: notes of the appraisal, the reason, recent rules and meetings."""
    first = as_of - timedelta(days=days)
    found = [a.note for a in record.appraisal.values()]
    found += [m.agreed for m in record.meetings if first <= m.date <= as_of]
    found += [m.rule for m in record.misses if m.rule and first <= m.date <= as_of]
    if record.learner.reason:
        found.append(record.learner.reason)
    return tuple(filter(None, found))


def has_danger_words(text: str) -> bool:
    """Whether a text holds one of the listed phrases.

    The list misses some texts and finds others wrongly; all it does is show the card.
    """
    words = f" {_plain(text)} "
    return any(f" {_plain(phrase)} " in words for phrase in load_table("danger_words")["phrases"])


def _plain(text: str) -> str:
    """Letters and spaces alone: "Can’t" and "cant" are one word."""
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", re.sub("['’]", "", text.casefold())).split())


# --- short screens ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A short form, scored as published. Kept out of shares and plain exports.

    Attributes:
        instrument: ``phq-2`` or ``gad-2``.
        score: Sum of the answers.
        highest: Highest possible sum.
        positive: Whether the sum reaches the published cut.
        says: What it says and what it cannot say.
    """

    instrument: str
    score: int
    highest: int
    positive: bool

    @property
    def says(self) -> tuple[Reason, ...]:
        """The sum, and what it means."""
        return (
            reason("appraisal.screen-sum", score=self.score, highest=self.highest),
            reason("appraisal.screen-positive" if self.positive else "appraisal.screen-negative"),
        )


def score_screen(instrument_id: str, answers: Sequence[int], *, cut: int | None = None) -> Screen:
    """Score PHQ-2, GAD-2, PHQ-8 or GAD-7 as published: the sum of the answers.

    Args:
        instrument_id: Instrument id.
        answers: One answer an item, from 0 to the highest choice.
        cut: Another published cut, such as 2 for the PHQ-2; default the usual one.

    Raises:
        QuestionError: Wrong number of answers, an answer outside the choices, or an instrument
            that is not bundled.
    """
    form = facts.instrument(instrument_id)
    if not form.bundled or form.high is None:
        raise QuestionError(
            f"{form.name} is not asked here ({form.note or form.licence}); allowed: "
            + ", ".join(i.id for i in facts.instruments() if i.bundled)
            + " (facts, instruments). Choose one of these."
        )
    best = len(form.answers) - 1
    if len(answers) != form.items or any(not 0 <= a <= best for a in answers):
        raise QuestionError(
            f"answers {list(answers)} to {form.name}; allowed: {form.items} answers from 0 to "
            f"{best} (facts, instruments). Answer each item, or leave the form out."
        )
    score = sum(answers)
    at = form.positive_at if cut is None else cut
    positive = at is not None and score >= at
    return Screen(instrument=form.id, score=score, highest=form.high, positive=positive)


def low_mood(record: Record, as_of: date, t: Thresholds, *, sensitive: bool = False) -> bool:
    """Whether the newest PHQ-2 of the last two weeks reaches its published cut."""
    first = as_of - timedelta(days=t.count("mood_screen_days") - 1)
    screens = [c for c in record.checkins if first <= c.date <= as_of and c.phq2 is not None]
    if not screens:
        return False
    newest = max(screens, key=lambda c: c.date)
    cut = t["mood_screen_cut_sensitive"] if sensitive else t["mood_screen_cut"]
    return (newest.phq2 or 0) >= cut


def refuse_unhealthy_day(
    t: Thresholds, *, minutes_per_day: float, sleep_hours: float | None = None
) -> Reason | None:
    """The reason why a wish for a day is refused by the timetable; ``None`` if it is not.

    Args:
        t: Thresholds.
        minutes_per_day: Study minutes wished for one day.
        sleep_hours: Hours of sleep that the wish leaves.
    """
    hours = minutes_per_day / 60
    longest = t["day_hours_refused"]
    if hours > longest:
        return reason("appraisal.day-too-long", hours=hours, longest=longest)
    least = t["sleep_window_hours"]
    if sleep_hours is not None and sleep_hours < least:
        return reason("appraisal.night-too-short", hours=sleep_hours, least=least)
    return None


def silence_note(record: Record, as_of: date, t: Thresholds) -> Reason | None:
    """A kind note after some days without an entry; ``None`` otherwise. Never a penalty."""
    seen, _ = as_seen_on(record, as_of)
    days = [s.date for s in seen.study] + [b.date for b in seen.blocks]
    days += [c.date for c in seen.checkins] + [f.date for f in seen.forms]
    if not days:
        return None
    gap = (as_of - max(days)).days
    if gap < t["lost_days"]:
        return None
    return reason("appraisal.welcome-back", days=gap, last=max(days))
