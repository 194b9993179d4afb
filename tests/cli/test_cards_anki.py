"""Pulling from and pushing to a running Anki, played here by a small server on this computer."""

from __future__ import annotations

import ast
import io
import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
import time_machine

from bounceback.cli import main
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import join
from tests.flashcards.anki.builders import CREATED_S, DAY_MS, MEDIA, small_deck

NOW = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
COLUMNS = ("id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type")
CLI = Path(__file__).resolve().parents[2] / "src" / "bounceback" / "cli"


PARAMETERS: dict[str, dict[str, object]] = {
    "deckNames": {},
    "findCards": {"query": "card:1"},
    "cardReviews": {"deck": "default", "startID": 1594194095740},
    "insertReviews": {"reviews": [[1594194095746, 1485369733217, -1, 3, 4, -60, 2500, 6157, 0]]},
    "setDueDate": {"cards": [1498938915662, 1502098034048], "days": "3-7"},
}
"""What the add-on's documentation gives as samples (api version 6): every action that is sent."""


def like(sample: object, given: object) -> bool:
    """Whether a value has the shape of the documented one; rows of reviews have nine numbers."""
    if isinstance(sample, list):
        nine = len(sample) == 9
        return (
            isinstance(given, list)
            and (not nine or len(given) == 9)
            and all(like(sample[0], one) for one in given)
        )
    return type(sample) is type(given)


class FakeAnki:
    """Answers as the add-on does, for one deck; remembers what it was asked.

    It holds callers to the published protocol: one JSON object by POST to ``/``, with ``action``,
    ``version`` 6, ``params`` of the documented names and types where the action has any, and
    ``key`` alone beside them. Errors come as the add-on words them, with status 200. What breaks
    the protocol is kept in ``faults``, and no test may leave any.
    """

    def __init__(self) -> None:
        self.rows: list[list[int]] = []
        self.cards = [1000, 1001, 1002]
        self.asked: list[tuple[str, dict]] = []
        self.faults: list[str] = []
        self.body: bytes | None = None
        self.status = 200
        self.key: str | None = None

    def check(self, path: str, kind: str | None, message: dict) -> None:
        params = message.get("params", {})
        sample = PARAMETERS.get(message.get("action", ""), {})
        for fault, holds in {
            f"path {path}": path == "/",
            f"content type {kind}": kind == "application/json",
            f"keys {sorted(message)}": set(message) <= {"action", "version", "params", "key"},
            f"version {message.get('version')!r}": message.get("version") == 6,
            f"action {message.get('action')!r}": message.get("action") in PARAMETERS,
            f"parameters {sorted(params)}": set(params) == set(sample),
            f"types {params}": all(like(one, params.get(name)) for name, one in sample.items()),
        }.items():
            if not holds:
                self.faults.append(fault)

    def answer(self, message: dict) -> object:
        action, params = message["action"], message.get("params", {})
        self.asked.append((action, params))
        if self.key and message.get("key") != self.key:
            return {"result": None, "error": "valid api key must be provided"}
        result: object = None
        if action == "deckNames":
            result = ["Default", "Step::Cardio", "Theirs alone"]
        elif action == "cardReviews" and params["deck"] == "Step::Cardio":
            result = [row for row in self.rows if row[0] > params["startID"]]
        elif action == "cardReviews":
            result = []
        elif action == "findCards":
            result = self.cards if "Step::Cardio" in params["query"] else []
        elif action == "insertReviews":
            # The add-on inserts all rows in one statement: one known id, and none goes in.
            if {row[0] for row in self.rows} & {row[0] for row in params["reviews"]}:
                return {"result": None, "error": "UNIQUE constraint failed: revlog.id"}
            self.rows += params["reviews"]
        elif action == "setDueDate":
            result = True
        else:
            return {"result": None, "error": "unsupported action"}
        return {"result": result, "error": None}

    def changes(self) -> list[tuple[str, dict]]:
        return [one for one in self.asked if one[0] in ("insertReviews", "setDueDate")]


