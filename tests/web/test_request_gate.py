"""Requests that are refused by their head, before any work and before their body."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bounceback_web.config import request_gate
from bounceback_web.config.request_gate import refusal
from bounceback_web.records import learner_store

HOST = {"host": "127.0.0.1:8000"}


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "CONNECT", "OPTIONS", "BREW"])
def test_methods_that_no_page_answers_are_refused(method: str) -> None:
    refused = refusal(method, "/", "", HOST)
    assert refused is not None
    assert (refused.status, refused.reason) == (405, "method")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("method", "mode", "dest", "reason"),
    [
        ("GET", "no-cors", "image", "foreign"),
        ("GET", "navigate", "iframe", "foreign"),
        ("GET", "navigate", "document", "link"),
        ("POST", "navigate", "document", "foreign"),
    ],
)
def test_another_site_gets_nothing_and_its_links_a_page_of_their_own(
    site: str, method: str, mode: str, dest: str, reason: str
) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest, **HOST}
    refused = refusal(method, "/cards/media/heart.png", "", headers)
    assert refused is not None
    assert (refused.status, refused.reason) == (403, reason)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9", "null"])
def test_a_form_of_another_origin_is_refused(origin: str) -> None:
    refused = refusal("POST", "/", "", {"origin": origin, **HOST})
    assert refused is not None
    assert refused.reason == "foreign"
    assert refusal("POST", "/", "", {"origin": "http://127.0.0.1:8000", **HOST}) is None


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/you/plan/", request_gate.BODY_BYTES, None),
        ("/you/plan/", request_gate.BODY_BYTES + 1, 413),
        ("/cards/deck/", request_gate.BODY_BYTES + 1, None),
        ("/cards/deck/", request_gate.UPLOAD_BYTES + 1, 413),
    ],
)
def test_a_body_has_a_limit_by_its_path(path: str, length: int, status: int | None) -> None:
    refused = refusal("POST", path, "", {"content-length": str(length), **HOST})
    assert (refused.status if refused else None) == status


@pytest.mark.parametrize("length", ["-1", "1e9", "٣", "9" * 20, "1, 1"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    refused = refusal("POST", "/", "", {"content-length": length, **HOST})
    assert refused is not None
    assert refused.status == 400


def test_the_pages_hold_the_same(browser: Client, kept: learner_store.Kept) -> None:
    assert browser.trace("/").status_code == 405
    answer = browser.get("/", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    page = browser.get("/")
    assert page.status_code == 200
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"


# --- the key of a start -------------------------------------------------------------------------


@pytest.fixture
def with_key(settings: Any) -> str:
    settings.START_KEY = "the key of this start"
    return "the key of this start"


def test_without_the_key_no_page_shows_anything(
    browser: Client, kept: learner_store.Kept, with_key: str
) -> None:
    for address in ("/", "/chances/", "/you/export/tables.zip", "/cards/media/a.png", "/jobs/1/"):
        answer = browser.get(address)
        assert answer.status_code == 401, address
        assert b"Enter the start key" in answer.content
        assert b"Step 1" not in answer.content
    assert browser.get("/?key=another").status_code == 401
    assert browser.get("/health").status_code == 200


def test_the_printed_address_lets_a_browser_in_and_hides_the_key(
    browser: Client, kept: learner_store.Kept, with_key: str
) -> None:
    answer = browser.get("/chances/", {"key": with_key, "day": "1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/chances/?day=1"
    (cookie,) = answer.cookies.values()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert with_key not in cookie.value
    assert browser.get("/").status_code == 200


def test_the_key_can_be_typed_or_its_address_pasted(
    browser: Client, kept: learner_store.Kept, with_key: str
) -> None:
    assert browser.post("/key/", {"key": "wrong", "to": "/"}).status_code == 401
    pasted = f"http://127.0.0.1:8000/?key={with_key}"
    answer = browser.post("/key/", {"key": pasted, "to": "//evil.example/"})
    assert answer["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_a_cookie_made_elsewhere_lets_nobody_in(
    browser: Client, kept: learner_store.Kept, with_key: str
) -> None:
    browser.cookies["bounceback-key-80"] = "browser:1xxxxx:forged"
    assert browser.get("/").status_code == 401
