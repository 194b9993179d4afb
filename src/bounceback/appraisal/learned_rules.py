"""The list of one-line rules: at most thirty open, met again after 2 and 7 days, closed after two
spaced hits. A pure state: every step returns a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import QuestionError
from bounceback.records.models import Look, Miss


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in the learner's own words.

    Attributes:
        text: "Nephrotic with normal light microscopy: minimal change, not membranous."
        written: Day it was written; the key together with ``text``.
        area: Area of the miss.
        hits: Days on which it was recalled, each at least one day after the last.
        due: Day of the next look; ``None`` once closed.
        closed: Day on which it was closed; ``None`` while open.
    """

    text: str
    written: date
    area: str | None = None
    hits: tuple[date, ...] = ()
    due: date | None = None
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class RuleList:
    """All rules, open ones and closed ones, in the order of writing."""

    rules: tuple[Rule, ...] = ()

    @property
    def open_rules(self) -> tuple[Rule, ...]:
        """Rules that are not closed yet."""
        return tuple(r for r in self.rules if r.closed is None)

    def due(self, on: date) -> tuple[Rule, ...]:
        """Open rules to look at on or before ``on``, longest waiting first."""
        waiting = [r for r in self.open_rules if r.due is not None and r.due <= on]
        return tuple(sorted(waiting, key=lambda r: (r.due or on, r.written)))


def write_rule(
    rules: RuleList, text: str, on: date, t: Thresholds, *, area: str | None = None
) -> RuleList:
    """Add a rule; its first look is two days later.

    A rule with the same words (case and spaces aside) is opened again instead of doubled.

    Raises:
        QuestionError: Thirty rules are open, or the text is empty.
    """
    words = " ".join(text.split())
    if not words:
        raise QuestionError(
            "the rule is empty; allowed: one line in your own words (appraisal). Write what "
            "separates the two answers."
        )
    first_look = on + timedelta(days=t.count("rules_first_retest_days"))
    for i, rule in enumerate(rules.rules):
        if _same(rule.text, words):
            again = replace(rule, hits=(), due=first_look, closed=None)
            if rule.closed is not None:
                _refuse_if_full(rules, t)
            return RuleList((*rules.rules[:i], again, *rules.rules[i + 1 :]))
    _refuse_if_full(rules, t)
    return RuleList((*rules.rules, Rule(words, on, area, (), first_look)))


def _refuse_if_full(rules: RuleList, t: Thresholds) -> None:
    most = t.count("rules_open_max")
    if len(rules.open_rules) >= most:
        raise QuestionError(
            f"{len(rules.open_rules)} rules are open; allowed: {most} "
            "(appraisal.rules_open_max). Look at those that wait, or let one go, then write this "
            "one."
        )


def look_at(rules: RuleList, rule: Rule, on: date, recalled: bool, t: Thresholds) -> RuleList:
    """Record one look at a rule.

    A hit counts if it comes at least as many days after the writing, or after the last hit, as
    the plan of 2 and 7 days asks for; an earlier look changes nothing. A miss starts again.
    After two spaced hits the rule is closed.

    Raises:
        QuestionError: The rule is not in the list, or the day is before its last event.
    """
    if rule not in rules.rules:
        raise QuestionError(
            f"the rule “{rule.text}” is not in this list; allowed: one of its "
            f"{len(rules.rules)} rules (appraisal). Read the list again and choose from it."
        )
    last = rule.hits[-1] if rule.hits else rule.written
    if on < last:
        raise QuestionError(
            f"{on} is before {last}, the rule's last event; allowed: that day or later "
            "(appraisal). Give the day of the look."
        )
    if rule.closed is not None:
        return rules
    if not recalled:
        changed = replace(
            rule, hits=(), due=on + timedelta(days=t.count("rules_first_retest_days"))
        )
    elif rule.due is not None and on < rule.due:
        return rules
    else:
        hits = (*rule.hits, on)
        if len(hits) >= t.count("rules_hits_to_close"):
            changed = replace(rule, hits=hits, due=None, closed=on)
        else:
            gap = t.count("rules_second_retest_days") - t.count("rules_first_retest_days")
            changed = replace(rule, hits=hits, due=on + timedelta(days=gap))
    i = rules.rules.index(rule)
    return RuleList((*rules.rules[:i], changed, *rules.rules[i + 1 :]))


def let_go(rules: RuleList, rule: Rule) -> RuleList:
    """Take a rule off the list without a trace of it being open."""
    return RuleList(tuple(r for r in rules.rules if r != rule))


def rules_of(misses: Iterable[Miss], looks: Iterable[Look], t: Thresholds) -> RuleList:
    """Replay the rules that misses left, with the looks at them, in the order of their days.

    On one day a rule is written before it is looked at. Where as many are open as may be, the one
    written first gives way to a new one. A look at a rule that is not open changes nothing.
    """
    written = [m for m in misses if m.rule and m.rule.strip()]
    events: list[Miss | Look] = sorted([*written, *looks], key=lambda e: e.date)
    rules = RuleList()
    for event in events:
        day = event.date
        found = next((r for r in rules.open_rules if _same(r.text, event.rule or "")), None)
        if isinstance(event, Look):
            if found is not None:
                rules = look_at(rules, found, day, event.recalled, t)
            continue
        if found is None and len(rules.open_rules) >= t.count("rules_open_max"):
            rules = let_go(rules, min(rules.open_rules, key=lambda r: r.written))
        rules = write_rule(rules, event.rule or "", day, t, area=event.area)
    return rules


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()
