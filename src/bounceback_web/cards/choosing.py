"""Which cards are due by deck and by tag, and the cards of those that were chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bounceback.services.card_queue import Standing

MOST_TAGS: Final = 8
MOST_DECKS: Final = 12


@dataclass(frozen=True, slots=True)
class Due:
    """A deck or a tag with its due cards.

    Attributes:
        key: What the form sends.
        name: What is read.
        count: Cards due today.
        share: Of the largest count, 0 to 1.
    """

    key: str
    name: str
    count: int
    share: float


def by_deck(found: Standing) -> tuple[Due, ...]:
    """Return the decks with due cards, those with most first."""
    counts: Counter[str] = Counter()
    for at in _due_rows(found):
        counts[found.labels[at][2].partition("::")[0]] += 1
    return _listed(counts, MOST_DECKS)


def by_tag(found: Standing) -> tuple[Due, ...]:
    """Return the tags with due cards, those with most first; a tag counts by its last part."""
    counts: Counter[str] = Counter()
    for at in _due_rows(found):
        counts.update({_short(tag) for tag in found.labels[at][1]})
    return _listed(counts, MOST_TAGS)


def _due_rows(found: Standing) -> Sequence[int]:
    deck = found.deck
    due = deck.seen & ~deck.suspended & (deck.due_in_days <= 0)
    rows: Sequence[int] = due.nonzero()[0].tolist()
    return rows


def _short(tag: str) -> str:
    return tag.rsplit("::", 1)[-1].strip("#_ ").replace("_", " ") or tag


def _listed(counts: Counter[str], most: int) -> tuple[Due, ...]:
    top = counts.most_common(most)
    largest = max((n for _name, n in top), default=1)
    return tuple(Due(name, name or "Default", n, n / largest) for name, n in top)


def chosen(found: Standing, decks: Collection[str], tags: Collection[str]) -> frozenset[int] | None:
    """Return ids of the cards of the chosen decks and tags; ``None`` where nothing was chosen.

    Args:
        found: The cards.
        decks: Top-level decks; empty for all.
        tags: Tags by their last part; empty for all.
    """
    if not decks and not tags:
        return None
    return frozenset(
        card
        for card, own, deck in found.labels
        if (not decks or deck.partition("::")[0] in decks)
        and (not tags or not set(tags).isdisjoint(map(_short, own)))
    )