@pytest.fixture
def anki() -> Iterator[tuple[FakeAnki, str]]:
    played = FakeAnki()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            body, message = played.body, json.loads(raw)
            played.check(self.path, self.headers["Content-Type"], message)
            if body is None:
                body = json.dumps(played.answer(message)).encode()
            self.send_response(played.status)
            if played.status in (301, 302, 307):
                self.send_header("Location", "http://example.org/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            pass

    # Bound to this computer alone: no test is reachable from, or reaches, another.
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield played, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()
    assert played.faults == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    with open_cards(folder, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        cards.remember("zone", "UTC")
    return folder


def ask(*words: str, typed: str = "", monkeypatch: pytest.MonkeyPatch | None = None) -> int:
    if monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with time_machine.travel(NOW, tick=False):
        return main(["cards", *words])


def row(moment: int, card: int, ease: int = 3, ivl: int = 30, kind: int = 1) -> list[int]:
    return [moment, card, -1, ease, ivl, 5, 500, 7000, kind]


def own(home: Path) -> np.ndarray:
    with open_cards(home) as cards:
        reviews, marks = cards.reviews()
        return reviews[marks == 0]


def test_pulling_brings_answers_once_and_the_cards_follow(
    home: Path, anki: tuple[FakeAnki, str], capsys: pytest.CaptureFixture[str]
) -> None:
    played, address = anki
    moment = CREATED_S * 1000 + 50 * DAY_MS + 10 * 3_600_000
    played.rows = [row(moment, 1000), row(moment + 1, 1001, ease=1, ivl=-600), row(moment, 77)]
    assert ask("pull", "--address", address) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "2 new, 0 already there, 1 of cards you haven't imported" in out
    assert "2 have a new due date" in out
    with open_cards(home) as cards:
        good, again, untouched = (cards.card(one) for one in (1000, 1001, 1002))
    assert (good["type"], good["due"], good["interval_days"]) == (2, 80, 30)
    assert (again["type"], again["queue"], again["due"]) == (3, 1, (moment + 1) // 1000 + 600)
    assert (again["lapses"], untouched["due"]) == (1, 40)
    assert ask("pull", "--address", address) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "0 new, 2 already there" in out
    assert "0 have a new due date" in out
    assert played.changes() == []


def test_a_pull_asks_for_what_came_since_and_for_no_deck_that_anki_lacks(
    home: Path, anki: tuple[FakeAnki, str]
) -> None:
    played, address = anki
    assert ask("pull", "--address", address) == 0
    asked = {
        params["deck"]: params["startID"]
        for action, params in played.asked
        if action == "cardReviews"
    }
    with open_cards(home) as cards:
        reviews, _ = cards.reviews()
    assert asked.keys() == {"Default", "Step::Cardio"}
    assert 0 <= asked["Step::Cardio"] <= int(reviews["id"].max())


def test_own_answers_and_their_schedule_stand_against_an_earlier_answer_in_anki(
    home: Path, anki: tuple[FakeAnki, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played, address = anki
    assert ask("review", typed="\n3\nq\n", monkeypatch=monkeypatch) == 0
    (mine,) = own(home)
    card = int(mine["cid"])
    with open_cards(home) as cards:
        before = cards.card(card)
    played.rows = [row(NOW_MS - 5 * DAY_MS, card, ivl=3), row(int(mine["id"]), card, ease=1)]
    assert ask("pull", "--address", address) == 0
    assert own(home).tolist() == [mine.item()]
    with open_cards(home) as cards:
        assert cards.card(card) == before
        reviews, _ = cards.reviews()
        assert NOW_MS - 5 * DAY_MS in reviews["id"]


@pytest.mark.parametrize("typed", ["", "no\n", "y\n"])
def test_nothing_is_sent_without_a_yes(
    typed: str,
    home: Path,
    anki: tuple[FakeAnki, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    played, address = anki
    ask("review", typed="\n3\nq\n", monkeypatch=monkeypatch)
    capsys.readouterr()
    assert ask("push", "--address", address, typed=typed, monkeypatch=monkeypatch) == 0
    out, err = capsys.readouterr()
    assert "add 1 reviews to Anki's history" in err
    assert "Nothing was sent." in out
    assert played.changes() == []


def test_a_yes_sends_each_answer_once_with_its_due_day(
    home: Path,
    anki: tuple[FakeAnki, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    played, address = anki
    ask("review", typed="\n3\n\n1\nq\n", monkeypatch=monkeypatch)
    mine = own(home)
    assert ask("push", "--address", address, typed="yes\n", monkeypatch=monkeypatch) == 0
    (inserted, due) = played.changes()
    rows = [[r["id"], r["cid"], -1, *(r[name] for name in COLUMNS[2:])] for r in mine]
    assert inserted == ("insertReviews", {"reviews": [[int(v) for v in r] for r in rows]})
    good = next(r for r in mine if r["ease"] == 3)  # the other one is in steps
    assert due == ("setDueDate", {"cards": [int(good["cid"])], "days": str(int(good["ivl"]))})
    capsys.readouterr()
    assert ask("push", "--address", address, typed="yes\n", monkeypatch=monkeypatch) == 0
    assert "nothing to send" in capsys.readouterr().out
    assert len(played.changes()) == 2


def test_cards_that_anki_lacks_are_not_sent_and_are_counted(
    home: Path,
    anki: tuple[FakeAnki, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    played, address = anki
    played.cards = []
    ask("review", typed="\n3\nq\n", monkeypatch=monkeypatch)
    capsys.readouterr()
    assert ask("push", "--address", address, typed="yes\n", monkeypatch=monkeypatch) == 0
    assert "1 answered card is not in Anki" in " ".join(capsys.readouterr().out.split())
    assert played.changes() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://192.0.2.7:8765",
        "http://anki.example:8765",
        "https://127.0.0.1:8765",
        "http://me:secret@127.0.0.1:8765",
        "ftp://127.0.0.1",
        "http://127.0.0.1.example:8765",
    ],
)
@pytest.mark.parametrize("action", ["pull", "push"])
def test_no_other_computer_is_ever_asked(
    action: str, address: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    import http.client

    def never(*given: object, **named: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(http.client.HTTPConnection, "connect", never)
    assert ask(action, "--address", address) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "was not asked" in err


def test_a_name_that_leads_elsewhere_is_left_before_anything_is_sent(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import http.client

    class Elsewhere:
        def getpeername(self) -> tuple[str, int]:
            return ("192.0.2.7", 8765)

        def close(self) -> None:
            pass

        def sendall(self, data: bytes) -> None:
            raise AssertionError("something was sent")

    def connect(self: http.client.HTTPConnection) -> None:
        self.sock = Elsewhere()  # type: ignore[assignment]

    monkeypatch.setattr(http.client.HTTPConnection, "connect", connect)
    assert ask("pull", "--address", "http://localhost:8765") == 2
    assert "is on another computer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>", "no JSON"),
        (200, b'{"result": [1], "error": null}', "no list of names"),
        (200, b'{"result": null, "error": "deck was not found"}', "deck was not found"),
        (302, b"", "status 302"),
        (500, b"", "status 500"),
    ],
)
def test_an_answer_that_is_not_the_add_ons_is_refused_and_changes_nothing(
    status: int,
    body: bytes,
    said: str,
    home: Path,
    anki: tuple[FakeAnki, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    played, address = anki
    played.status, played.body = status, body
    assert ask("pull", "--address", address) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_without_an_anki_the_way_to_one_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = free.server_address[1]
    free.server_close()
    assert ask("pull", "--address", f"http://127.0.0.1:{port}") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "AnkiConnect add-on" in err


def test_a_proxy_of_the_environment_is_not_used(
    home: Path, anki: tuple[FakeAnki, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.7:3128")
    played, address = anki
    assert ask("pull", "--address", address) == 0
    assert played.asked


def test_the_key_of_the_add_on_goes_along(
    home: Path, anki: tuple[FakeAnki, str], capsys: pytest.CaptureFixture[str]
) -> None:
    played, address = anki
    played.key = "letters"
    assert ask("pull", "--address", address) == 2
    assert ask("pull", "--address", address, "--key", "letters") == 0


def test_one_module_of_the_command_line_opens_connections() -> None:
    clients = ("http.client", "urllib.request", "socket", "ssl", "ftplib", "smtplib", "requests")
    found = set()
    for path in CLI.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{one.name}" for one in node.names]
            if any(f"{name}.".startswith(f"{one}.") for name in names for one in clients):
                found.add(path.name)
    assert found == {"anki_connection.py"}
