"""Asking what the way to the exam day costs, and letting the reviews follow it."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from bounceback.cli import main
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import join
from tests.flashcards.anki.builders import MEDIA, small_deck

CASE = Path(__file__).resolve().parents[1] / "cases" / "step1-us-md-wobbly.toml"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
UNTIL = "2027-01-08"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with 60 cards that wait and 40 that were not met yet, of two areas."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    unseen = small_deck(notes=40, reviews_each=0, guid="new", card_from=5000)
    unseen.cards["type"] = unseen.cards["queue"] = 0
    with open_cards(folder, make=True) as cards:
        join(cards, small_deck(notes=60), MEDIA.__getitem__)
        join(cards, unseen, MEDIA.__getitem__)
        cards.remember("zone", "America/New_York")
    return folder


def ask(*words: str) -> int:
    with time_machine.travel(NOW, tick=False):
        return main(["cards", *words])


@pytest.fixture
def workload(capsys: pytest.CaptureFixture[str]):
    def asked(*words: str) -> dict:
        assert ask("workload", "--until", UNTIL, "--json", *words) == 0
        return json.loads(capsys.readouterr().out)

    return asked


def test_every_day_until_the_exam_has_its_load_with_a_band(workload) -> None:
    found = workload("--minutes", "20")
    days = [date.fromisoformat(one["date"]) for one in found["load"]]
    assert (days[0], days[-1]) == (date(2026, 11, 22), date(2027, 1, 7))
    assert len(days) == 47
    for one in found["load"]:
        assert 0.0 <= one["minutes_low"] <= one["minutes"] <= one["minutes_high"] <= 20.0
    assert 0.0 <= found["recall"]["low"] <= found["recall"]["mean"] <= found["recall"]["high"] <= 1
    assert found["recall"]["mean"] > found["recall_if_nothing"]
    assert found["cards"] == {"all": 100, "seen": 60, "unseen": 40, "suspended": 0}
    assert found["backlog"]["waiting"] == 60
    assert date.fromisoformat(found["last_new"]) < date(2027, 1, 8)


def test_the_same_cards_give_the_same_answer(workload) -> None:
    assert workload() == workload()


def test_a_day_off_and_a_day_without_time_have_no_cards(workload) -> None:
    found = workload("--case", str(CASE))
    load = {one["date"]: one["minutes"] for one in found["load"]}
    assert load["2026-11-26"] == load["2026-12-25"] == 0.0  # days off of the case
    assert load["2026-11-29"] == 0.0  # a Sunday, with no minutes in the case
    assert found["minutes_by_weekday"]["sun"] == 0.0
    assert load["2026-11-23"] > 0.0


def test_a_lighter_day_has_fewer_cards_and_the_next_is_not_fuller_for_it(workload) -> None:
    usual = workload("--minutes", "6")
    lighter = workload("--minutes", "6", "--easy", "2026-11-24", "--easy", "2026-11-25=0")
    minutes = {one["date"]: one["minutes"] for one in lighter["load"]}
    assert 0.0 < minutes["2026-11-24"] <= 3.0
    assert minutes["2026-11-25"] == 0.0
    assert minutes["2026-11-26"] <= 6.0
    assert lighter["recall"]["mean"] <= usual["recall"]["high"]


@pytest.mark.parametrize("easy", ["2026-11-24=2", "2026-11-24=half", "tomorrow"])
def test_a_lighter_day_that_is_none_is_refused(easy: str) -> None:
    assert ask("workload", "--until", UNTIL, "--easy", easy) == 2


def test_keeping_what_is_known_is_priced_when_asked(
    workload, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "keep" not in workload()
    found = workload("--keep")["keep"]
    assert [one["desired_retention"] for one in found] == [0.7, 0.8, 0.9]
    spent = [one["minutes_a_day"]["mean"] for one in found]
    assert 0.0 < spent[0] < spent[-1]
    assert ask("workload", "--until", UNTIL, "--keep") == 0
    assert "Keeping what you know, without new cards" in capsys.readouterr().out


def test_with_a_case_cards_count_by_what_the_exam_asks(workload, home: Path) -> None:
    plain = workload()
    assert (plain["exam"], plain["areas"]) == (None, [])
    aimed = workload("--case", str(CASE))
    assert aimed["exam"] == "usmle-step-1"
    (heart,) = aimed["areas"]
    assert heart["area"] == "Cardiovascular System"
    assert (heart["seen"], heart["unseen"]) == (60.0, 40.0)
    assert 0.0 <= heart["today"]["low"] <= heart["today"]["mean"] <= heart["today"]["high"] <= 1.0


def test_looking_keeps_nothing(workload, home: Path) -> None:
    workload()
    with open_cards(home) as cards:
        assert cards.setting("follow") is None


def test_reviews_follow_the_plan_that_was_chosen(
    workload, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = workload("--minutes", "2", "--follow")
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert ask("review") == 0
    out = capsys.readouterr().out
    assert "Following your plan to January 8, 2027." in out
    load = found["load"][0]
    (line,) = (line for line in out.splitlines() if "min left" in line)
    assert sum(int(word) for word in line.split(";")[0].split() if word.isdecimal()) <= 20
    assert load["minutes"] <= 2.0


def test_a_plan_for_another_day_than_the_cases_is_named_and_not_followed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("workload", "--until", "2027-01-05", "--follow") == 0
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert ask("review", str(CASE)) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "goes to January 5, 2027, but your case file has January 8, 2027" in out
    assert "Following" not in out


def test_when_the_days_minutes_are_done_more_is_offered_and_called_extra(
    workload, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workload("--minutes", "1", "--follow")
    now_ms = int(NOW.timestamp() * 1000)
    with open_cards(home) as cards:
        for at, card in enumerate((1000, 1001)):
            review = {"id": now_ms - 5000 + at, "cid": card, "ease": 3, "type": 1, "ivl": 90}
            review |= {"lastIvl": 5, "factor": 500, "time": 40_000}
            cards.put_answer(cards.card(card) | {"due": 500}, review)
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert ask("review") == 0
    assert "Today's 1 min for cards are done." in capsys.readouterr().out.replace("\n", " ")


def test_in_words_counts_come_first_and_nobody_is_blamed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ask("workload", "--until", UNTIL, "--case", str(CASE)) == 0
    out = capsys.readouterr().out
    assert "of every 100 cards would be recalled" in " ".join(out.split())
    assert "60 cards wait today" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80
    for word in ("overdue", "behind", "only", "failed to", "should have", "just"):
        assert word not in out.lower().split()


@pytest.mark.parametrize("until", ["2026-11-21", "2036-01-01"])
def test_a_day_that_cannot_be_planned_for_is_refused_with_what_can(
    until: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("workload", "--until", until) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Choose a date from today (2026-11-22)" in err


def test_on_the_exam_day_itself_it_says_how_things_stand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ask("workload", "--until", "2026-11-22") == 0
    assert "No day for cards is left" in capsys.readouterr().out
