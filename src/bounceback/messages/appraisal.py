"""Sentences of Look back, help and support: codes that begin with ``appraisal.``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from bounceback.appraisal.text_tables import evidence
from bounceback.appraisal.triggers import HelpTrigger
from bounceback.messages.names import CAUSES, GROUPS, exam_name, fill, source_and_year, table
from bounceback.messages.registry import Facts, Format, Locale, message, render
from bounceback.reasons import Reason

CONFIDENCE: Final[Mapping[str, str]] = {
    "low": "Not sure yet",
    "medium": "Fairly sure",
    "high": "Sure",
}

LEVELS: Final[Mapping[str, str]] = {
    "mostly-solid": "Close",
    "wobbly": "Some gaps",
    "fundamental-gap": "Major gaps",
}
"""The three levels of the time guide."""


def say_all(parts: Iterable[Reason], locale: Locale | None = None) -> str:
    """Return several reasons as one paragraph."""
    return " ".join(filter(None, (render(part, locale) for part in parts)))


def message_text(offer: HelpTrigger, locale: Locale | None = None) -> str:
    """Return the whole draft of a message: the sentence that asks, then what it shows."""
    opening = render(offer.opening, locale)
    lines = "\n".join(f"- {render(line, locale)}" for line in offer.summary)
    return f"{opening}\n\n{lines}\n" if lines else f"{opening}\n"


def evidence_sentence(evidence_id: str | None) -> str:
    """Return the published finding behind a plan change, with source and year; "" for none."""
    return evidence(evidence_id).sentence if evidence_id else ""


def dimension_title(dimension: str) -> str:
    """Return a dimension's name: "Hours and rest"."""
    return str(table("dimensions")[dimension]["title"])


def _inside(title: str) -> str:
    """Return a title as it stands inside a sentence: "practice tests"."""
    return title[:1].lower() + title[1:]


def _hours(minutes: float) -> str:
    """Return minutes as hours in halves: "3½ hours"."""
    halves = round(minutes / 30)
    whole, half = divmod(halves, 2)
    number = f"{whole or ''}{'½' if half else ''}" or "0"
    return f"{number} hour" if halves in (1, 2) else f"{number} hours"


def _period(f: Facts, say: Format) -> str:
    first, last = f["first"], f["last"]
    if first == last:
        return f"on {say.day(first)}"
    return f"from {say.day(first)} to {say.day(last)}"


def _people(f: Facts, name: str) -> str:
    return str(table("people")[f["place"]][name])


def _test(f: Facts) -> str:
    return render(f["test"])


# --- fixed sentences ------------------------------------------------------------------------------

