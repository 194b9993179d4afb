"""Twenty test days: how many pass, where they stand, and that no label collides."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback_web.pages import twenty_dots
from bounceback_web.pages.twenty_dots import PastTest, ScorePicture
from tests.web.test_date_line import assert_legible


def picture(
    mean: float = 65.0,
    sd: float = 5.5,
    people: int | None = 6,
    chance: float = 0.58,
    tests: tuple[PastTest, ...] = (),
    *,
    passing: float = 64.0,
    percent: bool = True,
) -> ScorePicture:
    return ScorePicture(
        mean=mean,
        sd=sd,
        passing=passing,
        passing_people=people,
        chance=chance,
        low=mean - 1.28 * sd,
        high=mean + 1.28 * sd,
        unit="%" if percent else "",
        title="20 possible test days",
        passing_label=f"Passing score {passing:.0f}",
        pass_label="6 would pass",
        fail_label="4 would not",
        range_label="likely 58% to 72%",
        tests=tests,
        tests_label="your practice tests so far",
        percent=percent,
    )


def test_counts_are_those_of_the_sentence() -> None:
    assert twenty_dots.filled(picture(people=6)) == 12
    assert twenty_dots.filled(picture(people=None, chance=0.97)) == 19


def test_the_sentence_wins_over_a_quantile_at_the_line() -> None:
    # Half of the quantiles lie above the passing score; the sentence says 6 in 10.
    found = twenty_dots.dots(picture(mean=64.0, people=6), 2.5)
    assert sum(dot.passes for dot in found) == 12
    assert [dot.passes for dot in found] == sorted(dot.passes for dot in found)


def test_no_dot_stands_on_the_line() -> None:
    for dot in twenty_dots.dots(picture(), 2.5):
        assert (dot.bin >= 0) == dot.passes


def test_ten_people_fills_as_many_as_pass() -> None:
    row = twenty_dots.ten_people(7)
    assert row.count('class="on"') == 7
    assert row.count('class="off"') == 3


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    away=st.floats(-25, 25),
    sd=st.floats(1.5, 12),
    people=st.integers(0, 10),
    tests=st.lists(st.floats(-20, 20), max_size=8),
    percent=st.booleans(),
)
def test_no_two_labels_collide(
    away: float, sd: float, people: int, tests: list[float], percent: bool
) -> None:
    passing, scale = (64.0, 1.0) if percent else (214.0, 2.0)
    shown = picture(
        passing + scale * away,
        scale * sd,
        people,
        people / 10,
        tuple(PastTest(str(28 + i), passing + scale * score) for i, score in enumerate(tests)),
        passing=passing,
        percent=percent,
    )
    for width in (twenty_dots.DESK_WIDTH, twenty_dots.PHONE_WIDTH):
        drawing = twenty_dots.draw(shown, width)
        assert_legible(drawing.boxes, width)
        assert drawing.markup.count('class="td-on"') == 2 * people
        assert drawing.markup.count('class="td-off"') == 20 - 2 * people
