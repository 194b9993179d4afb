"""How long the five places take with a year of data: one worker, one request after the other.

The limits are promises of the app: 25 ms at the median, 60 ms at the 99th percentile, over loopback
and the answer kept ready. Beside them the ratio to an empty page of the same app.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.measuring import Row, seconds
from tests.web_browser.serving import App

DAY = date(2026, 11, 23)
REQUESTS = 300
PAGES = {
    "Today": "/",
    "Plan": "/plan/",
    "Cards": "/cards/",
    "Chances": "/chances/",
    "Practice tests": "/chances/tests/",
    "You": "/you/",
    "Look back": "/you/look-back/",
    "Question log": "/you/log/",
}
EMPTY = "/away/"
MEDIAN_MS, P99_MS, TIMES_EMPTY = 25.0, 60.0, 8.0

A_YEAR = """
from dataclasses import replace
from datetime import date, time, timedelta
from bounceback_web.config.server import make_ready
make_ready()
from bounceback.records import models as v, parse_case
from bounceback.records.examples import examples
from bounceback_web.records import learner_store
record = parse_case(examples()["step-1"]).record
days = [date(2025, 11, 23) + timedelta(days=i) for i in range(364)]
areas = list(record.attempts[-1].profile) or [None]
study = tuple(
    v.Study(date=d, minutes=60 + i % 90, activity="questions") for d in days for i in range(3)
)
blocks = tuple(
    v.Block(date=d, bank="uworld", items=40, correct=18 + i % 12, minutes=60)
    for i, d in enumerate(days) if i % 2
)
misses = tuple(v.Miss(date=d, cause="not-recalled") for d in days for _ in range(2))
checkins = tuple(v.Checkin(date=d, sleep_hours=7.0) for d in days)
plan = tuple(
    v.PlannedSession(id=f"{d}-{n}", date=d, start=time(8 + n), minutes=55, activity="questions",
                     done_minutes=50, why="worth most here")
    for d in days for n in range(4)
)
year = replace(record, study=study, blocks=blocks, misses=misses, checkins=checkins, plan=plan)
learner_store.begin(learner_store.local_owner(), year, "a year")
"""


def milliseconds(port: int) -> dict[str, list[float]]:
    """Return the times of each page, asked in turns on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(path: str) -> None:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")

    paths = [*PAGES.values(), EMPTY]
    for path in paths:
        ask(path)
    taken: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(REQUESTS):
        for path in paths:
            taken[path].append(1000.0 * seconds(lambda path=path: ask(path)))  # type: ignore[misc]
    connection.close()
    return taken


def rows() -> list[Row]:
    """Return the median, the 99th percentile and the ratio to an empty page, for each page."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environment = {**os.environ, "BOUNCEBACK_HOME": str(home)}
        subprocess.run([sys.executable, "-c", A_YEAR], env=environment, check=True)
        app = App(home, DAY, key="not-needed").start()
        try:
            taken = milliseconds(app.port)
        finally:
            app.stop()
    empty = statistics.median(taken[EMPTY])
    found = []
    for name, path in PAGES.items():
        median = statistics.median(taken[path])
        late = statistics.quantiles(taken[path], n=100)[98]
        found += [
            Row(f"page {name}, a year of data, median", median, MEDIAN_MS, "limit", 1.0, "ms"),
            Row(f"page {name}, a year of data, 99th of 100", late, P99_MS, "limit", 1.0, "ms"),
            Row(f"page {name} beside an empty page", median, empty, EMPTY, TIMES_EMPTY, "ms"),
        ]
    return found
