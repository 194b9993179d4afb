"""The parts of the appraisal that stand around its findings: first page, reports, misses."""

from __future__ import annotations

from bounceback.appraisal import (
    answer_changes,
    cause_table,
    cause_trend,
    compare_reports,
    first_page,
    load_thresholds,
    question_of_the_day,
)
from bounceback.brief.composing import Briefing
from bounceback.cli.screen import Screen

CAUSES_SHOWN = 3


def first_hours(b: Briefing, screen: Screen) -> None:
    """Five fears by name, each with one fact or "nobody publishes this", and the first week."""
    if not b.belief.retaker:
        return
    page = first_page(b.record, b.as_of)
    screen.heading("First")
    screen.paragraph(page.opening, indent=2)
    screen.paragraph(page.not_alone, indent=2)
    for fear in page.fears:
        screen.line()
        screen.paragraph(fear.name, indent=2, style="strong")
        screen.paragraph(fear.answer, indent=4)
        screen.paragraph(fear.ask, indent=4)
    screen.line()
    screen.paragraph("This week:", indent=2, style="strong")
    for step in page.first_week:
        screen.paragraph(f"{step.do} ({step.who})", indent=4, hanging=2)


def question(b: Briefing, screen: Screen) -> None:
    """One open question, never a wall, with the line that keeps its answer in the case file."""
    found = question_of_the_day(b.record, on=b.as_of)
    if found is None:
        return
    screen.heading("One question")
    if found.ask:
        screen.paragraph(found.ask, indent=2)
    screen.paragraph(f"{found.title}: “{found.statement}”", indent=2)
    screen.paragraph(
        "If you like, write it under [appraisal] in your case file, 1 (not at all true) to 5 with "
        "a note in your own words:",
        indent=2,
    )
    screen.line(f'  "{found.key}" = {{ answer = 3, note = "" }}')


def reports(b: Briefing, screen: Screen) -> None:
    """The official report beside the practice reports, area by area, those to act on first."""
    found = compare_reports(b.record, b.as_of)
    if found is None:
        return
    screen.heading("Official report beside practice")
    screen.paragraph(found.words, indent=2)
    for area in found.areas:
        if area.agreement in ("act", "look-again"):
            screen.paragraph(area.words, indent=4, hanging=2)


def misses(b: Briefing, screen: Screen) -> None:
    """Causes of misses by count, and whether the commonest has shrunk."""
    table = cause_table(b.record.misses)
    if table.total == 0:
        return
    screen.heading("Causes of misses")
    t = load_thresholds(b.record.exam.id)
    counted = sorted(table.by_cause().items(), key=lambda kv: -kv[1])[:CAUSES_SHOWN]
    for cause, n in counted:
        if n == 0:
            continue
        screen.paragraph(f"{n} of {table.total}: {cause.replace('-', ' ')}", indent=2)
        trend = cause_trend(b.record.misses, cause, t, as_of=b.as_of)
        if trend is not None:
            screen.paragraph(trend.words, indent=4)
    changed = answer_changes(b.record.blocks, t)
    if changed.enough:
        screen.paragraph(
            f"Of {changed.changes} changed answers {changed.to_right} ended right.", indent=2
        )
