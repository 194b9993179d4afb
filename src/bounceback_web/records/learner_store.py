"""Fetching, changing and undoing a learner's record. Every fetch goes through its owner.

A change is a function from record to record. It is checked by bounceback.records, written in one
transaction together with its history, and raises the version by one. Nothing here is a rule of
the exam or of study.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ObjectDoesNotExist
from django.db import models as db
from django.db import transaction
from django.http import Http404

from bounceback.records import Record, from_case, to_case
from bounceback.records.append_entry import with_new
from bounceback.records.models import PlannedSession
from bounceback.records.schema import CASE
from bounceback_web import clock
from bounceback_web.records import models
from bounceback_web.records.models import LearnerRecord
from bounceback_web.records.row_mapping import BY_NAME, SECTIONS, entries_of, once_in, once_out

LOCAL = "local"
"""Name of the one owner there is while the app has no accounts."""

KEPT_IN_MEMORY = 8
"""Records kept ready in this process, by id and version."""

M = TypeVar("M", bound=db.Model)
_ready: OrderedDict[tuple[int, int], Record] = OrderedDict()
_forgotten = 0


class StaleError(Exception):
    """The record has changed since the page was made; ``since`` says what happened."""

    def __init__(self, since: Sequence[models.Change]) -> None:
        self.since = tuple(since)
        super().__init__(f"{len(self.since)} changes since the page was made")


class NothingToUndoError(Exception):
    """What was changed has been changed again, or there was no change."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A learner's record as it is kept.

    Attributes:
        row: The row, with how the pages are liked.
        value: The value it stands for.
        shown_on: Day on which an answer was last shown; ``None`` if none ever was.
        shown: What was shown then, where it has been fetched already.
    """

    row: LearnerRecord
    value: Record
    shown_on: date | None = None
    shown: models.Shown | None = None

    @property
    def today(self) -> date:
        """The learner's calendar day."""
        return clock.today(self.value.learner.time_zone)


def local_owner() -> User:
    """Return the owner of everything on a machine without accounts, made on first use."""
    owner, _ = User.objects.get_or_create(
        username=LOCAL, defaults={"password": "!", "is_active": True}
    )
    return owner


def _of(owner: AbstractBaseUser | None) -> db.QuerySet[LearnerRecord]:
    """The records of an owner; without accounts (``None``) those of the local one, in one query."""
    if owner is None:
        return LearnerRecord.objects.filter(owner__username=LOCAL)
    return LearnerRecord.objects.filter(owner_id=owner.pk)


# --- fetching ---------------------------------------------------------------------------------


def find(owner: AbstractBaseUser | None) -> Kept | None:
    """Return the record of an owner, or ``None`` if there is none yet."""
    shown = models.Shown.objects.filter(record=db.OuterRef("pk")).order_by("-pk")
    latest = db.Subquery(shown.values("day")[:1])
    row = _of(owner).select_related("timer").annotate(latest_shown=latest).first()
    return None if row is None else Kept(row, _value(row), row.latest_shown)


def owned_records(owner: AbstractBaseUser | None) -> db.QuerySet[LearnerRecord]:
    """Return the records of an owner, for queries about what hangs on them."""
    return _of(owner)


