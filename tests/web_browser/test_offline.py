"""The app is gone for a while: ticks and card answers wait in the browser, and go through once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from bounceback.local_storage.card_collection import open_cards
from bounceback.records import parse_case
from tests.web_browser.conftest import PATIENCE_MS, Open
from tests.web_browser.serving import App
from tests.web_browser.test_open_to_all import faults
from tools.screenshots import bring_cards

MONDAY = date(2026, 11, 23)
GONE = ("ERR_CONNECTION", "Failed to fetch", "Failed to load resource", "net::")
DECK = "\n".join(f"question {i}\tanswer {i}" for i in range(10))


WRITTEN = "For the aunt who taught me to read"


def on_disk(app: App) -> list[bytes]:
    """What stands in the app's own files, as whoever finds the disk would read it."""
    files = [path for path in app.home.rglob("*") if path.is_file()]
    return [path.read_bytes() for path in files if "static" not in path.parts]


def with_worker(page: Page) -> None:
    """Load a page until the worker watches over it."""
    page.goto("/")
    page.evaluate(
        "navigator.serviceWorker.controller || new Promise(done =>"
        " navigator.serviceWorker.addEventListener('controllerchange', () => done()))"
    )
    page.goto("/")


def test_a_tick_given_while_the_app_is_gone_goes_through_once(
    tmp_path: Path, open_page: Open
) -> None:
    app = App(tmp_path / "home", MONDAY, "step-1").start()
    try:
        page: Page = open_page(app, expected=GONE)
        with_worker(page)
        app.stop()
        page.reload()  # from what was kept aside
        expect(page.locator("h1")).to_be_visible()
        page.locator("summary", has_text="Log without a timer").click()
        form = page.locator(".next form", has_text="Minutes").first
        form.locator("[name=minutes]").fill("37")
        form.get_by_role("button").click()
        expect(page.locator("[data-waiting]")).to_contain_text("1 entry is saved on this device")
        page.reload()  # it waits in the browser, not in the page
        expect(page.locator("[data-waiting]")).to_contain_text("1 entry is saved on this device")
        page.goto("/chances/")
        expect(page.locator("h1")).to_have_text("Bounceback isn’t running")
        page.goto("/support/")
        expect(page.locator("h1")).not_to_have_text("Bounceback isn’t running")
        app.start()
        expect(page.locator("[data-waiting]")).to_contain_text(
            "have been saved", timeout=PATIENCE_MS
        )
        record = parse_case(page.request.get("/you/settings/export/").text()).record
        assert [s.done_minutes for s in record.plan].count(37) == 1
    finally:
        app.stop()


def test_a_session_logged_offline_and_sent_on_a_later_day_is_not_lost(
    tmp_path: Path, open_page: Open
) -> None:
    app = App(tmp_path / "home", MONDAY, "step-1").start()
    try:
        page: Page = open_page(app, expected=GONE)
        with_worker(page)
        session = page.locator(".next [name=session]").first.get_attribute("value")
        app.stop()
        page.locator("summary", has_text="Log without a timer").click()
        form = page.locator(".next form", has_text="Minutes").first
        form.locator("[name=minutes]").fill("37")
        form.get_by_role("button").click()
        expect(page.locator("[data-waiting]")).to_contain_text("1 entry is saved on this device")
        app.start(MONDAY + timedelta(days=3))
        expect(page.locator("[data-waiting]")).to_contain_text(
            "have been saved", timeout=PATIENCE_MS
        )
        record = parse_case(page.request.get("/you/settings/export/").text()).record
        entry = next(e for e in record.plan if e.id == session)
        assert (entry.date, entry.done_minutes) == (MONDAY, 37)
        page.goto("/")
        expect(page.locator(".messages")).to_contain_text("Logged for Monday")
    finally:
        app.stop()


