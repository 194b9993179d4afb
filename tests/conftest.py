"""What every test may count on: a frozen clock, and a data folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import settings
from hypothesis.internal.conjecture import providers

# The same examples on every machine and every day, however busy it is: no deadline, no chance.
settings.load_profile("ci")
# Examples are also drawn from the numbers and texts of whatever modules a process has loaded, and
# that differs with the tests it was handed before. None are taken, so that a run can be repeated.
providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="session", autouse=True)
def home_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder of data for this run, also for the programs that tests start."""
    before = os.environ.get("BOUNCEBACK_HOME")
    os.environ["BOUNCEBACK_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    if before is None:
        del os.environ["BOUNCEBACK_HOME"]
    else:
        os.environ["BOUNCEBACK_HOME"] = before


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--day",
        type=date.fromisoformat,
        default=date(2026, 11, 23),
        help="the day that every test runs on, such as 2028-02-29 (make days runs four)",
    )


@pytest.fixture(scope="session", autouse=True)
def _day_of_programs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let programs that tests start take the day of the tests as today."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOUNCEBACK_DAY", request.config.getoption("--day").isoformat())
        yield


@pytest.fixture(autouse=True)
def _frozen_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock, defaults of the database included: no test reads the real one."""
    day: date = request.config.getoption("--day")
    with time_machine.travel(datetime(day.year, day.month, day.day, 15, tzinfo=UTC), tick=False):
        yield
