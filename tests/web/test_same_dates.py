"""Terminal, page and paper compare the same dates with the same numbers."""

from __future__ import annotations

import io

import pytest

from bounceback.cli import brief_page
from bounceback.cli.console import Screen
from bounceback.messages import Format, Locale, briefing_text
from bounceback.services import briefing
from bounceback.services.date_line import date_line
from bounceback_web.exports import meeting
from bounceback_web.pages import date_choices
from tests.services.builders import TODAY, known

NAMES = sorted(known())


@pytest.mark.parametrize("name", NAMES)
def test_terminal_page_and_paper_show_the_same_dates(name: str) -> None:
    """Same dates, same count of people, same range, wherever they stand side by side."""
    b = briefing(known()[name], TODAY)
    side = date_line(b).compared()
    page = date_choices.compared(b, date_choices.choices(b))
    assert [(c.day, c.chance) for c in page] == [(d.on, d.chance) for d in side]
    scale = date_choices.scale_of(b)
    assert [(c.low, c.high) for c in page] == [
        (scale.shown(d.score_low), scale.shown(d.score_high)) for d in side
    ]
    say = Format(Locale("US", today=TODAY))
    out = io.StringIO()
    screen = Screen(out)
    lines = " ".join(brief_page._chances(b, say, screen)).replace("\N{NO-BREAK SPACE}", " ")
    for one in side:
        day = say.day(one.on).replace("\N{NO-BREAK SPACE}", " ")
        assert day in lines
        assert briefing_text.shown_range(b, one.score_low, one.score_high) in lines
    paper = meeting._dates(b, say)
    assert {row["day"] for row in paper} <= {say.day(d.on, weekday=True) for d in side}
    by_day = {say.day(d.on, weekday=True): d for d in side}
    for row in paper:
        assert row["count"] == say.people(by_day[row["day"]].chance)
