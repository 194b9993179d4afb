"""Model constants: a row for the exam wins over one for all, a later day over an earlier."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bounceback import facts
from bounceback.errors import FactError
from bounceback.facts import model_parameters
from bounceback.vocabulary import EXAM_IDS

HEADER = ",".join(model_parameters.COLUMNS)
ROWS = f"""{HEADER}
rate,*,0.5,per day,,bounceback,,inferred,
rate,usmle-step-1,0.6,per day,,bounceback,,inferred,
rate,*,0.7,per day,2026-01-01,bounceback,,inferred,
shape,*,exponential,word,,bounceback,,inferred,
on,*,true,switch,,bounceback,,inferred,
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "toy.csv").write_text(ROWS, encoding="utf-8")
    monkeypatch.setattr(model_parameters, "PARAMETERS", tmp_path)
    model_parameters._parameters.cache_clear()


@pytest.mark.usefixtures("toy")
def test_a_row_for_the_exam_wins_over_a_row_for_all() -> None:
    assert facts.parameters("toy", "usmle-step-1")["rate"].value == 0.6


@pytest.mark.usefixtures("toy")
def test_the_later_row_wins_unless_the_day_asked_about_is_earlier() -> None:
    assert facts.parameters("toy", "usmle-step-3")["rate"].value == 0.7
    assert facts.parameters("toy", "usmle-step-3", date(2025, 12, 31))["rate"].value == 0.5


@pytest.mark.usefixtures("toy")
def test_words_and_switches_are_read_as_such() -> None:
    found = facts.parameters("toy", "usmle-step-1")
    assert found["shape"].value == "exponential"
    assert found["on"].value is True


@pytest.mark.usefixtures("toy")
def test_what_is_handed_out_may_be_changed_without_harm() -> None:
    facts.parameters("toy", "usmle-step-1").clear()
    assert facts.parameters("toy", "usmle-step-1")


def test_an_unknown_model_is_refused_with_the_list() -> None:
    with pytest.raises(FactError, match="models with constants"):
        facts.parameters("astrology", "usmle-step-1")


def test_every_shipped_model_answers_for_every_exam() -> None:
    for model in model_parameters.models():
        for exam_id in EXAM_IDS:
            for constant in facts.parameters(model, exam_id).values():
                assert constant.value is not None
                assert constant.source
