"""No test reads the real clock: not in this process, not in a database, not in a program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def day(request: pytest.FixtureRequest) -> date:
    chosen: date = request.config.getoption("--day")
    return chosen


def test_this_process_stands_on_the_day_of_the_run(day: date) -> None:
    assert datetime.now(UTC).date() == day
    assert datetime.now(UTC) == datetime.now(UTC)


def test_programs_that_tests_start_take_the_same_day(day: date) -> None:
    assert os.environ["BOUNCEBACK_DAY"] == day.isoformat()
    code = (
        "import os; from bounceback.cli import clock; clock.adopt_fixed_day(os.environ); "
        "print(clock.today('Asia/Kolkata'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == day.isoformat()


def test_no_column_is_stamped_by_a_clock_of_its_own() -> None:
    own_clock = re.compile(r"auto_now|CURRENT_TIMESTAMP|db_default|timezone\.now|Now\(\)")
    sources = [
        path
        for path in (ROOT / "src" / "bounceback_web").rglob("*.py")
        if not path.name.startswith("0001_")  # as they were; later migrations replace the stamps
    ]
    assert [str(path) for path in sources if own_clock.search(path.read_text("utf-8"))] == []
