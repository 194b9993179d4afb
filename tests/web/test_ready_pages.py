"""Pages kept ready: the same page is not made twice, and no page is older than the last write."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bounceback_web import briefings, clock
from bounceback_web.cards import collection_access
from bounceback_web.pages import ready_pages
from bounceback_web.pages.views import chances, today
from bounceback_web.records import learner_store, models

pytestmark = pytest.mark.usefixtures("kept")

WITHOUT_PARAMETERS = sorted(ready_pages.PAGES)


@pytest.fixture(autouse=True)
def _nothing_ready() -> None:
    ready_pages.forget()


def _form_keys(page: Any) -> list[str]:
    return re.findall(r'name="once" value="([^"]*)"', page.content.decode())


def _settled(page: Any) -> str:
    """Return a page without what is new in every answer."""
    text = re.sub(r'name="once" value="[^"]*"', "", page.content.decode())
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", text)


def _twice(browser: Client, name: str) -> None:
    """Ask for a page until it is kept: not the first time, and not before the day's answer."""
    browser.get(reverse("today"))
    browser.get(reverse(name))
    browser.get(reverse(name))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the pages that are rendered."""
    calls: list[str] = []
    from django.template.backends.django import Template

    render = Template.render

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(str(self.template.name))
        return render(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", counted)
    return calls


@pytest.mark.parametrize("name", WITHOUT_PARAMETERS)
def test_a_page_kept_ready_says_what_a_new_one_says(
    name: str, browser: Client, made: list[str]
) -> None:
    _twice(browser, name)
    made.clear()
    again = browser.get(reverse(name))
    assert made == []
    ready_pages.forget()
    assert _settled(again) == _settled(browser.get(reverse(name)))
    assert made != []


@pytest.mark.parametrize("name", ["today", "plan", "chances", "blocks", "settings"])
def test_every_answer_has_its_own_form_keys_and_a_token_that_is_taken(name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    first, second = strict.get(reverse(name)), strict.get(reverse(name))
    third = strict.get(reverse(name))
    keys = [*_form_keys(first), *_form_keys(second), *_form_keys(third)]
    assert keys
    assert len(set(keys)) == len(keys)
    for page in (first, second, third):
        tokens = re.findall(r'csrfmiddlewaretoken" value="([^"]*)"', page.content.decode())
        assert all(re.fullmatch(r"[A-Za-z0-9]{64}", token) for token in tokens)
    token = re.findall(r'csrfmiddlewaretoken" value="([^"]*)"', third.content.decode())[0]
    given = {"csrfmiddlewaretoken": token, "once": keys[-1], "numbers": "hide"}
    assert strict.post(reverse("settings-numbers"), given).status_code == 302


def test_forms_of_two_tabs_both_act(browser: Client) -> None:
    _twice(browser, "blocks")
    tabs = [browser.get(reverse("blocks")) for _ in range(2)]
    for n, tab in enumerate(tabs):
        entry = {"date": "2026-11-23", "minutes": 10 + n, "activity": "reading"}
        browser.post(reverse("study-add"), {**entry, "once": _form_keys(tab)[0]})
    found = learner_store.find(None)
    assert found is not None
    assert [s.minutes for s in found.value.study[-2:]] == [10, 11]


def _add_study() -> None:
    entry = {"date": "2026-11-23", "minutes": 25, "activity": "reading"}
    learner_store.add(None, "study", entry, "noted")


def _hide_numbers() -> None:
    models.LearnerRecord.objects.update(shows_numbers=False)


def _half_a_day() -> None:
    models.LearnerRecord.objects.update(day_level="half", day_level_on=date(2026, 11, 23))


def _start_timer() -> None:
    row = models.LearnerRecord.objects.get(owner__username="local")
    models.Timer.objects.create(record=row, session="none", started_at=clock.now())


def _undo() -> None:
    _add_study()
    row = models.LearnerRecord.objects.get(owner__username="local")
    learner_store.undo(None, row.version)


def _receive_a_form() -> None:
    owner = learner_store.local_owner()
    models.Submission.objects.create(owner=owner, key="k", led_to="/")


def _begin_again() -> None:
    found = learner_store.find(None)
    assert found is not None
    learner_store.begin(learner_store.local_owner(), found.value, "begun again")


@pytest.mark.parametrize(
    "write",
    [
        _add_study,
        _hide_numbers,
        _half_a_day,
        _start_timer,
        _undo,
        _receive_a_form,
        _begin_again,
    ],
)
def test_no_page_outlives_a_write(
    write: Callable[[], None], browser: Client, made: list[str]
) -> None:
    _twice(browser, "today")
    made.clear()
    write()
    browser.get(reverse("today"))
    assert "pages/today.html" in made


def test_no_page_outlives_a_write_to_the_cards(
    browser: Client, made: list[str], tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    cards = tmp_path / "cards.sqlite3"

    def write(size: int, age_s: float) -> None:
        cards.write_bytes(b"x" * size)
        os.utime(cards, (time.time() - age_s,) * 2)

    _twice(browser, "support")
    made.clear()
    write(10, 60)
    for _ in range(2):
        browser.get(reverse("support"))
    assert made == ["pages/support.html"]
    write(10, 30)  # as long as before, at another time
    browser.get(reverse("support"))
    assert len(made) == 2
    write(10, 0)  # written this moment: another write may follow within the clock's step
    browser.get(reverse("support"))
    browser.get(reverse("support"))
    assert len(made) == 4


def test_an_empty_log_of_the_cards_counts_as_none(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    before = collection_access.written_state()
    (tmp_path / "cards.sqlite3-wal").touch()
    assert collection_access.written_state() == before


def test_the_next_minute_and_another_query_get_a_new_page(
    browser: Client, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    _twice(browser, "chances")
    made.clear()
    browser.get(reverse("chances"), {"try": "1"})
    assert "pages/chances.html" in made
    made.clear()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    browser.get(reverse("chances"))
    assert "pages/chances.html" in made


def test_a_message_is_shown_once(browser: Client, send: Callable[..., Any]) -> None:
    browser.get(reverse("settings"))
    send(reverse("settings-hours"), mon="3")
    first, second = browser.get(reverse("settings")), browser.get(reverse("settings"))
    assert b'class="message"' in first.content
    assert b'class="message"' not in second.content


def test_a_cookie_that_a_page_reads_gets_its_own_page(browser: Client, made: list[str]) -> None:
    _twice(browser, "today")
    made.clear()
    browser.cookies["support_seen"] = "something"
    browser.get(reverse("today"))
    assert "pages/today.html" in made


def test_what_is_written_while_a_page_is_made_is_not_missing_from_the_next(
    browser: Client, monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    _twice(browser, "chances")
    ready_pages.forget()
    browser.get(reverse("chances"))
    shown = chances._shown

    def written_meanwhile(*args: Any, **kwargs: Any) -> HttpResponse:
        response = shown(*args, **kwargs)
        _add_study()
        return response

    monkeypatch.setattr(chances, "_shown", written_meanwhile)
    browser.get(reverse("chances"))
    monkeypatch.setattr(chances, "_shown", shown)
    browser.get(reverse("today"))
    made.clear()
    browser.get(reverse("chances"))
    assert "pages/chances.html" in made


def test_a_fault_while_a_page_is_made_leaves_real_tokens(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def broken(*_args: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(today, "_values", broken)
    browser = Client(raise_request_exception=False)
    page = browser.get(reverse("today"))
    assert page.status_code == 500
    assert ready_pages._CSRF.encode() not in page.content
    assert ready_pages._ONCE.encode() not in browser.get(reverse("settings")).content


def test_nobody_gets_the_page_of_another(browser: Client, stranger: learner_store.Kept) -> None:
    for kept in (learner_store.find(None), stranger):
        assert kept is not None
        briefings.answer(kept)
    mine, theirs = learner_store.state_of(None), learner_store.state_of(stranger.row.owner)
    assert mine is not None
    assert theirs is not None
    assert mine != theirs


def test_few_pages_are_kept(browser: Client) -> None:
    browser.get(reverse("today"))
    for n in range(ready_pages.MOST_PAGES + 5):
        for _ in range(2):
            browser.get(reverse("support"), {"n": n})
    assert len(ready_pages._ready) == ready_pages.MOST_PAGES
