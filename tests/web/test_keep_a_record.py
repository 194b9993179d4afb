"""A record goes into the tables and comes out of them without loss; history is never altered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from bounceback.errors import CaseError
from bounceback.records import Record, from_case, parse_case, to_case, write_case
from bounceback.records import models as v
from bounceback_web.records import learner_store, models
from tests.records.strategies import records as any_records

ONE_BY_ONE = settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def fresh(owner: User | None = None) -> Record:
    """The record as the tables hold it, not as this process remembers it."""
    learner_store.forget()
    found = learner_store.find(owner)
    assert found is not None
    return found.value


class RoundTrip(TestCase):
    @ONE_BY_ONE
    @given(any_records())
    def test_any_record_comes_back_as_it_went_in(self, drawn: Record) -> None:
        read = from_case(to_case(drawn)).record
        learner_store.begin(learner_store.local_owner(), drawn, "begun")
        assert fresh() == read
        assert parse_case(write_case(fresh())).record == read

    @ONE_BY_ONE
    @given(any_records(exam_id="usmle-step-1"), any_records(exam_id="usmle-step-1"))
    def test_any_record_can_become_any_other_and_be_undone(
        self, first: Record, second: Record
    ) -> None:
        first, second = from_case(to_case(first)).record, from_case(to_case(second)).record
        kept = learner_store.begin(learner_store.local_owner(), first, "begun")
        changed = learner_store.change(None, lambda _old: second, "became another")
        assert fresh() == second
        if changed.row.version > kept.row.version:
            learner_store.undo(None, changed.row.version)
            assert fresh() == first


def test_entries_that_did_not_change_keep_their_ids(kept: learner_store.Kept) -> None:
    before = [row.pk for row in learner_store.rows(kept, "forms")]
    extra = v.Form(family="free-120", form="2026", date=v.date(2026, 11, 20), score=60.0)
    learner_store.change(None, lambda r: replace(r, forms=(*r.forms, extra)), "one more")
    assert [row.pk for row in learner_store.rows(kept, "forms")][:-1] == before
    learner_store.change(None, lambda r: replace(r, forms=r.forms[1:]), "one less")
    assert [row.pk for row in learner_store.rows(kept, "forms")][:-1] == before[1:]
    assert [row.position for row in learner_store.rows(kept, "forms")] == list(range(len(before)))


def test_a_change_made_from_an_old_page_changes_nothing_and_tells_what_happened(
    kept: learner_store.Kept,
) -> None:
    meeting = v.Meeting(date=v.date(2026, 11, 20), with_="adviser")
    newer = learner_store.change(
        None, lambda r: replace(r, meetings=(meeting,)), "A meeting was noted."
    )
    with pytest.raises(learner_store.StaleError) as met:
        learner_store.change(None, lambda r: replace(r, meetings=()), "gone", seen=kept.row.version)
    assert [change.words for change in met.value.since] == ["A meeting was noted."]
    assert fresh() == newer.value


def test_a_refused_change_leaves_record_version_and_history(kept: learner_store.Kept) -> None:
    def edit(case: dict[str, object]) -> None:
        case["forms"] = [{"family": "nbme-cbssa", "form": "31", "date": "never"}]

    with pytest.raises(CaseError):
        learner_store.amend(None, edit, "refused")
    assert fresh() == kept.value
    assert models.Change.objects.count() == 1


def test_undo_of_a_step_that_was_built_upon_is_refused_and_changes_nothing(
    kept: learner_store.Kept,
) -> None:
    rule = v.Pact(rule="two forms above the line", date=v.date(2027, 1, 10))
    first = learner_store.change(
        None, lambda r: replace(r, decision=v.DecisionPreferences(pact=rule)), "a pact"
    )
    other = replace(rule, rule="three forms above the line")
    latest = learner_store.change(
        None, lambda r: replace(r, decision=v.DecisionPreferences(pact=other)), "another pact"
    )
    with pytest.raises(learner_store.NothingToUndoError):
        learner_store.undo(None, first.row.version)
    assert fresh() == latest.value


def test_nobody_fetches_what_is_somebody_elses(
    kept: learner_store.Kept, stranger: learner_store.Kept
) -> None:
    theirs = learner_store.rows(stranger, "forms")[0]
    with pytest.raises(Http404):
        learner_store.owned(models.Form, None, pk=theirs.pk)
    assert learner_store.owned(models.Form, stranger.row.owner, pk=theirs.pk) == theirs


def test_deleting_everything_leaves_the_other_persons_record(
    kept: learner_store.Kept, stranger: learner_store.Kept
) -> None:
    learner_store.delete_everything(None)
    assert learner_store.find(None) is None
    assert fresh(stranger.row.owner) == stranger.value
    for model in (models.Form, models.Change, models.PlanSession):
        assert set(model.objects.values_list("record", flat=True)) <= {stranger.row.pk}
