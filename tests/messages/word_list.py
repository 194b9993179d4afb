"""The words that no text for people may hold (a student's own words are exempt)."""

from __future__ import annotations

import re
from collections.abc import Iterable

PUT_ASIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcautious end\b", r"\bthe mark\b", r"\bsittings?\b", r"\b(sit|sat) on\b",
        r"\bmay stay open\b", r"\bput (it )?down\b", r"\b(bring|brought) \w* ?in\b",
        r"\btake[sn]? (out|along|in|back)\b", r"\bput away\b", r"\banew\b",
        r"\bre-?made\b|\bmade anew\b", r"\bsecond looks?\b", r"\bstretch(es)?\b",
        r"\bnote it\b|\bnoted\b", r"of 100 parts|parts? in 10", r"\bnot kept\b",
        r"\bpact\b|\bgate\b|\bledger\b", r"\bfortnight\b|\bmeasures\b",
        r"\bcame about\b|\bbroken off\b", r"\bat leisure\b|\bbeside you\b", r"\brests? on\b",
        r"\bheld against\b", r"\bweigh(s|ed|ts?)?\b", r"\bthe record\b|\blearner\b",
        r"\bwho(m|ever)\b", r"\bresting\b|\blet go\b", r"\bcosts less by\b", r"\d of 10\b",
        r"\bprogramme\b|\blicence\b|\benrolment\b|\bjudgement\b|\b\w+ogni[s]ed\b",
        r"\b\d{1,2} (January|February|March|April|May|June|July|August|September|October"
        r"|November|December)\b",
    )
)  # fmt: skip


def hits(text: str) -> list[str]:
    """Return what stands in a text and may not."""
    return [match.group() for pattern in PUT_ASIDE for match in pattern.finditer(text)]


TONE = re.compile(
    r"\binvalid\b|\ballowed: (?!\d)|\boverdue\b|\bstreak\b|\bcrush|\bshould have\b|\bfailed to\b"
    r"|don['\u2019]t worry|\bsimply\b|[a-z]!(?=\s|$)",
    re.IGNORECASE,
)
"""What the voice of the product never says: blame, cheer, and the words of machines."""
CODE = re.compile(
    r"(?<!/)\b[A-Za-z]+_[A-Za-z_]+\b(?!/)|\b\w+\[\d*\]|\b(?:usmle|nbme|comlex|uworld)-[a-z]"
    r"|docs/|(?<!\w)\.toml\b(?! or)|\b\w+\.toml\b",
)
"""A key, an index, an id, a path: what no page shows."""
DAY_FIRST = PUT_ASIDE[-1]
"""How dates are not written in the United States and Canada."""


def faults_of_page(text: str, *, own: Iterable[str] = (), month_first: bool = True) -> list[str]:
    """Return what a page says and may not, each with the words around it.

    Args:
        text: The page as it is read, with single blanks between words.
        own: The student's own words, which are exempt.
        month_first: Whether the reader writes dates as in the United States.
    """
    for words in sorted(own, key=len, reverse=True):
        text = text.replace(" ".join(words.split()), " ")
    patterns = [*PUT_ASIDE[:-1], TONE, CODE, re.compile(";")]
    if month_first:
        patterns.append(DAY_FIRST)
    found = [match for pattern in patterns for match in pattern.finditer(text)]
    return [f"[{m[0]}] {text[max(m.start() - 60, 0) : m.end() + 40]}" for m in found]


OWN_STATEMENTS = frozenset({"I used only the most important resources.", "Was it my only chance?"})
"""The student's own statements, which the method and the worries word so."""
