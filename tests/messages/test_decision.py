"""What the advice says: the words of the field, and the ways that are no date."""

from __future__ import annotations

import pytest

from bounceback.messages.decision import MYTHS, option_label


@pytest.mark.parametrize("kind", ["rebuild", "extension", "lapse"])
def test_each_way_that_is_no_date_has_a_name_that_fits_a_table(kind: str) -> None:
    assert 0 < len(option_label(kind)) <= len("February 10, 2027")


def test_the_words_that_are_taken_for_something_else_are_answered() -> None:
    answers = {myth.term: myth.answer for myth in MYTHS}
    assert set(answers) == {"EPC", "NBME\u2019s probability of passing", "Low-pass range"}
    assert all("isn't" in text or "doesn't" in text for text in answers.values())
