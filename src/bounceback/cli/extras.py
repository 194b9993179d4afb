"""Optional parts of the installation, and the command that installs them."""

from __future__ import annotations

from importlib.util import find_spec

from bounceback.errors import QuestionError

_NEEDS = {"lab": ("scipy",)}
"""Packages that each extra of ``pyproject.toml`` brings."""


def need(extra: str, what: str) -> None:
    """Refuse a command whose extra is not installed.

    Args:
        extra: Name of the extra.
        what: What needs it, as the beginning of a sentence.

    Raises:
        QuestionError: A package of the extra is missing; the message names the install command.
    """
    if any(find_spec(name) is None for name in _NEEDS[extra]):
        raise QuestionError(
            f"{what} needs the extra [{extra}]. To install it, run: "
            f"pip install 'bounceback[{extra}]'"
        )
