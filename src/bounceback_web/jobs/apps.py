"""The app's name and label."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The queue of long work."""

    name = "bounceback_web.jobs"
    label = "jobs"
