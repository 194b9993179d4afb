"""Each criterion on a plan that keeps it and one that breaks it, both written by hand.

A plan is twelve weeks of Step 1 unless a test says otherwise. ``good`` keeps every criterion that
applies; each case changes one thing, and the criterion named must notice it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bounceback import facts
from bounceback.records import from_case
from bounceback_lab.plan_criteria import CRITERIA, Finding, PlanView, judge
from bounceback_lab.plan_criteria.registry import score

TODAY = date(2026, 11, 23)  # a Monday
EXAM_DAY = date(2027, 1, 18)
AREAS = list(facts.exam_weights("usmle-step-1", EXAM_DAY))
RENAL = "Respiratory & Renal/Urinary Systems"
CARDIO = "Cardiovascular System"
REPRODUCTIVE = "Reproductive & Endocrine Systems"
STATISTICS = next(a for a in AREAS if a.startswith("Biostatistics"))
Case = dict[str, Any]
Entry = dict[str, Any]
Change = Callable[[Case, Entry], None]


def case(exam: str = "usmle-step-1") -> Case:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), 300)
    return {
        "schema": 1,
        "learner": {"group": "us-md", "time_zone": "America/New_York"},
        "exam": {"id": exam, "planned_date": EXAM_DAY},
        "attempts": [{"exam": exam, "date": "2026-09-20", "outcome": "fail"}],
        "blocks": [{"date": "2026-11-20", "bank": "UWorld", "items": 40, "correct": 24}],
        "availability": {
            "minutes": {**week, "sat": 300, "sun": 0},
            "windows": {
                key: ["08:00-13:00", "13:00-17:00"]
                for key in ("mon", "tue", "wed", "thu", "fri", "sat")
            },
        },
        "resources": [
            {"name": "UWorld", "kind": "questions", "units": 3600, "done": 700},
            {"name": "First Aid", "kind": "book", "units": 800},
            {"name": "AnKing", "kind": "cards", "units": 20000, "done": 500},
        ],
        "ledger": [
            {"family": "nbme-cbssa", "form": "31"},
            {"family": "nbme-cbssa", "form": "32"},
            {"family": "free-120", "form": "2026"},
            {"family": "uwsa", "form": "2"},
        ],
    }


def session(day: date, start: str, minutes: int, activity: str | None, **more: Any) -> Entry:
    return {
        "id": f"{day}-{start}",
        "date": day.isoformat(),
        "start": start,
        "minutes": minutes,
        "activity": activity,
        "kind": "study",
        "area": "",
        "areas": [],
        "resource": "",
        "form": None,
        "units": None,
        "locked": False,
        "done_minutes": None,
        "why": "",
        "mode": None,
        "filter": None,
        "first_pass": None,
        "of": None,
        "steps": [],
    } | more


def block(day: date, start: str, area: str = "", **more: Any) -> Entry:
    """Forty questions in two blocks of the exam, an hour, with an hour and a half of review."""
    given = {
        "resource": "UWorld",
        "area": area,
        "units": 40,
        "mode": "timed",
        "filter": f"Unused, {area or 'all systems'}",
        "first_pass": True,
        "steps": [{"what": "block", "minutes": 60}, {"what": "review", "minutes": 90}],
    }
    return session(day, start, 150, "questions", **given) | more


def looks(day: date, start: str, **more: Any) -> Entry:
    given = {"resource": "UWorld", "units": 30, "filter": "Incorrect and marked", "mode": "timed"}
    steps = [{"what": "block", "minutes": 30}, {"what": "review", "minutes": 15}]
    return session(
        day, start, 60, "questions", **(given | {"first_pass": False, "steps": steps} | more)
    )


def practice_test(day: date, family: str, form: str, minutes: int) -> list[Entry]:
    label = f"{family} {form}"
    review = day + timedelta(days=1)
    return [
        session(day, "08:00", minutes, "form", kind="form", form=label),
        session(review, "08:00", 150, "review", kind="review", form=label),
    ]


TESTS = {
    date(2026, 11, 27): ("nbme-cbssa", "31", 300),
    date(2026, 12, 11): ("uwsa", "2", 240),
    date(2026, 12, 24): ("nbme-cbssa", "32", 300),
    date(2027, 1, 8): ("free-120", "2026", 180),
}


def whole_day(day: date) -> list[Entry]:
    """An ordinary day by its third of the time: single areas first, then mixed."""
    part = 3 * (day - TODAY).days // (EXAM_DAY - TODAY).days
    areas = [RENAL, CARDIO, REPRODUCTIVE]
    n = (day - TODAY).days
    mixed = (n % 5 == 0, n % 2 == 0, True)[part]
    area = "" if mixed else areas[n % 3]
    found = [block(day, "08:00", area)]
    if n % 3 == 1 and day < EXAM_DAY - timedelta(days=6):
        found.append(session(day, "13:00", 60, "reading", resource="First Aid", area=areas[n % 3]))
    else:
        found.append(looks(day, "13:00"))
    found.append(session(day, "14:15", 30, "cards", resource="AnKing"))
    return found


def good() -> tuple[Case, Entry]:
    sessions: list[Entry] = []
    reviews = {day + timedelta(days=1) for day in TESTS}
    day = TODAY
    while day < EXAM_DAY:
        left = (EXAM_DAY - day).days
        if day in TESTS:
            family, form, minutes = TESTS[day]
            sessions += practice_test(day, family, form, minutes)
        elif day == EXAM_DAY - timedelta(days=12):
            full = session(day, "08:00", 240, "questions", resource="UWorld", units=170)
            sessions.append(
                full
                | {
                    "mode": "timed",
                    "filter": "Unused",
                    "first_pass": True,
                    "steps": [{"what": "block", "minutes": 240}, {"what": "review", "minutes": 60}],
                }
            )
        elif left == 1:
            sessions.append(session(day, "09:00", 60, None, kind="logistics"))
        elif left in (2, 3) and day.weekday() != 6:
            sessions.append(looks(day, "08:00"))
        elif day not in reviews and day.weekday() != 6:
            sessions += whole_day(day)
        day += timedelta(days=1)
    ledger = [
        {"family": family, "form": form, "date": day.isoformat()}
        for day, (family, form, _) in TESTS.items()
    ]
    weights = facts.exam_weights("usmle-step-1", EXAM_DAY)
    answer = {
        "as_of": TODAY.isoformat(),
        "exam": "usmle-step-1",
        "notes": [],
        "areas": [
            {"area": a, "axis": "system", "mean": 190 if a == RENAL else 200, "exam_weight": w}
            for a, w in weights.items()
        ],
        "forecast": [{"date": EXAM_DAY.isoformat(), "p_pass": 0.6}],
        "decision": {"advice": "sit", "date": EXAM_DAY.isoformat()},
        "time_needed": {"level": "wobbly", "weeks_low": 4, "weeks_high": 6},
        "remediation": None,
        "levers": [{"lever": "hours", "p_pass": 0.64}],
        "ledger": ledger,
        "plan": {"test_date": EXAM_DAY.isoformat(), "sessions": sessions, "left_out": []},
    }
    return case(), answer


def findings(*changes: Change) -> dict[str, Finding]:
    told, answer = good()
    for change in changes:
        change(told, answer)
    later = answer.pop("later", None)
    return judge(PlanView(from_case(told).record, answer, later))


def every(answer: Entry, activity: str = "questions") -> list[Entry]:
    return [s for s in answer["plan"]["sessions"] if s["activity"] == activity]


def each(activity: str = "questions", when: Callable[[Entry], bool] = lambda s: True,
         **values: Any) -> Change:  # fmt: skip
    def change(_: Case, answer: Entry) -> None:
        for s in every(answer, activity):
            if when(s):
                s.update(values)

    return change


def fresh(s: Entry) -> bool:
    return bool(s["first_pass"])


def old_ones(s: Entry) -> bool:
    return s["first_pass"] is False


def after(day: date) -> Callable[[Entry], bool]:
    return lambda s: s["date"] >= day.isoformat()


def without(when: Callable[[Entry], bool]) -> Change:
    def change(_: Case, answer: Entry) -> None:
        plan = answer["plan"]
        plan["sessions"] = [s for s in plan["sessions"] if not when(s)]

    return change


def with_sessions(*entries: Entry) -> Change:
    def change(_: Case, answer: Entry) -> None:
        answer["plan"]["sessions"] += list(entries)

    return change


def set_answer(**values: Any) -> Change:
    return lambda _, answer: answer.update(values)


def set_case(section: str, value: Any) -> Change:
    def change(told: Case, _: Entry) -> None:
        told[section] = value(told[section]) if callable(value) else value

    return change


def level(name: str) -> Change:
    return set_answer(time_needed={"level": name, "weeks_low": 2, "weeks_high": 4})


def way_back(*names: str) -> Change:
    steps = [{"what": f"Rebuild {' and '.join(names)}", "why": ""}]
    return set_answer(remediation={"steps": steps, "retest": {}})


def other_exam(exam: str) -> Change:
    def change(told: Case, answer: Entry) -> None:
        told.update(case(exam))
        told.update(ledger=[], blocks=[])
        answer["ledger"] = []
        answer["plan"]["sessions"] = [
            s | {"area": "", "areas": []} for s in answer["plan"]["sessions"] if not s["form"]
        ]

    return change


def strand(name: str, share_of_days: int) -> Change:
    """Every so many days the second session is of a strand."""

    def change(_: Case, answer: Entry) -> None:
        days = sorted({s["date"] for s in every(answer)})
        for day in days[::share_of_days]:
            answer["plan"]["sessions"].append(
                session(date.fromisoformat(day), "15:00", 60, "other", areas=[name])
            )

    return change


MONDAY = date(2026, 11, 30)
SHORT_HOURS = {
    "minutes": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 75),
    "windows": {key: ["08:00-09:15"] for key in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
}
SMALL = [block(day, "08:00", STATISTICS) for day in (MONDAY, MONDAY + timedelta(days=2))]


def short_days(pieces: int) -> Change:
    def change(told: Case, answer: Entry) -> None:
        told["availability"] = SHORT_HOURS
        length = 75 // pieces
        answer["plan"]["sessions"] = [
            block(TODAY + timedelta(days=n), f"08:{length * k:02d}", [CARDIO, RENAL, ""][k],
                  minutes=length)
            for n in range(28)
            for k in range(pieces)
        ]  # fmt: skip

    return change


def waiting(told: Case, answer: Entry) -> None:
    told["attempts"].append({"exam": "usmle-step-1", "date": "2026-11-16", "outcome": "awaiting"})


def hurried(told: Case, _: Entry) -> None:
    told["misses"] = [{"date": "2026-11-20", "cause": "out-of-time"} for _ in range(8)]


def paced(_: Case, answer: Entry) -> None:
    for s in every(answer):
        s["why"] = "90 seconds a question."


def gap_reading(_: Case, answer: Entry) -> None:
    for s in every(answer, "cards"):
        s.update(activity="reading", resource="First Aid", minutes=45, area=RENAL)


def omm_book(told: Case, _: Entry) -> None:
    savarese = {"name": "Savarese", "kind": "book", "units": 300, "strand": "omm"}
    told["resources"].append(savarese)


def later(shift: int) -> Change:
    def change(_: Case, answer: Entry) -> None:
        moved = copy.deepcopy({k: v for k, v in answer.items() if k != "later"})
        for n, s in enumerate(moved["plan"]["sessions"]):
            if n % 2:
                s["date"] = (date.fromisoformat(s["date"]) + timedelta(days=shift)).isoformat()
        answer["later"] = moved

    return change


def test_the_good_plan_keeps_everything_that_applies() -> None:
    found = findings()
    assert {n: f.measured for n, f in found.items() if f.status == "fail"} == {}
    assert score(found) == 100.0
    assert len(found) == 43


BROKEN: dict[str, tuple[Change, ...]] = {
    "B1": (each(when=fresh, units=30),),
    "B2": (each(when=lambda s: fresh(s) and after(date(2026, 12, 31))(s), area=CARDIO),),
    "B3": (each(when=fresh, area=""),),
    "B4": (each(when=after(date(2026, 12, 21)), mode="tutor"),),
    "R1": (each(when=fresh, minutes=75),),
    "R2": (each(when=fresh, steps=[]),),
    "R3": (each(when=fresh, first_pass=False, filter="Incorrect"),),
    "R4": (each(when=old_ones, filter="All"),),
    "K1": (without(lambda s: s["activity"] == "reading"),),
    "K2": (way_back(STATISTICS),),
    "M1": (each("cards", minutes=50),),
    "X1": (other_exam("usmle-step-3"),),
    "X2": (other_exam("comlex-level-1"),),
    "X3": (other_exam("comlex-level-1"), omm_book,
           with_sessions(session(MONDAY, "16:00", 30, "reading", resource="Savarese",
                                 area=next(iter(facts.exam_weights("comlex-level-1", EXAM_DAY)))))),
    "X4": (hurried, each(mode="tutor")),
    "X5": (waiting,),
    "D1": (lambda c, a: [s.update(area=AREAS[n % len(AREAS)], areas=[])
                         for n, s in enumerate(a["plan"]["sessions"])] and None,
           with_sessions(*(session(TODAY + timedelta(days=n), "16:00", 15, "review", area=RENAL)
                           for n in range(50) if (TODAY + timedelta(days=n)).weekday() != 6))),
    "D2": (with_sessions(*(session(TODAY + timedelta(days=n), f"16:{15 * k:02d}", 15,
                                   ("review", "cards", "reading")[k])
                           for n in range(50) for k in range(3)
                           if (TODAY + timedelta(days=n)).weekday() != 6)),),
    "D3": (each(start="08:01"),),
    "D4": (with_sessions(*SMALL),),
    "D5": (short_days(3),),
    "D6": (each(when=fresh, units=10),),
    "E1": (with_sessions(*(block(EXAM_DAY - timedelta(days=n), f"{h}:00")
                           for n in (2, 3) for h in (10, 13, 15))),),
    "E2": (with_sessions(session(EXAM_DAY - timedelta(days=2), "10:00", 15, "video")),),
    "E3": (with_sessions(block(EXAM_DAY - timedelta(days=1), "10:00")),),
    "W1": (with_sessions(*(block(TODAY + timedelta(days=6 + 7 * n), "08:00") for n in range(7))),),
    "W2": (each("cards", start="17:30"),),
    "W3": (each(when=fresh, minutes=30),),
    "W4": (without(lambda s: "2026-12-07" <= s["date"] <= "2026-12-12"),),
    "F1": (without(lambda s: s["form"] == "nbme-cbssa 31"),),
    "F2": (without(lambda s: s["form"] in ("nbme-cbssa 31", "uwsa 2")),),
    "F3": (without(lambda s: s["kind"] == "review" and s["form"] == "uwsa 2"),),
    "F4": (without(lambda s: s["kind"] == "form" and s["form"] == "uwsa 2"),),
    "F5": (lambda c, a: [s.update(form="free-120 2026") for s in a["plan"]["sessions"]
                         if s["form"] == "nbme-cbssa 31"] and None,),
    "F6": (without(lambda s: bool(s["form"]) and s["date"] > "2026-12-20"),),
    "F7": (without(lambda s: s["units"] == 170),),
    "A1": (each(when=fresh, units=400),),
    "A2": (each(area=CARDIO, areas=[]), each("reading", area=CARDIO)),
    "A3": (each(area=CARDIO, areas=[]),),
    "T1": (each(filter=None, mode=None),),
    "T2": (level("mostly-solid"), set_answer(decision={"advice": "remediate", "date": None})),
    "T3": (set_answer(levers=[{"lever": "hours", "p_pass": 0.6}]),),
    "S1": (later(1),),
}  # fmt: skip

KEPT: dict[str, tuple[Change, ...]] = {
    "B2": (way_back(RENAL, CARDIO), each(when=lambda s: fresh(s) and after(date(2026, 12, 31))(s)
           and date.fromisoformat(s["date"]).day % 2 == 0, area=CARDIO)),
    "K1": (level("fundamental-gap"), gap_reading),
    "K2": (lambda c, a: [s.update(area=RENAL) for s in every(a)] and None,
           each("reading", area=RENAL), way_back(RENAL)),
    "X1": (other_exam("usmle-step-3"), strand("CCS cases", 2), strand("CCS cases", 3)),
    "X2": (other_exam("comlex-level-1"), strand("OMM", 2)),
    "X3": (other_exam("comlex-level-1"), omm_book,
           with_sessions(session(MONDAY, "16:00", 30, "reading", resource="Savarese"))),
    "X4": (hurried, paced),
    "X5": (waiting, without(lambda s: bool(s["form"]) or s["minutes"] > 75
           or s["activity"] == "cards" or date.fromisoformat(s["date"]).weekday() >= 4)),
    "D5": (short_days(1),),
    "T2": (level("mostly-solid"),),
    "T3": (set_answer(levers=[{"lever": "hours", "p_pass": 0.6, "limit": "cap"}]),),
    "S1": (later(0),),
}  # fmt: skip


def test_every_criterion_is_seen_to_fail_here() -> None:
    assert set(BROKEN) == set(CRITERIA)


@pytest.mark.parametrize("name", CRITERIA)
def test_it_notices_a_plan_that_breaks_it(name: str) -> None:
    assert findings(*BROKEN[name])[name].status == "fail"


@pytest.mark.parametrize("name", CRITERIA)
def test_it_passes_a_plan_that_keeps_it(name: str) -> None:
    assert findings(*KEPT.get(name, ()))[name].status == "pass"


def test_without_sessions_nothing_is_judged() -> None:
    assert {f.status for f in findings(without(lambda s: True)).values()} == {"not-applicable"}
