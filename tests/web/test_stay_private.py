"""Private: this machine alone, nothing inline, nothing from elsewhere, a key nobody else reads."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from django.test import Client

from bounceback import facts
from bounceback.errors import QuestionError
from bounceback_web.config.data_dir import secret_key
from bounceback_web.config.server import refuse_other_machines
from bounceback_web.pages.context import RETURN_PAGES
from bounceback_web.pages.templatetags import formatting
from bounceback_web.records import learner_store

ADDRESSES = [
    "/", "/you/", "/plan/", "/plan/?view=month", "/chances/", "/you/look-back/", "/chances/tests/",
    "/you/log/", "/you/meeting/", "/you/match/", "/you/match/?open=yes", "/you/reason/",
    "/you/settings/",
    "/you/settings/delete/", "/support/", "/you/results/", "/you/check-in/", "/cards/", "/welcome/",
    "/welcome/begin/", "/starting-point/", "/first-week/", "/you/export/", "/nowhere/",
]  # fmt: skip


def test_every_page_of_the_navigation_is_looked_at() -> None:
    from django.urls import reverse

    assert {reverse(name) for name in sorted(RETURN_PAGES)} <= set(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_holds_nothing_inline_and_nothing_from_elsewhere(
    browser: Client, kept: learner_store.Kept, address: str
) -> None:
    answer = browser.get(address)
    html = answer.content.decode()
    assert re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", html) == []
    # A block of JSON is data: no browser runs it, and the policy has no say in it.
    runs = re.sub(r'<script id="[\w-]+" type="application/json">[^<]*</script>', "", html)
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)", runs) == []
    # Nothing is fetched from elsewhere. The numbers of the support lines are handed to the phone,
    # and their own sites open when tapped, without saying where the tap came from.
    html = re.sub(r'<a class="dial" href="(?:tel|sms):\d+">', "", html)
    contacts = " ".join(line.contact for line in facts.support_lines(None))
    for site in re.findall(r'<a class="dial" rel="noreferrer" href="https://([^"/]+)">', html):
        assert site in contacts
    html = re.sub(r'<a class="dial" rel="noreferrer" href="https://[^"/]+">', "", html)
    fetched = re.findall(r'\s(?:src|href|action|data|poster)="([^"]*)"', html)
    assert [a for a in fetched if not a.startswith(("/", "#", "?"))] == []


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/health"])
def test_the_policy_admits_nothing_by_default(
    browser: Client, kept: learner_store.Kept, address: str
) -> None:
    policy = browser.get(address).headers["Content-Security-Policy"]
    directives = dict(d.strip().split(" ", 1) for d in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("host", ["example.org", "192.168.1.7", "bounceback.local", "127.0.0.1.x"])
def test_another_host_is_refused_before_anything_is_shown(
    browser: Client, kept: learner_store.Kept, host: str
) -> None:
    answer = browser.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "this machine alone" in answer.content.decode()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_this_machine_is_answered(browser: Client, kept: learner_store.Kept, host: str) -> None:
    assert browser.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org", ""])
def test_the_server_refuses_an_address_that_others_reach(host: str) -> None:
    with pytest.raises(QuestionError, match="other machines"):
        refuse_other_machines(host)


def test_the_key_is_written_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) >= 50
    assert secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_key_left_empty_by_a_start_cut_short_gives_way_to_a_new_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret-key").touch()
    key = secret_key(tmp_path)
    assert len(key) >= 50
    assert secret_key(tmp_path) == key
    (said,) = capsys.readouterr().err.splitlines()
    assert "was empty" in said
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_key_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(descriptor: int) -> None:
        assert not (tmp_path / "secret-key").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr("bounceback_web.config.data_dir.os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        secret_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pages_are_kept_by_no_cache_on_the_way(browser: Client, kept: learner_store.Kept) -> None:
    assert "private" in browser.get("/").headers["Cache-Control"]


@pytest.mark.parametrize("safe", ["yes", "not-sure", "no"])
def test_asking_for_people_is_answered_and_kept_nowhere(
    browser: Client, kept: learner_store.Kept, safe: str
) -> None:
    before = learner_store.find(None)
    page = browser.post("/support/", {"safe": safe}).content.decode()
    assert "988" in page
    assert browser.cookies.keys() <= {"csrftoken"}
    after = learner_store.find(None)
    assert before is not None
    assert after is not None
    assert after.row.version == before.row.version


def test_a_number_of_the_support_lines_is_tapped_and_an_address_is_no_number() -> None:
    assert formatting.to_tap("999 or 112") == (
        '<a class="dial" href="tel:999">999</a> or <a class="dial" href="tel:112">112</a>'
    )
    assert 'href="sms:741741"' in formatting.to_tap("text HOME to 741741")
    assert 'href="tel:18884090141">1-888-409-0141<' in formatting.to_tap("1-888-409-0141")
    both = formatting.to_tap("call or text 988, or chat at 988lifeline.org")
    assert both.count("href") == 2
    assert both.endswith('href="https://988lifeline.org">988lifeline.org</a>')
    assert formatting.to_tap("<b>") == "&lt;b&gt;"


def test_every_support_line_with_a_number_can_be_tapped() -> None:
    for line in facts.support_lines(None):
        numbers = re.findall(r"\d(?:[\d -]*\d){2,}(?![\w.])", line.contact)
        linked = formatting.to_tap(line.contact)
        assert linked.count('"tel:') + linked.count('"sms:') == len(numbers), line.contact
