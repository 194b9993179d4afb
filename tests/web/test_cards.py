"""Cards are reviewed, taken back, put away, flagged, brought in and given back; nothing twice."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bounceback.flashcards.anki.reading import read
from bounceback.local_storage import card_collection as cards_on_disk
from bounceback.local_storage import deck_import, forecast_history
from bounceback.local_storage.deck_import import import_deck
from bounceback_web.cards import collection, collection_access, importing, review_sessions
from bounceback_web.cards.models import Import, ReviewSession
from bounceback_web.records import learner_store

DECK = "\n".join(
    f"question {i}\tanswer {i} <script>alert(1)</script><img src=x onerror=alert(2)>\tcardio"
    for i in range(30)
)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    collection.forget()
    yield
    collection.forget()


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "Cardio.txt"
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.fixture
def with_cards(kept: learner_store.Kept, deck: Path) -> learner_store.Kept:
    with collection_access.opened(make=True) as cards:
        import_deck(cards, deck, collection_access.now_ms() // 1000)
    return kept


def reviews() -> int:
    with collection_access.opened() as cards:
        return len(cards.reviews()[0])


def shown(html: str) -> dict[str, str]:
    names = ("once", "card", "shown")
    form = html.split('action="/cards/review/answer/"', 1)[1].split("</form>", 1)[0]
    return {n: re.search(rf'name="{n}" value="([^"]*)"', form).group(1) for n in names}  # type: ignore[union-attr]


def begin(browser: Client, send: Callable[..., Any]) -> dict[str, str]:
    send("/cards/begin/")
    return shown(browser.get("/cards/review/").content.decode())


def test_before_a_deck_is_in_the_page_says_how_to_bring_one(
    browser: Client, kept: learner_store.Kept
) -> None:
    said = browser.get("/cards/").content.decode()
    assert "Import your Anki deck" in said
    assert browser.get("/cards/review/").status_code == 302
    assert browser.get("/cards/workload/").status_code == 200


def test_a_sitting_shows_the_card_the_intervals_and_the_minutes_left(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    begin(browser, send)
    html = browser.get("/cards/review/").content.decode()
    assert re.search(r"question \d+", html)
    for name in ("Again", "Hard", "Good", "Easy"):
        assert re.search(rf"<strong>{name}</strong><span>[^<]*\d", html), name
    assert re.search(r"about \d+ min left", html)
    assert "<script>alert" not in html
    assert "<img src=x" not in html  # a text deck is text; packages are cleaned as HTML


def test_an_answer_is_kept_once_however_often_it_is_sent(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    given = begin(browser, send)
    for _ in range(3):
        send("/cards/review/answer/", **given, rating="3")
    assert reviews() == 1
    # The same card and moment under another key: from another tab, or from the queue.
    send("/cards/review/answer/", card=given["card"], shown=given["shown"], rating="1")
    assert reviews() == 1


def test_an_answer_written_before_a_stop_is_not_written_again(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    given = begin(browser, send)
    before = ReviewSession.objects.get()
    at = str(int(given["shown"]) + 1)
    send("/cards/review/answer/", **given, at=at, rating="3")
    # As after a stop between the cards' file and the page's tables: the latter forget.
    ReviewSession.objects.all().delete()
    before.save(force_insert=True)
    send("/cards/review/answer/", card=given["card"], shown=given["shown"], at=at, rating="3")
    assert reviews() == 1
    assert ReviewSession.objects.get().answered == 1


def test_a_card_answered_in_a_terminal_meanwhile_leaves_the_session(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    given = begin(browser, send)
    left = len(ReviewSession.objects.get().queue)
    with collection_access.opened() as cards:
        answer = dict.fromkeys(("ivl", "lastIvl", "factor", "time"), 1) | {"ease": 3, "type": 0}
        answer |= {"cid": int(given["card"]), "id": int(given["shown"]) + 1}
        cards.put_answer(cards.card(int(given["card"])), answer)
    send("/cards/review/answer/", **given, at=str(int(given["shown"]) + 5), rating="1")
    assert reviews() == 1
    assert ReviewSession.objects.get().answered == 0
    assert len(ReviewSession.objects.get().queue) == left - 1
    assert shown(browser.get("/cards/review/").content.decode())["card"] != given["card"]


def test_an_answer_can_be_taken_back_and_its_card_is_as_before(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    given = begin(browser, send)
    with collection_access.opened() as cards:
        before = cards.card(int(given["card"]))
    send("/cards/review/answer/", **given, rating="4")
    with collection_access.opened() as cards:
        assert cards.card(int(given["card"])) != before
    send("/cards/review/undo/")
    assert reviews() == 0
    with collection_access.opened() as cards:
        assert cards.card(int(given["card"])) == before
    assert shown(browser.get("/cards/review/").content.decode())["card"] == given["card"]


def test_a_card_put_away_is_not_asked_and_can_be_taken_back(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    given = begin(browser, send)
    send("/cards/review/away/", card=given["card"])
    assert shown(browser.get("/cards/review/").content.decode())["card"] != given["card"]
    assert "Unsuspend" in browser.get("/cards/browse/").content.decode()
    send("/cards/browse/move/", card=given["card"])
    assert ">Unsuspend<" not in browser.get("/cards/browse/").content.decode()


def test_a_flag_stays_with_the_card(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    given = begin(browser, send)
    send("/cards/review/flag/", card=given["card"])
    assert "⚑ Flagged" in browser.get("/cards/review/").content.decode()
    with collection_access.opened() as cards:
        assert cards.card(int(given["card"]))["flag"] == review_sessions.FLAG


def test_a_sitting_of_twenty_comes_to_its_end(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    send("/cards/begin/")
    for _ in range(25):
        answer = browser.get("/cards/review/")
        if b'action="/cards/review/answer/"' not in answer.content:
            break
        send("/cards/review/answer/", **shown(answer.content.decode()), rating="4")
    assert "Session done" in answer.content.decode()
    assert reviews() == 20


def test_every_page_of_the_cards_asks_the_database_little(
    browser: Client, with_cards: learner_store.Kept, django_assert_max_num_queries: Any
) -> None:
    for address in ("/cards/", "/cards/workload/", "/cards/browse/", "/cards/review/"):
        with django_assert_max_num_queries(12):
            browser.get(address)


@pytest.mark.parametrize("first", ["²", "-1", "9" * 40, "x"])
def test_a_list_asked_for_from_nowhere_begins_at_its_start(
    browser: Client, with_cards: learner_store.Kept, first: str
) -> None:
    html = browser.get("/cards/browse/", {"from": first}).content.decode()
    assert html.count('action="/cards/browse/move/"') == 30


def test_the_workload_has_a_picture_and_the_same_as_a_table(
    browser: Client, with_cards: learner_store.Kept
) -> None:
    html = browser.get("/cards/workload/").content.decode()
    assert html.count('class="load"') >= 20
    assert "Week from" in html


def test_a_deck_comes_in_by_a_process_of_its_own_and_twice_is_like_once(
    kept: learner_store.Kept, deck: Path
) -> None:
    for _ in range(2):
        row = Import.objects.create(record=kept.row, name="../../Cardio.txt", bytes=1)
        path = importing.place(row.pk, row.name)
        assert path == collection_access.folder() / "incoming" / str(row.pk) / "Cardio.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(deck.read_bytes())
        importing.run(row.pk)
        row.refresh_from_db()
        assert row.state == "done"
        assert not path.exists()
    with collection_access.opened() as cards:
        assert len(cards.cards()) == 30


def test_a_deck_that_is_refused_says_why_and_leaves_everything(kept: learner_store.Kept) -> None:
    row = Import.objects.create(record=kept.row, name="x.apkg", bytes=1)
    path = importing.place(row.pk, row.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK\x03\x04 no package")
    importing.run(row.pk)
    row.refresh_from_db()
    assert row.state == "refused"
    assert "\n" not in row.said[0]


def test_an_import_whose_process_is_gone_is_said_to_have_stopped(
    browser: Client, kept: learner_store.Kept
) -> None:
    Import.objects.create(
        record=kept.row, name="x.apkg", bytes=1, state="running", process=2**22 - 3
    )
    assert "was interrupted" in browser.get("/cards/").content.decode()


def test_all_cards_go_back_to_anki(
    browser: Client, with_cards: learner_store.Kept, tmp_path: Path
) -> None:
    path = tmp_path / "back.apkg"
    path.write_bytes(b"".join(browser.get("/cards/export.apkg").streaming_content))  # type: ignore[attr-defined]
    assert len(read(path).cards) == 30


@pytest.mark.parametrize("name", ["x.html", "../bounceback.sqlite3", "x.png", "..%2fsecret-key"])
def test_only_pictures_of_the_deck_are_given(
    browser: Client, with_cards: learner_store.Kept, name: str
) -> None:
    assert browser.get(f"/cards/media/{name}").status_code in (301, 404)


def test_delete_everything_deletes_the_cards_and_what_the_command_line_kept_too(
    send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    kept_by_the_command_line = collection_access.folder() / forecast_history.FILE
    kept_by_the_command_line.write_text("{}\n", encoding="utf-8")
    send("/you/settings/delete/", sure="delete everything")
    assert not collection_access.there()
    assert not kept_by_the_command_line.exists()


@pytest.mark.parametrize("moment", ["before it opened the cards", "before it wrote them"])
def test_an_import_under_way_brings_nothing_back_after_everything_is_deleted(
    send: Callable[..., Any],
    kept: learner_store.Kept,
    deck: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    row = Import.objects.create(record=kept.row, name="Cardio.txt", bytes=1)
    path = importing.place(row.pk, row.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(deck.read_bytes())

    def after_a_deletion(does: Callable[..., Any]) -> Callable[..., Any]:
        def late(*args: Any, **kwargs: Any) -> Any:
            send("/you/settings/delete/", sure="delete everything")
            assert not collection_access.there()
            return does(*args, **kwargs)

        return late

    if moment == "before it opened the cards":
        monkeypatch.setattr(collection_access, "opened", after_a_deletion(collection_access.opened))
    else:
        monkeypatch.setattr(deck_import, "join", after_a_deletion(deck_import.join))
    importing.run(row.pk)
    assert not Import.objects.exists()
    for left in ("cards.sqlite3*", "media*", "incoming/*"):
        assert not list(collection_access.folder().glob(left))


def test_an_import_that_was_deleted_before_its_process_began_leaves_no_file(
    kept: learner_store.Kept, deck: Path
) -> None:
    row = Import.objects.create(record=kept.row, name="Cardio.txt", bytes=1)
    path = importing.place(row.pk, row.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(deck.read_bytes())
    identity = row.pk
    row.delete()
    importing.run(identity)
    assert not path.parent.exists()
    assert not collection_access.there()


def test_nothing_is_deleted_while_a_deck_is_being_written(
    browser: Client,
    send: Callable[..., Any],
    with_cards: learner_store.Kept,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cards_on_disk, "_WAIT_S", 0.0)
    with collection_access.opened() as cards, cards.turn():
        answer = send("/you/settings/delete/", sure="delete everything")
    assert answer.url == "/you/settings/delete/"
    assert "still importing" in browser.get(answer.url).content.decode()
    assert learner_store.find(None) is not None
    with collection_access.opened() as cards:
        assert len(cards.cards()) == 30


def test_strangers_numbers_are_refused(
    send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    for fields in ({"rating": "5"}, {"rating": "x"}, {"rating": "3", "shown": "-1", "card": "1"}):
        assert send("/cards/review/answer/", **fields).status_code == 404
    file = io.BytesIO(b"")
    file.name = "empty.apkg"
    assert send("/cards/browse/move/", card="999").status_code == 404


def card_ids() -> list[int]:
    with collection_access.opened() as cards:
        return [int(card["id"]) for card in cards.cards()]


def edit_fields(browser: Client, card: int) -> dict[str, str]:
    html = browser.get("/cards/edit/", {"card": card}).content.decode()
    found = re.search(r'name="modified" value="(\d+)"', html)
    assert found is not None
    return {"card": str(card), "modified": found[1]}


def test_a_card_is_edited_once_from_a_current_page(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    card = card_ids()[0]
    seen = edit_fields(browser, card)
    wanted = ["What is new?", "The <b>answer</b>"]
    saved = send("/cards/edit/save/", **seen, field=wanted, tags="cardio own")
    assert saved.status_code == 302
    with collection_access.opened() as cards:
        note = next(cards.notes([cards.card(card)["note_id"]]))
    assert list(note.fields) == wanted
    assert note.tags == ("cardio", "own")
    stale = send("/cards/edit/save/", **seen, field=["older", "text"], tags="")
    assert stale.status_code == 409
    assert "older" in stale.content.decode()
    with collection_access.opened() as cards:
        assert next(cards.notes([note.id])).fields == note.fields


@pytest.mark.parametrize(
    ("card", "fields"), [("1", ["a", "b"]), ("x", ["a", "b"]), ("", []), (None, ["one too few"])]
)
def test_an_edit_of_no_card_or_other_fields_changes_nothing(
    browser: Client,
    send: Callable[..., Any],
    with_cards: learner_store.Kept,
    card: str | None,
    fields: list[str],
) -> None:
    own = card_ids()[0]
    seen = edit_fields(browser, own)
    given = seen | {"card": seen["card"] if card is None else card}
    assert send("/cards/edit/save/", **given, field=fields).status_code == 404


def test_a_session_of_a_chosen_tag_asks_its_cards_alone(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    chosen = card_ids()[3]
    with collection_access.opened() as cards:
        note = next(cards.notes([cards.card(chosen)["note_id"]]))
        cards.put_note(note.id, note.fields, ["renal::acid_base"], note.modified_s + 1)
    collection.forget()
    assert send("/cards/begin/", tag=["acid base"]).headers["Location"] == "/cards/review/"
    assert [card["card_id"] for card in ReviewSession.objects.get().queue] == [chosen]
    assert send("/cards/begin/", tag=["no such tag"]).headers["Location"] == "/cards/"


def test_cards_fetched_ahead_are_those_of_the_session_in_order(
    browser: Client, send: Callable[..., Any], with_cards: learner_store.Kept
) -> None:
    send("/cards/begin/")
    ahead = browser.get("/cards/review/ahead/").json()["cards"]
    assert [card["card"] for card in ahead] == [
        c["card_id"] for c in ReviewSession.objects.get().queue
    ]
    assert all(card["front"] and card["choices"] for card in ahead)
