"""The parts of the appraisal that stand around its findings: first page, reports, misses."""

from __future__ import annotations

from bounceback.cli.console import Screen
from bounceback.messages import render
from bounceback.messages.appraisal import say_all
from bounceback.messages.formatting import day_words
from bounceback.messages.names import CAUSES
from bounceback.services.full_briefing import Briefing
from bounceback.services.look_back import (
    advisor_agenda,
    first_page,
    next_question,
    reason_card,
    reflection,
    reports_compared,
    welcome_back,
)
from bounceback.services.miss_analysis import miss_analysis

CAUSES_SHOWN = 3
RULES_SHOWN = 5


def first_hours(b: Briefing, screen: Screen) -> None:
    """Five fears by name, each with one fact or "nobody publishes this", and what to do."""
    if not b.belief.retaker:
        return
    page = first_page(b)
    screen.heading("First")
    screen.paragraph(render(page.opening), indent=2)
    screen.paragraph(render(page.not_alone), indent=2)
    for fear in page.fears:
        screen.line()
        screen.paragraph(render(fear.name), indent=2, style="strong")
        screen.paragraph(say_all(fear.answer), indent=4)
        screen.paragraph(render(fear.ask), indent=4)
    screen.line()
    screen.paragraph("This week:" if page.first_week else "Now:", indent=2, style="strong")
    for step in page.first_week or page.now:
        screen.paragraph(f"{render(step.do)} ({render(step.who)})", indent=4, hanging=2)


def silence(b: Briefing, screen: Screen) -> None:
    """A kind line after some days without an entry."""
    note = welcome_back(b.record, b.as_of)
    if note is not None:
        screen.paragraph(render(note))


def reason(b: Briefing, screen: Screen) -> None:
    """Where no reason is written yet: the invitation, and two quiet minutes that lead to it."""
    card = reason_card(b.record, "opening")
    if card.words:
        return
    screen.heading("Your reason")
    screen.paragraph(render(card.lead), indent=2)
    for step in reflection():
        screen.paragraph(f"{render(step.ask)} ({step.seconds} seconds)", indent=4, hanging=2)
    screen.paragraph(
        "You can skip any step. Add the sentence to your case file, under [learner]: "
        'reason = "I want to …".',
        indent=2,
        style="quiet",
    )


def question(b: Briefing, screen: Screen) -> None:
    """One open question, never a wall, with the line that keeps its answer in the case file."""
    found = next_question(b.record, b.as_of)
    if found is None:
        return
    screen.heading("One question")
    if found.ask is not None:
        screen.paragraph(render(found.ask), indent=2)
    screen.paragraph(f"{render(found.title)}: “{render(found.statement)}”", indent=2)
    screen.paragraph(
        "If you like, add it to your case file under [appraisal], 1 (strongly disagree) to 5 "
        "(strongly agree), with a note in your own words:",
        indent=2,
    )
    screen.line(f'  "{found.key}" = {{ answer = 3, note = "" }}')


def reports(b: Briefing, screen: Screen) -> None:
    """The official report beside the practice reports, area by area, those to act on first."""
    found = reports_compared(b)
    if found is None:
        return
    screen.heading("Score report and practice tests")
    screen.paragraph(render(found.says), indent=2)
    for area in found.areas:
        if area.agreement in ("act", "look-again"):
            screen.paragraph(render(area.says), indent=4, hanging=2)


def rules(b: Briefing, screen: Screen) -> None:
    """Rules of the learner's own that are to be met again today, and how to note the look."""
    due = miss_analysis(b.record, b.as_of).takeaways.due(b.as_of)
    if not due:
        return
    screen.heading("Your takeaways to review")
    screen.paragraph(
        "You wrote each of these after a missed question. Look away, say it, then log it: "
        "`bounceback log look CASE --rule TEXT --recalled` or `--no-recalled`.",
        indent=2,
        style="quiet",
    )
    for rule in due[:RULES_SHOWN]:
        screen.paragraph(rule.text, indent=2, hanging=2)
    if len(due) > RULES_SHOWN:
        screen.paragraph(
            f"{len(due) - RULES_SHOWN} more are due. A few a day are enough.", indent=2
        )


def misses(b: Briefing, screen: Screen) -> None:
    """Causes of misses by count, and whether the commonest has shrunk."""
    found = miss_analysis(b.record, b.as_of)
    if found.table.total == 0:
        return
    screen.heading("Why you missed questions")
    for cause, n in found.by_cause[:CAUSES_SHOWN]:
        screen.paragraph(f"{n} of {found.table.total}: {CAUSES[cause]}", indent=2)
        trend = found.trend_of(cause)
        if trend is not None:
            screen.paragraph(render(trend.says), indent=4)
    if found.reasoning is not None:
        screen.paragraph("Clinical reasoning, on the exam and on the wards:", indent=2)
        screen.paragraph(render(found.reasoning.says), indent=4)
    for again in found.repeated[:CAUSES_SHOWN]:
        screen.paragraph(
            f"The same wrong answer again: {again.item}, {again.chosen}, {again.times} times.",
            indent=2,
        )
    for pair in found.pairs[:CAUSES_SHOWN]:
        if pair.times > 1:
            screen.paragraph(f"Mixed up {pair.times} times: {' and '.join(pair.names)}.", indent=2)


def pace(b: Briefing, screen: Screen) -> None:
    """Right answers by quarter of a block, for each block length, and changed answers."""
    analysis = miss_analysis(b.record, b.as_of)
    found = [p for p in analysis.pacing if p.drop_points is not None]
    changed = analysis.changes
    if not found and not changed.enough:
        return
    screen.heading("Pace and changed answers")
    for p in found:
        first, last = p.quarters[0], p.quarters[-1]
        blank = f", {last.blank} left blank there" if last.blank else ""
        screen.paragraph(
            f"In {p.blocks} timed blocks of {p.items_per_block} questions {first.correct} of "
            f"{first.items} were right in the first quarter and {last.correct} of {last.items} in "
            f"the last{blank}.",
            indent=2,
        )
    if changed.enough:
        screen.paragraph(
            f"Of {changed.changes} changed answers {changed.to_right} ended right.", indent=2
        )


def meeting(b: Briefing, screen: Screen) -> None:
    """The agenda for half an hour with the advisor."""
    found = advisor_agenda(b)
    screen.heading("For your advisor meeting")
    if found.agreed_last_time is not None:
        screen.paragraph(f"Last time: {render(found.agreed_last_time)}", indent=2)
    for number, item in enumerate(found.items, 1):
        title = item.title if isinstance(item.title, str) else render(item.title)
        screen.paragraph(f"{number}. {title}. {say_all(item.ask)}", indent=2, hanging=3)
    screen.paragraph(
        "Sleep, mood, contacts and notes are never on it. Add what you agree to your case file "
        "under [[meetings]]. A good day for the next meeting: "
        f"{day_words(found.next_date, weekday=True)}.",
        indent=2,
        style="quiet",
    )
