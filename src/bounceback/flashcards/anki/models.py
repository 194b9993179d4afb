"""What a deck is made of, once read: plain values, and two NumPy tables for the long lists.

Names follow Anki's own terms. Times of the deck are in seconds or milliseconds since 1970 UTC, as
the suffix says. Reviews and cards are structured arrays (a person may have 1.5 million reviews);
everything else is a tuple of frozen values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Generation = Literal["legacy-1", "legacy-2", "latest"]

DECK_SEPARATOR: Final = "::"
"""Between a deck and its sub-deck in a name that people see."""

REVIEW_COLUMNS: Final = (
    ("id", "<i8"),  # milliseconds since 1970 UTC when the answer was given
    ("cid", "<i8"),  # card
    ("ease", "u1"),  # 1 again, 2 hard, 3 good, 4 easy; 0 no answer (set by hand, rescheduled)
    ("type", "u1"),  # 0 learning, 1 review, 2 relearning, 3 filtered/cram, 4 manual, 5 rescheduled
    ("ivl", "<i4"),  # interval after the review: days if positive, seconds if negative
    ("lastIvl", "<i4"),  # interval before it, same units
    ("factor", "<i4"),  # ease in permille, or FSRS difficulty mapped to 100-1100
    ("time", "<i4"),  # milliseconds taken
)
"""Columns of the table of reviews, with the names of Anki's ``revlog``."""

MOMENT_MIN_MS: Final = 946_684_800_000
"""First moment of a review that is believed: the year 2000, before Anki and what it imports."""

MOMENT_MAX_MS: Final = 2_524_608_000_000
"""Last moment of a review that is believed: an answer given after the year 2049 was not given."""

CARD_COLUMNS: Final = (
    ("id", "<i8"),
    ("note_id", "<i8"),
    ("deck_id", "<i8"),  # home deck, also while the card is in a filtered deck
    ("filtered_deck_id", "<i8"),  # 0 unless the card is in a filtered deck now
    ("template", "<i4"),  # from 0; for cloze the number of the gap minus 1
    ("modified_s", "<i8"),
    ("type", "i1"),  # 0 new, 1 learning, 2 review, 3 relearning
    (
        "queue",
        "i1",
    ),  # -1 suspended, -2 and -3 buried, 0 new, 1 learning, 2 review, 3 day learning, 4 preview
    ("due", "<i8"),  # new: position; learning: seconds since 1970; review: days since creation
    ("interval_days", "<i4"),
    ("ease_permille", "<i4"),
    ("repetitions", "<i4"),
    ("lapses", "<i4"),
    ("left", "<i4"),  # learning steps left, as Anki packs them
    ("flag", "i1"),  # 0 none, 1-7 colour
    ("stability", "<f8"),  # days, as the writer stored it (rounded); NaN if none
    ("difficulty", "<f8"),  # 1-10, as stored; NaN if none
    ("desired_retention", "<f8"),  # as stored; NaN if none
    ("decay", "<f8"),  # as stored; NaN if none
    ("last_review_s", "<i8"),  # as stored; 0 if none
)
"""Columns of the table of cards."""

SUSPENDED: Final = -1
"""``queue`` of a card that its owner has put away."""

BURIED: Final = (-2, -3)
"""``queue`` of a card put away until tomorrow, by the scheduler or by hand."""

NEW, LEARNING, REVIEW, RELEARNING = 0, 1, 2, 3
"""``type`` of a card."""


def review_dtype() -> np.dtype[Any]:
    """Return the NumPy type of one review. A function, so that NumPy loads on first use."""
    import numpy as np

    return np.dtype(list(REVIEW_COLUMNS))


def card_dtype() -> np.dtype[Any]:
    """Return the NumPy type of one card."""
    import numpy as np

    return np.dtype(list(CARD_COLUMNS))


@dataclass(frozen=True, slots=True)
class Skipped:
    """One part of a package that was left out, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Template:
    """How a note becomes one card: Anki's own small template language, never run as code."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteType:
    """The shape of notes: field names, and templates (one card each) or cloze gaps."""

    id: int
    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """A named pile of cards. ``name`` joins its levels with ``::``."""

    id: int
    name: str
    filtered: bool = False
    options_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckOptions:
    """What the deck's options say about FSRS. ``weights`` is empty where none were fitted."""

    id: int
    name: str
    weights: tuple[float, ...] = ()
    desired_retention: float | None = None
    historical_retention: float | None = None
    ignore_reviews_before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One fact, in fields. ``guid`` is the same in every copy of the note.

    ``fields`` hold a stranger's HTML, exactly as it came: show it through ``html.sanitise``.
    """

    id: int
    guid: str
    note_type_id: int
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    modified_s: int = 0


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or sound of the package. ``sha1`` is of the content, in hexadecimal."""

    name: str
    sha1: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Package:
    """Everything read from one package (media content stays in the file until asked for).

    Attributes:
        generation: Which of Anki's formats it was in.
        created_s: Start of the collection's day 0, from which ``cards["due"]`` counts days.
        creation_minutes_west: UTC offset of the zone in which it was created; ``None`` if not said.
        rollover_hour: Hour at which the owner's day starts; ``None`` if not said (Anki: 4).
        note_types, decks, options, notes: In the order of their ids.
        cards: Structured array, ``CARD_COLUMNS``, one row a card, by id.
        reviews: Structured array, ``REVIEW_COLUMNS``, one row a review, by time. May hold reviews
            of cards that are gone.
        media: Files whose name is safe and whose content was there.
        warnings: What was odd but could be read, one sentence each.
        skipped: What was left out.
    """

    generation: Generation
    created_s: int
    creation_minutes_west: int | None = None
    rollover_hour: int | None = None
    note_types: tuple[NoteType, ...] = ()
    decks: tuple[Deck, ...] = ()
    options: tuple[DeckOptions, ...] = ()
    notes: tuple[Note, ...] = ()
    cards: NDArray[Any]
    reviews: NDArray[Any]
    media: tuple[MediaFile, ...] = ()
    warnings: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
