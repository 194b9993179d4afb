"""Leave nothing of a learner outside the database when everything is deleted."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from bounceback_web.config import database_troubles, temporary_files
from bounceback_web.devices import pairing, phone_access
from bounceback_web.exports import daily_copies
from bounceback_web.jobs import queue


def beside_the_record(owner: AbstractBaseUser | None) -> None:
    """Delete jobs with their files, daily copies, paired devices and temporary files.

    Args:
        owner: Whose; daily copies and devices are those of the one owner of this machine.
    """
    home = Path(settings.HOME)
    queue.forget_all(owner)
    if owner is None:
        pairing.forget_all()
        phone_access.close(home)
        daily_copies.delete_all()
        database_troubles.forget(home)
        temporary_files.sweep(home)
