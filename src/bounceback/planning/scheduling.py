"""Sessions on days and clock hours: constructive, deterministic, inside the windows.

Day by day: forms and their reviews first, then fixed sessions, then study cut into sessions of 20
to 90 minutes. Activities follow the day's minutes by carrying what rounding leaves over to the
next day; areas follow their targets in the same way, so that every area returns on many separate
days and no session is far from where the exact allocation wants it. Fresh questions come first in
the day, with the weakest areas at its head; cards come last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Final

import numpy as np

from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.planning.availability import Day, Slot, subtract
from bounceback.planning.models import LedgerEntry, Session
from bounceback.planning.parameters import Rules
from bounceback.planning.practice_tests import TIMED_BLOCKS
from bounceback.planning.study_resources import Material, Supply
from bounceback.records.models import PlannedSession
from bounceback.vocabulary import Activity, SessionKind

HARD: Final[frozenset[Activity]] = frozenset({"questions", "form"})
"""Activities that count as hard retrieval."""


@dataclass(slots=True)
class Draft:
    """A stretch of the day before it has an id."""

    start: int
    minutes: int
    activity: Activity | None
    kind: SessionKind = "study"
    area: int | None = None
    mixed: bool = False
    resource: str | None = None
    form: str | None = None
    units: int | None = None
    why: str = ""
    kept: Session | None = None
    first_step: bool = False


@dataclass(slots=True)
class DayDraft:
    """One day under construction.

    Attributes:
        day: Its rules.
        slots: Clock stretches still free.
        drafts: What is placed.
        study: Minutes left for study.
        hard: Minutes left for fresh questions.
    """

    day: Day
    slots: tuple[Slot, ...]
    study: int
    hard: int
    drafts: list[Draft] = field(default_factory=list)

    def take(self, draft: Draft) -> None:
        """Put a stretch on the day's clock."""
        self.drafts.append(draft)
        self.slots = subtract(self.slots, [(draft.start, draft.start + draft.minutes)])

    @property
    def spoken_for(self) -> int:
        """Minutes of work already on the day (rest, buffer and logistics are none)."""
        return sum(d.minutes for d in self.drafts if d.activity is not None)


def mixed_minutes(drafts: Sequence[DayDraft], first: date, last: date) -> int:
    """Minutes of fresh mixed questions that kept sessions hold on these days."""
    return sum(
        d.minutes
        for draft in drafts
        if first <= draft.day.date <= last
        for d in draft.drafts
        if d.kept and d.kept.activity == "questions" and d.kept.area is None
    )


def start_days(days: Sequence[Day], fixed: Sequence[Session], rules: Rules) -> list[DayDraft]:
    """The days with their fixed sessions on the clock."""
    hard = round(rules["hard_hours_cap"] * 60)
    by_date: dict[date, list[Session]] = {}
    for session in fixed:
        by_date.setdefault(session.date, []).append(session)
    drafts: list[DayDraft] = []
    for day in days:
        draft = DayDraft(day, day.slots, day.minutes, hard)
        for session in sorted(by_date.get(day.date, ()), key=lambda s: s.start_minute):
            draft.take(Draft(session.start_minute, session.minutes, session.activity, kept=session))
            draft.study -= session.minutes
            if session.activity in HARD:
                draft.hard -= session.minutes
        draft.study = max(0, draft.study)
        draft.hard = max(0, draft.hard)
        drafts.append(draft)
    return drafts


def place_rest(drafts: Sequence[DayDraft]) -> None:
    """Rest days that the plan keeps."""
    for draft in drafts:
        if draft.day.role == "rest" and not draft.drafts and draft.slots:
            why = "A day off: rest is part of the plan, and sleep and recall both gain."
            draft.drafts.append(Draft(draft.slots[0][0], 0, None, kind="rest", why=why))


def place_logistics(drafts: Sequence[DayDraft], rules: Rules) -> None:
    """The preparations on the last day with room."""
    minutes = rules.whole("logistics_minutes")
    for draft in reversed(drafts):
        if any(d.kept and d.kept.kind == "logistics" for d in draft.drafts):
            return
        if draft.day.role == "rest" or draft.study < minutes:
            continue
        slot = next((s for s in draft.slots if s[1] - s[0] >= minutes), None)
        if slot is not None:
            why = "Permit, identification, route, food, clothes; then an early night."
            draft.take(Draft(slot[0], minutes, None, kind="logistics", why=why))
            draft.study -= minutes
            return


