"""One sitting at the cards: what comes next, what each answer would mean, undo, how much is left.

A session is a frozen value; every action returns a new one that remembers the one before. Time is
given in milliseconds since 1970 UTC and comes from the caller. Rules 38 to 41 of
``docs/explanation/memory.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from bounceback.flashcards.day_boundary import DayRule
from bounceback.flashcards.fsrs import (
    AGAIN,
    EASY,
    GOOD,
    HARD,
    RATINGS,
    Memory,
    StateTag,
    Weights,
    step,
    whole_interval_days,
)
from bounceback.flashcards.parameters import value
from bounceback.records.models import Miss
from bounceback.vocabulary import Cause

Kind = Literal["new", "learning", "review", "relearning"]

_MINUTE_MS: Final = 60_000
_DAY_MINUTES: Final = 1_440
NAMES: Final = {AGAIN: "Again", HARD: "Hard", GOOD: "Good", EASY: "Easy"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a session follows.

    Attributes:
        weights: Weights of the model.
        rule: Day rule.
        desired_retention: Chance of recall at which a card comes back, in (0, 1).
        learning_minutes: Steps of a new card on its first day.
        relearning_minutes: Steps after a lapse; empty: straight back to days.
        max_days: Longest interval.
        exam_ms: Instant of the exam, if known; choices say when they fall after it.
    """

    weights: Weights
    rule: DayRule
    desired_retention: float = 0.9
    learning_minutes: tuple[float, ...] = (
        value("review.learning_step_first"),
        value("review.learning_step_second"),
    )
    relearning_minutes: tuple[float, ...] = (value("review.relearning_step"),)
    max_days: int = 36_500
    exam_ms: int | None = None

    @property
    def tag(self) -> StateTag:
        """Return what states made in this session rest on."""
        return self.weights.tag(self.rule.id)


