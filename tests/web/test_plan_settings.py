"""Study hours to paint, days off to tap, resources to tick: kept whole, undone in one step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client

from bounceback.records.models import Availability
from bounceback_web import briefings
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


@pytest.fixture
def post(send: Callable[..., Any], kept: learner_store.Kept) -> Callable[..., Any]:
    return send


def hours() -> Availability:
    found = now().value.availability
    assert found is not None
    return found


def undone(post: Callable[..., Any], kept: learner_store.Kept) -> None:
    post("/undo/", change=now().row.version)
    assert now().value == kept.value


def ticked(html: str, name: str) -> list[str]:
    """Values of the boxes of a form that are checked, as a browser would send them."""
    boxes = re.findall(rf'<input type="checkbox" name="{name}" value="([^"]+)"( checked)?', html)
    return [value for value, checked in boxes if checked]


def test_painted_hours_become_windows_and_the_plan_fits_them(
    post: Callable[..., Any], kept: learner_store.Kept
) -> None:
    cells = ["mon-9", "mon-10", "mon-13", "wed-20"]
    answer = post("/plan/hours/save/", cell=cells)
    assert answer.headers["Location"] == "/plan/hours/"
    assert {day: minutes for day, minutes in hours().minutes.items() if minutes} == {
        "mon": 180,
        "wed": 60,
    }
    assert [(w.start, w.end) for w in hours().windows["mon"]] == [
        (time(9), time(11)),
        (time(13), time(14)),
    ]
    sessions = briefings.answer(now()).briefing.plan.sessions
    work = [s for s in sessions if s.kind in ("study", "review") and not s.locked]
    days = {s.date.weekday() for s in work}
    assert days == {0, 2}
    undone(post, kept)


def test_hours_that_are_not_painted_over_stay_as_they_are(
    browser: Client, post: Callable[..., Any], kept: learner_store.Kept
) -> None:
    """Minutes and half hours that the grid can't show are not rounded by looking at it."""
    page = browser.get("/plan/hours/").content.decode()
    cells = ticked(page, "cell")
    assert cells
    cap = re.search(r'name="cap"[^>]*value="([^"]*)"', page)
    post("/plan/hours/save/", cell=cells, cap=cap[1] if cap else "")
    assert now().value == kept.value


@pytest.mark.parametrize(
    "cells", [[], ["mon-99", "mon-x", "some-8", "", "mon"]], ids=["none", "no cells"]
)
def test_no_hours_mean_no_minutes(post: Callable[..., Any], cells: list[str]) -> None:
    post("/plan/hours/save/", cell=cells)
    assert not any(hours().minutes.values())


def test_a_commitment_comes_back_every_week_and_goes_from_today_on(
    post: Callable[..., Any], kept: learner_store.Kept
) -> None:
    given = {"what": "clinic", "date": "2026-11-26", "start": "13:00", "minutes": "3 hr"}
    post("/plan/commitment/", **given, weekly="yes", until="2026-12-17")
    new = [c for c in hours().commitments if c.what == "clinic"]
    assert [c.date for c in new] == [date(2026, 11, 26) + timedelta(weeks=n) for n in range(4)]
    assert {c.minutes for c in new} == {180}
    post("/plan/commitment/", **given, weekly="yes", until="2026-12-17")
    assert hours().commitments.count(new[0]) == 1  # entered twice, promised once
    post("/plan/commitment/remove/", weekday="3", start="13:00", what="clinic")
    assert [c for c in hours().commitments if c.what == "clinic"] == []
    post("/plan/commitment/", **given)
    assert len([c for c in hours().commitments if c.what == "clinic"]) == 1


@pytest.mark.parametrize("missing", ["date", "start", "minutes"])
def test_a_commitment_without_its_time_is_refused(
    post: Callable[..., Any], kept: learner_store.Kept, missing: str
) -> None:
    given = {"date": "2026-11-26", "start": "13:00", "minutes": "60"}
    post("/plan/commitment/", **(given | {missing: "soon"}))
    assert now().value == kept.value


def test_days_away_are_one_step_and_one_undo(
    post: Callable[..., Any], kept: learner_store.Kept
) -> None:
    post("/plan/away/", first="2026-12-23", last="2026-12-27")
    away = {date(2026, 12, day) for day in range(23, 28)}
    assert away <= set(hours().days_off)
    worked = {s.date for s in briefings.answer(now()).briefing.plan.sessions if s.minutes}
    assert not worked & away
    undone(post, kept)


@pytest.mark.parametrize(
    ("first", "last"), [("", "2026-12-27"), ("soon", "later"), ("2026-12-01", "2027-12-01")]
)
def test_a_time_away_that_cannot_be_changes_nothing(
    post: Callable[..., Any], kept: learner_store.Kept, first: str, last: str
) -> None:
    post("/plan/away/", first=first, last=last)
    assert now().value == kept.value


def test_tapping_a_month_leaves_other_months_and_past_days_alone(
    browser: Client, post: Callable[..., Any], kept: learner_store.Kept
) -> None:
    before = set(hours().days_off)
    page = browser.get("/plan/days-off/?on=2026-12-10").content.decode()
    off = ticked(page, "off")
    post("/plan/days-off/save/", month="2026-12-10", off=[*off, "2026-12-11", "2026-11-01"])
    assert set(hours().days_off) == before | {date(2026, 12, 11)}
    post("/plan/days-off/save/", month="2026-12-10", off=off)
    assert set(hours().days_off) == before


def test_what_is_ticked_is_the_shelf_and_counts_are_kept(
    browser: Client, post: Callable[..., Any], kept: learner_store.Kept
) -> None:
    own = ticked(browser.get("/plan/resources/").content.decode(), "have")
    assert own == [f"own-{n}" for n in range(len(kept.value.resources))]
    new = {"units-amboss-usmle": "2,700", "done-amboss-usmle": "300"}
    post("/plan/resources/save/", have=[*own, "amboss-usmle"], **new, **{"done-own-0": "2750"})
    found = now().value.resources
    assert found[0].done == 2750
    assert found[1 : len(own)] == kept.value.resources[1:]
    assert (found[-1].catalogue, found[-1].units, found[-1].done) == ("amboss-usmle", 2700, 300)
    undone(post, kept)
    post("/plan/resources/save/", have=own[1:])
    assert now().value.resources == kept.value.resources[1:]


@pytest.mark.parametrize("typed", ["many", "-3", "1e9", "9" * 30])
def test_a_count_that_cannot_be_is_said_beside_what_was_typed(
    post: Callable[..., Any], kept: learner_store.Kept, typed: str
) -> None:
    answer = post("/plan/resources/save/", have=["own-0"], **{"done-own-0": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert now().value == kept.value


@pytest.mark.parametrize(
    "address", ["/plan/hours/save/", "/plan/days-off/save/", "/plan/away/", "/plan/resources/save/"]
)
def test_an_old_page_asks_again(
    post: Callable[..., Any], kept: learner_store.Kept, address: str
) -> None:
    dates = {"month": "2026-12-01", "first": "2026-12-01", "last": "2026-12-02"}
    assert post(address, version=0, **dates).status_code == 409
    assert now().value == kept.value


@pytest.mark.parametrize(
    "address",
    ["/plan/hours/", "/plan/hours/?hours=all", "/plan/days-off/", "/plan/days-off/?on=0001-01-01",
     "/plan/days-off/?on=soon", "/plan/resources/", "/plan/?on=2026-11-26"],
)  # fmt: skip
def test_the_pages_open(browser: Client, kept: learner_store.Kept, address: str) -> None:
    assert browser.get(address).status_code == 200
    assert kept.today == TODAY
