"""Put a backup or a daily copy back: checked first, then all of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Max

from bounceback.errors import UntrustedInputError
from bounceback.records import parse_case
from bounceback_web.config.database import is_in_memory
from bounceback_web.exports import snapshot
from bounceback_web.records import learner_store

_ALIAS: Final = "restored"
"""Name of the connection to a database that is being prepared."""


def unknown_migrations(path: Path) -> list[str]:
    """Return migrations of a database that this version does not know: a newer one wrote it."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        try:
            rows = database.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.OperationalError:
            return []
    known = set(MigrationLoader(None).disk_migrations)
    ours = {app for app, _name in known}
    return [f"{app}.{name}" for app, name in rows if app in ours and (app, name) not in known]


def restore(
    archive: ZipFile,
    folder: Path,
    report: Callable[[float], None] = lambda share: None,
    *,
    keep_cards: bool = False,
) -> None:
    """Put everything of a backup in the place of what is kept.

    Args:
        archive: The backup, opened and checked.
        folder: Folder for temporary files.
        report: Called with the share done.
        keep_cards: Leave the cards as they are.

    Raises:
        UntrustedInputError: It is damaged, or a newer version made it; nothing was changed.
    """
    home = Path(settings.HOME)
    record = snapshot.extract(archive, snapshot.RECORD, folder)
    if record is not None and (unknown := unknown_migrations(record)):
        raise UntrustedInputError(
            f"A newer version of Bounceback made this backup ({unknown[0]}). Update Bounceback, "
            "then restore it. Nothing was changed."
        )
    report(0.1)
    if not keep_cards:
        snapshot.restore_cards(archive, home, folder, lambda share: report(0.1 + 0.7 * share))
        snapshot.restore_forecasts(archive, home, folder)
    if record is not None and connection.vendor == "sqlite" and not is_in_memory():
        restore_record(record)
    else:
        case = snapshot.case_of(archive)
        if case is not None:
            value = parse_case(case).record
            learner_store.begin(learner_store.local_owner(), value, "A backup was restored.")
    report(1.0)


def restore_record(record: Path) -> None:
    """Put a database of records in the place of the one that is kept.

    Paired devices and the jobs of now stay. The record's version rises above every version that was
    there, so that no process takes what it has ready for the restored record.
    """
    from bounceback_web.devices.models import Device
    from bounceback_web.jobs.models import Job
    from bounceback_web.records.models import LearnerRecord

    newest = LearnerRecord.objects.aggregate(newest=Max("version"))["newest"] or 0
    jobs, devices = list(Job.objects.all()), list(Device.objects.all())
    _prepare(record, newest, jobs, devices)
    connection.close()
    snapshot.replace_database(record, Path(settings.DATABASES["default"]["NAME"]))
    learner_store.forget()


def _prepare(record: Path, newest: int, jobs: Sequence[Any], devices: Sequence[Any]) -> None:
    """Bring a database to this version before it takes the place of the one that is kept.

    Whoever kills the restore then finds the one or the other, each whole.
    """
    from bounceback_web import clock
    from bounceback_web.devices.models import Device
    from bounceback_web.jobs.models import Job
    from bounceback_web.records.models import Change, LearnerRecord

    connections.databases[_ALIAS] = {**connections.databases["default"], "NAME": record}
    try:
        call_command("migrate", interactive=False, verbosity=0, database=_ALIAS)
        with transaction.atomic(using=_ALIAS):
            Job.objects.using(_ALIAS).all().delete()
            Job.objects.using(_ALIAS).bulk_create(jobs)
            Device.objects.using(_ALIAS).all().delete()
            Device.objects.using(_ALIAS).bulk_create(devices)
            rows = LearnerRecord.objects.using(_ALIAS)
            version = max(newest, rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
            for row in rows.all():
                Change.objects.using(_ALIAS).create(
                    record=row,
                    version=version,
                    day=clock.today(row.time_zone),
                    words="A backup was restored.",
                    hunks=[],
                )
                row.version, row.last_change = version, "A backup was restored."
                row.save(using=_ALIAS, update_fields=["version", "last_change"])
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS]
        del connections.databases[_ALIAS]
