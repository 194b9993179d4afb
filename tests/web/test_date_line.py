"""The date line: what stands where, at every size."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback_web.pages import date_line
from bounceback_web.pages.date_line import DESK, PHONE, PRINT, Box, Column, DateLine, Mark, TestMark

TODAY = date(2026, 12, 1)
FRIDAY = date(2026, 12, 4)
SIZES = (DESK, PHONE, PRINT)


def columns(weeks: int, passing: int = 6) -> tuple[Column, ...]:
    days = [FRIDAY + timedelta(weeks=i) for i in range(weeks)]
    return tuple(Column(day, passing, short=f"{day:%b} {day.day}") for day in days)


def example() -> DateLine:
    return DateLine(
        today=TODAY,
        end=date(2027, 3, 31),
        title="Your chances by date",
        description="Six in ten people would pass on January 8.",
        columns=columns(16),
        my_date=date(2027, 1, 8),
        my_label=("My date · Jan 8", "My date"),
        suggested=date(2027, 2, 5),
        suggested_label=("Suggested · Feb 5", "Suggested"),
        tests=(
            TestMark(date(2026, 12, 5), "Free 120", "Dec 5", "taken"),
            TestMark(date(2026, 12, 23), "UWSA 2", "Dec 23"),
            TestMark(date(2027, 1, 25), "NBME 32", "Jan 25", "suggested"),
        ),
        decision=Mark(date(2026, 12, 28), "You decide", "Dec 28"),
        deadlines=(Mark(date(2027, 3, 5), "Result in time for April 30", "if you test by Mar 5"),),
        edge=Mark(date(2027, 3, 31), "Eligibility ends", "Mar 31", "Last day"),
    )


def collide(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def assert_legible(boxes: list[Box], width: float) -> None:
    for a, b in combinations(boxes, 2):
        assert not collide(a, b), (a, b)
    for box in boxes:
        assert box.left >= -0.1, box
        assert box.right <= width + 0.1, box


@pytest.mark.parametrize("size", SIZES, ids=lambda s: s.name)
def test_geometry_follows_the_size(size: date_line.Size) -> None:
    drawing = date_line.draw(example(), size)
    root = ElementTree.fromstring(drawing.markup)
    assert root.get("viewBox") == f"0 0 {size.width:g} {drawing.height:g}"
    assert size.base == 64 + 10 * size.pitch + 20
    by_day = {g.get("data-day"): g for g in root.iter("g") if g.get("data-day")}
    span = (date(2027, 4, 7) - TODAY).days
    step = (size.width - size.left - size.right) / span
    for day, group in by_day.items():
        days = (date.fromisoformat(str(day)) - TODAY).days
        assert float(str(group.get("data-x"))) == pytest.approx(size.left + days * step, abs=0.06)
        assert len([c for c in group.iter("circle") if c.get("class") in ("on", "off")]) == 10


def test_my_date_is_solid_and_the_suggested_one_is_dashed() -> None:
    markup = date_line.draw(example(), DESK).markup
    assert markup.count("dl-mine-mark") == markup.count("dl-suggested-mark") == 1
    assert markup.index("is-mine") < markup.index("is-suggested")
    same = replace(example(), suggested=date(2027, 1, 8))
    assert "suggested-mark" not in date_line.draw(same, DESK).markup


def test_a_date_that_cant_be_booked_has_no_column() -> None:
    line = replace(example(), columns=tuple(c for i, c in enumerate(columns(16)) if i != 3))
    assert (FRIDAY + timedelta(weeks=3)).isoformat() not in date_line.draw(line, DESK).markup


def test_a_named_date_takes_the_place_of_its_weeks_friday() -> None:
    wednesday = date(2027, 1, 13)
    line = replace(
        example(), my_date=wednesday, columns=(*columns(16), Column(wednesday, 5, short="Jan 13"))
    )
    drawn = {c.day for c in date_line.columns_to_draw(line)}
    assert wednesday in drawn
    assert date(2027, 1, 15) not in drawn
    assert date(2027, 1, 8) in drawn


def test_gained_and_lost_people_are_ringed_in_place() -> None:
    gained = replace(example(), columns=(Column(date(2027, 1, 8), 7, before=5),))
    lost = replace(example(), columns=(Column(date(2027, 1, 8), 5, before=7),))
    assert date_line.draw(gained, DESK).markup.count("dl-gained") == 2
    markup = date_line.draw(lost, DESK).markup
    assert markup.count("<circle") - markup.count('class="dl-lost"') // 2 > 0
    assert markup.count('class="dl-lost"') == 4


def test_hidden_numbers_draw_no_dot_and_no_count() -> None:
    markup = date_line.draw(replace(example(), shows_people=False), DESK).markup
    assert "dl-column" not in markup
    assert "dl-count" not in markup
    assert "dl-mine-mark" in markup


def test_a_past_date_ends_the_line_there() -> None:
    line = replace(example(), my_date=TODAY - timedelta(days=3), suggested=None)
    assert "dl-mine-line" not in date_line.draw(line, DESK).markup


def test_no_date_yet_shows_the_suggestion_alone() -> None:
    markup = date_line.draw(replace(example(), my_date=None), DESK).markup
    assert "is-mine" not in markup
    assert "dl-suggested-mark" in markup


def test_trying_dots_the_weeks_it_adds() -> None:
    line = replace(example(), finger=date(2027, 2, 5), trying=True)
    assert "dl-added" in date_line.draw(line, DESK).markup
    assert "dl-added" not in date_line.draw(replace(line, trying=False), DESK).markup


def test_ids_of_drawings_on_one_page_differ() -> None:
    ids = [
        found
        for prefix in ("one", "two")
        for size in SIZES
        for found in re.findall(r' id="([^"]+)"', date_line.draw(example(), size, prefix).markup)
    ]
    assert len(ids) == len(set(ids))


def test_small_line_is_68_high_and_legible() -> None:
    for width in (296.0, 358.0):
        drawing = date_line.draw_small(example(), width)
        assert drawing.height == 68
        assert "dl-column" not in drawing.markup
        assert_legible(drawing.boxes, width)


offsets = st.integers(min_value=0, max_value=180)


@st.composite
def lines(draw: st.DrawFn) -> DateLine:
    edge = draw(st.none() | st.integers(min_value=5, max_value=180))
    end = TODAY + timedelta(days=edge if edge is not None else 180)
    weeks = max((end - FRIDAY).days // 7, 0)
    inside = st.integers(min_value=0, max_value=(end - TODAY).days).map(
        lambda n: TODAY + timedelta(days=n)
    )
    mine, suggested = draw(st.none() | inside), draw(st.none() | inside)
    named = tuple(
        Column(d, draw(st.integers(0, 10)), short="Jan 1") for d in (mine, suggested) if d
    )
    names = st.sampled_from(("Free 120", "UWSA 2", "NBME 32", "COMSAE Phase 1 P1-A", "CBSE"))
    tests = sorted(draw(st.lists(inside, max_size=9, unique=True)))
    return DateLine(
        today=TODAY,
        end=end,
        title="t",
        description="d",
        columns=(*columns(weeks, draw(st.integers(0, 10))), *named),
        my_date=mine,
        my_label=("My date · Wed, Sep 30", "My date"),
        suggested=suggested,
        suggested_label=("Suggested · Wed, Sep 30", "Suggested"),
        tests=tuple(TestMark(day, draw(names), "Sep 30") for day in tests),
        decision=Mark(draw(inside), "You decide", "Sep 30") if draw(st.booleans()) else None,
        deadlines=tuple(
            Mark(draw(inside), "Result in time for September 30", "if you test by Sep 30")
            for _ in range(draw(st.integers(0, 2)))
        ),
        edge=Mark(end, "Eligibility ends", "Sep 30", "Last day") if edge is not None else None,
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=lines())
def test_no_two_labels_collide_or_leave_the_drawing(line: DateLine) -> None:
    for size in SIZES:
        drawing = date_line.draw(line, size)
        assert_legible(drawing.boxes, size.width)
        named = {t.name for t in line.tests}
        told = {box.text for box in drawing.boxes} | {
            text.split(",")[0] for _sign, text in drawing.legend
        }
        assert named <= told