_FIXED: Final[Mapping[str, str]] = {
    "your-answer-only": "(Your answer only.)",
    "answer-and-log-differ": "Your answer and your log differ here. Which is closer?",
    "nothing-stands-out": "Nothing stands out so far.",
    "looking-at-it": "You're looking at it. That's the first step back.",
    "effort-long-days": "Your days were very long. Past a point, more hours add little.",
    "effort-long-days-last-block": "Your days were very long, and their last block earned least.",
    "effort-remembered-long-days": "You remember very long days before the exam.",
    "effort-rest": "Most weeks had no full day off.",
    "effort-rest-well": "Your weeks had a day off.",
    "effort-done": "The plan asked for more than your days could give. Smaller steps fit better.",
    "effort-done-well": "You did most of what was planned.",
    "effort-even": "Your days differ a lot in length. "
    "The same small start each day would even them out.",
    "weaknesses-time": "Your weakest areas got less time than their share of the exam.",
    "weaknesses-put-off-well": "You haven't left any weak area for long.",
    "resources-many": "You have more resources open than one plan can finish.",
    "resources-finished": "You opened a second question bank before finishing the first.",
    "resources-finished-well": "You worked from one question bank.",
    "assessment-used": "You studied for weeks without a practice test to guide you.",
    "assessment-baseline": "You haven't taken a practice test since your attempt. "
    "Until you do, we don't know your level.",
    "assessment-conditions": "You took practice tests under easier conditions than the exam's, "
    "so they tell us less.",
    "assessment-conditions-well": "You took your practice tests under exam conditions.",
    "assessment-adapted": "Your practice tests didn't change what you studied.",
    "assessment-adapted-well": "After practice tests, you changed what you studied.",
    "help-asked": "You carried these weeks alone.",
    "help-right-person": "You talk with people. Someone who can change the plan, the date or your "
    "access isn't among them yet.",
    "cards-use": "Cards took more than a quarter of your time. "
    "Questions teach more of what the exam asks.",
    "cards-retention": "You once knew much of what you now get wrong.",
    "cards-retention-well": "You keep most of what you learn.",
    "timeline-ahead": "Your date asks for more points a week than your practice tests have gained.",
    "timeline-ahead-well": "Your date fits the pace of your practice tests.",
    "timeline-on-what": "Your test date came before your practice tests supported it.",
    "timeline-last-test": "Your last practice test was too old to show your level on test day.",
    "timeline-last-test-well": "You took a practice test shortly before the exam.",
    "active-passive": "More than half of your time went to reading and watching.",
    "misconceptions-same-option": "You often get a question wrong because you learned it wrong: "
    "you pick the same option again.",
    "misconceptions-felt-sure": "You felt sure about many incorrects. "
    "That points to something learned wrong more than to a gap.",
    "calibration-too-high": "Your guesses before a practice test are higher than the results.",
    "calibration-too-low": "Your results are better than you expect.",
    "pacing-end-of-block": "You lose points at the end of a block, to the clock more than to "
    "knowledge.",
    "pacing-blank": "You left questions blank when time ran out. "
    "A guess on each earns some points.",
    "pacing-slow": "Many incorrects took longer than the exam gives a question. "
    "Other questions lost that time.",
    "pacing-hurried": "You rushed many incorrects, with time left to read to the last line.",
    "answer-changing": "Few of your changed answers ended right. "
    "Before the next change, name your reason for it.",
    "anxiety": "Test day gave less than your practice tests did. You can train for the day itself, "
    "and a clinician can help.",
    "sleep": "Your nights are short, and the weeks before an exam are the ones that count.",
    "mood": "These two weeks have been heavy. Support first, studying second. "
    "A lighter plan or a later date is a neutral choice.",
    "reading": "Without the clock you know more than the clock lets you show.",
    "same-plan": "Your new weeks repeat the weeks before the exam. Which two things will change?",
    "not-asked-who-chose": "We don't know yet who chose the date.",
    "no-attempt-to-compare": "We don't know yet: there's no earlier attempt to compare with.",
    "change-fewer-hours": "We planned fewer, clearer hours.",
    "change-lighter-load": "We cut the load by about a third.",
    "change-day-off": "One day in seven is a planned day off.",
    "change-shorter-sessions": "Sessions are short enough to start easily.",
    "change-short-ticked-sessions": "Short sessions that you mark done show where the hours go.",
    "change-same-start": "Each day starts with the same twenty questions.",
    "change-weakest-first": "Weakest areas come first.",
    "change-follow-newest-test": "Your time follows your newest practice test.",
    "change-one-subject-at-a-time": "You build up one subject at a time.",
    "change-no-new-resources": "One bank, one reference, one deck and one series of tests. "
    "A new one replaces an old one.",
    "change-tests-closer": "Practice tests come more often, starting with a short one.",
    "change-baseline-first": "A baseline comes first: timed, all in one go.",
    "change-one-unseen-test": "One more unused test, timed and all in one go.",
    "change-test-in-last-two-weeks": "One more full practice test in your last 2 weeks. "
    "Your date depends on it.",
    "change-guess-before-test": "One more practice test, with your guess written before it.",
    "change-rehearse-the-day": "One rehearsal of the whole day: place, breaks, timing.",
    "change-early-test": "An early practice test, so your plan can adapt.",
    "change-time-for-advisor": "Your week keeps half an hour free for your advisor.",
    "change-choose-date-together": "Your week keeps time to choose the date with your advisor.",
    "change-no-new-cards": "No new cards for now. That time goes to mixed questions.",
    "change-due-cards-first": "Due cards come first each day, and new ones come from your "
    "incorrects.",
    "change-questions-before-video": "Twenty questions first, then the video on what you missed.",
    "change-takeaways": "Ten new questions a day leave time for takeaways, "
    "which you see again after 2 and 7 days.",
    "change-read-to-the-end": "Fewer questions, each read to the last line before you answer.",
    "change-last-sentence-first": "Fewer questions: last sentence first, then the whole stem once.",
    "change-fit-between-duties": "Sessions are short enough to fit between other duties. "
    "Your longest free day stays whole for practice tests.",
    "change-screen-expired": "The short form covers two weeks. Answer it again if they're heavy.",
    "change-not-known-yet": "We don't know yet whether it helped. A few more days will tell.",
    "change-nothing-measured": "Nothing logged since then shows it yet. A few more days will tell.",
    "change-holds-while": "This stays while this is true.",
    "change-is-working": "It's working.",
    "states-may-count-fewer": "Some states allow fewer. Your advisor can check with you.",
    "screen-at-cut": "Your answers to the short form are at or above its published cutoff. "
    "No one else sees them.",
    "agenda-does-this-fit": "Does this change fit?",
    "agenda-what-would-you-change": "What would you change?",
    "agenda-test-date": "Test date",
    "agenda-which-rule": "What would make us move the date, and on which day do we look?",
    "exam-was-unfair": "Some of any exam is luck, and it's fair to say so. You can't change what "
    "comes up next time. You can change what you bring to it. Here's where to start.",
    "safe-right-now": "Are you safe right now? (yes / not sure / no)",
}


def _register_fixed() -> None:
    def writer(text: str) -> Callable[[Facts, Format], str]:
        return lambda f, say: text

    for name, text in _FIXED.items():
        message(f"appraisal.{name}")(writer(text))


_register_fixed()


# --- texts by id ----------------------------------------------------------------------------------


@message("appraisal.dimension-title")
def _dimension_title(f: Facts, say: Format) -> str:
    return dimension_title(f["dimension"])


def _question_row(f: Facts) -> dict[str, Any]:
    row: dict[str, Any] = table("dimensions")[f["dimension"]]
    part: dict[str, Any] = row["parts"][f["part"]] if f["part"] else row
    return part


@message("appraisal.question-statement")
def _question_statement(f: Facts, say: Format) -> str:
    row = _question_row(f)
    return str(row["statement"] if f["part"] else row["question"])


@message("appraisal.question-ask")
def _question_ask(f: Facts, say: Format) -> str:
    return str(_question_row(f)["ask"])


@message("appraisal.answer-low")
def _answer_low(f: Facts, say: Format) -> str:
    return str(table("dimensions")[f["dimension"]]["low"])


@message("appraisal.kept-well")
def _kept_well(f: Facts, say: Format) -> str:
    return str(table("dimensions")[f["dimension"]]["well"])


@message("appraisal.not-known-yet")
def _not_known_yet(f: Facts, say: Format) -> str:
    return f"{dimension_title(f['dimension'])}: we don't know yet."


@message("appraisal.your-answer")
def _your_answer(f: Facts, say: Format) -> str:
    text = f"“{_question_statement(f, say)}” ({f['answer']} of 5)."
    return f"{text} You wrote: “{f['note']}”" if f["note"] else text


