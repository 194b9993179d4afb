"""The ledger of practice forms: every owned form gets a day or a reason.

Order of the claims on forms: two measures for the last fortnight (the decision rests on them), a
baseline if none is recent, then the rest spaced over the weeks between. The two that tell most are
kept for the end. A form seen before is never placed as if it were new.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.planning.availability import Day
from bounceback.planning.models import LedgerEntry
from bounceback.planning.parameters import Rules
from bounceback.records.models import Form, LedgerForm, PlannedSession, Record

TIMED_BLOCKS: Final = "timed-mixed-blocks"
"""Family name in the ledger of timed mixed blocks that stand in for a form."""

FREE_SAMPLE: Final = "free-120"


@dataclass(frozen=True, slots=True)
class FormSize:
    """How long a form takes and how much it tells.

    Attributes:
        items: Questions.
        minutes: Testing time.
        worth: Items, halved where the form is not equated or does not count as a measure; orders
            forms, nothing more.
        measure: Counts as one of the two measures before the decision.
    """

    items: int
    minutes: int
    worth: float
    measure: bool


def form_size(family: str, exam_id: str, test_date: date, rules: Rules) -> FormSize:
    """Size of a family's form; the length of unpublished ones follows from the exam's own pace."""
    rhythm = facts.rehearsal_rhythm(exam_id, test_date)
    pace = rhythm.minutes_per_block / rhythm.items_per_block
    try:
        known = facts.form_family(family, exam_id)
    except FactError:
        known = None
    items = known.items if known and known.items else rules.whole("measure_items")
    minutes = known.minutes if known and known.minutes else items * pace
    measure = known is not None and known.measure
    worth = float(items) * (1.0 if known is not None and known.equated else 0.5)
    return FormSize(items, -(-int(minutes) // 5) * 5, worth * (1.0 if measure else 0.5), measure)


@dataclass(frozen=True, slots=True)
class Room:
    """Where forms may go: one entry a day, from the first day of the plan.

    Attributes:
        days: Days before the sitting.
        taken: Minutes of each day that fixed sessions already hold.
    """

    days: Sequence[Day]
    taken: Sequence[int]

    def minutes(self, i: int) -> int:
        """Minutes of day ``i`` that a form may use. The buffer gives way to a form."""
        return max(0, self.days[i].minutes - self.taken[i])


@dataclass(frozen=True, slots=True)
class PlacedForm:
    """A form on its day, for the timetable."""

    entry: LedgerEntry
    review_minutes: int
    parts: int = 1


def days_taken(record: Record, as_of: date) -> dict[str, date]:
    """Forms behind the learner, by label, with their latest day.

    A form that was ticked counts, also while its score is not entered yet.
    """
    days = [(f"{f.family} {f.form}", f.date) for f in record.forms if f.date <= as_of]
    days += [
        (s.form, s.date)
        for s in record.plan
        if s.kind == "form" and s.form and s.done_minutes and s.date < as_of
    ]
    return {label: day for day, label in sorted((day, label) for label, day in days)}


def latest_evidence(record: Record, as_of: date) -> date | None:
    """Day of the last form taken since the last sitting of this exam; ``None`` without one."""
    sittings = [a.date for a in record.attempts if a.exam == record.exam.id and a.date < as_of]
    since = max(sittings, default=date.min)
    return max((day for day in days_taken(record, as_of).values() if day > since), default=None)


def times_put_off(
    plan: Sequence[PlannedSession], taken: Sequence[Form], as_of: date
) -> dict[str, int]:
    """How often each form was planned for a day gone by and not taken, by label.

    Counting starts anew with every form that is taken.
    """
    latest = max((f.date for f in taken if f.date < as_of), default=date.min)
    days: dict[str, set[date]] = {}
    for session in plan:
        missed = latest < session.date < as_of and not session.done_minutes
        if session.kind == "form" and session.form and missed:
            days.setdefault(session.form, set()).add(session.date)
    return {label: len(found) for label, found in days.items()}


_NOT_OWNED: Final = "It is beyond the ones you own."


def place_forms(
    record: Record,
    as_of: date,
    test_date: date,
    room: Room,
    rules: Rules,
    *,
    pinned: Mapping[str, date] | None = None,
    kept: Mapping[str, LedgerEntry] | None = None,
    fresh_questions: float = 0.0,
    minutes_per_question: float = 0.0,
    put_off_before: Mapping[str, int] | None = None,
    retest: LedgerEntry | None = None,
) -> tuple[LedgerEntry, ...]:
    """Give every owned form a day or a reason, and name what stands in where forms are short.

    Args:
        record: Whose ledger.
        as_of: Day the plan is made.
        test_date: The sitting.
        room: Days before it.
        rules: Plan parameters.
        pinned: Days that stay, by label.
        kept: Entries of an earlier plan, by label: their role and words stay with a pinned day.
        fresh_questions: Unseen bank questions left (``inf`` if not recorded).
        minutes_per_question: Of the bank in use, review included; sizes the first steps.
        put_off_before: Counts from an earlier plan's ledger, by label; the larger count holds.
        retest: For a plan that leads to a re-test: that form on its day. The forms that tell most
            then wait for the decision after it, and nothing stands in for them.

    Returns:
        Owned forms in the record's order, then what the plan suggests.
    """
    exam_id = record.exam.id
    pinned = dict(pinned or {})
    taken = days_taken(record, as_of)
    scored = {f"{f.family} {f.form}" for f in record.forms}
    put_off = times_put_off(record.plan, record.forms, as_of)
    for label, count in (put_off_before or {}).items():
        put_off[label] = max(count, put_off.get(label, 0))

    owned: list[LedgerEntry] = []
    seen: set[tuple[str, str]] = set()
    for form in record.ledger:
        owned.append(_entry(form, exam_id, test_date, rules, taken, scored, seen, put_off))
        seen.add((form.family, form.form))
    asked = [
        _suggested(record, exam_id, test_date, rules, n + 1, taken)
        for n in range(rules.whole("forms_extra") if retest is None else 0)
    ]
    if retest is not None and retest.label not in {e.label for e in owned}:
        asked.append(replace(retest, date=None, why="", owned=False))

    def place(entries: Sequence[LedgerEntry]) -> _Chooser:
        found = _Chooser(
            entries, exam_id, as_of, test_date, room, rules, pinned, latest_evidence(record, as_of)
        )
        found.kept = dict(kept or {})
        found.place(retest)
        return found

    suggested = [e for e in asked if e is not None]
    chosen = place([*owned, *suggested])
    spare = {e.label for e in owned if not e.why} & {
        e.label for e in chosen.entries if e.date is None
    }
    if spare and retest is None:
        # Nothing is to be bought while a form of one's own has no day.
        chosen = place([*owned, *(e for e in suggested if e.label in pinned)])
    extra = (
        _stand_ins(record, chosen, exam_id, test_date, rules, fresh_questions)
        if retest is None
        else []
    )
    return (
        *map(_beyond, _gently(chosen.entries, rules)),
        *first_steps(chosen, minutes_per_question, rules),
        *extra,
    )


def _beyond(entry: LedgerEntry) -> LedgerEntry:
    """The entry, saying so where it is none of the learner's own."""
    if entry.owned or entry.date is None or entry.why.endswith(_NOT_OWNED):
        return entry
    return replace(entry, why=f"{entry.why} {_NOT_OWNED}")


