"""A damaged zip is refused by name wherever one is read, however it is damaged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bounceback.errors import UntrustedInputError
from bounceback.records.importers.file_type import only_file_in
from bounceback.zip_faults import ZIP_FAULTS

METHODS = {
    "deflate": zipfile.ZIP_DEFLATED,
    "lzma": zipfile.ZIP_LZMA,
    "bzip2": zipfile.ZIP_BZIP2,
}
NAME = "report.csv"
TEXT = "date,score\n" * 3000


def damaged(method: int) -> bytes:
    """Flip the bits of the first bytes of an entry's packed content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(NAME, TEXT)
    content = bytearray(made.getvalue())
    begin = 30 + len(NAME)
    for place in range(begin + 5, begin + 20):
        content[place] ^= 0x5A
    return bytes(content)


def changed_head(offset: int, value: int) -> bytes:
    """Change one byte of an entry's head and of its line in the list of contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(NAME, TEXT)
    content = bytearray(made.getvalue())
    content[offset] = value
    content[content.rindex(b"PK\x01\x02") + offset + 2] = value
    return bytes(content)


def cut() -> bytes:
    """State more bytes of content than there are before the list of contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, TEXT)
    return made.getvalue()[:-30]


DAMAGED: dict[str, Callable[[], bytes]] = {
    **{name: (lambda method=method: damaged(method)) for name, method in METHODS.items()},
    "encrypted": lambda: changed_head(6, 1),
    "unknown method": lambda: changed_head(8, 99),
    "cut": cut,
}


@pytest.fixture(params=sorted(DAMAGED))
def content(request: pytest.FixtureRequest) -> bytes:
    return DAMAGED[request.param]()


def test_what_the_library_raises_is_named(content: bytes) -> None:
    with pytest.raises(ZIP_FAULTS), zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.read(NAME)


def test_a_zip_of_one_file_that_cannot_be_unpacked_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be unpacked"):
        only_file_in(content, 1_000_000)


def test_a_deck_in_it_is_refused(content: bytes, tmp_path: Path) -> None:
    from bounceback.flashcards.anki import inspect

    path = tmp_path / "deck.apkg"
    path.write_bytes(content)
    with pytest.raises(UntrustedInputError):
        inspect(path)
