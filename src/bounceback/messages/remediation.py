"""Sentences of the next steps: what to do, with whom, why, and what the checkpoint test means."""

from __future__ import annotations

from bounceback.appraisal.contacts import HEADS
from bounceback.messages.appraisal import evidence_sentence
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Facts, Format, message, render
from bounceback.reasons import Reason


def with_person(who: Reason) -> str:
    """Return who a step is done with, for a sentence: "with your advisor", "you, with a tutor"."""
    said = render(who)
    return said if who.facts.get("own") else f"with {said}"


def _test(f: Facts) -> str:
    return practice_test_name(f["family"], f["form"], f["exam"])


def _score(f: Facts) -> str:
    return f"{f['score']:g}{'%' if f['percent'] else ''}"


# With whom ----------------------------------------------------------------------------------------


@message("remediation.advisor-or-specialist")
def _advisor(f: Facts, t: Format) -> str:
    return f"your advisor, or a learning specialist at your {f['place']}"


@message("remediation.disability-office")
def _office(f: Facts, t: Format) -> str:
    return f"the disability or student services office at your {f['place']}"


@message("remediation.you-and-tutor")
def _tutor(f: Facts, t: Format) -> str:
    return f"you, with a tutor or your {f['place']}'s course, if there is one"


@message("remediation.you")
def _you(f: Facts, t: Format) -> str:
    return "you"


@message("remediation.head-or-advisor")
def _head(f: Facts, t: Format) -> str:
    return f"your {HEADS[f['place']]} or advisor"


@message("remediation.board")
def _board(f: Facts, t: Format) -> str:
    return "the board"


# Steps --------------------------------------------------------------------------------------------


@message("remediation.talk")
def _talk(f: Facts, t: Format) -> str:
    return "Talk to one person who knows how you are really doing. Bring this page."


@message("remediation.talk-why")
def _talk_why(f: Facts, t: Format) -> str:
    return evidence_sentence(f["evidence"])


@message("remediation.accommodations")
def _accommodations(f: Facts, t: Format) -> str:
    if f["asked"]:
        return "Ask how far your application for accommodations is."
    return "Ask whether accommodations or a reading assessment would fit you."


@message("remediation.accommodations-why")
def _accommodations_why(f: Facts, t: Format) -> str:
    return (
        "Settle this before you set a date. Unfinished blocks can have causes that more study "
        "doesn't reach."
    )


@message("remediation.build-up")
def _build_up(f: Facts, t: Format) -> str:
    return (
        f"Build up {', '.join(f['areas'])}. For each: one chapter or video, then its questions, "
        "then your incorrects. Mixed blocks come after."
    )


@message("remediation.build-up-why")
def _build_up_why(f: Facts, t: Format) -> str:
    return "You can gain the most points here, by how much of the exam they are."


@message("remediation.test-on-the-way")
def _on_the_way(f: Facts, t: Format) -> str:
    name = practice_test_name(f["family"], f["form"])
    return f"Take {name}, timed." + (
        " It shows where you start." if f["role"] == "baseline" else ""
    )


@message("remediation.test-on-the-way-why")
def _on_the_way_why(f: Facts, t: Format) -> str:
    if f["role"] == "baseline":
        return "You need a number from before the work to see what it changed."
    return "It shows whether this works while there is time to change it."


@message("remediation.checkpoint")
def _checkpoint(f: Facts, t: Format) -> str:
    said = f"Take {_test(f)}, timed, in one go."
    free = f["minutes_to_free"]
    if free:
        said += f" It takes {t.duration(free)}, longer than any of your days. Free that day early."
    return said


@message("remediation.checkpoint-why")
def _checkpoint_why(f: Facts, t: Format) -> str:
    said = (
        f"This is your checkpoint test. {_score(f)} or higher is a little above the passing score: "
        "you can set a date."
    )
    weeks = f["weeks_from_first_log"]
    if weeks is not None:
        said += (
            f" You haven't logged anything lately, so the {t.count(weeks, 'week')} count from the "
            "first day you log."
        )
    return said


@message("remediation.what-follows")
def _what_follows(f: Facts, t: Format) -> str:
    low, high = f["weeks_low"], f["weeks_high"]
    return (
        f"With {_score(f)} or higher, set a test date {low:g} to {high:g} weeks later. Those weeks "
        f"are mixed, timed blocks. Below it, review {_test(f)} together and choose the next three "
        "subjects."
    )


@message("remediation.what-follows-why")
def _what_follows_why(f: Facts, t: Format) -> str:
    said = "You agree on what comes next before the result, not in the days after it."
    until = f["eligible_until"]
    if until is None:
        return said
    if f["too_late"]:
        return (
            f"{said} Your eligibility period ends on {t.day(until)}, before this test. Ask now for "
            "an extension or a new period."
        )
    return f"{said} Your eligibility period runs to {t.day(until)}."


# Where rules leave no date ------------------------------------------------------------------------


@message("remediation.passed")
def _passed(f: Facts, t: Format) -> str:
    return "Look at what comes next: the next exam, or the application."


@message("remediation.passed-why")
def _passed_why(f: Facts, t: Format) -> str:
    return "You passed this exam. It isn't taken again."


@message("remediation.rule-in-the-way")
def _rule(f: Facts, t: Format) -> str:
    return "Talk through which rule stands in the way. Bring this page."


@message("remediation.rule-in-the-way-why")
def _rule_why(f: Facts, t: Format) -> str:
    return "They have seen it before and know what the board accepts."


@message("remediation.ask-the-board")
def _ask(f: Facts, t: Format) -> str:
    return "Ask in writing which dates are open to you and what the board needs for one."


@message("remediation.ask-the-board-why")
def _ask_why(f: Facts, t: Format) -> str:
    if f["rule"] is None:
        return "The rules leave no date."
    said = render(f["rule"], t.locale)
    return f"The rule is: {said.rstrip('.')}."


@message("remediation.book")
def _book(f: Facts, t: Format) -> str:
    return f"Book a day on or after {t.day(f['opens'])}."


@message("remediation.book-why")
def _book_why(f: Facts, t: Format) -> str:
    return "It is the first day that the rules allow."
