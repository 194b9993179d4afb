"""Variants of the simulated population, declared before anything is judged on them.

Each changes constants of the frozen population and none of its laws. A model that holds on the
frozen population and on none of these has learned that population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bounceback_lab.simulation.parameters import Parameters, parameters


@dataclass(frozen=True, slots=True)
class World:
    """One variant.

    Attributes:
        name: What it is called in tables.
        reason: What in real life it stands for.
        factor: Constants of ``constants.csv`` and what they are multiplied by.
        test_spread: Factor on how practice tests differ between learners and forms.
    """

    name: str
    reason: str
    factor: Mapping[str, float] = field(default_factory=dict)
    test_spread: float = 1.0

    def parameters(self) -> Parameters:
        """The frozen constants with this world's changes."""
        frozen = parameters()
        constants = dict(frozen.constants)
        for name, factor in self.factor.items():
            constants[name] *= factor
        families = {
            key: replace(
                family,
                person_sd_points=family.person_sd_points * self.test_spread,
                label_sd_points=family.label_sd_points * self.test_spread,
            )
            for key, family in frozen.families.items()
        }
        return replace(frozen, constants=constants, families=families)


FROZEN: Final = World("frozen", "the population as it stands")

VARIANTS: Final = (
    World(
        "harder days",
        "bad days twice as often, nerves half as large again",
        {"off_day_probability": 2.0, "nerves_size": 1.5},
    ),
    World(
        "plateaus",
        "some facets hardly yield, and learners differ more in what an hour teaches",
        {"facet_ease_log_sd": 1.3, "pace_log_sd": 1.4},
    ),
    World(
        "lost weeks",
        "illness, family, shifts: stretches twice as often and twice as long",
        {"lost_stretch_per_day": 2.0, "lost_stretch_days": 2.0},
    ),
    World("uneven tests", "practice tests suit some learners more than others", {}, 1.6),
)
"""Declared on December 1, 2026, before the spread of the forecast was measured on them."""


__all__ = ["FROZEN", "VARIANTS", "World"]
