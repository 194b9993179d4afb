"""An earlier briefing handed back, so that its plan can be re-made: checked before it is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any, Final

from bounceback.errors import CaseError, Fault
from bounceback.messages.formatting import day_words
from bounceback.planning.models import QUIET_KINDS
from bounceback.planning.replanning import OldPlan, old_plan
from bounceback.records.models import PlannedSession, Record
from bounceback.vocabulary import ACTIVITIES, BRIEFING_SCHEMA, SESSION_KINDS

AUTHORITY: Final = f"briefing, schema {BRIEFING_SCHEMA}"
REMEDY: Final = "Hand back what `bounceback brief --json` or `plan --json` printed, unchanged."
ROLES: Final = ("course", "baseline", "decision", "first-step", "retest", "spare")
_MINUTES_PER_DAY: Final = 1440
_MOST_PUT_OFF: Final = 1000


def earlier_plan(old: object, exam_id: str, areas: Collection[str]) -> OldPlan:
    """Read the plan out of an earlier briefing.

    Args:
        old: The parsed JSON.
        exam_id: The exam ahead; a plan of another exam is refused.
        areas: Names of the exam's areas.

    Raises:
        CaseError: With every fault found, by key.
    """
    faults = _Faults()
    if not isinstance(old, Mapping):
        faults.add("", f"The file holds a {_kind(old)}, not a briefing", "the keys of a briefing")
        raise CaseError(faults.found)
    schema = old.get("schema")
    if schema != BRIEFING_SCHEMA or isinstance(schema, bool):
        faults.add("schema", repr(schema), str(BRIEFING_SCHEMA))
    if old.get("exam") != exam_id:
        faults.add("exam", repr(old.get("exam")), f"{exam_id}, the exam of the case file")
    plan = old.get("plan")
    sessions = plan.get("sessions") if isinstance(plan, Mapping) else None
    if not isinstance(sessions, list):
        faults.add("plan.sessions", f"a {_kind(sessions)}", "the list of sessions")
        raise CaseError(faults.found)
    seen: set[str] = set()
    for n, entry in enumerate(sessions):
        _session(entry, f"plan.sessions[{n}]", areas, seen, faults)
    for day in ("test_date", "advised", "planned_date"):
        if isinstance(plan, Mapping) and plan.get(day) is not None:
            _day(plan[day], f"plan.{day}", faults)
    if old.get("as_of") is not None:
        _day(old["as_of"], "as_of", faults)
    ledger = old.get("ledger", [])
    if not isinstance(ledger, list):
        faults.add("ledger", f"a {_kind(ledger)}", "the list of practice tests")
        ledger = []
    for n, entry in enumerate(ledger):
        _form(entry, f"ledger[{n}]", faults)
    if faults.found:
        raise CaseError(faults.found)
    return old_plan(old)


def with_earlier(
    record: Record, old: OldPlan, as_of: date
) -> tuple[Record, OldPlan, tuple[str, ...]]:
    """The record with the earlier plan in it, the plan as known on ``as_of``, and what was assumed.

    Entries of the record win by id. Minutes done are evidence: those of days after ``as_of`` were
    not known then. Where the learner notes what was done, a session before ``as_of`` that was left
    open counts as not done, unless the record holds study, blocks or a practice test of its day;
    that is said. Where nothing was noted at all, nothing is known of those days.
    """
    known = replace(
        old,
        sessions=tuple(
            replace(s, done_minutes=None) if s.date > as_of else s for s in old.sessions
        ),
    )
    own = {entry.id: entry for entry in record.plan}
    entries = tuple(own.get(s.id) or s.to_planned() for s in known.sessions)
    left_open = _left_open(record, entries, as_of)
    plan = (
        *(_closed(entry, left_open) for entry in record.plan),
        *(_closed(entry, left_open) for entry in entries if entry.id not in own),
    )
    days = sorted({e.date for e in entries if e.id in left_open})
    return replace(record, plan=plan), known, (_open_days(days),) if days else ()


def _left_open(record: Record, entries: Sequence[PlannedSession], as_of: date) -> frozenset[str]:
    """Sessions that were planned and left open by somebody who notes what was done."""
    past = [e for e in entries if e.date <= as_of and e.kind not in QUIET_KINDS]
    if all(e.done_minutes is None for e in past):
        return frozenset()
    told = {entry.date for part in (record.study, record.blocks, record.forms) for entry in part}
    return frozenset(
        e.id for e in past if e.done_minutes is None and e.date < as_of and e.date not in told
    )


def _closed(entry: PlannedSession, left_open: Collection[str]) -> PlannedSession:
    return replace(entry, done_minutes=0) if entry.id in left_open else entry


def _open_days(days: Sequence[date]) -> str:
    first, last = day_words(days[0], year=False), day_words(days[-1], year=False)
    when = f"of {first}" if first == last else f"from {first} to {last}"
    return (
        f"The sessions {when} that were left open count as not done. Tick or log what was done, "
        "and it counts."
    )


class _Faults:
    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, key: str, given: str, allowed: str) -> None:
        self.found.append(Fault(key, given, allowed, AUTHORITY, REMEDY))


def _kind(value: object) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _session(
    entry: object, key: str, areas: Collection[str], seen: set[str], faults: _Faults
) -> None:
    if not isinstance(entry, Mapping):
        faults.add(key, f"a {_kind(entry)}", "a session")
        return
    name = entry.get("id")
    if not isinstance(name, str) or not name:
        faults.add(f"{key}.id", f"a {_kind(name)}", "the session's id")
    elif name in seen:
        faults.add(f"{key}.id", repr(name), "each id once")
    else:
        seen.add(name)
    _day(entry.get("date"), f"{key}.date", faults)
    _clock(entry.get("start"), f"{key}.start", faults)
    _minutes(entry.get("minutes", 0), f"{key}.minutes", faults)
    if entry.get("done_minutes") is not None:
        _minutes(entry["done_minutes"], f"{key}.done_minutes", faults)
    _instruction(entry, key, faults)
    if entry.get("activity") not in (None, *ACTIVITIES):
        faults.add(f"{key}.activity", repr(entry["activity"]), f"null, {', '.join(ACTIVITIES)}")
    if entry.get("kind", "study") not in SESSION_KINDS:
        faults.add(f"{key}.kind", repr(entry["kind"]), ", ".join(SESSION_KINDS))
    if not isinstance(entry.get("why", ""), str):
        faults.add(f"{key}.why", f"a {_kind(entry['why'])}", "text")
    for text in ("area", "resource", "form"):
        if not isinstance(entry.get(text), str | None):
            faults.add(f"{key}.{text}", f"a {_kind(entry[text])}", "text")
    area = entry.get("area")
    if isinstance(area, str) and area and area not in areas:
        faults.add(f"{key}.area", repr(area), "an area of the exam's blueprint")
    units = entry.get("units")
    if units is not None and (isinstance(units, bool) or not isinstance(units, int) or units < 0):
        faults.add(f"{key}.units", repr(units), "null or a whole number")
    if not isinstance(entry.get("locked", False), bool):
        faults.add(f"{key}.locked", repr(entry["locked"]), "true or false")


def _instruction(entry: Mapping[str, Any], key: str, faults: _Faults) -> None:
    """How a session is done: mode, filter, areas, steps and what it reviews."""
    if entry.get("mode") not in (None, "timed", "tutor"):
        faults.add(f"{key}.mode", repr(entry["mode"]), "null, timed, tutor")
    for text in ("filter", "of"):
        if not isinstance(entry.get(text), str | None):
            faults.add(f"{key}.{text}", f"a {_kind(entry[text])}", "null or text")
    if not isinstance(entry.get("first_pass"), bool | None):
        faults.add(f"{key}.first_pass", repr(entry["first_pass"]), "null, true or false")
    areas = entry.get("areas") or []
    if not isinstance(areas, list) or not all(isinstance(a, str) for a in areas):
        faults.add(f"{key}.areas", f"a {_kind(areas)}", "a list of text")
    steps = entry.get("steps") or []
    if not isinstance(steps, list):
        faults.add(f"{key}.steps", f"a {_kind(steps)}", "a list of steps")
        return
    for n, step in enumerate(steps):
        if not isinstance(step, Mapping) or not isinstance(step.get("what"), str):
            faults.add(f"{key}.steps[{n}].what", repr(step)[:40], "text")
        else:
            _minutes(step.get("minutes"), f"{key}.steps[{n}].minutes", faults)


def _form(entry: object, key: str, faults: _Faults) -> None:
    if not isinstance(entry, Mapping):
        faults.add(key, f"a {_kind(entry)}", "a practice test")
        return
    for text in ("family", "form"):
        if not isinstance(entry.get(text), str):
            faults.add(f"{key}.{text}", f"a {_kind(entry.get(text))}", "text")
    if entry.get("date") is not None:
        _day(entry["date"], f"{key}.date", faults)
    if not isinstance(entry.get("why", ""), str):
        faults.add(f"{key}.why", f"a {_kind(entry['why'])}", "text")
    if entry.get("role", ROLES[0]) not in ROLES:
        faults.add(f"{key}.role", repr(entry["role"]), ", ".join(ROLES))
    for flag in ("owned", "measure"):
        if not isinstance(entry.get(flag, True), bool):
            faults.add(f"{key}.{flag}", repr(entry[flag]), "true or false")
    times = entry.get("put_off", 0)
    if isinstance(times, bool) or not isinstance(times, int) or not 0 <= times <= _MOST_PUT_OFF:
        faults.add(f"{key}.put_off", repr(times), f"a whole number, 0 to {_MOST_PUT_OFF}")


def _day(value: object, key: str, faults: _Faults) -> None:
    try:
        date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        faults.add(key, repr(value), "a day like 2027-02-10")


def _clock(value: object, key: str, faults: _Faults) -> None:
    try:
        time.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        faults.add(key, repr(value), "a clock time like 08:00")


def _minutes(value: object, key: str, faults: _Faults) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MINUTES_PER_DAY:
        faults.add(key, repr(value), f"whole minutes, 0 to {_MINUTES_PER_DAY}")
