"""Join a package with what the learner already has. Doing it twice changes nothing.

Who is who: a note by its guid, a card by its note's guid and its template, a review by its card and
its millisecond. Ids of a package are its own; here each thing keeps the id it had, and newcomers
keep theirs where it is free.

What wins: a note that was changed later replaces the earlier one. Reviews are never replaced or
removed, the learner's own least of all: one that comes back from Anki stays the learner's own. The
scheduling of a card follows the package if its card was changed later, unless the learner has
answered it here since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bounceback.flashcards.anki import media
from bounceback.flashcards.anki.models import (
    Deck,
    DeckOptions,
    MediaFile,
    Note,
    NoteType,
    Package,
    Skipped,
    card_dtype,
    review_dtype,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OWN: Final = "own"
"""Source of the answers that the learner gave in this program."""


_LAST_GAP: Final = 499
_LISTED_MAX: Final = 1000


class CardKey(NamedTuple):
    """What tells a card apart in every copy of a deck."""

    note_guid: str
    template: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """What the learner has.

    Attributes:
        package: Notes, cards, reviews and media; its ``generation`` plays no part.
        sources: Names of where reviews came from.
        review_sources: (reviews,) uint8, for each review the place of its source in ``sources``.
    """

    package: Package
    sources: tuple[str, ...] = (OWN,)
    review_sources: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """The joined whole, and what became of the package's parts.

    Attributes:
        kept: What the learner has now.
        notes_added, notes_changed, notes_unchanged: Numbers of the package's notes.
        cards_added, cards_rescheduled, cards_unchanged: Numbers of the package's cards.
        reviews_added, reviews_known: Numbers of the package's reviews.
        reviews_without_card: Reviews of cards that the package does not hold; left out.
        media_added: New files, under the names they have now.
        media_renamed: New name of each file whose name was taken by another content, by old name.
        skipped: Cards of the package that no template here shows; left out.
    """

    kept: Kept
    notes_added: int
    notes_changed: int
    notes_unchanged: int
    cards_added: int
    cards_rescheduled: int
    cards_unchanged: int
    reviews_added: int
    reviews_known: int
    reviews_without_card: int
    media_added: tuple[MediaFile, ...]
    media_renamed: Mapping[str, str]
    skipped: tuple[Skipped, ...] = ()


def nothing_kept(created_s: int = 0) -> Kept:
    """Return the empty start, whose day 0 begins at ``created_s``."""
    import numpy as np

    return Kept(
        package=Package(
            generation="legacy-1",
            created_s=created_s,
            cards=np.zeros(0, card_dtype()),
            reviews=np.zeros(0, review_dtype()),
        ),
        review_sources=np.zeros(0, np.uint8),
    )


def merge(existing: Kept, incoming: Package, source: str = "anki") -> Merged:
    """Join ``incoming`` with ``existing``; neither is changed.

    Args:
        existing: What the learner has.
        incoming: What was read from a package.
        source: Where the package's reviews come from; ``own`` is not allowed.

    Raises:
        ValueError: ``source`` is ``own``, or more than 255 sources.
    """
    if source == OWN:
        raise ValueError(f"source={source!r}; that name is kept for answers given here.")
    have = existing.package
    if not have.created_s:
        have = replace(
            have,
            created_s=incoming.created_s,
            creation_minutes_west=incoming.creation_minutes_west,
            rollover_hour=incoming.rollover_hour,
        )
    renamed, media_added = _join_media(have.media, incoming.media)
    joined = _join_note_types(have.note_types, incoming.note_types)
    kinds = joined.types
    options, option_ids = _join_options(have.options, incoming.options)
    decks, deck_ids = _join_decks(have.decks, incoming.decks, option_ids)
    notes, note_ids, counts = _join_notes(have.notes, incoming.notes, joined, renamed)
    incoming, without_face = _with_faces(incoming, notes, note_ids, kinds)
    cards, card_ids, card_counts = _join_cards(
        existing, replace(have, notes=notes), incoming, note_ids, deck_ids
    )
    reviews, review_sources, sources, review_counts = _join_reviews(
        existing, incoming.reviews, card_ids, source
    )
    return Merged(
        kept=Kept(
            package=replace(
                have,
                note_types=kinds,
                options=options,
                decks=decks,
                notes=notes,
                cards=cards,
                reviews=reviews,
                media=(*have.media, *media_added),
            ),
            sources=sources,
            review_sources=review_sources,
        ),
        notes_added=counts[0],
        notes_changed=counts[1],
        notes_unchanged=counts[2],
        cards_added=card_counts[0],
        cards_rescheduled=card_counts[1],
        cards_unchanged=card_counts[2],
        reviews_added=review_counts[0],
        reviews_known=review_counts[1],
        reviews_without_card=review_counts[2],
        media_added=media_added,
        media_renamed=renamed,
        skipped=without_face,
    )


def _free_id(wanted: int, taken: Mapping[int, object] | set[int]) -> int:
    while wanted in taken:
        wanted += 1
    return wanted


def _join_media(
    have: tuple[MediaFile, ...], new: tuple[MediaFile, ...]
) -> tuple[dict[str, str], tuple[MediaFile, ...]]:
    by_name = {file.name: file for file in have}
    renamed: dict[str, str] = {}
    added: list[MediaFile] = []
    for file in new:
        there = by_name.get(file.name)
        if there is not None and there.sha1 == file.sha1:
            continue
        name = file.name
        if there is not None:
            # Another picture under the same name: both cards must keep their own.
            stem = PurePosixPath(file.name)
            name = f"{stem.stem[:200]}-{file.sha1[:12]}{stem.suffix}"
            renamed[file.name] = name
            if name in by_name:
                continue
        by_name[name] = MediaFile(name, file.sha1, file.bytes)
        added.append(by_name[name])
    return renamed, tuple(added)


def _shape(kind: NoteType) -> tuple[object, ...]:
    return (kind.name, kind.cloze, kind.fields, kind.templates)


@dataclass(slots=True)
class _JoinedTypes:
    """Note types after joining, and how the fields of notes have to move.

    Attributes:
        types: All note types.
        ids: Id here of each incoming type.
        grown: Fields before of each type of the learner's that grew or was reworded, by id.
        incoming_fields: Fields of an incoming type whose type here has more, by incoming id.
    """

    types: tuple[NoteType, ...]
    ids: dict[int, int]
    grown: dict[int, tuple[str, ...]]
    incoming_fields: dict[int, tuple[str, ...]]


def _join_note_types(have: tuple[NoteType, ...], new: tuple[NoteType, ...]) -> _JoinedTypes:
    """Join note types as Anki does when it merges them.

    Same name, fields and templates: the same type. The same id with all the fields and at least as
    many templates: the type grew or was reworded, and the newcomer replaces it for old notes too.
    The same id with fewer: an older copy, and what is here stays. Anything else: both are kept.
    """
    by_id = {kind.id: kind for kind in have}
    by_shape = {_shape(kind): kind.id for kind in have}
    joined = _JoinedTypes((), {}, {}, {})
    for kind in new:
        known = by_shape.get(_shape(kind))
        there = by_id.get(kind.id)
        if known is None and there is not None and _covers(kind, there):
            joined.grown.setdefault(kind.id, there.fields)
            by_id[kind.id] = kind
            known = by_shape[_shape(kind)] = kind.id
        elif known is None and there is not None and _covers(there, kind):
            known = kind.id
            joined.incoming_fields[kind.id] = kind.fields
        elif known is None:
            known = _free_id(kind.id, by_id)
            by_id[known] = replace(kind, id=known)
            by_shape[_shape(kind)] = known
        joined.ids[kind.id] = known
    joined.types = tuple(by_id.values())
    return joined


def _covers(grown: NoteType, before: NoteType) -> bool:
    """Whether every note and card of one type is one of the other too."""
    return (
        grown.cloze == before.cloze
        and set(before.fields) <= set(grown.fields)
        and len(grown.templates) >= len(before.templates)
    )


def _moved_fields(
    fields: tuple[str, ...], before: tuple[str, ...], now: tuple[str, ...]
) -> tuple[str, ...]:
    """Return a note's fields in the places of a grown type; new fields are empty."""
    by_name = dict(zip(before, fields, strict=False))
    return tuple(by_name.get(name, "") for name in now)


