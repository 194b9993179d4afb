"""Charts say the engine's numbers twice: in the picture and in the table beside it."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from django.test import Client

from bounceback.appraisal import cause_table
from bounceback.forecast.scoring import track_record
from bounceback.messages import briefing_text
from bounceback.messages.names import CAUSES
from bounceback.records import Record, parse_case
from bounceback.records import models as v
from bounceback.records.examples import examples
from bounceback.services import Briefing, briefing
from bounceback_web.pages import charts
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY
from tests.web.test_read_today_chance_decide import text_of

MONDAY = date(2026, 9, 7)


@cache
def answered(example: str) -> Briefing:
    return briefing(parse_case(examples()[example]).record, TODAY)


def test_without_a_result_chance_says_that_none_is_there_yet(
    browser: Client, kept: learner_store.Kept
) -> None:
    page = text_of(browser.get("/chances/").content.decode())
    assert "None of your forecasts has met a result yet." in page
    assert "Brier" not in page


def test_what_was_said_and_what_came_stand_where_their_shares_are() -> None:
    said = [0.62, 0.68, 0.64, 0.31, 0.95]
    came = [True, True, False, False, True]
    c = charts.reliability(track_record(said, came))
    first, last = c["came"][0].at, c["came"][-1].at
    left, right = c["said"][0].at, c["said"][-1].at
    assert [p["label"] for p in c["points"]] == ["0 of 1", "2 of 3", "1 of 1"]
    for point, p, share in zip(
        c["points"], (0.31, (0.62 + 0.68 + 0.64) / 3, 0.95), (0, 2 / 3, 1), strict=True
    ):
        assert point["x"] == pytest.approx(left + p * (right - left), abs=0.06)
        assert point["y"] == pytest.approx(first + share * (last - first), abs=0.06)
    assert c["points"][1]["r"] > c["points"][0]["r"]  # more forecasts, a larger circle


def with_misses(record: Record, counts: dict[int, dict[str, int]]) -> Record:
    """The record with so many misses of each cause in each week from the first Monday on."""
    misses = [
        v.Miss(date=MONDAY + timedelta(days=7 * week + 2), cause=cause)  # type: ignore[arg-type]
        for week, by_cause in counts.items()
        for cause, n in by_cause.items()
        for _ in range(n)
    ]
    return replace(record, misses=tuple(misses))


def test_causes_over_time_are_as_high_as_their_counts(record: Record) -> None:
    counts = {0: {"misread": 6, "slip": 2}, 1: {"misread": 3}, 4: {"misread": 1, "slip": 3}}
    c = charts.causes_over_time(cause_table(with_misses(record, counts).misses), CAUSES)
    assert c is not None
    assert [(s["name"], s["count"]) for s in c["strips"]] == [
        (CAUSES["misread"], 10),
        (CAUSES["slip"], 5),
    ]
    bars = c["strips"][0]["bars"]
    assert [b["all"] for b in bars] == [30.0, 11.2, 15.0]  # 8, 3 and 4 misses; the most is 30 high
    assert [b["own"] for b in bars] == [22.5, 11.2, 3.8]
    steps = [b["x"] - a["x"] for a, b in itertools.pairwise(bars)]
    assert steps[1] == pytest.approx(3 * steps[0], abs=0.3)  # weeks without a miss keep their place
    assert [w["counts"] for w in c["weeks"]] == [[6, 2], [3, 0], [1, 3]]


def test_one_week_of_misses_has_no_course_yet(
    browser: Client, kept: learner_store.Kept, record: Record
) -> None:
    one = with_misses(record, {0: {"misread": 4}})
    assert charts.causes_over_time(cause_table(one.misses), CAUSES) is None
    assert "From the second week" in text_of(browser.get("/you/log/").content.decode())


def test_the_page_of_misses_holds_every_weeks_count(browser: Client, record: Record) -> None:
    counts = {n: {"anchored": n + 1, "not-recalled": 9 - n} for n in range(9)}
    value = with_misses(record, counts)
    learner_store.begin(learner_store.local_owner(), value, "begun")
    html = browser.get("/you/log/").content.decode()
    table = text_of(html[html.index('aria-label="Causes by week"') :].split("</table>")[0])
    for week, (_, total) in cause_table(value.misses).by_week().items():
        assert f"{briefing_text.day_words(week, year=False)} " in table
        assert total == 10
    assert Counter(re.findall(r"\b10\b", table))["10"] >= 9


@pytest.mark.parametrize("weeks", [2, 30, 80])
def test_the_course_of_causes_stays_inside_its_drawing(record: Record, weeks: int) -> None:
    value = with_misses(record, {n: dict.fromkeys(CAUSES, 1) for n in range(weeks)})
    c = charts.causes_over_time(cause_table(value.misses), CAUSES)
    assert c is not None
    assert len(c["weeks"]) == min(weeks, charts.MOST_WEEKS)
    for strip in c["strips"]:
        for bar in strip["bars"]:
            assert bar["x"] >= 0
            assert bar["x"] + c["bar"] <= c["width"]
            assert bar["all_y"] >= strip["label_y"]


def test_every_picture_has_words_for_those_who_do_not_see_it(
    browser: Client, kept: learner_store.Kept, record: Record
) -> None:
    learner_store.change(
        None,
        lambda r: with_misses(r, {n: {"slip": 2} for n in range(3)}),
        "misses",
    )
    for page in ("/chances/", "/you/log/", "/chances/tests/"):
        html = browser.get(page).content.decode()
        pictures: list[Any] = re.findall(r'<svg[^>]*role="img".*?</svg>', html, flags=re.S)
        assert pictures
        for picture in pictures:
            assert "<title" in picture or "aria-label=" in picture


def test_names_of_practice_tests_cover_neither_circles_nor_one_another(record: Record) -> None:
    many = tuple(
        v.Form(family="nbme-cbssa", form=str(25 + n), date=date(2026, 9, 7 * (n % 4) + 1), score=s)
        for n, s in enumerate((52.0, 54.0, 54.0, 57.0, 53.0, 60.0, 61.0))
    )
    c = charts.score_trend(briefing(replace(record, forms=many), TODAY))
    assert c is not None
    boxes = [(t["x"] - 6, t["y"] - 6, t["x"] + 6, t["y"] + 6) for t in c["tests"]]
    named = [t for t in c["tests"] if t["label"]]
    assert len(named) >= 4
    for t in named:
        wide = charts.LETTER * len(t["name"])
        left = t["label"]["x"] - {"start": 0, "middle": wide / 2, "end": wide}[t["label"]["anchor"]]
        box = (left, t["label"]["y"] - 9, left + wide, t["label"]["y"] + 2)
        assert left >= 0
        assert box[2] <= c["width"] + 0.5
        for other in boxes:
            apart = box[2] <= other[0] or other[2] <= box[0]
            assert apart or box[3] <= other[1] or other[3] <= box[1]
        boxes.append(box)


def texts_of(c: dict[str, Any]) -> list[tuple[str, charts.Box]]:
    """Every text of the picture of tests over time, with its box."""
    base, left = c["base"], c["left"]
    found = [
        (c["unit"], charts.text_box(c["unit"], 0, 14)),
        (c["pass_label"], charts.text_box(c["pass_label"], c["right"], c["pass_y"] - 6, "end")),
        ("today", charts.text_box("today", c["today"], base + 36, "middle")),
        *((t.label, charts.text_box(t.label, left - 6, t.at + 4, "end")) for t in c["ticks"]),
        *((m.label, charts.text_box(m.label, m.at, base + 20, "middle")) for m in c["months"]),
    ]
    for flag in c["flags"]:
        if flag["label"]:
            at = flag["label"]
            found.append((flag["text"], charts.text_box(flag["text"], at["x"], at["y"], "middle")))
    if c["band"]:
        band = c["band"]
        found.append((band["text"], charts.text_box(band["text"], band["x"], band["y"])))
    for t in c["tests"]:
        if t["label"]:
            at = t["label"]
            found.append((t["name"], charts.text_box(t["name"], at["x"], at["y"], at["anchor"])))
    return found


def step_1_case(seed: int) -> Record:
    """A case with tests, a date and deadlines wherever they fall."""
    chance = random.Random(seed)
    record = parse_case(examples()[chance.choice(sorted(examples()))]).record
    days = sorted(chance.sample(range(1, 200), chance.randint(0, 7)))
    low, high = (40.0, 75.0) if record.exam.id == "usmle-step-1" else (0.0, 0.0)
    forms = (
        tuple(
            v.Form(
                family="nbme-cbssa",
                form=str(24 + n),
                date=TODAY - timedelta(days=day),
                score=round(chance.uniform(low, high)),
            )
            for n, day in enumerate(reversed(days))
        )
        if high
        else record.forms
    )
    deadlines = tuple(
        v.Deadline(what=f"a day {n}", date=TODAY + timedelta(days=chance.randint(20, 160)))
        for n in range(chance.randint(0, 3))
    )
    exam = replace(
        record.exam,
        planned_date=TODAY + timedelta(days=chance.randint(15, 120)),
        deadlines=deadlines,
    )
    return replace(record, forms=forms, exam=exam)


@pytest.mark.parametrize("seed", range(24))
def test_no_two_texts_of_the_tests_over_time_collide(seed: int) -> None:
    c = charts.score_trend(briefing(step_1_case(seed), TODAY))
    if c is None:
        return
    texts = texts_of(c)
    for i, (name, a) in enumerate(texts):
        assert a[0] >= -1
        assert a[2] <= c["width"] + 1
        for other, b in texts[:i]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, (name, other)


def test_the_band_and_the_flags_have_their_names(record: Record) -> None:
    c = charts.score_trend(briefing(record, TODAY))
    assert c is not None
    assert c["band"] is not None
    assert "my date" in [flag["text"] for flag in c["flags"] if flag["label"]]


@pytest.mark.parametrize("example", sorted(examples()))
@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_the_day_that_words_name_has_its_label_in_the_picture_and_off_the_line(
    example: str, share: float
) -> None:
    b = answered(example)
    named = b.forecasts[round(share * (len(b.forecasts) - 1))]
    c = charts.chance_by_date(b, named)
    assert c is not None
    left, base = c["mark"]["label_x"], c["mark"]["label_y"]
    right = left + charts.BOLD_LETTER * len(c["mark"]["label"])
    assert left >= 0
    assert right <= c["width"]
    assert charts.TOP <= base <= c["base"]
    line = [tuple(map(float, point.split(","))) for point in c["line"].split()]
    for x, y in line:
        assert not (left <= x <= right and base - 9 <= y <= base), (x, y)
