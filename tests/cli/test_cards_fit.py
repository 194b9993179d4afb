"""Learning from one's own answers how one forgets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import time_machine

from bounceback.cli import main
from bounceback.flashcards.anki.models import Package, review_dtype
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.flashcards.fsrs import Weights, default_weights
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import join
from bounceback.local_storage.replayed_cards import standing
from tests.flashcards.anki.builders import CREATED_S, MEDIA, small_deck
from tests.flashcards.conftest import _away_from_default, _log_of

NOW = datetime(2027, 6, 1, 15, 0, tzinfo=UTC)


def deck_of(weights: Weights, cards: int) -> Package:
    """A deck whose history was drawn from a student with these weights."""
    log = _log_of(weights, cards, seed=3)
    deck = small_deck(notes=cards, reviews_each=0)
    rows = np.zeros(log.reviews, review_dtype())
    rows["cid"] = np.repeat(deck.cards["id"], log.lengths())
    # At noon of whole days, so that the day rule finds the gaps that were drawn.
    day = np.concatenate(
        [np.cumsum(log.elapsed_days[a:b]) for a, b in zip(log.starts, log.starts[1:], strict=False)]
    )
    begun = np.repeat(log.times_ms[log.starts[:-1]] // 86_400_000, log.lengths())
    rows["id"] = (CREATED_S + 43_200) * 1000 + (begun + day) * 86_400_000 + np.arange(len(rows))
    rows["ease"], rows["ivl"], rows["type"] = log.ratings, 1, 1
    rows["type"][log.starts[:-1]] = 0
    from dataclasses import replace

    return replace(deck, reviews=rows[np.argsort(rows["id"])])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    return folder


def ask(*words: str) -> int:
    with time_machine.travel(NOW, tick=False):
        return main(["cards", "fit", *words])


def test_with_few_answers_the_weights_stay_and_the_count_says_why(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_cards(home, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
    assert ask("--zone", "UTC") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Your review schedule stays as it is." in out
    assert "next-day reviews so far" in out


def test_own_weights_that_predict_better_are_kept_used_and_can_be_forgotten(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_cards(home, make=True) as cards:
        join(cards, deck_of(_away_from_default(2), 500), MEDIA.__getitem__)
    assert ask("--zone", "UTC", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kept"]
    assert found["held_out_own"]["log_loss"] < found["held_out_default"]["log_loss"]
    now_ms = int(NOW.timestamp() * 1000)
    with open_cards(home) as cards:
        used = standing(cards, LocalDays("UTC", 4), now_ms).weights
        assert (used.source, used.values) == ("fitted", tuple(found["weights"]))
        elsewhere = standing(cards, LocalDays("Asia/Tokyo", 4), now_ms).weights
        assert elsewhere == default_weights()
    assert ask("--zone", "UTC", "--forget") == 0
    with open_cards(home) as cards:
        assert standing(cards, LocalDays("UTC", 4), now_ms).weights == default_weights()
