"""What each change is worth: levers, the cheapest set that reaches the target, ten futures.

Every lever re-makes the plan with one thing changed and asks the forecast for the chance then, in
one call, from one belief: the same unknowns stand behind every price (common random numbers), so a
difference between two prices is the lever's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any, Literal

import numpy as np

from bounceback.forecast import normal
from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.planning.parameters import Prescribes, Rules, rules_for
from bounceback.planning.planner import WorkByDate, setting, work_by_date
from bounceback.records.models import Record
from bounceback.vocabulary import MINUTES_PER_HOUR

PassChance = tuple[float, float, float]
"""P(pass), and P at the 10th and 90th percentile of ability."""

Price = Callable[[WorkByDate], Sequence[PassChance]]
"""The forecast's answer for planned work, one row a date."""

LeverName = Literal["as-planned", "hours", "date", "another-form", "tutor", "drop-resource"]

Limit = Literal["hours", "material", "teaches-nothing", "not-in-the-plan"]
"""What keeps a change from changing anything: no free hours within windows and caps, nothing left
to study from, a test that shows and does not teach, or a resource that the plan left out anyway."""

_NO_CHANGE = 0.0005
"""Gain below which a change is said to change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One change with its price.

    Attributes:
        lever: Which.
        change: In words, with the amount.
        date: The sitting under it.
        p_pass: Chance of passing then; ``p_pass_low`` and ``p_pass_high`` its range.
        gain: Difference to the plan as it stands.
        note: What the price rests on, where that needs saying.
        futures: Ten drawn learners under it, the same ten under every lever.
        limit: What stops it, where it changes nothing; else ``None``.
    """

    lever: LeverName
    change: str
    date: date
    p_pass: float
    p_pass_low: float
    p_pass_high: float
    gain: float
    note: str = ""
    futures: tuple[Future, ...] = ()
    limit: Limit | None = None

    @property
    def futures_passing(self) -> int:
        """How many of its futures pass."""
        return sum(f.passes for f in self.futures)

    def to_briefing(self) -> dict[str, Any]:
        """The lever under the briefing's keys."""
        return {
            "lever": self.lever,
            "change": self.change,
            "date": self.date.isoformat(),
            "p_pass": round(self.p_pass, 4),
            "p_pass_low": round(self.p_pass_low, 4),
            "p_pass_high": round(self.p_pass_high, 4),
            "gain": round(self.gain, 4),
            "note": self.note,
            "limit": self.limit,
            "futures": [f.to_briefing() for f in self.futures],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverSet:
    """The cheapest set of changes that reaches the target; empty ``changes``: none is needed.

    ``reached`` is False where no set that was tried gets there; then it is the best of them.
    """

    changes: tuple[str, ...]
    date: date
    p_pass: float
    cost: float
    reached: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """A record with one thing changed, and its work."""

    lever: LeverName
    change: str
    test_date: date
    work: WorkByDate
    note: str = ""


def levers(
    record: Record,
    as_of: date,
    test_date: date,
    dynamics: Dynamics,
    price: Price,
    prescriptions: Sequence[Prescribes] = (),
    *,
    seed: int = 0,
) -> tuple[Lever, ...]:
    """Price every lever that applies; the first is the plan as it stands.

    Args:
        record: Whose plan.
        as_of: First day of the plan.
        test_date: The sitting.
        dynamics: How study moves the score.
        price: The forecast; called once.
        prescriptions: Plan changes that follow from the appraisal.
        seed: For the ten futures under each.
    """
    found = variants(record, as_of, test_date, dynamics, prescriptions)
    if not found:
        return ()
    prices = price(joined([v.work for v in found]))
    base = prices[0][0]
    drawn = ten_futures(found, dynamics, rules_for(record.exam.id, prescriptions), seed, base)
    return tuple(
        Lever(
            lever=v.lever,
            change=v.change,
            date=v.test_date,
            p_pass=p,
            p_pass_low=low,
            p_pass_high=high,
            gain=p - base,
            note=v.note,
            futures=tuple(f for f in drawn if f.lever == v.lever),
            limit=_limit(v, found[0]) if abs(p - base) < _NO_CHANGE else None,
        )
        for v, (p, low, high) in zip(found, prices, strict=True)
    )


def _limit(variant: Variant, base: Variant) -> Limit | None:
    """What keeps a variant from changing the chance."""
    if variant.lever == "as-planned":
        return None
    if variant.lever == "another-form":
        return "teaches-nothing"
    if variant.lever == "drop-resource":
        return "not-in-the-plan"
    more = float(variant.work.minutes.sum()) - float(base.work.minutes.sum())
    return "material" if more > 1.0 else "hours"


def variants(
    record: Record,
    as_of: date,
    test_date: date,
    dynamics: Dynamics,
    prescriptions: Sequence[Prescribes] = (),
) -> tuple[Variant, ...]:
    """The record under each lever, with the work its plan would hold."""
    if record.availability is None or test_date <= as_of:
        return ()
    rules = rules_for(record.exam.id, prescriptions)

    def work(changed: Record, on: date, extra: Sequence[Prescribes] = ()) -> WorkByDate:
        every = (*extra, *prescriptions)
        return work_by_date(setting(changed, as_of, on, every), (on,), dynamics)

    now = work(record, test_date)
    found = [Variant("as-planned", "the plan as it stands", test_date, now)]
    minutes = rules.whole("lever_minutes")
    found.append(
        Variant(
            "hours",
            f"{minutes} minutes more on every study day",
            test_date,
            work(more_minutes(record, minutes, rules), test_date),
        )
    )
    later = test_date + timedelta(days=rules.whole("lever_days"))
    window = record.exam.eligibility
    if window is None or later <= window.last:
        found.append(Variant("date", "one week later", later, work(record, later)))
    form = _Asked("forms_extra", rules["forms_extra"] + 1, "another form")
    found.append(
        Variant(
            "another-form",
            "one more practice test",
            test_date,
            work(record, test_date, (form,)),
            "A practice test teaches little. It shows you and the plan your level.",
        )
    )
    found.append(
        Variant(
            "tutor",
            f"a tutor, {rules['tutor_minutes_per_week']:g} minutes a week",
            test_date,
            with_tutor(now, rules),
            "No trial has measured it for these exams; the factor is our own and shown.",
        )
    )
    least = least_used_resource(record)
    if least is not None:
        fewer = replace(record, resources=tuple(r for r in record.resources if r.name != least))
        found.append(
            Variant("drop-resource", f"without {least}", test_date, work(fewer, test_date))
        )
    return tuple(found)


def cheapest_set(
    record: Record,
    as_of: date,
    test_date: date,
    dynamics: Dynamics,
    price: Price,
    target_p_pass: float,
    prescriptions: Sequence[Prescribes] = (),
) -> LeverSet | None:
    """The cheapest combination of hours, weeks and a tutor that reaches the target chance.

    All combinations of the documented steps are priced in one call; costs are parameters. Of equal
    cost, the one with the higher chance. ``None`` where the record has no hours.
    """
    if record.availability is None or test_date <= as_of:
        return None
    rules = rules_for(record.exam.id, prescriptions)
    window = record.exam.eligibility
    rows: list[tuple[float, tuple[str, ...], date, WorkByDate]] = []
    step, week = rules.whole("lever_minutes"), rules.whole("lever_days")
    dates = [
        test_date + timedelta(days=week * n) for n in range(rules.whole("lever_steps_weeks") + 1)
    ]
    dates = [d for d in dates if window is None or d <= window.last or d == test_date]
    for more in range(rules.whole("lever_steps_hours") + 1):
        changed = more_minutes(record, step * more, rules)
        at = setting(changed, as_of, dates[-1], prescriptions)
        work = work_by_date(at, dates, dynamics)
        for weeks, tutor in product(range(len(dates)), (False, True)):
            row = _row(work, weeks)
            words = []
            if more:
                words.append(f"{step * more} minutes more a day")
            if weeks:
                words.append(f"{weeks} week{'s' if weeks > 1 else ''} later")
            if tutor:
                row = with_tutor(row, rules)
                words.append("a tutor")
            cost = (
                rules["lever_cost_hours"] * more
                + rules["lever_cost_week"] * weeks
                + rules["lever_cost_tutor"] * tutor
            )
            rows.append((cost, tuple(words), dates[weeks], row))
    prices = price(joined([row[3] for row in rows]))
    best = max(range(len(rows)), key=lambda i: (prices[i][0], -rows[i][0]))
    reaching = [i for i in range(len(rows)) if prices[i][0] >= target_p_pass]
    chosen = min(reaching, key=lambda i: (rows[i][0], -prices[i][0])) if reaching else best
    cost, changes, on, _ = rows[chosen]
    return LeverSet(
        changes=changes, date=on, p_pass=prices[chosen][0], cost=cost, reached=bool(reaching)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    parameter: str
    value: float
    why: str


def more_minutes(record: Record, minutes: int, rules: Rules) -> Record:
    """The record with so many minutes more on every day that has any; the cap rises with them."""
    a = record.availability
    if a is None or not minutes:
        return record
    limit = round(rules["hours_cap_limit"] * MINUTES_PER_HOUR)
    usual = round(rules["hours_cap"] * MINUTES_PER_HOUR)
    cap = min(limit, (usual if a.max_minutes_per_day is None else a.max_minutes_per_day) + minutes)
    more = {day: m + minutes if m else 0 for day, m in a.minutes.items()}
    return replace(record, availability=replace(a, minutes=more, max_minutes_per_day=cap))


def with_tutor(work: WorkByDate, rules: Rules) -> WorkByDate:
    """The same hours with a tutor: each counts for more, less the hour spent with the tutor."""
    weeks = np.maximum(work.days / 7.0, 1e-9)
    share = rules["tutor_minutes_per_week"] / np.maximum(work.minutes / weeks, 1.0)
    factor = rules["tutor_rate_factor"] * np.clip(1.0 - share, 0.0, 1.0)
    return replace(work, effort=work.effort * factor[:, None])


def least_used_resource(record: Record) -> str | None:
    """What a plan would drop first: books and video, then the bank begun last.

    Never cards or cases: nobody would tell a student with a known deck to stop, and case
    simulations are part of the exam.
    """
    droppable = [
        i for i, r in enumerate(record.resources) if r.kind in ("video", "book", "questions")
    ]
    if len(record.resources) < 2 or len(droppable) < 2:
        return None
    order = {"video": 0, "book": 1, "questions": 2}

    def begun(index: int) -> tuple[int, float]:
        r = record.resources[index]
        return order[r.kind], r.done / r.units if r.units else 0.0

    return record.resources[min(droppable, key=begun)].name


def joined(works: Sequence[WorkByDate]) -> WorkByDate:
    """Rows of several works as one, so that the forecast is asked once."""
    return WorkByDate(
        dates=tuple(d for w in works for d in w.dates),
        days=np.concatenate([w.days for w in works]),
        unworked_days=np.concatenate([w.unworked_days for w in works]),
        effort=np.concatenate([w.effort for w in works]),
        minutes=np.concatenate([w.minutes for w in works]),
    )


def _row(work: WorkByDate, n: int) -> WorkByDate:
    part = slice(n, n + 1)
    return WorkByDate(
        work.dates[part],
        work.days[part],
        work.unworked_days[part],
        work.effort[part],
        work.minutes[part],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """One drawn learner with this record under one lever.

    Attributes:
        learner: 1 to 10; the same number is the same learner under every lever. They are numbered
            by how the plan as it stands turns out for them, the lowest first.
        lever: The lever.
        passes: Whether this learner passes.
        points_from_mark: Reported points above the mark; negative below.
        rate: Personal rate, in times the published growth.
        adherence: Share of the planned work that gets done.
        why: For one who does not pass: what made the difference, in words; else empty.
    """

    learner: int
    lever: LeverName
    passes: bool
    points_from_mark: float
    rate: float
    adherence: float
    why: str = ""

    def to_briefing(self) -> dict[str, Any]:
        """The future under the briefing's keys."""
        return {
            "learner": self.learner,
            "passes": self.passes,
            "points_from_mark": round(self.points_from_mark, 1),
            "rate": round(self.rate, 3),
            "adherence": round(self.adherence, 3),
            "why": self.why,
        }


def ten_futures(
    found: Sequence[Variant], dynamics: Dynamics, rules: Rules, seed: int, p_as_planned: float
) -> tuple[Future, ...]:
    """Ten drawn learners under each lever, the same ten each time.

    A few hundred learners are drawn (rate, adherence, level today, the day itself: each once in
    every part of its distribution, in an order that the seed shuffles) and put in the order in
    which the plan as it stands turns out for them. As many of the ten are taken from those who pass
    as the chance says, to the nearest one, evenly spread; the rest from those who do not.

    Args:
        found: Levers with their work, the plan as it stands first.
        dynamics: How study moves the score, and what is unknown of it.
        rules: Plan parameters (``futures``, ``futures_drawn_each``).
        seed: Another seed draws ten others.
        p_as_planned: The forecast's chance with the plan as it stands.
    """
    if not found:
        return ()
    count, each = rules.whole("futures"), rules.whole("futures_drawn_each")
    rng = np.random.default_rng(seed)
    drawn = count * each
    u = (np.stack([rng.permutation(drawn) for _ in range(4)]) + 0.5) / drawn
    unknowns = {
        "rate": _quantile(dynamics.rate, dynamics.rate_weight, u[0]),
        "adherence": _quantile(dynamics.adherence, dynamics.adherence_weight, u[1]),
        "level": normal.quantiles(u[2]) * dynamics.log_distance_sd,
        "day": normal.quantiles(u[3]) * dynamics.sitting_sd_log,
    }
    planned = _points(found[0].work, dynamics, **unknowns)
    order = np.argsort(planned, kind="stable")
    chosen = order[_spread_over(int((planned < 0.0).sum()), drawn, count, p_as_planned)]
    ten = {name: values[chosen] for name, values in unknowns.items()}
    usual = {
        "rate": np.maximum(ten["rate"], float(dynamics.rate @ dynamics.rate_weight)),
        "adherence": np.ones(count),
        "level": np.minimum(ten["level"], 0.0),
        "day": np.minimum(ten["day"], 0.0),
    }
    futures: list[Future] = []
    for variant in found:
        points = _points(variant.work, dynamics, **ten)
        # The unknown whose usual value would have helped a learner most is the one to name.
        helped = {
            name: _points(variant.work, dynamics, **{**ten, name: values})
            for name, values in usual.items()
        }
        for i in range(count):
            why = ""
            if points[i] < 0.0:
                cause = max(helped, key=lambda name: float(helped[name][i]))
                alone = bool(helped[cause][i] >= 0.0)
                why = _why_not(cause, float(ten["adherence"][i]), alone)
            futures.append(
                Future(
                    learner=i + 1,
                    lever=variant.lever,
                    passes=bool(points[i] >= 0.0),
                    points_from_mark=float(points[i]),
                    rate=float(ten["rate"][i]),
                    adherence=float(ten["adherence"][i]),
                    why=why,
                )
            )
    return tuple(futures)


def _spread_over(failing: int, drawn: int, count: int, p_pass: float) -> list[int]:
    """Places among the drawn, lowest first: evenly in the part that fails and in that which passes.

    Where one part is empty, the other gives all.
    """
    passing = drawn - failing
    take_pass = round(count * p_pass)
    take_pass = min(max(take_pass, 0 if failing else count), count if passing else 0)
    take_fail = count - take_pass
    return [
        *(int((i + 0.5) * failing / take_fail) for i in range(take_fail)),
        *(failing + int((i + 0.5) * passing / take_pass) for i in range(take_pass)),
    ]


def _points(
    work: WorkByDate,
    dynamics: Dynamics,
    *,
    rate: Floats,
    adherence: Floats,
    level: Floats,
    day: Floats,
) -> Floats:
    """Reported points from the mark for learners drawn so; all arrays (L,)."""
    left = dynamics.distance_after(work.effort[:1], dynamics.kappa * rate * adherence)
    log_left = np.log(left) + level
    unworked = float(work.unworked_days[0])
    above_base = np.maximum(dynamics.base_log_distance - log_left, 0.0)
    log_left += dynamics.forgetting_per_day * unworked * above_base
    # Boards report whole points: half a point below the mark still reaches it.
    return np.asarray(dynamics.ceiling - np.exp(log_left + day) - dynamics.mark + 0.5)


def _why_not(cause: str, adherence: float, alone: bool) -> str:
    words = {
        "adherence": f"About {round(10 * adherence)} of every 10 planned hours were done",
        "rate": "The hours moved the score more slowly than they usually do",
        "level": "The start was lower than the forms showed",
        "day": "The day itself went worse than the preparation",
    }[cause]
    return words + ("; with that as usual, this one passes." if alone else ", among other things.")


def _quantile(grid: Floats, weight: Floats, u: Floats) -> Floats:
    """Value of a discrete distribution at cumulative probability ``u``."""
    order = np.argsort(grid, kind="stable")
    reached = np.cumsum(weight[order])
    index = np.minimum(np.searchsorted(reached, u), len(grid) - 1)
    return np.asarray(grid[order][index])
