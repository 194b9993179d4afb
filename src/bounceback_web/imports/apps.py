"""The app's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class Bringing(AppConfig):
    """Reports and lists into drafts, drafts into the record."""

    name = "bounceback_web.imports"
    label = "bringing"
