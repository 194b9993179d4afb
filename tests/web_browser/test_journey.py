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

from bounceback.messages.advisor_pages import why_sentence
from bounceback.messages.chances import chance_sentence
from bounceback.messages.registry import Format, Locale
from bounceback.records import parse_case
from bounceback.services import briefing
from tests.web_browser.conftest import Open
from tests.web_browser.serving import App
from tests.web_browser.test_open_to_all import faults

MONDAY = date(2026, 11, 23)
UNKIND = re.compile(r"overdue|behind|failed to|should have|streak|!", re.IGNORECASE)

TOLD = {
    "exam": "usmle-step-1",
    "times": "1",
    "date1": "2026-09-14",
    "outcome": "fail",
    "distance": "near",
    "group": "us-md",
    "family": "nbme-cbssa",
    "form": "30",
    "testscore": "60",
    "tested": "2026-11-16",
    "planned": "2027-02-10",
}
FREE = [f"{day}-{part}" for day in ("mon", "tue", "wed", "thu", "fri", "sat")
        for part in ("morning", "afternoon")]  # fmt: skip
"""Parts of the week that are free: eight hours on six days."""


def asked(page: Page) -> list[str]:
    """Names of the fields that can be seen, in order."""
    fields = page.locator("main :is(input, select):not([type=hidden]):visible")
    return list(fields.evaluate_all("all => [...new Set(all.map(e => e.name))]"))


def tell(page: Page) -> None:
    """Answer what the welcome asks until it asks nothing more."""
    for _ in range(12):
        if not page.url.endswith("/begin/"):
            return
        done: set[str] = set()
        while open_ := [n for n in asked(page) if n in TOLD and n not in done]:
            name = open_[0]  # an answer may open the next field of its screen
            field = page.locator(f'main [name="{name}"]:not([type=hidden])')
            if field.first.get_attribute("type") == "radio":
                page.locator(f'main [name="{name}"][value="{TOLD[name]}"]').check(force=True)
            else:
                field.fill(TOLD[name])
            done.add(name)
        if "free" in asked(page):
            for cell in FREE:
                page.locator(f'main [name=free][value="{cell}"]').check(force=True)
        with page.expect_navigation():
            page.locator("main form .stick button").click()
    raise AssertionError("the welcome goes on and on")


def exported(page: Page) -> str:
    """The whole record: with the box for the answers on mood ticked."""
    return page.request.get("/you/settings/export/?mood=yes").text()


def as_engine(page: Page, day: date, *, printed: bool = False) -> str:
    """The sentence that Python gives for what the app would export, on that day.

    Pages write no year of a near day. A printed document writes it, and speaks of the student.
    """
    b = briefing(parse_case(exported(page)).record, day)
    named = next(f for f in b.forecasts if f.on == b.record.exam.planned_date)
    if printed:
        return plain(why_sentence((named.on, named.p_pass), None, Format(Locale())))
    return plain(str(chance_sentence(named.p_pass, named.on, Format(Locale(today=named.on)))))


def plain(text: str) -> str:
    """The words with one plain space between them."""
    return " ".join(text.split())


def kindly(page: Page) -> None:
    said = page.locator("main").inner_text()
    assert UNKIND.search(said) is None, UNKIND.search(said)


START = re.compile(r"^Start( ·.*)?$")


def morning_zone(app: App, open_page: Open) -> str:
    """Return a time zone in which it is 8 in the morning, by the browser's own clock.

    After noon of the first day Today asks whether to start tomorrow: a question of its own.
    """
    hour: int = open_page(app).evaluate("new Date().getUTCHours()")
    behind = hour - 8 if hour <= 20 else hour - 32
    return f"Etc/GMT{behind:+d}"


def starts(page: Page) -> None:
    """See the first session of the day, with a button that starts it."""
    expect(page.get_by_role("button", name=START)).to_be_visible()


