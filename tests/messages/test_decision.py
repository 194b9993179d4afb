"""What the advice says: the words of the field, and the ways that are no date."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback.messages import Format
from bounceback.messages.decision import MYTHS, no_single_result, option_label
from bounceback.messages.registry import Locale


@pytest.mark.parametrize("kind", ["rebuild", "extension", "lapse"])
def test_each_way_that_is_no_date_has_a_name_that_fits_a_table(kind: str) -> None:
    assert 0 < len(option_label(kind)) <= len("February 10, 2027")


def test_the_words_that_are_taken_for_something_else_are_answered() -> None:
    answers = {myth.term: myth.answer for myth in MYTHS}
    assert set(answers) == {"EPC", "NBME\u2019s probability of passing", "Low-pass range"}
    assert all("isn't" in text or "doesn't" in text for text in answers.values())


@pytest.mark.parametrize(
    ("kept", "stands"),
    [([0.99], True), ([0.99, 0.96], True), ([0.99, 0.6], False), ([0.9, None], False)],
)
def test_one_result_that_cannot_hold_the_date_is_no_alarm_where_all_keep_it(
    kept: list[float | None], stands: bool
) -> None:
    said = no_single_result(date(2027, 1, 8), kept, Format(Locale()))
    assert ("stands after almost any result" in said) is stands
    assert ("isn't enough" in said) is not stands
