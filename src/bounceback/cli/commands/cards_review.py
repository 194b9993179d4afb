"""One sitting at the cards in a terminal, or line by line through a pipe.

Each answer is on the disk before the next card is shown: a sitting that is stopped in any way loses
nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from bounceback.cli import clock
from bounceback.cli.card_targets import (
    day_in_words,
    exam_day_of,
    read_record,
    rule_for,
    targets_of,
)
from bounceback.cli.commands.cards_files import counted
from bounceback.cli.console import Screen
from bounceback.local_storage import card_schedule as schedule
from bounceback.local_storage.card_collection import CardCollection, open_cards
from bounceback.local_storage.data_dir import place_of_data
from bounceback.local_storage.replayed_cards import standing
from bounceback.records.models import Record
from bounceback.services import card_review as sitting
from bounceback.services.anki_decks import as_text, faces
from bounceback.services.card_queue import (
    CardTargets,
    Standing,
    cards_to_ask,
    followed_minutes,
    queued,
    review_settings,
    usual_policy,
)
from bounceback.services.card_review import LEARNING, RELEARNING
from bounceback.services.values import Policy

if TYPE_CHECKING:
    from bounceback.services.card_review import LocalDays

FLAG: Final = 1
"""Colour that ``f`` sets: Anki's first, red there."""

_BEFORE: Final = "Space: show answer   s: suspend   f: flag   u: undo   q: quit"
_AFTER: Final = "1-4: rate   s: suspend   f: flag   u: undo   q: quit"
_ELSEWHERE: Final = "You answered this card in another window. That answer counts."


class Keys(Protocol):
    """Where key presses come from."""

    def next(self) -> str | None:
        """Return the next key in lower case, a space for Enter; ``None`` when no more can come."""


class Lines:
    """Keys from a pipe: the first character of each line; an empty line is a space."""

    def next(self) -> str | None:
        """Return the key of the next line."""
        line = sys.stdin.readline()
        return (line.strip()[:1].lower() or " ") if line else None


class Terminal:
    """Single keys, unbuffered. Use as a context: the terminal is put back whatever happens."""

    def next(self) -> str | None:
        """Return the next key."""
        if sys.platform == "win32":
            import msvcrt

            key = msvcrt.getwch()
            if key == "\x03":
                raise KeyboardInterrupt
        else:
            key = sys.stdin.read(1)
        if key in ("", "\x04"):
            return None
        return " " if key in "\r\n" else key.lower()