def _entry(
    form: LedgerForm,
    exam_id: str,
    test_date: date,
    rules: Rules,
    taken: Mapping[str, date],
    scored: Collection[str],
    seen: set[tuple[str, str]],
    put_off: Mapping[str, int],
) -> LedgerEntry:
    size = form_size(form.family, exam_id, test_date, rules)
    key = (form.family, form.form)
    why = ""
    label = f"{form.family} {form.form}"
    if label in taken and label not in scored:
        why = (
            f"Ticked as done on {taken[label].isoformat()}: enter its score, and the forecast "
            "follows."
        )
    elif label in taken:
        why = (
            f"Taken on {taken[label].isoformat()}: a second time it runs high and tells less, so "
            "it is kept as a spare."
        )
    elif key in seen:
        why = "Listed twice; the first entry has its day."
    return LedgerEntry(
        family=form.family,
        form=form.form,
        date=None,
        why=why,
        role="spare",
        measure=size.measure,
        put_off=put_off.get(label, 0),
        minutes=size.minutes,
        items=size.items,
    )


def _suggested(
    record: Record,
    exam_id: str,
    test_date: date,
    rules: Rules,
    number: int,
    taken: Collection[str],
) -> LedgerEntry | None:
    """A form beyond the learner's own list: an unused one of the exam's best family on sale."""
    used = {(f.family, f.form) for f in record.forms} | {(f.family, f.form) for f in record.ledger}
    best: LedgerEntry | None = None
    best_worth = 0.0
    for family_id in facts.form_families(exam_id):
        family = facts.form_family(family_id, exam_id)
        on_sale = [f for f in family.forms if f not in family.retired]
        unused = [
            f for f in on_sale if (family_id, f) not in used and f"{family_id} {f}" not in taken
        ]
        if not family.measure or family.price_usd is None or len(unused) < number:
            continue
        size = form_size(family_id, exam_id, test_date, rules)
        if size.worth > best_worth:
            best_worth = size.worth
            best = LedgerEntry(
                family=family_id,
                form=unused[-number],
                date=None,
                why="",
                role="spare",
                owned=False,
                measure=True,
                minutes=size.minutes,
                items=size.items,
            )
    return best


