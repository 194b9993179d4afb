"""An encrypted backup of everything, opened by a passphrase, in the age format.

Any program of that format opens it too (``age --decrypt``): inside is a ZIP with the databases,
pictures and sounds, and the record as a case file. Backups of earlier versions hold the case file
alone and open as before. A backup that does not fit in memory is a ZIP of two age files: a key that
the passphrase opens, and the content that the key opens. Nobody opens either without the words.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

from bounceback.errors import UntrustedInputError
from bounceback.records import CaseFile, Record, parse_case, write_case
from bounceback.zip_faults import ZIP_FAULTS

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


IN_MEMORY: Final = 200_000_000
"""Bytes up to which a backup is locked and opened in memory, as one age file."""

KEY_ENTRY: Final = "key.age"
CONTENT_ENTRY: Final = "content.zip.age"


def check_passphrase(passphrase: str) -> None:
    """Check that a passphrase protects what it locks.

    Raises:
        UntrustedInputError: It is too short.
    """
    if len(passphrase) < SHORTEST:
        raise UntrustedInputError(
            f"The passphrase has {len(passphrase)} characters; it needs at least {SHORTEST}. "
            "Four or five words are good."
        )


def lock_file(plain: Path, target: Path, passphrase: str) -> str:
    """Write an encrypted copy of a file.

    Args:
        plain: What to lock.
        target: The file to write.
        passphrase: The words.

    Returns:
        The ending that the file's name should have.

    Raises:
        UntrustedInputError: The passphrase is too short to protect it.
    """
    import pyrage  # type: ignore[import-untyped]

    check_passphrase(passphrase)
    target.touch(mode=0o600)
    if plain.stat().st_size <= IN_MEMORY:
        target.write_bytes(pyrage.passphrase.encrypt(plain.read_bytes(), passphrase))
        return ".age"
    identity = pyrage.x25519.Identity.generate()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        key = f"{identity}\n".encode("ascii")
        archive.writestr(KEY_ENTRY, pyrage.passphrase.encrypt(key, passphrase))
        with (
            plain.open("rb") as content,
            archive.open(CONTENT_ENTRY, "w", force_zip64=True) as locked,
        ):
            pyrage.encrypt_io(content, locked, [identity.to_public()])
    return ".zip"


def unlock_file(locked: Path, target: Path, passphrase: str) -> str | None:
    """Open a backup of any version.

    Args:
        locked: The backup.
        target: Where the ZIP of everything is written.
        passphrase: The words.

    Returns:
        The case file of a backup that holds nothing else; ``None`` where ``target`` was written.

    Raises:
        UntrustedInputError: As :func:`unlock`.
    """
    import pyrage

    target.touch(mode=0o600)
    with locked.open("rb") as file:
        head = file.read(len(BEGINS))
    if head == BEGINS and locked.stat().st_size <= 2 * IN_MEMORY:
        content = _opened(locked.read_bytes(), passphrase)
        if content.startswith(b"PK"):
            target.write_bytes(content)
            return None
        return _text(content)
    if not head.startswith(b"PK"):
        raise _no_backup()
    try:
        with zipfile.ZipFile(locked) as archive:
            entry = archive.getinfo(KEY_ENTRY)
            if entry.file_size > 10_000:
                raise _no_backup()
            key = _opened(archive.read(KEY_ENTRY), passphrase).decode("ascii").strip()
            identity = pyrage.x25519.Identity.from_str(key)
            with archive.open(CONTENT_ENTRY) as packed, target.open("wb") as plain:
                pyrage.decrypt_io(packed, plain, [identity])
    except (KeyError, pyrage.IdentityError, pyrage.DecryptError, *ZIP_FAULTS) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _no_backup() from None
    return None


def _no_backup() -> UntrustedInputError:
    return UntrustedInputError(
        "The file is not an encrypted backup of Bounceback, or it is damaged; its name ends in "
        ".age or .zip. Nothing was changed."
    )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _no_backup() from None


def lock(record: Record, passphrase: str) -> bytes:
    """Return a record as an encrypted file.

    Raises:
        UntrustedInputError: The passphrase is too short to protect it.
    """
    import pyrage

    check_passphrase(passphrase)
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
    return parse_case(_text(_opened(data, passphrase)))


def _opened(data: bytes, passphrase: str) -> bytes:
    import pyrage

    asked = re.match(rb"[^\n]*\n-> scrypt \S+ (\d{1,9})\n", data)
    begun = TIMINGS if asked is None or int(asked[1]) <= MOST_WORK else 0
    for _timing in range(begun):
        try:
            return bytes(pyrage.passphrase.decrypt(data, passphrase))
        except pyrage.DecryptError as error:
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
