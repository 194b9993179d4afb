"""What a record says about the score, as dated observations and the work between them.

Each piece enters once (rules F8-F15): a sitting as an interval or a number, a form through its
total (area tables only as deviations from it), blocks pooled by bank with an unknown difficulty.
Nothing here decides how much a piece is worth beyond its noise: that is the filter's part.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast import area_effects, normal
from bounceback.forecast.normal import Floats
from bounceback.forecast.parameters import Constants
from bounceback.reasons import Reason, reason
from bounceback.records.models import AreaResult, Attempt, Block, Form, Record
from bounceback.vocabulary import ExamId

EvidenceKind = Literal["first-takers", "attempt", "earlier-exam", "practice-test", "blocks"]
"""What a piece of evidence is: the published group, an attempt of this exam, one of an earlier exam
of the sequence, a practice test, or question-bank blocks pooled by week."""


@dataclass(slots=True)
class Observation:
    """One dated piece of evidence on the log scale.

    ``value`` with ``variance`` (in squared log distance at the mark) for a score;
    ``low``/``high`` for an outcome without a number; neither for a piece that says nothing of the
    total. ``area_value`` (A,) are deviations. ``subject`` is the exam, the family of the practice
    test or the bank, ``label`` the form.
    """

    on: date
    kind: EvidenceKind
    subject: str
    label: str = ""
    flags: list[Reason] = field(default_factory=list)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    variance: float = math.nan
    area_value: Floats | None = None
    area_variance: Floats | None = None
    reported: float | None = None
    printed_p_pass: float | None = None
    mark_then: float | None = None

    @property
    def is_practice(self) -> bool:
        """Whether it shows the learner in practice, not at a real exam."""
        return self.kind in ("practice-test", "blocks")

    @property
    def says_something(self) -> bool:
        """Whether it changes what is believed of the total or of an area."""
        return any(x is not None for x in (self.value, self.low, self.area_value))

    @property
    def sort_key(self) -> tuple[date, bool, str, str, float]:
        """By day; on one day attempts first, then by name: order of input is irrelevant."""
        value = self.value if self.value is not None else math.inf
        return (self.on, self.is_practice, self.subject, self.label, value)


def area_index(constants: Constants, on: date) -> dict[str, int]:
    """Place of each share-axis area of the exam on that day."""
    return {name: i for i, name in enumerate(facts.exam_weights(constants.exam, on))}


def onto_share_axis(
    name: str, constants: Constants, on: date, index: Mapping[str, int]
) -> tuple[dict[int, float], bool]:
    """Share-axis places and loadings of a reported area, and whether it is one of that axis."""
    if name in index:
        return {index[name]: 1.0}, True
    loading = _loading(name, constants.exam, on)
    return {index[a]: w for a, w in loading.items() if a in index}, False


@lru_cache(maxsize=4096)
def _loading(name: str, exam: ExamId, on: date) -> Mapping[str, float]:
    return facts.map_area(name, exam, on)


def _area_deviations(
    results: Mapping[str, AreaResult],
    *,
    total_percent: float | None,
    items: float,
    points_per_percent: float,
    constants: Constants,
    on: date,
    index: Mapping[str, int],
) -> tuple[Floats | None, Floats | None]:
    """Area percentages as deviations of log distance from the report's own total (rule F13)."""
    p = constants.parameter
    seen = [(n, r, f) for n, r in results.items() if (f := r.fraction) is not None]
    if not seen:
        return None, None
    known = [(r.items or items / len(seen)) for _, r, _ in seen]
    if total_percent is None:
        total_percent = 100.0 * float(np.average([f for *_, f in seen], weights=known))
    precision = np.zeros(len(index))
    weighted = np.zeros(len(index))
    per_percent = points_per_percent * constants.log_points
    for (name, _, fraction), n in zip(seen, known, strict=True):
        loading, own_axis = onto_share_axis(name, constants, on, index)
        noise = area_effects.binomial_variance_of_percent(
            100.0 * fraction, max(float(n), 1.0), p["area_overdispersion"]
        )
        for place, share in loading.items():
            variance = noise * per_percent**2 / max(share, 1e-3)
            if not own_axis:
                variance *= p["discipline_noise_factor"]
            precision[place] += 1.0 / variance
            weighted[place] += (total_percent - 100.0 * fraction) * per_percent / variance
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(precision > 0, weighted / precision, np.nan)
        variance_of = np.where(precision > 0, 1.0 / precision, np.inf)
    return value, variance_of


