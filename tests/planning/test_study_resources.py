"""Sizes from the catalog in the plan, and what the plan says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bounceback.planning import make_plan
from bounceback.planning.planner import setting
from bounceback.planning.study_resources import size_remarks
from bounceback.reasons import reason
from bounceback.records.catalog_sizes import with_catalog_sizes
from bounceback.records.models import Resource
from tests.planning.learners import AS_OF, dynamics_of, retaker

BANK = Resource(name="My bank", kind="questions", catalogue="uworld-step-1", done=600)
UNSIZED = Resource(name="AMBOSS", kind="questions", catalogue="amboss-usmle")


def remarks(*resources: Resource):
    return size_remarks(resources, with_catalog_sizes(resources))


def test_a_size_taken_from_the_catalog_is_said_with_its_day() -> None:
    assert remarks(BANK) == (
        reason(
            "planning.catalog-size",
            resource="My bank",
            of="questions",
            units=3600,
            precision="at-least",
            read=date(2026, 9, 24),
        ),
    )


def test_a_size_that_nobody_publishes_is_asked() -> None:
    asked = reason("planning.catalog-size-unknown", resource="AMBOSS", of="questions")
    assert remarks(UNSIZED) == (asked,)


def test_nothing_is_said_of_sizes_that_the_case_gives() -> None:
    assert remarks(replace(BANK, units=2000), Resource(name="Notes", kind="book")) == ()


def test_the_plan_counts_what_is_left_of_the_published_size() -> None:
    record, test_date = retaker(1, 8)
    at = setting(replace(record, resources=(BANK,)), AS_OF, test_date)
    assert at.material.questions_left == 3000


@pytest.mark.parametrize(
    "resources",
    [
        (BANK, UNSIZED),
        (BANK, Resource(name="Randy", kind="video", catalogue="randy-neil-biostatistics")),
        (Resource(name="COMBANK", kind="questions", catalogue="combank-comlex-level-1"),),
    ],
)
def test_a_plan_says_each_size_that_it_took_or_asks(resources) -> None:
    record, test_date = retaker(1, 6)
    record = replace(record, resources=resources)
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, 1))
    said = [r for r in plan.remarks if r.code.startswith("planning.catalog-size")]
    assert said == list(remarks(*resources))
    assert any(s.resource == resources[0].name for s in plan.sessions)
