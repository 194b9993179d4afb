"""Sentences of the plan: why a session stands where it does, what does not fit, what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bounceback.messages.registry import Facts, Format, Locale, message, render
from bounceback.planning.models import Plan
from bounceback.reasons import Reason

_OF_SUPPLY: Final = {
    "questions": ("new question", "new questions"),
    "cards": ("new card", "new cards"),
    "book": ("chapter", "chapters"),
    "video": ("video", "videos"),
}
_STRANDS: Final = {
    "omm": "OMM",
    "ccs": "CCS cases",
    "cdm": "CDM cases",
}


def in_words(plan: Plan, locale: Locale | None = None) -> Plan:
    """The plan with its reasons written out as sentences."""

    def text(why: Reason | None, known: str) -> str:
        return known if why is None else render(why, locale)

    return replace(
        plan,
        sessions=tuple(replace(s, why=text(s.reason, s.why)) for s in plan.sessions),
        ledger=tuple(replace(e, why=text(e.reason, e.why)) for e in plan.ledger),
        left_out=tuple(
            replace(x, what=text(x.about, x.what), why=text(x.reason, x.why)) for x in plan.left_out
        ),
        notes=(*plan.notes, *(render(r, locale) for r in plan.remarks)),
        remarks=(),
    )


def _pace(f: Facts) -> str:
    return f" Keep the pace: {f['seconds']} seconds a question." if f.get("seconds") else ""


def _choose(f: Facts) -> str:
    """What to open and to choose there: "In UWorld choose Timed, Unused, Systems: Skin"."""
    where = f["by_area"] and f"{f['by_area']}: {f['choose_area']}"
    bank = f["bank"] or "your question bank"
    return f"In {bank} choose {f['mode']}, {f['status']}, {where or 'all subjects'}"


def _then_review(f: Facts) -> str:
    """What comes after a block, and for how long."""
    return (
        f"Then review every question you missed or guessed for {f['review_minutes']} minutes. "
        "Note the cause of each."
    )


# Sessions ----------------------------------------------------------------------------------------


@message("planning.block-mixed")
def _block_mixed(f: Facts, t: Format) -> str:
    opening = (
        "Counts toward a practice test." if f["stands_in"] else "Mixed and timed, as on test day."
    )
    return (
        f"{opening} {_choose(f)}: {f['questions']} questions in {f['block_minutes']} minutes."
        f"{_pace(f)} {_then_review(f)}"
    )


@message("planning.block-area")
def _block_area(f: Facts, t: Format) -> str:
    share = f"about {f['exam_percent']}% of the exam"
    if f["days_since"] is not None:
        why = f"Back to {f['area']} after {f['days_since']} days ({share})."
    elif f["weak"]:
        why = f"{f['area']} is one of your weakest subjects ({share})."
    else:
        why = f"{f['area']} is {share}."
    how = f"{f['questions']} questions"
    how += f" in {f['block_minutes']} minutes" if f["timed"] else ", with the answer after each one"
    return f"{why} {_choose(f)}: {how}.{_pace(f)} {_then_review(f)}"


@message("planning.rehearsal-block")
def _rehearsal_block(f: Facts, t: Format) -> str:
    return (
        "Right after the practice test, so that the day is as long as most of the exam. "
        f"{_choose(f)}: {f['questions']} questions in {f['block_minutes']} minutes."
    )


@message("planning.incorrects")
def _incorrects(f: Facts, t: Format) -> str:
    each = f"{f['seconds']} seconds each" if f.get("seconds") else "about 2 minutes each"
    return (
        f"{_choose(f)}: {t.count(f['questions'], 'question')}, {each}. "
        "Missed questions come back after 2, 7 and 21 days."
    )


@message("planning.content")
def _content(f: Facts, t: Format) -> str:
    verb = "Watch" if f["video"] else "Read"
    what = f["area"] or "what you missed"
    source = f" in {f['resource']}" if f["owned"] else " in a review book or your school's notes"
    return (
        f"{verb} about {what}{source}. Then close it and write the main points from memory. "
        "Its questions come next."
    )


@message("planning.strand")
def _strand(f: Facts, t: Format) -> str:
    if f["strand"] == "omm":
        why = "OMM is about a tenth of COMLEX and has its own time every week."
        if f["in_bank"]:
            how = f"{f['questions']} questions in {f['block_minutes']} minutes"
            return f"{why} {_choose(f)}: {how}. {_then_review(f)}"
        source = f" with {f['bank']}" if f["owned"] else " with your school's notes"
        return f"{why} Practice{source}, then write the main points from memory."
    name = "CCS" if f["strand"] == "ccs" else "CDM"
    source = f" in {f['bank']}" if f["owned"] else " from the free official practice cases"
    if f["in_bank"]:
        how = f"{f['questions']} questions in {f['block_minutes']} minutes"
        return f"{_choose(f)}: {how}. {_then_review(f)}"
    many = t.count(f["questions"], f"{name} case") if f["questions"] else f"{name} cases"
    return f"Do {many}{source} with the clock on. Then review each case for as long as it took."


@message("planning.from-memory")
def _from_memory(f: Facts, t: Format) -> str:
    return "Write from memory what you learned today, then check it."


@message("planning.takeaways")
def _takeaways(f: Facts, t: Format) -> str:
    return "Read your own takeaways once. No new questions today."


@message("planning.cards")
def _cards(f: Facts, t: Format) -> str:
    where = f"{f['deck']}: due" if f["deck"] else "Due"
    if f["new"]:
        return f"{where} cards first, then up to {t.count(f['new'], 'new card')}."
    return f"{where} cards only. New cards wait."


@message("planning.test-review")
def _test_review(f: Facts, t: Format) -> str:
    return "Review the practice test within two days. Give every miss a cause."


@message("planning.day-off")
def _day_off(f: Facts, t: Format) -> str:
    return "A day off each week is part of the plan."


@message("planning.test-day-prep")
def _test_day_prep(f: Facts, t: Format) -> str:
    return "Permit, ID, route, food and clothes. Then go to bed early."


@message("planning.catch-up")
def _catch_up(f: Facts, t: Format) -> str:
    return "Catch-up time. If the week went as planned, it is yours."


# Practice tests ----------------------------------------------------------------------------------


def _test_tail(f: Facts) -> str:
    tail = ""
    if f.get("in_halves"):
        tail += " If it feels like a lot, do one half, take a long break, then do the other."
    if f.get("not_owned"):
        tail += " You don't own this one yet."
    return tail


@message("planning.test-pinned")
def _test_pinned(f: Facts, t: Format) -> str:
    return f"You chose this day.{_test_tail(f)}"


@message("planning.test-decision")
def _test_decision(f: Facts, t: Format) -> str:
    first = "One of two practice tests in the last 2 weeks."
    second = "Your test date is decided with these two."
    if f["rehearsal"]:
        second = "Take it like the real exam: timed, in one go, starting at the exam's hour"
        blocks = f.get("block_questions")
        second += (
            f", in blocks of {blocks} questions in {f['block_minutes']} minutes." if blocks else "."
        )
    return f"{first} {second}{_test_tail(f)}"


@message("planning.test-baseline")
def _test_baseline(f: Facts, t: Format) -> str:
    return f"Shows your level before the work starts.{_test_tail(f)}"


@message("planning.test-course")
def _test_course(f: Facts, t: Format) -> str:
    return f"Shows what the last weeks changed. Your plan is updated from it.{_test_tail(f)}"


@message("planning.test-checkpoint")
def _test_checkpoint(f: Facts, t: Format) -> str:
    score = f.get("score")
    first = (
        "Your checkpoint test."
        if score is None
        else f"Your checkpoint test. With {score:g} or higher you can set a date."
    )
    free = f.get("minutes_to_free")
    return f"{first} It takes {t.duration(free)}: keep that day free." if free else first


@message("planning.test-taken")
def _test_taken(f: Facts, t: Format) -> str:
    return f"Taken on {t.day(f['date'])}. A repeated test runs high, so it gets no second day."


@message("planning.test-ticked")
def _test_ticked(f: Facts, t: Format) -> str:
    return f"Done on {t.day(f['date'])}. Add its score to update your chances."


@message("planning.test-listed-twice")
def _test_listed_twice(f: Facts, t: Format) -> str:
    return "Listed twice. The first entry has its day."


@message("planning.test-kept-for-later")
def _test_kept(f: Facts, t: Format) -> str:
    return "Saved for the weeks after the checkpoint test."


@message("planning.test-too-long")
def _test_too_long(f: Facts, t: Format) -> str:
    return (
        f"It takes {t.duration(f['minutes'])} and your longest free day has "
        f"{t.duration(f['longest'])}. Free one morning to take it."
    )


@message("planning.test-no-free-day")
def _test_no_free_day(f: Facts, t: Format) -> str:
    return "Saved for later. Every free day is too close to another test or to the exam."


@message("planning.test-no-plan")
def _test_no_plan(f: Facts, t: Format) -> str:
    return "There is no day to plan it on yet."


@message("planning.first-step")
def _first_step(f: Facts, t: Format) -> str:
    return f"A small step toward your next practice test: {f['questions']} mixed questions, timed."


@message("planning.sample-baseline")
def _sample_baseline(f: Facts, t: Format) -> str:
    return "Free and official. Shows your level before the work starts."


@message("planning.sample-decision")
def _sample_decision(f: Facts, t: Format) -> str:
    return "Free and official. Take it timed, in one go."


@message("planning.blocks-too-few")
def _blocks_too_few(f: Facts, t: Format) -> str:
    return (
        f"A second check before the exam takes {f['questions']} unused questions. You have fewer "
        "left."
    )


@message("planning.blocks-baseline")
def _blocks_baseline(f: Facts, t: Format) -> str:
    return f"Shows your level now: {f['questions']} mixed questions, timed."


@message("planning.blocks-decision")
def _blocks_decision(f: Facts, t: Format) -> str:
    return (
        f"Timed mixed blocks of {f['block_questions']} unused questions, {f['questions']} in all "
        f"by {t.day(f['by'])}, count as a practice test."
    )


@message("planning.blocks-fall-short")
def _blocks_fall_short(f: Facts, t: Format) -> str:
    return (
        f"About {f['placed']} of the {f['questions']} timed mixed questions of a second check fit "
        "into the last 2 weeks."
    )


# What does not fit, and what is still to be got --------------------------------------------------


@message("planning.left-units")
def _left_units(f: Facts, t: Format) -> str:
    one, many = _OF_SUPPLY[f["of"]]
    return f"{t.count(f['units'], one, many)} of {f['resource']}"


@message("planning.left-units-why")
def _left_units_why(f: Facts, t: Format) -> str:
    if f["of"] == "questions":
        return "The days until the exam hold no more new questions with their review."
    if f["of"] == "cards":
        return "New cards are held to a daily number so that due cards stay few."
    if f["questions_first"]:
        return "Questions and their review come first."
    return "The days until the exam hold no more."


@message("planning.left-due-cards")
def _left_due(f: Facts, t: Format) -> str:
    return "Due cards beyond the daily limit"


@message("planning.left-due-cards-why")
def _left_due_why(f: Facts, t: Format) -> str:
    return "Cards are held to a fifth of the day. New cards wait until fewer are due."


@message("planning.set-aside")
def _set_aside(f: Facts, t: Format) -> str:
    return "Set aside. A few resources, each finished, help more than many."


_OF_CATALOG: Final = {
    "questions": ("question", "questions"),
    "cards": ("card", "cards"),
    "book": ("chapter", "chapters"),
    "video": ("video", "videos"),
    "cases": ("case", "cases"),
}
_PRECISION: Final = {"exact": "", "at-least": "at least ", "about": "about "}


@message("planning.catalog-size")
def _catalog_size(f: Facts, t: Format) -> str:
    one, many = _OF_CATALOG[f["of"]]
    count = t.count(f["units"], one, many)
    return (
        f"{f['resource']}: {_PRECISION[f['precision']]}{count}, as published and read on "
        f"{t.day(f['read'])}. If yours shows another number, enter it."
    )


@message("planning.catalog-size-unknown")
def _catalog_size_unknown(f: Facts, t: Format) -> str:
    many = _OF_CATALOG[f["of"]][1]
    return (
        f"How many {many} are in {f['resource']}? No published number fits. Enter the number you "
        "see there, so that the plan knows how far it reaches."
    )


@message("planning.bank-names")
def _bank_names(f: Facts, t: Format) -> str:
    return (
        f"The filter names we give for {t.listing(f['banks'])} are our estimate. If a name differs "
        "on your screen, choose the closest one."
    )


@message("planning.no-resources")
def _no_resources(f: Facts, t: Format) -> str:
    return "You haven't added your resources, so the plan names the work alone."


@message("planning.no-bank")
def _no_bank(f: Facts, t: Format) -> str:
    return "You have no question bank listed. Get one: questions teach more than reading."


@message("planning.no-content")
def _no_content(f: Facts, t: Format) -> str:
    return (
        "You have no review book or videos listed. Use your school's notes, or add one book or "
        "video course."
    )


@message("planning.pacing")
def _pacing(f: Facts, t: Format) -> str:
    return (
        f"{_choose(f)}: {t.count(f['questions'], 'question')} in {f['minutes']} minutes, about "
        f"{f['seconds']} seconds for each question. Move on when the time is up. Then write down "
        "where the time went."
    )


@message("planning.no-strand-resource")
def _no_strand(f: Facts, t: Format) -> str:
    if f["strand"] == "omm":
        return "You have nothing listed for OMM. Get a COMLEX question bank or an OMM review book."
    if f["strand"] == "ccs":
        return (
            "You have no CCS cases listed. Get a case bank. The official practice cases are free."
        )
    return "You have no CDM cases listed. Get a Level 3 bank that has them."


@message("planning.short-days")
def _short_days(f: Facts, t: Format) -> str:
    return (
        "No day has an hour for a whole block and its review, so blocks have "
        f"{f['questions']} questions. One free hour a week helps more."
    )


@message("planning.hours-free")
def _hours_free(f: Facts, t: Format) -> str:
    return (
        f"About {t.count(f['hours'], 'hour')} of your study time stays free: nothing is left to "
        "study from. Add another question bank to use it."
    )


@message("planning.review-short")
def _review_short(f: Facts, t: Format) -> str:
    spent = t.duration(f["minutes"]) if f["minutes"] else "no time"
    return (
        f"The days after your practice test on {t.day(f['date'])} leave {spent} for its review. "
        f"It needs {t.duration(f['wanted'])}. A free evening that week would help most."
    )


@message("planning.longest-day")
def _longest_day(f: Facts, t: Format) -> str:
    return f"No day is planned beyond {f['hours']:g} hours. Longer days cost sleep."


@message("planning.prescribed")
def _prescribed(f: Facts, t: Format) -> str:
    return f"{str(f['parameter']).replace('_', ' ')}: {f['why']}"


@message("planning.pinned-overlap")
def _pinned_overlap(f: Facts, t: Format) -> str:
    return (
        f"Two pinned sessions overlap on {t.day(f['date'])} at {t.clock(f['start'])}. Move one to "
        "give each its own hour."
    )


@message("planning.pinned-on-free-day")
def _pinned_free_day(f: Facts, t: Format) -> str:
    kind = {"off": "a day off", "rest": "your day off of the week"}.get(f["role"], "without hours")
    return (
        f"{t.day(f['date'])} is {kind}, and you pinned a session there. It stays, and nothing else "
        "is planned on that day."
    )


@message("planning.pinned-beyond-day")
def _pinned_beyond(f: Facts, t: Format) -> str:
    return (
        f"What you pinned on {t.day(f['date'])} takes {t.duration(f['minutes'])}. Your day has "
        f"{t.duration(f['longest'])}. It stays, and nothing is added."
    )


@message("planning.pinned-outside")
def _pinned_outside(f: Facts, t: Format) -> str:
    where = "the exam day of this plan" if f["on_exam_day"] else "after the last day of this plan"
    return (
        f"You pinned a session on {t.day(f['date'])}, {where}. It stays in your data and comes "
        "back when a plan covers that day."
    )
