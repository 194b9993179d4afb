"""The plan changes an appraisal can ask for, each with its number from the thresholds."""

from __future__ import annotations

import math
from dataclasses import replace

from bounceback import facts
from bounceback.appraisal.models import Prescription
from bounceback.appraisal.thresholds import Thresholds
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record
from bounceback.vocabulary import MINUTES_PER_HOUR


def prescribe(
    parameter: str, value: float | int, unit: str, why: Reason, evidence: str = "design"
) -> Prescription:
    """One plan change; ``evidence`` is an id of the evidence table."""
    whole = int(value) if float(value).is_integer() else value
    return Prescription(
        parameter=parameter,
        value=whole,
        unit=unit,
        why=(why,),
        evidence=evidence,
    )


def hours_cap(t: Thresholds, hours: float, why: Reason, evidence: str = "design") -> Prescription:
    """A cap on daily hours, inside the range that is ever prescribed, in half hours."""
    value = min(max(hours, t["hours_cap_lowest"]), t["hours_cap_highest"])
    value = int(value * 2) / 2
    cap = prescribe("hours_cap", value, "hours/day", why, evidence)
    return replace(cap, why=(why, reason("appraisal.change-hours-cap", hours=value)))


def usual_cap(record: Record) -> float:
    """Hours a day that the plan holds without a prescription: its cap, or the learner's own."""
    cap = facts.parameters("plan", record.exam.id)["hours_cap"].value
    hours = float(cap) if isinstance(cap, int | float) else 0.0
    own = record.availability.max_minutes_per_day if record.availability is not None else None
    return hours if own is None else min(hours, own / MINUTES_PER_HOUR)


def extra_form(t: Thresholds, why: Reason, evidence: str = "assessment") -> Prescription:
    """One more full test under exam conditions."""
    n = t.count("prescribed_forms_extra")
    return prescribe("forms_extra", n, "forms", why, evidence)


def weak_floor(t: Thresholds, why: Reason, fair: float = 0.0, least: float = 0.0) -> Prescription:
    """A floor of effort for the weakest third of areas, as the plan ranks them.

    Args:
        t: Thresholds.
        why: The reason.
        fair: Share of the exam that the weakest areas hold; the floor lies above it, in whole
            tenths, since less than their share is no change for areas that the exam asks much of.
        least: A floor to hold in any case, above the usual one.
    """
    above_fair = math.ceil(fair * t["weak_floor_over_fair"] * 10) / 10
    value = max(t["weak_topic_floor_share"], least, min(above_fair, t["weak_floor_highest"]))
    floor = prescribe("weak_topic_floor_share", value, "share of effort", why, "weaknesses")
    return replace(floor, why=(why, reason("appraisal.change-weak-floor", share=value)))
