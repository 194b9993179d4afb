"""What counts how much in a decision: named numbers, three presets, and what a person set."""

from __future__ import annotations

from typing import Final

from bounceback import facts
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

PRESET_FAILED_ATTEMPT: Final = {"balanced": 48.0, "attempt": 96.0, "time": 35.0}
"""Weeks of delay that a failed attempt counts as, by preset: the default, a failure would cost me
most, time matters most. The last is the least that a failed attempt can count: the half year that
building up takes, and an attempt used."""


def parameters(exam: ExamId) -> dict[str, float]:
    """Return the defaults by name (``facts/data/parameters/decision.csv``)."""
    return {
        name: float(fact.value)  # type: ignore[arg-type]
        for name, fact in facts.parameters("decision", exam).items()
    }


def weights(record: Record) -> dict[str, float]:
    """Return the utilities in use: the defaults, replaced by what the person or the school set."""
    return {
        name: float(record.decision.weights.get(name, fact.value))  # type: ignore[arg-type]
        for name, fact in facts.parameters("decision", record.exam.id).items()
        if fact.unit == "utility"
    }
