"""The planner's limits, caps and floors: facts, changed by prescriptions, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from bounceback import facts
from bounceback.errors import QuestionError

MODEL: Final = "plan"

PRESCRIBABLE: Final[Mapping[str, tuple[float, float]]] = {
    "hours_cap": (0.0, 10.0),
    "hard_hours_cap": (0.0, 10.0),
    "rest_days_per_week": (0, 6),
    "buffer_share": (0.0, 0.5),
    "taper_days": (0, 14),
    "taper_share": (0.0, 1.0),
    "earliest_hour": (0.0, 24.0),
    "latest_hour": (0.0, 24.0),
    "session_minutes": (20, 90),
    "session_minutes_max": (20, 90),
    "rotation_day_minutes": (0, 600),
    "cards_share_max": (0.0, 1.0),
    "new_cards_per_day": (0, 1000),
    "retrieval_share_min": (0.0, 1.0),
    "start_questions_per_day": (0, 400),
    "weak_topic_floor_share": (0.0, 1.0),
    "area_floor_share": (0.0, 1.0),
    "weak_area_days_min": (0, 30),
    "resource_freeze": (0, 1),
    "resources_max": (1, 50),
    "form_spacing_days": (0, 60),
    "form_quiet_days": (0, 14),
    "forms_extra": (0, 8),
    "forms_in_window": (0, 4),
    "maintenance_minutes_per_day": (0, 600),
}
"""Names a prescription may change, with the range its value may have (docs: the plan)."""


class Prescribes(Protocol):
    """What the plan reads of a prescription: which parameter, which value, and why."""

    @property
    def parameter(self) -> str:
        """Name of a plan parameter."""

    @property
    def value(self) -> float | int | bool | str:
        """Its new value."""

    @property
    def why(self) -> str:
        """The reason, one sentence."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The planner's parameters for one exam and one learner.

    Attributes:
        values: By name, in the units of ``facts/data/parameters/plan.csv``.
        prescribed: Name to reason, for those that a prescription changed.
    """

    values: Mapping[str, float]
    prescribed: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    @property
    def session_limit(self) -> int:
        """Longest session where its length is prescribed, in minutes; 0 where it is not."""
        return self.whole("session_minutes") if "session_minutes" in self.prescribed else 0

    def session_limit_on(self, free_minutes: int, row: int) -> int:
        """Longest session on a day with so many free minutes; 0 where none is prescribed.

        A prescribed length holds on every day, unless it asks for blocks in a row. Where short
        days are prescribed to be planned in short sessions, those last as long as the facts say.

        Args:
            free_minutes: Of the day.
            row: Blocks that are done in a row.
        """
        if self.session_limit:
            return self.session_limit if row == 1 else 0
        prescribed = "rotation_day_minutes" in self.prescribed
        short = prescribed and 0 < free_minutes <= self.values["rotation_day_minutes"]
        return self.whole("rotation_session_minutes") if short else 0

    def blocks_in_a_row(self, block_minutes: float) -> int:
        """Blocks done without a break before their review.

        Two or more where a session is prescribed that is long enough for them and the length of
        one block beside, else one.

        Args:
            block_minutes: Testing time of one block at the exam's pace.
        """
        return max(1, int(self.session_limit / block_minutes + 1e-9) - 1)

    def whole(self, name: str) -> int:
        """A parameter that counts something."""
        return round(self.values[name])


def rules_for(exam_id: str, prescriptions: Sequence[Prescribes] = ()) -> Rules:
    """The plan parameters of an exam, with prescriptions applied (the first of a name wins).

    Raises:
        QuestionError: A prescription names no prescribable parameter, or its value is not a number
            in that parameter's range.
    """
    values = {
        name: float(fact.value)
        for name, fact in facts.parameters(MODEL, exam_id).items()
        if isinstance(fact.value, int | float)
    }
    prescribed: dict[str, str] = {}
    for prescription in prescriptions:
        name = prescription.parameter
        if name not in PRESCRIBABLE:
            raise QuestionError(
                f"prescription for {name!r}; allowed: {', '.join(sorted(PRESCRIBABLE))} "
                "(plan, docs/explanation/plan.md). Name one of these."
            )
        low, high = PRESCRIBABLE[name]
        try:
            value = float(prescription.value)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise QuestionError(
                f"prescription {name}={prescription.value!r}; allowed: {low:g} to {high:g} "
                "(plan, docs/explanation/plan.md). Give a number in that range."
            )
        if name not in prescribed:
            values[name] = value
            prescribed[name] = prescription.why
    return Rules(values, prescribed)
