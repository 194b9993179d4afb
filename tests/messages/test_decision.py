"""What the advice says: the words of the field, and the ways that are no date."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback.messages import Format, Locale
from bounceback.messages.decision import MYTHS, option_label

SAY = Format(Locale("US", today=date(2026, 11, 22)))


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("rebuild", "Build up first, to January\N{NO-BREAK SPACE}4, 2027"),
        ("extension", "Extend your period, to January\N{NO-BREAK SPACE}4, 2027"),
        ("lapse", "Let it expire, to January\N{NO-BREAK SPACE}4, 2027"),
    ],
)
def test_each_way_that_is_no_date_has_a_name(kind: str, label: str) -> None:
    assert option_label(kind, date(2027, 1, 4), SAY) == label
    assert option_label(kind, None, SAY) == label.partition(",")[0]


def test_the_words_that_are_taken_for_something_else_are_answered() -> None:
    answers = {myth.term: myth.answer for myth in MYTHS}
    assert set(answers) == {"EPC", "NBME\u2019s probability of passing", "Low-pass range"}
    assert all("isn't" in text or "doesn't" in text for text in answers.values())
