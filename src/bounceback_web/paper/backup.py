"""An encrypted backup: the case file in the age format, opened by a passphrase.

Any program of that format opens it too (``age --decrypt``); nobody opens it without the words.
"""

from __future__ import annotations

from typing import Final

from bounceback.errors import UntrustedInputError
from bounceback.record import CaseFile, Record, parse_case, write_case

SHORTEST: Final = 8
"""Fewest characters of a passphrase."""

LARGEST: Final = 9_000_000
"""Most bytes of a backup: a case file holds at most eight million."""

BEGINS: Final = b"age-encryption.org/"


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
        UntrustedInputError: It is no backup, is too large, or the passphrase is another.
        CaseError: What it holds is no case file.
    """
    import pyrage

    if len(data) > LARGEST or not data.startswith(BEGINS):
        raise UntrustedInputError(
            "The file is not an encrypted backup of Bounceback; its name ends in .age. Nothing was "
            "changed."
        )
    try:
        text = bytes(pyrage.passphrase.decrypt(data, passphrase)).decode("utf-8")
    except (pyrage.DecryptError, UnicodeDecodeError):
        raise UntrustedInputError(
            "The backup does not open with these words, or it is damaged. Nothing was changed; "
            "try the words again, capitals and spaces as they were."
        ) from None
    return parse_case(text)
