"""Records for the outlook: hand-written ones, and any at all."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from bounceback.records.models import Attempt, Checkin, ExamTarget, Learner, Record
from bounceback.vocabulary import EXAM_IDS, GROUPS, OUTCOMES

TODAY = date(2026, 11, 22)
SPECIALTIES = (
    "Family Medicine",
    "peds",
    "Internal Medicine",
    "Orthopedic Surgery",
    "PM&R",
    "General Surgery",
    "Emergency Medicine",
    "Dermatology",
    "Underwater Medicine 3",
)


def failed_step_1(day: date = date(2026, 9, 20)) -> Attempt:
    return Attempt(exam="usmle-step-1", date=day, outcome="fail")


def passed_step_2(score: float | None, day: date = date(2026, 8, 1)) -> Attempt:
    return Attempt(exam="usmle-step-2-ck", date=day, outcome="pass", score=score)


def learner(
    *attempts: Attempt,
    group: str = "us-md",
    exam: str = "usmle-step-1",
    specialties: tuple[str, ...] = (),
    degree_year: int | None = None,
    apply_year: int | None = None,
    checkins: tuple[Checkin, ...] = (),
) -> Record:
    return Record(
        learner=Learner(
            group=group,  # type: ignore[arg-type]
            time_zone="America/New_York",
            degree_year=degree_year,
            apply_year=apply_year,
            specialties=specialties,
        ),
        exam=ExamTarget(id=exam),  # type: ignore[arg-type]
        attempts=attempts,
        checkins=checkins,
    )


def worst_case() -> Record:
    """The last sitting that the board allows, a graduate, a low Step 2 CK, one specialty."""
    failures = [failed_step_1(date(2024, 3, 1) + timedelta(days=200 * i)) for i in range(3)]
    return learner(
        *failures,
        passed_step_2(219, date(2026, 2, 3)),
        degree_year=2025,
        apply_year=2027,
        specialties=("Family Medicine",),
    )


def senior(score: float | None = None, *specialties: str) -> Record:
    """A US MD senior who failed Step 1 and passed it; Step 2 CK if a score is given."""
    attempts = [
        failed_step_1(date(2025, 1, 10)),
        Attempt(exam="usmle-step-1", date=date(2025, 6, 10), outcome="pass"),
    ]
    if score is not None:
        attempts.append(passed_step_2(score))
    return learner(*attempts, degree_year=2028, apply_year=2027, specialties=specialties or ("FM",))


@st.composite
def any_records(draw: st.DrawFn) -> Record:
    days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
    attempts = draw(
        st.lists(
            st.builds(
                Attempt,
                exam=st.sampled_from(EXAM_IDS),
                date=days,
                outcome=st.sampled_from(OUTCOMES),
                score=st.none() | st.integers(150, 300).map(float),
            ),
            max_size=6,
        )
    )
    years = st.none() | st.integers(2015, 2035)
    return learner(
        *sorted(attempts, key=lambda a: a.date),
        group=draw(st.sampled_from(GROUPS)),
        exam=draw(st.sampled_from(EXAM_IDS)),
        specialties=tuple(draw(st.lists(st.sampled_from(SPECIALTIES), max_size=4))),
        degree_year=draw(years),
        apply_year=draw(years),
    )


any_days = st.dates(date(2017, 1, 1), date(2034, 12, 31))
