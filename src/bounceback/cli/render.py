"""The briefing as a page of text that a tired person can read: one section a question."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from bounceback.cli.console import Screen
from bounceback.messages import Format, Locale, briefing_text, render
from bounceback.messages import decision as decision_words
from bounceback.messages.appraisal import CONFIDENCE, dimension_title, say_all
from bounceback.messages.formatting import session_words
from bounceback.messages.remediation import with_person
from bounceback.reasons import reason
from bounceback.services import published_facts as facts
from bounceback.services.full_briefing import Briefing, Lookback
from bounceback.services.values import Change

if TYPE_CHECKING:
    from bounceback.services.values import SupportCard

UNITS = {"questions": "questions", "review": "questions", "cards": "cards"}


def opening(b: Briefing, screen: Screen) -> None:
    """Show whose answer this is, and the way to a person."""
    exam = facts.exam(b.record.exam.id)
    screen.line(f"{exam.name}: {briefing_text.day_words(b.as_of, weekday=True)}", "strong")
    screen.paragraph("Hard day? Run `bounceback support`.", style="accent")
    if b.record.learner.reason:
        screen.paragraph(f"“{b.record.learner.reason}”", style="quiet")


def forecast(b: Briefing, screen: Screen, *, every: int = 0) -> None:
    """Show the chance of passing by date: this plan first, then the group's published rate.

    ``every`` is the step of the table in days; 0 chooses about six rows.
    """
    screen.heading("Your chances by date")
    if not b.forecasts:
        screen.paragraph(
            "There's no date you can test on. Ask the board for a new eligibility period. Until "
            "then, your plan keeps what you know fresh.",
            indent=2,
        )
        return
    chosen = b.record.exam.planned_date
    named = next((f for f in b.forecasts if f.on == chosen), None)
    if named is not None:
        followed = briefing_text.of_ten(named.p_pass_if_followed)
        screen.paragraph(briefing_text.chance_sentence(named), indent=2)
        screen.paragraph(f"If you do every planned hour: {followed}.", indent=2)
    step = every or (14 if len(b.forecasts) <= 12 * 7 else 28)
    rows = [f for i, f in enumerate(b.forecasts) if i % step == 0]
    if b.forecasts[-1] not in rows:
        rows.append(b.forecasts[-1])
    if named is not None and named not in rows:
        rows = sorted([*rows, named], key=lambda f: f.on)
    screen.line()
    screen.table(
        [
            ("If you test on", "Would pass", "Likely level", "Every planned hour"),
            *(
                (
                    briefing_text.day_words(f.on),
                    briefing_text.of_ten(f.p_pass),
                    briefing_text.shown_range(b, f.score_low, f.score_high),
                    briefing_text.of_ten(f.p_pass_if_followed),
                )
                for f in rows
            ),
        ]
    )
    screen.line()
    screen.paragraph(
        "Likely = about an 8 in 10 chance. Test-day luck is already counted.",
        indent=2,
        style="quiet",
    )
    screen.paragraph(briefing_text.group_sentence(b), indent=2)
    for text in (briefing_text.failed_sentence(b), briefing_text.waiting_sentence(b)):
        if text:
            screen.paragraph(text, indent=2)


def standing(b: Briefing, screen: Screen) -> None:
    """Show what the numbers are based on, and what would narrow them."""
    screen.heading("What this is based on")
    for piece in sorted(b.belief.evidence, key=lambda e: -e.weight):
        # What has no weight is said with its reason, so that nothing is left out in silence.
        if piece.weight < 0.005 and not piece.flags:
            continue
        share = briefing_text.rough_share(piece.weight)
        screen.paragraph(f"{briefing_text.evidence_words(b, piece)}: {share}", indent=2, hanging=4)
        if piece.printed_p_pass is not None:
            screen.paragraph(
                f"Its report gave {briefing_text.of_ten(piece.printed_p_pass)} for testing within "
                "a week. That number comes from the score, so we don't count it twice.",
                indent=6,
                style="quiet",
            )
    if pace := briefing_text.pace_sentence(b):
        screen.paragraph(pace, indent=2)
    mark = facts.pass_mark(b.record.exam.id, b.plan.test_date)
    known = "official" if mark.number_reported else "our estimate from the last published number"
    screen.paragraph(
        f"Passing score: {briefing_text.shown_score(b, mark.value)} ({known}). Source: "
        f"`bounceback facts show {mark.id} --on {b.plan.test_date}`.",
        indent=2,
        hanging=2,
    )
    if narrowing := briefing_text.narrowing_sentence(b):
        screen.paragraph(narrowing, indent=2, hanging=2)
    if b.belief.constants.confidence == "inferred":
        screen.paragraph(
            "Less is published about this exam. Parts of this model are our own estimate, so the "
            "ranges are wide.",
            indent=2,
            hanging=2,
        )


def decision(b: Briefing, screen: Screen) -> None:
    """Sit, move, remediate or wait, with the reasons, the rules and the dates side by side."""
    d = b.decision
    locale = Locale(country=b.record.learner.country or "US", today=b.as_of)
    screen.heading("Your test date")
    screen.paragraph(render(d.headline, locale), indent=2, style="strong")
    agreed = (d.pact,) if d.pact is not None else ()
    for line in decision_words.sentences((*d.reasons, *d.conditions, *agreed), locale):
        screen.paragraph(line, indent=2)
    screen.paragraph(decision_words.evidence_line(d.evidence.grade, d.evidence.tests), indent=2)
    marks = {True: "Met", False: "Not met", None: "Not known yet"}
    rules = [c for c in d.rules if c.kind != "calendar" or not c.holds]
    if rules:
        screen.line()
        if d.about is not None:
            screen.paragraph(f"Rules for {Format(locale).day(d.about)}:", indent=2)
    for check in rules:
        screen.paragraph(
            f"{marks[check.holds]:>13}: {render(check.rule, locale)} [{check.source}]",
            indent=2,
            hanging=15,
        )
    screen.line()
    fmt = Format(locale)
    dates = [o for o in b.options if o.kind == "date" and o.date is not None]
    screen.table(
        [
            ("If you test on", "Would pass", "Result usually by", "Expected level"),
            *(
                (
                    fmt.day(o.date),
                    fmt.people(o.p_pass or 0.0),
                    fmt.day(o.result_usual) if o.result_usual else "",
                    decision_words.points_words(o.points_from_mark or 0.0),
                )
                for o in dates
                if o.date is not None
            ),
            *(
                (
                    decision_words.option_label(o.kind),
                    "not known",
                    fmt.day(o.result_usual) if o.result_usual else "",
                    "not known",
                )
                for o in b.options
                if o.kind != "date"
            ),
        ]
    )
    screen.paragraph(briefing_text.weighed_sentence(b), indent=2)
    for said in briefing_text.fee_sentences(b):
        screen.paragraph(f"Fee. {said}", indent=2, hanging=2)
    if facts.exam(b.record.exam.id).board != "USMLE":
        return
    screen.line()
    for myth in decision_words.MYTHS:
        screen.paragraph(f"{myth.term}: {myth.answer}", indent=2, hanging=2)


def time_needed(b: Briefing, screen: Screen) -> None:
    """The method's rule of thumb beside the model's own estimate."""
    screen.heading("How much time")
    screen.paragraph(b.time_needed.words, indent=2)


def remediation(b: Briefing, screen: Screen) -> None:
    """The path, if one is advised."""
    if b.remediation is None:
        return
    screen.heading("Your next steps")
    locale = Locale(b.record.learner.country or "US", today=b.as_of)
    for step in b.remediation.steps:
        screen.paragraph(
            f"By {briefing_text.day_words(step.by)}, {with_person(step.who)}: "
            f"{render(step.what, locale)} {render(step.why, locale)}",
            indent=2,
            hanging=2,
        )


def plan(b: Briefing, screen: Screen, *, days: int = 7) -> None:
    """Show today and the week."""
    say = Format(Locale(b.record.learner.country or "US", today=b.as_of))
    if b.plan.nothing is not None:
        screen.heading("Your plan")
        screen.paragraph(b.plan.nothing.words, indent=2)
        screen.paragraph(b.plan.nothing.next_step, indent=2)
        if not b.plan.sessions:
            return
    ahead = [s for s in b.plan.sessions if (s.date - b.as_of).days < days]
    if b.plan.nothing is None and not any(s.date == b.as_of for s in ahead):
        screen.heading(f"Today, {briefing_text.day_words(b.as_of, weekday=True, year=False)}")
        screen.paragraph("Nothing is planned for today. It has no study hours.", indent=2)
    for i, (day, sessions) in enumerate(groupby(ahead, key=lambda s: s.date)):
        title = briefing_text.day_words(day, weekday=True, year=False)
        screen.heading(f"Today, {title}" if day == b.as_of else title)
        for s in sessions:
            what = " · ".join(
                part
                for part in (
                    session_words(s.kind, s.activity),
                    _form_of(b, s.form),
                    s.area or "",
                    s.resource or "",
                    f"{s.units} {UNITS.get(s.activity or '', 'units')}" if s.units else "",
                )
                if part
            )
            if s.minutes == 0:
                screen.paragraph(s.why or "Day off.", indent=2, hanging=2)
                continue
            start = say.clock(s.start)
            screen.paragraph(f"{start:>8}  {s.minutes:>3} min  {what}", indent=2, hanging=19)
            if i < 2 and s.why:
                screen.paragraph(_named(b, s.why), indent=21, style="quiet")
    later = len(b.plan.sessions) - len(ahead)
    if later > 0:
        screen.line()
        screen.paragraph(
            f"{later} more session{'s' if later > 1 else ''} until "
            f"{briefing_text.day_words(b.plan.test_date)}. We update the days ahead from what "
            "happens.",
            indent=2,
        )
    if b.plan.left_out:
        screen.heading("What doesn't fit")
        for entry in b.plan.left_out:
            screen.paragraph(_named(b, f"{entry.what}: {entry.why}"), indent=2, hanging=2)


def _form_of(b: Briefing, label: str | None) -> str:
    """A session's form (``family label``) by the name it goes by."""
    if not label:
        return ""
    family, _, form = label.partition(" ")
    return briefing_text.form_words(family, form, b.record.exam.id)


