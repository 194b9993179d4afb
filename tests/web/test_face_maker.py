"""A card that cannot be shown is set aside with a line, and the review goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bounceback.flashcards.anki.models import Note, NoteType, Template
from bounceback.local_storage.deck_import import import_deck
from bounceback_web.cards import collection, collection_access
from bounceback_web.cards.face_maker import CardNotShownError, FaceMaker
from bounceback_web.records import learner_store


@pytest.fixture
def maker() -> Iterator[FaceMaker]:
    made = FaceMaker()
    yield made
    made.end()


def make(maker: FaceMaker, front: str, field: str) -> tuple[str, str]:
    template = Template(name="Card 1", front=front, back="{{FrontSide}}<hr>back")
    kind = NoteType(id=1, name="Basic", cloze=False, fields=("Front",), templates=(template,))
    note = Note(id=1, guid="a", note_type_id=1, fields=(field,), tags=(), modified_s=0)
    return maker.make(kind, note, 0, deck="", names=["a b.png"], address="/m/")


def test_a_hostile_card_is_refused_and_the_next_is_made(maker: FaceMaker) -> None:
    for front, field in (("{{Front}}" * 400, "x" * 9_000), ("{{Front}}", "<div>" * 1_500)):
        with pytest.raises(CardNotShownError):
            make(maker, front, field)
        made = make(maker, "{{Front}}", 'heart<script>x()</script><img src="a b.png">')
        assert made == ('heart<img alt="picture of the card" src="/m/a%20b.png">', "back")


def test_a_helper_that_was_ended_is_started_again(maker: FaceMaker) -> None:
    make(maker, "{{Front}}", "one")
    assert maker._process is not None
    maker._process.kill()
    maker._process.wait()
    assert make(maker, "{{Front}}", "two")[0] == "two"


def test_the_review_goes_on_without_the_card(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept, tmp_path: Path
) -> None:
    deck = tmp_path / "deck.txt"
    deck.write_text("#html:true\n" + "<div>" * 1_500 + "\thostile\nkind front\tback\n", "utf-8")
    collection.forget()
    with collection_access.opened(make=True) as cards:
        import_deck(cards, deck, 1_790_000_000)
    try:
        send(reverse("cards-begin"))
        page = browser.get(reverse("cards-review")).content.decode()
        assert "kind front" in page
        seen = page + browser.get(reverse("cards-review")).content.decode()
        assert "set aside" in seen or "hostile" not in seen
    finally:
        collection_access.delete_everything()
        collection.forget()