def note_first_session(page: Page) -> None:
    page.goto("/")
    page.locator("summary", has_text="Log without a timer").click()
    with page.expect_navigation():
        page.locator(".next").get_by_role("button", name="Log time").click()
    expect(page.locator(".messages")).to_contain_text("Logged")


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
        timezone_id=morning_zone(empty_app, open_page),
        expected=("ERR_CONNECTION",),  # the server is started anew on other days
    )

    # Welcome, and a first honest answer: where one is, and people like oneself on the date.
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Answer six questions")).click()
    tell(page)
    expect(page.locator("h1")).to_contain_text("today")
    assert as_engine(page, MONDAY) in plain(page.locator("main").inner_text())
    assert faults(page) == []

    # Look within.
    page.goto("/you/look-back/")
    question = page.locator(".one-question form")
    question.locator("label", has_text="2").click()
    with page.expect_navigation():
        question.get_by_role("button").click()
    assert "[appraisal" in exported(page)

    # Chance: the words of the engine.
    page.goto("/chances/")
    expect(page.locator(".my-date .lede")).to_have_text(as_engine(page, MONDAY))
    kindly(page)

    # The plan: Today has work and a reason for it.
    page.goto("/")
    starts(page)
    assert page.locator(".next .because").inner_text()
    kindly(page)

    # A week: some work on Monday, three days on which nothing is noted, then back.
    note_first_session(page)
    empty_app.on(MONDAY + timedelta(days=4))
    page.goto("/")
    kindly(page)
    starts(page)
    assert faults(page) == []
    note_first_session(page)

    # A bad day is a smaller day.
    page.locator("summary", has_text="Having a hard day?").click()
    page.get_by_role("button", name="Minimum").click()
    expect(page.get_by_role("button", name="Minimum")).to_have_attribute("aria-pressed", "true")
    kindly(page)

    # A practice test is entered; forecast and plan are re-made with it.
    friday = MONDAY + timedelta(days=4)
    before = as_engine(page, friday)
    page.goto("/chances/tests/")
    page.locator("#form").fill("31")
    page.locator("#date").fill("2026-11-26")
    page.locator("#score").fill("68")
    page.get_by_role("button", name="Add test").first.click()
    expect(page.locator("main")).to_contain_text("68")
    assert as_engine(page, friday) != before
    page.goto("/chances/")
    expect(page.locator(".my-date .lede")).to_have_text(as_engine(page, friday))

    # Several dates to choose from.
    assert page.locator(".dl-column:visible").count() >= 2
    kindly(page)
    assert faults(page) == []

    # What is taken along opens in its own library.
    page.goto("/you/export/")
    with page.expect_download() as pdf:
        page.get_by_role("link", name="Download PDF").click()
    paper = pypdf.PdfReader(pdf.value.path())
    assert len(paper.pages) == 2
    assert as_engine(page, friday, printed=True) in plain(paper.pages[0].extract_text())
    with page.expect_download() as ics:
        page.get_by_role("link", name="One event a session (.ics)").click()
    calendar = icalendar.Calendar.from_ical(ics.value.path().read_bytes())
    assert len(calendar.walk("VEVENT")) > 20

    # How I am: two questions on mood, answered low; a plain file leaves them out unless told.
    page.goto("/you/check-in/")
    page.get_by_text("Two questions about the last two weeks").click()
    page.locator("main input[name='mood-0'][value='1']").check()
    page.locator("main input[name='mood-1'][value='0']").check()
    page.get_by_role("button", name="Save check-in").click()
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
    page.get_by_label("Case file (TOML or JSON)").set_input_files(file)
    page.get_by_role("button", name="Import file").click()
    expect(page).to_have_url(f"{empty_app.url}/")
    assert exported(page) == all_of_it


def test_by_keyboard_alone_from_welcome_to_a_logged_session(
    empty_app: App, open_page: Open
) -> None:
    zone = morning_zone(empty_app, open_page)
    page: Page = open_page(empty_app, width=1280, height=800, timezone_id=zone)

    def to(name: str, tries: int = 60) -> None:
        """Go to the next field or link of a name with Tab alone; where it goes is always seen."""
        for _ in range(tries):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "() => { const e = document.activeElement; let s = getComputedStyle(e);"
                "for (let n = e.parentElement; n && s.outlineStyle === 'none'; n = n.parentElement)"
                " s = getComputedStyle(n);"  # a field and its buttons may share one outline
                "return [(e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText"
                " || '').trim(), e.name || '', s.outlineStyle, e.value || ''] }"
            )
            assert here[2] != "none", f"focus cannot be seen on {here}"
            if name in (re.split("[\n:]", here[0])[0].strip(), here[1]):
                return
        raise AssertionError(f"{name} cannot be reached by keyboard")

    page.goto("/")
    to("Answer six questions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/begin/")
    for _ in range(12):
        if not page.url.endswith("/begin/"):
            break
        page.evaluate("document.activeElement.blur()")
        done: set[str] = set()
        while open_ := [n for n in asked(page) if n in TOLD and n not in done]:
            name = open_[0]
            done.add(name)
            to(name)
            choices = page.locator(f'main [name="{name}"][type=radio]')
            if choices.count():
                page.keyboard.press("Space")
                for _step in range(choices.count()):
                    chosen = page.locator(f'main [name="{name}"]:checked')
                    if chosen.get_attribute("value") == TOLD[name]:
                        break
                    page.keyboard.press("ArrowDown")
                expect(chosen).to_have_value(TOLD[name])
            elif page.evaluate("document.activeElement.type") == "date":
                year, month, day = TOLD[name].split("-")
                page.keyboard.type(f"{month}{day}{year}")
            else:
                page.keyboard.press("Control+A")
                page.keyboard.type(TOLD[name])
        if "free" in asked(page):
            to("free")
            for _day in range(5):  # down the mornings
                page.keyboard.press("Space")
                page.keyboard.press("ArrowDown")
        to("See my starting point" if "planned" in asked(page) else "Next")
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
    to("Stop and log")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    to("Save as done")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".changed")).to_contain_text("Undo")
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
    assert page.content().count("Logged: 33 min") >= 1
    history = parse_case(exported(page)).record.plan
    assert [s.done_minutes for s in history].count(33) == 1
    page.goto("/chances/tests/")
    page.locator("#form").fill("something typed")
    page.goto("/")
    page.go_back()
    expect(page.locator("#form")).to_have_value("something typed")
