"""Every chance and score on every page is the engine's, as Python and the terminal answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bounceback import facts
from bounceback.appraisal import first_page
from bounceback.cli.main import main
from bounceback.messages import briefing_text, render
from bounceback.messages.appraisal import say_all
from bounceback.records import parse_case, write_case
from bounceback.records.examples import examples
from bounceback.services import Briefing, briefing, to_json
from bounceback_web.pages.charts import Z80
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY
from tests.web.test_read_today_chance_decide import text_of

PAGES = (
    *("/", "/chances/", "/plan/", "/you/look-back/", "/chances/tests/", "/you/log/"),
    *("/you/meeting/", "/starting-point/", "/you/match/?open=yes", "/you/settings/"),
)
COUNT = re.compile(
    r"\b(?:about|fewer than|more than) \d+ in 10+\b(?! (?:exam questions|questions|parts))",
    re.IGNORECASE,
)
PEOPLE = re.compile(r"(?<!of )\b(\d+)( in 100)? would pass")
"""The count of the pages that speak of people in ten."""
RANGE = re.compile(r"\b\d+ to \d+ in 10\b")
SCORE = re.compile(r"\b\d+ (?:to \d+ )?% correct")


def chances(value: Any, key: str = "") -> Iterator[float]:
    """Every chance in an answer, by its key."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from chances(inside, name)
    elif isinstance(value, list):
        for inside in value:
            yield from chances(inside, key)
    elif "p_pass" in key and isinstance(value, float):
        yield value


def spans(value: Any) -> Iterator[tuple[float, float]]:
    """Every range of a chance in an answer."""
    if isinstance(value, dict):
        if "p_pass_low" in value:
            yield value["p_pass_low"], value["p_pass_high"]
        for inside in value.values():
            yield from spans(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from spans(inside)


def sentences(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, dict):
        for inside in value.values():
            yield from sentences(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from sentences(inside)
    elif isinstance(value, str):
        yield value


def standing(b: Briefing) -> Iterator[float]:
    """Every place on the score's scale that an answer names."""
    yield from (b.belief.score_mean, facts.pass_mark(b.record.exam.id, b.plan.test_date).value)
    yield from (b.belief.score_mean + way * Z80 * b.belief.score_sd for way in (-1, 1))
    yield from (area.mean for area in b.belief.area_standings())


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_number_on_every_page_is_the_engines(
    browser: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    record = parse_case(examples()[name]).record
    learner_store.begin(learner_store.local_owner(), record, "begun")
    case = tmp_path / "case.toml"
    case.write_text(write_case(record), encoding="utf-8")
    assert main(["brief", str(case), "--on", TODAY.isoformat(), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    b = briefing(record, TODAY)
    assert answer == json.loads(json.dumps(to_json(b)))  # the terminal and Python

    first = first_page(record, TODAY)
    said = " ".join(
        [*sentences(answer), render(first.not_alone), *(say_all(f.answer) for f in first.fears)]
    )
    counts = {briefing_text.of_ten(p).lower() for p in chances(answer)}
    counts |= {f"about {min(99, max(1, round(100 * p)))} in 100" for p in chances(answer)}
    # Keys are rounded to four places, and a tie may fall the other way.
    counts |= {briefing_text.of_ten(f.p_pass_if_followed) for f in b.forecasts}
    counts |= {briefing_text.of_ten(f.p_pass) for f in b.forecasts}
    counts |= {found.lower() for found in COUNT.findall(said)}
    ranges = {briefing_text.ten_range(*span) for span in spans(answer)} | set(RANGE.findall(said))
    scores = {briefing_text.shown_score(b, score) for score in standing(b)} | set(
        SCORE.findall(said)
    )
    every = [
        *chances(answer),
        *(f.p_pass for f in b.forecasts),
        *(f.p_pass_if_followed for f in b.forecasts),
    ]
    shown = 0
    for page in PAGES:
        response = browser.get(page)
        assert response.status_code == 200
        text = text_of(response.content.decode())
        for found in COUNT.findall(text):
            assert found.lower() in counts, (page, found)
            shown += 1
        for number, of_hundred in PEOPLE.findall(text):
            least = 0.01 if of_hundred else 0.1
            assert any(abs(p - least * int(number)) <= least / 2 + 5e-5 for p in every), page
            shown += 1
        for found in RANGE.findall(text):
            assert found in ranges, (page, found)
        for found in SCORE.findall(text):
            assert found in scores, (page, found)
    assert shown > 10
