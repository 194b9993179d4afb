"""A reason as a value: a code and its facts. ``bounceback.messages`` turns it into a sentence.

The engine never writes text for people. Whatever it wants to say is a :class:`Reason`; whatever it
needs to know about something it said earlier is a field of a value, never a part of a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeAlias

Fact: TypeAlias = "bool | int | float | str | date | time | Reason | tuple[Fact, ...] | None"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to say.

    Attributes:
        code: Package and name, such as ``"decision.keep-date"``. The part before the dot names the
            module of ``bounceback.messages`` that renders it.
        facts: The values the sentence needs, by name. Dates stay dates, chances stay numbers in
            [0, 1], minutes stay integers: formatting belongs to ``messages``.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted((k, str(v)) for k, v in self.facts.items()))))


def reason(code: str, **facts: Fact) -> Reason:
    """Return a reason; keyword arguments are its facts."""
    return Reason(code, facts)
