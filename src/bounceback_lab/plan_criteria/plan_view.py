"""A plan as a judge sees it: the record, the briefing's JSON, and what follows from both."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from bounceback import facts
from bounceback.errors import FactError
from bounceback.records.models import Record
from bounceback.vocabulary import STRAND_NAMES, WEEKDAYS

EXTRA_TIME: Final = 1.5
"""Granted time as a multiple of the standard: time and a half, the usual grant."""

BLOCK: Final = 20
"""Questions of a practice block: the block of the USMLE, half the section of the COMLEX."""

SECOND_LOOK_MINUTES: Final = 2.0
"""Minutes of one more look at a question that was missed."""

DEFAULT_WINDOWS: Final = ((480, 780), (840, 1140))
"""Hours of a weekday for which the case names no windows, in minutes after midnight."""

DEFAULT_CAP: Final = 480
"""Most study minutes a day where the case names no cap."""

USUAL_MISS_SHARE: Final = 0.4
"""Share of bank questions missed where no block says it."""

_STRAND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "omm": ("omm", "osteopathic", "savarese"),
    "ccs": ("ccs", "case simulation", "cases"),
    "cdm": ("cdm", "decision-making", "decision making", "cases"),
}
_MISSED_WORDS: Final = ("incorrect", "missed", "marked", "flagged", "wrong")


@dataclass(frozen=True, slots=True)
class Session:
    """One session of the plan with the values of its JSON."""

    id: str
    date: date
    start: int
    minutes: int
    activity: str | None
    kind: str
    areas: tuple[str, ...]
    area: str
    resource: str
    form: str
    units: int | None
    mode: str
    filter: str
    first_pass: bool | None
    of: str
    steps: tuple[tuple[str, int], ...]
    why: str
    locked: bool

    @property
    def end(self) -> int:
        """Minutes after midnight."""
        return self.start + self.minutes

    @property
    def is_fresh(self) -> bool:
        """Whether it holds new questions of a bank."""
        return self.activity == "questions" and self.first_pass is not False and bool(self.units)

    @property
    def is_second_look(self) -> bool:
        """Whether it goes over questions met before, other than those of its own block."""
        if self.of or self.form:
            return False
        if self.activity == "questions":
            return self.first_pass is False or not self.units
        # A review without bank and number goes over one's own notes.
        return (
            self.activity == "review"
            and self.kind == "study"
            and (bool(self.units) or bool(self.resource))
        )

    @property
    def is_mixed(self) -> bool:
        """Whether its questions come from everywhere: no area, or at least three."""
        return len(self.areas) == 0 or len(self.areas) >= 3

    @property
    def names_missed(self) -> bool:
        """Whether its filter picks what was missed or flagged."""
        return any(word in self.filter.casefold() for word in _MISSED_WORDS)

    @property
    def text(self) -> str:
        """Everything that it says, in small letters."""
        return " ".join(
            (self.why, self.filter, self.resource, *self.areas, *(what for what, _ in self.steps))
        ).casefold()


def _session(entry: Mapping[str, Any]) -> Session:
    hour, minute = (int(part) for part in str(entry["start"]).split(":")[:2])
    area = entry.get("area") or ""
    areas = tuple(entry.get("areas") or ()) or ((area,) if area else ())
    return Session(
        id=entry["id"],
        date=date.fromisoformat(entry["date"]),
        start=hour * 60 + minute,
        minutes=int(entry["minutes"]),
        activity=entry.get("activity"),
        kind=entry.get("kind", "study"),
        areas=areas,
        area=area,
        resource=entry.get("resource") or "",
        form=entry.get("form") or "",
        units=entry.get("units"),
        mode=entry.get("mode") or "",
        filter=entry.get("filter") or "",
        first_pass=entry.get("first_pass"),
        of=entry.get("of") or "",
        steps=tuple(
            (s.get("what", ""), int(s.get("minutes", 0))) for s in entry.get("steps") or ()
        ),
        why=entry.get("why") or "",
        locked=bool(entry.get("locked")),
    )


def _joined(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Windows in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


@dataclass
class PlanView:
    """The plan under judgment.

    Attributes:
        record: The learner's record.
        briefing: The JSON of its briefing.
        later: The JSON of a briefing one week later, when the week went as planned; ``None`` where
            it was not made.
    """

    record: Record
    briefing: Mapping[str, Any]
    later: Mapping[str, Any] | None = None
    _minutes_open: dict[date, tuple[int, tuple[tuple[int, int], ...]]] = field(default_factory=dict)

    @cached_property
    def as_of(self) -> date:
        """First day of the plan."""
        return date.fromisoformat(self.briefing["as_of"])

    @cached_property
    def test_date(self) -> date:
        """The day the plan leads to."""
        return date.fromisoformat(self.briefing["plan"]["test_date"])

    @cached_property
    def exam_id(self) -> str:
        """The exam ahead."""
        return self.record.exam.id

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """Every session by day and clock time."""
        every = [_session(entry) for entry in self.briefing["plan"]["sessions"]]
        return tuple(sorted(every, key=lambda s: (s.date, s.start)))

    @cached_property
    def work(self) -> tuple[Session, ...]:
        """Sessions with an activity."""
        return tuple(s for s in self.sessions if s.activity and s.minutes > 0)

    @cached_property
    def study(self) -> tuple[Session, ...]:
        """Sessions with an activity, but for practice tests and their review."""
        return tuple(s for s in self.work if s.activity != "form" and not s.form)

    @cached_property
    def study_minutes(self) -> int:
        """Minutes of all of ``study``."""
        return sum(s.minutes for s in self.study)

    @cached_property
    def days(self) -> dict[date, tuple[Session, ...]]:
        """Sessions with an activity by day, in order."""
        by_day: dict[date, list[Session]] = defaultdict(list)
        for s in self.work:
            by_day[s.date].append(s)
        return {day: tuple(found) for day, found in sorted(by_day.items())}

    @cached_property
    def fresh(self) -> tuple[Session, ...]:
        """Sessions of new questions of a bank, strands aside."""
        return tuple(s for s in self.work if s.is_fresh and self.strand_of(s) is None)

    @cached_property
    def second_looks(self) -> tuple[Session, ...]:
        """Sessions of questions met before."""
        return tuple(s for s in self.study if s.is_second_look and self.strand_of(s) is None)

    @cached_property
    def level(self) -> str:
        """The level of the time guide."""
        return str((self.briefing.get("time_needed") or {}).get("level", ""))

    @property
    def is_gap(self) -> bool:
        """Whether foundations are missing."""
        return self.level == "fundamental-gap"

    @property
    def is_way_back(self) -> bool:
        """Whether the plan leads to a checkpoint test and not to the exam."""
        return bool(self.briefing.get("remediation"))

    @cached_property
    def is_waiting(self) -> bool:
        """Whether a result is awaited."""
        own = [a for a in self.record.attempts if a.exam == self.exam_id and a.date <= self.as_of]
        return bool(own) and own[-1].outcome == "awaiting"

    @cached_property
    def rhythm(self) -> facts.BlockRhythm:
        """The exam's own shape on the day, or the last shape that is published in full."""
        return facts.rehearsal_rhythm(self.exam_id, self.test_date)

    @cached_property
    def pace(self) -> float:
        """Minutes a question of the exam."""
        return self.rhythm.minutes_per_block / self.rhythm.items_per_block * self.granted

    @cached_property
    def granted(self) -> float:
        """Testing time as a multiple of the standard."""
        return EXTRA_TIME if self.record.exam.accommodations == "granted" else 1.0

    @cached_property
    def weights(self) -> dict[str, float]:
        """Share of the exam of each area of the share axis; empty where it is not published."""
        try:
            return facts.exam_weights(self.exam_id, self.test_date)
        except FactError:
            return {
                a["area"]: a["exam_weight"]
                for a in self.briefing.get("areas", ())
                if a.get("exam_weight")
            }

    def single(self, s: Session) -> str | None:
        """The one area of the blueprint that a session is about; ``None`` for others."""
        return s.areas[0] if len(s.areas) == 1 and s.areas[0] in self.weights else None

    def spread(self, s: Session) -> dict[str, float]:
        """Share of a session by area: its own areas by exam weight, or all of them."""
        if self.strand_of(s) is not None:
            return {}
        own = [a for a in s.areas if a in self.weights] or list(self.weights)
        total = sum(self.weights[a] for a in own) or 1.0
        return {a: self.weights[a] / total for a in own}

    # --- resources ----------------------------------------------------------------------------

    @cached_property
    def strand_by_resource(self) -> dict[str, str]:
        """Strand that each resource serves alone, by its name."""
        found: dict[str, str] = {}
        for r in self.record.resources:
            if r.kind == "cases":
                found[r.name] = r.strand or ("cdm" if self.exam_id == "comlex-level-3" else "ccs")
            elif r.strand and r.kind != "questions":
                found[r.name] = r.strand
        return found

    def strand_of(self, s: Session) -> str | None:
        """Strand that a session is about; ``None`` for work on the areas of the blueprint."""
        for name in s.areas:
            for strand, label in STRAND_NAMES.items():
                if name.casefold() in (strand, label.casefold()) and name not in self.weights:
                    return strand
        return self.strand_by_resource.get(s.resource)

    def strand_minutes(self, strand: str, within: Sequence[Session] | None = None) -> int:
        """Minutes of a strand, or of sessions that name it."""
        words = _STRAND_WORDS[strand]
        return sum(
            s.minutes
            for s in (self.study if within is None else within)
            if self.strand_of(s) == strand
            or (self.strand_of(s) is None and any(word in s.filter.casefold() for word in words))
        )

    @cached_property
    def banks(self) -> tuple[Any, ...]:
        """Question banks that the learner lists."""
        return tuple(r for r in self.record.resources if r.kind == "questions")

    @cached_property
    def owns_content(self) -> bool:
        """Whether a book or video on the areas is listed."""
        return any(r.kind in ("book", "video") and not r.strand for r in self.record.resources)

    @cached_property
    def questions_left(self) -> float:
        """New questions left in the banks; infinite where a bank's size is not known."""
        if not self.banks:
            return math.inf
        return float(
            sum(math.inf if b.units is None else max(0, b.units - b.done) for b in self.banks)
        )

    def left_in(self, area: str) -> float:
        """New questions left in an area: as the bank shows them, else by exam weight."""
        total = 0.0
        for bank in self.banks:
            if area in bank.left_by_area:
                total += bank.left_by_area[area]
            elif bank.units is None:
                return math.inf
            else:
                total += 1.5 * self.weights[area] * max(0, bank.units - bank.done)
        return total

    @cached_property
    def used_share(self) -> float:
        """Share of the banks that is used."""
        units = sum(b.units or 0 for b in self.banks)
        return sum(b.done for b in self.banks) / units if units else 0.0

    @cached_property
    def miss_share(self) -> float:
        """Share of bank questions that the learner misses."""
        items = sum(b.items for b in self.record.blocks)
        correct = sum(b.correct for b in self.record.blocks)
        return 1.0 - correct / items if items >= BLOCK else USUAL_MISS_SHARE

    @cached_property
    def missed(self) -> float:
        """Questions missed so far and in the new blocks of the plan, as far as can be said."""
        done = sum(b.done for b in self.banks) if self.banks else 0
        answered = sum(b.items for b in self.record.blocks)
        planned = sum(s.units or 0 for s in self.fresh)
        so_far = max(done, answered) * self.miss_share
        return max(so_far, float(len(self.record.misses))) + planned * self.miss_share

    # --- hours --------------------------------------------------------------------------------

    def open_time(self, day: date) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Minutes that a day offers, and its open stretches in minutes after midnight."""
        if day not in self._minutes_open:
            self._minutes_open[day] = self._open_time(day)
        return self._minutes_open[day]

    def _open_time(self, day: date) -> tuple[int, tuple[tuple[int, int], ...]]:
        hours = self.record.availability
        if hours is None or day in hours.days_off:
            return 0, ()
        weekday = WEEKDAYS[day.weekday()]
        if weekday in hours.windows:
            windows = [
                (w.start.hour * 60 + w.start.minute, w.end.hour * 60 + w.end.minute)
                for w in hours.windows[weekday]
            ]
        else:
            windows = list(DEFAULT_WINDOWS)
        windows = _joined(windows)
        # What runs past midnight takes the first hours of the next day.
        busy = [
            (start - 1440 * shift, start - 1440 * shift + c.minutes)
            for c in hours.commitments
            for shift in (0, 1)
            if c.date + timedelta(days=shift) == day
            for start in (c.start.hour * 60 + c.start.minute,)
        ]
        for a, b in busy:
            windows = [
                piece
                for x, y in windows
                for piece in ((x, min(y, a)), (max(x, b), y))
                if piece[0] < piece[1]
            ]
        cap = DEFAULT_CAP if hours.max_minutes_per_day is None else hours.max_minutes_per_day
        free = sum(y - x for x, y in windows)
        return min(hours.minutes.get(weekday, 0), free, cap), tuple(windows)

    @cached_property
    def horizon(self) -> tuple[date, ...]:
        """Days from the first of the plan to the eve of the day it leads to."""
        return tuple(
            self.as_of + timedelta(days=n) for n in range((self.test_date - self.as_of).days)
        )

    @cached_property
    def usual_open(self) -> float:
        """Mean minutes a day that the week offers, days off aside."""
        offered = [self.open_time(day)[0] for day in self.horizon[:28]]
        return sum(offered) / len(offered) if offered else 0.0

    @cached_property
    def usual_day(self) -> float:
        """Median minutes of the days with work, without the last week."""
        last = self.test_date - timedelta(days=7)
        found = sorted(
            sum(s.minutes for s in day) for on, day in self.days.items() if on < last
        ) or [0]
        middle = len(found) // 2
        return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2

    # --- parts of the plan --------------------------------------------------------------------

    def thirds(self, sessions: Sequence[Session]) -> tuple[tuple[Session, ...], ...]:
        """Sessions by thirds of the time to the day the plan leads to."""
        length = max((self.test_date - self.as_of).days, 1)
        parts: tuple[list[Session], list[Session], list[Session]] = ([], [], [])
        for s in sessions:
            parts[min(2, 3 * (s.date - self.as_of).days // length)].append(s)
        return tuple(tuple(part) for part in parts)

    def in_half(self, sessions: Sequence[Session], half: int) -> tuple[Session, ...]:
        """Sessions of the first (0) or second (1) half of the time."""
        length = max((self.test_date - self.as_of).days, 1)
        return tuple(
            s for s in sessions if min(1, 2 * (s.date - self.as_of).days // length) == half
        )

    def last_days(self, count: int) -> tuple[Session, ...]:
        """Sessions with an activity of the last so many days before the exam."""
        first = self.test_date - timedelta(days=count)
        return tuple(s for s in self.work if first <= s.date < self.test_date)

    @cached_property
    def form_sittings(self) -> tuple[Session, ...]:
        """Sessions in which a practice test is taken."""
        return tuple(s for s in self.work if s.activity == "form" or s.kind == "form")

    @cached_property
    def said(self) -> str:
        """Everything the briefing says of limits and of what is to be got, in small letters."""
        plan = self.briefing["plan"]
        parts = [*self.briefing.get("notes", ()), *plan.get("notes", ())]
        parts += [f"{x.get('what', '')} {x.get('why', '')}" for x in plan.get("left_out", ())]
        nothing = plan.get("nothing") or {}
        parts += [str(part) for part in nothing.values()]
        for step in (self.briefing.get("remediation") or {}).get("steps", ()):
            parts += [step.get("what", ""), step.get("why", "")]
        return " ".join(str(part) for part in parts).casefold()
