"""Rows into values of the record, and back: without loss, without a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from operator import itemgetter
from typing import Any, Final, cast

from django.db import models as db
from django.db.models.functions import Cast

from bounceback.records import models as v
from bounceback_web.records import models


def _same(value: Any) -> Any:
    return value


def _results_out(areas: Mapping[str, list[Any]]) -> dict[str, v.AreaResult]:
    return {
        name: v.AreaResult(correct=correct, items=items, percent=percent)
        for name, (correct, items, percent) in areas.items()
    }


def _results_in(areas: Mapping[str, v.AreaResult]) -> dict[str, list[Any]]:
    return {name: [r.correct, r.items, r.percent] for name, r in areas.items()}


def _trace_out(trace: list[list[Any]]) -> tuple[v.ItemTrace, ...]:
    return tuple(
        v.ItemTrace(position=position, seconds=seconds, correct=correct, first=first, chosen=chosen)
        for position, seconds, correct, first, chosen in trace
    )


def _trace_in(trace: tuple[v.ItemTrace, ...]) -> list[list[Any]]:
    return [[t.position, t.seconds, t.correct, t.first, t.chosen] for t in trace]


def _steps_out(steps: list[list[Any]]) -> tuple[v.PlannedStep, ...]:
    return tuple(v.PlannedStep(what=what, minutes=minutes) for what, minutes in steps)


def _steps_in(steps: tuple[v.PlannedStep, ...]) -> list[list[Any]]:
    return [[step.what, step.minutes] for step in steps]


@dataclass(frozen=True, slots=True)
class Section:
    """How one section of the record is kept.

    Attributes:
        name: Its name in the record and the case file.
        model: Its table.
        value: Its value.
        columns: Columns that are named otherwise than the field of the value.
        convert: By field: row into value, value into row.
    """

    name: str
    model: type[models.Entry]
    value: type[Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    convert: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = field(
        default_factory=dict
    )

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields of the value, in its order."""
        return tuple(f.name for f in fields(self.value))

    def column(self, name: str) -> str:
        """Return the column of a field."""
        return self.columns.get(name, name)

    def to_value(self, row: Mapping[str, Any]) -> Any:
        """Return the value of a row, given as a dictionary by column."""
        given = {}
        for name in self.fields:
            read = self.convert.get(name, (_same, _same))[0]
            given[name] = read(row[self.column(name)])
        return self.value(**given)

    def to_row(self, value: Any) -> dict[str, Any]:
        """Return the columns of a value."""
        given = {}
        for name in self.fields:
            write = self.convert.get(name, (_same, _same))[1]
            given[self.column(name)] = write(getattr(value, name))
        return given


_AREAS: Final = {"areas": (_results_out, _results_in)}

SECTIONS: Final = (
    Section("attempts", models.Attempt, v.Attempt, convert={"profile": (_same, dict)}),
    Section("forms", models.Form, v.Form, convert=_AREAS),
    Section("blocks", models.Block, v.Block, convert={**_AREAS, "trace": (_trace_out, _trace_in)}),
    Section("misses", models.Miss, v.Miss),
    Section("looks", models.Look, v.Look),
    Section("study", models.StudyDone, v.Study),
    Section("checkins", models.Checkin, v.Checkin),
    Section("resources", models.Resource, v.Resource, convert={"left_by_area": (_same, dict)}),
    Section("ledger", models.OwnedForm, v.LedgerForm),
    Section(
        "plan",
        models.PlanSession,
        v.PlannedSession,
        {"id": "session"},
        {"areas": (tuple, list), "steps": (_steps_out, _steps_in)},
    ),
    Section("grants", models.Grant, v.Grant, {"from_": "first_day"}, {"scopes": (tuple, list)}),
    Section("meetings", models.Meeting, v.Meeting, {"with_": "with_whom"}),
)
BY_NAME: Final = {section.name: section for section in SECTIONS}


# --- every entry of a record in one question --------------------------------------------------

_KINDS: Final[Mapping[str, type[db.Field[Any, Any]]]] = {
    "BooleanField": db.BooleanField,
    "CharField": db.TextField,
    "DateField": db.DateField,
    "FloatField": db.FloatField,
    "JSONField": db.JSONField,
    "PositiveIntegerField": db.IntegerField,
    "PositiveSmallIntegerField": db.IntegerField,
    "TextField": db.TextField,
    "TimeField": db.TimeField,
}
Place = tuple[str, int]
"""A column of the joint answer: the kind of field, and its number among those of the kind."""


def _places(section: Section) -> dict[Place, str]:
    """Return the columns of a section by their place in the joint answer."""
    found: dict[Place, str] = {}
    for name in map(section.column, section.fields):
        kind = _KINDS[section.model._meta.get_field(name).get_internal_type()].__name__
        number = sum(other == kind for other, _ in found)
        found[kind, number] = name
    return found


_PLACES: Final = tuple(_places(section) for section in SECTIONS)
_ALL_PLACES: Final = tuple(sorted({place for places in _PLACES for place in places}))


