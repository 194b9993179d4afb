"""An earlier briefing handed back, so that its plan can be re-made: checked before it is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, get_args

from bounceback.errors import CaseError, Fault
from bounceback.messages.formatting import day_words
from bounceback.planning.models import QUIET_KINDS, LedgerEntry, Session, TestState
from bounceback.planning.replanning import OldPlan
from bounceback.records.models import PlannedSession, Record
from bounceback.records.schema import PLAN
from bounceback.records.validation_report import Findings
from bounceback.vocabulary import BRIEFING_SCHEMA

AUTHORITY: Final = f"briefing, schema {BRIEFING_SCHEMA}"
REMEDY: Final = "Hand back what `bounceback brief --json` or `plan --json` printed, unchanged."
ROLES: Final = ("course", "baseline", "decision", "first-step", "retest", "spare")
STATES: Final = get_args(TestState)
_SESSION_KEYS: Final = frozenset(key.name for key in PLAN.keys)
_NEVER_NULL: Final = ("kind", "locked", "why")
"""Keys that a briefing always fills."""
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
    if not isinstance(plan, Mapping) or not isinstance(sessions, list):
        faults.add("plan.sessions", f"a {_kind(sessions)}", "the list of sessions")
        raise CaseError(faults.found)
    read = [_session(one, f"plan.sessions[{n}]", areas, faults) for n, one in enumerate(sessions)]
    _each_id_once(read, faults)
    days = {
        name: _day(plan.get(name), f"plan.{name}", faults)
        for name in ("test_date", "advised", "planned_date")
    }
    as_of = _day(old.get("as_of"), "as_of", faults)
    entries = old.get("ledger", [])
    if not isinstance(entries, list):
        faults.add("ledger", f"a {_kind(entries)}", "the list of practice tests")
        entries = []
    ledger = [_form(entry, f"ledger[{n}]", faults) for n, entry in enumerate(entries)]
    if faults.found:
        raise CaseError(faults.found)
    return OldPlan(
        sessions=tuple(one for one in read if one is not None),
        ledger=tuple(one for one in ledger if one is not None),
        as_of=as_of,
        moves=_count(plan.get("moves")),
        **days,
    )


def session_from_keys(keys: Mapping[str, Any]) -> Session:
    """Return a session from the keys of a briefing.

    Raises:
        CaseError: The keys are not those of a session; with every fault.
    """
    faults = _Faults()
    session = _session(keys, "session", None, faults)
    if session is None or faults.found:
        raise CaseError(faults.found)
    return session


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
    entry: object, key: str, areas: Collection[str] | None, faults: _Faults
) -> Session | None:
    """Return a session, read by the schema of the case file: a briefing has the same keys.

    Args:
        entry: What was handed back.
        key: Where it stands.
        areas: Names of the exam's areas; ``None``: any.
        faults: Takes what is wrong.
    """
    if not isinstance(entry, Mapping):
        faults.add(key, f"a {_kind(entry)}", "a session")
        return None
    findings = Findings()
    for name in _NEVER_NULL:
        if name in entry and entry[name] is None:
            findings.refuse(f"{key}.{name}", "null", PLAN.key(name).kind.allowed, REMEDY)
    if entry.get("start") is None:
        findings.refuse(f"{key}.start", "missing", PLAN.key("start").kind.allowed, REMEDY)
    tree = PLAN.read({name: entry[name] for name in _SESSION_KEYS & entry.keys()}, key, findings)
    area = tree.get("area")
    if area and areas is not None and area not in areas:
        findings.refuse(f"{key}.area", repr(area), "an area of the exam's blueprint", REMEDY)
    faults.found += [Fault(f.key, f.given, f.allowed, AUTHORITY, REMEDY) for f in findings.faults]
    return None if findings.faults else Session.from_planned(PLAN.build(tree))


def _each_id_once(sessions: Sequence[Session | None], faults: _Faults) -> None:
    seen: set[str] = set()
    for n, session in enumerate(sessions):
        if session is not None and session.id in seen:
            faults.add(f"plan.sessions[{n}].id", repr(session.id), "each id once")
        elif session is not None:
            seen.add(session.id)


def _form(entry: object, key: str, faults: _Faults) -> LedgerEntry | None:
    """Return a practice test of the plan."""
    if not isinstance(entry, Mapping):
        faults.add(key, f"a {_kind(entry)}", "a practice test")
        return None
    before = len(faults.found)
    for text in ("family", "form"):
        if not isinstance(entry.get(text), str):
            faults.add(f"{key}.{text}", f"a {_kind(entry.get(text))}", "text")
    day = _day(entry.get("date"), f"{key}.date", faults)
    second = _day(entry.get("second_date"), f"{key}.second_date", faults)
    if not isinstance(entry.get("why", ""), str):
        faults.add(f"{key}.why", f"a {_kind(entry['why'])}", "text")
    state = entry.get("state", "placed" if day else "open")
    for name, given, known in (
        ("role", entry.get("role", ROLES[0]), ROLES),
        ("state", state, STATES),
    ):
        if given not in known:
            faults.add(f"{key}.{name}", repr(given), ", ".join(known))
    for flag in ("owned", "measure"):
        if not isinstance(entry.get(flag, True), bool):
            faults.add(f"{key}.{flag}", repr(entry[flag]), "true or false")
    times = entry.get("put_off", 0)
    if isinstance(times, bool) or not isinstance(times, int) or not 0 <= times <= _MOST_PUT_OFF:
        faults.add(f"{key}.put_off", repr(times), f"a whole number, 0 to {_MOST_PUT_OFF}")
    if len(faults.found) > before:
        return None
    return LedgerEntry(
        family=entry["family"],
        form=entry["form"],
        date=day,
        second_date=second,
        state=state,
        why=entry.get("why", ""),
        role=entry.get("role", ROLES[0]),
        put_off=times,
        owned=entry.get("owned", True),
        measure=entry.get("measure", True),
    )


def _day(value: object, key: str, faults: _Faults) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        faults.add(key, repr(value), "a day like 2027-02-10")
        return None


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
