"""How I am: kept in private, scored as published, and people come before any number."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bounceback_web.records import learner_store
from tests.web.conftest import TODAY


def last() -> Any:
    found = learner_store.find(None)
    assert found is not None
    return found.value.checkins[-1]


def test_sleep_and_a_person_are_kept_without_the_form(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert send("/you/check-in/keep/", sleep_hours="5,5", contact="my sister").status_code == 302
    assert (last().date, last().sleep_hours, last().contact) == (TODAY, 5.5, "my sister")
    assert last().phq2 is None


@pytest.mark.parametrize(("first", "second", "positive"), [(0, 1, False), (1, 2, True)])
def test_the_two_questions_are_scored_as_published(
    browser: Client,
    send: Callable[..., Any],
    kept: learner_store.Kept,
    first: int,
    second: int,
    positive: bool,
) -> None:
    send("/you/check-in/keep/", **{"mood-0": str(first), "mood-1": str(second)})
    assert last().phq2 == first + second
    page = browser.get("/").content.decode()
    assert f"add up to {first + second} of 6" in page
    assert ('<h2 id="people">Talk to someone</h2>' in page) is positive


@pytest.mark.parametrize("mood", [{"mood-0": "2"}, {"mood-0": "2", "mood-1": "9"}])
def test_half_an_answer_is_asked_again(
    send: Callable[..., Any], kept: learner_store.Kept, mood: dict[str, str]
) -> None:
    answer = send("/you/check-in/keep/", sleep_hours="6", **mood)
    assert answer.status_code == 422
    assert 'value="6"' in answer.content.decode()
    assert learner_store.find(None).value == kept.value  # type: ignore[union-attr]


def test_words_of_danger_bring_people_before_everything(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/look-back/answer/", question="help", answer="1", note="Some days I want to die.")
    for address in ("/", "/you/look-back/", "/you/reason/", "/chances/"):
        page = browser.get(address).content.decode()
        assert page.index("Talk to someone") < page.index("<h1>")
        assert "988" in page


def test_looking_keeps_nothing_and_nothing_is_kept_for_nobody(
    browser: Client, send: Callable[..., Any], stranger: learner_store.Kept
) -> None:
    assert browser.get("/you/check-in/keep/").status_code == 405
    assert send("/you/check-in/keep/", sleep_hours="6").headers["Location"] == "/welcome/"
    assert learner_store.find(stranger.row.owner).value == stranger.value  # type: ignore[union-attr]


def test_a_plain_file_holds_answers_on_mood_where_the_box_is_ticked_and_no_check_in_to_show(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/check-in/keep/", sleep_hours="6", **{"mood-0": "3", "mood-1": "3"})

    def plain(**ticked: str) -> list[str]:
        packed = browser.get("/you/export/tables.zip", ticked).content
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = [archive.read(name).decode() for name in archive.namelist()]
        exports = [{}, {"form": "json"}]
        return [
            *(
                browser.get("/you/settings/export/", {**e, **ticked}).content.decode()
                for e in exports
            ),
            "\n".join(files),
        ]

    for text in plain():
        assert "sleep_hours" in text
        assert "phq" not in text.casefold()
        assert "of 6" not in text
    for text in plain(mood="yes"):
        assert "phq2" in text
    shown = browser.get("/you/settings/export/?private=no&mood=yes").content.decode()
    assert "checkins" not in shown
    assert "phq2" not in shown


@pytest.mark.parametrize("address", ["/you/export/", "/you/settings/", "/you/settings/delete/"])
def test_the_page_says_what_is_left_out_beside_a_box_that_is_not_ticked(
    browser: Client, kept: learner_store.Kept, address: str
) -> None:
    page = browser.get(address).content.decode()
    assert (
        page.count("Your answers to the two mood questions stay out unless you check the box") == 1
    )
    (box,) = re.findall(r'<input[^>]*name="mood"[^>]*>', page)
    assert "checked" not in box
    assert "private=no" in browser.get("/you/export/").content.decode()