def _join_options(
    have: tuple[DeckOptions, ...], new: tuple[DeckOptions, ...]
) -> tuple[tuple[DeckOptions, ...], dict[int, int]]:
    by_id = {one.id: one for one in have}
    by_value = {replace(one, id=0): one.id for one in have}
    ids: dict[int, int] = {}
    for one in new:
        known = by_value.get(replace(one, id=0))
        if known is None:
            known = _free_id(one.id, by_id)
            by_id[known] = replace(one, id=known)
            by_value[replace(one, id=0)] = known
        ids[one.id] = known
    return tuple(by_id.values()), ids


def _join_decks(
    have: tuple[Deck, ...], new: tuple[Deck, ...], option_ids: Mapping[int, int]
) -> tuple[tuple[Deck, ...], dict[int, int]]:
    """Decks are the same if their names are, without regard to case, as in Anki."""
    by_id = {deck.id: deck for deck in have}
    by_name = {deck.name.casefold(): deck.id for deck in have}
    ids: dict[int, int] = {}
    for deck in new:
        known = by_name.get(deck.name.casefold())
        if known is None:
            known = _free_id(deck.id, by_id)
            options = None if deck.options_id is None else option_ids.get(deck.options_id)
            by_id[known] = replace(deck, id=known, options_id=options)
            by_name[deck.name.casefold()] = known
        ids[deck.id] = known
    return tuple(by_id.values()), ids