class _Chooser:
    """Places entries one by one; holds which days are used."""

    def __init__(
        self,
        entries: Sequence[LedgerEntry],
        exam: str,
        as_of: date,
        test_date: date,
        room: Room,
        rules: Rules,
        pinned: Mapping[str, date],
        last_form: date | None,
    ) -> None:
        self.entries = list(entries)
        self.exam = exam
        self.as_of = as_of
        self.test_date = test_date
        self.room = room
        self.rules = rules
        self.pinned = pinned
        self.last_form = last_form
        self.kept: dict[str, LedgerEntry] = {}
        self.used: dict[date, int] = {}
        self.index = {day.date: i for i, day in enumerate(room.days)}

    def place(self, retest: LedgerEntry | None = None) -> None:
        for i, entry in enumerate(self.entries):
            if retest is not None and entry.label == retest.label and not entry.why:
                self._reopen(i, retest)
                continue
            day = self.pinned.get(entry.label)
            if day is not None and not entry.why:
                before = self.kept.get(entry.label)
                role = "decision" if self._late(day) else "course"
                why = "You fixed this day."
                if before is not None and before.date == day:
                    role, why = before.role, before.why
                self._set(i, day, role, why)
        waiting = [i for i, e in enumerate(self.entries) if e.date is None and not e.why]
        # Best last: an equated, long form tells most where the decision is made.
        waiting.sort(key=self._worth)
        keep = self.rules.whole("forms_in_window")
        if retest is None:
            keep = max(0, keep - self.measures_late())
        measures = [i for i in waiting if self.entries[i].measure]
        late = measures[len(measures) - keep :] if keep else []
        early = [i for i in waiting if i not in late]
        if retest is None:
            self._decision(late)
        for i in late if retest is not None else ():
            why = "Kept for the weeks after the re-test: a date rests on unused tests."
            self.entries[i] = replace(self.entries[i], why=why)
        if early and self.needs_baseline():
            self.baseline(early)
        self._course([i for i in early if self.entries[i].date is None])
        self._reasons()

    def _reopen(self, i: int, retest: LedgerEntry) -> None:
        """Put the re-test on its day, also where its hours are still to be found."""
        assert retest.date is not None
        k = self.index.get(retest.date, -1)
        minutes = self.entries[i].minutes
        fits = k >= 0 and self.room.minutes(k) >= minutes and can_sit(self.room.days[k], minutes)
        room = "" if fits else f" It takes {minutes} minutes: keep that day free for it."
        self._set(i, retest.date, "retest", f"{retest.why}{room}")

    def measures_late(self) -> int:
        """Measures with a day in the last fortnight."""
        return sum(1 for e in self.entries if e.date and e.measure and self._late(e.date))

    def _worth(self, i: int) -> tuple[float, str]:
        e = self.entries[i]
        size = form_size(e.family, self.exam, self.test_date, self.rules)
        return (size.worth, e.form.rjust(8))

    def _late(self, day: date) -> bool:
        return (self.test_date - day).days <= self.rules.whole("form_window_days")

    def needs_baseline(self) -> bool:
        """Whether no form is recent, and there is time for one before the last fortnight."""
        horizon = (self.test_date - self.as_of).days
        if horizon <= self.rules.whole("form_window_days"):
            return False
        recent = self.rules.whole("baseline_recent_days")
        return self.last_form is None or (self.as_of - self.last_form).days > recent

    def _fits(self, i: int, day: date, spacing: int) -> bool:
        index = self.index.get(day)
        if index is None:
            return False
        info = self.room.days[index]
        # An avoided form waits until its smaller steps have had their days, while there are any.
        avoided = is_avoided(self.entries, self.rules)
        if (
            avoided
            and not self._late(self.as_of)
            and (day - self.as_of).days < self.rules.whole("first_step_days")
        ):
            return False
        quiet = (self.test_date - day).days <= self.rules.whole("form_quiet_days")
        if quiet or info.role not in ("study", "taper") or day in self.used:
            return False
        if self.room.minutes(index) < self.entries[i].minutes:
            return False
        if not can_sit(info, self.entries[i].minutes):
            return False
        if self.last_form is not None and day == self.last_form:
            return False
        return all(abs((day - other).days) >= spacing for other in self.used)

    def _nearest(self, i: int, wanted: date, low: date, high: date, spacing: int) -> date | None:
        """The fitting day nearest to ``wanted`` in [low, high]; of two as near, the earlier.

        A form that could not be reviewed while fresh, though days after it hold work, is not worth
        its day: it gets none there.
        """
        days = [
            self.room.days[k].date
            for k in range(len(self.room.days))
            if low <= self.room.days[k].date <= high
        ]
        for day in sorted(days, key=lambda d: (abs((d - wanted).days), d)):
            if self._fits(i, day, spacing) and self._leaves_reviews(i, day):
                return day
        return None

    def _leaves_reviews(self, i: int, day: date) -> bool:
        """Whether a form on a day can be reviewed in time, and takes no other form's review."""
        forms = {**self.used, day: i}
        reach = round(self.rules["form_review_hours"] / 24)
        near = [other for other in self.used if abs((other - day).days) <= reach]
        return self._reviewable(day, forms) and all(
            self._reviewable(other, forms) or not self._reviewable(other, self.used)
            for other in near
        )

    def _reviewable(self, day: date, forms: Mapping[date, int]) -> bool:
        """Whether the days after a form leave time for its review, or hold no work at all."""
        shortest = self.rules.whole("session_minutes_min")
        reach = round(self.rules["form_review_hours"] / 24)
        at_all = False
        for n in range(reach + 1):
            on = day + timedelta(days=n)
            k = self.index.get(on)
            if k is None:
                continue
            whole = self.room.minutes(k)
            form = self.entries[forms[on]].minutes if on in forms else 0
            if whole - form - self.room.days[k].buffer >= shortest:
                return True
            at_all = at_all or (n > 0 and (whole >= shortest or form > 0))
        return not at_all

    def _set(self, i: int, day: date, role: str, why: str) -> None:
        self.entries[i] = replace(self.entries[i], date=day, role=role, why=why)  # type: ignore[arg-type]
        self.used[day] = i

    def _decision(self, late: Sequence[int]) -> None:
        window = self.rules.whole("form_window_days")
        quiet = self.rules.whole("form_quiet_days")
        low = max(self.as_of, self.test_date - timedelta(days=window))
        high = self.test_date - timedelta(days=quiet + 1)
        spacing = self.rules.whole("form_spacing_late_days")
        count = len(late)
        for n, i in enumerate(late):
            # Two: eleven and five days before; one: in the middle of the window.
            share = (n + 1) / (count + 1)
            wanted = low + timedelta(days=round(share * (high - low).days))
            day = None
            for gap in (spacing, 2):
                day = self._nearest(i, wanted, low, high, gap)
                if day is not None:
                    break
            if day is None:
                continue
            rehearsal = n == count - 1
            why = (
                "One of two measures in the last fortnight, and the rehearsal: in the exam's own "
                "rhythm, at its hour."
                if rehearsal
                else "One of two measures in the last fortnight: the decision rests on them."
            )
            self._set(i, day, "decision", why)

    def baseline(self, early: Sequence[int]) -> None:
        """Place the first form of ``early`` that fits within days."""
        # The form that tells least is enough to start from; the best are kept.
        high = self.as_of + timedelta(days=self.rules.whole("baseline_within_days"))
        window = timedelta(days=self.rules.whole("form_window_days"))
        last = self.test_date - window - timedelta(days=1)
        for i in early:
            for end in (high, high + timedelta(days=self.rules.whole("baseline_recent_days"))):
                day = self._nearest(i, self.as_of, self.as_of, min(end, last), 1)
                if day is not None:
                    self._set(
                        i, day, "baseline", "Baseline: shows where you stand before the work."
                    )
                    return

    def _course(self, rest: Sequence[int]) -> None:
        if not rest:
            return
        spacing = self.rules.whole("form_spacing_days")
        window = timedelta(days=self.rules.whole("form_window_days"))
        end = self.test_date - window - timedelta(days=1)
        start = max([d for d in self.used if d <= end], default=self.last_form or self.as_of)
        low = max(self.as_of, start + timedelta(days=spacing))
        if start <= self.as_of and self.last_form is None and not self.used:
            low = self.as_of
        span = (end - low).days
        # As many as the spacing allows, evenly between the last measure and the last fortnight.
        count = min(len(rest), span // spacing + 1) if span >= 0 else 0
        for n in range(count):
            i = rest[n]
            share = (n + 0.5) / count
            day = self._nearest(i, low + timedelta(days=round(share * span)), low, end, spacing)
            if day is not None:
                self._set(i, day, "course", "Shows what the last weeks moved; the plan follows it.")

    def _reasons(self) -> None:
        longest = max((self.room.days[k].minutes for k in range(len(self.room.days))), default=0)
        for i, e in enumerate(self.entries):
            if e.date is not None or e.why:
                continue
            if longest < e.minutes or not any(can_sit(d, e.minutes) for d in self.room.days):
                why = (
                    f"It takes {e.minutes} minutes in one day; the longest day here has {longest}. "
                    "Free one morning and it gets a day."
                )
            else:
                why = "Kept as a spare: every free place is too close to another form or the exam."
            self.entries[i] = replace(e, why=why)


FormsState = Literal["ready", "avoided", "none-left", "not-owned"]


def forms_state(record: Record, ledger: Sequence[LedgerEntry], rules: Rules) -> FormsState:
    """Whether forms are taken, put off again and again, used up, or never were there.

    ``avoided`` speaks of forms that are owned and keep being put off; ``none-left`` of a ledger
    used up; ``not-owned`` of a record that never held one. They ask for different kinds of help.
    """
    owned = [e for e in ledger if e.owned]
    if is_avoided(owned, rules):
        return "avoided"
    taken = {(f.family, f.form) for f in record.forms}
    if any((e.family, e.form) not in taken for e in owned):
        return "ready"
    return "none-left" if record.forms else "not-owned"


def is_avoided(entries: Sequence[LedgerEntry], rules: Rules) -> bool:
    """Whether forms were put off as often as asks for a smaller first step, whichever they were."""
    return sum(e.put_off for e in entries) >= rules["avoided_times"]


def _gently(entries: Sequence[LedgerEntry], rules: Rules) -> list[LedgerEntry]:
    """Words for the next form where forms were put off: it may be taken in halves."""
    placed = [e for e in entries if e.date is not None and e.owned]
    if not placed or not is_avoided(entries, rules):
        return list(entries)
    first = min(placed, key=lambda e: e.date or date.max)
    gentle = f"{first.why} If it feels large: one half, a long break, then the other."
    return [replace(e, why=gentle) if e is first else e for e in entries]


def first_steps(chosen: _Chooser, minutes_per_question: float, rules: Rules) -> list[LedgerEntry]:
    """Smaller first steps before the next form where forms were put off: 20 items, then 40."""
    avoided = [e for e in chosen.entries if e.date is not None and e.owned]
    if not avoided or not is_avoided(chosen.entries, rules):
        return []
    first = min(avoided, key=lambda e: e.date or date.max)
    assert first.date is not None
    steps: list[LedgerEntry] = []
    items = rules.whole("first_step_items")
    room = [
        (d.date, d.study_minutes - taken)
        for d, taken in zip(chosen.room.days, chosen.room.taken, strict=True)
        if d.date < first.date and d.role == "study" and d.date not in chosen.used
    ]
    after = chosen.as_of
    for count in (items, 2 * items):
        needed = max(rules["session_minutes_min"], count * minutes_per_question)
        day = next((d for d, minutes in room if d >= after and minutes >= needed), None)
        if day is None:
            break
        steps.append(
            LedgerEntry(
                family=TIMED_BLOCKS,
                form=f"{count} items",
                date=day,
                why=f"Towards {first.label}: {count} mixed questions, timed, no more.",
                role="first-step",
                owned=False,
                measure=False,
                items=count,
            )
        )
        after = day + timedelta(days=1)
    return steps


def can_sit(day: Day, minutes: int) -> bool:
    """Whether a form fits the day's clock: one stretch, or two with the gap as its long break."""
    lengths = sorted((end - start for start, end in day.slots), reverse=True)
    return bool(lengths) and sum(lengths[:2]) >= minutes


def _stand_ins(
    record: Record,
    chosen: _Chooser,
    exam_id: str,
    test_date: date,
    rules: Rules,
    fresh_questions: float,
) -> list[LedgerEntry]:
    """The free sample and timed mixed blocks, where the ledger cannot supply two measures."""
    wanted = rules.whole("forms_in_window")
    have = chosen.measures_late()
    extra: list[LedgerEntry] = []
    sample = _free_sample(record, exam_id, test_date, rules)
    if sample is not None and sample.label in days_taken(record, chosen.as_of):
        sample = None
    first = chosen.last_form is None and not chosen.used and chosen.needs_baseline()
    if sample is not None and first and sample.label not in chosen.pinned:
        # Nothing was measured since the failure: the one free sample says where the work starts.
        chosen.entries.append(sample)
        chosen.baseline([len(chosen.entries) - 1])
        placed = chosen.entries.pop()
        if placed.date is not None:
            extra.append(replace(placed, why=f"{placed.why} It is free."))
            sample = None
    if have < wanted and sample is not None:
        chosen.entries.append(sample)
        last = len(chosen.entries) - 1
        pinned = chosen.pinned.get(sample.label)
        if pinned is not None:
            chosen._set(last, pinned, "decision", "")
        else:
            chosen._decision([last])
        placed = chosen.entries.pop()
        if placed.date is not None:
            extra.append(replace(placed, why="Free, and a measure: taken timed, in one sitting."))
            have += 1
    if have < wanted:
        extra += _timed_blocks(record, chosen, exam_id, test_date, rules, fresh_questions)
    return extra


def _free_sample(record: Record, exam_id: str, test_date: date, rules: Rules) -> LedgerEntry | None:
    known = [f.family for f in record.forms] + [f.family for f in record.ledger]
    if FREE_SAMPLE in known:
        return None
    try:
        family = facts.form_family(FREE_SAMPLE, exam_id)
    except FactError:
        return None
    if family.price_usd != 0:
        return None
    size = form_size(FREE_SAMPLE, exam_id, test_date, rules)
    label = family.forms[-1] if family.forms else ""
    return LedgerEntry(
        family=FREE_SAMPLE,
        form=label,
        date=None,
        why="",
        role="spare",
        owned=False,
        measure=size.measure,
        minutes=size.minutes,
        items=size.items,
    )


def _timed_blocks(
    record: Record,
    chosen: _Chooser,
    exam_id: str,
    test_date: date,
    rules: Rules,
    fresh_questions: float,
) -> list[LedgerEntry]:
    """Timed mixed blocks of unseen questions in the last fortnight, enough for one measure."""
    items = rules.whole("measure_items")
    try:
        rhythm = facts.rehearsal_rhythm(exam_id, test_date)
    except FactUnknown:
        return []
    quiet = rules.whole("form_quiet_days")
    block = rules.whole("mixed_block_items")
    if fresh_questions < items:
        return [
            LedgerEntry(
                family=TIMED_BLOCKS,
                form=f"{items} items",
                date=None,
                why=(
                    f"A second measure takes {items} unseen questions; the record shows fewer. "
                    "Until then the forecast's own lower end decides."
                ),
                role="spare",
                owned=False,
                measure=True,
            )
        ]
    last = test_date - timedelta(days=quiet + 1)
    if last < chosen.as_of:
        return []
    return [
        LedgerEntry(
            family=TIMED_BLOCKS,
            form=f"{items} items",
            date=last,
            why=(
                f"Blocks of {block} unseen mixed questions, timed, {items} in all by this day: as "
                "good a measure as a form, and it costs nothing more."
            ),
            role="decision",
            owned=False,
            measure=True,
            minutes=round(items * rhythm.minutes_per_block / rhythm.items_per_block),
            items=items,
        )
    ]