def entries_of(record_id: int) -> dict[str, Any]:
    """Return the values of every section of a record, in order.

    One question, however many sections there are: a UNION of the tables, in which columns of one
    kind share a place and a section leaves the others empty.
    """
    asked = []
    for number, (section, places) in enumerate(zip(SECTIONS, _PLACES, strict=True)):
        columns = [
            db.F(places[place]) if place in places else _nothing(place) for place in _ALL_PLACES
        ]
        rows = section.model._default_manager.filter(record_id=record_id).order_by()
        asked.append(rows.values_list(db.Value(number), "position", *columns))
    found: list[list[tuple[Any, ...]]] = [[] for _ in SECTIONS]
    for row in asked[0].union(*asked[1:], all=True):
        found[row[0]].append(row[1:])
    values: dict[str, tuple[Any, ...]] = {}
    for section, places, own in zip(SECTIONS, _PLACES, found, strict=True):
        at = [(name, 1 + _ALL_PLACES.index(place)) for place, name in places.items()]
        own.sort(key=itemgetter(0))
        values[section.name] = tuple(section.to_value({n: row[i] for n, i in at}) for row in own)
    return values


def _nothing(place: Place) -> Cast:
    return Cast(db.Value(None), output_field=getattr(db, place[0])())


# --- what the record holds once ---------------------------------------------------------------


def _clock(value: time) -> str:
    return value.isoformat()


def _availability_in(a: v.Availability | None) -> dict[str, Any] | None:
    if a is None:
        return None
    return {
        "minutes": dict(a.minutes),
        "windows": {
            day: [[_clock(w.start), _clock(w.end)] for w in windows]
            for day, windows in a.windows.items()
        },
        "max_minutes_per_day": a.max_minutes_per_day,
        "days_off": [day.isoformat() for day in a.days_off],
        "commitments": [
            [c.date.isoformat(), _clock(c.start), c.minutes, c.what] for c in a.commitments
        ],
    }


def _availability_out(kept: dict[str, Any] | None) -> v.Availability | None:
    if kept is None:
        return None
    return v.Availability(
        minutes=kept["minutes"],
        windows={
            day: tuple(
                v.ClockWindow(start=time.fromisoformat(a), end=time.fromisoformat(b))
                for a, b in windows
            )
            for day, windows in kept["windows"].items()
        },
        max_minutes_per_day=kept["max_minutes_per_day"],
        days_off=tuple(date.fromisoformat(day) for day in kept["days_off"]),
        commitments=tuple(
            v.Commitment(
                date=date.fromisoformat(day),
                start=time.fromisoformat(start),
                minutes=minutes,
                what=what,
            )
            for day, start, minutes, what in kept["commitments"]
        ),
    )


def once_in(record: v.Record) -> dict[str, Any]:
    """Return the columns of what a record holds once."""
    learner, exam = record.learner, record.exam
    pact = record.decision.pact
    return {
        "group": learner.group,
        "time_zone": learner.time_zone,
        "state": learner.state,
        "country": learner.country,
        "degree_year": learner.degree_year,
        "apply_year": learner.apply_year,
        "reason": learner.reason,
        "specialties": list(learner.specialties),
        "exam": exam.id,
        "eligible_first": exam.eligibility.first if exam.eligibility else None,
        "eligible_last": exam.eligibility.last if exam.eligibility else None,
        "planned_date": exam.planned_date,
        "date_stands": exam.date_stands,
        "working_date": exam.working_date,
        "deadlines": [[d.date.isoformat(), d.what] for d in exam.deadlines],
        "target_p_pass": exam.target_p_pass,
        "clearance": exam.clearance,
        "accommodations": exam.accommodations,
        "availability": _availability_in(record.availability),
        "appraisal": {key: [a.answer, a.note] for key, a in record.appraisal.items()},
        "weights": dict(record.decision.weights),
        "pact_rule": pact.rule if pact else None,
        "pact_date": pact.date if pact else None,
    }


def once_out(row: models.LearnerRecord) -> dict[str, Any]:
    """Return the parts of a record that it holds once, by name."""
    eligibility = None
    if row.eligible_first is not None and row.eligible_last is not None:
        eligibility = v.Eligibility(first=row.eligible_first, last=row.eligible_last)
    pact = None
    if row.pact_rule is not None and row.pact_date is not None:
        pact = v.Pact(rule=row.pact_rule, date=row.pact_date)
    return {
        "learner": v.Learner(
            group=cast(Any, row.group),
            time_zone=row.time_zone,
            state=row.state,
            country=row.country,
            degree_year=row.degree_year,
            apply_year=row.apply_year,
            reason=row.reason,
            specialties=tuple(row.specialties),
        ),
        "exam": v.ExamTarget(
            id=cast(Any, row.exam),
            eligibility=eligibility,
            planned_date=row.planned_date,
            date_stands=row.date_stands,
            working_date=row.working_date,
            deadlines=tuple(
                v.Deadline(date=date.fromisoformat(day), what=what) for day, what in row.deadlines
            ),
            target_p_pass=row.target_p_pass,
            clearance=row.clearance,
            accommodations=row.accommodations,
        ),
        "availability": _availability_out(row.availability),
        "appraisal": {
            key: v.AppraisalAnswer(answer=answer, note=note)
            for key, (answer, note) in row.appraisal.items()
        },
        "decision": v.DecisionPreferences(weights=dict(row.weights), pact=pact),
    }
