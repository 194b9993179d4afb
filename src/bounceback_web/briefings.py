"""The engine's answer for a record on a day, asked once and kept ready.

Kept by record, version, day and day level, so that a page is read from what was already answered.
What was shown is written down, to be scored when the result is in; the plan shown last is what the
next one is re-made from. This is the app's one door to the engine's answers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from bounceback.errors import BouncebackError, CaseError
from bounceback.records import Record
from bounceback.services import Briefing, briefing, replanned, to_json
from bounceback.services.support import support_before_numbers
from bounceback.services.values import DAY_LEVELS, DayLevel, SupportCard
from bounceback.vocabulary import BRIEFING_SCHEMA
from bounceback_web.cards.deck_counts import with_own_cards
from bounceback_web.records import learner_store
from bounceback_web.records.learner_store import Kept
from bounceback_web.records.models import Change, Shown

KEPT_IN_MEMORY = 16
CHANGES_LOOKED_AT = 20
"""As many changes as Settings lists with an undo."""
DAYS_BETWEEN_SOLVED = 7
"""Forecasts are solved weekly; the days between lie on a line, so a week's first is kept."""

_ready: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
_asking: Final = tuple(threading.Lock() for _ in range(16))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        briefing: The packages' values.
        keys: The same under the briefing's keys.
        card: People to reach, where a moment puts them before any number; else ``None``.
        follows: Whether a plan was shown before it, so that its changes mean something.
    """

    briefing: Briefing
    keys: Mapping[str, Any]
    card: SupportCard | None
    follows: bool


def forget() -> None:
    """Let go of the answers kept ready in this process."""
    _ready.clear()


def answer(kept: Kept) -> Answer:
    """Return today's answer for a record; what is shown the first time is written down."""
    on, level = kept.today, level_of(kept)
    value, notes = with_own_cards(kept.value, on)
    key = (kept.row.pk, kept.row.version, on, level, repr(value.resources))
    found = _ready.get(key)
    if found is None:
        # Who asks the same meanwhile waits for the answer. Not inside a transaction: whoever is
        # asked may have to write, and would wait for it in turn.
        lock = _asking[hash(key) % len(_asking)]
        with nullcontext() if transaction.get_connection().in_atomic_block else lock:
            found = _ready.get(key) or _new_answer(kept, value, notes, key)
    else:
        with suppress(KeyError):  # another thread may have let go of it just now
            _ready.move_to_end(key)
    return found


def _new_answer(kept: Kept, value: Record, notes: Sequence[str], key: tuple[Any, ...]) -> Answer:
    on, level = kept.today, level_of(kept)
    latest = _latest(kept)
    again = bool(latest) and _is(latest[0], kept, on)
    if kept.row.last_change.startswith(learner_store.UNDONE):
        before = _before_what_was_undone(kept, on)
    else:
        before = next(iter(latest[1:] if again else latest[:1]), None)
    found = _ask(value, on, level, before, notes)
    _ready[key] = found
    while len(_ready) > KEPT_IN_MEMORY:
        with suppress(KeyError):  # another thread may have let go of it just now
            _ready.popitem(last=False)
    if not again:
        # A page that reads goes on where nothing can be written (locked, full, read-only).
        with suppress(DatabaseError):
            _write_down(kept, on, found)
    return found


def _latest(kept: Kept) -> list[Shown]:
    """The two answers shown last, newest first; of an earlier day the newest alone."""
    if kept.shown is not None:
        return [kept.shown]
    if kept.shown_on is None:
        return []
    return list(Shown.objects.filter(record_id=kept.row.pk).order_by("-pk")[:2])


def _before_what_was_undone(kept: Kept, on: date) -> Shown | None:
    """Return the answer to re-make the plan from after an undo, so that the plan goes back, too.

    It is the one that the answer before the undone change was itself made from; of an earlier day,
    that answer.
    """
    changes = list(kept.row.changes.order_by("-version")[:CHANGES_LOOKED_AT])
    every = Shown.objects.filter(record_id=kept.row.pk).order_by("-pk")
    shown = list(every.values_list("pk", "version", "day")[:CHANGES_LOOKED_AT])
    version = kept.row.version
    while True:
        undone = _taken_back(version, changes)
        earlier = [one for one in shown if one[1] < (version if undone is None else undone)]
        made_from = earlier[0][0] if earlier else None
        if undone is None or not earlier or earlier[0][2] != on:
            return every.filter(pk=made_from).first() if made_from else None
        version = earlier[0][1]


def _taken_back(version: int, changes: Sequence[Change]) -> int | None:
    """Version of the change that the one of ``version`` takes back, if that is an undo."""
    by_version = {change.version: change for change in changes}
    newest = by_version.get(version)
    if newest is None or not newest.words.startswith(learner_store.UNDONE):
        return None
    back = [{**hunk, "in": hunk["out"], "out": hunk["in"]} for hunk in newest.hunks]
    earlier = (v for v in sorted(by_version, reverse=True) if v < version)
    return next((v for v in earlier if by_version[v].hunks == back), None)


