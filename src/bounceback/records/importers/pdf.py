"""Text out of a PDF: in a process of its own, with few pages, little memory and little time.

Its scripts, links and attachments are never looked at.
"""

from __future__ import annotations

import io
import sys
from typing import Final

from bounceback.records.importers.refusals import refused
from bounceback.records.importers.sandbox import MOST_SECONDS, NotReadError, read_apart, tell

MOST_BYTES: Final = 10_000_000
MOST_PAGES: Final = 30
MOST_CHARACTERS: Final = 200_000


def text_of_pdf(data: bytes, *, seconds: float = MOST_SECONDS) -> str:
    """Return the text of the first 30 pages.

    Args:
        data: The file.
        seconds: Longest time that reading may take.

    Raises:
        UnreadableFileError: Too large, damaged, protected, without text, or too slow to read.
    """
    if len(data) > MOST_BYTES:
        raise refused("file-too-large", megabytes=MOST_BYTES // 1_000_000)
    try:
        text: str = read_apart(__name__, data, seconds=seconds)
    except NotReadError as error:
        raise refused("pdf-too-slow" if error.slow else "pdf-damaged") from None
    if not text.strip():
        raise refused("pdf-without-text")
    return text


def _read(data: bytes) -> str:
    from pypdf import PdfReader

    parts: list[str] = []
    length = 0
    for page in PdfReader(io.BytesIO(data)).pages[:MOST_PAGES]:
        parts.append(page.extract_text())
        length += len(parts[-1])
        if length > MOST_CHARACTERS:
            break
    return "\n".join(parts)[:MOST_CHARACTERS]


if __name__ == "__main__":
    sys.exit(tell(_read, MOST_BYTES))
