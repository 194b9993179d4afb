"""A day for every practice test that is owned, or the reason why it has none.

Order of the claims: two tests for the last two weeks (the decision rests on them), a baseline if
none is recent, then the rest spaced over the weeks between. The best test and the free official
sample are kept for the end. A test taken before is never placed as if it were new.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bounceback import facts
from bounceback.planning.availability import Day
from bounceback.planning.models import LedgerEntry, TestRole
from bounceback.planning.parameters import Rules
from bounceback.planning.practice_tests.history import (
    COMSAE,
    FREE_SAMPLE,
    days_taken,
    form_size,
    has_extra_time,
    is_avoided,
    latest_evidence,
    put_off_counts,
)
from bounceback.reasons import Reason, reason
from bounceback.records.models import LedgerForm, Record


@dataclass(frozen=True, slots=True)
class Room:
    """Where tests may go: one entry a day, from the first day of the plan.

    Attributes:
        days: Days before the exam.
        taken: Minutes of each day that fixed sessions already hold.
    """

    days: Sequence[Day]
    taken: Sequence[int]

    def minutes(self, i: int) -> int:
        """Minutes of day ``i`` that a test may use. Catch-up time gives way to a test."""
        return max(0, self.days[i].minutes - self.taken[i])


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementProblem:
    """What decides the days of practice tests.

    Attributes:
        record: Whose tests.
        as_of: Day the plan is made.
        test_date: The exam.
        room: Days before it.
        rules: Plan parameters.
        pinned: Days that stay, by label.
        kept: Entries of an earlier plan, by label: their role stays with a pinned day, and the
            larger count of days put off holds.
        fresh_questions: Unseen bank questions left (``inf`` if not recorded).
        minutes_per_question: Of the bank in use, review included; sizes the first steps.
        retest: For a plan that leads to a checkpoint test: that test on its day. The tests that
            say most then wait for the decision after it, and nothing stands in for them.
    """

    record: Record
    as_of: date
    test_date: date
    room: Room
    rules: Rules
    pinned: Mapping[str, date] = field(default_factory=dict)
    kept: Mapping[str, LedgerEntry] = field(default_factory=dict)
    fresh_questions: float = 0.0
    minutes_per_question: float = 0.0
    retest: LedgerEntry | None = None

    @property
    def exam_id(self) -> str:
        """The exam ahead."""
        return self.record.exam.id


def place_forms(p: PlacementProblem) -> tuple[LedgerEntry, ...]:
    """Give every owned test a day or a reason, and name what stands in where tests are few.

    Returns:
        Owned tests in the record's order, then what the plan suggests.
    """
    from bounceback.planning.practice_tests.stand_ins import first_steps, stand_ins

    record, rules, retest = p.record, p.rules, p.retest
    taken = days_taken(record, p.as_of)
    before = {label: e.put_off for label, e in p.kept.items()}
    put_off = put_off_counts(record, p.as_of, before)
    owned: list[LedgerEntry] = []
    seen: set[tuple[str, str]] = set()
    for form in record.ledger:
        owned.append(_entry(p, form, taken, seen, put_off))
        seen.add((form.family, form.form))
    asked = [
        suggested_test(p, n + 1, taken)
        for n in range(rules.whole("forms_extra") if retest is None else 0)
    ]
    if retest is not None and retest.label not in {e.label for e in owned}:
        asked.append(replace(retest, date=None, reason=None, state="open", owned=False))

    def place(entries: Sequence[LedgerEntry], pinned: Mapping[str, date]) -> Chooser:
        found = Chooser(p, entries, pinned)
        found.place(retest)
        return found

    suggested = [e for e in asked if e is not None]
    chosen = place([*owned, *suggested], p.pinned)
    spare = {e.label for e in owned if e.state == "open"} & {
        e.label for e in chosen.entries if e.date is None
    }
    if spare and retest is None:
        # Nothing is to be bought while a test of one's own has no day.
        chosen = place([*owned, *(e for e in suggested if e.label in p.pinned)], p.pinned)
    extra = stand_ins(p, chosen)
    return (
        *map(_beyond, _gently(chosen.entries, rules)),
        *first_steps(p, chosen),
        *map(_beyond, extra),
    )


def _beyond(entry: LedgerEntry) -> LedgerEntry:
    """The entry, saying so where it is none of the learner's own."""
    if entry.owned or entry.date is None or entry.reason is None:
        return entry
    return replace(entry, reason=_with(entry.reason, not_owned=True))


