"""Answers follow the learner: names of areas carry no weight of their own, groups and dates do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from bounceback import facts
from bounceback.records import models as v
from bounceback.services import briefing
from bounceback.vocabulary import EXAM_IDS, GROUPS
from tests.services.builders import TODAY, asked, known

WEEK: Mapping[Any, int] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 300)


def plain(exam: str = "usmle-step-1", group: str = "us-md", **more: Any) -> v.Record:
    return v.Record(
        learner=v.Learner(group=group, time_zone="UTC"),  # type: ignore[arg-type]
        exam=v.ExamTarget(id=exam, planned_date=more.pop("planned", date(2027, 1, 29))),  # type: ignore[arg-type]
        attempts=(v.Attempt(exam=exam, date=date(2026, 9, 1), outcome="fail"),),  # type: ignore[arg-type]
        availability=v.Availability(minutes=WEEK),
        resources=(v.Resource(name="bank", kind="questions", units=5000),),
        **more,
    )


# --- areas ------------------------------------------------------------------------------------


def with_areas(low: str, high: str) -> v.Record:
    """One form that found one area weak and one strong."""
    form = v.Form(
        family="nbme-cbssa",
        form="31",
        date=date(2026, 11, 15),
        score=60.0,
        areas={
            low: v.AreaResult(correct=4, items=20),
            high: v.AreaResult(correct=18, items=20),
        },
    )
    return plain(forms=(form,))


def equal_areas() -> list[str]:
    """Areas of Step 1 with the same weight: names alone tell them apart."""
    by_weight: dict[float, list[str]] = {}
    for name, weight in facts.exam_weights("usmle-step-1", date(2027, 1, 29)).items():
        by_weight.setdefault(round(weight, 9), []).append(name)
    return max(by_weight.values(), key=len)


def test_swapping_the_names_of_two_areas_swaps_their_plan() -> None:
    same = equal_areas()
    assert len(same) >= 2
    for one, other in list(combinations(same, 2))[:3]:
        first, second = (
            asked(with_areas(one, other)),
            asked(with_areas(other, one)),
        )
        swap = {one: other, other: one}
        minutes = {a["area"]: a["planned_minutes"] for a in first["areas"]}
        swapped = {a["area"]: a["planned_minutes"] for a in second["areas"]}
        means = {a["area"]: a["mean"] for a in first["areas"]}
        means_swapped = {a["area"]: a["mean"] for a in second["areas"]}
        session = first["plan"]["sessions"][0]["minutes"] if first["plan"]["sessions"] else 60
        assert minutes[one] > minutes[other]
        for area in minutes:
            # Whole sessions: of two equal claims one is cut first, by its place in the list.
            there = swap.get(area, area)
            assert swapped[there] == pytest.approx(minutes[area], abs=2 * session)
            if means[area] is not None:
                assert means_swapped[there] == pytest.approx(means[area], abs=0.01)
        for day, same_day in zip(first["forecast"], second["forecast"], strict=True):
            assert day["p_pass"] == pytest.approx(same_day["p_pass"], abs=0.005)


def test_a_weak_area_gets_more_time_than_the_same_area_strong() -> None:
    one, other = equal_areas()[:2]
    weak = {a["area"]: a["planned_minutes"] for a in asked(with_areas(one, other))["areas"]}
    strong = {a["area"]: a["planned_minutes"] for a in asked(with_areas(other, one))["areas"]}
    assert weak[one] > strong[one]


# --- who, what, when --------------------------------------------------------------------------


def numbers(record: v.Record) -> tuple[object, ...]:
    b = briefing(record, TODAY)
    chosen = next(f for f in b.forecasts if f.on == record.exam.planned_date)
    return (round(b.belief.score_mean, 3), round(chosen.p_pass, 4))


def test_groups_that_publish_apart_are_answered_apart() -> None:
    answers = {group: numbers(plain(group=group)) for group in GROUPS}
    assert answers["us-md"] != answers["us-do"] != answers["us-img"]
    assert answers["us-md"] != answers["us-img"]


def test_the_two_groups_that_share_their_published_rates_differ_in_what_is_said() -> None:
    """Rates of schools outside the US hold for both groups of graduates; the group is named."""
    first, second = (asked(plain(group=g)) for g in ("us-img", "non-us-img"))
    assert first["standing"]["evidence"] != second["standing"]["evidence"]


@pytest.mark.parametrize(("one", "other"), list(combinations(EXAM_IDS, 2)))
def test_exams_are_answered_apart(one: str, other: str) -> None:
    groups = dict.fromkeys((one, other), "us-do")
    first, second = (asked(plain(exam=e, group=groups[e])) for e in (one, other))
    assert first["standing"] != second["standing"]
    assert first["forecast"] != second["forecast"]
    assert {a["area"] for a in first["areas"]} != {a["area"] for a in second["areas"]} or (
        first["scale"] != second["scale"]
    )


def test_dates_are_answered_apart() -> None:
    first = asked(plain(planned=date(2027, 1, 29)))
    second = asked(plain(planned=date(2027, 3, 5)))
    assert first["plan"]["test_date"] != second["plan"]["test_date"]
    assert first["plan"]["sessions"] != second["plan"]["sessions"]
    assert first["ledger"] != second["ledger"]


def test_days_are_answered_apart() -> None:
    record = known()["step1-us-md-wobbly"]
    first, second = asked(record, TODAY), asked(record, TODAY + timedelta(days=7))
    assert first["standing"]["score_sd"] != second["standing"]["score_sd"]
    assert first["plan"]["sessions"] != second["plan"]["sessions"]


def test_learners_who_differ_in_the_order_of_their_file_alone_are_answered_alike() -> None:
    record = known()["step1-us-md-wobbly"]
    turned = replace(record, forms=record.forms[::-1], ledger=record.ledger[::-1])
    first, second = asked(record), asked(turned)
    assert first["forecast"] == second["forecast"]
    assert first["decision"] == second["decision"]
