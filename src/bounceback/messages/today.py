"""What Today, the timer, the finish sheet and the plan's sessions say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Format
from bounceback.planning import Session

STEPS: Final = {
    "block": "Do the block",
    "review": "Review every question, incorrects first",
    "causes": "Note the cause of each incorrect",
    "test": "Take the test, timed",
    "incorrects": "Do the missed and marked questions again",
    "read": "Read",
    "watch": "Watch",
    "recall": "Write the main points from memory",
    "takeaways": "Read your takeaways once",
    "practice": "Practice",
    "cases": "Do the cases with the clock on",
    "due-cards": "Due cards",
    "new-cards": "New cards",
}
"""Steps of a session, by the plan's own word."""

_STEP_KINDS: Final = {
    "review": "review",
    "causes": "note",
    "test": "form",
    "read": "reading",
    "watch": "reading",
    "recall": "note",
    "takeaways": "note",
    "due-cards": "cards",
    "new-cards": "cards",
}

KIND_NAMES: Final = {
    "questions": "questions",
    "review": "review",
    "cards": "cards",
    "form": "practice test",
    "reading": "reading",
    "rest": "day off",
}
"""Kinds of work, as a legend names them."""

_CALENDAR: Final = {
    "rest": "Day off",
    "buffer": "Catch-up time",
    "logistics": "Test-day prep",
}


def work_kind(session: Session) -> str:
    """Return which color and icon a session has: one of :data:`KIND_NAMES`."""
    if session.kind == "form" or session.activity == "form":
        return "form"
    if session.activity is None:
        return "rest"
    if session.activity == "review":
        return "review" if session.kind == "review" or _of(session) else "questions"
    return session.activity if session.activity in ("questions", "cards") else "reading"


def short_area(area: str) -> str:
    """Return an area's name for a narrow column: "Respiratory", "Biostatistics"."""
    first = area.split(" & ")[0].split(",")[0].split("/")[0]
    return first.removesuffix(" Systems").removesuffix(" System")


def session_title(session: Session, exam: str) -> str:
    """Return what a session is: "40 new questions, mixed", "Review NBME 31", "Cards"."""
    if session.form:
        family, _space, label = session.form.partition(" ")
        name = practice_test_name(family, label, exam)
        return name if work_kind(session) == "form" else f"Review {name}"
    if session.activity is None:
        return _CALENDAR.get(session.kind, "Catch-up time")
    if session.activity == "cards":
        return "Cards"
    about = _about(session)
    units = f"{session.units:g} " if session.units else ""
    if session.activity in ("questions", "review"):
        if session.activity == "review" and (session.kind == "review" or _of(session)):
            return f"Review{about if session.area else ' the block'}"
        if is_new(session):
            return (
                f"{units}new questions{about}".capitalize()
                if not units
                else (f"{units}new questions{about}")
            )
        return f"{units}incorrects{about}" if units else f"Incorrects{about}"
    if session.activity == "other":
        return "Write from memory" + (about if session.area else "")
    name = {"reading": "Reading", "video": "Video", "form": "Practice test"}[session.activity]
    return name + (about if session.area else "")


def short_title(session: Session, exam: str) -> str:
    """Return a title for a cell of the week: "40 mixed", "20 incorrects", "18 Renal"."""
    if session.form or session.activity is None or session.activity == "cards":
        return session_title(session, exam)
    units = f"{session.units:g} " if session.units else ""
    area = short_area(session.area) if session.area else "mixed"
    if work_kind(session) == "review":
        return "Review"
    if session.activity in ("questions", "review") and not is_new(session):
        return f"{units}incorrects" if units else "Incorrects"
    if session.activity == "questions":
        return f"{units}{area}" if units else area[:1].upper() + area[1:]
    if session.activity == "other":
        return "Write from memory"
    return area if session.area else session_title(session, exam)


def is_new(session: Session) -> bool:
    """Whether the questions of a session are ones the student hasn't seen."""
    first_pass = getattr(session, "first_pass", None)
    if first_pass is None:
        return session.activity == "questions"
    return bool(first_pass)


def _of(session: Session) -> str | None:
    return getattr(session, "of", None)


def _about(session: Session) -> str:
    if session.area:
        return f": {session.area}"
    areas = getattr(session, "areas", ())
    return f": {', '.join(areas)}" if areas else ", mixed"


def session_note(session: Session) -> str:
    """Return how a session is done: "UWorld, timed, unused", "AnKing"; "" if nothing is known."""
    parts = [session.resource or ""]
    if mode := getattr(session, "mode", None):
        parts.append(mode)
    if bank_filter := getattr(session, "filter", None):
        parts.append(bank_filter)
    return ", ".join(part for part in parts if part)


def steps(session: Session) -> list[tuple[str, str, int]]:
    """Return the recipe of a session: kind of each step, its words and its minutes."""
    given = getattr(session, "steps", ()) or ()
    found = []
    for step in given:
        words = STEPS.get(step.what, step.what[:1].upper() + step.what[1:])
        if step.what == "block" and session.units:
            bank = f"{session.resource}: " if session.resource else ""
            words = f"{bank}{session.units:g} {'questions' if is_new(session) else 'incorrects'}"
        kind = _STEP_KINDS.get(step.what, "questions")
        found.append((kind, words, step.minutes))
    return found


