"""What kind of database this process uses."""

from __future__ import annotations

from django.db import connection


def is_in_memory() -> bool:
    """Tell whether the database lives in this process alone, as in tests."""
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and ("mode=memory" in name or name == ":memory:")
