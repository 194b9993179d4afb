"""The app's name and label."""

from __future__ import annotations

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Paired phones and the start key."""

    name = "bounceback_web.devices"
    label = "devices"
