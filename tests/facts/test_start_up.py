"""Asking one fact reads one small file and loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROBE = """
import sys
from datetime import date
from bounceback import facts
opened = []
sys.addaudithook(
    lambda event, given: opened.append(str(given[0]))
    if event == "open" and "facts/data" in str(given[0]).replace("\\\\", "/") else None
)
{question}
heavy = [n for n in ("numpy", "scipy", "django", "difflib") if n in sys.modules]
print(len(opened), *heavy)
"""


@pytest.mark.parametrize(
    ("question", "files"),
    [
        ("facts.value('usmle-step-2-ck.pass-mark', date(2027, 1, 20))", 1),
        ("facts.exam_weights('usmle-step-1', date(2027, 1, 20))", 2),
        ("facts.support_lines('US')", 2),
    ],
)
def test_a_question_opens_the_files_it_needs_and_no_more(question: str, files: int) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROBE.format(question=question)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == [str(files)]


def test_importing_the_room_reads_no_data() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROBE.format(question="")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["0"]
