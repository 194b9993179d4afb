"""Read as a worried student and a suspicious editor do: sentence by sentence, on every face.

``faults`` says what is wrong with one sentence. The rules are about words and figures, and the same
for the terminal, for JSON and for a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final

from tests.messages.test_appraisal import BLAME

BLAMING: Final = re.compile(r"\b(" + "|".join(map(re.escape, BLAME)) + r")\b", re.IGNORECASE)
"""The reviewed list of blame words."""
PERCENT: Final = re.compile(r"\d\s*(?:%|per ?cent\b)(?! correct| of (?:the exam|study))")
"""A share of people. "65% correct" is a level on a scale, and "12% of the exam" a blueprint's."""
RANGE_OR_COUNT: Final = re.compile(
    r"\d+ (?:to|of|in) \d+"  # "51 to 61% correct", "about 4 in 10"
    r"|\(USMLE, |\(NBOME, |\([A-Z][^()]*, (?:19|20)\d\d"  # a published rate with its source
    r"|(?:Pass mark|score|COMSAE|at least|conditions)\b"  # a mark to reach, no share of people
)
QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"")
"""The learner's own words, given back as they were written."""

_MATCH: Final = re.compile(r"\b(match(es|ed|ing)?|rank list|residency)\b", re.IGNORECASE)
_LIKELY: Final = re.compile(r"\b(chances?|odds|probab\w+|likely|likelihood)\b", re.IGNORECASE)
_NO_MATCH_CHANCE: Final = re.compile(
    r"Your own chance of matching|no chance of a match|The odds of an interview were \d"
)
"""That there is none; and the published odds of a lever, which are no odds of a match."""

_DATES_AND_NAMES: Final = re.compile(
    r"\b(?:Step|Level|Phase|Part) [123]\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)[ \u00a0]\d{1,2}(?:, (?:19|20)\d\d)?|\b\d{1,2}:\d\d (?:AM|PM)\b"
    r"|\b\d\d:\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
    r"|\b(?:NBME|CBSSA|CCSSA|CCMSA|CBSE|CCSE|COMSAE Phase [123]|UWSA|Free 120|AMBOSS SA)"
    r"(?: [\w()-]*\d[\w()-]*)?"
    r"|\b(?:112|911|988|741741)\b|1-\d{3}-\d{3}-\d{4}"  # whom to call
)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER: Final = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine) of (?:ten|four|five|a hundred)\b",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(
    r"\b(students?|sittings|attempts|directors|graduates|graduated|seniors|examinees|applicants"
    r"|people|learners|repeaters|takers|schools|residents|positions|studies|effects|programmes"
    r"|doctors|passed|matched|mean weight|times as high)\b",
    re.IGNORECASE,
)
"""Who a published figure counts."""
_OWN: Final = re.compile(
    r"with (?:your|that) record|You've used|so far, and we need"
    r"|[Ss]imulated students?\b|What this is based on|You said"
    r"|published results of first takers|of 100 parts"
    r"|[Yy]our (?:failed )?sittings?|your record holds"
    r"|sittings so far|your own tests|of the ten\b|Of ten drawn|would pass|reopens the exam plan"
    r"|not enough recorded yet|the forecast counts on"
    r"|After \d failed sittings|(?:this|next) would be (?:number|attempt)|practice tests?\b"
    r"|blocks?\b.*\bin the (?:first|last)|\d+ (?:sessions|questions|cards|minutes|misses)\b"
)
"""The learner's own record, and what the model says of it: these rest on the case, not on a
source."""
_SOURCE_AND_YEAR: Final = re.compile(
    r"\([^()]*[A-Za-z][^()]*\b(?:19|20)\d\d\b[^()]*\)"  # "(Academic Medicine; 2012; …)"
    r"|\bof (?:19|20)\d\d\)"  # "(a tutoring company's article of 2018)"
)


def faults(sentence: str, *, sourced: bool = False) -> list[str]:
    """What is wrong with one sentence; empty if nothing is.

    Args:
        sentence: As shown, the learner's own words already taken out.
        sourced: Whether source and year stand beside it, in a key of their own.
    """
    found = []
    bare = QUOTED.sub("", sentence)
    if BLAMING.search(bare):
        found.append("a word of blame")
    if PERCENT.search(bare) and not RANGE_OR_COUNT.search(bare):
        found.append("a percentage without range or count")
    if _MATCH.search(bare) and not _NO_MATCH_CHANCE.search(bare):
        personal = re.search(r"\byou(r|rs)?\b", bare, re.IGNORECASE)
        if _LIKELY.search(bare) or (personal and re.search(r"\d+ (of|in) \d+", bare)):
            found.append("a chance of a match")
    plain = _YEAR.sub("", _DATES_AND_NAMES.sub("", bare))
    about_others = _OTHERS.search(plain) and not _OWN.search(bare)
    if about_others and _NUMBER.search(plain) and not (sourced or _SOURCE_AND_YEAR.search(bare)):
        found.append("a figure without source and year")
    return found


def split(text: str) -> Iterator[str]:
    """Sentences of one paragraph. A bracket at the end belongs to its sentence."""
    yield from re.split(r"(?<=[.?!]) (?=[A-Z“])", text)


def of_json(value: Any, *, sourced: bool = False) -> Iterator[tuple[str, bool]]:
    """Every sentence inside a JSON answer, and whether a source stands beside it."""
    if isinstance(value, str):
        if " " in value and "|" not in value:
            yield from ((s, sourced) for s in split(value))
    elif isinstance(value, list):
        for part in value:
            yield from of_json(part, sourced=sourced)
    elif isinstance(value, dict):
        beside = sourced or bool(value.get("source"))
        for key, part in value.items():
            if key != "sources":
                yield from of_json(part, sourced=beside)


_INLINE: Final = frozenset(
    {"a", "abbr", "b", "code", "em", "i", "kbd", "small", "span", "strong", "time", "tspan", "wbr"}
)
_UNSEEN: Final = frozenset({"script", "style", "template"})


class _Blocks(HTMLParser):
    """Text of a page, one entry a block; in a table with a column of sources each has one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, bool]] = []
        self._text = ""
        self._sourced = False
        self._unseen = 0

    def _close(self) -> None:
        text = " ".join(self._text.split())
        self._sourced = self._sourced or text == "Source"
        self.blocks.append((text, self._sourced))
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag not in _INLINE:
            self._close()

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN
        if tag not in _INLINE:
            self._close()
        if tag == "table":
            self._sourced = False

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._text += data


def of_page(html: str) -> Iterator[tuple[str, bool]]:
    """Every sentence of a page, block by block, and whether a source stands beside it."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    for block, sourced in reader.blocks:
        if " " in block:
            yield from ((s, sourced) for s in split(block))
