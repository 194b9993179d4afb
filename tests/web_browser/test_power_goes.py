"""The server is killed at random moments: what was acknowledged is there, once and whole.

``BOUNCEBACK_KILL_SUBMISSIONS=3000 pytest tests/web_browser/test_power_goes.py`` is a longer trial.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import threading
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from bounceback.records import parse_case
from tests.web_browser.serving import PATIENCE_S, App

MONDAY = date(2026, 11, 23)
SUBMISSIONS = int(os.environ.get("BOUNCEBACK_KILL_SUBMISSIONS", "300"))
ONE_KILL_IN = 10
"""One submission in so many is under way when the server is killed."""


class Sender:
    """A browser's part: a cookie, a token, a form with a key of its own."""

    def __init__(self, app: App) -> None:
        self._app = app
        body, headers = self.get("/you/settings/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        cookie = re.search(r"csrftoken=[^;]+", headers["set-cookie"])
        assert token
        assert cookie
        self._token, self._cookie = token.group(1), cookie.group(0)

    def get(self, path: str) -> tuple[str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self._app.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read().decode(), answer.headers
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> int | None:
        """Send a form; the status, or ``None`` where no whole answer came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self._app.port, timeout=PATIENCE_S)
        form = urlencode({"csrfmiddlewaretoken": self._token, **fields})
        try:
            connection.request(
                "POST",
                path,
                form,
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": self._cookie,
                    "Origin": self._app.url,
                },
            )
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


def test_what_was_acknowledged_is_there_once_and_whole(tmp_path: Path) -> None:
    chance = random.Random(20261123)
    app = App(tmp_path / "home", MONDAY, "step-1").start()
    kills = 0
    try:
        sender = Sender(app)
        before = parse_case(sender.get("/you/settings/export/")[0]).record.study
        for number in range(SUBMISSIONS):
            entry = {
                "once": f"kill-{number:04d}",
                "date": "2026-11-22",
                "minutes": str(1 + number),
                "activity": "video",
            }
            if chance.randrange(ONE_KILL_IN) == 0:
                kills += 1
                kill = threading.Timer(chance.uniform(0.0, 0.06), app.kill)
                kill.start()
                sender.post("/study/add/", **entry)
                kill.join()
                app.start()
            # Acknowledged or not, the browser sends it (again) until it is; it may act once.
            assert sender.post("/study/add/", **entry) == 302
        after = parse_case(sender.get("/you/settings/export/")[0]).record.study
        added = after[len(before) :]
        assert after[: len(before)] == before
        assert [one.minutes for one in added] == [1 + number for number in range(SUBMISSIONS)]
        assert all(one.activity == "video" for one in added)
        assert kills >= SUBMISSIONS / ONE_KILL_IN / 3  # the test tests something
        history = sender.get("/you/settings/")[0]
        assert "Internal" not in history
    finally:
        app.stop()
