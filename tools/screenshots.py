"""Take a picture of every page: phone and desk, light and dark, into ``screenshots/`` (ignored).

Run by ``make screenshots``; ``python tools/screenshots.py / /chances/`` takes those pages alone.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.web_browser.serving import App  # noqa: E402
from tests.web_browser.test_open_to_all import crawl  # noqa: E402
from tools.chromium import find  # noqa: E402

PLACE = ROOT / "screenshots"
STORY_DAY = date(2026, 11, 23)
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
QUESTIONS = (
    ("Which murmur grows louder on standing?", "Hypertrophic cardiomyopathy"),
    ("Which valve lesion gives an opening snap?", "Mitral stenosis"),
    ("What widens the splitting of the second heart sound?", "Right bundle branch block"),
    ("Which pulse is slow to rise?", "That of aortic stenosis"),
)
DECK = "\n".join(
    f"{question}\t{answer}{'.' * turn}\tcardio"
    for turn in range(10)
    for question, answer in QUESTIONS
)


def name_of(address: str) -> str:
    """Return a file name for a page."""
    return address.strip("/").replace("/", "-") or "today"


def bring_cards(page: Page) -> None:
    """Import a small deck and begin a review session, so that its pages show something."""
    page.goto("/cards/")
    page.get_by_label("Anki package").set_input_files(
        {"name": "Cardio.txt", "mimeType": "text/plain", "buffer": DECK.encode()}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("is imported.").wait_for(timeout=60_000)
    page.goto("/cards/")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/cards/review/")


def main(wanted: list[str]) -> int:
    """Take the pictures; print where they are."""
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = App(Path(folder) / "home", STORY_DAY, "step-1-again").start()
        browser = playwright.chromium.launch(executable_path=str(find()))
        try:
            page = browser.new_context(base_url=app.url).new_page()
            page.set_default_timeout(30_000)
            bring_cards(page)
            addresses = wanted or [*crawl(page), "/cards/review/"]
            for size, (width, height) in SIZES.items():
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        base_url=app.url,
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,  # type: ignore[arg-type]
                    )
                    page = context.new_page()
                    for address in addresses:
                        page.goto(address)
                        path = PLACE / f"{name_of(address)}-{size}-{scheme}.png"
                        page.screenshot(path=path, full_page=True)
                    context.close()
        finally:
            browser.close()
            app.stop()
    print(f"{len(list(PLACE.glob('*.png')))} pictures in {PLACE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
