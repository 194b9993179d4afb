"""A record goes into the tables and comes out of them without loss; history is never altered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from bounceback.errors import CaseError
from bounceback.record import Record, from_case, parse_case, to_case, write_case
from bounceback.record import values as v
from bounceback_web.store import models, records
from tests.record.strategies import records as any_records

ONE_BY_ONE = settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def fresh(owner: User | None = None) -> Record:
    """The record as the tables hold it, not as this process remembers it."""
    records.forget()
    found = records.find(owner)
    assert found is not None
    return found.value


class RoundTrip(TestCase):
    @ONE_BY_ONE
    @given(any_records())
    def test_any_record_comes_back_as_it_went_in(self, drawn: Record) -> None:
        read = from_case(to_case(drawn)).record
        records.begin(records.local_owner(), drawn, "begun")
        assert fresh() == read
        assert parse_case(write_case(fresh())).record == read

    @ONE_BY_ONE
    @given(any_records(exam_id="usmle-step-1"), any_records(exam_id="usmle-step-1"))
    def test_any_record_can_become_any_other_and_be_undone(
        self, first: Record, second: Record
    ) -> None:
        first, second = from_case(to_case(first)).record, from_case(to_case(second)).record
        kept = records.begin(records.local_owner(), first, "begun")
        changed = records.change(None, lambda _old: second, "became another")
        assert fresh() == second
        if changed.row.version > kept.row.version:
            records.undo(None, changed.row.version)
            assert fresh() == first


def test_entries_that_did_not_change_keep_their_ids(kept: records.Kept) -> None:
    before = [row.pk for row in records.rows(kept, "forms")]
    extra = v.Form(family="free-120", form="2026", date=v.date(2026, 11, 20), score=60.0)
    records.change(None, lambda r: replace(r, forms=(*r.forms, extra)), "one more")
    assert [row.pk for row in records.rows(kept, "forms")][:-1] == before
    records.change(None, lambda r: replace(r, forms=r.forms[1:]), "one less")
    assert [row.pk for row in records.rows(kept, "forms")][:-1] == before[1:]
    assert [row.position for row in records.rows(kept, "forms")] == list(range(len(before)))


def test_a_change_made_from_an_old_page_changes_nothing_and_tells_what_happened(
    kept: records.Kept,
) -> None:
    meeting = v.Meeting(date=v.date(2026, 11, 20), with_="adviser")
    newer = records.change(None, lambda r: replace(r, meetings=(meeting,)), "A meeting was noted.")
    with pytest.raises(records.StaleError) as met:
        records.change(None, lambda r: replace(r, meetings=()), "gone", seen=kept.row.version)
    assert [change.words for change in met.value.since] == ["A meeting was noted."]
    assert fresh() == newer.value


def test_a_refused_change_leaves_record_version_and_history(kept: records.Kept) -> None:
    def edit(case: dict[str, object]) -> None:
        case["forms"] = [{"family": "nbme-cbssa", "form": "31", "date": "never"}]

    with pytest.raises(CaseError):
        records.amend(None, edit, "refused")
    assert fresh() == kept.value
    assert models.Change.objects.count() == 1


def test_undo_of_a_step_that_was_built_upon_is_refused_and_changes_nothing(
    kept: records.Kept,
) -> None:
    rule = v.Pact(rule="two forms above the line", date=v.date(2027, 1, 10))
    first = records.change(
        None, lambda r: replace(r, decision=v.DecisionPreferences(pact=rule)), "a pact"
    )
    other = replace(rule, rule="three forms above the line")
    latest = records.change(
        None, lambda r: replace(r, decision=v.DecisionPreferences(pact=other)), "another pact"
    )
    with pytest.raises(records.NothingToUndoError):
        records.undo(None, first.row.version)
    assert fresh() == latest.value


def test_nobody_fetches_what_is_somebody_elses(kept: records.Kept, stranger: records.Kept) -> None:
    theirs = records.rows(stranger, "forms")[0]
    with pytest.raises(Http404):
        records.owned(models.Form, None, pk=theirs.pk)
    assert records.owned(models.Form, stranger.row.owner, pk=theirs.pk) == theirs


def test_deleting_everything_leaves_the_other_persons_record(
    kept: records.Kept, stranger: records.Kept
) -> None:
    records.delete_everything(None)
    assert records.find(None) is None
    assert fresh(stranger.row.owner) == stranger.value
    for model in (models.Form, models.Change, models.PlanSession):
        assert set(model.objects.values_list("record", flat=True)) <= {stranger.row.pk}