def _gently(entries: Sequence[LedgerEntry], rules: Rules) -> list[LedgerEntry]:
    """The next test says that it may be taken in halves where tests were put off."""
    placed = [e for e in entries if e.date is not None and e.owned and e.reason is not None]
    if not placed or not is_avoided(entries, rules):
        return list(entries)
    first = min(placed, key=lambda e: e.date or date.max)
    assert first.reason is not None
    gentle = replace(first, reason=_with(first.reason, in_halves=True))
    return [gentle if e is first else e for e in entries]


def _with(why: Reason, **more: bool) -> Reason:
    return Reason(why.code, {**why.facts, **more})


def _entry(
    p: PlacementProblem,
    form: LedgerForm,
    taken: Mapping[str, date],
    seen: Collection[tuple[str, str]],
    put_off: Mapping[str, int],
) -> LedgerEntry:
    record = p.record
    extra_time = has_extra_time(record)
    size = form_size(form.family, p.exam_id, p.test_date, p.rules, extra_time=extra_time)
    label = f"{form.family} {form.form}"
    entry = LedgerEntry(
        family=form.family,
        form=form.form,
        date=None,
        role="spare",
        measure=size.measure,
        put_off=put_off.get(label, 0),
        minutes=size.minutes,
        items=size.items,
    )
    if label in taken:
        scored = any(f"{f.family} {f.form}" == label for f in record.forms)
        if scored:
            why = reason("planning.test-taken", date=taken[label])
            return replace(entry, state="taken", reason=why)
        why = reason("planning.test-ticked", date=taken[label])
        return replace(entry, state="ticked", reason=why)
    if (form.family, form.form) in seen:
        return replace(entry, state="listed-twice", reason=reason("planning.test-listed-twice"))
    return entry


def suggested_test(p: PlacementProblem, number: int, taken: Collection[str]) -> LedgerEntry | None:
    """A test beyond the learner's own list: an unused one of the exam's best family on sale."""
    record, exam_id = p.record, p.exam_id
    used = {(f.family, f.form) for f in record.forms} | {(f.family, f.form) for f in record.ledger}
    best: LedgerEntry | None = None
    best_worth = 0.0
    for family_id in facts.form_families(exam_id):
        family = facts.form_family(family_id, exam_id)
        on_sale = [f for f in family.forms if f not in family.retired]
        # Where labels are not published: one of the family, and further ones by their number.
        labels = on_sale if family.forms else list(_NUMBERED)[::-1]
        gone = {*taken, p.retest.label} if p.retest is not None else taken
        unused = [
            f
            for f in labels
            if (family_id, f) not in used and f"{family_id} {f}".strip() not in gone
        ]
        on_offer = family.price_usd is not None or family_id == COMSAE
        if not family.measure or not on_offer or len(unused) < number:
            continue
        size = form_size(
            family_id, exam_id, p.test_date, p.rules, extra_time=has_extra_time(record)
        )
        if size.worth > best_worth:
            best_worth = size.worth
            best = LedgerEntry(
                family=family_id,
                form=unused[-number],
                date=None,
                role="spare",
                owned=False,
                measure=True,
                minutes=size.minutes,
                items=size.items,
            )
    return best