def place_forms(
    drafts: Sequence[DayDraft], ledger: Sequence[LedgerEntry], rules: Rules, rhythm: str
) -> None:
    """Forms at their real length in the morning, and their reviews within three days."""
    index = {draft.day.date: i for i, draft in enumerate(drafts)}
    pinned = {d.kept.form for draft in drafts for d in draft.drafts if d.kept and d.kept.form}
    reach = round(rules["form_review_hours"] / 24)
    placed = [
        (index[entry.date], entry)
        for entry in ledger
        if entry.date is not None and entry.date in index and entry.family != TIMED_BLOCKS
    ]
    for i, entry in placed:
        # A re-test keeps its day also where the hours are still to be found.
        stretches = sorted((e - s for s, e in drafts[i].slots), reverse=True)
        fits = min(drafts[i].study, sum(stretches[:2])) >= entry.minutes
        if entry.label not in pinned and (entry.role != "retest" or fits):
            _sit(drafts[i], entry, rhythm)
    left: dict[str, int] = {}
    in_order = sorted(placed, key=lambda p: p[0])
    for i, entry in in_order:
        kept = sum(
            d.kept.minutes
            for draft in drafts[i : i + reach + 1]
            for d in draft.drafts
            if d.kept and d.kept.kind == "review" and d.kept.form == entry.label
        )
        left[entry.label] = round(rules["form_review_minutes_per_item"] * entry.items) - kept
    # One session each before the second of any, so that no form takes all of another's time.
    for at_most in (1, None):
        for i, entry in in_order:
            later = range(i + 1, min(i + reach, len(drafts) - 1) + 1)
            room = [drafts[k] for k in (*later, i)]
            left[entry.label] -= _review(room, entry, left[entry.label], at_most, rules)


def _review(
    days: Sequence[DayDraft], entry: LedgerEntry, wanted: int, at_most: int | None, rules: Rules
) -> int:
    """Sessions on a form while it is fresh, on the first of ``days`` with room.

    Returns:
        Minutes placed.
    """
    longest = rules.whole("session_minutes_max")
    shortest = rules.whole("session_minutes_min")
    left, count = wanted, 0
    for draft in days:
        if draft.day.role in ("rest", "off") and draft.day.minutes == 0:
            continue
        room = draft.study - draft.day.buffer
        while left >= shortest and room >= shortest and (at_most is None or count < at_most):
            slot = next((s for s in draft.slots if s[1] - s[0] >= shortest), None)
            if slot is None:
                break
            minutes = min(left, room, longest, slot[1] - slot[0])
            if 0 < left - minutes < shortest and minutes - shortest >= shortest:
                minutes -= shortest
            minutes = minutes // 5 * 5
            draft.take(
                Draft(
                    slot[0],
                    minutes,
                    "review",
                    kind="review",
                    form=entry.label,
                    mixed=True,
                    why=f"Review of {entry.label} while fresh: every miss gets its cause.",
                )
            )
            draft.study -= minutes
            room -= minutes
            left -= minutes
            count += 1
    return wanted - left


def _sit(draft: DayDraft, entry: LedgerEntry, rhythm: str) -> None:
    minutes = entry.minutes
    whole = next((s for s in draft.slots if s[1] - s[0] >= minutes), None)
    if whole is not None:
        parts = [(whole[0], minutes)]
    else:
        # Two stretches, the longest of the day: the gap between them is the long break.
        longest = sorted(draft.slots, key=lambda s: s[0] - s[1])[:2]
        parts = []
        left = minutes
        for start, end in sorted(longest):
            take = min(left, end - start)
            if take > 0:
                parts.append((start, take))
                left -= take
    why = entry.why
    if entry.role == "decision" and rhythm and "rehearsal" in why:
        why = f"{why} {rhythm}"
    for start, take in parts:
        draft.take(Draft(start, take, "form", kind="form", form=entry.label, mixed=True, why=why))
    draft.study = max(0, draft.study - minutes)
    draft.hard = max(0, draft.hard - minutes)


