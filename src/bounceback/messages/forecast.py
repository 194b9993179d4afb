"""Sentences about the evidence behind a forecast: codes that begin with ``forecast.``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bounceback import facts
from bounceback.messages.formatting import form_words
from bounceback.messages.names import GROUPS
from bounceback.messages.registry import Facts, Format, Locale, message, render
from bounceback.reasons import Reason

if TYPE_CHECKING:
    from bounceback.forecast.posterior import Evidence


def evidence_name(piece: Evidence, exam: str) -> str:
    """A piece of evidence by the name it goes by."""
    if piece.kind == "first-takers":
        return f"published results of first takers, {GROUPS.get(piece.subject, piece.subject)}"
    if piece.kind == "blocks":
        return f"question blocks, {piece.subject}"
    if piece.kind == "practice-test":
        return form_words(piece.subject, piece.label, exam)
    return f"your attempt at {facts.exam(piece.subject).short_name}"


def flag_words(flags: Sequence[Reason], locale: Locale | None = None) -> str:
    """Why a piece counts for less, in one line; empty where it counts in full."""
    return ", ".join(render(flag, locale) for flag in flags)


@message("forecast.incomplete-attempt")
def incomplete_attempt(f: Facts, say: Format) -> str:
    """An attempt that was not finished."""
    return "not finished, so it says nothing about the score"


@message("forecast.read-from-printed-chance")
def read_from_printed_chance(f: Facts, say: Format) -> str:
    """A practice test known by the chance on its report alone."""
    return "read from the chance on its report"


@message("forecast.untimed")
def untimed(f: Facts, say: Format) -> str:
    """A practice test without the clock."""
    return "untimed, so it counts less"


@message("forecast.interrupted")
def interrupted(f: Facts, say: Format) -> str:
    """A practice test with an interruption."""
    return "interrupted, so it counts less"


@message("forecast.taken-before")
def taken_before(f: Facts, say: Format) -> str:
    """A practice test taken a second time."""
    return "taken before, so it counts less"


@message("forecast.no-score")
def no_score(f: Facts, say: Format) -> str:
    """A practice test without a score."""
    return "no score entered"


@message("forecast.does-not-predict")
def does_not_predict(f: Facts, say: Format) -> str:
    """A family of practice tests that does not predict the exam."""
    return "its score does not predict this exam"


@message("forecast.tutor-mode")
def tutor_mode(f: Facts, say: Format) -> str:
    """Blocks answered in tutor mode."""
    return "tutor mode, so they count less"


@message("forecast.second-pass")
def second_pass(f: Facts, say: Format) -> str:
    """Blocks of questions seen before."""
    return "questions seen before, so they count less"


@message("forecast.far-from-others")
def far_from_others(f: Facts, say: Format) -> str:
    """A result that contradicts what was believed."""
    side = "below" if f["below"] else "above"
    return (
        f"far {side} your other results, so it counts up to a point: a second one would settle it"
    )


@message("forecast.inferred-correlation")
def inferred_correlation(f: Facts, say: Format) -> str:
    """An earlier exam whose link to this one nobody has published."""
    return "its link to this exam is our own estimate, so it counts a little"


@message("forecast.no-published-correlation")
def no_published_correlation(f: Facts, say: Format) -> str:
    """An earlier exam that is not used."""
    return "not used: no trusted figure links it to this exam"


@message("forecast.another-exam-used")
def another_exam_used(f: Facts, say: Format) -> str:
    """An earlier exam that adds nothing published to another one."""
    return f"not used: {facts.exam(str(f['exam'])).short_name} stands for both"


@message("forecast.no-norms-then")
def no_norms_then(f: Facts, say: Format) -> str:
    """An earlier exam of a year for which no scores of others are published."""
    return "not used: no figures of its year are published"