def _named(b: Briefing, text: str) -> str:
    return briefing_text.with_names(text, b.record.exam.id)


def ledger(b: Briefing, screen: Screen) -> None:
    """Show every practice test with its date, or the reason why it has none."""
    if not b.plan.ledger:
        return
    screen.heading("Practice tests")
    for entry in sorted(b.plan.ledger, key=lambda e: (e.date is None, e.date or b.as_of)):
        day = briefing_text.day_words(entry.date) if entry.date else "No date"
        name = briefing_text.form_words(entry.family, entry.form, b.record.exam.id)
        screen.paragraph(f"{day}: {name}. {entry.why}", indent=2, hanging=2)


def change_line(change: Change) -> str:
    """A change by its day, where it is named by an id that begins with it."""
    day = re.fullmatch(r"(\d{4}-\d\d-\d\d)-\d+", change.session)
    session = briefing_text.day_words(date.fromisoformat(day[1])) if day else change.session
    if re.match(r"\d+ sessions\b", change.why):
        return f"{change.what}, from {session} on: {change.why}."
    return f"{change.what}: {session}, {change.why}."


def changes(b: Briefing, screen: Screen, *, when_none: bool = False) -> None:
    """What moved, was dropped or added, and why."""
    # A case that names a session or two is no plan seen before: what fills the rest is no news.
    if not when_none and all(change.what == "added" for change in b.plan.changes):
        return
    screen.heading("What changed")
    if not b.plan.changes:
        screen.paragraph("Nothing. Your plan is as you last saw it.", indent=2)
    for change in b.plan.changes:
        screen.paragraph(change_line(change), indent=2, hanging=2)
    more = len(b.plan.all_changes) - len(b.plan.changes)
    if b.plan.changes and more > 0:
        screen.paragraph("What you did or pinned is where it was.", indent=2)