@message("appraisal.first-page-new")
def _first_page_new(f: Facts, say: Format) -> str:
    return str(table("first_page")["opening"]["new"])


@message("appraisal.first-page-later")
def _first_page_later(f: Facts, say: Format) -> str:
    return str(table("first_page")["opening"]["later"])


@message("appraisal.fear-name")
def _fear_name(f: Facts, say: Format) -> str:
    return fill(table("first_page")["fear"][f["fear"]]["name"], f["place"])


@message("appraisal.fear-unknown")
def _fear_unknown(f: Facts, say: Format) -> str:
    return fill(table("first_page")["fear"][f["fear"]]["unknown"], f["place"])


@message("appraisal.fear-ask")
def _fear_ask(f: Facts, say: Format) -> str:
    return fill(table("first_page")["fear"][f["fear"]]["ask"], f["place"])


@message("appraisal.first-step")
def _first_step(f: Facts, say: Format) -> str:
    return fill(table("first_page")[f["list"]][f["number"]]["do"], f["place"])


@message("appraisal.first-step-who")
def _first_step_who(f: Facts, say: Format) -> str:
    return fill(table("first_page")[f["list"]][f["number"]]["who"], f["place"])


@message("appraisal.trigger-title")
def _trigger_title(f: Facts, say: Format) -> str:
    return str(table("triggers")[f["trigger"]]["title"])


@message("appraisal.trigger-offer")
def _trigger_offer(f: Facts, say: Format) -> str:
    return fill(table("triggers")[f["trigger"]]["offer"], f["place"])


@message("appraisal.trigger-to")
def _trigger_to(f: Facts, say: Format) -> str:
    return fill(table("triggers")[f["trigger"]]["to"], f["place"])


@message("appraisal.trigger-opening")
def _trigger_opening(f: Facts, say: Format) -> str:
    return fill(table("triggers")[f["trigger"]]["opening"], f["place"])


@message("appraisal.trigger-subject")
def _trigger_subject(f: Facts, say: Format) -> str:
    if f["is_private"]:
        return "An appointment"
    return f"{exam_name(f['exam'])}: {_trigger_title(f, say).lower()}"


@message("appraisal.your-reason")
def _your_reason(f: Facts, say: Format) -> str:
    return str(table("reason")["moments"][f["moment"]])


@message("appraisal.your-reason-invite")
def _your_reason_invite(f: Facts, say: Format) -> str:
    return str(table("reason")["invite"])


@message("appraisal.reflection")
def _reflection(f: Facts, say: Format) -> str:
    return str(table("reason")["reflection"][f["number"]]["ask"])


@message("appraisal.support-opening")
def _support_opening(f: Facts, say: Format) -> str:
    return str(table("support")["card"]["opening"])


@message("appraisal.support-safe")
def _support_safe(f: Facts, say: Format) -> str:
    return str(table("support")["card"]["safe"])


@message("appraisal.support-urgent")
def _support_urgent(f: Facts, say: Format) -> str:
    return str(table("support")["card"]["urgent"])


@message("appraisal.support-moment")
def _support_moment(f: Facts, say: Format) -> str:
    return str(table("support")["moments"][f["moment"]])


@message("appraisal.screen-positive")
def _screen_positive(f: Facts, say: Format) -> str:
    return str(table("support")["screen"]["positive"])


@message("appraisal.screen-negative")
def _screen_negative(f: Facts, say: Format) -> str:
    return str(table("support")["screen"]["negative"])


@message("appraisal.screen-sum")
def _screen_sum(f: Facts, say: Format) -> str:
    return f"Your answers add up to {f['score']} of {f['highest']}."


# --- findings with facts --------------------------------------------------------------------------


@message("appraisal.log-reads-otherwise")
def _log_reads_otherwise(f: Facts, say: Format) -> str:
    return f"Your log shows something else. {render(f['measured'], say.locale)} Which is closer?"


@message("appraisal.changed-since-attempt")
def _changed_since_attempt(f: Facts, say: Format) -> str:
    return f"This has changed since your attempt. Before: {render(f['before'], say.locale)}"


@message("appraisal.remembered-hours")
def _remembered_hours(f: Facts, say: Format) -> str:
    return f"You remember about {_hours(f['minutes'])} a day before the exam."


@message("appraisal.effort-remembered-other-hours")
def _remembered_other_hours(f: Facts, say: Format) -> str:
    return (
        f"You remember about {_hours(f['remembered_minutes'])} a day. "
        f"Your log shows about {_hours(f['logged_minutes'])}. Which is closer?"
    )


@message("appraisal.weaknesses-put-off")
def _put_off(f: Facts, say: Format) -> str:
    return f"You kept putting off {f['area'] or 'a weak area'}."


@message("appraisal.change-start-with-area")
def _start_with_area(f: Facts, say: Format) -> str:
    return f"Tomorrow starts with 25 minutes of {f['area'] or 'your weakest area'}."


@message("appraisal.change-hours-cap")
def _hours_cap(f: Facts, say: Format) -> str:
    return f"Study ends after {f['hours']:g} hours a day."


@message("appraisal.change-weak-floor")
def _weak_floor(f: Facts, say: Format) -> str:
    return f"At least {round(f['share'] * 10)} in 10 hours go to your weakest third of areas."


@message("appraisal.change-timed-blocks")
def _timed_blocks(f: Facts, say: Format) -> str:
    return f"{f['blocks']} timed blocks in a row, then their review."


@message("appraisal.change-blocks-at-pace")
def _blocks_at_pace(f: Facts, say: Format) -> str:
    return (
        f"{f['blocks']} blocks in a row at the exam's pace ({f['items']} questions in "
        f"{f['minutes']:g} minutes), then their review."
    )