def sitting(
    attempt: Attempt, constants: Constants, index: Mapping[str, int], area_sd: float
) -> Observation:
    """A real sitting: the number if the board gave one, the distance, or the outcome alone."""
    p = constants.parameter
    out = Observation(on=attempt.date, kind="attempt", subject=attempt.exam)
    mark = float(facts.pass_mark(attempt.exam, attempt.date).value)
    out.mark_then = mark
    line = constants.log_distance(mark - 0.5)
    variance = constants.sitting_sd**2 + constants.mark_sd**2 + constants.day_sd**2
    if attempt.outcome not in ("pass", "fail"):
        out.flags.append(reason("forecast.incomplete-attempt"))
    elif attempt.outcome == "pass":
        out.low, out.high, out.variance = -math.inf, line, variance
    else:
        out.variance = variance
        if attempt.score is not None:
            out.value, out.reported = constants.log_distance(attempt.score), attempt.score
        else:
            near, moderate = (
                constants.log_distance(mark - 0.5 - p[f"{cut}_below_sds"] * constants.score_sd)
                for cut in ("near", "moderate")
            )
            out.low, out.high = {
                "near": (line, near),
                "moderate": (near, moderate),
                "far": (moderate, math.inf),
                None: (line, math.inf),
            }[attempt.distance_below_pass]
    if attempt.profile:
        codes = {"lower": 1.0, "same": 0.0, "higher": -1.0}
        listed = [codes[level] for level in attempt.profile.values()]
        weight = p["profile_expected_weight"]
        average = (sum(listed) + weight * p["profile_expected_code"]) / (len(listed) + weight)
        value = np.full(len(index), np.nan)
        noise = np.full(len(index), np.inf)
        for name, level in attempt.profile.items():
            loading, own_axis = onto_share_axis(name, constants, attempt.date, index)
            factor = 1.0 if own_axis else p["discipline_noise_factor"]
            for place in loading:
                value[place] = area_effects.profile_value(
                    level, average, p["profile_step_sds"] * area_sd
                )
                noise[place] = (p["profile_noise_sds"] * area_sd) ** 2 * factor
        out.area_value, out.area_variance = value, noise
    return out


def _form_noise(form: Form, constants: Constants) -> tuple[float, float]:
    """Bias and SD of a form's total in points, before its conditions are weighed."""
    p = constants.parameter
    unit = constants.score_sd if form.family == "school" else 1.0
    sd = p[f"form_sd.{form.family}"] * unit
    bias_sd = p.get(f"form_bias_sd.{form.family}", 0.0) * unit
    return p.get(f"form_bias.{form.family}", 0.0) * unit, math.hypot(sd, bias_sd)


def form(form: Form, constants: Constants, index: Mapping[str, int]) -> Observation:
    """A practice form: one observation of the total, and deviations from its area table."""
    p = constants.parameter
    out = Observation(on=form.date, kind="practice-test", subject=form.family, label=form.form)
    out.printed_p_pass = form.printed_p_pass
    percent: float | None = None
    slope = p["block_reported_per_percent"]
    family = facts.form_family(form.family, constants.exam)
    try:
        conversion = facts.conversion(form.family, constants.exam, form.date)
    except FactUnknown:
        conversion = None
    if form.family == "school" and form.score is not None:
        if form.scale == "reported":
            out.reported = form.score
        else:
            out.reported = constants.mark + (form.score - p["block_mark_percent"]) * slope
            percent = form.score
    elif form.score is not None and conversion is not None:
        out.reported = float(conversion.to_reported(form.score))
        if family.scale in ("epc", "percent"):
            percent = form.score
    if out.reported is None and form.printed_p_pass is not None and conversion is not None:
        # The chance printed on a report is a function of its total: used only when that is absent.
        clipped = min(max(form.printed_p_pass, 0.01), 0.99)
        week_sd = math.hypot(_form_noise(form, constants)[1], p["sitting_sd"])
        out.reported = constants.mark + week_sd * normal.quantile(clipped)
        out.flags.append(reason("forecast.read-from-printed-chance"))
    if out.reported is not None:
        bias, sd = _form_noise(form, constants)
        if not form.timed:
            bias += p["untimed_bias"] * constants.score_sd
            sd *= p["untimed_widening"]
            out.flags.append(reason("forecast.untimed"))
        if form.interrupted:
            sd *= p["interrupted_widening"]
            out.flags.append(reason("forecast.interrupted"))
        if form.repeat:
            bias += p["repeat_bias"] * constants.score_sd
            sd *= p["repeat_widening"]
            out.flags.append(reason("forecast.taken-before"))
        out.value = constants.log_distance(out.reported - bias)
        out.variance = (sd * constants.log_points) ** 2
    else:
        silent = "forecast.no-score" if form.score is None else "forecast.does-not-predict"
        out.flags.append(Reason(silent))
    out.area_value, out.area_variance = _area_deviations(
        form.areas,
        total_percent=percent,
        items=float(family.items or 200),
        points_per_percent=slope,
        constants=constants,
        on=form.date,
        index=index,
    )
    return out


