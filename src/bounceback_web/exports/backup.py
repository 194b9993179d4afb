"""An encrypted backup: the case file in the age format, opened by a passphrase.

Any program of that format opens it too (``age --decrypt``); nobody opens it without the words.
"""

from __future__ import annotations

import re
from typing import Final

from bounceback.errors import UntrustedInputError
from bounceback.records import CaseFile, Record, parse_case, write_case

SHORTEST: Final = 8
"""Fewest characters of a passphrase."""

LARGEST: Final = 9_000_000
"""Most bytes of a backup: a case file holds at most eight million."""

BEGINS: Final = b"age-encryption.org/"

MOST_WORK: Final = 22
"""Largest exponent of scrypt's work that is begun, as in the format's own program: 4 GiB."""

TIMINGS: Final = 20
"""How often opening is begun where the library takes this machine for too slow.

It times one short piece of work and refuses a file that would take long by that count. On a busy
machine a single timing can be many times too long; of twenty, one is not. Each takes milliseconds.
"""


def lock(record: Record, passphrase: str) -> bytes:
    """Return a record as an encrypted file.

    Raises:
        UntrustedInputError: The passphrase is too short to protect it.
    """
    import pyrage  # type: ignore[import-untyped]

    if len(passphrase) < SHORTEST:
        raise UntrustedInputError(
            f"The passphrase has {len(passphrase)} characters; it needs at least {SHORTEST}. "
            "Four or five words are good."
        )
    locked = pyrage.passphrase.encrypt(write_case(record).encode("utf-8"), passphrase)
    return bytes(locked)


def unlock(data: bytes, passphrase: str) -> CaseFile:
    """Return what a backup holds.

    Raises:
        UntrustedInputError: It is no backup, is too large, the passphrase is another, or the work
            it asks for is more than this machine can do in reasonable time.
        CaseError: What it holds is no case file.
    """
    if len(data) > LARGEST or not data.startswith(BEGINS):
        raise UntrustedInputError(
            "The file is not an encrypted backup of Bounceback; its name ends in .age. Nothing was "
            "changed."
        )
    return parse_case(_opened(data, passphrase))


def _opened(data: bytes, passphrase: str) -> str:
    import pyrage

    asked = re.match(rb"[^\n]*\n-> scrypt \S+ (\d{1,9})\n", data)
    begun = TIMINGS if asked is None or int(asked[1]) <= MOST_WORK else 0
    for _timing in range(begun):
        try:
            return bytes(pyrage.passphrase.decrypt(data, passphrase)).decode("utf-8")
        except (pyrage.DecryptError, UnicodeDecodeError) as error:
            if not str(error).startswith("Excessive work"):
                raise UntrustedInputError(
                    "The backup does not open with these words, or it is damaged. Nothing was "
                    "changed; try the words again, capitals and spaces as they were."
                ) from None
    raise UntrustedInputError(
        "Opening the backup asks for more work than this machine can do now: it was locked on a "
        "much faster one, or the file is not what it seems. Nothing was changed. Close other "
        "programs and try again, or open it with `age --decrypt` and bring in the case file."
    )
