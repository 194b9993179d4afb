"""The app's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class Paper(AppConfig):
    """What is taken along, and the addresses that calendars may look at."""

    name = "bounceback_web.exports"
    label = "paper"
