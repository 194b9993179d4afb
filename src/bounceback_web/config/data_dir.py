"""The secret key of the app, in the folder where everything of the learner is kept."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def secret_key(folder: Path) -> str:
    """Return the key that signs cookies, written on the first start with mode 0600.

    It appears whole or not at all: written under another name, on the disk, then named. A file
    that was left empty by a start that was cut short gives way to a new key, and that is said on
    standard error; nothing of the record rests on it.
    """
    path = folder / "secret-key"
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        kept = None
    if kept:
        return kept
    descriptor, name = tempfile.mkstemp(prefix="secret-key.", suffix=".new", dir=folder)  # 0600
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        if kept is None:
            # Two first starts at once agree on whichever was named first.
            with contextlib.suppress(FileExistsError):
                os.link(new, path)
        else:
            new.replace(path)
            print(
                f"{path} was empty, as a start that was cut short leaves it. A new key was "
                "written; your record is untouched.",
                file=sys.stderr,
            )
    finally:
        new.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()


def postgresql(address: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL database at an address.

    Raises:
        ValueError: It is no address of PostgreSQL.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError(
            "BOUNCEBACK_DATABASE is no address of PostgreSQL; allowed: "
            "postgresql://name:password@host:port/database. Leave it out for a file of your own."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
