"""What is declared is imported, and heavy parts are extras."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DATA_ALONE = {"tzdata": "zoneinfo reads it where the system has no time zones"}
"""Dependencies that no import names, with who reads them."""


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def imported(package: str) -> set[str]:
    """Top-level names that a package of ours imports, or names in Django's settings."""
    names: set[str] = set()
    for path in (ROOT / "src" / package).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names |= set(_names(node, settings="settings" in path.name))
    return names


def _names(node: ast.AST, *, settings: bool) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name.split(".")[0] for name in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module.split(".")[0]
    elif settings and isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value.split(".")[0]


def missing(requirements: list[str], packages: tuple[str, ...]) -> list[str]:
    """Requirements of which none of these packages of ours imports anything."""
    used = set().union(*(imported(package) for package in packages))
    brought = {
        re.sub(r"[-_.]+", "-", distribution).lower()
        for name, distributions in packages_distributions().items()
        if name in used
        for distribution in distributions
    }
    return sorted({name_of(r) for r in requirements} - brought - DATA_ALONE.keys())


def test_every_dependency_of_the_product_is_imported_by_the_product() -> None:
    assert missing(PROJECT["dependencies"], ("bounceback", "bounceback_web")) == []


@pytest.mark.parametrize("extra", ["lab"])
def test_every_dependency_of_an_extra_is_imported_by_its_package(extra: str) -> None:
    requirements = PROJECT["optional-dependencies"][extra]
    assert missing(requirements, (f"bounceback_{extra}",)) == []
    assert missing(requirements, ("bounceback", "bounceback_web")) == sorted(
        {name_of(r) for r in requirements}
    )


def test_a_dependency_that_nothing_imports_is_seen() -> None:
    assert missing(["hypothesis>=6"], ("bounceback",)) == ["hypothesis"]
