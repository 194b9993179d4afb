"""Sentences about cards, for the web app and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback.messages.formatting import day_words

if TYPE_CHECKING:
    from bounceback.flashcards.policy_search import ExamPlan


def counted_in_your_cards(deck: str, due_per_day: int) -> str:
    """Return how many cards of a deck fall due, where they were counted in the student's cards."""
    cards = "card falls" if due_per_day == 1 else "cards fall"
    return f"{deck}: about {due_per_day:,} {cards} due a day, counted in your cards."


def exam_plan_sentences(plan: ExamPlan) -> tuple[str, ...]:
    """Return the plan of the cards in a few sentences, counts first, each with its range."""

    def many(n: int, one: str) -> str:
        return f"{n:,} {one}{'' if n == 1 else 's'}"

    def of_100(share: float) -> int:
        return round(100 * share)

    waits = "waits" if plan.backlog.waiting == 1 else "wait"
    missing = round(plan.unseen)
    not_started: tuple[str, ...] = ()
    if missing:
        not_started = (
            f"About {many(missing, 'card')} {'is' if missing == 1 else 'are'} not started before "
            "the exam: not studied, not forgotten.",
        )
    if not plan.load:
        return (
            f"No day for cards is left before the exam on {day_words(plan.exam)}. As things stand, "
            f"about {of_100(plan.recall_if_nothing)} of every 100 cards would be recalled then, "
            "counted by what the exam asks.",
        )
    open_days = [load.minutes for load in plan.load if load.minutes > 0.0]
    if not open_days:
        left = [
            f"No cards are asked before the exam on {day_words(plan.exam)}. About "
            f"{of_100(plan.recall.mean)} of every 100 cards would be recalled then "
            f"({of_100(plan.recall.low)} to {of_100(plan.recall.high)}), counted by what the exam "
            "asks."
        ]
        if plan.backlog.waiting:
            left.append(
                f"{many(plan.backlog.waiting, 'card')} {waits} today and "
                f"{'is' if plan.backlog.waiting == 1 else 'are'} kept for after the exam."
            )
        return (*left, *not_started)
    pace = round(sum(open_days) / len(open_days))
    lines = []
    if plan.last_new is None:
        lines.append(f"About {many(pace, 'minute')} of cards a day, no new cards.")
    else:
        started = [load.new for load in plan.load if load.new > 0.0]
        lines.append(
            f"About {many(pace, 'minute')} of cards a day, with "
            f"{many(round(sum(started) / len(started)), 'new one')} on most days, the last on "
            f"{day_words(plan.last_new)}."
        )
    usual = max(plan.plain.recall, plan.anki.recall)
    lines.append(
        f"On the exam day about {of_100(plan.recall.mean)} of every 100 cards would be recalled "
        f"({of_100(plan.recall.low)} to {of_100(plan.recall.high)}), counted by what the exam asks "
        f"and where you are weak. With usual settings and the same minutes it would be about "
        f"{of_100(usual)}, and with no cards at all about {of_100(plan.recall_if_nothing)}."
    )
    if plan.backlog.waiting:
        dose = (
            f"At most {plan.backlog.per_day} of them are asked a day"
            if plan.backlog.per_day is not None
            else "They take their turn with all others"
        )
        lines.append(
            f"{many(plan.backlog.waiting, 'card')} {waits} today. {dose}, those first that gain "
            "most for the day."
        )
    if plan.backlog.waiting_at_exam:
        kept = plan.backlog.waiting_at_exam
        lines.append(
            f"About {many(kept, 'card')} {'is' if kept == 1 else 'are'} kept for after the exam: "
            "asking sooner would take time from cards that gain more."
        )
    return (*lines, *not_started)
