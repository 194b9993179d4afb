"""The population is frozen, and its world is the published one."""

from datetime import timedelta

import numpy as np
import pytest

from bounceback import facts
from bounceback_lab.simulation import (
    DEFAULT_SEED,
    POPULATION_VERSION,
    default_mix,
    digest,
    parameters,
    simulate,
)
from bounceback_lab.simulation.parameters import DATA_FILES, rows

EXAMS = tuple(parameters().exams)


@pytest.mark.parametrize("exam", EXAMS)
def test_areas_and_weights_are_those_of_the_facts_on_the_days_of_the_sittings(exam):
    scale = parameters().exams[exam]
    for on in (scale.first_failed_sitting, scale.last_failed_sitting + timedelta(days=320)):
        published = facts.exam_weights(exam, on)
        assert set(published) == set(scale.areas)
        for area, weight in zip(scale.areas, scale.weights, strict=True):
            assert weight == pytest.approx(published[area], abs=1e-5)


@pytest.mark.parametrize("exam", EXAMS)
def test_the_mark_is_that_of_the_facts_on_every_day_on_which_a_retake_can_fall(exam):
    scale = parameters().exams[exam]
    longest = timedelta(days=parameters()["longest_lead_days"])
    for on in (scale.first_failed_sitting, scale.last_failed_sitting + longest):
        assert facts.pass_mark(exam, on).value == scale.mark
        assert facts.pass_mark(exam, on).number_reported == scale.number_reported


def test_forms_convert_to_the_exam_scale_as_the_facts_say():
    scale = parameters().exams["usmle-step-1"]
    line = facts.conversion("nbme-cbssa", "usmle-step-1", scale.first_failed_sitting)
    assert scale.points_per_percent == line.slope
    assert scale.score(60.0) == pytest.approx(line.intercept + line.slope * 60.0, abs=0.1)


def test_every_family_is_one_of_the_facts_and_serves_its_exam():
    for exam, family in parameters().families:
        assert exam in facts.form_family(family).exams


def test_shares_of_the_default_mix_and_of_form_families_sum_to_one():
    assert sum(default_mix().values()) == pytest.approx(1)
    for exam in EXAMS:
        popular = [f.popularity for (e, _), f in parameters().families.items() if e == exam]
        assert sum(popular) == pytest.approx(1)


# The weights of areas.csv are held to the facts above; it has no confidence of its own.
WITH_CONFIDENCE = [*(name for name in DATA_FILES if name != "areas.csv"), "targets.csv"]


@pytest.mark.parametrize("name", WITH_CONFIDENCE)
def test_every_constant_has_its_confidence_and_every_inferred_one_its_reason(name):
    for row in rows(name):
        assert row["confidence"] in {"official", "reported", "inferred"}
        assert row["reason"] or row["confidence"] != "inferred", row


def test_the_frozen_population_is_the_one_that_was_frozen():
    """A change here voids every comparison made on the population: raise the version first."""
    assert POPULATION_VERSION == "1"
    assert DEFAULT_SEED == 20241
    assert digest() == "f63310968677a6a613b454fc8b46b6949ef4a84b4b1626912be046284d519286"
    first = simulate(12).outcomes
    assert first.score.astype(int).tolist() == [
        230,
        158,
        203,
        186,
        172,
        205,
        186,
        222,
        222,
        194,
        241,
        188,
    ]
    assert first.lead_days.tolist() == [23, 28, 40, 37, 9, 36, 15, 19, 14, 5, 22, 2]
    assert np.array_equal(first.passed, first.score >= first.mark)
