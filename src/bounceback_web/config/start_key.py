"""The start key: who may read the pages on a machine that several people use.

Every start prints an address that holds a new key. A browser that opens it gets a signed cookie;
without the cookie a page asks for the key. The cookie outlives the start, so that open tabs go on.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

VARIABLE: Final = "BOUNCEBACK_START_KEY"
"""Environment variable through which the server hands its key to its workers."""

NOT_NEEDED: Final = "not-needed"
"""Value of the variable where the pages hold an invented example alone."""

SECONDS_VALID: Final = 90 * 24 * 3600
"""How long a browser stays let in."""

_SALT: Final = "bounceback_web.start_key"


def new_key() -> str:
    """Return a key with 192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def is_needed() -> bool:
    """Tell whether this server asks for a key."""
    return settings.START_KEY is not None


def is_key(text: str) -> bool:
    """Tell whether a text is the key of this start, in constant time."""
    key: str | None = settings.START_KEY
    return key is not None and hmac.compare_digest(key.encode(), text.encode())


def cookie_name(request: HttpRequest) -> str:
    """Return the cookie's name; cookies ignore ports, so the port is part of it."""
    return f"bounceback-key-{request.get_port()}"


def let_in(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser the cookie that lets it in."""
    response.set_cookie(
        cookie_name(request),
        signing.TimestampSigner(salt=_SALT).sign("browser"),
        max_age=SECONDS_VALID,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )


def is_let_in(request: HttpRequest) -> bool:
    """Tell whether a request carries the cookie."""
    value = request.COOKIES.get(cookie_name(request), "")
    try:
        signing.TimestampSigner(salt=_SALT).unsign(value, max_age=SECONDS_VALID)
    except signing.BadSignature:
        return False
    return True