def blocks(
    taken: Iterable[Block], constants: Constants, index: Mapping[str, int]
) -> list[Observation]:
    """Question-bank blocks, pooled by bank, week, mode and pass (rule F11).

    The difficulty of a bank for this learner is unknown and the same in every block, so n pooled
    weeks of one bank share one bias: each carries n times its variance, and together they never
    say more than the bias allows.
    """
    p = constants.parameter
    pools: dict[tuple[str, date, str, bool], list[Block]] = {}
    for block in taken:
        monday = block.date - timedelta(days=block.date.weekday())
        pools.setdefault((block.bank, monday, block.mode, block.first_pass), []).append(block)
    weeks_of_bank: dict[str, int] = {}
    for bank, *_ in pools:
        weeks_of_bank[bank] = weeks_of_bank.get(bank, 0) + 1
    out = []
    slope = p["block_reported_per_percent"]
    for (bank, _, mode, first_pass), group in pools.items():
        items = sum(b.items for b in group)
        if items == 0:
            continue
        percent = 100.0 * sum(b.correct for b in group) / items
        noise = area_effects.binomial_variance_of_percent(percent, items, p["block_overdispersion"])
        bias = 0.0
        widening = 1.0
        flags: list[Reason] = []
        if mode == "tutor":
            bias += p["block_tutor_bias_percent"]
            widening *= p["block_tutor_widening"]
            flags.append(reason("forecast.tutor-mode"))
        if not first_pass:
            bias += p["block_repeat_bias_percent"]
            widening *= p["block_repeat_widening"]
            flags.append(reason("forecast.second-pass"))
        unknown = (p["block_bias_sd_percent"] * widening) ** 2 * weeks_of_bank[bank]
        reported = constants.mark + (percent - bias - p["block_mark_percent"]) * slope
        merged: dict[str, AreaResult] = {}
        for block in group:
            for name, result in block.areas.items():
                if result.items:
                    before = merged.get(name, AreaResult(correct=0, items=0))
                    share = result.fraction or 0.0
                    merged[name] = AreaResult(
                        correct=(before.correct or 0) + round(share * result.items),
                        items=(before.items or 0) + result.items,
                    )
        value, variance = _area_deviations(
            merged,
            total_percent=percent,
            items=float(items),
            points_per_percent=slope,
            constants=constants,
            on=max(b.date for b in group),
            index=index,
        )
        out.append(
            Observation(
                on=max(b.date for b in group),
                kind="blocks",
                subject=bank,
                flags=flags,
                value=constants.log_distance(reported),
                variance=(noise * widening**2 + unknown) * (slope * constants.log_points) ** 2,
                reported=reported,
                area_value=value,
                area_variance=variance,
            )
        )
    return out


def observations(record: Record, constants: Constants, as_of: date) -> list[Observation]:
    """Every piece of evidence of the record up to ``as_of``, by day."""
    index = area_index(constants, as_of)
    area_sd = constants.prior_sd * math.sqrt(1.0 / constants.parameter["area_correlation"] - 1.0)
    found = [
        sitting(a, constants, index, area_sd)
        for a in record.attempts
        if a.exam == constants.exam and a.date <= as_of
    ]
    found += [form(f, constants, index) for f in record.forms if f.date <= as_of]
    found += blocks((b for b in record.blocks if b.date <= as_of), constants, index)
    return sorted(found, key=lambda o: o.sort_key)