def _join_notes(
    have: tuple[Note, ...],
    new: tuple[Note, ...],
    joined: _JoinedTypes,
    renamed: Mapping[str, str],
) -> tuple[tuple[Note, ...], dict[int, int], tuple[int, int, int]]:
    kinds = {kind.id: kind for kind in joined.types}
    if joined.grown:
        have = tuple(
            replace(
                note,
                fields=_moved_fields(
                    note.fields, joined.grown[note.note_type_id], kinds[note.note_type_id].fields
                ),
            )
            if note.note_type_id in joined.grown
            else note
            for note in have
        )
    by_guid = {note.guid: note for note in have}
    taken = {note.id for note in have}
    ids: dict[int, int] = {}
    added = changed = 0
    for note in new:
        known = by_guid.get(note.guid)
        fields = tuple(media.rename_references(field, renamed) for field in note.fields)
        kind_id = joined.ids[note.note_type_id]
        if note.note_type_id in joined.incoming_fields:
            before = joined.incoming_fields[note.note_type_id]
            fields = _moved_fields(fields, before, kinds[kind_id].fields)
        arrived = replace(note, note_type_id=kind_id, fields=fields)
        if known is None:
            arrived = replace(arrived, id=_free_id(note.id, taken))
            taken.add(arrived.id)
            by_guid[note.guid] = arrived
            added += 1
        else:
            arrived = replace(arrived, id=known.id)
            if note.modified_s > known.modified_s and arrived != known:
                by_guid[note.guid] = arrived
                changed += 1
        ids[note.id] = arrived.id
    counts = (added, changed, len(new) - added - changed)
    return tuple(by_guid.values()) if added or changed else have, ids, counts


