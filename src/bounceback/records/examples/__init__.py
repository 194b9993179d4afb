"""Example cases: one for each exam, and ``step-1-again``, with weeks of entries, to look around in.

The learners are invented.
"""

from __future__ import annotations

from importlib import resources


def examples() -> dict[str, str]:
    """Return the text of each example case by name: ``step-1``, ``level-2-ce``, …"""
    folder = resources.files(__name__)
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return {file.name.removesuffix(".toml"): file.read_text(encoding="utf-8") for file in files}
