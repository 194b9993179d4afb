"""No page says a word of the list that no page may say, and none shows a key, an id or a path."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from bounceback.messages.briefing_text import with_names
from bounceback.records import parse_case
from bounceback_web import briefings
from bounceback_web.records import learner_store
from tests.golden.golden_cases import CASES, asked_about

PAGES = (
    "/chances/", "/starting-point/", "/chances/tests/", "/cards/", "/cards/browse/",
    "/cards/workload/", "/you/", "/you/look-back/", "/you/look-back/before/",
    "/you/meeting/", "/you/reason/", "/you/export/", "/first-week/",
)  # fmt: skip
"""Pages that speak in the words of the guide; every page that is rewritten joins them."""

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NEVER = re.compile(
    "|".join(
        (
            r"\bcautious end\b", r"\bthe mark\b", r"\bsittings?\b", r"\b(sit|sat) on\b",
            r"\bmay stay open\b", r"\bput (it )?down\b", r"\b(bring|brought) \w* ?in\b",
            r"\btake[sn]? (out|along|in|back)\b", r"\bput away\b", r"\banew\b",
            r"\bre-?made\b|\bmade anew\b", r"\bsecond looks?\b", r"\bstretch(es)?\b",
            r"\bnote it\b|\bnoted\b", r"of 100 parts|parts? in 10", r"\bnot kept\b",
            r"\bpact\b|\bgate\b|\bledger\b", r"\bfortnight\b|\bmeasures\b",
            r"\bcame about\b|\bbroken off\b", r"\bat leisure\b|\bbeside you\b",
            r"\brests? on\b|\bheld against\b", r"\bweigh(s|ed|ts?)?\b",
            r"\bthe record\b|\blearner\b", r"\bwho(m|ever)\b", r"\bresting\b|\blet go\b",
            r"\bcosts less by\b", r"\d of 10\b",
            r"\bprogramme\b|\blicence\b|\benrolment\b|\bjudgement\b|\b\w+ogni[s]ed\b",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
DAY_FIRST = re.compile(rf"\b\d{{1,2}} ({MONTHS})\b")
"""How dates are not written in the United States and Canada."""
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b\w+\[\d*\]|\b(?:usmle|nbme|comlex)-[a-z]|docs/|\.toml\b")
"""A key, an index, an id, a path: what a person never sees."""


def shown(html: str) -> str:
    """What a reader or a screen reader meets on a page, one space between words."""
    main = re.search(r"<main.*?</main>", html, flags=re.S)
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", main[0] if main else html, flags=re.S)
    text = re.sub(r'<section class="card people".*?</section>', " ", text, flags=re.S)
    text = re.sub(r'<blockquote class="own">.*?</blockquote>', " ", text, flags=re.S)
    text = re.sub(r"<cite\b.*?</cite>", " ", text, flags=re.S)  # titles of others, as printed
    text = re.sub(r"<textarea\b.*?</textarea>", " ", text, flags=re.S)
    spoken = re.findall(r'\s(?:aria-label|alt|title|placeholder)="([^"]*)"', text)
    bare = re.sub(r"</(p|li|h\d|dt|dd|td|th|div|section|summary|label|option)>", " | ", text)
    return " ".join(unescape(" | ".join([re.sub(r"<[^>]+>", " ", bare), *spoken])).split())


def engine_sentences(answer: briefings.Answer) -> list[str]:
    """Sentences that reach a page as the engine wrote them, until they are reasons, too."""
    b = answer.briefing
    found: list[object] = []
    if b.remediation is not None:
        found += [
            with_names(t, b.record.exam.id) for s in b.remediation.steps for t in (s.what, s.why)
        ]
    return [said for said in found if isinstance(said, str)]


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "no-numbers"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_no_page_says_a_word_of_the_list(
    name: str, numbers: bool, browser: Client, settings: Any
) -> None:
    text = CASES[name].read_text(encoding="utf-8")
    settings.FIXED_DAY = asked_about()[name]["on"]
    kept = learner_store.begin(learner_store.local_owner(), parse_case(text).record, "begun")
    type(kept.row).objects.update(shows_numbers=numbers)
    own = [said for said in re.findall(r'"([^"\n]*)"', text) if " " in said]
    own += engine_sentences(briefings.answer(kept))
    found = []
    for address in PAGES:
        answer = browser.get(address)
        if answer.status_code == 302:
            continue  # nothing to look back on
        assert answer.status_code == 200
        words = shown(answer.content.decode())
        for said in sorted(own, key=len, reverse=True):
            words = words.replace(" ".join(said.split()), " ")
        patterns = [NEVER, CODE]
        if kept.value.learner.country in (None, "US", "CA"):
            patterns.append(DAY_FIRST)
        for pattern in patterns:
            for match in pattern.finditer(words):
                near = words[max(match.start() - 60, 0) : match.end() + 40]
                found.append((address, match[0], near))
        assert ";" not in words, words[max(words.index(";") - 80, 0) : words.index(";") + 20]
    assert found == []