def _with_faces(
    incoming: Package,
    notes: tuple[Note, ...],
    note_ids: Mapping[int, int],
    kinds: tuple[NoteType, ...],
) -> tuple[Package, tuple[Skipped, ...]]:
    """Return the package without the cards that no template of their note's type here shows.

    A note that is not newer stays as it is here, with its own type, which may have fewer templates
    than the type in the package.
    """
    import numpy as np

    by_id = {kind.id: kind for kind in kinds}
    last = {
        note.id: _LAST_GAP
        if by_id[note.note_type_id].cloze
        else len(by_id[note.note_type_id].templates) - 1
        for note in notes
    }
    shown = np.fromiter(
        (
            template <= last[note_ids[note]]
            for note, template in zip(
                incoming.cards["note_id"].tolist(), incoming.cards["template"].tolist(), strict=True
            )
        ),
        np.bool_,
        len(incoming.cards),
    )
    if shown.all():
        return incoming, ()
    gone = incoming.cards[~shown]
    left_out = tuple(
        Skipped(f"card {card}", f"its note has another note type here, without template {template}")
        for card, template in zip(
            gone["id"].tolist()[:_LISTED_MAX], gone["template"].tolist()[:_LISTED_MAX], strict=True
        )
    )
    return replace(incoming, cards=incoming.cards[shown]), left_out


def _join_cards(
    existing: Kept,
    have: Package,
    incoming: Package,
    note_ids: Mapping[int, int],
    deck_ids: Mapping[int, int],
) -> tuple[NDArray[Any], dict[int, int], tuple[int, int, int]]:
    import numpy as np

    cards = have.cards
    places = {
        (note, template): at
        for at, (note, template) in enumerate(
            zip(cards["note_id"].tolist(), cards["template"].tolist(), strict=True)
        )
    }
    taken = set(cards["id"].tolist())
    # Who answered a card last matters only where both have it.
    answered_here = _last_of(_own(existing), cards["id"])
    last_there = _last_of(incoming.reviews, incoming.cards["id"]) if len(cards) else None
    arrived = incoming.cards.copy()
    arrived["note_id"] = [note_ids[one] for one in arrived["note_id"].tolist()]
    arrived["deck_id"] = [deck_ids.get(one, one) for one in arrived["deck_id"].tolist()]
    # A review card's due day counts from its collection's day 0; here from ours.
    shift = round((incoming.created_s - have.created_s) / 86_400)
    in_days = (arrived["type"] != 0) & (arrived["due"] < 1_000_000_000)
    arrived["due"][in_days] += shift
    ids: dict[int, int] = {}
    joined = cards.copy()
    fresh: list[int] = []
    rescheduled = 0
    for at, (identity, note, template, modified) in enumerate(
        zip(
            arrived["id"].tolist(),
            arrived["note_id"].tolist(),
            arrived["template"].tolist(),
            arrived["modified_s"].tolist(),
            strict=True,
        )
    ):
        place = places.get((note, template))
        if place is None:
            kept_id = _free_id(identity, taken)
            taken.add(kept_id)
            places[(note, template)] = -1
            arrived["id"][at] = kept_id
            fresh.append(at)
            ids[identity] = kept_id
            continue
        if place < 0:  # the package itself holds the card twice
            continue
        kept_id = int(cards["id"][place])
        ids[identity] = kept_id
        later_here = last_there is not None and answered_here[place] > last_there[at]
        if modified > cards["modified_s"][place] and not later_here:
            joined[place] = arrived[at]
            joined["id"][place] = kept_id
            rescheduled += 1
    whole = np.concatenate([joined, arrived[fresh]])
    whole = whole[np.argsort(whole["id"], kind="stable")]
    unchanged = len(arrived) - len(fresh) - rescheduled
    return whole, ids, (len(fresh), rescheduled, unchanged)


def _own(existing: Kept) -> NDArray[Any]:
    """Return the answers that the learner gave here."""
    reviews = existing.package.reviews
    if OWN not in existing.sources:
        return reviews[:0]
    mine: NDArray[Any] = reviews[existing.review_sources == existing.sources.index(OWN)]
    return mine


