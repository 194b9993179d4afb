"""What pages say of cards."""

from __future__ import annotations


def counted_in_your_cards(deck: str, due_per_day: int) -> str:
    """Return how many cards of a deck fall due, where they were counted in the student's cards."""
    cards = "card falls" if due_per_day == 1 else "cards fall"
    return f"{deck}: about {due_per_day:,} {cards} due a day, counted in your cards."
