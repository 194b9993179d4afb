"""Numbers in requests about cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404

MOST_DIGITS = 18


def number(given: Mapping[str, Any], name: str) -> int:
    """Return a whole number that a page of ours gave.

    Raises:
        Http404: It is no such number.
    """
    text = str(given.get(name, ""))
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Http404(f"{name} is no number")
    return int(text)
