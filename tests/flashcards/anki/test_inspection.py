"""Packages made by the real Anki 26.09.3 and by genanki, against what those programs said.

The packages and manifests in ``fixtures`` were made outside the project (docs/reference/
anki-packages.md says how). Text, pictures and sounds in them are invented.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from bounceback.flashcards import anki, day_boundary, fsrs, replay

FIXTURES = Path(__file__).parent / "fixtures"
ANKI = [
    ("utc-latest.apkg", "utc-manifest.json", "latest"),
    ("utc-latest.colpkg", "utc-manifest.json", "latest"),
    ("utc-legacy2.apkg", "utc-manifest.json", "legacy-2"),
    ("utc-legacy2.colpkg", "utc-manifest.json", "legacy-2"),
    ("new-york-latest.apkg", "new-york-manifest.json", "latest"),
]
CLOCKS = json.loads((FIXTURES / "clocks-manifest.json").read_text("utf-8"))["packages"]


def manifest(name):
    return json.loads((FIXTURES / name).read_text("utf-8"))


@pytest.fixture(params=ANKI, ids=[name for name, _, _ in ANKI])
def case(request):
    name, listed, generation = request.param
    said = manifest(listed)
    found = anki.inspect(FIXTURES / name, said["rollover"], said["zone"])
    return found, said, generation, name


def test_every_generation_is_told_apart(case):
    found, _, generation, _ = case
    assert found.generation == generation
    assert found.warnings == ()
    assert found.skipped == ()


def test_notes_cards_and_reviews_are_counted_as_anki_counts_them(case):
    found, said, _, name = case
    assert found.notes == len(said["notes"])
    assert found.cards == len(said["cards"]) == len(found.states)
    # A deck export leaves out the reviews of cards that are gone; a collection export keeps them.
    kept = "revlog" if name.endswith(".colpkg") else "revlog_of_cards"
    assert found.reviews == said[kept]


def test_media_have_the_names_hashes_and_sizes_of_the_originals(case):
    found, said, _, _ = case
    assert sorted([one.name, one.sha1, one.bytes] for one in found.media) == said["media"]


def test_each_card_has_the_deck_suspension_due_day_and_answers_that_anki_shows(case):
    found, said, _, _ = case
    states = {(state.note_guid, state.template): state for state in found.states}
    assert len(states) == len(said["cards"])
    for card in said["cards"]:
        state = states[card["note_guid"], card["template"]]
        assert state.deck == card["deck"]
        assert state.suspended == card["suspended"]
        assert (state.due and state.due.isoformat()) == card["due"]
        assert state.reviews == card["reviews"]


def test_states_agree_with_what_anki_computes_from_the_same_reviews(case):
    found, said, _, name = case
    whole = anki.read(FIXTURES / name)
    rule = day_boundary.LocalDays(said["zone"], said["rollover"])
    log = replay.history_from_revlog(whole.reviews, rule)
    options = {one.id: one for one in whole.options}
    own = {deck.id: options[deck.options_id].weights for deck in whole.decks if deck.options_id}
    guids = {note.id: note.guid for note in whole.notes}
    computed = {(c["note_guid"], c["template"]): c["computed"] for c in said["cards"]}
    at = {card: row for row, card in enumerate(log.card_ids.tolist())}
    compared = 0
    for card in whole.cards:
        theirs = computed[guids[int(card["note_id"])], int(card["template"])]
        row = at.get(int(card["id"]))
        if theirs is None:
            assert row is None
            continue
        given = own.get(int(card["deck_id"]))
        w = fsrs.weights(given) if given else fsrs.default_weights()
        ours = replay.replay(log.take(np.array([row])), w)
        assert ours.stability_days[0] == pytest.approx(theirs[0], rel=1e-4)
        assert ours.difficulty[0] == pytest.approx(theirs[1], rel=1e-4)
        compared += 1
    assert compared >= 40
    states = {(state.note_guid, state.template): state for state in found.states}
    assert all((states[key].stability is None) == (computed[key] is None) for key in computed)


STORED_S, STORED_D = 6e-5, 6e-4
"""Anki keeps 4 decimals of stability and 3 of difficulty: half of the last one, in 32 bits."""


def test_states_agree_with_those_that_anki_stored(case):
    """Recomputed in UTC, answer by answer in New York; in neither is a card left out."""
    found, said, _, _ = case
    states = {(state.note_guid, state.template): state for state in found.states}
    stored = [card for card in said["cards"] if card["stored"]]
    assert len(stored) >= 40
    for card in stored:
        state = states[card["note_guid"], card["template"]]
        assert state.stability == pytest.approx(card["stored"][0], rel=1e-4, abs=STORED_S)
        assert state.difficulty == pytest.approx(card["stored"][1], abs=STORED_D)


@pytest.mark.parametrize("said", CLOCKS, ids=lambda said: said["file"])
def test_states_agree_with_those_that_anki_stored_over_a_change_of_clocks(said):
    found = anki.inspect(FIXTURES / said["file"], said["rollover"], said["zone"])
    stored = {guid: state for _, guid, _, *state in said["answers"]}
    assert len(found.states) == len(stored) == 8
    for state in found.states:
        stability, difficulty = stored[state.note_guid]
        assert state.stability == pytest.approx(stability, rel=1e-4, abs=STORED_S)
        assert state.difficulty == pytest.approx(difficulty, abs=STORED_D)


@pytest.mark.parametrize("said", CLOCKS, ids=lambda said: said["file"])
def test_each_answer_over_a_change_of_clocks_counts_the_days_that_anki_counted(said):
    """From the stored state before each answer to the one after it, most within two hours of the
    cutoff. Dates of the wall clock would not do."""
    rule = day_boundary.LocalDays(said["zone"], said["rollover"])
    w = fsrs.default_weights()
    before = {}
    by_date_apart = 0
    for at_ms, guid, rating, stability, difficulty in said["answers"]:
        last_ms, memory = before.get(guid, (at_ms, None))
        after = fsrs.step(w, memory, rating, rule.days_between(last_ms, at_ms))
        assert after.stability_days == pytest.approx(stability, rel=1e-5, abs=STORED_S)
        assert after.difficulty == pytest.approx(difficulty, abs=STORED_D)
        by_date = fsrs.step(w, memory, rating, rule.dates_between(last_ms, at_ms))
        by_date_apart += abs(by_date.stability_days / stability - 1.0) > 0.01
        before[guid] = at_ms, fsrs.Memory(stability, difficulty)
    assert by_date_apart > 0


def test_the_digits_are_carried_on_only_where_the_stored_states_show_it():
    """New York was answered card by card, UTC computed anew; stored states that say neither, or
    nothing, leave the whole replay as it is."""
    for name, zone, apart in (
        ("new-york-latest.apkg", "America/New_York", 6),
        ("utc-latest.colpkg", "UTC", 0),
    ):
        whole = anki.read(FIXTURES / name)
        log = replay.history_from_revlog(whole.reviews, day_boundary.LocalDays(zone))
        stored = whole.cards[np.searchsorted(whole.cards["id"], log.card_ids)]
        w = fsrs.default_weights()
        full = replay.replay(log, w).stability_days
        own = [deck.id for deck in whole.decks if deck.name != "Tuned"]
        usual = np.isin(stored["deck_id"], own)
        found = replay.replay_as_stored(log, w, stored["stability"], stored["difficulty"])
        moved = np.abs(found.stability_days / full - 1.0)[usual]
        assert (moved > 1e-4).sum() == apart
        assert moved.max() < 1e-3
        for nothing in (np.full(log.cards, np.nan), np.zeros(log.cards)):
            silent = replay.replay_as_stored(log, w, nothing, nothing)
            assert silent.stability_days.tolist() == full.tolist()


def test_a_package_of_the_oldest_generation_by_another_program_is_read():
    said = manifest("genanki-manifest.json")
    found = anki.inspect(FIXTURES / "genanki-legacy1.apkg", 4, "UTC")
    assert found.generation == "legacy-1"
    assert found.notes == len(said["notes"])
    assert found.cards == said["cards"]
    assert found.reviews == 0
    assert [[one.name, one.sha1, one.bytes] for one in found.media] == said["media"]
    assert all(state.stability is None and state.due is None for state in found.states)


def test_the_answer_is_the_json_of_the_contract():
    found = anki.inspect(FIXTURES / "utc-latest.apkg", 4, "UTC")
    answer = json.loads(json.dumps(found.to_json()))
    assert set(answer) >= {
        "generation",
        "notes",
        "cards",
        "reviews",
        "media",
        "warnings",
        "skipped",
        "states",
    }
    assert set(answer["media"][0]) == {"name", "sha1", "bytes"}
    assert set(answer["states"][0]) == {
        "note_guid",
        "template",
        "deck",
        "suspended",
        "due",
        "reviews",
        "stability",
        "difficulty",
    }


def test_the_day_rule_changes_the_states_and_is_named():
    at_four = anki.inspect(FIXTURES / "utc-latest.apkg", 4, "UTC")
    at_midnight = anki.inspect(FIXTURES / "utc-latest.apkg", 0, "UTC")
    assert at_four.day_rule != at_midnight.day_rule
    assert [state.stability for state in at_four.states] != [
        state.stability for state in at_midnight.states
    ]


def test_a_deck_with_its_own_weights_is_replayed_with_them():
    whole = anki.read(FIXTURES / "utc-latest.colpkg")
    tuned = {one.name: one for one in whole.options}["Tuned"]
    assert len(tuned.weights) == 21
    assert tuned.weights[:4] == pytest.approx((0.4, 1.1, 3.1, 12.0))
    assert tuned.desired_retention == pytest.approx(0.85)
    said = manifest("utc-manifest.json")
    assert any(card["deck"] == "Tuned" and card["computed"] for card in said["cards"])


def test_importing_the_room_loads_no_heavy_library():
    import subprocess
    import sys

    code = (
        "import sys; from bounceback import flashcards; flashcards.anki;"
        "import bounceback.flashcards.areas, bounceback.flashcards.anki.limits;"
        "print([m for m in ('numpy', 'zstandard', 'nh3', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
