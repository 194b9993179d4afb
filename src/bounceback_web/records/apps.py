"""Name of this part of the app."""

from __future__ import annotations

from django.apps import AppConfig


class Store(AppConfig):
    """The tables of the record."""

    name = "bounceback_web.records"
    label = "store"
