"""What every test may count on: nothing is kept in the home of whoever runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
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