def appraisal(b: Briefing, screen: Screen) -> None:
    """What held the last attempt back, at most three things, and what the plan changes."""
    a = b.appraisal
    screen.heading("Look back")
    screen.paragraph(say_all(a.says), indent=2)
    if a.wrote_unfair:
        screen.paragraph(render(reason("appraisal.exam-was-unfair")), indent=2)
    working = [w.prescription for w in b.at_work]
    for finding in a.largest:
        screen.line()
        screen.paragraph(f"{say_all(finding.says)} ({CONFIDENCE[finding.confidence]}.)", indent=2)
        if finding.said:
            screen.paragraph(f"You said: {say_all(finding.said)}", indent=4, hanging=2)
        if finding.measure is not None:
            screen.paragraph(f"Your log: {render(finding.measure.says)}", indent=4, hanging=2)
        if finding.prescription in working:
            screen.paragraph(
                f"What we changed: {say_all(finding.prescription.why)}", indent=4, hanging=2
            )
    shown = [f.prescription for f in a.largest]
    for kept in (w for w in b.at_work if w.prescription not in shown):
        screen.line()
        title = dimension_title(kept.finding.dimension)
        screen.paragraph(
            f"Still in your plan, since {briefing_text.day_words(kept.since)} (next review "
            f"{briefing_text.day_words(kept.next_look)}): {title}. "
            + say_all((*kept.prescription.why, *kept.why)),
            indent=2,
            hanging=2,
        )
    if a.done_well:
        screen.line()
        screen.paragraph(say_all(a.done_well), indent=2)


