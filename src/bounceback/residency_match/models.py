"""What the outlook says, as values: entries of sentences, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bounceback.residency_match.cited_figures import Figure, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing the outlook says.

    Attributes:
        id: Name for faces and tests.
        title: Two to eight words.
        sentences: What is known, each with its own source.
        do: What can be done about it; empty where nothing can.
    """

    id: str
    title: str
    sentences: tuple[Sentence, ...] = ()
    do: str = ""

    @property
    def text(self) -> str:
        """Title, what is known, what can be done."""
        told = (f"{self.title}.", *(s.text for s in self.sentences), self.do)
        return " ".join(part for part in told if part)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of its sentences, in order."""
        return tuple(f for s in self.sentences for f in s.figures)

    def to_briefing(self) -> dict[str, Any]:
        """Text with its sources and newest year; null where no figure stands in it."""
        figures = self.figures
        return {
            "id": self.id,
            "text": self.text,
            "source": ";".join(dict.fromkeys(f.source for f in figures)) or None,
            "year": max((f.year for f in figures), default=None),
            "do": self.do,
            "sentences": [s.to_briefing() for s in self.sentences],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with its entries, as a face shows them."""

    id: str
    title: str
    entries: tuple[Entry, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The residency match for one record on one day.

    Attributes:
        as_of: The day.
        asked: Whether the learner opened it; nothing of it is shown otherwise.
        closed: Why people come in its place; empty if it is open.
        applicant_types: As whom the learner is counted; two where the record does not tell.
        first: Passing the next attempt, until it is passed.
        hard: One hard fact.
        hopeful: One hopeful fact, shown after the hard one.
        change: What can still be changed, in the order of the directors' list.
        explain: What can be explained.
        past: What is past.
        position: Where a score stands among matched applicants, by specialty.
        rates: National counts for this kind of applicant.
        others: What became of others who failed a first attempt.
        timing: This cycle or the next.
        levers: What moves it, largest effect first.
        parallel: A second specialty, and what follows the Match.
        not_published: What no one publishes, or is not held here.
        next_step: One thing to do.
        contact: Whom to talk to.
        notes: How old the tables are, whose licence they stand under.
    """

    as_of: date
    asked: bool
    closed: str
    applicant_types: tuple[str, ...]
    first: Entry | None
    hard: Entry | None
    hopeful: Entry
    change: tuple[Entry, ...]
    explain: tuple[Entry, ...]
    past: tuple[Entry, ...]
    position: tuple[Entry, ...]
    rates: tuple[Entry, ...]
    others: tuple[Entry, ...]
    timing: tuple[Entry, ...]
    levers: tuple[Entry, ...]
    parallel: tuple[Entry, ...]
    not_published: tuple[Entry, ...]
    next_step: str
    contact: str
    notes: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything it could say, in the order shown."""
        single = tuple(e for e in (self.first, self.hard, self.hopeful) if e is not None)
        return (
            *single,
            *self.change,
            *self.explain,
            *self.past,
            *self.position,
            *self.rates,
            *self.others,
            *self.timing,
            *self.levers,
            *self.parallel,
            *self.not_published,
        )

    def sections(self) -> tuple[Section, ...]:
        """What a face shows, in order: an invitation unless asked, people if it is closed.

        The first section is passing next, until it is passed; the last one is the next step and a
        person, so that nothing hard stands last.
        """
        end = Section(id="next", title="Your next step", words=f"{self.next_step} {self.contact}")
        if not self.asked:
            invitation = (
                "The match outlook is closed until you open it. It can wait for a day that has "
                "room for it."
            )
            return (Section(id="closed", title="The match", words=invitation),)
        if self.closed:
            people = Section(id="people", title="People first", words=self.closed)
            return (people, Section(id="next", title="Who to talk to", words=self.contact))
        pair = tuple(e for e in (self.hard, self.hopeful) if e is not None)
        found = [
            Section(id="first", title="First: the next attempt", entries=_some(self.first)),
            Section(
                id="facts",
                title="Two facts, side by side" if len(pair) > 1 else "One thing beside it",
                entries=pair,
            ),
            Section(id="change", title="What you can still change", entries=self.change),
            Section(id="explain", title="What you can explain", entries=self.explain),
            Section(id="past", title="What is past", entries=self.past),
            Section(id="position", title="Where a score stands", entries=self.position),
            Section(id="rates", title="How many matched, nationally", entries=self.rates),
            Section(id="others", title="What became of others", entries=self.others),
            Section(id="timing", title="This cycle or the next", entries=self.timing),
            Section(id="not_published", title="Not published", entries=self.not_published),
            Section(id="levers", title="What moves it, largest effect first", entries=self.levers),
            Section(id="parallel", title="A second road", entries=self.parallel),
            end,
        ]
        return tuple(s for s in found if s.entries or s.words)

    def to_briefing(self) -> dict[str, Any]:
        """The briefing's keys; empty lists while it is closed.

        ``change``, ``explain``, ``past`` and ``not_published`` are the contract's; the others are
        additions. A face shows none of it before the learner asks.
        """
        shown = not self.closed

        def told(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
            return [e.to_briefing() for e in entries] if shown else []

        pair = tuple(e for e in (self.hard, self.hopeful) if e is not None)
        return {
            "change": told(self.change),
            "explain": told(self.explain),
            "past": told(self.past),
            "not_published": told(self.not_published),
            "closed": self.closed,
            "first": told(_some(self.first)),
            "facts": told(pair),
            "position": told(self.position),
            "rates": told(self.rates),
            "others": told(self.others),
            "timing": told(self.timing),
            "levers": told(self.levers),
            "parallel": told(self.parallel),
            "next_step": self.next_step if shown else "",
            "contact": self.contact,
            "notes": list(self.notes) if shown else [],
        }


def _some(entry: Entry | None) -> tuple[Entry, ...]:
    return () if entry is None else (entry,)
