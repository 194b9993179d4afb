"""The day's study: blocks with their review, incorrects, content, strands and cards.

Each kind of study carries what rounding leaves over to the next day, so that totals meet the exact
allocation. A day has one or two areas of its own, chosen by what the allocation still owes them;
the other blocks are mixed. Reading comes before the questions of its area, cards come last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.planning.allocation import KINDS, KindMinutes, StudyWorth, weakest_area
from bounceback.planning.models import SessionStep
from bounceback.planning.parameters import Rules
from bounceback.planning.scheduling.day_draft import (
    DayDraft,
    Draft,
    Piece,
    free_spans,
    lay_out,
    on_quarter,
    sessions_that_fit,
    whole_quarters,
)
from bounceback.planning.strands import Strand
from bounceback.planning.study_block import (
    BankChoice,
    StudyBlock,
    bank_choice,
    mode_of,
    review_minutes,
    two_steps,
)
from bounceback.planning.study_resources import Material, Supply
from bounceback.reasons import Reason, reason
from bounceback.vocabulary import Activity


@dataclass(frozen=True, slots=True)
class Targets:
    """What the allocation wants of each day and area.

    Attributes:
        minutes: By kind and day.
        mixed: (D,) share of new questions in mixed blocks.
        effort: (A,) effective days still to be given by area.
        day_worth: (D,) effective days a minute.
        worth: Of a minute of each kind of study.
        content_days: (D,) whether new content and new cards may stand on the day.
        question_days: (D,) whether new questions may.
        timed_from: First day from which single-area blocks are timed too.
        named: Areas that content goes to.
        weak: The weakest areas.
        supply: (A,) new questions that blocks of one area may use.
        missed: Missed questions that are open at the start.
        missed_share: Share of new questions that are missed.
        window: (D,) days whose mixed questions stand in for a practice test.
        window_questions: How many of those are wanted.
        pacing: Whether questions are lost to time: every block is timed and names its pace.
        weekly_quota: Whether few days of a week hold a whole block.
    """

    minutes: KindMinutes
    mixed: Floats
    effort: Floats
    day_worth: Floats
    worth: StudyWorth
    content_days: Sequence[bool]
    question_days: Sequence[bool]
    timed_from: int
    named: Sequence[int]
    weak: Sequence[int]
    supply: Floats
    missed: float
    missed_share: float
    window: Sequence[bool]
    window_questions: int
    pacing: bool
    weekly_quota: bool = False


@dataclass(frozen=True, slots=True)
class StudyContext:
    """What every day's study is made from.

    Attributes:
        dynamics: How study moves the learner's score.
        material: What there is to study from.
        blocks: The usual block and the one with the shorter review.
        strands: Work beside the organ systems.
        rules: Plan parameters.
        row: Blocks that are done in a row before their review.
    """

    dynamics: Dynamics
    material: Material
    blocks: tuple[StudyBlock, StudyBlock]
    strands: Sequence[Strand]
    rules: Rules
    row: int = 1


def block_of_day(draft: DayDraft, blocks: tuple[StudyBlock, StudyBlock]) -> StudyBlock:
    """The usual block, or the one with the shorter review on a day that cannot hold it.

    Where short sessions are prescribed for the day it has the shorter review too: the block stays
    whole.
    """
    usual, small = blocks
    if draft.session_limit and draft.session_limit < usual.minutes:
        return small
    longest = max((end - start for start, end in free_spans(draft.slots, 1)), default=0)
    return usual if min(longest, draft.study) >= usual.minutes else small


_MOST_OF_THE_PLAN = 0.75
"""Part of a plan's days by which every weak area has had its least number of days."""


