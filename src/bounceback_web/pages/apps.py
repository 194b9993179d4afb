"""Name of this part of the app."""

from __future__ import annotations

from django.apps import AppConfig


class Pages(AppConfig):
    """The pages."""

    name = "bounceback_web.pages"
    label = "pages"
