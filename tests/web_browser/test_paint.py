"""Study hours are painted by mouse, by finger and by keys, and saved as they were painted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from bounceback.records import parse_case
from bounceback.records.models import Availability
from tests.web_browser.conftest import Open
from tests.web_browser.serving import App
from tests.web_browser.test_open_to_all import faults


def cell(page: Page, value: str) -> Locator:
    return page.locator(f"input[name=cell][value={value}]")


def clear(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('[name=cell]:checked').forEach(e => { e.checked = false })"
    )


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def saved(page: Page) -> Availability:
    page.get_by_role("button", name="Save hours").click()
    expect(page.locator(".messages")).to_contain_text("Study hours saved.")
    text = page.request.get("/you/settings/export/").text()
    found = parse_case(text).record.availability
    assert found is not None
    return found


def hours_of(found: Availability, day: str) -> list[tuple[int, int]]:
    windows = {str(key): value for key, value in found.windows.items()}
    return [(w.start.hour, w.end.hour) for w in windows.get(day, ())]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_mouse_paints_and_wipes_out(app: App, open_page: Open, width: int) -> None:
    page = open_page(app, width=width)
    page.goto("/plan/hours/")
    clear(page)
    cell(page, "mon-9").scroll_into_view_if_needed()
    page.mouse.move(*middle(cell(page, "mon-9")))
    page.mouse.down()
    page.mouse.move(*middle(cell(page, "thu-9")), steps=12)
    page.mouse.move(*middle(cell(page, "thu-10")), steps=4)
    page.mouse.up()
    page.mouse.click(*middle(cell(page, "tue-9")))  # a single press wipes one out
    assert cell(page, "mon-9").is_checked()
    assert not cell(page, "tue-9").is_checked()
    expect(page.locator("[data-week-sum]")).to_have_text("4 hours a week.")
    found = saved(page)
    assert hours_of(found, "mon") == [(9, 10)]
    assert hours_of(found, "tue") == []
    assert hours_of(found, "thu") == [(9, 11)]
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator(".messages")).to_contain_text("Undone")


def test_a_finger_paints_sideways_and_a_tap_is_one_cell(app: App, open_page: Open) -> None:
    page = open_page(app, has_touch=True)
    page.goto("/plan/hours/")
    clear(page)
    cell(page, "mon-9").scroll_into_view_if_needed()
    page.touchscreen.tap(*middle(cell(page, "fri-9")))
    expect(cell(page, "fri-9")).to_be_checked()
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    x, y = middle(cell(page, "mon-9"))
    end, _y = middle(cell(page, "wed-9"))
    send("touchStart", (x, y))
    for step in range(1, 9):
        send("touchMove", (x + (end - x) * step / 8, y))
    send("touchEnd")
    assert [cell(page, f"{day}-9").is_checked() for day in ("mon", "tue", "wed", "thu")] == [
        True, True, True, False
    ]  # fmt: skip


def test_keys_go_from_cell_to_cell(app: App, open_page: Open) -> None:
    page = open_page(app, width=1280)
    page.goto("/plan/hours/")
    clear(page)
    cell(page, "mon-9").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert [cell(page, one).is_checked() for one in ("mon-9", "tue-9", "tue-10", "mon-10")] == [
        True, True, True, False
    ]  # fmt: skip


def test_without_script_each_cell_is_a_box(app: App, open_page: Open) -> None:
    page = open_page(app, java_script_enabled=False)
    page.goto("/plan/hours/")
    before = cell(page, "sun-9").is_checked()
    cell(page, "sun-9").set_checked(not before, force=True)
    page.get_by_role("button", name="Save hours").click()
    page.goto("/plan/hours/")
    assert cell(page, "sun-9").is_checked() is not before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_pages_are_open_to_all(app: App, open_page: Open, scheme: str, forced: str) -> None:
    page = open_page(app, color_scheme=scheme, forced_colors=forced)
    for address in ("/plan/hours/", "/plan/days-off/", "/plan/resources/", "/welcome/begin/"):
        page.goto(address)
        assert faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
