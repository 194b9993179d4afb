"""Exports and backups as jobs: what runs in a process of its own, under limits."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from bounceback.errors import QuestionError, UntrustedInputError
from bounceback.records import parse_case, without_mood, write_case
from bounceback_web.jobs.kinds import Work
from bounceback_web.records import learner_store
from bounceback_web.records.learner_store import Kept

SECRET: Final = "secret"
"""File of a job's folder in which its passphrase waits; read once, then removed."""

UPLOAD: Final = "upload"
"""File of a job's folder that was sent with it."""


def _kept(work: Work) -> Kept:
    owner = work.payload.get("owner")
    from django.contrib.auth.models import User

    kept = learner_store.find(None if owner is None else User.objects.get(pk=owner))
    if kept is None:
        raise QuestionError("There is no record any more.")
    return kept


def _secret(work: Work) -> str:
    path = work.folder / SECRET
    words = path.read_text("utf-8")
    path.unlink()
    return words


def meeting_pdf(work: Work) -> None:
    """Make the two pages for the advisor meeting."""
    from bounceback_web import briefings, forecast_history
    from bounceback_web.cards import collection
    from bounceback_web.exports.meeting import meeting_pdf as made

    kept = _kept(work)
    content = made(
        briefings.answer(kept).briefing,
        numbers=bool(work.payload["numbers"]),
        track=forecast_history.track(kept),
        load=collection.load_of(kept),
    )
    path = work.folder / "result"
    path.write_bytes(content)
    work.finish(path, f"bounceback-{kept.today.isoformat()}.pdf", "application/pdf")


def tables(work: Work) -> None:
    """Make the tables of every section."""
    from bounceback_web import briefings
    from bounceback_web.exports.csv_export import all_tables

    kept = _kept(work)
    record = kept.value if work.payload["mood"] else without_mood(kept.value)
    path = work.folder / "result"
    path.write_bytes(all_tables(record, briefings.answer(kept).briefing))
    work.finish(path, f"bounceback-{kept.today.isoformat()}.zip", "application/zip")


def backup(work: Work) -> None:
    """Make an encrypted backup of everything."""
    from bounceback_web.exports import backup as locking
    from bounceback_web.exports import snapshot

    words, kept = _secret(work), _kept(work)
    plain = work.folder / "everything.zip"
    try:
        snapshot.write(Path(settings.HOME), plain, write_case(kept.value), work.report)
        ending = locking.lock_file(plain, work.folder / "result", words)
    finally:
        plain.unlink(missing_ok=True)
    work.finish(
        work.folder / "result",
        f"bounceback-{kept.today.isoformat()}{ending}",
        "application/octet-stream",
    )


def restore(work: Work) -> None:
    """Put an encrypted backup in the place of what is kept."""
    from bounceback_web.exports import backup as locking
    from bounceback_web.exports import restoring, snapshot

    words, upload = _secret(work), work.folder / UPLOAD
    plain = work.folder / "everything.zip"
    try:
        case = locking.unlock_file(upload, plain, words)
        if case is not None:  # of an earlier version: the case file alone
            with transaction.atomic():
                learner_store.begin(
                    learner_store.local_owner(), parse_case(case).record, "A backup was restored."
                )
        else:
            with snapshot.opened(plain) as archive:
                restoring.restore(archive, work.folder, work.report)
    finally:
        plain.unlink(missing_ok=True)
        upload.unlink(missing_ok=True)
    work.say(["Everything in the backup is back."])


def daily_copy(work: Work) -> None:
    """Make today's copy."""
    from bounceback_web.exports import daily_copies

    if not work.payload.get("restore"):
        daily_copies.make(work.folder)
        return
    from bounceback_web.exports import restoring, snapshot

    copy = daily_copies.find(str(work.payload["restore"]))
    if copy is None:
        raise UntrustedInputError("That copy is not there any more. Nothing was changed.")
    with snapshot.opened(copy.path) as archive:
        restoring.restore(archive, work.folder, work.report)
    work.say(["The copy is back."])
