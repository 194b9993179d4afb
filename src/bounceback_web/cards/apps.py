"""The app's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class Cards(AppConfig):
    """Review, import, browse, workload."""

    name = "bounceback_web.cards"
    label = "cards"
