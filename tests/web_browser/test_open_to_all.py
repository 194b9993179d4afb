"""No page keeps anybody out: axe, zoom, forced colours, and nothing asked of other machines."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web_browser.conftest import Open
from tests.web_browser.serving import App

PAGES = (
    "/",
    "/chances/",
    "/you/look-back/",
    "/chances/tests/",
    "/you/results/",
    "/you/reason/",
    "/support/",
    "/you/settings/",
    "/you/settings/delete/",
    "/plan/",
    "/cards/",
    "/cards/browse/",
    "/cards/workload/",
    "/you/log/",
    "/you/meeting/",
    "/you/match/",
    "/you/export/",
    "/bring/",
    "/bring-backup/",
    "/welcome/",
    "/welcome/begin/",
    "/welcome/report/",
    "/starting-point/",
)
"""Starting points; the crawl adds every page that a link leads to."""

PHONE, DESKTOP = (390, 844), (1280, 800)


def faults(page: Page) -> list[str]:
    """What axe finds, one line each, with the first element concerned."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found]


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")


def links(page: Page) -> set[str]:
    """Addresses of pages of the app that this page leads to (not files to keep)."""
    found = page.eval_on_selector_all(
        "a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))"
    )
    here = {urljoin(page.url, href).partition("#")[0] for href in found}
    return {urlsplit(one).path for one in here if one.startswith(page.url[:20])}


def crawl(page: Page) -> list[str]:
    """Every page that can be reached by links, as addresses."""
    waiting, seen = list(PAGES), []
    while waiting:
        address = waiting.pop(0)
        if address in seen or address.startswith(
            ("/you/settings/export", "/static", "/share/file")
        ):
            continue
        answer = page.request.get(address)
        assert answer.status == 200, (address, answer.status)
        if "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(address)
        seen.append(address)
        waiting += sorted(links(page) - set(seen) - set(waiting))
    return seen


@pytest.fixture(scope="module")
def addresses(app: App, chromium: Any) -> list[str]:
    context = chromium.new_context(base_url=app.url)
    found = crawl(context.new_page())
    context.close()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_page_folded_or_open(
    app: App, open_page: Open, addresses: list[str], size: tuple[int, int], scheme: str
) -> None:
    page = open_page(app, width=size[0], height=size[1], color_scheme=scheme)
    found = {}
    for address in addresses:
        page.goto(address)
        folded = faults(page)
        unfold(page)
        if all_of_it := folded + [f for f in faults(page) if f not in folded]:
            found[address] = all_of_it
    assert found == {}


def test_every_page_is_reached_and_stays_quiet(app: App, open_page: Open) -> None:
    page = open_page(app)  # the fixture holds: no outside request, no word in the console
    found = crawl(page)
    assert set(PAGES) <= set(found)


def test_the_policy_allows_nothing_unsafe(app: App, open_page: Open) -> None:
    policy = open_page(app).goto("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "http" not in policy  # no other origin is named


@pytest.mark.parametrize("width", [640, 320], ids=["1280 at 200 %", "640 at 200 %"])
def test_at_twice_the_size_nothing_runs_out_of_the_page(
    app: App, open_page: Open, addresses: list[str], width: int
) -> None:
    page = open_page(app, width=width, height=400, device_scale_factor=2)
    too_wide = {}
    for address in addresses:
        page.goto(address)
        unfold(page)
        over = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if over > 0:
            too_wide[address] = over
    assert too_wide == {}


def test_with_forced_colours_the_chosen_and_the_lines_stay_visible(
    app: App, open_page: Open
) -> None:
    page = open_page(app, forced_colors="active")
    page.goto("/chances/")
    line = page.locator(".belief").first
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert line.evaluate("e => getComputedStyle(e).stroke") != paper
    assert faults(page) == []
    page.goto("/")
    unfold(page)
    pressed = page.locator(".choice[aria-pressed=true]")
    others = page.locator(".choice[aria-pressed=false]").first
    width = "e => getComputedStyle(e).borderTopWidth"
    assert pressed.evaluate(width) != others.evaluate(width)


def test_every_page_works_without_script(app: App, open_page: Open, addresses: list[str]) -> None:
    page = open_page(app, java_script_enabled=False)
    for address in addresses:
        page.goto(address)
        assert page.locator("h1").count() == 1, address


def test_first_load_is_under_100_kb(app: App, open_page: Open) -> None:
    page = open_page(app)
    sizes: list[int] = []
    page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
    page.goto("/", wait_until="networkidle")
    assert 0 < sum(sizes) < 100_000


def test_states_of_fault_are_open_too(app: App, open_page: Open) -> None:
    page = open_page(app, expected=("status of 4",))
    page.goto("/nowhere/")
    assert faults(page) == []
    page.goto("/chances/tests/")
    score = page.get_by_label("Score (as the report prints it)")
    score.fill("987")
    page.get_by_role("button", name="Add test").first.click()
    page.get_by_role("alert").first.wait_for()
    assert score.input_value() == "987"
    unfold(page)
    assert faults(page) == []


def test_before_anything_is_told_the_pages_are_open_too(empty_app: App, open_page: Open) -> None:
    page = open_page(empty_app)
    for address in ("/", "/welcome/", "/welcome/begin/", "/support/"):
        page.goto(address)
        assert faults(page) == [], address
