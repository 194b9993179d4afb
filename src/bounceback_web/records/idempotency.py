"""Forms that are sent twice act once."""

from __future__ import annotations

import re
import secrets
from typing import Final

from django.contrib.auth.models import AbstractBaseUser

from bounceback_web.records import learner_store
from bounceback_web.records.models import Submission

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What pages and the script of the cards make, within the column that keeps it."""


def is_key(given: str) -> bool:
    """Whether a form can have been given this key by one of our pages."""
    return _KEY.fullmatch(given) is not None


def new_key() -> str:
    """Return a key for a form about to be shown."""
    return secrets.token_urlsafe(18)


def led_to(owner: AbstractBaseUser | None, key: str) -> str | None:
    """Return where a form that was already received led; ``None`` for a new one."""
    where = {"owner__username": learner_store.LOCAL} if owner is None else {"owner_id": owner.pk}
    found = Submission.objects.filter(key=key, **where).first()
    return None if found is None else found.led_to


def remember(owner: AbstractBaseUser | None, key: str, led_to: str) -> None:
    """Keep where a form led. Call it inside the transaction of the form's effect."""
    whose = learner_store.local_owner() if owner is None else owner
    Submission.objects.create(owner_id=whose.pk, key=key, led_to=led_to)