@contextlib.contextmanager
def keys_of_this_process() -> Iterator[Keys]:
    """Give single keys where a person sits at a terminal, else lines."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Lines()
    elif sys.platform == "win32":
        yield Terminal()
    else:
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            yield Terminal()
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@dataclass(slots=True)
class _Done:
    """One action that can be taken back."""

    before: sitting.Session
    card: dict[str, Any]
    answer_ms: int | None


@dataclass(slots=True, eq=False)
class Sitting:
    """A session with its collection: every action is written before it shows.

    Attributes:
        cards: Where answers go.
        session: What is left, as a value.
        rule: The learner's days.
        day_number: The day on which it began, counted from the collection's day 0.
        begun_ms: Instant from which the queue was made.
    """

    cards: CardCollection
    session: sitting.Session
    rule: LocalDays
    day_number: int
    begun_ms: int
    _done: list[_Done] = field(default_factory=list)
    _last_ms: int = 0

    def now_ms(self) -> int:
        """Return an instant after every one given before, so that no two answers share theirs."""
        self._last_ms = max(clock.now_ms(), self._last_ms + 1)
        return self._last_ms

    def _alone(self, card: sitting.QueuedCard) -> sitting.Session:
        # While one card is looked at, another's step may come due; the answer is for this one.
        return replace(self.session, queue=(card,))

    def _with_rest(self, card: sitting.QueuedCard, after: sitting.Session) -> None:
        rest = tuple(one for one in self.session.queue if one.card_id != card.card_id)
        self.session = replace(after, queue=(*rest, *after.queue), before=self.session)

    def _known_ms(self, card: sitting.QueuedCard) -> int:
        return max(card.last_ms or 0, self.begun_ms)

    def left_out(self, card: sitting.QueuedCard) -> bool:
        """Leave a card out if a page or another terminal answered it since; tell whether so."""
        elsewhere = self.cards.last_answer_ms(card.card_id) > self._known_ms(card)
        if elsewhere:
            self._leave_out(card)
        return elsewhere

    def _leave_out(self, card: sitting.QueuedCard) -> None:
        rest = tuple(one for one in self.session.queue if one.card_id != card.card_id)
        self.session = replace(self.session, queue=rest)

    def choices(self, card: sitting.QueuedCard, now_ms: int) -> tuple[sitting.Choice, ...]:
        """Return what each answer would lead to."""
        return sitting.choices(self._alone(card), now_ms)

    def answer(self, card: sitting.QueuedCard, rating: int, now_ms: int, seconds: float) -> bool:
        """Answer a card: on the disk when this returns. False: it was answered elsewhere since."""
        before = self.cards.card(card.card_id)
        after = sitting.answer(self._alone(card), rating, now_ms, seconds)
        given = after.answers[-1]
        came_back = after.queue[0] if after.queue else None
        # A sitting may go on past the hour at which the next day starts.
        day = self.day_number + self.rule.dates_between(self.begun_ms, given.at_ms)
        row, review = schedule.after_answer(before, given, came_back, self.session.settings, day)
        if not self.cards.put_answer(row, review, self._known_ms(card)):
            self._leave_out(card)
            return False
        self._done.append(_Done(self.session, before, given.at_ms))
        self._with_rest(card, after)
        return True

    def put_away(self, card: sitting.QueuedCard, now_ms: int) -> None:
        """Put a card away until the learner takes it back."""
        before = self.cards.card(card.card_id)
        self.cards.put_card(schedule.put_away(before, now_ms))
        self._done.append(_Done(self.session, before, None))
        self._with_rest(card, sitting.suspend(self._alone(card), now_ms))

    def flag(self, card: sitting.QueuedCard, now_ms: int) -> None:
        """Flag a card, or take its flag off."""
        before = self.cards.card(card.card_id)
        colour = 0 if card.flag else FLAG
        self.cards.put_card(schedule.flagged(before, colour, now_ms))
        self._done.append(_Done(self.session, before, None))
        # It stays where it is in the queue.
        flagged = sitting.flag(self._alone(card), colour, now_ms).queue[0]
        self.session = replace(
            self.session,
            queue=tuple(flagged if q.card_id == card.card_id else q for q in self.session.queue),
            flags=(*self.session.flags, (card.card_id, colour)),
            before=self.session,
        )

    def undo(self) -> bool:
        """Take the last action back; false if there is none."""
        if not self._done:
            return False
        last = self._done.pop()
        if last.answer_ms is None:
            self.cards.put_card(last.card)
        else:
            self.cards.withdraw(last.card, last.answer_ms)
        self.session = last.before
        return True


class _Left(Exception):
    """The learner leaves, or no more keys can come."""


class Talk:
    """Shows cards and follows keys.

    Args:
        held: The sitting.
        found: The cards it was made from.
        keys: Key presses.
        screen: Where to show.
    """

    def __init__(self, held: Sitting, found: Standing, keys: Keys, screen: Screen) -> None:
        self._held = held
        self._keys = keys
        self._screen = screen
        self._kinds = {kind.id: kind for kind in held.cards.note_types()}
        self._decks = {card: deck for card, _, deck in found.labels}

    def run(self) -> None:
        """Ask until nothing is left or the learner leaves, with Ctrl-C too; say how it went."""
        begun_ms = clock.now_ms()
        try:
            while self._one():
                pass
        except _Left:
            pass
        except KeyboardInterrupt:
            self._close(begun_ms)
            raise
        self._close(begun_ms)

    def _one(self) -> bool:
        held, screen = self._held, self._screen
        shown_ms = held.now_ms()
        card = sitting.current(held.session, shown_ms)
        if card is None:
            return self._offer_undo()
        if held.left_out(card):
            screen.line(_ELSEWHERE, "quiet")
            return True
        front, back = self._faces(card)
        screen.line()
        screen.line(self._progress(), "quiet")
        self._text(front)
        screen.line(_BEFORE, "quiet")
        if not self._follow(card, (" ",)):
            return True
        card = self._again(card)
        self._text(back)
        choices = held.choices(card, shown_ms)
        screen.line(
            "   ".join(
                f"{one.rating} {one.name} {one.text}{'*' if one.after_exam else ''}"
                for one in choices
            ),
            "strong",
        )
        if any(one.after_exam for one in choices):
            screen.line("* falls after the exam", "quiet")
        screen.line(_AFTER, "quiet")
        rating = self._follow(card, ("1", "2", "3", "4"))
        if rating:
            now_ms = held.now_ms()
            seconds = (now_ms - shown_ms) / 1000.0
            if not held.answer(self._again(card), int(rating), now_ms, seconds):
                screen.line(_ELSEWHERE, "quiet")
        return True

    def _again(self, card: sitting.QueuedCard) -> sitting.QueuedCard:
        """Return the card as it is in the queue now; it may have been flagged meanwhile."""
        return next(one for one in self._held.session.queue if one.card_id == card.card_id)

    def _follow(self, card: sitting.QueuedCard, wanted: tuple[str, ...]) -> str | None:
        """Return the key that goes on, or ``None`` when another card (or this one anew) is next."""
        held, screen = self._held, self._screen
        while True:
            screen.show()
            key = self._keys.next()
            if key is None or key == "q":
                raise _Left
            if key in wanted:
                return key
            if key == "u":
                screen.line("Undone." if held.undo() else "There is nothing to undo.")
                return None
            if key == "s":
                held.put_away(card, held.now_ms())
                screen.line("Suspended. Press u to undo.")
                return None
            if key == "f":
                held.flag(card, held.now_ms())
                screen.line("Flag removed." if card.flag else "Flagged.")
                card = self._again(card)
                continue
            screen.line(_AFTER if "1" in wanted else _BEFORE, "quiet")

    def _offer_undo(self) -> bool:
        """At the end of the queue: the last answer can still be taken back."""
        if not self._held.session.answers:
            return False
        self._screen.line("That was the last card. Enter: finish   u: undo", "quiet")
        self._screen.show()
        return self._keys.next() == "u" and self._held.undo()

    def _progress(self) -> str:
        p = sitting.progress(self._held.session)
        parts = [
            f"{number:,} {what}"
            for number, what in (
                (p.new, "new"),
                (p.learning, "learning"),
                (p.review, "to review"),
            )
            if number
        ]
        minutes = max(round(p.minutes_left), 1)
        return f"{', '.join(parts)}, about {minutes} min left"

    def _faces(self, card: sitting.QueuedCard) -> tuple[str, str]:
        row = self._held.cards.card(card.card_id)
        note = next(self._held.cards.notes([row["note_id"]]))
        try:
            face = faces(
                self._kinds[note.note_type_id], note, row["template"], self._decks[card.card_id]
            )
        except (KeyError, ValueError):  # the deck does not say how to show it: its fields, plainly
            return as_text(note.fields[0]), as_text("<br>".join(note.fields[1:]))
        front, back = as_text(face.front), as_text(face.back)
        # Most backs begin with the front, which stands on the screen already.
        return front, back.removeprefix(front).strip() or back

    def _text(self, text: str) -> None:
        for line in text.split("\n"):
            self._screen.paragraph(line, indent=2, hanging=0)

    def _close(self, begun_ms: int) -> None:
        held, screen = self._held, self._screen
        done = len(held.session.answers)
        left = sitting.progress(held.session)
        minutes = max(round((clock.now_ms() - begun_ms) / 60_000), 1)
        screen.line()
        if done:
            screen.line(f"{counted(done, 'answer')} saved, about {minutes} min.", "strong")
        else:
            screen.line("No cards answered. Nothing changed.", "strong")
        wait = sitting.wait_minutes(held.session, clock.now_ms())
        if wait is not None and left.learning:
            screen.paragraph(
                f"{counted(left.learning, 'card comes', 'cards come')} back in a few minutes, "
                "first in your next session."
            )
        more = left.later + left.new + left.review
        if more:
            screen.paragraph(
                f"{counted(more, 'more card is', 'more cards are')} for another session, the most "
                "useful first."
            )
        screen.show()


def review(arguments: argparse.Namespace, screen: Screen) -> None:
    """Run one review session."""
    record = read_record(arguments.case)
    with open_cards(place_of_data()) as cards:
        rule = rule_for(arguments, cards, record)
        found = standing(cards, rule, clock.now_ms())
        exam_day = exam_day_of(record, cards, found.today)
        aim = None
        if record is not None:
            aim = targets_of(record, cards, found, exam_day)
            found = found.with_worth(aim.worth())
        if arguments.misses:
            assert record is not None
            assert aim is not None
            policy = usual_policy(exam_day)
            asked = _of_misses(record, aim, found, screen)
        else:
            policy, asked = _asked(cards, found, exam_day, screen)
        if not asked:
            _say_nothing_due(found, screen, misses=arguments.misses)
            return
        settings = review_settings(found, policy, exam_day)
        session = sitting.begin(asked, settings, limit=arguments.cards)
        if session.later:
            screen.paragraph(
                f"{len(session.queue)} now, {session.later:,} more for another session."
            )
        with keys_of_this_process() as keys:
            held = Sitting(cards, session, rule, found.day_number, found.now_ms)
            Talk(held, found, keys, screen).run()


def _asked(
    cards: CardCollection, found: Standing, exam_day: date | None, screen: Screen
) -> tuple[Policy, tuple[sitting.QueuedCard, ...]]:
    """Return who is asked and by which way of reviewing, and say which."""
    followed = cards.setting("follow")
    chosen = cards_to_ask(found, exam_day, followed)
    if chosen.follows and exam_day is not None:
        screen.paragraph(f"Following your plan to {day_in_words(exam_day)}.", style="quiet")
        if chosen.extra:
            whole = followed_minutes(followed, found.today)
            screen.paragraph(
                f"Today's {whole:g} min for cards are done. The rest is extra. Press q to quit."
            )
    elif followed and exam_day is not None:
        was = day_in_words(date.fromisoformat(followed["until"]))
        screen.paragraph(
            f"Your card plan goes to {was}, but your case file has {day_in_words(exam_day)}. "
            "We use the usual order for now. To plan for that date, run: "
            "bounceback cards workload --follow"
        )
    return chosen.policy, chosen.cards


def _of_misses(
    record: Record, aim: CardTargets, found: Standing, screen: Screen
) -> tuple[sitting.QueuedCard, ...]:
    """Return the cards of the missed questions, latest miss first, that were not asked since.

    Of one note one card: its siblings would give the answer away.
    """
    place = {card: at for at, card in enumerate(found.table["id"].tolist())}
    misses = sorted(
        (miss for miss in record.misses if miss.item), key=lambda miss: miss.date, reverse=True
    )
    linked = aim.map.of_misses(misses, aim.exam_id)
    of_note: dict[int, int] = {}
    for miss in misses:
        for card in linked.get(miss.item or "", ()):
            last = int(found.last_ms[place[card]])
            if not last or found.rule.date(last) <= miss.date:
                of_note.setdefault(int(found.table["note_id"][place[card]]), card)
    chosen = of_note.values()
    with_card = len({miss.item for miss in misses} & linked.keys())
    screen.paragraph(
        f"{with_card} of your "
        f"{counted(len(record.misses), 'missed question', 'missed questions')} "
        f"{'has' if with_card == 1 else 'have'} cards here, matched by question number."
    )
    away = sum(bool(found.deck.suspended[place[card]]) for card in chosen)
    if away:
        screen.paragraph(
            f"{counted(away, 'of them is', 'of them are')} suspended. Answering "
            f"{'it' if away == 1 else 'them'} ends that."
        )
    return tuple(queued(found, place[card]) for card in chosen)


def _say_nothing_due(found: Standing, screen: Screen, *, misses: bool) -> None:
    if misses:
        screen.paragraph(
            "No cards to review for your missed questions. Either no card has their "
            "question number "
            "in a tag, or you answered them all. To write your own, run: bounceback "
            "cards write CASE"
        )
        return
    deck = found.deck
    active = deck.seen & ~deck.suspended
    screen.line("Nothing is due now.", "strong")
    if active.any():
        day = found.today + timedelta(days=max(int(deck.due_in_days[active].min()), 1))
        screen.paragraph(f"The next card is due on {day_in_words(day)}.")
    away = int(deck.suspended.sum())
    if away:
        screen.paragraph(f"{counted(away, 'card is', 'cards are')} suspended.")
    if (np.isin(found.table["type"], (LEARNING, RELEARNING)) & ~deck.suspended).any():
        screen.paragraph("Cards you are learning come back in a few minutes.")