@message("appraisal.change-latest-hour")
def _latest_hour(f: Facts, say: Format) -> str:
    from datetime import time

    return f"Nothing is planned after {say.clock(time(f['hour'] % 24))}."


@message("appraisal.reading-accommodations")
def _accommodations(f: Facts, say: Format) -> str:
    return (
        f"Ask your {_people(f, 'place')} about accommodations before you set a date. "
        "A reading specialist can look at the cause."
    )


@message("appraisal.foundation")
def _foundation(f: Facts, say: Format) -> str:
    return (
        "Several areas need building up before mixed questions can help, one subject at a time, "
        f"with help from your {_people(f, 'place')}. The date follows from your next practice test."
    )


@message("appraisal.life-load")
def _life_load(f: Facts, say: Format) -> str:
    return (
        "Life asks for many of the hours a retake needs. We plan only the free ones. "
        f"A {_people(f, 'head')} can tell you what leave or lighter duties are possible."
    )


@message("appraisal.what-stands-out")
def _what_stands_out(f: Facts, say: Format) -> str:
    first, *others = (dimension_title(d) for d in f["dimensions"])
    sure = {"low": "not sure yet", "medium": "fairly sure", "high": "sure"}[f["confidence"]]
    text = f"What stands out most: {_inside(first)}. We're {sure} of that one."
    if others:
        text += f" Less sure: {say.listing([_inside(name) for name in others])}."
    return text


@message("appraisal.unknown-questions")
def _unknown_questions(f: Facts, say: Format) -> str:
    return f"On {f['unknown']} of {f['of']} points we don't know yet."


@message("appraisal.tell-someone-today")
def _tell_today(f: Facts, say: Format) -> str:
    return (
        "Someone you trust, today. Then a clinician or your "
        f"{_people(f, 'place')}'s counseling service."
    )


@message("appraisal.tell-again")
def _tell_again(f: Facts, say: Format) -> str:
    return f"Your {f['who']}. You last met on {say.day(f['on'])}."


@message("appraisal.tell-advisor")
def _tell_advisor(f: Facts, say: Format) -> str:
    return f"Your advisor at your {_people(f, 'place')}."


# --- what was measured ----------------------------------------------------------------------------

_NEEDED: Final[Mapping[str, str]] = {
    "study-days": "days of logged study",
    "days": "days of logged study",
    "days-with-area": "days with an area logged",
    "days-no-weak-area-known": "days of logged study, and we don't know a weak area yet",
    "days-areas-unclear": "days with clear areas",
    "days-before-and-after-attempt": "days logged before and after your attempt",
    "decks-with-due-cards": "decks with due cards",
    "failed-attempts": "failed attempts",
    "questions-with-area": "questions with an area",
    "missed-with-seconds": "incorrects with their time",
    "missed-again": "questions you missed again",
    "missed-with-cause": "incorrects with a cause",
    "missed-with-confidence": "incorrects with a confidence",
    "guesses": "guesses before a practice test",
    "tests-before-attempt": "practice tests before it",
    "practice-tests": "practice tests",
    "published-pace": "published paces for this exam",
    "banks-with-size": "question banks with their size",
    "questions-timed-and-tutor": "questions both timed and untimed",
    "questions-on-two-block-days": "questions on days with two blocks",
    "questions-with-trace": "timed questions with their place and time",
    "questions-with-answers": "questions with their answers",
    "reports-with-score-or-distance": "reports with a score or a distance",
    "reports-with-chance": "reports with a printed chance",
    "resources-listed": "resources entered",
    "sessions-marked-done": "sessions marked done",
    "screens-in-two-weeks": "short forms in two weeks",
    "attempts-or-tests": "attempts or practice tests",
    "attempts-with-scale": "attempts with a published scale",
    "attempts-with-score": "attempts with a reported score",
    "tests-of-one-kind": "practice tests of one kind",
    "tests-of-one-kind-and-date": "practice tests of one kind, with a test date",
    "tests-on-exam-scale": "practice tests that convert to the exam's scale",
    "tests-just-before-attempt": "practice tests in the two weeks before",
    "tests-with-logged-weeks": "practice tests with a logged week before and after",
    "weeks-of-study-hours": "weeks of study hours",
    "days-with-check-in": "days with a check-in",
    "nights": "nights of sleep",
    "changes": "changed answers",
}


@message("appraisal.too-few")
def _too_few(f: Facts, say: Format) -> str:
    return f"{f['n']} so far, and we need {f['need']} {_NEEDED[f['what']]} to tell."


@message("appraisal.no-test-on-exam-scale")
def _no_test_on_scale(f: Facts, say: Format) -> str:
    return (
        f"{say.count(f['tests'], 'practice test')} so far, none that converts to the exam's scale."
    )


@message("appraisal.measured-hours")
def _measured_hours(f: Facts, say: Format) -> str:
    return f"About {_hours(f['minutes'])} a day on {f['days']} days, {_period(f, say)}."


@message("appraisal.measured-days-off")
def _measured_days_off(f: Facts, say: Format) -> str:
    return f"{f['free']} of {f['days']} days were free of study, {_period(f, say)}."


@message("appraisal.measured-late-day-drop")
def _measured_late_day_drop(f: Facts, say: Format) -> str:
    return (
        f"On {say.count(f['days'], 'day')} with two blocks, {say.people(f['first'])} answers were "
        f"right in the first and {say.people(f['last'])} in the last ({f['items']} questions)."
    )


@message("appraisal.measured-daily-variation")
def _measured_daily_variation(f: Facts, say: Format) -> str:
    return (
        f"Your days range from {_hours(f['low_minutes'])} to {_hours(f['high_minutes'])} "
        f"({f['days']} days, {_period(f, say)})."
    )