def days_to(days: int, day: date, fmt: Format) -> tuple[str, str]:
    """Return the large and the small half of the countdown: "38 days", "to January 8"."""
    if days == 0:
        return "Today’s the day.", ""
    if days == 1:
        return "1 day", f"to {fmt.day(day)}"
    return f"{days} days", f"to {fmt.day(day)}"


def changed_sentence(moved: int, dropped: int, added: int, *, fits: bool) -> str:
    """Return what changed in the plan in one sentence; "" if nothing did."""
    if not moved and not dropped and not added:
        return ""
    end = "The plan still fits." if fits else "Not everything fits. Plan shows what doesn’t."
    if moved + dropped + added > 12:
        return f"your plan is updated from today. {end}"
    parts: list[str] = []
    for n, verb, verbs in (
        (moved, "moved", "moved"),
        (dropped, "was dropped", "were dropped"),
        (added, "was added", "were added"),
    ):
        if n:
            noun = ("session" if n == 1 else "sessions") if not parts else ""
            parts.append(f"{n} {noun} {verb if n == 1 else verbs}".replace("  ", " "))
    return f"{', '.join(parts)}. {end}"


def reminder(sessions: Sequence[Session], exam: str, fmt: Format) -> str:
    """Return the text of the daily reminder: the next session and how much is planned."""
    first = sessions[0]
    total = fmt.duration(sum(s.minutes for s in sessions))
    return f"Next: {session_title(first, exam)}, {fmt.clock(first.start)}. {total} planned today."


def logged(right: int | None, of: int | None, minutes: int) -> str:
    """Return what stands in the history after a session: "Logged: 27 of 40 right, 62 min"."""
    result = f"{right} of {of} right, " if right is not None and of else ""
    return f"Logged: {result}{minutes} min"


def logged_for(day: date, fmt: Format) -> str:
    """Return what a session that was logged on a later day leads to."""
    return f"Logged for {fmt.day(day, weekday=True)}. Your plan is updated."


def logged_as_extra(minutes: int, day: date, fmt: Format) -> str:
    """Return what became of minutes whose session isn't in the plan any more."""
    return (
        "That session isn’t in your plan anymore. "
        f"We logged {fmt.duration(minutes)} as extra study on {fmt.day(day, weekday=True)}."
    )


def continue_later() -> str:
    """Return that the minutes count and the session stays open."""
    return "Logged. You can continue later."


def session_not_here() -> str:
    """Return that a page named a session that the plan doesn't have now."""
    return "That session isn’t in your plan anymore. Here’s what is."


def not_ahead() -> str:
    """Return why a session was not moved."""
    return "Only sessions of today or later can be moved, and only to such a day."


def saved(right: int | None, of: int | None, share_so_far: float | None) -> str:
    """Return the one sentence of effect after a block, or after a session without questions."""
    if right is None or not of:
        return "Logged. Your plan is updated."
    if share_so_far is None:
        return f"Saved. {right} of {of} right. Your chances and plan are updated."
    usual = round(100 * share_so_far)
    now = round(100 * right / of)
    if abs(now - usual) <= 8:
        return f"Saved. {right} of {of} is in line with your last blocks, about {usual}%."
    where = "above" if now > usual else "below"
    return (
        f"Saved. {right} of {of} is {where} your last blocks, about {usual}%. "
        "One block says little."
    )


def right_of(right: int | None, of: int | None, misses: int) -> dict[str, str]:
    """Return what is wrong with a result, by field; empty if it can be."""
    if right is None and of is None:
        return {}
    if right is None:
        return {"right": "How many were right? Leave both numbers blank to skip."}
    if not of:
        return {"of": "How many questions were in the block?"}
    if right > of:
        return {"right": f"{right} right of {of} questions can’t be. Check both numbers."}
    if misses > of:
        return {"causes": f"You tapped {misses} causes, and the block has {of} questions."}
    return {}


def takeaway_without_cause() -> str:
    """Return why a takeaway needs a cause."""
    return "Tap at least one cause, so we can show this takeaway again with it."


def week_summary(minutes: int, days: int, tests: Sequence[tuple[str, date]], fmt: Format) -> str:
    """Return a week in one line: "21 hr 25 min on 6 days. Free 120 on Saturday, December 5."."""
    if not minutes:
        return "Nothing planned this week."
    text = f"{fmt.duration(minutes)} on {fmt.count(days, 'day')}."
    if tests:
        names = [f"{name} on {fmt.day(day, weekday=True)}" for name, day in tests]
        text += f" {fmt.listing(names)}."
    return text


def week_heading(first: date, last: date, fmt: Format) -> str:
    """Return the days of a week: "November 23–29", "November 30 – December 6"."""
    if first.month == last.month and fmt.locale.month_first:
        return f"{fmt.day(first, year=False)}–{last.day}"
    return f"{fmt.day(first, year=False)} – {fmt.day(last, year=False)}"
