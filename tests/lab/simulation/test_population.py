"""Histories of retakers, and the records they leave."""

from datetime import timedelta

import numpy as np
import pytest

from bounceback import facts
from bounceback.errors import QuestionError
from bounceback.records import parse_case, write_case
from bounceback_lab.simulation import parameters, simulate

SEED = 5


@pytest.fixture(scope="module")
def population():
    return simulate(400, SEED)


def test_the_first_learners_are_the_same_however_many_are_asked_for(population):
    few = simulate(60, SEED)
    assert [few.record(i) for i in range(60)] == [population.record(i) for i in range(60)]
    assert (few.outcomes.score == population.outcomes.score[:60]).all()


def test_another_seed_gives_other_learners(population):
    assert (simulate(60, SEED + 1).outcomes.score != population.outcomes.score[:60]).any()


def test_a_record_holds_no_evidence_after_the_day_of_the_forecast(population):
    for i, record in enumerate(population.records()):
        as_of = population.as_of(i)
        days = [e.date for e in (*record.attempts, *record.forms, *record.blocks, *record.study)]
        assert max(days) <= as_of
        lead = timedelta(days=int(population.outcomes.lead_days[i]))
        assert lead.days >= 1
        assert record.exam.planned_date == as_of + lead


def test_later_evidence_is_there_when_asked_for_and_never_holds_the_retake(population):
    for i in range(50):
        whole = population.record(i, until=population.as_of(i) + timedelta(days=999))
        cut = population.record(i)
        assert whole.forms[: len(cut.forms)] == cut.forms
        assert len(whole.attempts) == 1
        assert all(f.date < cut.exam.planned_date for f in whole.forms)


def test_every_learner_has_failed_once_and_is_reported_as_the_board_reports(population):
    for i, record in enumerate(population.records()):
        (attempt,) = record.attempts
        mark = facts.pass_mark(attempt.exam, attempt.date)
        assert attempt.outcome == "fail"
        assert population.outcomes.failed_score[i] < mark.value
        if mark.number_reported:
            assert attempt.score == population.outcomes.failed_score[i]
        else:
            assert attempt.score is None
        if attempt.distance_below_pass:
            assert attempt.exam == "usmle-step-1"


def test_a_greater_distance_below_the_mark_is_never_reported_as_nearer():
    population = simulate(300, SEED, {"usmle-step-1": 1.0})
    rank = {"near": 0, "moderate": 1, "far": 2}
    seen = sorted(
        (population.outcomes.failed_score[i], -rank[r.attempts[0].distance_below_pass])
        for i, r in enumerate(population.records())
        if r.attempts[0].distance_below_pass
    )
    ranks = [r for _, r in seen]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, -1, -2}


def test_records_survive_the_case_file_without_loss(population):
    for i in range(80):
        record = population.record(i)
        assert parse_case(write_case(record)).record == record


def test_forms_carry_counts_that_add_up_and_every_kind_of_condition_occurs(population):
    forms = [f for record in population.records() for f in record.forms]
    assert any(not f.timed for f in forms)
    assert any(f.interrupted for f in forms)
    assert any(f.repeat for f in forms)
    assert any(f.printed_p_pass is not None for f in forms)
    for form in forms:
        for result in form.areas.values():
            assert 0 <= result.correct <= result.items


def test_logs_are_complete_partial_or_missing(population):
    days = np.array([len({s.date for s in r.study}) for r in population.records()])
    assert (days == 0).mean() > 0.15
    assert (days > 15).mean() > 0.05


def test_no_two_forms_fall_on_one_day(population):
    for record in population.records():
        days = [f.date for f in record.forms]
        assert len(days) == len(set(days))


def test_the_world_of_a_closed_loop_holds_the_same_learners_and_the_same_failure(population):
    world = population.world("usmle-step-1")
    mine = population.learners_of("usmle-step-1")
    assert len(world) == len(mine) == len(population.planned_minutes("usmle-step-1"))
    part = next(p for p in population.parts if p.scale.exam == "usmle-step-1")
    assert (world.key == part.key).all()
    assert world.day == parameters()["result_wait_days"]
    some = population.world("usmle-step-1", [2, 4])
    assert (some.sit().score == world.sit().score[[2, 4]]).all()


def test_a_mix_that_names_nothing_or_weighs_nothing_is_refused():
    with pytest.raises(QuestionError, match="usmle-step-1"):
        simulate(5, SEED, {"usmle-step-9": 1.0})
    with pytest.raises(QuestionError, match="no weight"):
        simulate(5, SEED, {"usmle-step-1": 0.0})
    with pytest.raises(QuestionError, match="weight of 0 or more"):
        simulate(5, SEED, {"usmle-step-1": -1.0})
    with pytest.raises(QuestionError, match="at least one"):
        simulate(0, SEED)


def test_a_mix_by_exam_and_group_gives_only_that_group():
    few = simulate(40, SEED, {("usmle-step-3", "us-md"): 2.0})
    assert set(few.outcomes.exam) == {"usmle-step-3"}
    assert set(few.outcomes.group) == {"us-md"}
