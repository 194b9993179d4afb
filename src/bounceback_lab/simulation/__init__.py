"""Simulated retakers, item by item, for judging forecasts and plans.

The population shares no law with the forecast: facets, power-law forgetting, items, habits. It is
frozen (:data:`POPULATION_VERSION`, :func:`digest`, :data:`DEFAULT_SEED`) before anything is
compared on it. ``docs/explanation/population.md`` tells the laws, the calibration and its limits.
"""

from bounceback_lab.simulation.export import write_population
from bounceback_lab.simulation.parameters import (
    DEFAULT_SEED,
    POPULATION_VERSION,
    Parameters,
    digest,
    parameters,
)
from bounceback_lab.simulation.population import Outcomes, Part, Population, default_mix, simulate
from bounceback_lab.simulation.published_targets import Reproduced, reproduces
from bounceback_lab.simulation.simulator import FormsTaken, Sittings, World

__all__ = [
    "DEFAULT_SEED",
    "POPULATION_VERSION",
    "FormsTaken",
    "Outcomes",
    "Parameters",
    "Part",
    "Population",
    "Reproduced",
    "Sittings",
    "World",
    "default_mix",
    "digest",
    "parameters",
    "reproduces",
    "simulate",
    "write_population",
]
