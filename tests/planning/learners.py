"""Generated learners for the planner's tests: records and how study moves their score."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np
from hypothesis import strategies as st

from bounceback import facts
from bounceback.forecast.learning_curve import Dynamics, EffortLaw
from bounceback.forecast.study_effects import StudyEffects
from bounceback.records.models import (
    Attempt,
    Availability,
    ClockWindow,
    Commitment,
    ExamTarget,
    Form,
    Learner,
    LedgerForm,
    Record,
    Resource,
)
from bounceback.vocabulary import EXAM_IDS, WEEKDAYS

AS_OF = date(2026, 11, 22)

LAW = EffortLaw(
    minutes_per_effective_day=600.0,
    saturation_minutes=900.0,
    effects=StudyEffects(
        activity={
            "questions": 1.0,
            "review": 1.0,
            "form": 0.8,
            "cards": 0.8,
            "video": 0.5,
            "reading": 0.55,
            "other": 0.5,
        },
        second_look=0.8,
        second_look_decay=0.5,
        missed_share=0.4,
        review_ratio=1.5,
        content_solid=0.65,
        content_gap=1.65,
        content_solid_sds=0.5,
        content_gap_sds=1.25,
    ),
    spill_over=0.3,
    holding_minutes=60.0,
    supply_days=8.0,
    supply_scale=15.0,
)

FAMILIES = {
    "usmle-step-1": ("nbme-cbssa", "free-120", "uwsa"),
    "usmle-step-2-ck": ("nbme-ccssa", "free-120", "uwsa"),
    "usmle-step-3": ("uwsa",),
    "comlex-level-1": ("comsae",),
    "comlex-level-2-ce": ("comsae",),
    "comlex-level-3": ("comsae",),
}


def dynamics_of(exam_id: str, test_date: date, seed: int, spread: float = 0.12) -> Dynamics:
    """A learner's dynamics: areas of the exam, distances scattered by ``spread``."""
    weights = facts.exam_weights(exam_id, test_date)
    rng = np.random.default_rng(seed)
    distance = 100.0 * np.exp(spread * rng.standard_normal(len(weights)))
    return Dynamics(
        areas=tuple(weights),
        exam_weight=np.array(list(weights.values())),
        distance=distance,
        distance_sd=0.1 * distance,
        log_distance_sd=0.06,
        ceiling=292.0,
        mark=196.0,
        score_sd=20.0,
        sitting_sd_log=0.06,
        kappa=0.012552,
        rate=np.array([0.25, 0.5, 1.0]),
        rate_weight=np.array([0.3, 0.4, 0.3]),
        adherence=np.array([0.5, 0.7, 0.9]),
        adherence_weight=np.array([0.3, 0.4, 0.3]),
        forgetting_per_day=0.0016,
        base_log_distance=float(np.log(146.0)),
        law=LAW,
    )


def clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


