"""The answer of ``bounceback brief`` on one screen: at most 60 lines of 80 columns.

The first line after the heading is the advice. Sections that do not fit leave lines out in a fixed
order, the least pressing first; ``bounceback brief CASE --full`` prints everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from bounceback.cli.console import Screen
from bounceback.cli.render import change_line
from bounceback.messages import Format, Locale, briefing_text, render
from bounceback.messages.appraisal import say_all
from bounceback.messages.formatting import form_words, session_words
from bounceback.reasons import Reason
from bounceback.services import date_line
from bounceback.services import published_facts as facts
from bounceback.services.full_briefing import Briefing
from bounceback.services.values import Session, SupportCard

MOST_LINES: Final = 60
DAY_LINES: Final = 9
"""Sessions of a day that are listed."""

LEVERS_SHOWN: Final = 3
CHANGES_SHOWN: Final = 3

Section = tuple[str, list[str]]
"""A heading and its lines, already wrapped."""


class Page:
    """Collects sections and prints as many of their lines as fit."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.sections: list[tuple[int, str, list[str]]] = []

    def add(self, rank: int, heading: str, lines: Iterable[str]) -> None:
        """Add a section; a larger rank gives up its lines earlier where the page is full."""
        text = list(lines)
        if any(text):
            self.sections.append((rank, heading, text))

    def show(self, closing: Sequence[str]) -> None:
        """Print the sections, then the closing lines, in at most ``MOST_LINES``."""
        room = MOST_LINES - len(closing) - 1
        while self._length() > room:
            rank = max(rank for rank, _, _ in self.sections)
            at = next(i for i, s in enumerate(self.sections) if s[0] == rank)
            _, heading, lines = self.sections[at]
            if len(lines) > 1:
                self.sections[at] = (rank, heading, lines[:-1])
            else:
                del self.sections[at]
        for number, (_, heading, lines) in enumerate(self.sections):
            if number:
                self.screen.line()
            if heading:
                self.screen.line(heading, "strong")
            for line in lines:
                self.screen.line(line)
        self.screen.line()
        for line in closing:
            self.screen.line(line, "quiet")

    def _length(self) -> int:
        gaps = max(0, len(self.sections) - 1)
        return gaps + sum(bool(heading) + len(lines) for _, heading, lines in self.sections)


def show(b: Briefing, screen: Screen, case: str, card: SupportCard | None) -> None:
    """Print the whole answer on one screen.

    Args:
        b: The briefing.
        screen: Where it is printed.
        case: The case file, as it was named.
        card: The support card where people come before numbers.
    """
    locale = Locale(b.record.learner.country or "US", today=b.as_of)
    page = Page(screen)
    say = Format(locale)
    exam = facts.exam(b.record.exam.id)
    page.add(
        0,
        f"{exam.name} - {_plain(say.day(b.as_of, weekday=True, year=True))}",
        ["Hard day? Run `bounceback support`."],
    )
    page.add(0, "", _people(card, screen))
    page.add(1, _headline(b, say).upper(), _why(b, screen))
    page.add(2, "YOUR CHANCES", _chances(b, say, screen))
    page.add(2, "WHAT CHANGED", _changes(b, screen))
    page.add(4, "WATCH OUT", _watch_out(b, screen))
    day, sessions = _next_day(b)
    if day is not None:
        title = {0: "TODAY", 1: "TOMORROW"}.get((day - b.as_of).days, "NEXT")
        total = say.duration(sum(s.minutes for s in sessions))
        heading = f"{title} - {_plain(say.day(day, weekday=True))} - {total}"
        page.add(3, heading, _sessions(b, sessions, say, screen))
    page.add(5, "PRACTICE TESTS", _tests(b, say, screen))
    page.add(7, "WHAT COULD RAISE YOUR CHANCES", _levers(b, screen))
    page.add(8, "DOESN'T FIT", _left_out(b, screen))
    page.add(6, "LOOK BACK", screen.wrapped(say_all(b.appraisal.says, locale), indent=2))
    more = f"More: bounceback brief {case} --full (rules, sources, all days)"
    if len(more) > screen.width:
        more = f"More: bounceback brief {Path(case).name} --full (rules, sources)"[: screen.width]
    page.show(
        [
            more,
            "Private: nothing left this computer. Not affiliated with NBME, FSMB or NBOME.",
        ]
    )


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _text(what: Reason | str) -> str:
    return what if isinstance(what, str) else render(what)


def _people(card: SupportCard | None, screen: Screen) -> list[str]:
    """People before numbers, at the moments that are heavy."""
    if card is None:
        return []
    lines = screen.wrapped(say_all(card.says))
    if card.asks_safe:
        lines += screen.wrapped(
            "Are you safe right now? If not, or if you're not sure, call first:"
        )
    for line in card.nearest:
        lines += screen.wrapped(f"{line.service}: {line.contact}", indent=2, hanging=2)
    return lines


def _headline(b: Briefing, say: Format) -> str:
    return _plain(_text(b.decision.headline)).rstrip(".")


def _why(b: Briefing, screen: Screen) -> list[str]:
    return [
        line
        for reason in b.decision.reasons[:3]
        for line in screen.wrapped(_named(b, _text(reason)), indent=2)
    ]