def test_an_entry_that_cannot_be_stays_until_the_student_has_looked_at_it(
    tmp_path: Path, open_page: Open
) -> None:
    app = App(tmp_path / "home", MONDAY, "step-1-again").start()
    try:
        page: Page = open_page(app, expected=(*GONE, "status of 422"))
        with_worker(page)
        planned = page.locator("main [name=session]").evaluate_all("all => all.map(e => e.value)")
        for session in dict.fromkeys(planned):
            page.goto(f"/today/finish/?session={session}")
            if page.get_by_label("Right", exact=True).count():
                break
        app.stop()
        page.get_by_label("Right", exact=True).fill("30")
        page.get_by_label("Questions", exact=True).fill("20")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).to_have_url(f"{app.url}/")
        expect(page.locator("[data-waiting]")).to_contain_text("1 entry is saved on this device")
        app.start()
        expect(page.locator("[data-waiting]")).to_contain_text("needs a look", timeout=PATIENCE_MS)
        page.get_by_role("button", name="Open it").click()
        expect(page.locator("#right-fault")).to_be_visible()
        expect(page.get_by_label("Right", exact=True)).to_have_value("30")
        page.get_by_label("Right", exact=True).fill("13")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".messages")).to_contain_text("13 of 20")
        expect(page.locator("[data-waiting]:visible")).to_have_count(0)
    finally:
        app.stop()


def test_card_answers_given_while_the_app_is_gone_are_kept_once_each(
    tmp_path: Path, open_page: Open
) -> None:
    app = App(tmp_path / "home", MONDAY, "step-1").start()
    try:
        page: Page = open_page(app, expected=GONE)
        with_worker(page)
        page.goto("/cards/")
        page.get_by_label("Anki package").set_input_files(
            {"name": "Cardio.txt", "mimeType": "text/plain", "buffer": DECK.encode()}
        )
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator("#imports")).to_contain_text("is imported.", timeout=PATIENCE_MS)
        page.goto("/cards/")
        page.get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url("**/cards/review/")
        expect(page.locator("[data-answer] form")).to_have_attribute(
            "data-kept", re.compile("[1-9]")
        )
        app.stop()
        for _ in range(3):
            asked = page.locator("[data-front]").inner_text()
            page.keyboard.press(" ")
            expect(page.locator("[data-back]")).to_contain_text("answer " + asked.split()[1])
            page.keyboard.press("3")
            expect(page.locator("[data-front]")).not_to_have_text(asked)
        expect(page.locator("[data-waiting]")).to_contain_text("3 entries are saved on this device")
        app.start()
        expect(page.locator("[data-waiting]")).to_contain_text(
            "have been saved", timeout=PATIENCE_MS
        )
        with open_cards(app.home) as cards:
            reviews, _ = cards.reviews()
        assert len(reviews) == 3
        assert len(set(reviews["cid"].tolist())) == 3
    finally:
        app.stop()


def test_delete_everything_leaves_nothing_in_the_browser_or_on_the_disk(
    tmp_path: Path, open_page: Open
) -> None:
    app = App(tmp_path / "home", MONDAY, "step-1").start()
    try:
        page: Page = open_page(app, expected=GONE)
        with_worker(page)
        assert page.evaluate("caches.match('/').then(Boolean)")
        page.goto("/you/reason/")
        page.locator("main textarea").fill(WRITTEN)
        with page.expect_navigation():
            page.locator("main form button").first.click()
        assert any(WRITTEN.encode() in data for data in on_disk(app))
        page.goto("/you/settings/delete/")
        page.locator("main input[name=sure]").fill("delete everything")
        page.get_by_role("button", name="Delete everything").click()
        expect(page).to_have_url(re.compile("/welcome/"))
        assert not page.evaluate("caches.match('/').then(Boolean)")
        assert not any(WRITTEN.encode() in data for data in on_disk(app))
    finally:
        app.stop()


def test_a_card_with_its_answer_open_is_open_to_all(tmp_path: Path, open_page: Open) -> None:
    app = App(tmp_path / "home", MONDAY, "step-1").start()
    try:
        for scheme in ("light", "dark"):
            page: Page = open_page(app, color_scheme=scheme)
            if scheme == "light":
                bring_cards(page)
            page.goto("/cards/review/")
            assert faults(page) == []
            page.keyboard.press(" ")
            expect(page.get_by_role("button", name="Good")).to_be_visible()
            assert faults(page) == []
    finally:
        app.stop()
