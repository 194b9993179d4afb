"""Hypothesis strategies for learners' records: every record they draw is one a case file may hold.

``records()`` fills every section; ``records(exam_id=…, group=…)`` pins what a test needs. Area
names, families and scales are those of the facts on the entry's day.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import cache, lru_cache
from typing import Any

from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.records import models as v
from bounceback.records.schema import ACCOMMODATIONS, BLOCK_MODES, SCHOOL_SCALES, STATES
from bounceback.vocabulary import (
    ACTIVITIES,
    APPRAISAL_KEYS,
    CAUSES,
    DISTANCES,
    EXAM_IDS,
    GRANT_RIGHTS,
    GRANT_SCOPES,
    GROUPS,
    LEVELS,
    RESOURCE_KINDS,
    SESSION_KINDS,
    STRANDS,
    WEEKDAYS,
)

TODAY = date(2026, 11, 22)
FIRST = date(2023, 1, 1)
ZONES = ("America/New_York", "America/Chicago", "Asia/Karachi", "Europe/Berlin", "UTC")


# A strategy that is built once is looked into once: half the time of a draw went into building.
built_once = lru_cache(maxsize=4096)


@built_once
def days(first: date = FIRST, last: date = TODAY) -> st.SearchStrategy[date]:
    return st.dates(first, last)


@built_once
def texts(most: int = 40, *, lines: bool = False) -> st.SearchStrategy[str]:
    """Any text that may stand, odd characters included."""
    odd = st.characters(exclude_categories=("Cs", "Cc"))
    plain = st.text(odd, min_size=1, max_size=most).filter(str.strip)
    broken = st.just('two\nlines, "quoted" \\ ’ü𝔘\t#')
    return st.one_of(plain, broken) if lines else plain


@built_once
def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.one_of(st.integers(int(low), int(high)).map(float), st.floats(low, high))


@built_once
def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


@built_once
def several(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


@cache
def blueprint_areas(exam_id: str, on: date) -> tuple[str, ...]:
    return tuple(facts.area_names(exam_id, on))


@cache
def report_areas(report: str, exam_id: str, on: date) -> tuple[str, ...]:
    try:
        return tuple(facts.report_areas(report, exam_id, on))
    except FactUnknown:
        return ()


@built_once
def clocks() -> st.SearchStrategy[time]:
    return st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))


@built_once
@st.composite
def windows(draw: st.DrawFn) -> tuple[v.ClockWindow, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 95), max_size=6)))
    ends = [time(m // 4, 15 * (m % 4)) for m in marks]
    return tuple(v.ClockWindow(start=a, end=b) for a, b in zip(ends[::2], ends[1::2], strict=False))


@built_once
@st.composite
def area_results(draw: st.DrawFn, most_items: int = 60) -> v.AreaResult:
    items = draw(st.integers(1, most_items))
    if draw(st.booleans()):
        return v.AreaResult(correct=draw(st.integers(0, items)), items=items)
    percent = draw(numbers(0, 100).filter(lambda p: not 0 < p < 1))
    return v.AreaResult(percent=percent, items=draw(maybe(st.just(items))))


@built_once
def results_by_area(
    names: tuple[str, ...], most_items: int = 60
) -> st.SearchStrategy[dict[str, v.AreaResult]]:
    if not names:
        return st.just({})
    return st.dictionaries(st.sampled_from(names), area_results(most_items), max_size=4)


@built_once
@st.composite
def learners(draw: st.DrawFn, group: str | None = None) -> v.Learner:
    return v.Learner(
        group=group or draw(st.sampled_from(GROUPS)),  # type: ignore[arg-type]
        time_zone=draw(st.sampled_from(ZONES)),
        state=draw(maybe(st.sampled_from(sorted(STATES)))),
        country=draw(maybe(st.sampled_from(("US", "PK", "DE", "IN")))),
        degree_year=draw(maybe(st.integers(1990, 2040))),
        apply_year=draw(maybe(st.integers(1990, 2040))),
        reason=draw(maybe(texts(lines=True))),
        specialties=draw(several(texts())),
    )


@built_once
@st.composite
def targets(draw: st.DrawFn, exam_id: str | None = None) -> v.ExamTarget:
    first = draw(days(TODAY, date(2027, 8, 1)))
    last = first + timedelta(days=draw(st.integers(0, 180)))
    rules = [rule.id for rule in facts.clearance_rules()]
    return v.ExamTarget(
        id=exam_id or draw(st.sampled_from(EXAM_IDS)),  # type: ignore[arg-type]
        eligibility=draw(maybe(st.just(v.Eligibility(first=first, last=last)))),
        planned_date=draw(maybe(days(first, date(2027, 12, 31)))),
        date_stands=draw(st.booleans()),
        working_date=draw(maybe(days(first, date(2027, 12, 31)))),
        deadlines=draw(
            several(st.builds(v.Deadline, date=days(TODAY, date(2028, 1, 1)), what=texts()))
        ),
        target_p_pass=draw(maybe(st.floats(0, 1))),
        clearance=draw(maybe(st.sampled_from(["none", *rules]))),
        accommodations=draw(maybe(st.sampled_from(ACCOMMODATIONS))),
    )


@built_once
@st.composite
def attempts(draw: st.DrawFn, exam_id: str) -> tuple[v.Attempt, ...]:
    """Failed sittings of one exam, oldest first, with an earlier exam perhaps passed."""
    made = []
    for day in sorted(draw(st.sets(days(), max_size=3))):
        mark = facts.pass_mark(exam_id, day)
        exam = facts.exam(exam_id)
        score = (
            maybe(numbers(exam.scale_low, mark.value - 1)) if mark.number_reported else st.none()
        )
        areas = report_areas("official", exam_id, day)
        made.append(
            v.Attempt(
                exam=exam_id,  # type: ignore[arg-type]
                date=day,
                outcome=draw(st.sampled_from(("fail", "incomplete"))),
                result_read=draw(maybe(days(day, max(day, TODAY)))),
                score=draw(score),
                distance_below_pass=draw(maybe(st.sampled_from(DISTANCES))),
                hours_per_day=draw(maybe(numbers(0, 24))),
                profile=draw(
                    st.dictionaries(st.sampled_from(areas), st.sampled_from(LEVELS), max_size=4)
                    if areas
                    else st.just({})
                ),
            )
        )
    if made and draw(st.integers(0, 4)) == 0:
        made[-1] = v.Attempt(exam=made[-1].exam, date=made[-1].date, outcome="awaiting")
    return tuple(made)


@built_once
@st.composite
def forms(draw: st.DrawFn, exam_id: str, day: date | None = None) -> v.Form:
    family_id = draw(st.sampled_from(facts.form_families(exam_id)))
    family = facts.form_family(family_id, exam_id)
    day = day or draw(days())
    scale = draw(st.sampled_from(SCHOOL_SCALES)) if family_id == "school" else None
    low, high = family.low, family.high
    if scale == "percent":
        low, high = 0, 100
    elif scale == "reported":
        low, high = facts.exam(exam_id).scale_low, facts.exam(exam_id).scale_high
    scores = maybe(numbers(low, high).filter(lambda s: not 0 < s < 1))
    return v.Form(
        family=family_id,
        form=draw(st.one_of(st.sampled_from(("1", "29", "31", "P1-A", "2026")), texts(10))),
        date=day,
        score=draw(scores),
        scale=scale,
        printed_p_pass=draw(maybe(st.floats(0, 1))),
        predicted=draw(scores),
        timed=draw(st.booleans()),
        interrupted=draw(st.booleans()),
        repeat=draw(st.booleans()),
        areas=draw(results_by_area(report_areas(family_id, exam_id, day))),
    )


@built_once
@st.composite
def blocks(draw: st.DrawFn, exam_id: str) -> v.Block:
    day = draw(days())
    items = draw(st.integers(1, 120))
    positions = sorted(draw(st.sets(st.integers(1, items), max_size=4)))
    letters = maybe(st.sampled_from("ABCDE"))
    return v.Block(
        date=day,
        bank=draw(texts()),
        items=items,
        correct=draw(st.integers(0, items)),
        minutes=draw(maybe(numbers(1, 300))),
        mode=draw(st.sampled_from(BLOCK_MODES)),
        first_pass=draw(st.booleans()),
        areas=draw(results_by_area(blueprint_areas(exam_id, day), items)),
        trace=tuple(
            v.ItemTrace(
                position=position,
                seconds=draw(maybe(numbers(0, 600))),
                correct=draw(maybe(st.booleans())),
                first=draw(letters),
                chosen=draw(letters),
            )
            for position in positions
        ),
    )


@built_once
@st.composite
def looks(draw: st.DrawFn) -> v.Look:
    return v.Look(date=draw(days()), rule=draw(texts(280)), recalled=draw(st.booleans()))


@built_once
@st.composite
def misses(draw: st.DrawFn, exam_id: str) -> v.Miss:
    day = draw(days())
    return v.Miss(
        date=day,
        cause=draw(st.sampled_from(CAUSES)),
        area=draw(maybe(st.sampled_from(blueprint_areas(exam_id, day)))),
        chosen=draw(maybe(texts(5))),
        confidence=draw(maybe(st.integers(1, 4))),
        seconds=draw(maybe(numbers(0, 600))),
        item=draw(maybe(texts(20))),
        rule=draw(maybe(texts(280))),
    )


@built_once
@st.composite
def studies(draw: st.DrawFn, exam_id: str) -> v.Study:
    day = draw(days())
    return v.Study(
        date=day,
        minutes=draw(numbers(0, 900)),
        activity=draw(st.sampled_from(ACTIVITIES)),
        area=draw(maybe(st.sampled_from(blueprint_areas(exam_id, day)))),
    )


@built_once
def checkins() -> st.SearchStrategy[v.Checkin]:
    return st.builds(
        v.Checkin,
        date=days(),
        sleep_hours=maybe(numbers(0, 24)),
        phq2=maybe(st.integers(0, 6)),
        contact=maybe(texts()),
    )


@built_once
def availabilities() -> st.SearchStrategy[v.Availability]:
    weekdays = st.sampled_from(WEEKDAYS)
    commitments = st.builds(
        v.Commitment,
        date=days(TODAY, date(2027, 12, 31)),
        start=clocks(),
        minutes=st.integers(1, 600),
        what=st.one_of(st.just(""), texts()),
    )
    return st.builds(
        v.Availability,
        minutes=st.dictionaries(weekdays, st.integers(0, 1440)),
        windows=st.dictionaries(weekdays, windows()),
        max_minutes_per_day=maybe(st.integers(0, 600)),
        days_off=several(days(TODAY, date(2027, 12, 31))),
        commitments=several(commitments),
    )


CATALOG = tuple(row["id"] for row in facts.table("resources"))


@st.composite
def resources(draw: st.DrawFn, name: str) -> v.Resource:
    units = draw(maybe(st.integers(0, 9000)))
    return v.Resource(
        name=name,
        kind=draw(st.sampled_from(RESOURCE_KINDS)),
        strand=draw(maybe(st.sampled_from(STRANDS))),
        catalogue=draw(maybe(st.sampled_from(CATALOG))),
        units=units,
        done=draw(st.integers(0, 9000 if units is None else units)),
        minutes_per_unit=draw(maybe(numbers(1, 600))),
        due_per_day=draw(maybe(numbers(0, 500))),
    )


@st.composite
def sessions(draw: st.DrawFn, exam_id: str, name: str) -> v.PlannedSession:
    day = draw(days(date(2026, 10, 1), date(2027, 3, 1)))
    return v.PlannedSession(
        id=name,
        date=day,
        start=draw(maybe(clocks())),
        minutes=draw(st.integers(0, 1440)),
        activity=draw(maybe(st.sampled_from(ACTIVITIES))),
        area=draw(maybe(st.sampled_from(blueprint_areas(exam_id, day)))),
        resource=draw(maybe(texts())),
        kind=draw(st.sampled_from(SESSION_KINDS)),
        form=draw(maybe(texts())),
        units=draw(maybe(st.integers(0, 500))),
        mode=draw(maybe(st.sampled_from(BLOCK_MODES))),
        filter=draw(maybe(texts())),
        areas=draw(several(st.sampled_from((*blueprint_areas(exam_id, day), *STRANDS)))),
        first_pass=draw(maybe(st.booleans())),
        of=draw(maybe(texts(20))),
        steps=draw(several(st.builds(v.PlannedStep, what=texts(), minutes=st.integers(0, 600)))),
        why=draw(maybe(texts())),
        done_minutes=draw(maybe(st.integers(0, 1440))),
        locked=draw(st.booleans()),
    )


@st.composite
def grants(draw: st.DrawFn) -> v.Grant:
    until = draw(days(TODAY, date(2028, 1, 1)))
    return v.Grant(
        to=draw(texts()),
        scopes=draw(several(st.sampled_from(GRANT_SCOPES))),
        may=draw(st.sampled_from(GRANT_RIGHTS)),
        purpose=draw(st.one_of(st.just(""), texts())),
        from_=draw(maybe(days(FIRST, until))),
        until=until,
    )


@built_once
def decisions() -> st.SearchStrategy[v.DecisionPreferences]:
    pact = st.builds(v.Pact, rule=texts(), date=days(TODAY, date(2027, 3, 1)))
    names = st.sampled_from(("delay_week", "failed_attempt"))
    weights = st.dictionaries(names, numbers(0, 1000))
    return st.builds(v.DecisionPreferences, weights=weights, pact=maybe(pact))


def _once(entries: tuple[Any, ...], *names: str) -> tuple[Any, ...]:
    """Keep the first of the entries that agree in these fields."""
    kept = {}
    for entry in entries:
        kept.setdefault(tuple(getattr(entry, name) for name in names), entry)
    return tuple(kept.values())


@st.composite
def records(draw: st.DrawFn, *, exam_id: str | None = None, group: str | None = None) -> v.Record:
    """Draw a record that a case file may hold."""
    exam = draw(targets(exam_id))
    names = draw(st.lists(texts(), unique=True, max_size=3))
    ids = draw(st.lists(texts(20), unique=True, max_size=4))
    ledger = st.builds(
        v.LedgerForm,
        family=st.sampled_from(facts.form_families(exam.id)),
        form=st.one_of(st.sampled_from(("30", "32")), texts(10)),
    )
    answers = st.builds(
        v.AppraisalAnswer,
        answer=st.integers(1, 5),
        note=st.one_of(st.just(""), texts(lines=True)),
    )
    meetings = st.builds(
        v.Meeting,
        date=days(FIRST, date(2027, 1, 1)),
        with_=texts(),
        agreed=st.one_of(st.just(""), texts(lines=True)),
    )
    return v.Record(
        learner=draw(learners(group)),
        exam=exam,
        attempts=draw(attempts(exam.id)),
        forms=_once(draw(several(forms(exam.id))), "family", "form", "date"),
        blocks=draw(several(blocks(exam.id))),
        misses=draw(several(misses(exam.id))),
        looks=draw(several(looks())),
        study=draw(several(studies(exam.id))),
        checkins=draw(several(checkins())),
        availability=draw(maybe(availabilities())),
        resources=tuple(draw(resources(name)) for name in names),
        ledger=_once(draw(several(ledger)), "family", "form"),
        appraisal=draw(st.dictionaries(st.sampled_from(APPRAISAL_KEYS), answers)),
        plan=tuple(draw(sessions(exam.id, name)) for name in ids),
        decision=draw(decisions()),
        grants=draw(several(grants())),
        meetings=draw(several(meetings)),
    )
