"""Realistic cases for the judge: six exams, many lives, with and without tests and resources.

Every case is a case file as data, read by the program's own reader, so that no case is judged which
a learner could not have written. The same seed and number give the same case.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bounceback import facts
from bounceback.errors import FactError
from bounceback.records import from_case
from bounceback.records.models import Record
from bounceback.vocabulary import EXAM_IDS

FIRST_DAY: Final = date(2026, 11, 2)
LIVES: Final = (
    "full-time",
    "full-time",
    "long-days",
    "half-time",
    "evening-job",
    "parent",
    "shifts",
    "one-hour",
)
MATERIALS: Final = ("none", "deck-only", "bank", "bank-and-deck", "full", "full", "used-up", "two")
LEVELS: Final = ("mostly-solid", "wobbly", "fundamental-gap")
SD_BELOW: Final = {
    "mostly-solid": (-0.2, 0.65),
    "wobbly": (0.72, 1.2),
    "fundamental-gap": (1.3, 2.4),
}
STATES: Final = ("usual",) * 6 + ("awaiting", "two-failures", "last-weeks", "accommodated")

_FULL: Final = ("08:00-12:00", "13:00-18:00")
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TEST_OF: Final = {
    "usmle-step-1": (("nbme-cbssa", ("26", "27", "28", "29", "30", "31", "32")), "uwsa"),
    "usmle-step-2-ck": (("nbme-ccssa", ("9", "10", "11", "12", "13", "14")), "uwsa"),
    "usmle-step-3": (("uwsa", ("1", "2")), "uwsa"),
    "comlex-level-1": (("comsae", ("P1-A", "P1-B", "P1-C", "P1-D")), "comsae"),
    "comlex-level-2-ce": (("comsae", ("P2-A", "P2-B", "P2-C")), "comsae"),
    "comlex-level-3": (("comsae", ("P3-A", "P3-B")), "comsae"),
}
_BANK_UNITS: Final = {
    "usmle-step-1": 3600,
    "usmle-step-2-ck": 4250,
    "usmle-step-3": 2100,
    "comlex-level-1": 2400,
    "comlex-level-2-ce": 2200,
    "comlex-level-3": 1500,
}


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """One case and the day on which it is looked at.

    Attributes:
        name: What it is, in a few words.
        record: The learner's record.
        as_of: The day.
    """

    name: str
    record: Record
    as_of: date


def generated_cases(count: int, seed: int) -> Iterator[GeneratedCase]:
    """Yield so many cases; the first of them cover every exam and life."""
    for number in range(count):
        yield generated_case(number, seed)


def generated_case(number: int, seed: int) -> GeneratedCase:
    """Return one case.

    Args:
        number: Its place, from 0; exams and lives take turns with it.
        seed: Of everything that is drawn.
    """
    draw = random.Random(f"{seed}:{number}")
    exam = EXAM_IDS[number % len(EXAM_IDS)]
    life = LIVES[(number // len(EXAM_IDS)) % len(LIVES)]
    if exam in ("usmle-step-3", "comlex-level-3") and draw.random() < 0.5:
        life = draw.choice(("shifts", "one-hour"))
    level = draw.choice(LEVELS)
    state = draw.choice(STATES)
    material = draw.choice(MATERIALS)
    as_of = FIRST_DAY + timedelta(days=draw.randrange(70))
    tests = draw.choice((0, 1, 2, 4))
    data = {
        "schema": 1,
        "learner": _learner(exam, draw),
        "exam": _target(exam, state, as_of, draw),
        "attempts": _attempts(exam, level, state, as_of, draw),
        "forms": _forms(exam, level, tests, as_of, draw),
        "blocks": _blocks(level, material, as_of, draw),
        "misses": _misses(material, as_of, draw),
        "availability": _availability(life, as_of, draw),
        "resources": _resources(exam, material, draw),
        "ledger": _ledger(exam, tests, draw),
    }
    name = f"{number}: {exam}, {life}, {level}, {state}, {material}, {tests} tests"
    return GeneratedCase(name, from_case(data).record, as_of)


def _learner(exam: str, draw: random.Random) -> dict[str, Any]:
    group = "us-do" if exam.startswith("comlex") else draw.choice(("us-md", "us-img", "non-us-img"))
    return {"group": group, "time_zone": "America/New_York", "country": "US"}


def _target(exam: str, state: str, as_of: date, draw: random.Random) -> dict[str, Any]:
    target: dict[str, Any] = {"id": exam}
    length = draw.randrange(18, 28) if state == "last-weeks" else draw.randrange(56, 150)
    first = as_of + timedelta(days=0 if state == "last-weeks" else draw.randrange(0, 28))
    last = as_of + timedelta(days=length)
    if draw.random() < 0.8 or state == "last-weeks":
        target["eligibility"] = {"first": first, "last": last}
    if draw.random() < 0.6:
        planned = first + timedelta(days=round((last - first).days * draw.uniform(0.5, 1.0)))
        # Test centers are closed on Sundays and around the turn of the year.
        while planned.weekday() == 6 or (planned.month, planned.day) in ((12, 25), (1, 1)):
            planned -= timedelta(days=1)
        if planned > as_of:
            target["planned_date"] = planned
    target["accommodations"] = "granted" if state == "accommodated" else "none"
    return target


def _attempts(
    exam: str, level: str, state: str, as_of: date, draw: random.Random
) -> list[dict[str, Any]]:
    distance = {"mostly-solid": "near", "wobbly": "moderate", "fundamental-gap": "far"}[level]
    ago = draw.randrange(40, 110)
    failed: dict[str, Any] = {"exam": exam, "date": as_of - timedelta(days=ago), "outcome": "fail"}
    mark = facts.pass_mark(exam, failed["date"])
    if mark.number_reported:
        failed["score"] = round(mark.value - draw.uniform(*SD_BELOW[level]) * 15 - 1)
        failed["score"] = min(failed["score"], round(mark.value) - 1)
    else:
        failed["distance_below_pass"] = distance
    attempts = [failed]
    if state == "two-failures":
        earlier = {"exam": exam, "outcome": "fail"}
        attempts.insert(0, {**earlier, "date": failed["date"] - timedelta(days=200)})
    if state == "awaiting":
        waiting = {"exam": exam, "outcome": "awaiting"}
        attempts.append({**waiting, "date": as_of - timedelta(days=draw.randrange(2, 20))})
    return attempts


def _score(exam: str, family: str, reported: float, on: date) -> float | None:
    """A score of a test family that stands for so many reported points."""
    try:
        line = facts.conversion(family, exam, on)
    except FactError:
        return None
    own = facts.form_family(family, exam)
    return round(min(max((reported - line.intercept) / line.slope, own.low + 2), own.high - 2), 0)


def _forms(
    exam: str, level: str, tests: int, as_of: date, draw: random.Random
) -> list[dict[str, Any]]:
    (family, labels), _ = _TEST_OF[exam]
    mark = facts.pass_mark(exam, as_of).value
    sd = facts.norms(exam, as_of).sd
    below = draw.uniform(*SD_BELOW[level])
    forms = []
    for n in range(min(tests, len(labels))):
        day = as_of - timedelta(days=(tests - n - 1) * 11 + draw.randrange(1, 9))
        score = _score(exam, family, mark - (below + draw.gauss(0, 0.2)) * sd, day)
        if score is not None:
            forms.append({"family": family, "form": labels[n], "date": day, "score": score})
    return forms


def _ledger(exam: str, tests: int, draw: random.Random) -> list[dict[str, Any]]:
    (family, labels), second = _TEST_OF[exam]
    left = [{"family": family, "form": label} for label in labels[tests:]]
    owned = left[: draw.choice((0, 1, 2, 3, 4))]
    if second != family and draw.random() < 0.5:
        owned.append({"family": second, "form": "2"})
    if exam.startswith("usmle") and draw.random() < 0.6:
        owned.append({"family": "free-120", "form": "2026"})
    return owned


def _blocks(level: str, material: str, as_of: date, draw: random.Random) -> list[dict[str, Any]]:
    if material in ("none", "deck-only"):
        return []
    share = {"mostly-solid": 0.64, "wobbly": 0.55, "fundamental-gap": 0.44}[level]
    return [
        {
            "date": as_of - timedelta(days=n + 1),
            "bank": "uworld",
            "items": 40,
            "correct": round(40 * min(max(draw.gauss(share, 0.06), 0.2), 0.95)),
            "mode": draw.choice(("timed", "tutor")),
        }
        for n in range(draw.choice((0, 3, 6)))
    ]


def _misses(material: str, as_of: date, draw: random.Random) -> list[dict[str, Any]]:
    if material in ("none", "deck-only") or draw.random() < 0.4:
        return []
    hurried = draw.random() < 0.3
    causes = ["not-learned", "not-recalled", "misread", "narrowed-wrong"]
    return [
        {
            "date": as_of - timedelta(days=1 + n // 4),
            "cause": "out-of-time" if hurried and n % 2 else draw.choice(causes),
        }
        for n in range(16)
    ]


def _availability(life: str, as_of: date, draw: random.Random) -> dict[str, Any]:
    def every(minutes: int, saturday: int, sunday: int) -> dict[str, int]:
        return dict.fromkeys(_WEEK[:5], minutes) | {"sat": saturday, "sun": sunday}

    windows: Mapping[str, Sequence[str]]
    hours: dict[str, Any]
    if life == "long-days":
        windows = dict.fromkeys(
            _WEEK,
            (
                "07:00-12:00",
                "13:00-19:00",
            ),
        )
        hours = {"minutes": every(600, 420, 0), "max_minutes_per_day": 600}
    elif life == "half-time":
        windows = dict.fromkeys(_WEEK, ("08:00-13:00",))
        hours = {"minutes": every(270, 240, 0)}
    elif life == "evening-job":
        windows = dict.fromkeys(_WEEK[:5], ("18:30-21:30",)) | {"sat": _FULL, "sun": _FULL}
        hours = {"minutes": every(150, 360, 240)}
    elif life == "parent":
        windows = dict.fromkeys(_WEEK[:5], ("20:00-22:30",))
        windows = windows | {"sat": ["07:00-12:00"], "sun": ["07:00-09:00", "20:00-22:00"]}
        hours = {"minutes": every(120, 300, 120)}
    elif life == "shifts":
        windows = dict.fromkeys(_WEEK, ("19:00-21:30",)) | {"sun": ["09:00-14:00"]}
        nights = [as_of + timedelta(days=n) for n in range(2, 80, 4)]
        hours = {
            "minutes": every(90, 120, 300),
            "commitments": [
                {"date": day, "start": "18:00", "minutes": 360, "what": "night shift"}
                for day in nights
            ],
        }
    elif life == "one-hour":
        windows = dict.fromkeys(_WEEK, ("06:00-07:15",)) | {"sat": ["08:00-12:30"]}
        hours = {"minutes": every(60, draw.choice((60, 240)), 0)}
    else:
        windows = dict.fromkeys(_WEEK, _FULL)
        hours = {"minutes": every(480, 300, 0)}
    hours["windows"] = {day: list(stretches) for day, stretches in windows.items()}
    hours["days_off"] = [date(2026, 12, 25)]
    return hours


def _resources(exam: str, material: str, draw: random.Random) -> list[dict[str, Any]]:
    comlex = exam.startswith("comlex")
    size = _BANK_UNITS[exam]
    done = round(size * draw.uniform(0.1, 0.6))
    bank: dict[str, Any] = {
        "name": "COMBANK" if comlex else "UWorld",
        "kind": "questions",
        "units": size,
        "done": round(size * 0.93) if material == "used-up" else done,
        "minutes_per_unit": 3.0,
    }
    deck = {
        "name": "AnKing",
        "kind": "cards",
        "units": 20000,
        "done": 6000,
        "minutes_per_unit": 0.2,
        "due_per_day": 120,
    }
    book = {"name": "First Aid", "kind": "book", "units": 800, "done": 200}
    video = {"name": "Pathoma", "kind": "video", "units": 35, "done": 5, "minutes_per_unit": 45}
    second = {"name": "AMBOSS", "kind": "questions", "units": 2500, "done": 0}
    found: dict[str, list[dict[str, Any]]] = {
        "none": [],
        "deck-only": [deck],
        "bank": [bank],
        "bank-and-deck": [bank, deck],
        "full": [bank, deck, book, video],
        "used-up": [bank, deck, book],
        "two": [bank, second, book],
    }
    owned = found[material]
    if not owned:
        return []
    if comlex and draw.random() < 0.6:
        savarese = {"name": "Savarese", "kind": "book", "units": 300, "done": 0, "strand": "omm"}
        owned = [*owned, savarese]
    if exam == "usmle-step-3" and draw.random() < 0.6:
        cases = {"name": "CCS cases", "kind": "cases", "units": 90, "done": 5, "strand": "ccs"}
        owned = [*owned, {**cases, "minutes_per_unit": 30}]
    return owned
