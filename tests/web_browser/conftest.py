"""A real Chromium before a real server. What a page asks of other machines is a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.web_browser.serving import START_KEY, App
from tools.chromium import find

STORY_DAY = date(2026, 11, 23)
"""A Monday of the example's story, on which it has work."""

PATIENCE_MS = 120_000
"""How long a page may take on a machine with other work; what is fast does not wait for it."""
expect.set_options(timeout=PATIENCE_MS)

QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=str(find()), args=QUIET)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The example learner's app, one for the tests of a file."""
    running = App(tmp_path_factory.mktemp("home"), STORY_DAY, "step-1").start()
    yield running
    running.stop()


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[App]:
    """An app that nobody has told anything yet."""
    running = App(tmp_path / "home", STORY_DAY).start()
    yield running
    running.stop()


@dataclass
class Watched:
    """What went past while a page was used."""

    origin: str
    outside: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def see(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda fault: self.said.append(f"{page.url}: {fault}"))

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:" + self.origin)):
            self.outside.append(request.url)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(
            word in message.text for word in self.expected
        ):
            self.said.append(f"{message.location.get('url')}: {message.text}")

    def assert_quiet(self) -> None:
        assert self.outside == []
        assert self.said == []


Open = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Open a page of an app: its size, scheme, script, …; it must stay quiet to the end."""
    opened: list[tuple[Any, Watched]] = []

    def _open(
        app: App,
        *,
        width: int = 390,
        height: int = 844,
        expected: tuple[str, ...] = (),
        **more: Any,
    ) -> Page:
        context = chromium.new_context(
            base_url=app.url, viewport={"width": width, "height": height}, **more
        )
        context.set_default_timeout(PATIENCE_MS)
        if not app.example:
            context.request.get(f"{app.url}/?key={START_KEY}", max_redirects=0)
        watched = Watched(app.url, expected=expected)
        context.on("page", watched.see)
        page = context.new_page()
        opened.append((context, watched))
        return page

    yield _open
    for context, _ in opened:
        context.close()
    for _, watched in opened:
        watched.assert_quiet()
