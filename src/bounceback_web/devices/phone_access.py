"""Whether the home network is let in, until when, and at which address.

The state is one small file in the data folder, so that the process that opens and closes the
address needs no database. Without the file, and after the moment in it, the network is closed.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

FILE: Final = "phone-until"
HOLDS: Final = timedelta(hours=12)
"""After this time the network is closed again by itself."""

ADDRESS_VARIABLE: Final = "BOUNCEBACK_PHONE_ADDRESS"


def open_until(folder: Path) -> datetime | None:
    """Return until when the network is let in, or ``None``."""
    try:
        until = datetime.fromisoformat((folder / FILE).read_text("ascii").strip())
    except (OSError, ValueError):
        return None
    return until if until.tzinfo is not None else None


def is_open(folder: Path, now: datetime) -> bool:
    """Tell whether the network is let in at a moment."""
    until = open_until(folder)
    return until is not None and now < until <= now + HOLDS


def open_now(folder: Path, now: datetime) -> datetime:
    """Let the network in from now on; returns until when."""
    until = (now + HOLDS).astimezone(UTC)
    new = folder / f"{FILE}.new"
    new.write_text(until.isoformat(), "ascii")
    new.replace(folder / FILE)
    return until


def close(folder: Path) -> None:
    """Close the network."""
    (folder / FILE).unlink(missing_ok=True)


def home_address() -> str | None:
    """Return this machine's address in its home network, or ``None`` outside of one.

    ``BOUNCEBACK_PHONE_ADDRESS`` wins where it is set. Otherwise the address is the one that would
    be used to reach other machines; nothing is sent to find it. Public addresses are never used.
    """
    given = os.environ.get(ADDRESS_VARIABLE)
    if given:
        return given if _is_home(given) else None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation; UDP sends nothing yet
            address: str = probe.getsockname()[0]
        except OSError:
            return None
    return address if _is_home(address) and not ipaddress.ip_address(address).is_loopback else None


def _is_home(address: str) -> bool:
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return False
    return given.is_private and not given.is_unspecified and not given.is_multicast
