"""How long the first minutes take four people, by a reading model.

``python -m tests.web_browser.first_minutes`` prints a row a person and a row a screen. The model:
words at 230 a minute, 1.5 seconds a tap, 5 seconds a field that is typed or a date that is chosen.
Words are those above the button that leads on, outside closed folds and pictures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from tests.web_browser.serving import START_KEY, App
from tools.chromium import find

WORDS_A_MINUTE: Final = 230
SECONDS_A_TAP: Final = 1.5
SECONDS_A_FIELD: Final = 5.0
DAY: Final = date(2026, 11, 23)
WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WORDS_ABOVE: Final = """(selector) => {
  const button = [...document.querySelectorAll(selector)].find(e => e.checkVisibility());
  let words = 0;
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (button && !(button.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING)
        && !button.contains(node)) continue;
    if (e.closest("svg, .hidden, .visually-hidden, option") || !e.checkVisibility()) continue;
    if (e.closest("details:not([open])") && !e.closest("summary")) continue;
    words += (node.textContent.match(/[\\p{L}\\p{N}]+[^\\s]*/gu) || []).length;
  }
  return words;
}"""


@dataclass
class Person:
    """Somebody of the study of first use.

    Attributes:
        name: Who.
        chips: Radio buttons, by field.
        typed: Fields and dates.
        free: Cells of the week that are free.
    """

    name: str
    chips: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)
    free: tuple[str, ...] = ()


def _cells(days: Sequence[str], *parts: str) -> tuple[str, ...]:
    return tuple(f"{day}-{part}" for day in days for part in parts)


PEOPLE: Final = (
    Person(
        "US MD, Step 1, one practice test, six weeks",
        {"exam": "usmle-step-1", "times": "1", "outcome": "fail", "distance": "moderate",
         "group": "us-md", "family": "nbme-cbssa", "bank": "uworld-step-1", "cap": "8"},
        {"date1": "2026-09-14", "read": "2026-10-07", "form": "31", "testscore": "58",
         "tested": "2026-11-16", "used": "90", "planned": "2027-01-11"},
        _cells(WEEK[:6], "morning", "afternoon"),
    ),
    Person(
        "Non-US IMG, Step 2 CK, works in the day",
        {"exam": "usmle-step-2-ck", "times": "1", "outcome": "fail", "group": "non-us-img",
         "family": "nbme-ccssa", "bank": "amboss-usmle", "cap": "3"},
        {"date1": "2026-08-20", "read": "2026-09-16", "score": "205", "form": "9",
         "testscore": "209", "tested": "2026-11-10", "units": "3000", "used": "30"},
        (*_cells(WEEK[:5], "evening"), *_cells(WEEK[5:6], "morning", "afternoon")),
    ),
    Person(
        "DO, Level 1, second failure, no test",
        {"exam": "comlex-level-1", "times": "2", "outcome": "fail", "group": "us-do",
         "bank": "combank-comlex-level-1", "cap": "6"},
        {"date1": "2026-09-01", "date2": "2026-03-10", "read": "2026-10-05", "units": "2200",
         "used": "60", "planned": "2027-02-15"},
        _cells(WEEK[:6], "morning", "afternoon"),
    ),
    Person(
        "Step 3 resident, one hour a day",
        {"exam": "usmle-step-3", "times": "1", "outcome": "fail", "group": "us-img",
         "bank": "none", "cap": "1"},
        {"date1": "2026-08-05", "read": "2026-09-02", "score": "192", "planned": "2027-03-01"},
        _cells(WEEK[:6], "evening"),
    ),
)  # fmt: skip


@dataclass
class Count:
    """What one person met until the first plan on Today.

    Attributes:
        words: Words read.
        taps: Buttons, chips and strokes over the week.
        fields: Fields that were typed.
        screens: Words of each screen, in order.
        record: The case file that came out of it.
    """

    words: int = 0
    taps: int = 0
    fields: int = 0
    screens: list[tuple[str, int]] = field(default_factory=list)
    record: str = ""

    @property
    def seconds(self) -> float:
        """Time by the model."""
        return (
            60 * self.words / WORDS_A_MINUTE
            + SECONDS_A_TAP * self.taps
            + SECONDS_A_FIELD * self.fields
        )


def _read(page: Page, count: Count, name: str, selector: str = "main .button") -> None:
    words = page.evaluate(WORDS_ABOVE, selector)
    count.words += words
    count.screens.append((name, words))


def _answer(page: Page, person: Person, count: Count) -> None:
    """Fill in one screen: what opens by an answer is answered, too."""
    done: set[str] = set()
    told = person.chips | person.typed
    seen = "all => [...new Set(all.filter(e => e.checkVisibility()).map(e => e.name))]"
    while True:
        shown = page.locator("main :is(input, select):not([type=hidden])").evaluate_all(seen)
        waiting = [name for name in shown if name in told and name not in done]
        if not waiting:
            break
        name = waiting[0]
        done.add(name)
        where = page.locator(f'main [name="{name}"]:not([type=hidden])')
        if name in person.chips:
            chip = page.locator(f'main [name="{name}"][value="{told[name]}"]')
            if not chip.is_checked():
                chip.check(force=True)
                count.taps += 1
        elif where.get_attribute("type") == "range":
            where.fill(told[name])
            count.taps += 1
        else:
            where.fill(told[name])
            count.fields += 1
    if "free" in shown:
        for cell in person.free:
            page.locator(f'main [name=free][value="{cell}"]').check(force=True)
        count.taps += len({cell.split("-")[1] for cell in person.free})  # one stroke a column


def walk(page: Page, person: Person) -> Count:
    """Go from Welcome to the first plan on Today as one person."""
    count = Count()
    page.goto("/welcome/")
    _read(page, count, "Welcome", "main .doors li:last-child a")
    page.get_by_role("link", name="Answer six questions").or_(
        page.get_by_role("link", name="Start over")
    ).click()
    count.taps += 1
    while page.url.endswith("/begin/"):
        _answer(page, person, count)
        _read(page, count, page.locator("h1").inner_text().replace("\n", " "))
        page.locator("main .stick button").click()
        count.taps += 1
        page.wait_for_load_state()
        replaced = page.get_by_role("button", name="Replace my current data")
        if replaced.count():
            replaced.click()
            page.wait_for_load_state()
    _read(page, count, "Your starting point")
    count.record = page.request.get("/you/settings/export/").text()
    page.get_by_role("button", name="Start with today").click()
    count.taps += 1
    page.wait_for_load_state()
    _read(page, count, "Today", "main .next .button")
    return count


def main() -> None:
    """Print a table for the four people."""
    app = App(Path(tempfile.mkdtemp()) / "home", DAY).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(find()))
            for person in PEOPLE:
                context: Any = browser.new_context(
                    base_url=app.url,
                    viewport={"width": 390, "height": 844},
                    timezone_id="America/New_York",
                )
                context.request.get(f"{app.url}/?key={START_KEY}", max_redirects=0)
                count = walk(context.new_page(), person)
                before = count.words - count.screens[-1][1]
                minutes, seconds = divmod(round(count.seconds), 60)
                print(
                    f"{person.name}: {minutes}:{seconds:02d}, {count.words} words"
                    f" ({before} before Today), {count.taps} taps, {count.fields} fields"
                )
                for name, words in count.screens:
                    print(f"  {words:4d}  {name}")
                context.close()
            browser.close()
    finally:
        app.stop()


if __name__ == "__main__":
    main()
