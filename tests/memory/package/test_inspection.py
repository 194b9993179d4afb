"""Packages made by the real Anki 26.09.3 and by genanki, against what those programs said.

The packages and manifests in ``fixtures`` were made outside the project (docs/reference/
anki-packages.md says how). Text, pictures and sounds in them are invented.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from bounceback.memory import dayclock, fsrs, package, replay

FIXTURES = Path(__file__).parent / "fixtures"
ANKI = [
    ("utc-latest.apkg", "utc-manifest.json", "latest"),
    ("utc-latest.colpkg", "utc-manifest.json", "latest"),
    ("utc-legacy2.apkg", "utc-manifest.json", "legacy-2"),
    ("utc-legacy2.colpkg", "utc-manifest.json", "legacy-2"),
    ("new-york-latest.apkg", "new-york-manifest.json", "latest"),
]


def manifest(name):
    return json.loads((FIXTURES / name).read_text("utf-8"))


@pytest.fixture(params=ANKI, ids=[name for name, _, _ in ANKI])
def case(request):
    name, listed, generation = request.param
    said = manifest(listed)
    found = package.inspect(FIXTURES / name, said["rollover"], said["zone"])
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
    found, said, _, _ = case
    states = {(state.note_guid, state.template): state for state in found.states}
    compared = 0
    for card in said["cards"]:
        state = states[card["note_guid"], card["template"]]
        if card["computed"] is None:
            assert state.stability is None
            continue
        assert state.stability == pytest.approx(card["computed"][0], rel=1e-4)
        assert state.difficulty == pytest.approx(card["computed"][1], rel=1e-4)
        compared += 1
    assert compared >= 40


def test_states_agree_with_those_that_anki_stored_to_the_digits_it_keeps():
    """Anki keeps 4 decimals of stability and 3 of difficulty."""
    said = manifest("utc-manifest.json")
    states = {
        (state.note_guid, state.template): state
        for state in package.inspect(FIXTURES / "utc-latest.colpkg", 4, "UTC").states
    }
    stored = [card for card in said["cards"] if card["stored"]]
    assert len(stored) >= 40
    for card in stored:
        state = states[card["note_guid"], card["template"]]
        assert state.stability == pytest.approx(card["stored"][0], rel=1e-4, abs=6e-5)
        assert state.difficulty == pytest.approx(card["stored"][1], abs=6e-4)


def as_stored(memory):
    """The digits that Anki keeps of a state: four decimals of stability, three of difficulty."""
    return fsrs.Memory(round(memory.stability_days, 4), round(memory.difficulty, 3))


def from_stored_digits(w, log, card, factors):
    """The last state of one card where each answer goes on from the digits stored before it.

    Rows that Anki wrote under FSRS carry the difficulty as 100 to 1100 in place of the ease; each
    of them was answered from a stored state. Rows before them were computed in one go, unrounded,
    when FSRS was switched on.
    """
    start = log.start_stability_days[card], log.start_difficulty[card]
    memory = None if np.isnan(start[0]) else fsrs.Memory(*map(float, start))
    for row in range(log.starts[card], log.starts[card + 1]):
        if 0 < factors[int(log.times_ms[row])] <= 1100 and memory is not None:
            memory = as_stored(memory)
        memory = fsrs.step(w, memory, int(log.ratings[row]), int(log.elapsed_days[row]))
    return as_stored(memory)


def test_states_that_anki_stored_answer_by_answer_agree_when_its_digits_are_carried_on():
    """Anki was not asked to compute these anew: each rests on the rounded one before it."""
    said = manifest("new-york-manifest.json")
    whole = package.read(FIXTURES / "new-york-latest.apkg")
    rule = dayclock.LocalDays(said["zone"], said["rollover"])
    log = replay.history_from_revlog(whole.reviews, rule)
    factors = dict(zip(whole.reviews["id"].tolist(), whole.reviews["factor"].tolist(), strict=True))
    options = {one.id: one for one in whole.options}
    own = {deck.id: options[deck.options_id].weights for deck in whole.decks if deck.options_id}
    stored = whole.cards[~np.isnan(whole.cards["stability"])]
    assert len(stored) == len(log.card_ids) == 51
    apart = []
    for card, row in enumerate(stored):
        assert row["id"] == log.card_ids[card]
        given = own.get(int(row["deck_id"]))
        w = fsrs.weights(given) if given else fsrs.default_weights()
        carried = from_stored_digits(w, log, card, factors)
        assert carried.stability_days == pytest.approx(row["stability"], rel=1e-4)
        assert carried.difficulty == pytest.approx(row["difficulty"], rel=1e-4)
        whole_way = replay.replay(log.take(np.array([card])), w).stability_days[0]
        apart.append(abs(whole_way / row["stability"] - 1.0))
    # Without the digits the last states of some cards are further away than the rule allows.
    assert 1e-4 < max(apart) < 1e-3


def test_a_package_of_the_oldest_generation_by_another_program_is_read():
    said = manifest("genanki-manifest.json")
    found = package.inspect(FIXTURES / "genanki-legacy1.apkg", 4, "UTC")
    assert found.generation == "legacy-1"
    assert found.notes == len(said["notes"])
    assert found.cards == said["cards"]
    assert found.reviews == 0
    assert [[one.name, one.sha1, one.bytes] for one in found.media] == said["media"]
    assert all(state.stability is None and state.due is None for state in found.states)


def test_the_answer_is_the_json_of_the_contract():
    found = package.inspect(FIXTURES / "utc-latest.apkg", 4, "UTC")
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
    at_four = package.inspect(FIXTURES / "utc-latest.apkg", 4, "UTC")
    at_midnight = package.inspect(FIXTURES / "utc-latest.apkg", 0, "UTC")
    assert at_four.day_rule != at_midnight.day_rule
    assert [state.stability for state in at_four.states] != [
        state.stability for state in at_midnight.states
    ]


def test_a_deck_with_its_own_weights_is_replayed_with_them():
    whole = package.read(FIXTURES / "utc-latest.colpkg")
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
        "import sys; from bounceback import memory; memory.package;"
        "import bounceback.memory.areas, bounceback.memory.package.limits;"
        "print([m for m in ('numpy', 'zstandard', 'nh3', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