class DayFiller:
    """Walks the days once and gives each its sessions."""

    def __init__(self, drafts: Sequence[DayDraft], targets: Targets, study: StudyContext) -> None:
        dynamics, material, strands, rules = (
            study.dynamics,
            study.material,
            study.strands,
            study.rules,
        )
        self.drafts = drafts
        self.targets = targets
        self.dynamics = dynamics
        self.material = material
        self.blocks = study.blocks
        self.block = study.blocks[0]
        self.strands = strands
        self.rules = rules
        self.weight: list[float] = dynamics.exam_weight.tolist()
        self.shortest = rules.whole("session_minutes_min")
        self.longest = whole_quarters(rules["session_minutes_max"])
        self.row = study.row
        self.owed = dict.fromkeys(KINDS, 0.0)
        self.by_strand = [0.0] * len(strands)
        self.strand_days = [-1] * len(strands)
        self.rounded = 0.0
        self.want = targets.effort.tolist()
        self.given = [0.0] * len(self.want)
        self.total = max(sum(self.want), 1e-12)
        self.last_day: dict[int, int] = {}
        self.days_of = [0] * len(self.want)
        self.area_minutes = [0.0] * len(self.want)
        self.opened = [0] * len(self.want)
        self.openings = 0
        self.supply = targets.supply.tolist()
        self.content_given = dict.fromkeys(targets.named, 0.0)
        # The weakest area is read about too, a third as often where it is none of those named.
        for a in (weakest_area(dynamics, rules), int(np.argmax(dynamics.distance))):
            self.content_given.setdefault(a, 0.0)
        if "weak_topic_floor_share" in rules.prescribed:
            # So are the other weak areas that a prescribed floor is for.
            self.content_given |= {a: 0.0 for a in targets.weak if a not in self.content_given}
        # Each area is read about by what it is owed; one that is not named a third as often.
        want = [self.want[a] for a in targets.named]
        least = max(sum(want), 1e-9) / max(4 * len(want), 1)
        self.content_pace = {
            a: (1.0 if a in targets.named else 3.0) / max(self.want[a], least)
            for a in self.content_given
        }
        self.mixed_owed = 0.0
        self.window_done = 0
        self.missed_open = targets.missed
        self.missed_later: dict[int, float] = {}
        every = (*material.questions, *material.cards, *material.passive)
        self.left: dict[str | None, float] = {s.name: s.units_left for s in every}
        self.small = [w < rules["small_area_share"] for w in self.weight]

    def fill(self, used: Mapping[str | None, float]) -> int:
        """Give every day its sessions.

        Args:
            used: Units that fixed sessions use up, by resource.

        Returns:
            Mixed questions placed inside the window.
        """
        for name, units in used.items():
            if name in self.left:
                self.left[name] -= units
        for i in range(len(self.drafts)):
            self._day(i)
        return self.window_done

    # One day -----------------------------------------------------------------------------------

    def _day(self, i: int) -> None:
        draft, minutes = self.drafts[i], self.targets.minutes
        self.block = block_of_day(draft, self.blocks)
        self.longest = whole_quarters(self.rules["session_minutes_max"])
        if draft.session_limit and draft.day.minutes > self.rules["short_day_minutes"]:
            # A short day has a block and one session beside it: nothing to cut.
            self.longest = draft.session_limit
        self.missed_open += self.missed_later.pop(i, 0.0)
        today = {name: float(getattr(minutes, name)[i]) for name in KINDS}
        for name, wanted in today.items():
            self.owed[name] += wanted
        study = draft.study
        wanted = sum(today.values()) + self.rounded
        # The least a hard day holds is done as one session, whatever it is owed.
        if wanted < study - 2 and study > 2 * self.shortest:
            study = int(wanted + 2.5) // 5 * 5
        if study < self.shortest:
            self.rounded = min(wanted, float(self.longest)) if draft.study else self.rounded
            return
        spans = free_spans(draft.slots, self.shortest)
        pieces = self._pieces(i, study, spans)
        pause = self.rules.whole("quarter_minutes")
        rows = self._in_a_row(pieces)
        placed, lost = lay_out(spans, rows, pause, self.shortest)
        blocks_first = sorted(rows, key=lambda p: not p.whole)
        for order, rest in (
            (rows, 0),
            (blocks_first, pause),
            (blocks_first, 0),
            (pieces, pause),
            (pieces, 0),
        ):
            if lost:
                other, less = lay_out(spans, order, rest, self.shortest)
                placed, lost = (other, less) if less < lost else (placed, lost)
        self.rounded = wanted - sum(p.minutes for _, p in placed)
        self.rounded = min(max(self.rounded, -30.0), float(self.longest))
        self._large_area_first(i, placed)
        for start, piece in placed:
            self._place(i, start, piece)
        first = min(placed, key=lambda p: p[0])[1].area if placed else None
        self.openings += bool(placed)
        if first is not None:
            self.opened[first] += 1

    def _large_area_first(self, i: int, placed: Sequence[tuple[int, Piece]]) -> None:
        """A small area never opens the day, also where the clock brought its piece forward."""
        first = min(placed, key=lambda p: p[0])[1] if placed else None
        if first is None or first.area is None or not self.small[first.area]:
            return
        areas = [p.area for _, p in placed if p.area is not None and not self.small[p.area]]
        if first.kind == "content":
            first.area = areas[0] if areas else self._content_area(i, (), small=False)
        elif first.kind == "questions":
            first.area = None

    def _in_a_row(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The pieces with blocks of one kind joined that are prescribed to be done in a row."""
        joined: list[Piece] = []
        for piece in pieces:
            last = joined[-1] if joined else None
            if (
                last is not None
                and piece.whole
                and (last.kind, last.area, last.whole) == (piece.kind, piece.area, True)
                and piece.kind == "questions"
                and last.row < self.row
            ):
                joined[-1] = replace(last, minutes=last.minutes + piece.minutes, row=last.row + 1)
            else:
                joined.append(piece)
        return joined

    def _pieces(self, i: int, study: int, spans: Sequence[tuple[int, int]]) -> list[Piece]:
        """The day's sessions in order: content, blocks of its areas, mixed blocks, the rest."""
        short = study < self.rules["short_day_minutes"] + self.shortest
        # A whole block that is owed is done in one go, also on a day with little left to do.
        blocks = self._blocks(i, self.drafts[i].study, spans)
        study = max(study, blocks * self.block.minutes)
        late = self.strands and i - min(self.strand_days) > self._strand_gap
        if (
            late
            and blocks
            and not self.targets.weekly_quota
            and study - blocks * self.block.minutes < self.shortest
        ):
            # A strand keeps its days of the week, also where a block would fill the day.
            blocks -= 1
        mixed = self._mixed_blocks(i, blocks)
        singles = blocks - mixed
        left = study - blocks * self.block.minutes
        chosen = self._flexible(i, left, short, blocks, singles, mixed)
        content = chosen.pop("content", 0)
        areas = self._areas(i, singles, content)
        reads = None
        if content and areas and short:
            # A short day is about one area: its block is of the area that is read, else mixed.
            reads = self._content_area(i, areas, small=False)
            single = reads is not None and self.supply[reads] >= self.block.items
            areas = [reads] if single and reads is not None else []
        # An area whose questions run out is studied in the mix.
        mixed += singles - len(areas)
        order = [Piece("questions", self.block.minutes, a, whole=True) for a in areas]
        order += [Piece("questions", self.block.minutes, whole=True)] * mixed
        if content:
            area = reads
            if area is None:
                area = self._content_area(i, areas, small=bool(order))
            read = self._cut("content", content, area)
            # Reading comes before the questions of its area. A small area never opens the day.
            order = order + read if area is not None and self.small[area] else read + order
        if chosen.get("strands"):
            order += self._strand_pieces(
                i, chosen["strands"], (singles + mixed) * self.block.minutes
            )
        for name in ("incorrects", "recall", "cards"):
            order += self._cut(name, chosen.get(name, 0))
        return order

    def _strand_pieces(self, i: int, minutes: int, hard: int) -> list[Piece]:
        """The day's strand: whole blocks where it is done in a bank, and what is left over."""
        strand = self._next_strand(i)
        first: list[Piece] = []
        if self.strands[strand].id == "pacing":
            # Pace is trained often and briefly; another strand has the rest of the time.
            most = self.rules.whole("pacing_session_max")
            short = self.drafts[i].day.free <= self.rules["short_day_minutes"]
            others = [n for n in range(len(self.strands)) if n != strand and not short]
            half = whole_quarters(minutes / 2) if others else minutes
            own = min(minutes, most, max(self.shortest, half))
            first = self._cut("strands", own, strand=strand)
            minutes -= own
            if not others or minutes < self.shortest:
                return first
            strand = min(others, key=lambda n: self.strand_days[n])
        return first + self._pieces_of_strand(i, strand, minutes, hard)

    def _pieces_of_strand(self, i: int, strand: int, minutes: int, hard: int) -> list[Piece]:
        """Sessions of one strand in so many minutes."""
        if self.strands[strand].activity != "questions":
            return self._cut("strands", minutes, strand=strand)
        room = self.drafts[i].hard - hard
        blocks = min(minutes, max(0, room)) // self.block.minutes
        if blocks:
            return [Piece("strands", self.block.minutes, None, strand, whole=True)] * blocks
        return self._cut("strands", minutes, strand=strand)

    def _next_strand(self, i: int) -> int:
        """The strand whose days are due, else the one that is owed most."""
        late = [n for n, last in enumerate(self.strand_days) if i - last >= self._strand_gap]
        if late:
            # Pace first: three times a week, where the others have two.
            return min(late, key=lambda n: (self.strands[n].id != "pacing", self.strand_days[n]))
        return int(np.argmax(self._strand_debt()))

    @property
    def _strand_gap(self) -> int:
        """Most days from one session of a strand to the next."""
        return 7 // (self.rules.whole("strand_days_per_week") + 1)

    def _cut(
        self, kind: str, minutes: int, area: int | None = None, strand: int | None = None
    ) -> list[Piece]:
        """Sessions of one kind, none longer than its longest."""
        longest = self.longest
        if kind == "cards":
            longest = min(longest, self.rules.whole("cards_session_max"))
        count = -(-minutes // longest)
        pieces: list[Piece] = []
        for n in range(count):
            length = min(longest, on_quarter(-(-minutes // (count - n))))
            length = minutes if n == count - 1 else length
            pieces.append(Piece(kind, length, area, strand))
            minutes -= length
        return pieces

    def _blocks(self, i: int, study: int, spans: Sequence[tuple[int, int]]) -> int:
        """How many whole blocks the day holds."""
        if not self.targets.question_days[i] or not self.material.questions:
            return 0
        each = self.block.minutes
        fit = sessions_that_fit(spans, each)
        supply = sum(self.left[s.name] // self.block.items for s in self.material.questions)
        most = min(fit, self.block.fit_in(study), self.drafts[i].hard // each, supply)
        wanted = int(self.owed["questions"] / each + 0.5)
        if self.row > 1 and most >= self.row and i < len(self.drafts) - 7:
            # Blocks wait for a day on which they can be done in a row.
            wanted = self.row * int(self.owed["questions"] / (self.row * each) + 0.5)
        if "start_questions_per_day" in self.rules.prescribed:
            number = float(self.targets.minutes.questions[i])
            wanted = min(wanted, max(1, int(number / each + 1e-6)))
        return int(max(0, min(most, wanted)))

    def _mixed_blocks(self, i: int, blocks: int) -> int:
        """How many of the day's blocks are mixed."""
        share = float(self.targets.mixed[i])
        last_third = 3 * i >= 2 * len(self.drafts)
        if self._in_window(i) or (self.targets.weekly_quota and last_third):
            # A handful of blocks is rounded to what its third is for.
            share = 1.0
        owed = self.mixed_owed + share * blocks
        step = self.row if blocks % self.row == 0 else 1
        mixed = int(min(blocks, max(0, step * int(owed / step + 0.5))))
        if share >= 1.0:
            mixed = blocks
        self.mixed_owed = min(float(step), max(-float(step), owed - mixed))
        return mixed

    def _in_window(self, i: int) -> bool:
        t = self.targets
        return bool(t.window[i]) and self.window_done < t.window_questions

    def _limits(self, i: int, study: int) -> dict[str, int]:
        """Most minutes of each other kind on the day."""
        rules, t = self.rules, self.targets
        work = t.question_days[i]
        done = self.drafts[i].drafts
        cards = sum(d.minutes for d in done if d.activity == "cards")
        due = self.missed_open * rules["incorrect_minutes"]
        books = self.material.passive_minutes if self.material.passive else 1e6
        short = study < rules["short_day_minutes"] + self.shortest
        most_cards = rules.whole("cards_session_max" if short else "cards_minutes_max")
        return {
            "content": int(min(books, study)) if t.content_days[i] and work else 0,
            "strands": self._most_strand(study) if work else 0,
            "incorrects": whole_quarters(due + 7.0) if work else 0,
            "recall": self._most_recall(i, study),
            "cards": max(0, most_cards - cards) if self.material.cards else 0,
        }

    def _most_strand(self, study: int) -> int:
        """A strand takes what it is owed; on its days a quarter of an hour at least."""
        if not self.strands:
            return 0
        owed = whole_quarters(max(0.0, self.owed["strands"]) + self.shortest)
        return min(study, max(self.shortest, owed))

    def _most_recall(self, i: int, study: int) -> int:
        if not self.targets.question_days[i]:
            return self.rules.whole("eve_notes_minutes")
        share = self.rules["recall_share_max"] * self.drafts[i].day.minutes
        # Where nothing else is left, recall holds what is known: the allocation says how much.
        most = max(share, float(self.targets.minutes.recall[i]), 2.0 * self.shortest)
        return int(min(study, on_quarter(round(most))))

    def _flexible(
        self, i: int, left: int, short: bool, blocks: int, singles: int, mixed: int
    ) -> dict[str, int]:
        """Minutes of the kinds that fill the day beside its blocks.

        The kinds that are owed most, as many as the day's changes of task allow.
        """
        if left < self.shortest:
            return {}
        # One change is left for what the clock's windows take apart.
        groups = self.rules.whole("switches_per_day") + (not (singles and mixed))
        count = (2 - min(blocks, 1)) if short else groups - (singles > 0) - (mixed > 0)
        count -= singles > 2
        if self.drafts[i].day.free <= self.rules["short_day_minutes"]:
            # Two pieces, those that are fixed and the block among them.
            fixed = sum(d.activity is not None for d in self.drafts[i].drafts)
            count = 2 - fixed - min(blocks, 1)
            if count <= 0:
                return {}
        limits = self._limits(i, left)
        if limits["strands"] and min(self.strand_days) <= i - self._strand_gap:
            due = ["strands"]
        else:
            due = []
        least = self.shortest if short else 2 * self.shortest
        ranked = sorted(
            (name for name in limits if limits[name] >= self.shortest and self.owed[name] >= 8),
            key=lambda name: -self.owed[name] / (least if name != "cards" else self.shortest),
        )
        given: dict[str, int] = {}
        ranked = due + [name for name in ranked if name not in due]
        for name in ranked[: max(1, count)]:
            wanted = max(self.owed[name] + 7.0, float(self.shortest) if name in due else 0.0)
            minutes = whole_quarters(min(wanted, limits[name], left))
            if minutes >= self.shortest:
                given[name] = minutes
                left -= minutes
        left = self._grow(given, limits, left)
        # What none of them can take goes to the next kinds, so that no hour stays empty.
        hard_day = self.drafts[i].day.minutes <= 2 * self.shortest
        rest = sorted(
            (n for n in limits if n not in given),
            # The easiest first on a hard day.
            key=lambda n: (hard_day and n != "cards", -self.owed[n]),
        )
        for name in rest:
            # An hour is worth one more change of task, a quarter of one is not.
            more = 0 if short else left // (3 * self.shortest)
            if left < self.shortest or len(given) >= max(1, count + min(2, more)):
                break
            minutes = whole_quarters(min(limits[name], left))
            if minutes >= self.shortest and (self.owed[name] > 0 or not given):
                given[name] = minutes
                left -= minutes
        if 0 < left < self.shortest and given:
            last = next((n for n in ("recall", "incorrects", "content", "cards") if n in given), "")
            if last and limits[last] >= given[last] + left:
                given[last] += left
        return given

    def _grow(self, given: dict[str, int], limits: Mapping[str, int], left: int) -> int:
        """Let the kinds chosen take what is left, the one owed most first."""
        while left >= self.shortest:
            open_kinds = [n for n in given if given[n] + self.shortest <= limits[n]]
            if not open_kinds:
                break
            name = max(open_kinds, key=lambda n: self.owed[n] - given[n])
            given[name] += self.shortest
            left -= self.shortest
        return left

    def _strand_debt(self) -> list[float]:
        share = sum(s.share for s in self.strands)
        if not share:
            return []
        whole = self.owed["strands"] + sum(self.by_strand)
        return [
            whole * s.share / share - done
            for s, done in zip(self.strands, self.by_strand, strict=True)
        ]

    # Areas -------------------------------------------------------------------------------------

    def _areas(self, i: int, singles: int, content: int) -> list[int]:
        """The areas of the day's single-area blocks, at most two, each together."""
        if not singles:
            return []
        each = self.block.minutes * float(self.targets.day_worth[i])
        first = self._next_area(i, each, opens=not content)
        small = self._due_small(i, each)
        if small is not None and first is not None and (content or singles > 1):
            # Never at the head of the day, and once in so many days.
            return [first] * (singles - 1) + [small]
        if singles <= 2 or first is None:
            return [] if first is None else [first] * singles
        half = -(-singles // 2)
        self.given[first] += half * each
        second = self._next_area(i, each, opens=False, but=first)
        self.given[first] -= half * each
        second = first if second is None else second
        return [first] * half + [second] * (singles - half)

    def _next_area(self, i: int, gain: float, *, opens: bool, but: int | None = None) -> int | None:
        """The area furthest below its target that still has new questions."""
        progress = (sum(self.given) + gain) / self.total
        due = self._due(i)
        most = self.rules["opening_share_max"] * (self.openings + 1)
        best, best_score = None, -float("inf")
        for a, want in enumerate(self.want):
            if a == but or self.small[a] or self.supply[a] < self.block.items:
                continue
            if self._too_much(a, self.block.minutes):
                continue
            score = want * progress - self.given[a]
            if a in due:
                score += gain
            if opens and self.openings >= 4 and self.opened[a] + 1 > most:
                score -= 10.0 * gain
            if score > best_score + 1e-12:
                best, best_score = a, score
        return best

    def _due_small(self, i: int, gain: float) -> int | None:
        """A small area that is owed a block of its own and has had none for long."""
        progress = (sum(self.given) + gain) / self.total
        rare = self.rules.whole("small_area_days")
        owed = {
            a: self.want[a] * progress - self.given[a]
            for a, small in enumerate(self.small)
            if small
            and self.supply[a] >= self.block.items / 2
            and i - self.last_day.get(a, -rare) >= rare
        }
        best = max(owed, key=lambda a: owed[a], default=None)
        return best if best is not None and owed[best] >= 0.5 * gain else None

    def _content_area(self, i: int, areas: Sequence[int], *, small: bool) -> int | None:
        """Where the day reads: the named area that has had least, its questions' own if named.

        A weak area that has had too few days of its own comes first.

        Args:
            i: The day.
            areas: Of the day's blocks.
            small: Whether a small area may be chosen, because a block opens the day.
        """
        named = self.content_given
        part = (i + 1) / (_MOST_OF_THE_PLAN * len(self.drafts))
        days = int(min(part, 1.0) * self.rules["weak_area_days_min"])
        for a in self.targets.weak:
            if self.days_of[a] < days and (small or not self.small[a]):
                return a
        fits = [
            a
            for a in named
            if (small or not self.small[a]) and not self._too_much(a, 2 * self.shortest)
        ]
        if not fits:
            if areas:
                return areas[0]
            return min(range(len(self.want)), key=self._area_load)
        least = min(fits, key=lambda a: named[a] * self.content_pace[a])
        for a in areas:
            even = named[least] * self.content_pace[least]
            if a in fits and named[a] <= even / self.content_pace[a] + 2 * self.longest:
                return a
        return least

    def _too_much(self, area: int, minutes: float) -> bool:
        """Whether an area would take more than its most of study; mixed work counts by weight."""
        whole = sum(self.area_minutes)
        most = max(self.rules["area_share_max"], 2.0 * self.weight[area])
        return whole >= 4 * self.longest and self.area_minutes[area] + minutes > most * (
            whole + minutes
        )

    def _area_load(self, area: int) -> float:
        """Minutes of an area by its exam weight; small areas come last."""
        return self.area_minutes[area] / self.weight[area] + (1e9 if self.small[area] else 0.0)

    def _due(self, i: int) -> set[int]:
        """Weak areas whose return is due by the published gaps for the time left."""
        _, longest = review_gap(len(self.drafts) - i, self.rules)
        return {
            a
            for a in self.targets.weak
            if self.want[a] > self.given[a] and i - self.last_day.get(a, i) >= longest
        }

    # Sessions ----------------------------------------------------------------------------------

    def _place(self, i: int, start: int, piece: Piece) -> None:
        make = {
            "questions": self._question_block,
            "incorrects": self._incorrects,
            "content": self._content,
            "strands": self._strand,
            "recall": self._recall,
            "cards": self._cards,
        }[piece.kind]
        draft = make(i, start, piece)
        self.owed[piece.kind] -= piece.minutes
        if piece.area is not None:
            worth = self.targets.worth.of(
                draft.activity or "other", "study", piece.area, self.dynamics.exam_weight
            )
            self.area_minutes[piece.area] += piece.minutes
            self.given[piece.area] += piece.minutes * worth * float(self.targets.day_worth[i])
            self.days_of[piece.area] += self.last_day.get(piece.area) != i
            self.last_day[piece.area] = i
        elif piece.strand is None:
            for a, weight in enumerate(self.weight):
                self.area_minutes[a] += weight * piece.minutes
        self.drafts[i].take(draft)

    def _bank(self) -> Supply:
        items = self.block.items
        banks = self.material.questions
        return next((s for s in banks if self.left[s.name] >= items), banks[0])

    def _question_block(self, i: int, start: int, piece: Piece) -> Draft:
        bank, a, t = self._bank(), piece.area, self.targets
        units = int(min(piece.row * self.block.items, self.left[bank.name]))
        self.left[bank.name] -= units
        missed = t.missed_share * units
        for n in (1, 2, 3):
            day = i + self.rules.whole(f"incorrect_day_{n}")
            share = self.rules[f"incorrect_share_{n}"]
            self.missed_later[day] = self.missed_later.get(day, 0.0) + share * missed
        timed = a is None or t.pacing or piece.row > 1 or i >= t.timed_from
        testing = piece.row * self.block.block_minutes
        area = None if a is None else self.dynamics.areas[a]
        choice = bank_choice(bank.name, timed=timed, area=area)
        steps = self.block.steps(piece.minutes, piece.row)
        if a is None:
            self.window_done += units if t.window[i] else 0
            why = reason(
                "planning.block-mixed",
                questions=units,
                block_minutes=testing,
                seconds=self.block.seconds_per_item if t.pacing or piece.row > 1 else None,
                stands_in=self._in_window(i),
                review_minutes=review_minutes(steps),
                **choice.as_facts(),
            )
        else:
            self.supply[a] -= units
            why = self._block_reason(i, a, units, choice, piece, timed=timed)
        return Draft(
            start,
            piece.minutes,
            "questions",
            area=a,
            areas=() if a is None else (self.dynamics.areas[a],),
            resource=bank.name,
            units=units,
            reason=why,
            mode=mode_of(timed=timed),
            filter=choice.filter,
            first_pass=True,
            steps=steps,
        )

    def _block_reason(
        self, i: int, area: int, units: int, choice: BankChoice, piece: Piece, *, timed: bool
    ) -> Reason:
        last, row = self.last_day.get(area), piece.row
        return reason(
            "planning.block-area",
            questions=units,
            block_minutes=row * self.block.block_minutes,
            timed=timed,
            seconds=self.block.seconds_per_item if self.targets.pacing or row > 1 else None,
            area=self.dynamics.areas[area],
            weak=area in self.targets.weak,
            exam_percent=max(1, round(100 * self.weight[area])),
            days_since=None if last is None or i - last < 2 else i - last,
            review_minutes=review_minutes(self.block.steps(piece.minutes, row)),
            **choice.as_facts(),
        )

    def _incorrects(self, i: int, start: int, piece: Piece) -> Draft:
        units = max(1, int(piece.minutes / self.rules["incorrect_minutes"]))
        units = min(units, max(1, int(self.missed_open)))
        self.missed_open = max(0.0, self.missed_open - units)
        bank = self.material.questions[0].name if self.material.questions else None
        timed = self.targets.pacing or i >= self.targets.timed_from
        choice = bank_choice(bank, timed=timed, new=False)
        return Draft(
            start,
            piece.minutes,
            "review",
            resource=bank,
            units=units,
            reason=reason(
                "planning.incorrects",
                questions=units,
                seconds=self.block.seconds_per_item if self.targets.pacing else None,
                **choice.as_facts(),
            ),
            mode=mode_of(timed=timed),
            filter=choice.filter,
            first_pass=False,
            steps=two_steps("incorrects", "causes", piece.minutes, self.block.causes_minutes),
        )

    def _content(self, i: int, start: int, piece: Piece) -> Draft:
        supply = next((s for s in self.material.passive if self.left[s.name] > 0), None)
        activity: Activity = "video" if supply is not None and supply.kind == "video" else "reading"
        if supply is not None:
            self.left[supply.name] -= piece.minutes / supply.minutes_per_unit
        if piece.area in self.content_given:
            self.content_given[piece.area] += piece.minutes
        area = None if piece.area is None else self.dynamics.areas[piece.area]
        return Draft(
            start,
            piece.minutes,
            activity,
            area=piece.area,
            areas=() if area is None else (area,),
            resource=None if supply is None else supply.name,
            reason=reason(
                "planning.content",
                area=area,
                owned=supply is not None,
                video=activity == "video",
                resource=None if supply is None else supply.name,
            ),
            steps=two_steps(
                "watch" if activity == "video" else "read",
                "recall",
                piece.minutes,
                self.shortest,
            ),
        )

    def _strand(self, i: int, start: int, piece: Piece) -> Draft:
        assert piece.strand is not None
        strand = self.strands[piece.strand]
        self.by_strand[piece.strand] += piece.minutes
        self.strand_days[piece.strand] = i
        if strand.id == "pacing":
            return self._pacing(start, piece, strand)
        activity = strand.activity
        if activity in ("reading", "video") and not self.targets.content_days[i]:
            activity = "other"
        in_bank = strand.activity == "questions" and piece.minutes >= self.block.minutes
        if strand.from_bank and self.left.get(strand.resource, 0.0) < self.block.items:
            in_bank = False
        choice = bank_choice(strand.resource, timed=True, area=strand.label)
        draft = Draft(
            start,
            piece.minutes,
            "other" if activity == "questions" and not in_bank else activity,
            resource=strand.resource,
            areas=(strand.label,),
        )
        if in_bank:
            units = self.block.items
            draft.mode = mode_of(timed=True)
            draft.filter = choice.filter
            draft.first_pass = True
            draft.units = units
            draft.steps = self.block.steps(piece.minutes)
            if strand.from_bank and strand.resource in self.left:
                self.left[strand.resource] -= units
        elif strand.id == "omm" or strand.activity != "other":
            first = {"reading": "read", "video": "watch"}.get(activity, "practice")
            draft.steps = two_steps(first, "recall", piece.minutes, self.shortest)
        else:
            draft.units = max(1, int(piece.minutes // self.rules["case_minutes"]))
            draft.mode = mode_of(timed=True)
            draft.steps = two_steps("cases", "review", piece.minutes, piece.minutes // 2)
        draft.reason = reason(
            "planning.strand",
            strand=strand.id,
            owned=strand.resource is not None,
            in_bank=in_bank,
            questions=draft.units,
            block_minutes=self.block.block_minutes,
            review_minutes=review_minutes(draft.steps),
            activity=draft.activity,
            **choice.as_facts(),
        )
        return draft

    def _pacing(self, start: int, piece: Piece, strand: Strand) -> Draft:
        """Questions missed before, against the clock: two thirds of the time, then their causes."""
        seconds = self.block.seconds_per_item
        testing = 2 * piece.minutes // 3
        units = max(1, 60 * testing // seconds)
        choice = bank_choice(strand.resource, timed=True, new=False)
        return Draft(
            start,
            piece.minutes,
            "questions",
            resource=strand.resource,
            areas=(strand.label,),
            units=units,
            mode=mode_of(timed=True),
            filter=choice.filter,
            first_pass=False,
            steps=two_steps("incorrects", "causes", piece.minutes, piece.minutes - testing),
            reason=reason(
                "planning.pacing",
                questions=units,
                seconds=seconds,
                minutes=testing,
                **choice.as_facts(),
            ),
        )

    def _recall(self, i: int, start: int, piece: Piece) -> Draft:
        eve = not self.targets.question_days[i]
        return Draft(
            start,
            piece.minutes,
            "other",
            reason=reason("planning.takeaways" if eve else "planning.from-memory"),
            steps=(SessionStep("takeaways" if eve else "recall", piece.minutes),),
        )

    def _cards(self, i: int, start: int, piece: Piece) -> Draft:
        supply = self.material.cards[0]
        new = 0.0
        already = any(d.activity == "cards" for d in self.drafts[i].drafts)
        due = self.material.due_card_minutes_per_day
        if self.targets.content_days[i] and not already and not (due and due >= piece.minutes):
            new = min(
                self.left[supply.name],
                self.rules["new_cards_per_day"],
                piece.minutes / supply.minutes_per_unit,
            )
        units = max(0, int(new))
        self.left[supply.name] -= units
        return Draft(
            start,
            piece.minutes,
            "cards",
            resource=supply.name,
            units=units,
            reason=reason("planning.cards", new=units, deck=supply.name),
            steps=two_steps(
                "due-cards",
                "new-cards",
                piece.minutes,
                min(piece.minutes, round(units * supply.minutes_per_unit)),
            ),
        )


def review_gap(days_left: float, rules: Rules) -> tuple[float, float]:
    """Shortest and longest days between returns to an area, for the days left until the exam.

    Published gaps for one week, a month and two months.
    """
    points = (7.0, 30.0, 60.0)
    low = [rules[f"gap_days_{when}_low"] for when in ("short", "month", "far")]
    high = [rules[f"gap_days_{when}_high"] for when in ("short", "month", "far")]
    return float(np.interp(days_left, points, low)), float(np.interp(days_left, points, high))
