"""Commit subjects: an area, an imperative, one thing."""

from __future__ import annotations

import pytest

from tools.commit_subjects import faults


@pytest.mark.parametrize(
    "subject",
    [
        "planning: keep pinned sessions where they are",
        "web: process a deck outside the request",
        "facts: name the module of attempt limits apart from its function",
    ],
)
def test_a_good_subject_passes(subject: str) -> None:
    assert faults(subject) == []


@pytest.mark.parametrize(
    "subject",
    [
        "What the learner fixed is said",
        "planning: kept pinned sessions",
        "planning: adding a lock",
        "planning: the lock of a session",
        "planning: keep locks; show them",
        "planning: " + "x" * 70,
    ],
)
def test_a_bad_subject_is_named(subject: str) -> None:
    assert faults(subject) != []