@message("appraisal.measured-done-share")
def _measured_done_share(f: Facts, say: Format) -> str:
    return (
        f"You did {_hours(f['done_minutes'])} of {_hours(f['planned_minutes'])} planned in "
        f"{say.count(f['sessions'], 'session')}, {_period(f, say)}."
    )


@message("appraisal.measured-weak-share")
def _measured_weak_share(f: Facts, say: Format) -> str:
    return (
        f"Your weakest areas ({', '.join(f['areas'])}) hold about {say.people(f['fair'])} exam "
        f"questions and got about {say.people(f['spent'])} hours ({_hours(f['minutes'])} on "
        f"{f['days']} days, {_period(f, say)})."
    )


@message("appraisal.measured-untouched")
def _measured_untouched(f: Facts, say: Format) -> str:
    return f"You last studied {f['area']} {f['days']} days before {say.day(f['last'])}."


@message("appraisal.measured-never-studied")
def _measured_never_studied(f: Facts, say: Format) -> str:
    return f"You didn't log {f['area']} in the {f['days']} days up to {say.day(f['last'])}."


@message("appraisal.measured-resources")
def _measured_resources(f: Facts, say: Format) -> str:
    if not f["names"]:
        return "You haven't started a resource yet."
    return f"{say.count(len(f['names']), 'resource')} started: {say.listing(f['names'])}."


@message("appraisal.measured-banks")
def _measured_banks(f: Facts, say: Format) -> str:
    text = f"{f['name']}: {f['done']:,} of {f['units']:,} questions done"
    return (
        f"{text}, with {say.count(f['others'], 'more bank')} open." if f["others"] else f"{text}."
    )


@message("appraisal.measured-test-gap")
def _measured_test_gap(f: Facts, say: Format) -> str:
    text = (
        f"{say.count(f['tests'], 'practice test')} in the {f['days']} days up to "
        f"{say.day(f['until'])}"
    )
    if f["newest"]:
        text += f", the last on {say.day(f['newest'])}"
    left = say.count(f["left"], "practice test") if f["left"] else "no practice tests"
    return f"{text}. You have {left} left."


@message("appraisal.measured-tests-since-attempt")
def _measured_tests_since(f: Facts, say: Format) -> str:
    return (
        f"{say.count(f['tests'], 'practice test')} since your attempt on {say.day(f['attempt'])}."
    )


@message("appraisal.measured-test-conditions")
def _measured_conditions(f: Facts, say: Format) -> str:
    counts = [
        f"{f[key]} {word}"
        for key, word in (
            ("untimed", "untimed"),
            ("interrupted", "interrupted"),
            ("repeated", "taken before"),
        )
        if f[key]
    ]
    how = say.listing(counts) if counts else "all under exam conditions"
    return f"{say.count(f['tests'], 'practice test')}: {how} ({_period(f, say)})."


@message("appraisal.measured-change-after-tests")
def _measured_change(f: Facts, say: Format) -> str:
    return (
        f"After {say.count(f['tests'], 'practice test')}, about {say.people(f['share'])} hours "
        f"went to other areas than the week before ({_period(f, say)})."
    )


def _contact(f: Facts) -> str:
    return (
        "someone who can change the plan, the date or your access"
        if f["can_change_things"]
        else "someone"
    )


@message("appraisal.measured-last-contact")
def _measured_last_contact(f: Facts, say: Format) -> str:
    return (
        f"You last talked with {_contact(f)} ({f['who']}) on {say.day(f['on'])}, "
        f"{f['days']} days before."
    )


@message("appraisal.measured-no-contact")
def _measured_no_contact(f: Facts, say: Format) -> str:
    return (
        f"You didn't log a talk with {_contact(f)} in the {f['days']} days up to "
        f"{say.day(f['until'])}."
    )


@message("appraisal.measured-cards-share")
def _measured_cards(f: Facts, say: Format) -> str:
    return (
        f"Cards took {_hours(f['cards_minutes'])} of {_hours(f['minutes'])} on {f['days']} days, "
        f"{_period(f, say)}."
    )


@message("appraisal.measured-due-cards")
def _measured_due_cards(f: Facts, say: Format) -> str:
    return (
        f"{f['cards']:,} cards are due each day: about {_hours(f['minutes'])} of "
        f"{_hours(f['of_minutes'])} on a typical day."
    )


@message("appraisal.measured-last-test")
def _measured_last_test(f: Facts, say: Format) -> str:
    return (
        f"Your last practice test was {f['days']} days before the exam ({_test(f)}, "
        f"{say.day(f['on'])})."
    )


@message("appraisal.measured-printed-chance", number=True)
def _measured_printed_chance(f: Facts, say: Format) -> str:
    return (
        f"{_test(f)}, on {say.day(f['on'])}, put your chance of passing within a week at about "
        f"{say.people(f['chance'])}."
    )


@message("appraisal.measured-gain", number=True)
def _measured_gain(f: Facts, say: Format) -> str:
    return (
        f"{_test(f)}: {f['first']:g} on {say.day(f['first_on'])}, {f['last']:g} on "
        f"{say.day(f['last_on'])}."
    )


@message("appraisal.measured-pace-to-date", number=True)
def _measured_pace(f: Facts, say: Format) -> str:
    return (
        f"To reach the passing score by {say.day(f['planned'])}, you'd need about "
        f"{f['need']:.1f} points on {_test(f)} a week. Your practice tests gained "
        f"{f['gain']:.1f} a week. {render(f['detail'], say.locale)}"
    )


