from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bounceback import facts
from bounceback.forecast.belief import believe
from bounceback.plan.remediation import remediation
from bounceback.plan.rules import rules_for
from bounceback.record.values import LedgerForm
from bounceback.units import EXAM_IDS
from tests.plan.test_time_needed import AS_OF, FAMILY, failed


def path_of(record):
    return remediation(record, AS_OF, believe(record, AS_OF), rules_for(record.exam.id))


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_the_path_has_a_person_a_rebuild_accommodations_and_a_re_test(exam_id):
    path = path_of(failed(exam_id, 1.6))
    assert len(path.steps) == 4
    assert [s.by for s in path.steps] == sorted(s.by for s in path.steps)
    assert (path.steps[0].by - AS_OF).days <= 7
    assert all(s.what and s.who and s.why for s in path.steps)
    assert path.retest is not None
    assert path.retest.date >= AS_OF + timedelta(weeks=6)


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_the_score_that_reopens_the_plan_lies_at_the_mark_on_the_forms_own_scale(exam_id):
    record = failed(exam_id, 1.6)
    retest = path_of(record).retest
    line = facts.conversion(retest.family, exam_id, AS_OF)
    mark = believe(record, AS_OF).constants.mark
    assert mark <= line.to_reported(retest.score) < mark + line.slope


def test_an_owned_unused_form_is_the_re_test_before_any_is_bought():
    record = replace(
        failed("usmle-step-1", 1.6), ledger=(LedgerForm(family="nbme-cbssa", form="33"),)
    )
    retest = path_of(record).retest
    assert (retest.family, retest.form) == ("nbme-cbssa", "33")


def test_a_form_already_taken_is_never_the_re_test():
    record = failed("usmle-step-1", 1.6)
    used = LedgerForm(family=FAMILY["usmle-step-1"], form=record.forms[0].form)
    assert path_of(replace(record, ledger=(used,))).retest.form != used.form


def test_granted_accommodations_are_not_asked_about_again():
    record = failed("usmle-step-1", 1.6)
    granted = replace(record, exam=replace(record.exam, accommodations="granted"))
    assert len(path_of(granted).steps) == len(path_of(record).steps) - 1
