"""Decide from the head of a request whether it is answered, before any of its body is read.

Pure functions of the method, the path and the headers. The server asks them before it takes a body
off the line; the middleware asks them again, so they hold under any server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

METHODS: Final = frozenset({"GET", "HEAD", "POST"})
"""Methods that some page answers. TRACE would echo a cookie; no page uses the others."""

BODY_BYTES: Final = 11_000_000
"""Most bytes of a form: a report of 10 MB with its fields, or a case file of 8 MB."""

UPLOAD_BYTES: Final = 2_147_483_648
"""Most bytes where a deck or a backup with its pictures is sent."""

UPLOAD_PATHS: Final = ("/cards/deck/", "/bring-backup/")

PATH_CHARACTERS: Final = 4_096
"""Longest path with its query."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that gets no page.

    Attributes:
        status: HTTP status.
        reason: ``method``, ``foreign``, ``link``, ``too-large``, ``no-length`` or ``too-long``.
    """

    status: int
    reason: str


def body_limit(path: str) -> int:
    """Return how many bytes a body sent to a path may have."""
    return UPLOAD_BYTES if path.startswith(UPLOAD_PATHS) else BODY_BYTES


def refusal(method: str, path: str, query: str, headers: Mapping[str, str]) -> Refusal | None:
    """Return why a request is refused by its head alone, or ``None``.

    Args:
        method: HTTP method.
        path: Path without its query.
        query: Query without its question mark.
        headers: Values by lower-case name.
    """
    if method not in METHODS:
        return Refusal(405, "method")
    if len(path) + len(query) > PATH_CHARACTERS:
        return Refusal(414, "too-long")
    foreign = _foreign(method, path, headers)
    if foreign is not None:
        return foreign
    length = headers.get("content-length", "")
    if length and not (length.isascii() and length.isdigit() and len(length) < 16):
        return Refusal(400, "no-length")
    if length and int(length) > body_limit(path):
        return Refusal(413, "too-large")
    return None


def _foreign(method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
    """Refuse what another site asks for; a link that was followed gets a page of its own.

    Browsers say in ``Sec-Fetch-Site`` who asks, and in ``Origin`` who sends a form. Another port of
    this machine is another site here, although browsers call it ``same-site``.
    """
    site = headers.get("sec-fetch-site", "none")
    if site in ("cross-site", "same-site"):
        followed = (
            method == "GET"
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest", "document") == "document"
        )
        return Refusal(403, "link" if followed and not path.startswith("/static/") else "foreign")
    origin = headers.get("origin", "")
    if method == "POST" and origin and _authority(origin) != headers.get("host", ""):
        return Refusal(403, "foreign")
    return None


def _authority(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser says that a page of ours sent this request."""
    return headers.get("sec-fetch-site") == "same-origin"