@dataclass(frozen=True, slots=True)
class QueuedCard:
    """A card in the queue.

    Attributes:
        card_id: The caller's id.
        kind: New, in learning steps, in review, or in steps after a lapse.
        memory: State, ``None`` for a new card.
        last_ms: Instant of the last answer; ``None`` for a new card.
        step: Place in its steps.
        not_before_ms: Instant from which it may be shown.
        flag: 0 none, 1 to 7 a colour.
    """

    card_id: int
    kind: Kind = "new"
    memory: Memory | None = None
    last_ms: int | None = None
    step: int = 0
    not_before_ms: int = 0
    flag: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What an answer would lead to.

    Attributes:
        rating: 1 to 4.
        name: Again, Hard, Good, Easy.
        memory: State after it.
        kind: Kind after it.
        step: Place in the steps after it.
        minutes: Minutes until the card is shown again today; ``None`` if on another day.
        days: Days until it is due; ``None`` if it comes back today.
        after_exam: It would be due on or after the exam.
        text: The interval in words.
    """

    rating: int
    name: str
    memory: Memory
    kind: Kind
    step: int
    minutes: float | None
    days: int | None
    after_exam: bool
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, ready to be stored. Append only.

    Attributes:
        card_id: The card.
        at_ms: Instant, unique within the session; serves as the review's id.
        rating: 1 to 4.
        seconds: Time taken.
        kind: Kind of the card *before* the answer.
        interval: Days until due; negative: seconds, as Anki logs it.
        memory: State after.
        tag: What the state rests on.
    """

    card_id: int
    at_ms: int
    rating: int
    seconds: float
    kind: Kind
    interval: int
    memory: Memory
    tag: StateTag


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a session and the time it is likely to take.

    Attributes:
        new: New cards left.
        learning: Cards in steps left.
        review: Reviews left.
        later: Cards that fell due but are not part of this session.
        answered: Answers given.
        minutes_left: Likely minutes: the student's own pace in this session, started from the
            published pace.
    """

    new: int
    learning: int
    review: int
    later: int
    answered: int
    minutes_left: float


@dataclass(frozen=True, slots=True)
class Session:
    """A sitting. Make one with ``begin``.

    Attributes:
        settings: What it follows.
        queue: Cards left, in order.
        answers: Answers given, oldest first.
        suspended: Cards set aside in this session.
        flags: (card id, colour) set in this session, latest last.
        later: Number of due cards left for another session.
        before: The session before the last action; ``None`` at the start.
    """

    settings: Settings
    queue: tuple[QueuedCard, ...]
    answers: tuple[Answer, ...] = ()
    suspended: tuple[int, ...] = ()
    flags: tuple[tuple[int, int], ...] = ()
    later: int = 0
    before: Session | None = None


def begin(cards: Sequence[QueuedCard], settings: Settings, *, limit: int | None = None) -> Session:
    """Start a session with the first cards of a list.

    Args:
        cards: Due and new cards, most important first.
        settings: What to follow.
        limit: Most cards in the session; default about twenty. The rest is counted as later.

    Raises:
        ValueError: A card stands in the list twice, or the limit is not positive.
    """
    most = int(value("review.session_cards")) if limit is None else limit
    if most < 1:
        raise ValueError(f"limit={limit}; a session has at least one card.")
    if len({card.card_id for card in cards}) != len(cards):
        raise ValueError("a card stands in the list twice; give each once.")
    return Session(settings, tuple(cards[:most]), later=max(len(cards) - most, 0))


def current(session: Session, now_ms: int) -> QueuedCard | None:
    """Return the card to show now, or ``None`` if the session is done or must wait.

    Cards in steps come as soon as their time is up, before others; when nothing else is left, up to
    the learn-ahead limit early.
    """
    stepping = [c for c in session.queue if c.kind in ("learning", "relearning")]
    ready = [c for c in stepping if c.not_before_ms <= now_ms]
    if ready:
        return min(ready, key=lambda c: c.not_before_ms)
    for card in session.queue:
        if card.kind in ("new", "review"):
            return card
    if stepping:
        soonest = min(stepping, key=lambda c: c.not_before_ms)
        ahead = value("review.learn_ahead_minutes") * _MINUTE_MS
        if soonest.not_before_ms - now_ms <= ahead:
            return soonest
    return None


def wait_minutes(session: Session, now_ms: int) -> float | None:
    """Return minutes until the next card may be shown: 0 now, ``None`` when the session is done."""
    if not session.queue:
        return None
    if current(session, now_ms) is not None:
        return 0.0
    soonest = min(card.not_before_ms for card in session.queue)
    return (soonest - now_ms) / _MINUTE_MS - value("review.learn_ahead_minutes")


def choices(session: Session, now_ms: int) -> tuple[Choice, ...]:
    """Return what each of the four answers to the current card would lead to.

    Raises:
        ValueError: No card is shown now.
    """
    card = _shown(session, now_ms)
    return tuple(_choice(card, rating, session.settings, now_ms) for rating in RATINGS)


def answer(session: Session, rating: int, now_ms: int, seconds: float) -> Session:
    """Answer the current card.

    Args:
        session: The session.
        rating: 1 Again, 2 Hard, 3 Good, 4 Easy.
        now_ms: Instant of the answer.
        seconds: Time taken for it.

    Raises:
        ValueError: No card is shown now, or the rating is not 1 to 4.
    """
    if rating not in RATINGS:
        raise ValueError(f"rating={rating}; allowed are 1 Again, 2 Hard, 3 Good, 4 Easy.")
    card = _shown(session, now_ms)
    choice = _choice(card, rating, session.settings, now_ms)
    at = now_ms
    if session.answers and at <= session.answers[-1].at_ms:
        at = session.answers[-1].at_ms + 1  # a clock set back, or two answers in one millisecond
    interval = -round((choice.minutes or 0.0) * 60) if choice.days is None else choice.days
    given = Answer(
        card.card_id,
        at,
        rating,
        max(seconds, 0.0),
        card.kind,
        interval,
        choice.memory,
        session.settings.tag,
    )
    rest = tuple(c for c in session.queue if c.card_id != card.card_id)
    if choice.days is None:
        back = replace(
            card,
            kind=choice.kind,
            memory=choice.memory,
            last_ms=at,
            step=choice.step,
            not_before_ms=at + round((choice.minutes or 0.0) * _MINUTE_MS),
        )
        rest = (*rest, back)
    return replace(session, queue=rest, answers=(*session.answers, given), before=session)


def undo(session: Session) -> Session:
    """Take back the last action (answer, suspend, flag); at the start, the session itself."""
    return session.before or session


def suspend(session: Session, now_ms: int) -> Session:
    """Set the current card aside until the learner brings it back."""
    card = _shown(session, now_ms)
    rest = tuple(c for c in session.queue if c.card_id != card.card_id)
    return replace(
        session, queue=rest, suspended=(*session.suspended, card.card_id), before=session
    )


def flag(session: Session, colour: int, now_ms: int) -> Session:
    """Flag the current card: 1 to 7 a colour, 0 none."""
    if not 0 <= colour <= 7:
        raise ValueError(f"colour={colour}; allowed are 0 (none) to 7, as in Anki.")
    card = _shown(session, now_ms)
    queue = tuple(
        replace(c, flag=colour) if c.card_id == card.card_id else c for c in session.queue
    )
    return replace(
        session, queue=queue, flags=(*session.flags, (card.card_id, colour)), before=session
    )


def progress(session: Session) -> Progress:
    """Return counts and the likely time left."""
    kinds = [card.kind for card in session.queue]
    new, review = kinds.count("new"), kinds.count("review")
    learning = len(kinds) - new - review
    # Published seconds, corrected by this session's own pace; ten answers' worth of doubt.
    expected = sum(_seconds(a.kind, a.rating) for a in session.answers)
    spent = sum(min(a.seconds, value("anki.seconds_cap")) for a in session.answers)
    doubt = 10 * _seconds("review", GOOD)
    pace = (spent + doubt) / (expected + doubt)
    steps = len(session.settings.learning_minutes)
    left = (
        new * (1 + steps) * _seconds("learning", GOOD)
        + learning * _seconds("relearning", GOOD)
        + review * _seconds("review", GOOD)
    )
    return Progress(new, learning, review, session.later, len(session.answers), pace * left / 60.0)


def _seconds(kind: Kind, rating: int) -> float:
    state = {"new": "learning", "learning": "learning", "review": "review"}.get(kind, "relearning")
    return value(f"habit.seconds_{state}_{NAMES[rating].lower()}")


def _shown(session: Session, now_ms: int) -> QueuedCard:
    card = current(session, now_ms)
    if card is None:
        raise ValueError("no card is shown now: ask current() first, or wait_minutes().")
    return card


def _choice(card: QueuedCard, rating: int, settings: Settings, now_ms: int) -> Choice:
    gap = 0
    if card.last_ms is not None:
        gap = settings.rule.days_between(card.last_ms, now_ms)
    memory = step(settings.weights, card.memory, rating, gap)
    minutes, place = _next_step(card, rating, settings)
    if minutes is not None and minutes < _DAY_MINUTES:
        kind: Kind = "relearning" if card.kind in ("review", "relearning") else "learning"
        text = _minutes_in_words(minutes)
        return Choice(rating, NAMES[rating], memory, kind, place, minutes, None, False, text)
    if minutes is not None:  # a step of a day or more
        days = round(minutes / _DAY_MINUTES)
    else:
        days = whole_interval_days(
            settings.weights, memory.stability_days, settings.desired_retention, settings.max_days
        )
    due_ms = now_ms + days * _DAY_MINUTES * _MINUTE_MS
    after = settings.exam_ms is not None and due_ms >= settings.exam_ms
    return Choice(
        rating, NAMES[rating], memory, "review", 0, None, days, after, _days_in_words(days)
    )


def _next_step(card: QueuedCard, rating: int, settings: Settings) -> tuple[float | None, int]:
    """Return minutes to the next step and its place, or ``None`` if the steps are done."""
    if card.kind == "review":
        if rating == AGAIN and settings.relearning_minutes:
            return settings.relearning_minutes[0], 0
        return None, 0
    steps = settings.relearning_minutes if card.kind == "relearning" else settings.learning_minutes
    if not steps or rating == EASY:
        return None, 0
    place = min(card.step, len(steps) - 1)
    if rating == AGAIN:
        return steps[0], 0
    if rating == HARD:
        if place > 0:
            return steps[place], place
        return (sum(steps[:2]) / 2 if len(steps) > 1 else steps[0] * 1.5), 0
    if place + 1 < len(steps):
        return steps[place + 1], place + 1
    return None, 0


def _minutes_in_words(minutes: float) -> str:
    if minutes < 60:
        return f"{max(round(minutes), 1)} min"
    return f"{minutes / 60:.1f} h".replace(".0 ", " ")


def _days_in_words(days: int) -> str:
    if days < 60:
        return "1 day" if days == 1 else f"{days} days"
    if days < 730:
        return f"{days / 30.44:.1f} months"
    return f"{days / 365.25:.1f} years"


_PROMPTS: Final[dict[Cause, str]] = {
    "not-learned": "What did you not know? Ask for that one fact, in your own words.",
    "not-recalled": "Which clue should bring the fact back? Ask from the clue to the fact.",
    "misread": "Which word changed the question? Ask what that word means for the answer.",
    "anchored": "Which finding spoke against the first idea? Ask what it points to.",
    "narrowed-wrong": "What tells the last two choices apart? Ask for that difference.",
    "out-of-time": "Which step took long? Ask for the shortcut.",
    "misconception": "What had you believed? Ask for what is true instead.",
    "slip": "What will you check next time before you choose? Ask for that check.",
}


@dataclass(frozen=True, slots=True)
class CardDraft:
    """An own card that a miss suggests; the learner writes it.

    Attributes:
        front: Empty: a miss holds no text of the question, and none is made up.
        back: The learner's own rule from the miss, or empty.
        prompt: What to ask oneself when writing it.
        tags: Cause, area and the bank's question id, as tags.
    """

    front: str
    back: str
    prompt: str
    tags: tuple[str, ...]


def draft_from_miss(miss: Miss) -> CardDraft:
    """Suggest an own card for a missed question."""
    tags = [f"bounceback::cause::{miss.cause}"]
    if miss.area:
        tags.append("bounceback::area::" + "_".join(miss.area.split()))
    if miss.item:
        tags.append("bounceback::question::" + "_".join(miss.item.split()))
    return CardDraft("", miss.rule or "", _PROMPTS[miss.cause], tuple(tags))