def _last_of(reviews: NDArray[Any], card_ids: NDArray[Any]) -> NDArray[Any]:
    """Return the millisecond of the last graded answer of each card, 0 for none."""
    import numpy as np

    last = np.zeros(len(card_ids), np.int64)
    at = _places(card_ids, reviews["cid"])
    counts = (reviews["ease"] > 0) & (at < len(card_ids))
    # Rows are in order of time, so the last one written for a card stays.
    last[at[counts]] = reviews["id"][counts]
    return last


def _places(card_ids: NDArray[Any], wanted: NDArray[Any]) -> NDArray[Any]:
    """Return the row of each wanted id in ``card_ids``; the number of cards where it is none."""
    import numpy as np

    order = np.argsort(card_ids, kind="stable")
    ordered = np.append(card_ids[order], 0)
    at = np.searchsorted(ordered[:-1], wanted)
    gone = ordered[at] != wanted
    at = np.append(order, len(card_ids))[at]
    at[gone] = len(card_ids)
    return at


def _join_reviews(
    existing: Kept, new: NDArray[Any], card_ids: Mapping[int, int], source: str
) -> tuple[NDArray[Any], NDArray[np.uint8], tuple[str, ...], tuple[int, int, int]]:
    import numpy as np

    sources = existing.sources if source in existing.sources else (*existing.sources, source)
    if len(sources) > 255:
        raise ValueError(f"{len(sources)} sources of reviews; allowed are 255.")
    old_ids = np.fromiter(card_ids.keys(), np.int64, len(card_ids))
    new_ids = np.fromiter(card_ids.values(), np.int64, len(card_ids))
    at = _places(old_ids, new["cid"])
    with_card = at < len(old_ids)
    have = existing.package.reviews
    arrived = np.flatnonzero(with_card)
    cids = new_ids[at[arrived]]
    del at
    fresh = _not_in(have, new["id"][arrived], cids)
    arrived, cids = arrived[fresh], cids[fresh]
    known = int(np.count_nonzero(with_card)) - len(arrived)
    counts = (len(arrived), known, len(new) - int(np.count_nonzero(with_card)))
    if not len(arrived):
        return have, existing.review_sources, sources, counts
    whole = np.empty(len(have) + len(arrived), have.dtype)
    marks = np.full(len(whole), sources.index(source), np.uint8)
    whole[: len(have)], marks[: len(have)] = have, existing.review_sources
    whole[len(have) :] = new[arrived] if len(arrived) < len(new) else new
    whole["cid"][len(have) :] = cids
    if (whole["id"][1:] < whole["id"][:-1]).any():
        by_time = np.argsort(whole["id"], kind="stable")
        whole, marks = whole[by_time], marks[by_time]
    return whole, marks, sources, counts


def _not_in(have: NDArray[Any], ids: NDArray[Any], cids: NDArray[Any]) -> NDArray[Any]:
    """Return which reviews are new: not in ``have``, and the first of their key.

    All are by time, and one millisecond has nearly always one review: those that share theirs with
    another are sorted out apart.
    """
    import numpy as np

    moments = np.ascontiguousarray(have["id"])
    at = np.searchsorted(moments, ids)
    shared = at < len(moments)
    shared[shared] = moments[at[shared]] == ids[shared]
    known = shared.copy()
    known[shared] = have["cid"][at[shared]] == cids[shared]
    shared &= ~known
    again = ids[1:] == ids[:-1]
    shared[1:] |= again
    shared[:-1] |= again
    new = ~known
    if shared.any():
        mine = np.isin(moments, ids[shared])
        of_both = tuple(
            np.concatenate([old[mine], given[shared]])
            for old, given in ((moments, ids), (have["cid"], cids))
        )
        # Stable by card and time, so that of two equal keys the one we had comes first.
        order = np.lexsort(of_both)
        id_, cid = (column[order] for column in of_both)
        first = np.ones(len(order), np.bool_)
        first[order[1:]] = (id_[1:] != id_[:-1]) | (cid[1:] != cid[:-1])
        new[shared] = first[int(mine.sum()) :]
    return new
