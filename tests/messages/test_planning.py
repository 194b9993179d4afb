"""Sentences of the plan about sizes from the catalog."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback.messages import render
from bounceback.reasons import reason
from bounceback.vocabulary import RESOURCE_KINDS


def test_a_size_from_the_catalog_says_how_exact_it_is_and_when_it_was_read() -> None:
    said = render(
        reason(
            "planning.catalog-size",
            resource="UWorld",
            of="questions",
            units=3600,
            precision="at-least",
            read=date(2026, 9, 24),
        )
    )
    assert said.startswith("UWorld: at least 3,600 questions, as published and read on")
    assert "24" in said


@pytest.mark.parametrize("kind", RESOURCE_KINDS)
def test_an_unknown_size_is_asked_for_every_kind(kind: str) -> None:
    said = render(reason("planning.catalog-size-unknown", resource="COMQUEST", of=kind))
    assert "COMQUEST?" in said
    assert "Enter the number" in said