@message("appraisal.measured-active-share")
def _measured_active(f: Facts, say: Format) -> str:
    return (
        f"{_hours(f['active_minutes'])} of answering and reviewing, "
        f"{_hours(f['passive_minutes'])} of reading and watching on {f['days']} days, "
        f"{_period(f, say)}."
    )


@message("appraisal.measured-same-wrong")
def _measured_same_wrong(f: Facts, say: Format) -> str:
    return (
        f"Of {f['repeats']} questions you missed again, {f['same']} got the same wrong option "
        f"({_period(f, say)})."
    )


@message("appraisal.measured-felt-sure")
def _measured_sure(f: Facts, say: Format) -> str:
    return f"You felt sure about {f['sure']} of {f['n']} incorrects, {_period(f, say)}."


@message("appraisal.measured-guesses", number=True)
def _measured_guesses(f: Facts, say: Format) -> str:
    pairs = ", ".join(f"{guess:g} guessed and {score:g} scored" for guess, score in f["pairs"])
    return f"{say.count(len(f['pairs']), 'guess', 'guesses')}: {pairs} ({_period(f, say)})."


@message("appraisal.measured-block-quarters")
def _measured_quarters(f: Facts, say: Format) -> str:
    return (
        f"In {say.count(f['blocks'], 'timed block')}, {f['first_right']} of {f['first_items']} "
        f"were right in the first quarter and {f['last_right']} of {f['last_items']} in the last "
        f"({_period(f, say)})."
    )


@message("appraisal.measured-blank")
def _measured_blank(f: Facts, say: Format) -> str:
    return (
        f"You left {f['blank']} of {f['items']} questions blank in "
        f"{say.count(f['blocks'], 'timed block')}, {_period(f, say)}."
    )


@message("appraisal.measured-hurried")
def _measured_hurried(f: Facts, say: Format) -> str:
    return (
        f"{f['misses']} of {f['n']} incorrects took under {f['seconds']:.0f} seconds. The exam "
        f"gives {f['pace']:.0f} ({_period(f, say)})."
    )


@message("appraisal.measured-slow")
def _measured_slow(f: Facts, say: Format) -> str:
    return (
        f"{f['misses']} of {f['n']} incorrects took over {f['seconds']:.0f} seconds. The exam "
        f"gives {f['pace']:.0f} ({_period(f, say)})."
    )


@message("appraisal.measured-answer-changes")
def _measured_answer_changes(f: Facts, say: Format) -> str:
    return (
        f"Of {f['n']} changed answers, {f['right']} ended right. We can't tell how many of the "
        f"other {f['n'] - f['right']} started right ({_period(f, say)})."
    )


@message("appraisal.measured-practice-against-attempt", number=True)
def _measured_practice_gap(f: Facts, say: Format) -> str:
    return (
        f"{say.count(f['tests'], 'practice test')} in the two weeks before averaged "
        f"{f['mean']:.0f}. Your attempt on {say.day(f['attempt'])} gave {f['score']:g}."
    )


@message("appraisal.measured-sleep")
def _measured_sleep(f: Facts, say: Format) -> str:
    return (
        f"{f['hours']:.1f} hours of sleep on average over {f['nights']} nights, {_period(f, say)}."
    )


@message("appraisal.measured-phq2")
def _measured_phq2(f: Facts, say: Format) -> str:
    return f"Your answers on {say.day(f['on'])} add up to {f['score']} of 6."


def _timing(f: Facts) -> str:
    return (
        f"Untimed {f['untimed_right']} of {f['untimed_items']} right, timed {f['timed_right']} of "
        f"{f['timed_items']}"
    )


@message("appraisal.measured-timing-both-low")
def _measured_timing_low(f: Facts, say: Format) -> str:
    return f"{_timing(f)}. Knowledge comes first, then pace."


@message("appraisal.measured-timing-gap")
def _measured_timing_gap(f: Facts, say: Format) -> str:
    return f"{_timing(f)} ({_period(f, say)})."


def _one_level_lower(f: Facts) -> str:
    return (
        " We count an untimed test or a second failed attempt one level lower "
        "(a tutoring company's rule of thumb)."
        if f["one_level_lower"]
        else ""
    )


def _side(points: float) -> str:
    return f"about {abs(points):.0f} points {'below' if points > 0 else 'above'} the passing score"


@message("appraisal.measured-test-below-passing", number=True)
def _measured_below(f: Facts, say: Format) -> str:
    return (
        f"{_test(f)} on {say.day(f['on'])}: {f['score']:g}, {_side(f['points'])} on the exam's "
        f"scale.{_one_level_lower(f)}"
    )


@message("appraisal.measured-newest-test", number=True)
def _measured_newest(f: Facts, say: Format) -> str:
    return (
        f"{_test(f)} on {say.day(f['on'])} gave {f['score']:g}, {_side(f['points'])} on the exam's "
        "scale."
    )


@message("appraisal.measured-attempt-score", number=True)
def _measured_attempt(f: Facts, say: Format) -> str:
    return (
        f"Your attempt on {say.day(f['attempt'])} gave {f['score']:g}. The passing score was "
        f"{f['passing']:g}.{_one_level_lower(f)}"
    )


@message("appraisal.measured-attempt-distance", number=True)
def _measured_distance(f: Facts, say: Format) -> str:
    far = {"near": "close to", "moderate": "some way below", "far": "far below"}[f["distance"]]
    return (
        f"The graph on your {say.day(f['attempt'])} report puts you {far} the passing score."
        f"{_one_level_lower(f)}"
    )


@message("appraisal.measured-low-areas")
def _measured_low_areas(f: Facts, say: Format) -> str:
    text = f"{len(f['low'])} of {f['areas']} areas are below 40% correct ({f['items']} questions)"
    return f"{text}: {say.listing(f['low'])}." if f["low"] else f"{text}."