@st.composite
def windows(draw: st.DrawFn) -> tuple[ClockWindow, ...]:
    edges = sorted(
        draw(
            st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).filter(
                lambda x: len(x) % 2 == 0
            )
        )
    )
    return tuple(
        ClockWindow(start=clock(15 * a), end=clock(15 * b))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


@st.composite
def availabilities(draw: st.DrawFn, horizon: int) -> Availability:
    usual = draw(st.sampled_from([40, 120, 240, 300, 480, 600, 840]))
    minutes = {
        day: draw(st.sampled_from([usual, usual, usual, usual // 2, 0, 300, 480]))
        for day in WEEKDAYS
    }
    own = {day: draw(windows()) for day in WEEKDAYS if draw(st.integers(0, 3)) == 0}
    off = draw(st.lists(st.integers(0, horizon), max_size=4, unique=True))
    commitments = draw(
        st.lists(
            st.tuples(st.integers(0, horizon), st.integers(0, 95), st.integers(15, 600)), max_size=6
        )
    )
    return Availability(
        minutes=minutes,
        windows=own,
        max_minutes_per_day=draw(st.sampled_from([None, None, 240, 480, 600])),
        days_off=tuple(AS_OF + timedelta(days=d) for d in off),
        commitments=tuple(
            Commitment(
                date=AS_OF + timedelta(days=d), start=clock(15 * s), minutes=m, what="clinic"
            )
            for d, s, m in commitments
        ),
    )


RESOURCES = st.lists(
    st.one_of(
        st.builds(
            Resource,
            name=st.sampled_from(["UWorld", "Amboss"]),
            kind=st.just("questions"),
            units=st.sampled_from([None, 200, 1200, 3600]),
            done=st.sampled_from([0, 150, 1000, 3600]),
            minutes_per_unit=st.sampled_from([None, 2.0, 3.0, 3.5]),
        ),
        st.builds(
            Resource,
            name=st.just("AnKing"),
            kind=st.just("cards"),
            units=st.sampled_from([None, 9000]),
            done=st.sampled_from([0, 4100]),
            minutes_per_unit=st.sampled_from([None, 0.2]),
            due_per_day=st.sampled_from([None, 0.0, 100.0, 900.0]),
        ),
        st.builds(
            Resource,
            name=st.just("First Aid"),
            kind=st.just("book"),
            units=st.sampled_from([None, 20]),
            done=st.just(0),
            minutes_per_unit=st.sampled_from([None, 40.0]),
        ),
        st.builds(
            Resource,
            name=st.just("Videos"),
            kind=st.just("video"),
            units=st.just(60),
            done=st.just(10),
            minutes_per_unit=st.just(25.0),
        ),
    ),
    max_size=4,
    unique_by=lambda r: r.name,
)


@st.composite
def records(draw: st.DrawFn) -> tuple[Record, date]:
    """A record and a test date, from nearly nothing to eight weeks of room."""
    exam_id = draw(st.sampled_from(EXAM_IDS))
    horizon = draw(st.sampled_from([2, 3, 6, 9, 16, 23, 40, 58, 90]))
    families = FAMILIES[exam_id]
    owned = draw(
        st.lists(st.tuples(st.sampled_from(families), st.integers(28, 34)), max_size=6, unique=True)
    )
    forms = (
        (
            Form(
                family=families[0], form="28", date=AS_OF - timedelta(days=draw(st.integers(1, 60)))
            ),
        )
        if draw(st.booleans())
        else ()
    )
    record = Record(
        learner=Learner(group="us-md", time_zone="America/New_York"),
        exam=ExamTarget(id=exam_id),
        attempts=(Attempt(exam=exam_id, date=AS_OF - timedelta(days=80), outcome="fail"),),
        forms=forms,
        availability=draw(availabilities(horizon)),
        resources=tuple(draw(RESOURCES)),
        ledger=tuple(LedgerForm(family=f, form=str(n)) for f, n in owned),
    )
    return record, AS_OF + timedelta(days=horizon)


def retaker(seed: int, weeks: int | None = None) -> tuple[Record, date]:
    """A retaker as they come: three to twelve weeks, part-time or full, one bank, perhaps a deck.

    Drawn from a seed, so that benchmarks and tests judge the same learners.
    """
    rng = np.random.default_rng(seed)
    exam_id = EXAM_IDS[int(rng.integers(len(EXAM_IDS)))]
    weeks = int(rng.integers(3, 13)) if weeks is None else weeks
    usual = int(rng.choice([120, 180, 240, 360, 480, 600]))
    minutes = dict.fromkeys(WEEKDAYS[:5], usual)
    minutes["sat"] = int(rng.choice([usual, 300, 420, usual // 2]))
    minutes["sun"] = int(rng.choice([0, 0, 240, usual]))
    if rng.random() < 0.3:
        minutes[WEEKDAYS[int(rng.integers(5))]] = 0
    off = rng.choice(7 * weeks, size=int(rng.integers(0, 3)), replace=False)
    clinic = rng.choice(7 * weeks, size=int(rng.integers(0, 4)), replace=False)
    windows = {}
    if rng.random() < 0.4:
        for day in WEEKDAYS:
            windows[day] = (
                ClockWindow(start=time(7), end=time(12)),
                ClockWindow(start=time(13), end=time(18)),
                ClockWindow(start=time(19), end=time(21)),
            )
    units = int(rng.choice([2200, 3600, 4300]))
    resources = [
        Resource(
            name="Bank",
            kind="questions",
            units=units,
            done=int(units * rng.uniform(0.0, 1.0)),
            minutes_per_unit=float(rng.choice([2.5, 3.0, 3.5])),
        )
    ]
    if rng.random() < 0.6:
        resources.append(
            Resource(
                name="Deck",
                kind="cards",
                units=9000,
                done=int(rng.integers(0, 9000)),
                minutes_per_unit=0.2,
                due_per_day=float(rng.choice([60, 150, 400])) if rng.random() < 0.6 else None,
            )
        )
    if rng.random() < 0.3:
        resources.append(
            Resource(name="Book", kind="book", units=25, done=3, minutes_per_unit=40.0)
        )
    family = FAMILIES[exam_id][0]
    record = Record(
        learner=Learner(group="us-md", time_zone="America/New_York"),
        exam=ExamTarget(id=exam_id),
        attempts=(Attempt(exam=exam_id, date=AS_OF - timedelta(days=80), outcome="fail"),),
        forms=(
            Form(family=family, form="28", date=AS_OF - timedelta(days=int(rng.integers(1, 40)))),
        ),
        availability=Availability(
            minutes=minutes,
            windows=windows,
            max_minutes_per_day=600 if usual == 600 else None,
            days_off=tuple(AS_OF + timedelta(days=int(d)) for d in off),
            commitments=tuple(
                Commitment(
                    date=AS_OF + timedelta(days=int(d)), start=time(9), minutes=180, what="clinic"
                )
                for d in clinic
            ),
        ),
        resources=tuple(resources),
        ledger=tuple(
            LedgerForm(family=family, form=str(30 + n)) for n in range(int(rng.integers(0, 6)))
        ),
    )
    return record, AS_OF + timedelta(days=7 * weeks)
