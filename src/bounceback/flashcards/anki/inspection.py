"""Say what is in a package, with the memory state of every card, and store nothing.

The states are replayed from the package's own review history, under an explicit day rule, with the
weights that the package carries for the card's deck or else the default weights. States that the
package stores are rounded and often missing: they tell no more than from which digits Anki went on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki.deck_files import unpacked_deck
from bounceback.flashcards.anki.limits import DEFAULT, Limits
from bounceback.flashcards.anki.models import (
    NEW,
    SUSPENDED,
    DeckOptions,
    Generation,
    MediaFile,
    NoteType,
    Skipped,
)
from bounceback.flashcards.anki.reading import OpenPackage, open_package
from bounceback.flashcards.day_boundary import DayRule, LocalDays
from bounceback.flashcards.fsrs import Weights, default_weights, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROLLOVER_HOUR: Final = 4
"""Hour at which Anki starts a day unless its owner chose another (Anki manual, Preferences)."""

_SECONDS_FROM: Final = 1_000_000_000
"""A due number from here on is seconds since 1970 (learning); below, days since creation."""

_DUE_DAYS_MAX: Final = 200_000


class State(NamedTuple):
    """One card as the package has it.

    Attributes:
        note_guid: Guid of its note.
        template: From 0; which card of the note.
        deck: Full name of its home deck, levels joined by ``::``; ``None`` if not described.
        suspended: Put away by its owner.
        due: Day on which it falls due, on the learner's calendar; ``None`` for a new card.
        reviews: Graded answers in the history.
        stability: Days until recall falls to 90 %; ``None`` without history.
        difficulty: 1 to 10; ``None`` without history.
    """

    note_guid: str
    template: int
    deck: str | None
    suspended: bool
    due: date | None
    reviews: int
    stability: float | None
    difficulty: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is in a package. Counts are of what was read; what was not is in ``skipped``.

    Attributes:
        reviews: Rows of the review history, cards that are gone included.
        states: One a card, in the order of card ids.
        day_rule: Id of the day rule under which the states were replayed.
    """

    generation: Generation
    notes: int
    cards: int
    reviews: int
    media: tuple[MediaFile, ...]
    warnings: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    states: tuple[State, ...]
    day_rule: str

    def to_json(self) -> dict[str, Any]:
        """Return the answer of ``bounceback cards inspect --json``, ready for ``json.dumps``."""
        return {
            "generation": self.generation,
            "notes": self.notes,
            "cards": self.cards,
            "reviews": self.reviews,
            "media": [
                {"name": one.name, "sha1": one.sha1, "bytes": one.bytes} for one in self.media
            ],
            "warnings": list(self.warnings),
            "skipped": [{"what": one.what, "why": one.why} for one in self.skipped],
            "states": [
                state._asdict() | {"due": None if state.due is None else state.due.isoformat()}
                for state in self.states
            ],
            "day_rule": self.day_rule,
        }


def inspect(
    path: Path | str,
    rollover_hour: int | None = None,
    zone: str = "UTC",
    *,
    day_rule: DayRule | None = None,
    limits: Limits = DEFAULT,
) -> Inspection:
    """Return what is in a package.

    Args:
        path: An ``.apkg`` or ``.colpkg`` file, or a zip that holds one.
        rollover_hour: Hour at which the learner's day starts, 0 to 23. Without it, the package's
            own, or 4 as in Anki.
        zone: IANA zone of the learner.
        day_rule: How days between reviews are counted; without it, as Anki counts when it answers
            a card in ``zone`` (``LocalDays``).
        limits: Caps.

    Raises:
        UntrustedInputError: The file was refused.
        ValueError: Unknown zone, or an hour outside 0 to 23.
    """
    import numpy as np

    with unpacked_deck(Path(path), limits) as deck, open_package(deck, limits) as opened:
        hour = rollover_hour
        if hour is None:
            hour = opened.settings.rollover_hour
        local = LocalDays(zone, ROLLOVER_HOUR if hour is None else hour)
        rule = day_rule or local
        warnings: list[str] = []
        guids: dict[int, str] = {}
        kinds: dict[int, NoteType] = {}
        first = None
        for note in opened.notes():
            first = first or note
            guids[note.id] = note.guid
            kinds[note.id] = opened.settings.note_types[note.note_type_id]
        opened.refuse_dummy(len(guids), first)
        cards = opened.cards(kinds)
        reviews = opened.reviews()
        places = _places(cards, reviews)
        stability, difficulty = _memory(opened, cards, reviews, places, rule, local, warnings)
        due = _due_days(opened, cards, local)
        decks = {identity: deck.name for identity, deck in opened.settings.decks.items()}
        states = tuple(
            State(
                guids[note],
                template,
                decks.get(deck),
                queue == SUSPENDED,
                day,
                count,
                None if s != s else s,
                None if d != d else d,
            )
            for note, template, deck, queue, day, count, s, d in zip(
                cards["note_id"].tolist(),
                cards["template"].tolist(),
                cards["deck_id"].tolist(),
                cards["queue"].tolist(),
                due,
                np.bincount(places[reviews["ease"] > 0], minlength=len(cards) + 1).tolist()[:-1],
                stability.tolist(),
                difficulty.tolist(),
                strict=True,
            )
        )
        media = opened.media()
        findings = opened.close_findings()
        return Inspection(
            generation=opened.generation,
            notes=len(guids),
            cards=len(cards),
            reviews=len(reviews),
            media=media,
            warnings=(*findings.warnings, *warnings),
            skipped=tuple(findings.skipped),
            states=states,
            day_rule=rule.id,
        )