def state_of(owner: AbstractBaseUser | None) -> tuple[Any, ...] | None:
    """Return what changes with every change that a page can show.

    The whole row of the record with its timer, and the newest entry of each table that grows: an
    answer shown, a change, a form received, a session stopped. It is one query, written out because
    every page asks it.

    Returns:
        The state; ``None`` without a record, and while the answer of this day and version was not
        shown yet, because the page that shows it writes it down.
    """
    global _state_query
    if _state_query is None:
        _state_query = _state_sql()
    whose = _LOCAL_ID if owner is None else "%s"
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(f"{_state_query} = {whose}", [LOCAL if owner is None else owner.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    zone, version, shown_version, shown_day = row[:4]
    if shown_version != version or str(shown_day) != clock.today(zone).isoformat():
        return None
    return _forgotten, repr(row)


_state_query: str | None = None
_LOCAL_ID: Final = "(SELECT id FROM auth_user WHERE username = %s)"


def _state_sql() -> str:
    name = {
        model: f'"{model._meta.db_table}"'
        for model in (LearnerRecord, models.Timer, models.Shown, models.Change, models.QuitNote)
    }
    newest = "s.id, " + ", ".join(
        f"(SELECT max(id) FROM {name[model]} WHERE record_id = r.id)"
        for model in (models.Change, models.QuitNote)
    )
    submission = f'"{models.Submission._meta.db_table}"'
    return (
        f"SELECT r.time_zone, r.version, s.version, s.day, r.*, t.*, {newest}, "
        f"(SELECT max(id) FROM {submission} WHERE owner_id = r.owner_id) "
        f"FROM {name[LearnerRecord]} r LEFT JOIN {name[models.Timer]} t ON t.record_id = r.id "
        f"LEFT JOIN {name[models.Shown]} s ON s.id = "
        f"(SELECT max(id) FROM {name[models.Shown]} WHERE record_id = r.id) "
        "WHERE r.owner_id"
    )


def owned(model: type[M], owner: AbstractBaseUser | None, **where: Any) -> M:
    """Return one object of a record of this owner: the one way to fetch an object by its id.

    Raises:
        Http404: There is none, or it is somebody else's; which of the two is not told.
    """
    try:
        return model._default_manager.select_related("record").get(record__in=_of(owner), **where)
    except ObjectDoesNotExist:
        raise Http404("no such entry") from None


def rows(kept: Kept, section: str) -> list[Any]:
    """Return the rows of one section of a record, in order."""
    return list(BY_NAME[section].model._default_manager.filter(record=kept.row))


def _value(row: LearnerRecord) -> Record:
    key = (row.pk, row.version)
    found = _ready.get(key)
    if found is None:
        found = _read(row)
        _keep_ready(key, found)
    return found


def _keep_ready(key: tuple[int, int], value: Record) -> None:
    _ready.pop(key, None)
    _ready[key] = value  # the newest is last
    while len(_ready) > KEPT_IN_MEMORY:
        with suppress(KeyError):  # another thread may have let go of it just now
            _ready.popitem(last=False)


def times_forgotten() -> int:
    """Return how often this process let go of what it kept ready."""
    return _forgotten


def forget() -> None:
    """Let go of what is kept ready in this process."""
    global _forgotten
    _forgotten += 1  # ids may be used again: no earlier state equals a later one
    _ready.clear()


def _read(row: LearnerRecord) -> Record:
    return Record(**once_out(row), **entries_of(row.pk))


# --- changing ---------------------------------------------------------------------------------


def checked(value: Record) -> Record:
    """Return a record as bounceback.records reads it.

    Raises:
        CaseError: It may not stand; each fault names its key.
    """
    return from_case(to_case(value)).record


def begin(owner: AbstractBaseUser, value: Record, words: str, *, example: bool = False) -> Kept:
    """Keep a first record for an owner; one that is there is replaced, with its history."""
    value = checked(value)
    with transaction.atomic():
        LearnerRecord.objects.filter(owner_id=owner.pk).delete()
        row = LearnerRecord.objects.create(owner_id=owner.pk, is_example=example, **once_in(value))
        for section in SECTIONS:
            _write(row, section.name, (), getattr(value, section.name))
        models.Change.objects.create(
            record=row,
            version=row.version,
            day=clock.today(value.learner.time_zone),
            words=words,
            hunks=[],
        )
    forget()  # ids may be used again after a deletion
    _keep_ready((row.pk, row.version), value)
    return Kept(row, value)


def change(
    owner: AbstractBaseUser | None,
    alter: Callable[[Record], Record],
    words: str,
    *,
    seen: int | None = None,
) -> Kept:
    """Change a record, with its history, in one transaction.

    Args:
        owner: Whose record.
        alter: From the record as it stands to the record as it shall stand, checked.
        words: What happened, one sentence, for the history and for whoever has another tab open.
        seen: Version that the page was made from, where the change rests on what the page showed;
            ``None`` for entries that stand on their own and go on top of whatever is there.

    Raises:
        Http404: The owner has no record.
        StaleError: The record is not at ``seen`` any more.
        CaseError: The changed record may not stand.
    """
    with transaction.atomic():
        row = _of(owner).select_for_update().first()
        if row is None:
            raise Http404("no record yet")
        if seen is not None and seen != row.version:
            raise StaleError(list(models.Change.objects.filter(record=row, version__gt=seen)))
        old = _value(row)
        new = alter(old)
        if new != old:
            _replace(row, old, new, words)
    return Kept(row, new)


def amend(
    owner: AbstractBaseUser | None,
    edit: Callable[[dict[str, Any]], None],
    words: str,
    *,
    seen: int | None = None,
) -> Kept:
    """Change a record as case-file data, which ``edit`` alters in place; see :func:`change`."""

    def alter(record: Record) -> Record:
        data = to_case(record, json=True)
        edit(data)
        return from_case(data).record

    return change(owner, alter, words, seen=seen)


ALONE: Final = ("blocks", "misses", "looks", "study", "checkins", "meetings")
"""Sections whose entries stand on their own: what else the record holds cannot contradict them."""


def add(owner: AbstractBaseUser | None, section: str, entry: Mapping[str, Any], words: str) -> Kept:
    """Add one entry, given as case-file data, to a section of :data:`ALONE`; see :func:`change`.

    The entry is read with the learner and the exam alone: a tap must not wait for years of others
    to be read again.
    """

    def alter(record: Record) -> Record:
        data = to_case(Record(learner=record.learner, exam=record.exam), json=True)
        (value,) = getattr(with_new(data, section, entry), section)
        longer: dict[str, Any] = {section: (*getattr(record, section), value)}
        return replace(record, **longer)

    return change(owner, alter, words)


def with_session(record: Record, entry: PlannedSession) -> Record:
    """Return the record with one session of its plan put in, or replaced by id, checked."""
    alone = checked(Record(learner=record.learner, exam=record.exam, plan=(entry,)))
    (entry,) = alone.plan
    plan = list(record.plan)
    at = next((i for i, old in enumerate(plan) if old.id == entry.id), len(plan))
    plan[at : at + 1] = [entry]
    return replace(record, plan=tuple(plan))


def _replace(row: LearnerRecord, old: Record, new: Record, words: str) -> None:
    for section in SECTIONS:
        before, after = getattr(old, section.name), getattr(new, section.name)
        if before != after:
            _write(row, section.name, before, after)
    for name, value in once_in(new).items():
        setattr(row, name, value)
    row.version += 1
    row.last_change = words
    row.save()
    models.Change.objects.create(
        record=row,
        version=row.version,
        day=clock.today(new.learner.time_zone),
        words=words,
        hunks=_hunks(old, new),
    )
    transaction.on_commit(lambda: _keep_ready((row.pk, row.version), new))


def _write(row: LearnerRecord, name: str, before: Sequence[Any], after: Sequence[Any]) -> None:
    """Bring a section's rows from one sequence to another; unchanged entries keep their ids."""
    section = BY_NAME[name]
    table = section.model._default_manager
    start, end = _differing(before, after)
    gone, come = len(before) - start - end, after[start : len(after) - end]
    if gone:
        table.filter(record=row, position__gte=start, position__lt=start + gone).delete()
    shift = len(come) - gone
    if shift and end:
        table.filter(record=row, position__gte=start + gone).update(
            position=db.F("position") + shift
        )
    table.bulk_create(
        [
            section.model(record=row, position=start + i, **section.to_row(value))
            for i, value in enumerate(come)
        ],
        batch_size=200,
    )


def _differing(before: Sequence[Any], after: Sequence[Any]) -> tuple[int, int]:
    """Return how many entries agree at the start, and how many of the rest agree at the end."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    most -= start
    end = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
    return start, end


def _hunks(old: Record, new: Record) -> list[dict[str, Any]]:
    """Say what differs between two records in the words of the case file, so that it can be undone.

    A section of entries: where, what was taken out, what was put in. Anything else: before, after.
    """
    found: list[dict[str, Any]] = []
    for key in CASE.keys:
        before, after = getattr(old, key.into), getattr(new, key.into)
        if before == after:
            continue
        if key.name in BY_NAME:
            start, end = _differing(before, after)
            found.append(
                {
                    "section": key.name,
                    "at": start,
                    "out": _as_case(key.name, before[start : len(before) - end], old),
                    "in": _as_case(key.name, after[start : len(after) - end], new),
                }
            )
        else:
            was, now = (to_case(_bare(r), json=True).get(key.name) for r in (old, new))
            found.append({"section": key.name, "out": was, "in": now})
    return found


def _bare(record: Record) -> Record:
    """Return what a record holds once, without its entries."""
    return Record(
        learner=record.learner,
        exam=record.exam,
        availability=record.availability,
        appraisal=record.appraisal,
        decision=record.decision,
    )


def _as_case(section: str, values: Sequence[Any], record: Record) -> list[Any]:
    """Return entries of a section as case-file data."""
    entries: dict[str, Any] = {section: tuple(values)}
    some = Record(learner=record.learner, exam=record.exam, **entries)
    found: list[Any] = to_case(some, json=True).get(section, [])
    return found


UNDONE: Final = "Undone: "
"""How the words of an undo begin."""


def undo(owner: AbstractBaseUser | None, version: int) -> Kept:
    """Undo one change, as a new change: history itself is never altered.

    Args:
        owner: Whose record.
        version: Version that the change made.

    Raises:
        Http404: There is no such change of this owner.
        NothingToUndoError: What it touched has been touched again since.
    """
    made = owned(models.Change, owner, version=version)
    if not made.hunks:
        raise NothingToUndoError(made.words)

    def alter(record: Record) -> Record:
        data = to_case(record, json=True)
        for hunk in reversed(made.hunks):
            name = hunk["section"]
            if "at" in hunk:
                entries, at, put_in = list(data.get(name, [])), hunk["at"], hunk["in"]
                if entries[at : at + len(put_in)] != put_in:
                    raise NothingToUndoError(made.words)
                entries[at : at + len(put_in)] = hunk["out"]
                data[name] = entries
            else:
                if data.get(name) != hunk["in"]:
                    raise NothingToUndoError(made.words)
                data[name] = hunk["out"]
            if not data[name]:
                del data[name]
        return from_case(data).record

    return change(owner, alter, f"{UNDONE}{made.words}")


def delete_everything(owner: AbstractBaseUser | None) -> None:
    """Delete an owner's record with its history and everything shown, and what it took on disk."""
    with transaction.atomic():
        _of(owner).delete()
        if owner is None:
            models.Submission.objects.filter(owner__username=LOCAL).delete()
        else:
            models.Submission.objects.filter(owner_id=owner.pk).delete()
        # Once the deletion holds, also where a view's own transaction is around this one.
        transaction.on_commit(_leave_nothing_on_disk)
    forget()


def _leave_nothing_on_disk() -> None:
    """Write the database anew: SQLite keeps the words of deleted rows in its files until then."""
    if transaction.get_connection().vendor != "sqlite":
        return  # PostgreSQL cleans up by itself, and its files are its administrator's
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # last: it carries that into the file
