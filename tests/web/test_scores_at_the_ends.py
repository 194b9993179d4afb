"""A score at the end of its scale stops no page, and a score off it is not taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bounceback.records import parse_case
from bounceback.records.examples import examples
from bounceback_web.records import learner_store, models

PAGES = ("today", "chances", "tests", "plan", "you", "look-within")


@pytest.fixture
def comlex(db: None) -> learner_store.Kept:
    record = parse_case(examples()["level-1"]).record
    return learner_store.begin(learner_store.local_owner(), record, "begun")


def add(send: Callable[..., Any], score: str) -> int:
    given = {"family": "comsae", "form": "X9", "date": "2026-11-20", "score": score, "timed": "on"}
    return int(send(reverse("tests-add"), **given).status_code)


@pytest.mark.parametrize("score", ["9", "950", "999"])
def test_every_page_shows_it_and_it_can_be_removed(
    score: str, browser: Client, send: Callable[..., Any], comlex: learner_store.Kept
) -> None:
    assert add(send, score) == 302
    assert {browser.get(reverse(name)).status_code for name in PAGES} == {200}
    row = models.Form.objects.get(record=comlex.row, form="X9")
    assert send(reverse("tests-remove", args=[row.pk])).status_code == 302
    assert not models.Form.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("score", ["8", "1000", "-1", "nan"])
def test_a_score_off_the_scale_is_refused(
    score: str, send: Callable[..., Any], comlex: learner_store.Kept
) -> None:
    assert add(send, score) == 422
