"""Both sides of a card as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bounceback.local_storage.card_collection import CardCollection
from bounceback_web.cards import face_maker


@dataclass(frozen=True, slots=True)
class Sides:
    """One card as it is shown.

    Attributes:
        front: The question.
        back: The answer, without the question that most templates repeat above it.
        place: Where it comes from: its deck, level by level.
    """

    front: SafeString
    back: SafeString
    place: str


def sides(opened: CardCollection, card_id: int) -> Sides:
    """Return both sides of a card.

    Raises:
        KeyError: There is no such card.
        CardNotShownError: It asks for more than a card needs.
    """
    row = opened.card(card_id)
    note = next(opened.notes([row["note_id"]]))
    kinds = {kind.id: kind for kind in opened.note_types()}
    deck = {one.id: one.name for one in opened.decks()}.get(row["deck_id"], "")
    if note.note_type_id not in kinds:
        raise face_maker.CardNotShownError("its note type is missing")
    front, back = face_maker.MAKER.make(
        kinds[note.note_type_id],
        note,
        row["template"],
        deck=deck,
        names=[file.name for file in opened.media_files()],
        address=reverse("cards-media", args=["-"]).removesuffix("-"),
    )
    return Sides(
        mark_safe(front), mark_safe(back), " · ".join(part for part in deck.split("::") if part)
    )
