import json

import pytest

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki import ankiconnect


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://localhost:8765/", "http://localhost:8765"),
        ("http://[::1]:9000", "http://[::1]:9000"),
        ("http://127.8.9.1", "http://127.8.9.1:80"),
    ],
)
def test_this_computer_is_asked(given, kept):
    assert ankiconnect.endpoint(given) == kept


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.5:8765",
        "http://0.0.0.0:8765",
        "http://example.org:8765",
        "http://127.0.0.1.example.org:8765",
        "http://127.0.0.1@example.org:8765",
        "http://user:secret@127.0.0.1:8765",
        "https://127.0.0.1:8765",
        "http://127.0.0.1:8765/path",
        "http://127.0.0.1:99999",
        "http://2130706433:8765",
        "file:///etc/hosts",
        "127.0.0.1:8765",
        "",
    ],
)
def test_no_other_host_is_ever_asked(address):
    with pytest.raises(UntrustedInputError, match="on this computer"):
        ankiconnect.endpoint(address)


def test_a_request_is_the_add_ons_json():
    request = ankiconnect.reviews_since("Step::Cardio", 17)
    assert json.loads(request.body) == {
        "action": "cardReviews",
        "version": 6,
        "params": {"deck": "Step::Cardio", "startID": 17},
    }
    assert json.loads(ankiconnect.deck_names().body) == {"action": "deckNames", "version": 6}


def test_a_deck_name_cannot_widen_the_search():
    query = ankiconnect.cards_of('a" OR "deck:*_').params["query"]
    assert query == 'deck:"a\\" OR \\"deck:\\*\\_"'


def test_long_lists_go_in_parts():
    parts = list(ankiconnect.card_details(range(1201)))
    assert [len(part.params["cards"]) for part in parts] == [500, 500, 201]


def test_what_changes_anki_says_so_and_is_no_plain_request():
    change = ankiconnect.suspend([1, 2])
    assert change.what == "put 2 cards away in Anki"
    assert not isinstance(change, ankiconnect.Request)
    for made in (
        ankiconnect.unsuspend([1]),
        ankiconnect.add_tags([1], ["a"]),
        ankiconnect.import_package("x.apkg"),
    ):
        assert isinstance(made, ankiconnect.Change)


def test_the_result_of_an_answer():
    assert ankiconnect.answer('{"result": ["a"], "error": null}') == ["a"]
    assert ankiconnect.answer(b'{"result": 6, "error": null}') == 6


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html>", "no JSON"),
        ("[]", "none of AnkiConnect"),
        ('{"result": 1}', "none of AnkiConnect"),
        ('{"result": null, "error": "deck was not found"}', "deck was not found"),
        ("[" * 100_000, "deeper"),
    ],
)
def test_any_other_answer_is_refused_with_the_reason(text, why):
    with pytest.raises(UntrustedInputError, match=why):
        ankiconnect.answer(text)


def test_pulled_reviews_are_in_order_each_once_and_the_odd_ones_listed():
    good = [1_700_000_000_500, 11, -1, 3, 4, 1, 2500, 6000, 1]
    early = [1_700_000_000_100, 12, -1, 1, -600, 0, 0, 900, 0]
    late = [2**43, *good[1:]]
    odd = [
        late,
        [1, 2],
        [*good[:3], 9, *good[4:]],
        ["1", *good[1:]],
        None,
        [*good[:4], 2**40, *good[5:]],
    ]
    rows, skipped = ankiconnect.reviews([good, early, good, *odd])
    assert rows["id"].tolist() == [early[0], good[0]]
    assert rows["ease"].tolist() == [1, 3]
    assert rows["ivl"].tolist() == [-600, 4]
    assert len(skipped) == len(odd)


def test_lists_are_checked():
    assert ankiconnect.texts(["a"]) == ("a",)
    assert ankiconnect.whole_numbers([1, 2]) == (1, 2)
    for wrong in ("a", [1], None):
        with pytest.raises(UntrustedInputError):
            ankiconnect.texts(wrong)
    for wrong in (["a"], [True], 3):
        with pytest.raises(UntrustedInputError):
            ankiconnect.whole_numbers(wrong)


def test_answers_given_here_go_to_anki_as_its_rows():
    row = [1_700_000_000_500, 11, -1, 3, 4, 1, 2500, 6000, 1]
    rows, _ = ankiconnect.reviews([row])
    change = ankiconnect.insert_reviews(rows)
    assert change.request.params["reviews"] == [row]
    assert change.what == "add 1 reviews to Anki's history"
    assert ankiconnect.set_due([1], 3).request.params == {"cards": [1], "days": "3"}
