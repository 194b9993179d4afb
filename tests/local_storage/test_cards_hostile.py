"""Damaged and hostile packages: brought in soundly or refused, never half, and usable after."""

from __future__ import annotations

import random
import sqlite3
import warnings
from datetime import UTC, datetime
from math import inf
from pathlib import Path

import numpy as np
import pytest

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki.card_rendering import faces
from bounceback.flashcards.anki.html import as_text
from bounceback.flashcards.anki.reading import read
from bounceback.flashcards.anki.writing import write
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.flashcards.simulator import Policy
from bounceback.local_storage.card_collection import FILE, open_cards
from bounceback.local_storage.deck_import import import_deck
from bounceback.local_storage.replayed_cards import standing
from bounceback.services.card_queue import queue
from tests.flashcards.anki.builders import FIXTURES
from tests.flashcards.anki.mutate import SOURCES, mutant
from tests.local_storage.test_card_collection import NOW_S, everything

COUNT = 60
NOW_MS = int(datetime(2027, 1, 1, 12, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_hostile_package_is_refused_or_leaves_a_sound_collection(tmp_path: Path) -> None:
    sources = [(FIXTURES / name).read_bytes() for name in SOURCES]
    package, target = tmp_path / "mutant.apkg", tmp_path / "out.apkg"
    refused = taken = 0
    for index in range(COUNT):
        rng = random.Random(f"store:{index}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            package.write_bytes(mutant(rng, rng.choice(sources)))
        home = tmp_path / str(index)
        home.mkdir()
        with open_cards(home, make=True) as cards:
            before = everything(home)
            try:
                import_deck(cards, package, NOW_S)
            except UntrustedInputError:
                refused += 1
                assert everything(home) == before
                assert not cards.media.arriving()
                continue
            taken += 1
            kinds = {kind.id: kind for kind in cards.note_types()}
            notes = {note.id: note for note in cards.notes()}
            found = standing(cards, LocalDays("UTC", 4), NOW_MS)
            for card in queue(found, Policy(0.9, 20), 30, inf)[:20]:
                row = cards.card(card.card_id)
                note = notes[row["note_id"]]
                for side in faces(kinds[note.note_type_id], note, row["template"]):
                    as_text(side)
            write(cards.kept().package, target, cards.media_content)
        with sqlite3.connect(home / FILE) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        assert len(read(target).notes) == len(notes)
        assert np.all(found.deck.worth >= 0.0)
    assert min(refused, taken) > COUNT // 10