@message("appraisal.measured-free-hours")
def _measured_free(f: Facts, say: Format) -> str:
    return (
        f"The next four weeks hold {_hours(f['net_minutes'])} a week after commitments and days "
        f"off, {_hours(f['gross_minutes'])} before."
    )


@message("appraisal.measured-plan-likeness")
def _measured_likeness(f: Facts, say: Format) -> str:
    since = "planned" if f["planned"] else "logged"
    verdict = "much the same hours, activities, areas and tests" if f["same"] else "they differ"
    return (
        f"{f['before_days']} days before your attempt and {f['since_days']} days {since} since: "
        f"{verdict}."
    )


@message("appraisal.measured-cause")
def _measured_cause(f: Facts, say: Format) -> str:
    return f"{f['k']} of {f['n']} incorrects are marked “{CAUSES[f['cause']]}”, {_period(f, say)}."


# --- reviews of plan changes ----------------------------------------------------------------------


@message("appraisal.change-stays")
def _change_stays(f: Facts, say: Format) -> str:
    return f"Day {f['day']} of {f['of']}. It stays for now."


@message("appraisal.change-has-not-moved")
def _change_has_not_moved(f: Facts, say: Format) -> str:
    return f"Since {say.day(f['since'])} it hasn't moved."


# --- trends, reports, lookback --------------------------------------------------------------------


def _cause_counts(f: Facts, say: Format) -> str:
    name = " or ".join(CAUSES[c] for c in f["causes"])
    return (
        f"“{name}” was the cause of {f['before'][0]} of {f['before'][1]} incorrects before "
        f"{say.day(f['since'])} and of {f['after'][0]} of {f['after'][1]} since."
    )


@message("appraisal.cause-has-fallen")
def _cause_has_fallen(f: Facts, say: Format) -> str:
    one = round(100 * f["alpha"])
    return (
        f"{_cause_counts(f, say)} Its share has fallen. Of 100 people whose share had not fallen, "
        f"at most {one} would ever read this, however often they look. Over all "
        f"{f['all_causes']} causes, at most {one * f['all_causes']} would."
    )


@message("appraisal.cause-too-early")
def _cause_too_early(f: Facts, say: Format) -> str:
    return (
        f"{_cause_counts(f, say)} It's too soon to say whether its share has fallen. "
        "More logged incorrects will tell."
    )


def _report_line(f: Facts, close: str) -> str:
    official = "says nothing" if f["official"] is None else f"says {f['official']}"
    practice = (
        f"your practice tests say {f['practice']} ({f['correct']:.0f} of {f['items']})"
        if f["practice"] is not None
        else "your practice tests have too few questions"
    )
    text = f"{f['area']}: your score report {official}, {practice}. {close}"
    return (
        text
        if f["is_sure"]
        else f"{text} The category had another name or size, so we're less sure."
    )


@message("appraisal.reports-act")
def _reports_act(f: Facts, say: Format) -> str:
    return _report_line(f, "Both agree, so this area comes first.")


@message("appraisal.reports-look-again")
def _reports_look_again(f: Facts, say: Format) -> str:
    return _report_line(f, "They differ. Look again after your next practice test.")


@message("appraisal.reports-hold")
def _reports_hold(f: Facts, say: Format) -> str:
    return _report_line(f, "Keep it as it is.")


@message("appraisal.reports-one-sided")
def _reports_one_sided(f: Facts, say: Format) -> str:
    return _report_line(f, "Your next practice test will tell.")


@message("appraisal.reports-summary")
def _reports_summary(f: Facts, say: Format) -> str:
    act = (
        f"{say.count(len(f['act']), 'area')} lower in both: {say.listing(f['act'])}."
        if f["act"]
        else "No area is lower in both."
    )
    again = (
        f"{say.count(len(f['look_again']), 'area')} to look at again: "
        f"{say.listing(f['look_again'])}."
        if f["look_again"]
        else "None to look at again."
    )
    return f"{act} {again}"


@message("appraisal.reports-compared")
def _reports_compared(f: Facts, say: Format) -> str:
    return f"Score report of {say.day(f['attempt'])} and {say.count(f['tests'], 'practice test')}."


@message("appraisal.decided-to-test")
def _decided_to_test(f: Facts, say: Format) -> str:
    return f"To test on {say.day(f['on'])}."


@message("appraisal.decided-agreement")
def _decided_agreement(f: Facts, say: Format) -> str:
    return f"What you agreed for {say.day(f['on'])}: “{f['rule']}”."


@message("appraisal.decided-in-meeting")
def _decided_in_meeting(f: Facts, say: Format) -> str:
    return f"On {say.day(f['on'])}, with your {f['who']}: “{f['agreed']}”."


# --- help and support -----------------------------------------------------------------------------


@message("appraisal.attempts-used-up")
def _attempts_used_up(f: Facts, say: Format) -> str:
    return (
        f"You've used {say.count(f['used'], 'attempt')} at this exam, as many as the board allows. "
        "Only the board can make an exception."
    )


@message("appraisal.next-attempt-number")
def _next_attempt(f: Facts, say: Format) -> str:
    return (
        f"You've used {say.count(f['used'], 'attempt')} at this exam. The next would be number "
        f"{f['used'] + 1}, where waiting times and limits change."
    )


@message("appraisal.low-estimate-below-passing", number=True)
def _low_estimate(f: Facts, say: Format) -> str:
    return (
        f"On {say.day(f['on'])}, the day you agreed on, your low estimate is about "
        f"{f['points']:.0f} points below the passing score on the exam's scale."
    )