def levers(b: Briefing, screen: Screen) -> None:
    """What one change is worth in chance of passing."""
    if len(b.levers) < 2 or b.decision.advice == "remediate":
        return
    base, *others = b.levers
    screen.heading("What could raise your chances")
    screen.paragraph(
        f"On {briefing_text.day_words(base.date)}, with your plan as it is, "
        f"{briefing_text.of_ten(base.p_pass)} would pass. Out of 100 people, with one change:",
        indent=2,
    )
    for lever in others:
        later = f" ({briefing_text.day_words(lever.date)})" if lever.date != base.date else ""
        screen.paragraph(
            f"{briefing_text.more_of_hundred(lever.gain)}: {lever.change}{later}"
            + (f". {lever.note}" if lever.note and lever.lever == "tutor" else ""),
            indent=4,
            hanging=2,
        )
    screen.paragraph(briefing_text.futures_sentence(b.levers), indent=2)
    for future in base.futures:
        if not future.passes:
            screen.paragraph(briefing_text.future_sentence(future), indent=4, hanging=2)
    if b.target is not None and b.record.exam.target_p_pass is not None:
        screen.paragraph(
            briefing_text.target_sentence(b.target, b.record.exam.target_p_pass), indent=2
        )


def help_offers(b: Briefing, screen: Screen, *, drafts: bool = False) -> None:
    """Help at the moment agreed for it; with the drafted messages where they are asked for."""
    if not b.help_offers:
        return
    screen.heading("Someone who can help")
    for offer in b.help_offers:
        screen.paragraph(f"{say_all(offer.why)} {render(offer.offer)}", indent=2, hanging=2)
        if not drafts or not offer.has_message:
            continue
        screen.paragraph(f"Draft to your {render(offer.to)} (edit it as you like):", indent=4)
        screen.paragraph(f"“{render(offer.opening)}”", indent=6)
        for line in offer.summary:
            screen.paragraph(render(line), indent=6, hanging=2)
    if not drafts and any(offer.has_message for offer in b.help_offers):
        screen.paragraph("To read the drafts: `bounceback appraise`.", indent=2)


def support_first(b: Briefing, screen: Screen) -> None:
    """People before numbers, at the moments that are heavy."""
    from bounceback.services.published_facts import ANYWHERE

    card = people_card(b)
    if card is None:
        return
    screen.heading("Talk to someone")
    screen.paragraph(say_all(card.says), indent=2)
    if card.asks_safe:
        screen.paragraph(
            "Are you safe right now? If not, or if you're not sure, call the first of these.",
            indent=2,
            style="strong",
        )
    for line in card.nearest:
        where = "" if line.country == ANYWHERE else f" ({line.country_name})"
        screen.paragraph(f"{line.service}{where}: {line.contact}", indent=4, hanging=2)
    screen.paragraph("More: `bounceback support`.", indent=2)


def notes(b: Briefing, screen: Screen) -> None:
    """What was set aside, resolved or assumed; what the appraisal changed stands with it."""
    reasons = tuple(say_all(w.prescription.why) for w in b.at_work)
    shown = [note for note in b.notes if not (reasons and note.endswith(reasons))]
    if not shown:
        return
    screen.heading("Assumptions")
    for note in shown:
        screen.paragraph(_named(b, note), indent=2, hanging=2)


def closing(b: Briefing, screen: Screen) -> None:
    """Where the numbers come from, and who we are not."""
    screen.line()
    screen.paragraph(
        "Every number has a source and a date: `--json` lists them under `sources`, and "
        "`bounceback facts show ID` prints one. Private: nothing left this computer. Not "
        "affiliated with NBME, FSMB, NBOME or NRMP.",
        style="quiet",
    )


def people_card(b: Briefing) -> SupportCard | None:
    """Return the support card where it comes before numbers; ``None`` elsewhere."""
    from bounceback.services.support import support_before_numbers

    return support_before_numbers(b)


def people_first(b: Briefing) -> bool:
    """Whether the support card comes before numbers: at the moments the appraisal lists."""
    return people_card(b) is not None


def lookback(found: Lookback, screen: Screen) -> None:
    """The day before the failed sitting: what the record said, beside what was decided."""
    b, seen = found.then, found.seen
    exam = facts.exam(b.record.exam.id)
    screen.line(f"{exam.name}: the day before, {briefing_text.day_words(b.as_of)}", "strong")
    screen.paragraph("Hard day? Run `bounceback support`.", style="accent")
    screen.heading("What your results showed before the exam")
    on_the_day = next((f for f in b.forecasts if f.on == found.sitting), None)
    if on_the_day is not None:
        screen.paragraph(briefing_text.chance_sentence(on_the_day), indent=2)
    for measure in seen.indicators:
        screen.paragraph(render(measure.says), indent=2, hanging=2)
    if not seen.indicators:
        screen.paragraph("They couldn't show much. You had logged little by then.", indent=2)
    screen.paragraph(
        f"Our advice that day would have been: {render(b.decision.headline)}", indent=2
    )
    for line in decision_words.sentences(b.decision.reasons):
        screen.paragraph(line, indent=4)
    screen.heading("What was decided")
    for decided in seen.decided:
        screen.paragraph(render(decided), indent=2, hanging=2)
    screen.line()
    screen.paragraph(
        "Looking back, both are easier to read than on the day. For your next decision: "
        "`bounceback decide`."
    )
