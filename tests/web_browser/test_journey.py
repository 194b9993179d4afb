"""From a failed exam to a first plan, a week of days, a new test, a decision, and all of it taken
along: in a real browser, on a phone and a desk, in the light and in the dark."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pypdf
import pytest
from playwright.sync_api import Page, expect

from bounceback.messages import briefing_text
from bounceback.records import parse_case
from bounceback.services import briefing
from tests.web_browser.conftest import Open
from tests.web_browser.serving import App
from tests.web_browser.test_open_to_all import faults

MONDAY = date(2026, 11, 23)
UNKIND = re.compile(r"overdue|behind|failed to|should have|streak|!", re.IGNORECASE)

TOLD = {
    "learner.group": "us-md",
    "learner.time_zone": "America/New_York",
    "exam.id": "usmle-step-1",
    "attempts[0].date": "2026-09-14",
    "attempts[0].outcome": "fail",
    "attempts[0].distance_below_pass": "near",
    "forms[0].family": "nbme-cbssa",
    "forms[0].form": "30",
    "forms[0].date": "2026-11-16",
    "forms[0].score": "60",
    "availability.hours_per_day": "7",
    "exam.planned_date": "2027-02-10",
}


def tell(page: Page) -> None:
    """Answer what the welcome asks until it asks nothing more."""
    for _ in range(12):
        if not page.url.endswith("/begin/"):
            return
        asked = page.locator("main :is(input, select):not([type=hidden])")
        names = asked.evaluate_all("all => [...new Set(all.map(e => e.name))]")
        for name in names:
            if name not in TOLD:  # a question with a default of its own
                continue
            field = page.locator(f'main [name="{name}"]:not([type=hidden])')
            if field.first.get_attribute("type") == "radio":
                page.locator(f'main [name="{name}"][value="{TOLD[name]}"]').check()
            else:
                field.fill(TOLD[name])
        with page.expect_navigation():
            page.locator("main form button").first.click()
    raise AssertionError("the welcome goes on and on")


def exported(page: Page) -> str:
    """The whole record: with the box for the answers on mood ticked."""
    return page.request.get("/you/settings/export/?mood=yes").text()


def as_engine(page: Page, day: date) -> str:
    """The sentence that Python gives for what the app would export, on that day."""
    b = briefing(parse_case(exported(page)).record, day)
    named = next(f for f in b.forecasts if f.on == b.record.exam.planned_date)
    return briefing_text.chance_sentence(named)


def kindly(page: Page) -> None:
    said = page.locator("main").inner_text()
    assert UNKIND.search(said) is None, UNKIND.search(said)


def note_first_session(page: Page) -> None:
    page.goto("/")
    page.locator("summary", has_text="Done without a timer").click()
    page.get_by_role("button", name="Note it").first.click()
    expect(page.locator(".last")).to_contain_text("minutes of")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [((390, 844), "light"), ((390, 844), "dark"), ((1280, 800), "light"), ((1280, 800), "dark")],
    ids=["phone-light", "phone-dark", "desk-light", "desk-dark"],
)
def test_the_whole_journey(
    empty_app: App, open_page: Open, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    page: Page = open_page(
        empty_app,
        width=size[0],
        height=size[1],
        color_scheme=scheme,
        expected=("ERR_CONNECTION",),  # the server is started anew on other days
    )

    # Welcome, and a first honest answer that begins with people and the group's count.
    page.goto("/")
    page.get_by_role("link", name="Begin", exact=True).click()
    tell(page)
    expect(page.locator("h1")).to_contain_text("today")
    first = page.locator("main").inner_text()
    assert first.index("Of 100 repeat attempts") < first.index("with your record would pass")
    assert as_engine(page, MONDAY) in first
    assert faults(page) == []

    # Look within.
    page.goto("/you/look-back/")
    page.locator("main input[type=radio][value='2']").first.check()
    with page.expect_navigation():
        page.locator("main form button").first.click()
    assert "[appraisal" in exported(page)

    # Chance: the words of the engine.
    page.goto("/chances/")
    expect(page.locator("main .lead")).to_have_text(as_engine(page, MONDAY))
    kindly(page)

    # The plan: Today has work and a reason for it.
    page.goto("/")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert page.locator(".next .because").inner_text()
    kindly(page)

    # A week: some work on Monday, three days on which nothing is noted, then back.
    note_first_session(page)
    empty_app.on(MONDAY + timedelta(days=4))
    page.goto("/")
    kindly(page)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert faults(page) == []
    note_first_session(page)

    # A bad day is a smaller day; the way to it stands at the top of the page.
    page.get_by_role("link", name="Is today hard?").click()
    page.get_by_role("button", name="Minimum").click()
    expect(page.get_by_role("button", name="Minimum")).to_have_attribute("aria-pressed", "true")
    kindly(page)

    # A practice test is entered; forecast and plan are re-made with it.
    friday = MONDAY + timedelta(days=4)
    before = as_engine(page, friday)
    page.goto("/chances/tests/")
    page.get_by_label("Form, by number or name").fill("31")
    page.get_by_label("Day", exact=True).fill("2026-11-26")
    page.get_by_label("Its total, as the report prints it").fill("68")
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator(".messages")).to_contain_text("re-made")
    assert as_engine(page, friday) != before
    page.goto("/chances/")
    expect(page.locator("main .lead")).to_have_text(as_engine(page, friday))
    assert "31" in page.locator("main").inner_text()

    # Decide, and the pact.
    page.goto("/chances/")
    assert page.locator(".date").count() >= 2
    kindly(page)
    assert faults(page) == []

    # What is taken along opens in its own library.
    page.goto("/you/export/")
    with page.expect_download() as pdf:
        page.get_by_role("link", name="The two pages (PDF)").click()
    paper = pypdf.PdfReader(pdf.value.path())
    assert len(paper.pages) == 2
    assert as_engine(page, friday) in " ".join(paper.pages[0].extract_text().split())
    with page.expect_download() as ics:
        page.get_by_role("link", name="Calendar file (ICS)").click()
    calendar = icalendar.Calendar.from_ical(ics.value.path().read_bytes())
    assert len(calendar.walk("VEVENT")) > 20

    # How I am: two questions on mood, answered low; a plain file leaves them out unless told.
    page.goto("/you/check-in/")
    page.get_by_text("Two questions on the last two weeks").click()
    page.locator("main input[name='mood-0'][value='1']").check()
    page.locator("main input[name='mood-1'][value='0']").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page).to_have_url(f"{empty_app.url}/")
    assert "phq2 = 1" in exported(page)

    # Export, delete, import: with the box ticked it equals, without it all but those answers do.
    all_of_it = exported(page)
    file, without = tmp_path / "mine.toml", tmp_path / "without.toml"
    page.goto("/you/export/")
    for path, ticked in ((without, False), (file, True)):
        page.get_by_label("Include my answers to the two mood questions").set_checked(ticked)
        with page.expect_download() as toml:
            page.get_by_role("button", name="Case file (TOML)").click()
        toml.value.save_as(path)
    assert file.read_text(encoding="utf-8") == all_of_it
    assert without.read_text(encoding="utf-8") == all_of_it.replace("phq2 = 1\n", "")
    page.goto("/you/settings/delete/")
    page.locator("main input[name=sure]").fill("delete everything")
    page.get_by_role("button", name="Delete everything").click()
    expect(page).to_have_url(re.compile("/welcome/"))
    page.locator("summary", has_text="I have a case file").click()
    page.get_by_label("Case file (.toml or .json)").set_input_files(file)
    page.get_by_role("button", name="Bring it in").click()
    expect(page).to_have_url(f"{empty_app.url}/")
    assert exported(page) == all_of_it


def test_by_keyboard_alone_from_the_door_to_a_noted_session(
    empty_app: App, open_page: Open
) -> None:
    page: Page = open_page(empty_app, width=1280, height=800)

    def to(name: str, tries: int = 60) -> None:
        """Go to the next field or link of a name with Tab alone; where it goes is always seen."""
        for _ in range(tries):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "() => { const e = document.activeElement; const s = getComputedStyle(e);"
                "return [(e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText"
                " || '').trim(), e.name || '', s.outlineStyle, e.value || ''] }"
            )
            assert here[2] != "none", f"focus cannot be seen on {here}"
            if name in (here[0].split("\n")[0], here[1]):
                return
        raise AssertionError(f"{name} cannot be reached by keyboard")

    page.goto("/")
    to("Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/begin/")
    for _ in range(12):
        if not page.url.endswith("/begin/"):
            break
        names = page.locator("main :is(input, select):not([type=hidden])").evaluate_all(
            "all => [...new Set(all.map(e => e.name))]"
        )
        page.evaluate("document.activeElement.blur()")
        for name in [n for n in names if n in TOLD]:
            to(name)
            choices = page.locator(f'main [name="{name}"][type=radio]')
            if choices.count():
                values = choices.evaluate_all("all => all.map(e => e.value)")
                page.keyboard.press("Space")
                while page.locator(f'main [name="{name}"]:checked').input_value() != TOLD[name]:
                    page.keyboard.press("ArrowDown")
                    assert len(values) < 20
            elif page.evaluate("document.activeElement.type") == "date":
                year, month, day = TOLD[name].split("-")
                page.keyboard.type(f"{month}{day}{year}")
            else:
                page.keyboard.press("Control+A")
                page.keyboard.type(TOLD[name])
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("today")
    to("Start with today")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{empty_app.url}/")
    to("Start")
    page.keyboard.press("Enter")
    expect(page.get_by_role("timer")).to_be_visible()
    page.reload()  # the timer is the server's
    expect(page.get_by_role("timer")).to_be_visible()
    to("Note it and stop")
    page.keyboard.press("Enter")
    expect(page.locator(".last")).to_contain_text("minutes of")
    to("Undo", 120)
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Undone")


def test_the_skip_link_leads_past_the_navigation(app: App, open_page: Open) -> None:
    page = open_page(app)
    page.goto("/chances/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the page")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_form_sent_twice_acts_once_and_the_back_button_loses_nothing(
    app: App, open_page: Open
) -> None:
    page = open_page(app)
    page.goto("/")
    once = page.locator("main form input[name=once]").first.input_value()
    token = page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    session = page.locator("main input[name=session]").first.input_value()
    form = {"once": once, "csrfmiddlewaretoken": token, "session": session, "minutes": "33"}
    for _ in range(3):
        page.request.post("/today/done/", form=form, headers={"Referer": app.url})
    page.goto("/you/settings/")
    assert page.content().count("33 minutes of") >= 1
    history = parse_case(exported(page)).record.plan
    assert [s.done_minutes for s in history].count(33) == 1
    page.goto("/chances/tests/")
    page.get_by_label("Form, by number or name").fill("something typed")
    page.goto("/")
    page.go_back()
    expect(page.get_by_label("Form, by number or name")).to_have_value("something typed")
