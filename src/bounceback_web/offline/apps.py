"""The app's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class Offline(AppConfig):
    """The service worker and the queue."""

    name = "bounceback_web.offline"
    label = "offline"