def _named(b: Briefing, text: str) -> str:
    return _plain(briefing_text.with_names(text, b.record.exam.id))


def _chances(b: Briefing, say: Format, screen: Screen) -> list[str]:
    if not b.forecasts:
        return screen.wrapped(
            "There's no date you can test on. Ask the board for a new eligibility period.",
            indent=2,
        )
    mine = b.record.exam.planned_date
    shown = next((f for f in b.forecasts if f.on == mine), b.forecasts[-1])
    mark = briefing_text.shown_score(b, facts.pass_mark(b.record.exam.id, shown.on).value)
    level = briefing_text.shown_range(b, shown.score_low, shown.score_high)
    lines = screen.wrapped(briefing_text.chance_sentence(shown), indent=2)
    lines += screen.wrapped(
        f"Your level that day: likely {level}. Passing score: {mark}.", indent=2
    )
    line = date_line.date_line(b)
    table = [("If you test on", "Would pass", "Likely level")]
    tags = {line.suggested_date: " (suggested)", mine: " (yours)"}
    for f in line.compared():
        yours = tags.get(f.on, "")
        table.append(
            (
                _plain(say.day(f.on)) + yours,
                briefing_text.of_ten(f.chance).removeprefix("about "),
                briefing_text.shown_range(b, f.score_low, f.score_high),
            )
        )
    widths = [max(len(row[i]) for row in table) for i in range(2)]
    lines.append("")
    lines += [f"  {a:<{widths[0]}}  {p:<{widths[1]}}  {level}" for a, p, level in table]
    lines += screen.wrapped(briefing_text.group_sentence(b), indent=2)
    return lines


def _watch_out(b: Briefing, screen: Screen) -> list[str]:
    broken = [check for check in b.decision.rules if check.holds is False]
    texts = [_text(check.rule) for check in broken]
    texts += [_text(offer.offer) for offer in b.help_offers[:1]]
    if b.decision.pact:
        texts.append(_text(b.decision.pact))
    return [
        line
        for text in texts
        for line in screen.wrapped(
            f"- {_named(b, text[:1].upper() + text[1:])}", indent=2, hanging=2
        )
    ]


def _changes(b: Briefing, screen: Screen) -> list[str]:
    """What moved since the plan that was seen last, in three lines at most."""
    if all(change.what == "added" for change in b.plan.changes):
        return []
    lines = [change_line(change) for change in b.plan.changes[:CHANGES_SHOWN]]
    return [line for text in lines for line in screen.wrapped(text, indent=2, hanging=2)]


def _next_day(b: Briefing) -> tuple[date | None, list[Session]]:
    for day, group in groupby(b.plan.sessions, key=lambda s: s.date):
        sessions = [s for s in group if s.minutes]
        if sessions and day >= b.as_of:
            return day, sessions
    return None, []


def _sessions(b: Briefing, sessions: Sequence[Session], say: Format, screen: Screen) -> list[str]:
    lines = []
    for s in sessions[:DAY_LINES]:
        what = session_words(s.kind, s.activity)
        if s.form:
            family, _, label = s.form.partition(" ")
            what = f"{what}: {form_words(family, label, b.record.exam.id)}"
        elif s.area:
            what = f"{what}: {s.area}"
        used = [s.resource or "", f"{s.units}" if s.units else ""]
        detail = ", ".join(filter(None, used))
        line = f"  {say.clock(s.start):>8}  {s.minutes:>3} min  {what}"
        lines.append((f"{line} ({detail})" if detail else line)[: screen.width].rstrip())
    more = len(sessions) - DAY_LINES
    if more > 0:
        lines.append(f"  and {more} more")
    return lines


def _tests(b: Briefing, say: Format, screen: Screen) -> list[str]:
    dated = sorted((e for e in b.plan.ledger if e.date), key=lambda e: e.date or b.as_of)
    if not dated:
        return []
    names = [
        f"{say.short_day(e.date, weekday=False)} {form_words(e.family, e.form, b.record.exam.id)}"
        for e in dated
        if e.date
    ]
    return screen.wrapped(" - ".join(names), indent=2)


def _levers(b: Briefing, screen: Screen) -> list[str]:
    if len(b.levers) < 2 or b.decision.advice == "remediate":
        return []
    base, *others = b.levers
    best = sorted(others, key=lambda lever: -lever.gain)[:LEVERS_SHOWN]
    helping = [lever for lever in best if round(100 * lever.gain) >= 1]
    if not helping:
        return []
    lines = [f"  Out of 100 people, now {round(100 * base.p_pass)} would pass. With this:"]
    for lever in helping:
        change = lever.change[:1].upper() + lever.change[1:]
        lines += screen.wrapped(f"{change}: {round(100 * lever.p_pass)}", indent=4, hanging=2)
    return lines


def _left_out(b: Briefing, screen: Screen) -> list[str]:
    if not b.plan.left_out:
        return []
    text = ", ".join(_named(b, _text(entry.what)) for entry in b.plan.left_out)
    return screen.wrapped(text, indent=2)