@message("appraisal.your-agreement")
def _your_agreement(f: Facts, say: Format) -> str:
    return f"Your agreement: “{f['rule']}”."


@message("appraisal.tests-level", number=True)
def _tests_level(f: Facts, say: Format) -> str:
    scores = ", ".join(f"{s:g}" for s in f["scores"])
    return (
        f"{say.count(len(f['scores']), 'practice test')} of one kind in a row ({_test(f)}): "
        f"{scores}, {_period(f, say)}."
    )


@message("appraisal.tests-put-off")
def _tests_put_off(f: Facts, say: Format) -> str:
    return (
        f"{say.count(f['tests'], 'planned practice test')} moved to a later day, the last on "
        f"{say.day(f['newest'])}."
    )


@message("appraisal.days-without-study")
def _days_without(f: Facts, say: Format) -> str:
    return (
        f"{say.count(f['days'], 'planned day')} went differently, starting {say.day(f['first'])}."
    )


@message("appraisal.level-by-the-guide")
def _level_by_guide(f: Facts, say: Format) -> str:
    return (
        f"A tutoring company's rule of thumb calls your baseline “{LEVELS[f['level']]}”. "
        "Your forecast is the better guide."
    )


@message("appraisal.summary-attempts")
def _summary_attempts(f: Facts, say: Format) -> str:
    days = ", ".join(say.day(d, year=True) for d in f["dates"])
    return f"{exam_name(f['exam'])}, attempts so far: {len(f['dates'])} ({days})."


@message("appraisal.summary-planned-date")
def _summary_date(f: Facts, say: Format) -> str:
    return f"Test date: {say.day(f['on'], year=True)}."


@message("appraisal.summary-test", number=True)
def _summary_test(f: Facts, say: Format) -> str:
    score = "no score" if f["score"] is None else f"{f['score']:g}"
    timed = "" if f["timed"] else ", untimed"
    return f"{_test(f)}, {say.day(f['on'], year=True)}: {score}{timed}."


@message("appraisal.summary-tests-left")
def _summary_left(f: Facts, say: Format) -> str:
    return f"Practice tests left: {f['tests']}."


@message("appraisal.day-too-long")
def _day_too_long(f: Facts, say: Format) -> str:
    return (
        f"We don't plan a day of {f['hours']:g} hours. The longest is {f['longest']:g}. Past that, "
        "an hour adds little and costs you the next day (our own limit)."
    )


@message("appraisal.night-too-short")
def _night_too_short(f: Facts, say: Format) -> str:
    return (
        f"We don't plan a night of {f['hours']:g} hours. We keep {f['least']:g} free. Sleep in the "
        "weeks before an exam counts (Okano and others, npj Science of Learning, 2019)."
    )


@message("appraisal.welcome-back")
def _welcome_back(f: Facts, say: Format) -> str:
    return (
        f"Welcome back. Your last entry was {f['days']} days ago, on {say.day(f['last'])}. "
        "Your plan is up to date from today. Nothing is lost."
    )


# --- the first page -------------------------------------------------------------------------------


@message("appraisal.attempts-allowed")
def _attempts_allowed(f: Facts, say: Format) -> str:
    since = f" since {say.day(f['since'], year=True)}" if isinstance(f["since"], date) else ""
    return (
        f"The board allows {f['most']} attempts at this exam{since} "
        f"({source_and_year(f['source'])}). You've used {f['used']}."
    )


@message("appraisal.ask-board-for-exception")
def _ask_board(f: Facts, say: Format) -> str:
    return (
        "Only the board can say whether an exception is possible. Ask together with your "
        f"{_people(f, 'head')} before you conclude anything."
    )


@message("appraisal.graduated-after-step-2")
def _graduated_after(f: Facts, say: Format) -> str:
    return (
        f"Of {f['n']:,} US MD students who failed Step 1 and then passed Step 2 CK on the first "
        f"attempt, {f['k']:,} graduated (students who began 1993 to 2000, "
        f"{source_and_year(f['source'])}). The data are old, and the next exam was up to them."
    )


@message("appraisal.graduated")
def _graduated(f: Facts, say: Format) -> str:
    return (
        f"Of {f['n']:,} US MD students who failed Step 1 at first, {f['k']:,} graduated (students "
        f"who began 1993 to 2000, {source_and_year(f['source'])})."
    )


@message("appraisal.repeat-rate")
def _repeat_rate(f: Facts, say: Format) -> str:
    count = f"{f['attempts']:,} " if f["attempts"] else ""
    return (
        f"Of {count}repeat attempts by {GROUPS[f['group']]} in {f['period']}, "
        f"{round(f['percent'])}% passed ({source_and_year(f['source'])}). That counts attempts, "
        "not people."
    )


@message("appraisal.not-alone-unknown")
def _not_alone_unknown(f: Facts, say: Format) -> str:
    return (
        f"No one publishes how many {GROUPS[f['group']]} got the same result on "
        f"{exam_name(f['exam'])}. Others have. Ask your advisor, who may know some of them."
    )


@message("appraisal.not-alone-share")
def _not_alone_share(f: Facts, say: Format) -> str:
    return (
        f"In {f['period']}, about {f['of_hundred']}% of first attempts at {exam_name(f['exam'])} "
        f"by {GROUPS[f['group']]} ended like yours ({source_and_year(f['source'])})."
    )


@message("appraisal.not-alone-count")
def _not_alone_count(f: Facts, say: Format) -> str:
    return (
        f"In {f['period']}, between {f['low']:,} and {f['high']:,} of {f['attempts']:,} first "
        f"attempts at {exam_name(f['exam'])} by {GROUPS[f['group']]} ended like yours "
        f"({source_and_year(f['source'])}). You are not alone."
    )