def _places(cards: NDArray[Any], reviews: NDArray[Any]) -> NDArray[Any]:
    """Return for each review the row of its card in ``cards``; ``len(cards)`` if it is gone.

    In 16 bits where they suffice: a log is put in order of cards several times faster then.
    """
    import numpy as np

    places = np.searchsorted(cards["id"], reviews["cid"])
    gone = np.append(cards["id"], 0)[places] != reviews["cid"]
    places[gone] = len(cards)
    return places.astype(np.uint16 if len(cards) < 2**16 else np.uint32)


def _memory(
    opened: OpenPackage,
    cards: NDArray[Any],
    reviews: NDArray[Any],
    places: NDArray[Any],
    rule: DayRule,
    local: LocalDays,
    warnings: list[str],
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return stability and difficulty of each card, (cards,) each, NaN without history.

    Cards are replayed together by the options of their home decks, which share weights.
    """
    import numpy as np

    from bounceback.flashcards.replay import history_from_revlog, replay_as_stored

    stability = np.full(len(cards), np.nan)
    difficulty = np.full(len(cards), np.nan)
    for options, members in _by_options(opened, cards):
        w, retention, since_ms = _rules_of(options, local, warnings)
        mine = np.zeros(len(cards) + 1, np.bool_)
        mine[members] = True
        chosen = mine[places]
        if since_ms is not None:
            chosen &= reviews["id"] >= since_ms
        log = {name: reviews[name] for name in ("id", "ease", "ivl", "factor", "type")}
        log["cid"] = places
        # Where all cards share their options there is no need for a second copy of the log.
        if not chosen.all():
            log = {name: column[chosen] for name, column in log.items()}
        histories = history_from_revlog(log, rule, weights=w, retention=retention)
        own = cards[histories.card_ids]
        found = replay_as_stored(histories, w, own["stability"], own["difficulty"])
        stability[histories.card_ids] = found.stability_days
        difficulty[histories.card_ids] = found.difficulty
    return stability, difficulty


def _by_options(
    opened: OpenPackage, cards: NDArray[Any]
) -> Iterator[tuple[DeckOptions | None, NDArray[Any]]]:
    """Yield the options that matter for the replay, with the rows of the cards under them."""
    import numpy as np

    settings = opened.settings
    groups: dict[tuple[Any, ...], tuple[DeckOptions | None, list[int]]] = {}
    for deck in np.unique(cards["deck_id"]).tolist():
        described = settings.decks.get(deck)
        options = None if described is None else settings.options.get(described.options_id or 0)
        key: tuple[Any, ...] = ()
        if options is not None:
            key = (
                options.weights,
                options.historical_retention,
                options.ignore_reviews_before,
            )
        groups.setdefault(key, (options, []))[1].append(deck)
    for options, decks in groups.values():
        yield options, np.flatnonzero(np.isin(cards["deck_id"], decks))


def _rules_of(
    options: DeckOptions | None, local: LocalDays, warnings: list[str]
) -> tuple[Weights, float, int | None]:
    """Return weights, historical retention, and the instant before which reviews do not count."""
    retention = 0.9 if options is None else options.historical_retention or 0.9
    w = default_weights()
    since_ms = None
    if options is not None and options.weights:
        # Weights of another algorithm are named in the warnings of the reading.
        with suppress(UntrustedInputError):
            w = weights(options.weights, source="package")
    if options is not None and options.ignore_reviews_before:
        try:
            day = date.fromisoformat(options.ignore_reviews_before)
        except ValueError:
            warnings.append(
                f"The deck options {options.name!r} ignore reviews before"
                f" {options.ignore_reviews_before!r}, which is no date; all reviews count."
            )
        else:
            since_ms = _start_of_day_ms(day, local)
    return w, retention, since_ms


def _start_of_day_ms(day: date, local: LocalDays) -> int:
    from zoneinfo import ZoneInfo

    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(local.zone))
    return int(start.timestamp() * 1000)


def _due_days(opened: OpenPackage, cards: NDArray[Any], local: LocalDays) -> list[date | None]:
    """Return the day on which each card falls due: the learner's date, ``None`` for new cards."""
    created_s = opened.settings.created_s
    if not created_s:
        created = None
    elif opened.settings.creation_minutes_west is not None:
        west = timedelta(minutes=opened.settings.creation_minutes_west)
        created = (datetime.fromtimestamp(created_s, UTC) - west).date()
    else:
        # Day 0 starts at the rollover, which is on that calendar day already.
        created = LocalDays(local.zone, 0).date(created_s * 1000)
    days: list[date | None] = []
    for kind, number, undated in zip(
        cards["type"].tolist(), cards["due"].tolist(), opened.undated.tolist(), strict=True
    ):
        day = None
        if kind != NEW and not undated:
            if _SECONDS_FROM <= number < 1 << 36:
                day = local.date(number * 1000)
            elif created is not None and abs(number) < _DUE_DAYS_MAX:
                day = created + timedelta(days=number)
        days.append(day)
    return days
