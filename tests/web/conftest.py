"""The app under test: its own data folder, a fixed day, an invented learner."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

# Before Django reads its settings: nothing of the tests may touch the folder of a person. The
# environment is put back at once, so that no process started from here inherits half of it.
_home = tempfile.mkdtemp(prefix="bounceback-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
Path(_home, "static").mkdir()  # collected at the start of the server, and not in tests
_ours = {"BOUNCEBACK_HOME": _home, "DJANGO_SETTINGS_MODULE": "bounceback_web.config.settings"}
_before = {name: os.environ.get(name) for name in _ours}
os.environ.update(_ours)

import django  # noqa: E402

django.setup()
for _name, _value in _before.items():
    os.environ.pop(_name)
    if _value is not None:
        os.environ[_name] = _value

# The tests themselves may run on PostgreSQL. A process that a test starts has a data folder and a
# database of its own: a test's rows stand in a transaction that no other process sees.
os.environ.pop("BOUNCEBACK_DATABASE", None)

from django.contrib.auth.models import User  # noqa: E402
from django.test import Client  # noqa: E402

from bounceback.records import Record, parse_case  # noqa: E402
from bounceback.records.examples import examples  # noqa: E402
from bounceback_web import briefings  # noqa: E402
from bounceback_web.jobs import queue  # noqa: E402
from bounceback_web.records import idempotency, learner_store  # noqa: E402

TODAY = date(2026, 11, 23)
"""A Monday of the example's story, on which it has work."""


@pytest.fixture(autouse=True)
def _a_day_of_the_story(settings: Any, db: None) -> None:
    settings.FIXED_DAY = TODAY
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    learner_store.forget()
    briefings.forget()


@pytest.fixture(autouse=True)
def _jobs_run_in_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each job at once, on every database: no worker sees the rows of a test."""
    monkeypatch.setattr(queue, "is_in_memory", lambda: True)


@pytest.fixture
def record() -> Record:
    return parse_case(examples()["step-1"]).record


@pytest.fixture
def kept(record: Record) -> learner_store.Kept:
    """The example learner's record, as the one owner of this machine keeps it."""
    return learner_store.begin(learner_store.local_owner(), record, "begun")


@pytest.fixture
def stranger(record: Record) -> learner_store.Kept:
    """Somebody else's record on the same machine."""
    owner = User.objects.create(username="somebody-else")
    return learner_store.begin(owner, record, "begun")


@pytest.fixture
def browser() -> Client:
    """A browser that checks CSRF as a real one would meet it, unless told not to."""
    return Client()


@pytest.fixture
def send(browser: Client) -> Callable[..., Any]:
    """Send a form as its page would: with a key of its own, and the version the page showed."""

    def _send(address: str, **fields: Any) -> Any:
        found = learner_store.find(None)
        given = {"once": idempotency.new_key(), "version": found.row.version if found else 0}
        return browser.post(address, {**given, **fields})

    return _send
