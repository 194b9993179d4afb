"""A session goes to another day by mouse, by finger and by keys; it is seen before it is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web_browser.conftest import Open
from tests.web_browser.serving import App

FROM, TO = "2026-11-25", "2026-11-27"
TO_WORDS = "Friday, November 27"


def centre(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 30)


def by_mouse(page: Page, grip: Locator, day: Locator) -> None:
    grip.scroll_into_view_if_needed()
    page.mouse.move(*centre(grip))
    page.mouse.down()
    for _ in range(60):  # the page follows the pointer at its edge until the day is in sight
        x, y = centre(day)
        size = page.viewport_size
        assert size is not None
        inside = min(max(y, 20), size["height"] - 20)
        page.mouse.move(x, inside, steps=4)
        if inside == y and "is-aim" in (day.get_attribute("class") or ""):
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    page.mouse.up()


def by_finger(page: Page, grip: Locator, day: Locator) -> None:
    grip.scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    send("touchStart", centre(grip))
    for _ in range(80):
        x, y = centre(day)
        size = page.viewport_size
        assert size is not None
        inside = min(max(y, 20), size["height"] - 20)
        send("touchMove", (x, inside))
        if inside == y and "is-aim" in (day.get_attribute("class") or ""):
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    send("touchEnd")


def by_keys(page: Page, grip: Locator, day: Locator) -> None:
    grip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-told]")).to_contain_text("arrow keys")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-told]")).to_have_text(TO_WORDS)
    assert "is-aim" in (day.get_attribute("class") or "").split()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("how", "width", "touch"),
    [
        (by_mouse, 1280, False),
        (by_mouse, 390, False),
        (by_finger, 390, True),
        (by_keys, 390, False),
    ],
)
def test_a_session_is_moved_seen_kept_and_undone(
    app: App,
    open_page: Open,
    how: Callable[[Page, Locator, Locator], None],
    width: int,
    touch: bool,
) -> None:
    page = open_page(app, width=width, has_touch=touch)
    page.goto(f"/plan/?on={FROM}")
    session = page.locator(f'[data-day="{FROM}"] [data-session]').first
    name = session.get_attribute("data-session")
    moved = page.locator(f'[data-day="{TO}"] [data-session="{name}"]')
    how(page, session.locator("[data-grip]"), page.locator(f'[data-day="{TO}"]'))

    expect(page.get_by_role("heading", name="What this move changes")).to_be_visible()
    page.goto(f"/plan/?on={FROM}")
    expect(moved).to_have_count(0)  # looking kept nothing

    how(
        page,
        page.locator(f'[data-session="{name}"] [data-grip]'),
        page.locator(f'[data-day="{TO}"]'),
    )
    page.get_by_role("button", name="Save change").click()
    expect(moved).to_have_count(1)
    expect(moved.locator(".tag")).to_have_text("Pinned")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator(".messages")).to_contain_text("Undone")
    page.goto(f"/plan/?on={FROM}")
    expect(moved).to_have_count(0)


def test_what_is_let_go_or_put_back_sends_nothing(app: App, open_page: Open) -> None:
    page = open_page(app)
    page.goto(f"/plan/?on={FROM}")
    grip = page.locator(f'[data-day="{FROM}"] [data-grip]').first
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    grip.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("[data-told]")).to_have_text("Canceled. Nothing moved.")
    expect(page.locator(".is-held, .is-aim")).to_have_count(0)
    grip.scroll_into_view_if_needed()
    x, y = centre(grip)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 3, steps=4)
    page.mouse.up()  # over its own day
    expect(page.locator(".is-held, .is-aim")).to_have_count(0)
    assert "POST" not in sent


def test_without_script_the_date_field_moves_a_session(app: App, open_page: Open) -> None:
    page = open_page(app, java_script_enabled=False)
    page.goto(f"/plan/?on={FROM}")
    session = page.locator(f'[data-day="{FROM}"] [data-session]').first
    expect(session.locator("[data-grip]")).to_be_hidden()
    session.locator("summary").click()
    session.get_by_label("Move to").fill(TO)
    session.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", name="What this move changes")).to_be_visible()
