"""Names of media files: which are safe to keep, and which file a card's reference means.

A name is a bare file name or it is nothing: no folder, no drive, no control character, no name
that an operating system reserves. Content is addressed by its hash, so a name never becomes a path
here; it is refused all the same, because another program may write it to disk one day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

_NAME_BYTES_MAX = 255  # longest name of the common file systems
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def unsafe_name(name: str) -> str | None:
    """Return why ``name`` may not be kept, or ``None`` if it may.

    >>> unsafe_name("heart.png") is None
    True
    >>> unsafe_name("../heart.png")
    'its name holds a character that no plain file name has'
    """
    if not name or name.strip(". ") == "":
        return "its name is empty"
    if _FORBIDDEN.search(name):
        return "its name holds a character that no plain file name has"
    if _RESERVED.match(name):
        return "its name is reserved by an operating system"
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in name):
        return "its name is not valid text"
    if len(name.encode()) > _NAME_BYTES_MAX:
        return f"its name is longer than {_NAME_BYTES_MAX} bytes"
    return None


class Names:
    """Finds the file that a reference in a card means.

    Anki normalises names when a file is added (NFC, in newer versions lower case), while the field
    keeps what was typed; so the exact name is tried, then its NFC form, then regardless of case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for name in names:
            self._exact[name] = name
            self._exact.setdefault(unicodedata.normalize("NFC", name), name)
            self._folded.setdefault(unicodedata.normalize("NFC", name).casefold(), name)

    def find(self, reference: str) -> str | None:
        """Return the known name that ``reference`` means, or ``None``.

        A reference may be percent-encoded, as HTML allows.
        """
        for candidate in (reference, unquote(reference)):
            normal = unicodedata.normalize("NFC", candidate)
            found = (
                self._exact.get(candidate)
                or self._exact.get(normal)
                or self._folded.get(normal.casefold())
            )
            if found:
                return found
        return None


# Every repetition stops at a mark that starts the next match, so hostile text costs linear time.
_REFERENCE = re.compile(
    r"""(?ix)
    \[sound:(?P<sound>[^\[\]]{1,300})\]
    | <(?:img|audio|video|source|object)\b[^<>]*?\s(?:src|data)\s*=\s*
      (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>"']+))
    """
)


def references(html: str) -> tuple[str, ...]:
    """Return the media names that a field refers to, in order, each once.

    >>> references('<img src="a.png"> [sound:b.mp3] <img src=a.png>')
    ('a.png', 'b.mp3')
    """
    found: Mapping[str, None] = {
        next(part for part in match.groups() if part is not None): None
        for match in _REFERENCE.finditer(html)
    }
    return tuple(found)


def rename_references(html: str, renamed: Mapping[str, str]) -> str:
    """Return a field with its references to renamed files following the files.

    >>> rename_references('<img src="a.png"> a.png', {"a.png": "b.png"})
    '<img src="b.png"> a.png'
    """

    def follow(match: re.Match[str]) -> str:
        whole = match.group(0)
        for part in ("sound", "double", "single", "bare"):
            old = match.group(part)
            if old is not None and (new := renamed.get(old) or renamed.get(unquote(old))):
                start = match.start(part) - match.start()
                return whole[:start] + new + whole[start + len(old) :]
        return whole

    return _REFERENCE.sub(follow, html) if renamed else html
