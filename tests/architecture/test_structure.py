"""The packages keep their shape: layers, names, mirrored tests, an honest public list."""

from __future__ import annotations

import configparser
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "src" / "bounceback"
TRACKED = ("src", "tests", "tools", "docs", "benchmarks", "changelog.d", "requirements", ".ci")
FORBIDDEN_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
TESTS_OF_THE_WORKSHOP = {"architecture", "tools", "docs", "benchmarks"}
TESTS_OF_THE_WHOLE = {"acceptance", "golden", "upgrade"}
"""What no package can promise alone."""
TESTS_OF_THE_WEB_APP = {"web", "web_browser", "lab"}
"""One file per user action for `bounceback_web`: asked in process, and through a real browser."""


def python_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def packages_of_the_engine() -> list[str]:
    """The folders of the engine that hold Python, and its two single files of words."""
    return sorted(
        path.name for path in ENGINE.iterdir() if path.is_dir() and any(python_files(path))
    )


def layers() -> set[str]:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    listed = contracts["importlinter:contract:layers"]["layers"]
    return set(re.findall(r"[a-z_]+", listed))


def test_every_package_has_its_place_in_the_direction_of_imports() -> None:
    assert set(packages_of_the_engine()) <= layers()


def test_every_package_is_explained() -> None:
    explained = (ROOT / "docs" / "explanation" / "packages.md").read_text(encoding="utf-8")
    assert [
        package for package in packages_of_the_engine() if f"`{package}`" not in explained
    ] == []


def offered_names() -> list[tuple[str, list[str]]]:
    """The functions that the page of packages names, with the arguments it gives them."""
    page = (ROOT / "docs" / "explanation" / "packages.md").read_text(encoding="utf-8")
    told = re.findall(r"^([a-z_]+(?:\.[a-z_]+)+)\(([^)]*)\)", page, re.MULTILINE)
    return [(name, re.findall(r"\w+", arguments)) for name, arguments in told]


@pytest.mark.parametrize(("name", "arguments"), offered_names())
def test_what_the_page_of_packages_offers_is_there(name: str, arguments: list[str]) -> None:
    """In the order told; arguments that have a default may be left out."""
    offered = inspect.signature(pkgutil.resolve_name(f"bounceback.{name}")).parameters
    asked = [p.name for p in offered.values() if p.default is p.empty]
    assert [p for p in offered if p in arguments] == arguments
    assert [p for p in asked if p not in arguments] == []


def test_every_package_offers_something() -> None:
    named = {name.partition(".")[0] for name, _ in offered_names()}
    assert set(packages_of_the_engine()) - named == {"cli"}  # its names are its commands


def test_every_package_of_the_source_folder_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    held = {f"src/{path.name}" for path in (ROOT / "src").iterdir() if any(python_files(path))}
    assert set(packages) == held


def test_a_name_says_what_a_module_holds() -> None:
    vague = [
        path.relative_to(ROOT)
        for path in python_files(ROOT / "src")
        if FORBIDDEN_WORDS & set(re.split(r"[_/.]", path.relative_to(ROOT / "src").as_posix()))
    ]
    assert vague == []


def test_tests_mirror_the_folders() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if any(python_files(path))}
    packages = {path.name for path in (ROOT / "src").iterdir()}
    singles = {path.stem for path in ENGINE.glob("*.py")}
    assert folders - set(packages_of_the_engine()) - packages - singles <= (
        TESTS_OF_THE_WORKSHOP | TESTS_OF_THE_WHOLE | TESTS_OF_THE_WEB_APP
    )


@pytest.mark.parametrize("package", packages_of_the_engine())
def test_every_package_has_tests(package: str) -> None:
    assert list((ROOT / "tests" / package).rglob("test_*.py")) != []


@pytest.mark.parametrize("package", ["", *packages_of_the_engine()])
def test_the_public_list_is_honest(package: str) -> None:
    """Every name listed can be had, once; every name that was imported to be had is listed."""
    name = f"bounceback.{package}".rstrip(".")
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", [])
    assert len(listed) == len(set(listed))
    for public in listed:
        assert getattr(module, public) is not None
    offered = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_")
        and getattr(value, "__module__", "").startswith("bounceback.")
        and callable(value)
    }
    if listed:
        assert offered <= set(listed)
    if listed:
        assert set(dir(module)) <= {*vars(module)}, "what is loaded when first used is listed"


def text_files() -> Iterator[Path]:
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix != ".sqlite3" and path.name != ".git":
            yield path
    for folder in TRACKED:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


# Written in pieces, so that this file does not hold what it looks for.
PLACES = re.compile(
    "|".join(
        [
            r"(?<![\w.~-])/" + r"work/",
            r"(?<![\w.~-])/" + r"root/",
            r"(?<![\w.~-])/" + r"home/[a-z]",
            r"files\." + r"pythonhosted",
            r"pypi\." + r"org",
            r"registry\." + r"npmjs",
            r"(?:extra-)?index" + r"-url",
        ]
    )
)


def test_no_file_names_a_place_on_one_machine_or_the_host_of_a_registry() -> None:
    found = []
    for path in text_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures and packages; their names are checked by who made them
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in PLACES.finditer(text)]
    assert found == []