def place_first_steps(
    drafts: Sequence[DayDraft], ledger: Sequence[LedgerEntry], material: Material, rules: Rules
) -> dict[str | None, float]:
    """Timed mixed blocks on the way to an avoided form, at the head of their days.

    Returns:
        Fresh units used, by resource.
    """
    index = {draft.day.date: draft for draft in drafts}
    shortest, longest = rules.whole("session_minutes_min"), rules.whole("session_minutes_max")
    used: dict[str | None, float] = {}
    if not material.questions:
        return used
    bank = material.questions[0]
    for entry in ledger:
        draft = index.get(entry.date) if entry.date else None
        if entry.role != "first-step" or draft is None:
            continue
        if any(d.kept and d.kept.why == entry.why for d in draft.drafts):
            continue
        left = min(entry.items, bank.units_left - used.get(bank.name, 0.0))
        while left >= 1:
            slot = next((s for s in draft.slots if s[1] - s[0] >= shortest), None)
            if slot is None:
                break
            room = min(slot[1] - slot[0], draft.study - draft.day.buffer, draft.hard, longest)
            minutes = min(room, max(shortest, -(-int(left * bank.minutes_per_unit) // 5) * 5))
            if minutes < shortest:
                break
            units = int(min(left, minutes / bank.minutes_per_unit))
            draft.take(
                Draft(
                    slot[0],
                    minutes,
                    "questions",
                    mixed=True,
                    resource=bank.name,
                    units=units,
                    why=entry.why,
                    first_step=True,
                )
            )
            draft.study -= minutes
            draft.hard -= minutes
            used[bank.name] = used.get(bank.name, 0.0) + units
            left -= units
    return used


def place_buffers(drafts: Sequence[DayDraft], rules: Rules) -> None:
    """Weekly catch-up time at the end of its day, where forms leave room."""
    shortest = rules.whole("session_minutes_min")
    for draft in drafts:
        if any(d.kept and d.kept.kind == "buffer" for d in draft.drafts):
            continue
        minutes = min(draft.day.buffer, draft.study)
        fitting = [s for s in draft.slots if s[1] - s[0] >= shortest]
        if draft.day.buffer and minutes >= shortest and fitting:
            slot = fitting[-1]
            minutes = min(minutes, slot[1] - slot[0])
            why = "Room to catch up: if the week went as planned, it is yours."
            draft.take(Draft(slot[1] - minutes, minutes, None, kind="buffer", why=why))
            draft.study -= minutes


def draw_buffers_near(drafts: Sequence[DayDraft], rules: Rules) -> None:
    """Move catch-up time from the end of its window to right after the day's last session."""
    pause = rules.whole("break_minutes")
    for draft in drafts:
        for buffer in draft.drafts:
            if buffer.kind != "buffer" or buffer.kept is not None:
                continue
            before = [d.start + d.minutes for d in draft.drafts if d.start < buffer.start]
            earliest = max(before, default=buffer.start)
            free = subtract(draft.day.slots, [(0, earliest)])
            others = [(d.start, d.start + d.minutes) for d in draft.drafts if d is not buffer]
            for low, high in subtract(free, others):
                start = low + (pause if low == earliest and before else 0)
                if high - start >= buffer.minutes and start < buffer.start:
                    buffer.start = start
                    break


def lay_out(
    slots: Sequence[Slot], minutes: int, target: int, rules: Rules
) -> list[tuple[int, int]]:
    """Cut ``minutes`` of study into sessions inside ``slots``.

    Args:
        slots: Free stretches in clock order.
        minutes: How much to place.
        target: Usual length of a session.
        rules: Shortest and longest session, breaks.

    Returns:
        (start, length) in clock order, each between the shortest and longest session; their sum is
        ``minutes`` unless the stretches cannot hold it.
    """
    shortest, longest = rules.whole("session_minutes_min"), rules.whole("session_minutes_max")
    usable = [s for s in slots if s[1] - s[0] >= shortest]
    rest = 0
    for pause in (rules.whole("break_minutes"), 5, 0):
        rest = pause
        if sum(_room(e - s, target, pause) for s, e in usable) >= minutes:
            break
    pieces: list[tuple[int, int]] = []
    left = minutes
    for k, (start, end) in enumerate(usable):
        if left < shortest:
            break
        take = min(_room(end - start, target, rest), left)
        if 0 < left - take < shortest and k + 1 < len(usable):
            take = left - shortest
        if take < shortest:
            continue
        left -= take
        count = max(-(-take // longest), min(max(1, round(take / target)), take // shortest))
        fives, over = divmod(take, 5)
        each, extra = divmod(fives, count)
        at = start
        pause = min(rest, (end - start - take) // (count - 1)) if count > 1 else 0
        for n in range(count):
            length = 5 * (each + (n < extra)) + (over if n == count - 1 else 0)
            pieces.append((at, length))
            at += length + pause
    return pieces


def _room(length: int, target: int, pause: int) -> int:
    return length - pause * max(0, round(length / (target + pause)) - 1)


@dataclass(frozen=True, slots=True)
class Targets:
    """What the allocation wants: minutes by activity and day, effort by area.

    Attributes:
        cards: (D,) minutes; likewise ``questions``, ``review``, ``passive``,
            ``recall``.
        effort: (A,) effective days still to be given by area.
        worth: (D,) effective days a minute.
        mixed_items: Timed mixed items wanted by ``mixed_by``; 0 for none.
        mixed_from: First day of those.
        mixed_by: Last day of those.
    """

    cards: Floats
    questions: Floats
    review: Floats
    passive: Floats
    recall: Floats
    effort: Floats
    worth: Floats
    mixed_items: int = 0
    mixed_from: date | None = None
    mixed_by: date | None = None


def fill_days(
    drafts: Sequence[DayDraft],
    targets: Targets,
    dynamics: Dynamics,
    material: Material,
    rules: Rules,
    weak: Sequence[int],
    used_units: Mapping[str | None, float],
) -> int:
    """Cut every day's study into sessions and give each its activity, area and resource.

    Returns:
        Timed mixed items placed inside the wanted days.
    """
    filler = _Filler(drafts, targets, dynamics, material, rules, weak, used_units)
    for i in range(len(drafts)):
        filler.fill(i)
    return filler.mixed_done


class _Filler:
    """Walks the days once; carries what rounding leaves over."""

    def __init__(
        self,
        drafts: Sequence[DayDraft],
        targets: Targets,
        dynamics: Dynamics,
        material: Material,
        rules: Rules,
        weak: Sequence[int],
        used_units: Mapping[str | None, float],
    ) -> None:
        self.drafts = drafts
        self.targets = targets
        self.dynamics = dynamics
        self.material = material
        self.rules = rules
        self.weak = frozenset(weak)
        self.weight = dynamics.exam_weight.tolist()
        # The largest third of the areas.
        self.large = sorted(self.weight, reverse=True)[(len(self.weight) - 1) // 3]
        self.distance = dynamics.distance.tolist()
        self.effect = dynamics.law.activity_effect
        self.shortest = rules.whole("session_minutes_min")
        self.longest = rules.whole("session_minutes_max")
        self.owed = dict.fromkeys(("questions", "review", "passive", "recall", "cards"), 0.0)
        # What rounding a day to five minutes took from it or gave it, for the next such day.
        self.rounded = 0.0
        self.want = targets.effort.tolist()
        self.given = [0.0] * len(self.want)
        self.total = max(sum(self.want), 1e-12)
        self.last_day: dict[int, int] = {}
        self.begun: dict[str | None, float] = {}
        self.days_seen = [0] * len(self.want)
        # Timed mixed blocks fill their weeks: the separate days come before them.
        before = [
            d for d in drafts if targets.mixed_from is None or d.day.date < targets.mixed_from
        ]
        self.named_days = max(1, len(before) - rules.whole("taper_days"))
        self.left = {
            s.name: s.units_left - used_units.get(s.name, 0.0)
            for s in (*material.questions, *material.cards, *material.passive)
        }
        self.mixed_done = 0
        if targets.mixed_from is not None and targets.mixed_by is not None:
            placed = mixed_minutes(drafts, targets.mixed_from, targets.mixed_by)
            self.mixed_done = int(placed // material.minutes_per_question)
        before_now = [d for draft in drafts for d in draft.drafts if d.kind == "study" or d.kept]
        kept = [(d.activity, d.minutes) for d in before_now if not d.kept or d.kept.kind == "study"]
        self.cards_planned = sum(m for activity, m in kept if activity == "cards")
        self.other_study = sum(m for activity, m in kept if activity not in (None, "cards"))
        self.seen_left = float(targets.review.sum()) + self.longest
        if not material.known:
            self.seen_left = float("inf")
        study = float((targets.questions + targets.review + targets.passive + targets.recall).sum())
        # A short plan is cut finer, so that every area can have its share on separate days.
        fine = study / (4.0 * len(self.want))
        usual = min(rules.whole("session_minutes"), self.longest)
        self.target = int(min(usual, max(self.shortest, fine // 5 * 5)))

    def fill(self, i: int) -> None:
        draft, t = self.drafts[i], self.targets
        for name, minutes in (
            ("questions", t.questions[i]),
            ("review", t.review[i]),
            ("passive", t.passive[i]),
            ("recall", t.recall[i]),
            ("cards", t.cards[i]),
        ):
            self.owed[name] += float(minutes)
        others = float(t.questions[i] + t.review[i] + t.passive[i] + t.recall[i])
        cards = self._cards_today(i, others)
        wanted = others + float(t.cards[i]) + self.rounded
        study = draft.study
        if wanted < draft.study - 2:
            study = int(wanted + 2.5) // 5 * 5
            self.rounded = wanted - study
        study = max(study, cards)
        rest_of_day = study - cards
        if 0 < rest_of_day < self.shortest:
            fits = cards and draft.study - cards >= self.shortest
            rest_of_day = self.shortest if fits else 0
        short_day = draft.day.minutes <= self.rules["rotation_day_minutes"]
        target = (
            min(self.target, self.rules.whole("rotation_session_minutes"))
            if short_day
            else self.target
        )
        pieces = self._pieces(draft, rest_of_day, cards, target)
        main = [p for p in pieces if not p[2]]
        self._study(i, [(s, m) for s, m, _ in main])
        for start, minutes, is_cards in pieces:
            if is_cards:
                self._card_session(i, start, minutes)

    def _cards_today(self, i: int, others_today: float) -> int:
        draft, owed = self.drafts[i], self.owed["cards"]
        if not self.material.cards or draft.study < self.shortest:
            return 0
        cap = self.rules["cards_share_max"] * draft.study
        # On a day too short for the cap to hold one session, cards take turns with the rest:
        # their share holds over the days.
        cap = max(cap, float(self.shortest)) if owed >= self.shortest else cap
        # Their share is also of what was really planned beside them, to within one session.
        share = self.rules["cards_share_max"]
        if share < 1.0:
            others = self.other_study + float(others_today)
            cap = min(cap, share / (1.0 - share) * others + self.shortest - self.cards_planned)
        minutes = int(min(owed + 2.5, cap, draft.study) // 5 * 5)
        return minutes if minutes >= self.shortest else 0

    def _pieces(
        self, draft: DayDraft, study: int, cards: int, target: int
    ) -> list[tuple[int, int, bool]]:
        pieces = [(s, m, False) for s, m in lay_out(draft.slots, study, target, self.rules)]
        if cards:
            end = pieces[-1][0] + pieces[-1][1] if pieces else 0
            after = subtract(draft.slots, [(0, end)], self.shortest)
            found = lay_out(after, cards, min(self.longest, max(cards, 20)), self.rules)
            if sum(m for _, m in found) < cards:
                # Breaks took the room that cards need: lay the day out as one and give its tail.
                whole = lay_out(draft.slots, study + cards, target, self.rules)
                return self._tail(whole, cards)
            pieces += [(s, m, True) for s, m in found]
        return pieces

    def _tail(self, whole: list[tuple[int, int]], cards: int) -> list[tuple[int, int, bool]]:
        """The day's sessions with the last of them given to cards, near ``cards`` minutes."""
        pieces: list[tuple[int, int, bool]] = []
        left = cards
        for start, minutes in reversed(whole):
            if left <= 0:
                pieces.append((start, minutes, False))
            elif minutes <= left:
                pieces.append((start, minutes, True))
                left -= minutes
            elif minutes - left >= self.shortest and left >= self.shortest:
                pieces.append((start + minutes - left, left, True))
                pieces.append((start, minutes - left, False))
                left = 0
            else:
                pieces.append((start, minutes, False))
                left = 0
        return pieces[::-1]

    def _study(self, i: int, pieces: list[tuple[int, int]]) -> None:
        draft = self.drafts[i]
        activities = self._activities(i, pieces)
        plan = [
            (start, minutes, activity)
            for (start, minutes), activity in zip(pieces, activities, strict=True)
            if activity is not None
        ]
        mixed = [self._is_mixed(draft.day.date, a) for _, _, a in plan]
        areas = self._areas(
            i, [(m, a) for (_, m, a), mix in zip(plan, mixed, strict=True) if not mix]
        )
        areas_left = iter(areas)
        for (start, minutes, activity), mix in zip(plan, mixed, strict=True):
            area = None if mix else next(areas_left)
            self._session(i, start, minutes, activity, area)

    def _activities(self, i: int, pieces: list[tuple[int, int]]) -> list[Activity | None]:
        """An activity for each session: questions first, second looks, books and video, recall.

        Each takes the sessions it is owed, to the nearest half of one. A session that the cap on
        hard work cuts short is split in place, so that the cap is used.
        """
        minutes = [m for _, m in pieces]
        draft = self.drafts[i]
        room = {
            "questions": self._most_questions(i),
            "review": self.seen_left,
            "passive": float("inf")
            if not self.material.questions
            else (1.0 - self.rules["retrieval_share_min"]) * draft.study,
            # Its share holds over the days, so that a session's rounding is not lost every day.
            "recall": max(
                self.rules["recall_share_max"] * draft.study, self.owed["recall"] + self.target
            ),
        }
        chosen: list[Activity | None] = [None] * len(minutes)

        def give(n: int, name: str) -> bool:
            activity = self._activity(name)
            if activity is None or room[name] < minutes[n]:
                return False
            chosen[n] = activity
            room[name] -= minutes[n]
            self.owed[name] -= minutes[n]
            if name == "review":
                self.seen_left -= minutes[n]
            return True

        def cut(n: int, first: int) -> None:
            """Shorten session ``n``: the rest is one of its own, or goes to the next one."""
            (start, whole), rest = pieces[n], minutes[n] - first
            if rest >= self.shortest:
                pieces[n : n + 1] = [(start, first), (start + first, rest)]
                minutes[n : n + 1] = [first, rest]
                chosen.insert(n, None)
            elif n + 1 < len(pieces):
                following, length = pieces[n + 1]
                near = following - (start + whole) <= self.rules["break_minutes"]
                if near and length + rest <= self.longest:
                    pieces[n : n + 2] = [(start, first), (following - rest, length + rest)]
                    minutes[n : n + 2] = [first, length + rest]

        n = 0
        for name in room:
            while n < len(minutes) and self.owed[name] >= 0.5 * min(minutes[n], room[name]):
                left = int(min(room[name], 1e6)) // 5 * 5
                if name == "questions" and self.shortest <= left < minutes[n]:
                    cut(n, left)
                if not give(n, name):
                    break
                n += 1
        while n < len(minutes):
            # What is owed most may be out of reach today (the cap on hard work, a bank used up):
            # then the next takes the session, and no hour stays empty.
            by_debt = sorted(room, key=lambda name: -self.owed[name])
            if not any(give(n, name) for name in by_debt):
                break
            n += 1
        return self._hardest_first(chosen, minutes, self._most_questions(i))

    def _most_questions(self, i: int) -> float:
        """Minutes of fresh questions that a day may hold.

        The cap on hard work and what the banks still hold; and a prescribed number a day, which
        grows by the week as in the allocation, but for the days of timed mixed blocks.
        """
        draft, rules = self.drafts[i], self.rules
        most = min(float(draft.hard), self._fresh())
        name = "start_questions_per_day"
        if name not in rules.prescribed or self._is_mixed(draft.day.date, "questions"):
            return most
        questions = rules[name] + rules["questions_growth_per_week"] * (i // 7)
        prescribed = questions * self.material.minutes_per_question
        return min(most, max(prescribed, float(self.shortest)))

    def _hardest_first(
        self, chosen: list[Activity | None], minutes: list[int], most: float
    ) -> list[Activity | None]:
        """The same activities with questions at the head of the day, where the cap still holds."""
        rank = {"questions": 0, "review": 1, "reading": 2, "video": 2, "other": 3, None: 4}
        ordered = sorted(chosen, key=lambda activity: rank[activity])
        questions = sum(m for m, a in zip(minutes, ordered, strict=True) if a == "questions")
        if questions > most:
            return chosen
        for m, before, after in zip(minutes, chosen, ordered, strict=True):
            for activity, sign in ((before, 1), (after, -1)):
                name = {"reading": "passive", "video": "passive", "other": "recall"}.get(
                    activity or "", activity
                )
                if name is not None:
                    self.owed[name] += sign * m
                if name == "review":
                    self.seen_left += sign * m
        return ordered

    def _activity(self, name: str) -> Activity | None:
        if name == "questions":
            return "questions"
        if name == "review":
            return "review"
        return self._passive() if name == "passive" else "other"

    def _fresh(self) -> float:
        return sum(
            max(0.0, self.left[s.name]) * s.minutes_per_unit for s in self.material.questions
        )

    def _passive(self) -> Activity | None:
        supply = self._next(self.material.passive)
        if supply is None:
            return None
        return "reading" if supply.kind == "book" else "video"

    def _next(self, supplies: Sequence[Supply]) -> Supply | None:
        return next((s for s in supplies if self.left[s.name] >= 1), None)

    def _is_mixed(self, day: date, activity: Activity) -> bool:
        t = self.targets
        if activity != "questions" or t.mixed_from is None or t.mixed_by is None:
            return False
        return t.mixed_from <= day <= t.mixed_by and self.mixed_done < t.mixed_items

    def _areas(self, i: int, sessions: list[tuple[int, Activity]]) -> list[int]:
        """Areas for the day's sessions: furthest from target; weakest early, no two in a row."""
        worth = float(self.targets.worth[i])
        picked: list[int] = []
        most = max(1, -(-len(sessions) // 2))
        due = self._due(i)
        given = self.given
        for minutes, activity in sessions:
            gain = self.effect[activity] * minutes * worth
            progress = (sum(given) + gain) / self.total
            best, best_score = 0, -float("inf")
            for a, want in enumerate(self.want):
                score = want * progress - given[a]
                if picked.count(a) >= most:
                    score -= gain
                elif a in due and a not in picked:
                    score += 2.0 * gain
                if score > best_score + 1e-12:
                    best, best_score = a, score
            picked.append(best)
            given[best] += gain
        order = sorted(range(len(picked)), key=lambda k: (-self.distance[picked[k]], k))
        arranged: list[int] = []
        rest = [picked[k] for k in order]
        while rest:
            k = next((n for n, a in enumerate(rest) if not arranged or a != arranged[-1]), 0)
            arranged.append(rest.pop(k))
        # The arrangement may have swapped sessions of unlike worth; count what really stands.
        for (minutes, activity), before, after in zip(sessions, picked, arranged, strict=True):
            gain = self.effect[activity] * minutes * worth
            given[before] -= gain
            given[after] += gain
        return arranged

    def _due(self, i: int) -> set[int]:
        """Weak areas whose return is due.

        Due is an area whose longest gap for the time left has passed, or that has had fewer of its
        separate days than this share of the plan should have seen.
        """
        count = len(self.drafts)
        _, longest = review_gap(count - i, self.rules)
        returns = self.rules.whole("weak_area_days_min")
        return {
            a
            for a in self.weak
            if (self.days_seen[a] < returns and i * returns >= self.days_seen[a] * self.named_days)
            or (self.want[a] > self.given[a] and i - self.last_day.get(a, i) >= longest)
        }

    def _session(
        self, i: int, start: int, minutes: int, activity: Activity, area: int | None
    ) -> None:
        draft = self.drafts[i]
        self.other_study += minutes
        resource: str | None = None
        units: int | None = None
        if activity == "questions":
            resource, units = self._use(self.material.questions, minutes)
        elif activity == "review":
            resource = self.material.questions[0].name if self.material.questions else None
        elif activity in ("reading", "video"):
            resource, units = self._use(self.material.passive, minutes)
        if area is None:
            self.mixed_done += (
                units if units is not None else int(minutes // self.material.minutes_per_question)
            )
            why = "Timed and mixed, as in the exam: with its neighbours it makes one measure."
        else:
            why = self._why(i, activity, area)
            self.days_seen[area] += self.last_day.get(area) != i
            self.last_day[area] = i
        draft.take(
            Draft(
                start,
                minutes,
                activity,
                area=area,
                mixed=area is None,
                resource=resource,
                units=units,
                why=why,
            )
        )

    def _use(self, supplies: Sequence[Supply], minutes: int) -> tuple[str | None, int | None]:
        supply = self._next(supplies)
        if supply is None:
            return (supplies[0].name if supplies else None), None
        # A chapter or video is finished in the next session; questions are counted whole.
        begun = self.begun.get(supply.name, 0.0) if supply.kind in ("book", "video") else 0.0
        whole = (minutes + begun) / supply.minutes_per_unit + 1e-9
        units = int(min(whole, self.left[supply.name]))
        self.begun[supply.name] = minutes + begun - units * supply.minutes_per_unit
        self.left[supply.name] -= units
        return supply.name, units

    def _card_session(self, i: int, start: int, minutes: int) -> None:
        draft = self.drafts[i]
        self.owed["cards"] -= minutes
        self.cards_planned += minutes
        supply = self.material.cards[0]
        new = min(
            self.left[supply.name],
            self.rules["new_cards_per_day"],
            minutes / supply.minutes_per_unit,
        )
        due = self.material.due_card_minutes_per_day
        if due is not None and due >= minutes:
            new = 0
        units = max(0, int(new))
        already = any(d.activity == "cards" for d in draft.drafts)
        units = 0 if already else units
        self.left[supply.name] -= units
        why = "Due cards first, then a few new ones; a short day keeps the pile small."
        draft.take(
            Draft(
                start,
                minutes,
                "cards",
                mixed=True,
                resource=supply.name,
                units=units,
                why=why,
            )
        )

    def _why(self, i: int, activity: Activity, area: int) -> str:
        share = max(1, round(100 * self.weight[area]))
        last = self.last_day.get(area)
        opening = {
            "questions": "",
            "review": "Questions met before, the missed ones first. ",
            "reading": "Fills what questions showed is missing. ",
            "video": "Fills what questions showed is missing. ",
            "other": "From memory, on paper, then checked. ",
        }.get(activity, "")
        if area in self.weak:
            if last is not None and i - last >= 2:
                return (
                    f"{opening}Back after {i - last} days, so that it stays: one of your weakest "
                    f"areas, about {share} of 100 exam questions."
                )
            return (
                f"{opening}The next hour is worth most here: one of your weakest areas, about "
                f"{share} of 100 exam questions."
            )
        if last is not None and i - last >= 2:
            return (
                f"{opening}Back after {i - last} days, so that it stays: about {share} of 100 exam "
                "questions."
            )
        if self.weight[area] >= self.large:
            return f"{opening}One of the largest parts of the exam: about {share} of 100 questions."
        return f"{opening}Keeps this area moving: about {share} of 100 exam questions."


def review_gap(days_left: float, rules: Rules) -> tuple[float, float]:
    """Shortest and longest days between returns to an area, for the days left until the exam.

    Straight lines between the published gaps for one week, a month and two months.
    """
    points = (7.0, 30.0, 60.0)
    low = [rules[f"gap_days_{when}_low"] for when in ("short", "month", "far")]
    high = [rules[f"gap_days_{when}_high"] for when in ("short", "month", "far")]
    return float(np.interp(days_left, points, low)), float(np.interp(days_left, points, high))


def count_begun(
    sessions: Sequence[Session],
    supplies: Sequence[Supply],
    plan: Sequence[PlannedSession],
    as_of: date,
) -> tuple[Session, ...]:
    """Sessions with their chapters and videos counted over all of them in order.

    A unit counts in the session that ends it: after every session the units so far are the whole
    ones that the minutes so far hold. What the learner fixed keeps its own number.

    Args:
        sessions: By day and clock.
        supplies: Books and videos.
        plan: The record's plan; what was ticked before ``as_of`` may have begun a unit.
        as_of: First day of the sessions.
    """
    counted = list(sessions)
    for supply in supplies:
        begun = 0.0
        for entry in sorted(plan, key=lambda e: e.date):
            if entry.resource == supply.name and entry.date < as_of and entry.done_minutes:
                begun = (begun + entry.done_minutes) % supply.minutes_per_unit
        left = supply.units_left
        for n, s in enumerate(counted):
            if s.resource != supply.name or s.activity not in ("reading", "video"):
                continue
            begun += s.minutes
            if s.locked or s.done_minutes:
                units = s.units or 0
            else:
                units = int(max(0.0, min((begun + 1e-9) // supply.minutes_per_unit, left)))
                counted[n] = replace(s, units=units)
            begun = max(0.0, begun - units * supply.minutes_per_unit)
            left -= units
    return tuple(counted)


def realised_effort(
    dynamics: Dynamics, first: date, days: int, sessions: Sequence[Session]
) -> tuple[Floats, Floats]:
    """Effective days by area of a list of sessions, and the raw minutes of each day.

    Mixed sessions, cards and forms reach the areas in proportion to their exam weight. A session
    that is ticked counts with its planned minutes while its day is not over.

    Returns:
        (A,) effective days, (days,) raw minutes.
    """
    index = {area: a for a, area in enumerate(dynamics.areas)}
    weighted = np.zeros((days, len(dynamics.areas)))
    raw = np.zeros(days)
    effect = dynamics.law.activity_effect
    for session in sessions:
        d = (session.date - first).days
        if session.activity is None or not 0 <= d < days:
            continue
        minutes = session.minutes * effect[session.activity]
        raw[d] += session.minutes
        a = index.get(session.area or "")
        if a is None:
            weighted[d] += minutes * dynamics.exam_weight
        else:
            weighted[d, a] += minutes
    worth = dynamics.law.day_yield(raw) / dynamics.law.minutes_per_effective_day
    return np.asarray((weighted * worth[:, None]).sum(axis=0)), raw


Place = tuple[date, time, int, str | None, str, str | None, str | None, str | None]
"""What makes two sessions the same: day, start, minutes, activity, kind, area, resource, form."""


def place_of(session: Session) -> Place:
    """Identity of a session by what stands where; ids and words apart."""
    return (
        session.date,
        session.start,
        session.minutes,
        session.activity,
        session.kind,
        session.area,
        session.resource,
        session.form,
    )


def to_sessions(
    drafts: Sequence[DayDraft], areas: Sequence[str], ids: Mapping[Place, str]
) -> tuple[Session, ...]:
    """Sessions by day and clock, with ids.

    Kept sessions keep their ids, sessions that equal one of an earlier plan (``ids``) take its id
    again, new ones take the lowest number of their day that no earlier session had.
    """
    sessions: list[Session] = []
    earlier = set(ids.values())
    for draft in drafts:
        day = draft.day.date
        taken = {d.kept.id for d in draft.drafts if d.kept}
        number = 0
        for d in sorted(draft.drafts, key=lambda d: (d.start, d.minutes)):
            if d.kept is not None:
                sessions.append(d.kept)
                continue
            session = Session(
                id="",
                date=day,
                start=time(d.start // 60, d.start % 60),
                minutes=d.minutes,
                activity=d.activity,
                kind=d.kind,
                area=None if d.area is None else areas[d.area],
                resource=d.resource,
                form=d.form,
                units=d.units,
                why=d.why,
            )
            name = ids.get(place_of(session), "")
            if not name or name in taken:
                number += 1
                while (name := f"{day.isoformat()}-{number}") in taken or name in earlier:
                    number += 1
            taken.add(name)
            sessions.append(replace(session, id=name))
    return tuple(sessions)
