"""Importing again changes nothing; what the learner did here is never lost."""

from dataclasses import replace

import numpy as np
import pytest
from builders import CREATED_S, small_deck
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards.anki.import_merge import OWN, Kept, merge, nothing_kept
from bounceback.flashcards.anki.models import MediaFile, review_dtype


def same(a, b):
    return (
        a.package.notes == b.package.notes
        and np.array_equal(a.package.reviews, b.package.reviews)
        and np.array_equal(a.review_sources, b.review_sources)
        and a.package.cards.tobytes() == b.package.cards.tobytes()
        and a.package.media == b.package.media
        and a.package.decks == b.package.decks
        and a.package.note_types == b.package.note_types
    )


def with_own_review(kept, card_id, moment_ms, ease=4):
    row = np.zeros(1, review_dtype())
    row["id"], row["cid"], row["ease"], row["type"], row["ivl"] = moment_ms, card_id, ease, 1, 3
    reviews = np.concatenate([kept.package.reviews, row])
    order = np.argsort(reviews["id"], kind="stable")
    sources = np.append(kept.review_sources, np.uint8(kept.sources.index(OWN)))
    return Kept(
        package=replace(kept.package, reviews=reviews[order]),
        sources=kept.sources,
        review_sources=sources[order],
    )


@given(
    first=st.integers(0, 5),
    second=st.integers(0, 5),
    reviews=st.integers(0, 4),
    guid=st.sampled_from(["note", "other"]),
    card_from=st.sampled_from([1000, 1002, 9000]),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_importing_twice_is_importing_once(first, second, reviews, guid, card_from):
    start = merge(nothing_kept(), small_deck(first)).kept
    incoming = small_deck(second, reviews, guid=guid, card_from=card_from)
    once = merge(start, incoming)
    twice = merge(once.kept, incoming)
    assert same(once.kept, twice.kept)
    assert (twice.notes_added, twice.cards_added, twice.reviews_added) == (0, 0, 0)
    assert twice.reviews_known == len(incoming.reviews)
    ids = once.kept.package.cards["id"]
    assert len(set(ids.tolist())) == len(ids)


def test_a_deck_of_another_copy_meets_its_notes_by_guid_and_its_cards_by_template():
    here = merge(nothing_kept(), small_deck(3, 2)).kept
    there = small_deck(3, 3, card_from=5000)
    joined = merge(here, there)
    assert joined.notes_added == joined.cards_added == 0
    assert set(joined.kept.package.reviews["cid"].tolist()) == {1000, 1001, 1002}
    assert joined.reviews_known == 6
    assert joined.reviews_added == 3


def test_the_learners_own_answers_are_never_overwritten():
    here = merge(nothing_kept(), small_deck(2, 2)).kept
    moment = CREATED_S * 1000 + 77
    here = with_own_review(here, 1000, moment)
    incoming = small_deck(2, 2)
    echo = np.zeros(1, review_dtype())
    echo["id"], echo["cid"], echo["ease"], echo["type"] = moment, 1000, 1, 1
    incoming = replace(incoming, reviews=np.concatenate([incoming.reviews, echo]))
    joined = merge(here, incoming).kept
    mine = joined.package.reviews[joined.review_sources == joined.sources.index(OWN)]
    assert mine["id"].tolist() == [moment]
    assert mine["ease"].tolist() == [4]
    assert (joined.package.reviews["id"] == moment).sum() == 1


def test_a_card_answered_here_since_keeps_its_schedule():
    here = merge(nothing_kept(), small_deck(2, 2)).kept
    later = small_deck(2, 2)
    later.cards["modified_s"] += 100
    later.cards["due"] = 99
    answered = with_own_review(here, 1000, CREATED_S * 1000 + 400 * 86_400_000)
    due = dict(
        zip(
            *(merge(answered, later).kept.package.cards[name].tolist() for name in ("id", "due")),
            strict=True,
        )
    )
    assert due == {1000: 40, 1001: 99}


def test_a_later_note_replaces_an_earlier_one_and_not_the_reverse():
    here = merge(nothing_kept(), small_deck(1)).kept
    note = here.package.notes[0]
    newer = replace(note, fields=("new text", "answer"), modified_s=note.modified_s + 1)
    older = replace(note, fields=("old text", "answer"), modified_s=note.modified_s - 1)
    assert merge(here, replace(small_deck(1), notes=(newer,))).kept.package.notes == (newer,)
    assert merge(here, replace(small_deck(1), notes=(older,))).kept.package.notes == (note,)


def test_a_picture_whose_name_is_taken_gets_another_name_in_file_and_card():
    here = merge(nothing_kept(), small_deck(1)).kept
    other = replace(
        small_deck(1, guid="new", card_from=5000),
        media=(MediaFile("heart.png", "ab" * 20, 9),),
    )
    joined = merge(here, other)
    name = joined.media_renamed["heart.png"]
    assert name == "heart-abababababab.png"
    assert [one.name for one in joined.media_added] == [name]
    assert f'src="{name}"' in joined.kept.package.notes[1].fields[0]
    assert merge(joined.kept, other).media_added == ()


def test_due_days_are_counted_from_our_own_first_day():
    here = merge(nothing_kept(), small_deck(1)).kept
    later = small_deck(1, guid="new", created_s=CREATED_S + 10 * 86_400, card_from=5000)
    cards = merge(here, later).kept.package.cards
    assert cards["due"].tolist() == [40, 50]


def test_own_is_no_name_for_a_package():
    with pytest.raises(ValueError, match="own"):
        merge(nothing_kept(), small_deck(1), source=OWN)


def test_reviews_of_cards_that_are_gone_are_counted_and_left_out():
    deck = small_deck(2, 2)
    deck.reviews["cid"][0] = 424242
    joined = merge(nothing_kept(), deck)
    assert joined.reviews_without_card == 1
    assert len(joined.kept.package.reviews) == 3


@given(
    had=st.lists(st.tuples(st.integers(0, 4), st.integers(1000, 1003)), max_size=12),
    came=st.lists(st.tuples(st.integers(0, 4), st.integers(1000, 1003)), max_size=12),
)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_reviews_that_share_a_millisecond_are_told_apart_by_their_card(had, came):
    """Two cards may have been answered in one millisecond; one card in one millisecond once."""

    def deck(pairs):
        log = np.zeros(len(pairs), review_dtype())
        log["id"] = [CREATED_S * 1000 + moment for moment, _ in sorted(pairs)]
        log["cid"] = [card for _, card in sorted(pairs)]
        log["ease"] = 3
        return replace(small_deck(4), reviews=log)

    start = merge(nothing_kept(), deck(set(had))).kept
    joined = merge(start, deck(came))
    found = joined.kept.package.reviews
    pairs = list(zip((found["id"] - CREATED_S * 1000).tolist(), found["cid"].tolist(), strict=True))
    assert sorted(pairs) == sorted({*had, *came})
    assert found["id"].tolist() == sorted(found["id"].tolist())
    assert joined.reviews_added == len({*came} - {*had})
    assert joined.reviews_added + joined.reviews_known == len(came)
