"""Scores of earlier exams of the sequence enter the prior (rule F5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.forecast import earlier_exams
from bounceback.forecast.parameters import constants
from bounceback.forecast.posterior import Belief, believe, p_pass_now
from bounceback.reasons import reason
from bounceback.records.models import Attempt, Record
from bounceback.vocabulary import EXAM_IDS, ExamId, Outcome
from tests.forecast.cases import AS_OF, failing

EARLIER = AS_OF - timedelta(days=500)
PAIRS = [
    ("usmle-step-1", "usmle-step-2-ck"),
    ("usmle-step-1", "usmle-step-3"),
    ("usmle-step-2-ck", "usmle-step-3"),
    ("comlex-level-1", "comlex-level-2-ce"),
    ("comlex-level-2-ce", "comlex-level-3"),
]


def with_earlier(
    exam: ExamId, *attempts: tuple[ExamId, Outcome, float | None], failed: bool = False
) -> Record:
    record = failing(exam, group="us-do" if exam.startswith("comlex") else "us-md")
    own = record.attempts if failed else ()
    taken = tuple(
        Attempt(exam=e, date=EARLIER + timedelta(days=30 * i), outcome=o, score=s)
        for i, (e, o, s) in enumerate(attempts)
    )
    return replace(record, attempts=(*taken, *own))


def belief(record: Record) -> Belief:
    return believe(record, AS_OF)


@pytest.mark.parametrize(("earlier", "exam"), PAIRS)
@pytest.mark.parametrize("failed", [False, True])
def test_a_higher_earlier_score_gives_a_higher_level_and_chance(
    earlier: ExamId, exam: ExamId, failed: bool
) -> None:
    mean, sd = earlier_exams.group_scores(
        earlier, "us-do" if exam.startswith("comlex") else "us-md", EARLIER
    )
    found = [
        belief(with_earlier(exam, (earlier, "pass", round(mean + z * sd)), failed=failed))
        for z in (-1.0, 0.0, 1.5)
    ]
    levels = [b.score_mean for b in found]
    assert levels == sorted(levels)
    assert levels[2] - levels[0] > 0.2 * found[0].constants.score_sd
    chances = [p_pass_now(b) for b in found]
    assert chances[0] < chances[1] < chances[2]


@pytest.mark.parametrize(("earlier", "exam"), PAIRS)
def test_what_is_believed_is_the_published_regression(earlier: ExamId, exam: ExamId) -> None:
    """z SDs above the group there are r z SDs above it here, before anything else is known."""
    group = "us-do" if exam.startswith("comlex") else "us-md"
    mean, sd = earlier_exams.group_scores(earlier, group, EARLIER)
    c = constants(exam, group, AS_OF, retaker=False)  # type: ignore[arg-type]
    r = float(facts.parameters("forecast", exam)[f"earlier_exam_correlation.{earlier}"].value)  # type: ignore[arg-type]
    scores = [round(mean), round(mean + sd)]
    low, high = (belief(with_earlier(exam, (earlier, "pass", float(x)))).total for x in scores)
    weight = low.weight()[0]
    moved = float(weight @ (low.mean[0] - high.mean[0])) / c.log_points
    whole_sd = np.hypot(c.prior_sd, np.hypot(c.sitting_sd, c.day_sd)) / c.log_points
    z = (scores[1] - scores[0]) / sd
    assert moved == pytest.approx(r * z * whole_sd, rel=0.05)


def test_a_pass_is_less_than_a_good_score_and_more_than_a_failure() -> None:
    passed, failed_then = (
        belief(with_earlier("usmle-step-2-ck", ("usmle-step-1", outcome, None)))
        for outcome in ("pass", "fail")
    )
    untold = belief(with_earlier("usmle-step-2-ck"))
    good = belief(with_earlier("usmle-step-2-ck", ("usmle-step-1", "pass", 245.0)))
    levels = [b.score_mean for b in (failed_then, untold, passed, good)]
    assert levels == sorted(levels)
    assert levels[0] < levels[1] < levels[2] < levels[3]


def test_the_first_attempt_of_one_exam_enters_and_the_rest_is_said_to_be_unused() -> None:
    b = belief(
        with_earlier(
            "usmle-step-3",
            ("usmle-step-1", "fail", None),
            ("usmle-step-1", "pass", None),
            ("usmle-step-2-ck", "pass", 240.0),
            ("comlex-level-1", "pass", 500.0),
        )
    )
    flags = {e.subject: e.flags for e in b.evidence if e.kind == "earlier-exam"}
    assert flags == {
        "usmle-step-2-ck": (reason("forecast.inferred-correlation"),),
        "usmle-step-1": (reason("forecast.another-exam-used", exam="usmle-step-2-ck"),),
        "comlex-level-1": (reason("forecast.no-published-correlation"),),
    }
    weights = {e.subject: e.weight for e in b.evidence}
    assert weights["usmle-step-1"] == weights["comlex-level-1"] == 0.0
    assert weights["usmle-step-2-ck"] > 0.1
    assert sum(e.weight for e in b.evidence) == pytest.approx(1.0)


def test_a_later_or_unfinished_attempt_of_another_exam_says_nothing() -> None:
    record = with_earlier("usmle-step-3", ("usmle-step-2-ck", "incomplete", None))
    later = Attempt(
        exam="usmle-step-2-ck", date=AS_OF + timedelta(days=3), outcome="pass", score=280.0
    )
    told = replace(record, attempts=(*record.attempts, later))
    assert belief(told).score_mean == belief(with_earlier("usmle-step-3")).score_mean


@given(
    st.sampled_from(EXAM_IDS),
    st.sampled_from(EXAM_IDS),
    st.sampled_from(["pass", "fail"]),
    st.booleans(),
)
def test_an_earlier_exam_never_widens_what_is_believed_of_the_average_learner(
    exam: ExamId, other: ExamId, outcome: Outcome, numbered: bool
) -> None:
    group = "us-do" if "comlex" in exam + other else "us-md"
    mean, _ = earlier_exams.group_scores(other, group, date(2025, 1, 1))
    record = replace(failing(exam, group=group), attempts=())  # type: ignore[arg-type]
    taken = Attempt(
        exam=other, date=EARLIER, outcome=outcome, score=round(mean) if numbered else None
    )
    told = belief(replace(record, attempts=(taken,)))
    if other == exam:
        return
    spread = [float(b.total.weight()[0] @ b.total.variance[0]) for b in (told, belief(record))]
    assert spread[0] <= spread[1] + 1e-12