def read_ahead() -> None:
    """Ask today's answer of the one owner of this machine, before the first page is asked for."""
    try:
        kept = learner_store.find(None)
        if kept is not None:
            answer(open_day(kept, None))
    except (DatabaseError, BouncebackError):
        return  # the page itself says what is wrong


def preview(kept: Kept, value: Record) -> Answer:
    """Return what the answer would be if the record stood so; nothing is written down."""
    last = Shown.objects.filter(record_id=kept.row.pk).order_by("-pk").first()
    value, notes = with_own_cards(value, kept.today)
    return _ask(value, kept.today, level_of(kept), last, notes)


def card_for_words(kept: Kept) -> SupportCard | None:
    """Return the card where what the learner wrote or answered asks for people first."""
    card = answer(kept).card
    urgent = {"danger-words", "mood-screen"}
    return card if card is not None and urgent & set(card.moments) else None


def level_of(kept: Kept) -> DayLevel:
    """Return the level chosen for today; good where none was."""
    for level in DAY_LEVELS:
        if kept.row.day_level == level and kept.row.day_level_on == kept.today:
            return level
    return "good"


def open_day(kept: Kept, owner: AbstractBaseUser | None) -> Kept:
    """Take the days that have passed since the plan was last shown into the record, once.

    Their sessions stand in the record as they were planned. Where some of a day were noted, the
    others were on the same page and were left: nothing was done in them. A day on which nothing
    was noted stays unknown until the learner says.
    """
    on = kept.today
    if kept.shown_on is None or kept.shown_on >= on:
        return kept
    last = Shown.objects.filter(record_id=kept.row.pk).order_by("-pk").first()
    own = {entry.id for entry in kept.value.plan}
    passed = [s for s in last.sessions if s["date"] < on.isoformat()] if last else []
    if all(s["id"] in own for s in passed):
        return kept
    noted = {e.date.isoformat() for e in kept.value.plan if e.done_minutes is not None}

    def edit(case: dict[str, Any]) -> None:
        plan = case.setdefault("plan", [])
        plan += [_as_entry(s, noted) for s in passed if s["id"] not in own]

    try:
        changed = learner_store.amend(
            owner, edit, _("The days since the last visit were put down.")
        )
    except DatabaseError:
        return kept  # they are taken in when the record can be written again
    return replace(changed, shown_on=kept.shown_on, shown=last)


def _as_entry(session: Mapping[str, Any], noted: set[str]) -> dict[str, Any]:
    entry = {name: value for name, value in session.items() if value not in (None, "")}
    entry.pop("done_minutes", None)
    if session["date"] in noted:
        entry["done_minutes"] = session["done_minutes"] or 0
    return entry


def _is(shown: Shown, kept: Kept, on: date) -> bool:
    return shown.version == kept.row.version and shown.day == on


def _ask(
    value: Record, on: date, level: DayLevel, before: Shown | None, notes: Sequence[str]
) -> Answer:
    if before is None:
        b = briefing(value, on, level=level, notes=notes)
    else:
        b = _from_before(value, on, level, before, notes)
    return Answer(b, to_json(b), support_before_numbers(b), before is not None)


def _from_before(
    value: Record, on: date, level: DayLevel, before: Shown, notes: Sequence[str]
) -> Briefing:
    old = {
        "schema": BRIEFING_SCHEMA,
        "exam": value.exam.id,
        "plan": {"sessions": before.sessions, "test_date": before.test_date.isoformat()},
        "ledger": before.ledger,
    }
    try:
        return replanned(old, value, on, level=level, notes=notes)
    except CaseError:
        # Another exam, or other area names since: the earlier plan says nothing any more.
        return briefing(value, on, level=level, notes=notes)


def _worth_keeping(value: Record, keys: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The days that were solved, the day planned and the day advised: what can be scored later."""
    planned = value.exam.planned_date
    named = {planned.isoformat() if planned else "", keys["decision"]["date"]}
    return [
        f
        for i, f in enumerate(keys["forecast"])
        if i % DAYS_BETWEEN_SOLVED == 0 or f["date"] in named
    ]


def _write_down(kept: Kept, on: date, found: Answer) -> None:
    keys = found.keys
    Shown.objects.bulk_create(
        [
            Shown(
                record_id=kept.row.pk,
                day=on,
                version=kept.row.version,
                model_version=keys["model_version"],
                test_date=found.briefing.plan.test_date,
                forecasts=_worth_keeping(kept.value, keys),
                sessions=keys["plan"]["sessions"],
                ledger=keys["ledger"],
            )
        ],
        ignore_conflicts=True,
    )