_NUMBERED = ("", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th")
"""Labels of tests of a family whose own are not published."""


class Chooser:
    """Places entries one by one; holds which days are used."""

    def __init__(
        self, p: PlacementProblem, entries: Sequence[LedgerEntry], pinned: Mapping[str, date]
    ) -> None:
        self.entries = list(entries)
        self.exam = p.exam_id
        self.as_of = p.as_of
        self.test_date = p.test_date
        self.room = p.room
        self.rules = p.rules
        self.pinned = pinned
        self.last_form = latest_evidence(p.record, p.as_of)
        self.kept = p.kept
        self.used: dict[date, int] = {}
        self.index = {day.date: i for i, day in enumerate(p.room.days)}

    def place(self, retest: LedgerEntry | None = None) -> None:
        """Give every entry its day or its reason."""
        for i, entry in enumerate(self.entries):
            if retest is not None and entry.label == retest.label and entry.state == "open":
                self._checkpoint(i, retest)
                continue
            day = self.pinned.get(entry.label)
            if day is not None and entry.state == "open":
                before = self.kept.get(entry.label)
                role: TestRole = "decision" if self._late(day) else "course"
                why = reason("planning.test-pinned")
                if before is not None and before.date == day:
                    role = before.role
                    why = before.reason or _purpose(role)
                self.set(i, day, role, why)
        waiting = [i for i, e in enumerate(self.entries) if e.date is None and e.state == "open"]
        # Best last: an equated, long test says most where the decision is made.
        waiting.sort(key=self._worth)
        keep = self.rules.whole("forms_in_window")
        if retest is None:
            keep = max(0, keep - self.measures_late())
        if self.needs_baseline():
            # Where the learner is now comes before where they will be.
            keep = min(keep, max(0, len(waiting) - 1))
        late = self._kept_for_the_end(waiting, keep)
        early = [i for i in waiting if i not in late]
        if early and self.needs_baseline():
            self.baseline(early)
        if retest is None:
            self.decision(late)
        for i in late if retest is not None else ():
            why = reason("planning.test-kept-for-later")
            self.entries[i] = replace(self.entries[i], state="kept-for-later", reason=why)
        self._course([i for i in early if self.entries[i].date is None])
        unplaced = [i for i in late if self.entries[i].date is None]
        if retest is None and unplaced:
            self._course(unplaced)
        self._reasons()

    def _kept_for_the_end(self, waiting: Sequence[int], keep: int) -> list[int]:
        """The tests of the last two weeks, in order: the best ones, the free sample among them."""
        measures = [i for i in waiting if self.entries[i].measure]
        late = measures[len(measures) - keep :] if keep else []
        sample = [i for i in waiting if self.entries[i].family == FREE_SAMPLE]
        if keep and sample and sample[-1] not in late and len(waiting) > 1:
            late = [*late[1:], sample[-1]] if len(late) >= keep else [*late, sample[-1]]
        if len(late) == 2 and self.entries[late[0]].family == FREE_SAMPLE:
            late.reverse()
        return late

    def _checkpoint(self, i: int, retest: LedgerEntry) -> None:
        """Put the checkpoint test on its day, also where its hours are still to be found."""
        assert retest.date is not None
        k = self.index.get(retest.date, -1)
        minutes = self.entries[i].minutes
        fits = k >= 0 and self.room.minutes(k) >= minutes and can_sit(self.room.days[k], minutes)
        why = retest.reason or reason("planning.test-checkpoint", score=None)
        self.set(
            i,
            retest.date,
            "retest",
            why if fits else Reason(why.code, {**why.facts, "minutes_to_free": minutes}),
        )

    def measures_late(self) -> int:
        """Tests that count, with a day in the last two weeks."""
        return sum(1 for e in self.entries if e.date and e.measure and self._late(e.date))

    def _worth(self, i: int) -> tuple[float, str]:
        e = self.entries[i]
        size = form_size(e.family, self.exam, self.test_date, self.rules)
        return (size.worth, e.form.rjust(8))

    def _late(self, day: date) -> bool:
        return (self.test_date - day).days <= self.rules.whole("form_window_days")

    def needs_baseline(self) -> bool:
        """Whether no test is recent, and there is time for one before the end."""
        horizon = (self.test_date - self.as_of).days
        if horizon <= self.rules.whole("baseline_horizon_days"):
            return False
        recent = self.rules.whole("baseline_recent_days")
        return self.last_form is None or (self.as_of - self.last_form).days > recent

    def _fits(self, i: int, day: date, spacing: int, *, halves: bool = False) -> bool:
        index = self.index.get(day)
        if index is None:
            return False
        # A test that was put off waits until its smaller steps have had their days.
        if (
            is_avoided(self.entries, self.rules)
            and not self._late(self.as_of)
            and (day - self.as_of).days < self.rules.whole("first_step_days")
        ):
            return False
        if day == self.last_form or any(abs((day - o).days) < spacing for o in self.used):
            return False
        minutes = self.entries[i].minutes
        if not halves:
            return self._holds(index, minutes)
        half = -(-minutes // 10) * 5
        return (
            index + 1 < len(self.room.days)
            and self._holds(index, half)
            and self._holds(index + 1, minutes - half)
        )

    def _holds(self, k: int, minutes: int) -> bool:
        """Whether day ``k`` has the clock hours for so long a test."""
        day = self.room.days[k]
        quiet = (self.test_date - day.date).days <= self.rules.whole("form_quiet_days")
        if quiet or day.role not in ("study", "taper") or day.date in self.used:
            return False
        return self.room.minutes(k) >= minutes and can_sit(day, minutes)

    def _nearest(self, i: int, wanted: date, low: date, high: date, spacing: int) -> date | None:
        """The fitting day nearest to ``wanted`` in [low, high]; of two as near, the earlier.

        Days after which half of the test's length is left for its review come first. A test that
        could not be reviewed at all, though days after it hold work, gets no day there.
        """
        days = [day.date for day in self.room.days if low <= day.date <= high]
        days.sort(key=lambda d: (abs((d - wanted).days), d))
        halves = not self._any_day_holds(i)
        if halves:
            # Two mornings of one weekend rather than of a week.
            days.sort(key=lambda d: d.weekday() != 5)
        closer = max(self.rules.whole("form_spacing_late_days"), spacing - 3)
        tiers = ((spacing, True), (min(spacing, closer), True), (spacing, False))
        for gap, well in tiers if spacing != closer else (tiers[0], tiers[2]):
            for day in days:
                if self._fits(i, day, gap, halves=halves) and self._leaves_reviews(
                    i, day, halves=halves, well=well
                ):
                    return day
            if well:
                # Where no day leaves enough for the review: those that leave most come first.
                days.sort(key=lambda d: -self._review_minutes(d, {**self.used, d: i})[0])
        return None

    def _any_day_holds(self, i: int) -> bool:
        minutes = self.entries[i].minutes
        return any(self._holds(k, minutes) for k in range(len(self.room.days)))

    def _leaves_reviews(self, i: int, day: date, *, halves: bool, well: bool) -> bool:
        """Whether a test on a day can be reviewed in time, and takes no other test's review."""
        forms = {**self.used, day: i}
        first = day
        if halves:
            day += timedelta(days=1)
            forms[day] = i
        reach = round(self.rules["form_review_hours"] / 24)
        near = [
            o
            for o in self.used
            if first - o <= timedelta(days=reach) and o - day <= timedelta(days=reach)
        ]
        return self._reviewable(day, forms, well=well) and all(
            self._reviewable(other, forms) or not self._reviewable(other, self.used)
            for other in near
        )

    def _reviewable(self, day: date, forms: Mapping[date, int], *, well: bool = False) -> bool:
        """Whether the days after a test leave time for its review, or hold no work at all."""
        least = self.rules.whole("session_minutes_min")
        test = self.entries[forms[day]].minutes
        free, at_all = self._review_minutes(day, forms)
        return free >= (test / 2 if well else least) or (not at_all and not well)

    def _review_minutes(self, day: date, forms: Mapping[date, int]) -> tuple[int, bool]:
        """Minutes that a test's day and those after it leave, and whether those hold any work."""
        least = self.rules.whole("session_minutes_min")
        reach = round(self.rules["form_review_hours"] / 24)
        at_all, free = False, 0
        for n in range(reach + 1):
            on = day + timedelta(days=n)
            k = self.index.get(on)
            if k is None:
                continue
            whole = self.room.minutes(k)
            form = self.entries[forms[on]].minutes if on in forms else 0
            if forms.get(on) is not None and list(forms.values()).count(forms[on]) > 1:
                form //= 2
            free += max(0, whole - form)
            at_all = at_all or (n > 0 and (whole >= least or form > 0))
        return free, at_all

    def set(self, i: int, day: date, role: TestRole, why: Reason) -> None:
        """Put entry ``i`` on a day."""
        entry = self.entries[i]
        second = None
        k = self.index.get(day)
        whole = k is None or role == "retest" or self._holds(k, entry.minutes)
        if not whole and self._fits(i, day, 0, halves=True):
            second = day + timedelta(days=1)
        self.entries[i] = replace(
            entry, date=day, second_date=second, role=role, state="placed", reason=why
        )
        self.used[day] = i
        if second is not None:
            self.used[second] = i

    def decision(self, late: Sequence[int]) -> None:
        """Place the tests of the last two weeks."""
        window = self.rules.whole("form_window_days")
        quiet = self.rules.whole("form_quiet_days")
        low = max(self.as_of, self.test_date - timedelta(days=window))
        high = self.test_date - timedelta(days=quiet + 1)
        count = len(late)
        # Two: eleven and five days before; one: in the middle of the window.
        wanted = [
            low + timedelta(days=round((n + 1) / (count + 1) * (high - low).days))
            for n in range(count)
        ]
        chosen = self._two_days(late, wanted, low, high) if count == 2 else None
        # Where two find no days together: first what can be reviewed, then what is owned.
        order = range(count) if chosen else sorted(range(count), key=lambda n: self._hard(late[n]))
        for n in order:
            i = late[n]
            spacing = self.rules.whole("form_spacing_late_days")
            day = chosen[n] if chosen is not None else None
            for gap in (spacing, 2) if self.entries[i].owned else (spacing,):
                if day is None:
                    day = self._nearest(i, wanted[n], low, high, gap)
            if day is not None:
                self.set(i, day, "decision", self._decides(rehearsal=n == count - 1))

    def _hard(self, i: int) -> tuple[bool, bool]:
        """What makes a test hard to place in the last two weeks: its review, and buying it."""
        days = [d.date for d in self.room.days if self._late(d.date) and self._fits(i, d.date, 2)]
        reviewed = any(self._leaves_reviews(i, d, halves=False, well=True) for d in days)
        return not reviewed, not self.entries[i].owned

    def _two_days(
        self, late: Sequence[int], wanted: Sequence[date], low: date, high: date
    ) -> tuple[date, date] | None:
        """Days of the last two tests, chosen together: each can be reviewed, and they are apart.

        Of the pairs that serve the one nearest to the days wanted; ``None`` where none does.
        """
        first, second = late
        spacing = self.rules.whole("form_spacing_late_days")
        span = [low + timedelta(days=n) for n in range((high - low).days + 1)]
        fits = [[d for d in span if self._fits(i, d, spacing)] for i in (first, second)]
        pairs = sorted(
            (abs((a - wanted[0]).days) + abs((b - wanted[1]).days), a, b)
            for a in fits[0]
            for b in fits[1]
            if (b - a).days >= spacing
        )
        for _, a, b in pairs:
            if not self._leaves_reviews(first, a, halves=False, well=True):
                continue
            self.used[a] = first
            good = self._leaves_reviews(second, b, halves=False, well=True)
            good = good and self._reviewable(a, {**self.used, b: second}, well=True)
            del self.used[a]
            if good:
                return a, b
        return None

    def _decides(self, *, rehearsal: bool) -> Reason:
        rhythm = facts.rehearsal_rhythm(self.exam, self.test_date)
        return reason(
            "planning.test-decision",
            rehearsal=rehearsal,
            block_questions=rhythm.items_per_block,
            block_minutes=round(rhythm.minutes_per_block),
        )

    def baseline(self, early: Sequence[int]) -> None:
        """Place the first test of ``early`` that fits within days."""
        # The test that says least is enough to start from; the best are kept.
        high = self.as_of + timedelta(days=self.rules.whole("baseline_within_days"))
        last = self.test_date - timedelta(days=self.rules.whole("baseline_horizon_days") - 4)
        apart = self.rules.whole("form_spacing_late_days")
        official = [i for i in early if self.entries[i].family != FREE_SAMPLE] or list(early)
        for end in (high, high + timedelta(days=self.rules.whole("baseline_recent_days"))):
            for i in official:
                day = self._nearest(i, self.as_of, self.as_of, min(end, last), apart)
                if day is not None:
                    self.set(i, day, "baseline", reason("planning.test-baseline"))
                    return

    def _course(self, rest: Sequence[int]) -> None:
        """Place tests between the last one taken and the last two weeks, evenly."""
        if not rest:
            return
        spacing = self.rules.whole("form_spacing_days")
        window = timedelta(days=self.rules.whole("form_window_days"))
        end = self.test_date - window - timedelta(days=1)
        start = max([d for d in self.used if d <= end], default=self.last_form or self.as_of)
        low = max(self.as_of, start + timedelta(days=spacing))
        if start <= self.as_of and self.last_form is None and not self.used:
            low = self.as_of
        after = min([d for d in self.used if d > end], default=self.test_date)
        high = min(end, after - timedelta(days=spacing // 2))
        span = (high - low).days
        # As many as the spacing allows, evenly between the last test and the last two weeks.
        count = min(len(rest), span // spacing + 1) if span >= 0 else 0
        gap = max(spacing, (after - start).days / (count + 1)) if count else spacing
        if "form_spacing_days" in self.rules.prescribed:
            # A prescribed spacing is kept from the start, as long as the tests last.
            gap = spacing
        for n in range(count):
            wanted = min(start + timedelta(days=round(gap * (n + 1))), high)
            day = self._nearest(rest[n], max(low, wanted), low, high, spacing)
            if day is not None:
                self.set(rest[n], day, "course", reason("planning.test-course"))

    def _reasons(self) -> None:
        longest = max((self.room.minutes(k) for k in range(len(self.room.days))), default=0)
        for i, e in enumerate(self.entries):
            if e.date is not None or e.state != "open":
                continue
            if longest < e.minutes or not any(can_sit(d, e.minutes) for d in self.room.days):
                why = reason("planning.test-too-long", minutes=e.minutes, longest=longest)
                self.entries[i] = replace(e, state="too-long", reason=why)
            else:
                why = reason("planning.test-no-free-day")
                self.entries[i] = replace(e, state="no-free-day", reason=why)


def _purpose(role: TestRole) -> Reason:
    """What a test is for by its role alone, where an earlier plan gives no more."""
    codes = {"baseline": "planning.test-baseline", "decision": "planning.test-decision"}
    if role == "decision":
        return reason(codes[role], rehearsal=False)
    return reason(codes.get(role, "planning.test-course"))


def can_sit(day: Day, minutes: int) -> bool:
    """Whether a test fits the day's clock: at one time, or two with the gap as its long break."""
    lengths = sorted((end - -(-start // 15) * 15 for start, end in day.slots), reverse=True)
    return bool(lengths) and sum(length for length in lengths[:2] if length > 0) >= minutes
