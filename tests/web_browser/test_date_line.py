"""The date line by keys, by pointer, in each of its states, and on the smallest phone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web_browser.conftest import Open
from tests.web_browser.serving import App

PHONE, DESK = (390, 844), (1280, 800)


def value_text(page: Page) -> str:
    return page.locator("[data-line]").get_attribute("aria-valuetext") or ""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_keys_move_the_finger_and_the_readout_follows(
    app: App, open_page: Open, size: tuple[int, int]
) -> None:
    page: Page = open_page(app, width=size[0], height=size[1])
    page.goto("/chances/")
    line, readout = page.locator("[data-line]"), page.locator("[data-readout]")
    expect(line).to_have_attribute("role", "slider")
    expect(readout).to_be_hidden()
    line.focus()
    resting = value_text(page)
    page.keyboard.press("ArrowRight")
    expect(readout).to_be_visible()
    assert value_text(page) != resting
    moved = value_text(page)
    assert page.locator("[data-r=day]").inner_text().split(".")[0] in moved
    page.keyboard.press("PageUp")
    assert value_text(page) != moved
    page.keyboard.press("Home")
    assert "Your date." in value_text(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("t")
    expect(readout).to_have_class(re.compile("is-trying"))
    expect(page.locator("[data-r=note]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(readout).to_be_hidden()
    assert value_text(page) == resting


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_tap_on_a_column_selects_its_date(
    app: App, open_page: Open, size: tuple[int, int]
) -> None:
    page: Page = open_page(app, width=size[0], height=size[1])
    page.goto("/chances/")
    column = page.locator(".dl-column:visible").last
    column.locator("circle").first.click(force=True)
    day = column.get_attribute("data-day")
    expect(page.locator("[data-r=use] input[name=date]")).to_have_value(str(day))


def test_a_date_is_used_from_the_line_and_undone_by_home(app: App, open_page: Open) -> None:
    page: Page = open_page(app, width=390, height=844)
    page.goto("/chances/")
    before = page.locator("[data-date-line]").get_attribute("data-mine")
    page.locator("[data-line]").focus()
    page.keyboard.press("ArrowRight")
    chosen = page.locator("[data-r=use] input[name=date]").input_value()
    with page.expect_navigation():
        page.get_by_role("button", name="Use this date", exact=True).first.click()
    expect(page.locator("[data-date-line]")).to_have_attribute("data-mine", chosen)
    assert chosen != before


@pytest.mark.parametrize(
    "address",
    ["/chances/", "/chances/?date=2027-02-12&try=1", "/starting-point/", "/you/look-back/before/"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_state_is_open_to_all(app: App, open_page: Open, address: str, scheme: str) -> None:
    page: Page = open_page(app, width=390, height=844, color_scheme=scheme)
    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_at_320_pixels_nothing_scrolls_sideways(app: App, open_page: Open) -> None:
    page: Page = open_page(app, width=320, height=640)
    for address in ("/chances/", "/starting-point/", "/chances/tests/", "/you/", "/cards/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
