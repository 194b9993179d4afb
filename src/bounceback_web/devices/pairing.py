"""Pair a phone of the home network: a code for one use, then a secret that the phone keeps.

The code travels by the camera or is typed. It holds for ten minutes, for one device, and ends after
five wrong tries. The phone then holds 256 random bits in a cookie; of both, digests are stored.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from bounceback_web import clock
from bounceback_web.devices.models import Device, PairingCode

COOKIE: Final = "bounceback-device"
CODE_CHARACTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody mistakes for one another."""

CODE_LENGTH: Final = 8
CODE_HOLDS: Final = timedelta(minutes=10)
MOST_FAILURES: Final = 5
MOST_DEVICES: Final = 10
SECONDS_VALID: Final = 180 * 24 * 3600
SEEN_AGAIN_AFTER: Final = timedelta(minutes=10)
"""A request within this time of the last is not noted: pages that read should not write."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def new_code() -> str:
    """Return a new code; the one before ends."""
    code = "".join(secrets.choice(CODE_CHARACTERS) for _ in range(CODE_LENGTH))
    with transaction.atomic():
        PairingCode.objects.all().delete()
        PairingCode.objects.create(digest=_digest(code))
    return code


def pair(code: str, name: str) -> str | None:
    """Pair a device.

    Args:
        code: As typed; spaces, hyphens and lower case are forgiven.
        name: What the device is called in the list.

    Returns:
        The secret that the device keeps; ``None`` where the code is wrong, used or too old.
    """
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    with transaction.atomic():
        row = PairingCode.objects.order_by("-pk").first()
        if row is None:
            return None
        if clock.now() - row.made_at > CODE_HOLDS or Device.objects.count() >= MOST_DEVICES:
            row.delete()
            return None
        if not hmac.compare_digest(row.digest, _digest(typed)):
            row.failures += 1
            if row.failures >= MOST_FAILURES:
                row.delete()
            else:
                row.save(update_fields=["failures"])
            return None
        row.delete()
        secret = secrets.token_urlsafe(32)
        Device.objects.create(name=name[:80], digest=_digest(secret))
    return secret


def remember(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Give a paired device its secret."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=SECONDS_VALID,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )


def is_paired(request: HttpRequest) -> bool:
    """Tell whether a request comes from a device that is paired now, and note that it was here."""
    secret = request.COOKIES.get(COOKIE, "")
    device = Device.objects.filter(digest=_digest(secret)).first() if secret else None
    if device is None:
        return False
    now = clock.now()
    if device.last_seen_at is None or abs(now - device.last_seen_at) > SEEN_AGAIN_AFTER:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)
    return True


def device_name(user_agent: str) -> str:
    """Return what a browser's own words call the device."""
    for word, name in (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android phone"),
        ("Macintosh", "Mac"),
        ("Windows", "Windows computer"),
    ):
        if word in user_agent:
            return name
    return "Phone or tablet"


def revoke(pk: int) -> None:
    """Remove a device; its next request is refused."""
    Device.objects.filter(pk=pk).delete()


def forget_all() -> None:
    """Remove every device and code."""
    Device.objects.all().delete()
    PairingCode.objects.all().delete()


def is_listener() -> bool:
    """Tell whether this process is the one that answers the home network."""
    return os.environ.get("BOUNCEBACK_LISTENER") == "phone"
