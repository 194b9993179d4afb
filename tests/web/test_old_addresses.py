"""Addresses of earlier versions lead to the pages that took their place."""

from __future__ import annotations

import pytest
from django.test import Client

from bounceback_web.pages.context import PLACES, place_of
from bounceback_web.pages.views.old_addresses import NEW_FOLDERS
from bounceback_web.records import learner_store


@pytest.mark.parametrize(("old", "new"), NEW_FOLDERS.items())
def test_an_old_address_leads_to_the_new_page(
    old: str, new: str, browser: Client, kept: learner_store.Kept
) -> None:
    answer = browser.get(f"/{old}/?on=2026-12-01")
    assert (answer.status_code, answer["Location"]) == (308, f"/{new}/?on=2026-12-01")
    assert browser.get(f"/{old}/", follow=True).status_code == 200


def test_a_form_sent_to_an_old_address_stays_a_form(browser: Client) -> None:
    answer = browser.post("/settings/numbers/", {"numbers": "hide"})
    assert (answer.status_code, answer["Location"]) == (308, "/you/settings/numbers/")


@pytest.mark.parametrize(
    ("path", "place"),
    [("/", "today"), ("/plan/", "plan"), ("/chances/tests/", "chances"), ("/you/match/", "you")],
)
def test_every_page_belongs_to_one_of_five_places(path: str, place: str) -> None:
    assert place_of(path) == place
    assert len(PLACES) == 5
