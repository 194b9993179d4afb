"""The engine is pure: no web, no network, no clock, no chance but what it is handed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bounceback.cli.command_table import COMMANDS

ENGINE = Path(__file__).resolve().parents[2] / "src" / "bounceback"
THE_CLOCK = ENGINE / "cli" / "clock.py"


def modules() -> list[str]:
    """Dotted names of the engine's modules, without its face, the command line."""
    names = []
    for path in sorted(ENGINE.rglob("*.py")):
        parts = path.relative_to(ENGINE.parent).with_suffix("").parts
        if parts[1:2] == ("cli",):
            continue
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


IMPORT_UNDER_WATCH = """
import importlib, importlib.abc, sys

forbidden, names = sys.argv[1].split(","), sys.argv[2].split(",")

class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if any(fullname == name or fullname.startswith(name + ".") for name in forbidden):
            raise AssertionError(f"{fullname} was imported")

sys.meta_path.insert(0, Watch())
for name in names:
    importlib.import_module(name)
"""


def import_watched(names: list[str], forbidden: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IMPORT_UNDER_WATCH, ",".join(forbidden), ",".join(names)],
        capture_output=True,
        text=True,
        check=False,
    )


WEB_AND_NETWORK = [
    "django",
    "http.client",
    "urllib.request",
    "ssl",
    "asyncio",
    "requests",
    "httpx",
    "urllib3",
    "aiohttp",
    "pandas",
    "torch",
]


def test_no_module_of_the_engine_imports_the_web_or_the_network() -> None:
    done = import_watched(modules(), WEB_AND_NETWORK)
    assert done.returncode == 0, done.stderr


def test_the_watch_sees_a_forbidden_import() -> None:
    done = import_watched(["http.client"], WEB_AND_NETWORK)
    assert done.returncode != 0
    assert "http.client was imported" in done.stderr


def test_importing_bounceback_or_any_command_loads_nothing_heavy() -> None:
    """So that the help, and a command that needs none of it, start at once."""
    heavy = ["numpy", "scipy", "django", "altair", "typst", "highspy"]
    commands = [f"bounceback.cli.commands.{command.module}" for command in COMMANDS]
    done = import_watched(["bounceback", "bounceback.cli", *commands], heavy)
    assert done.returncode == 0, done.stderr


# Dotted names that read the clock or draw from a chance nobody handed in.
CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.perf_counter",
    "time.localtime",
    "time.gmtime",
    "time.sleep",
}
SEEDED = {
    "numpy.random.default_rng",
    "numpy.random.Generator",
    "numpy.random.SeedSequence",
    "numpy.random.PCG64",
    "numpy.random.PCG64DXSM",
    "numpy.random.Philox",
    "numpy.random.SFC64",
    "numpy.random.MT19937",
    "numpy.random.BitGenerator",
    "random.Random",
}
CHANCE = ("numpy.random.", "random.", "secrets.", "uuid.uuid1", "uuid.uuid4", "os.urandom")


def impure_calls(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each call that reads the clock or an unseeded chance."""
    tree = ast.parse(source)
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                meaning[name.asname or name.name.split(".")[0]] = (
                    name.name if name.asname else name.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                meaning[name.asname or name.name] = f"{node.module}.{name.name}"

    def dotted(node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return meaning.get(node.id)
        if isinstance(node, ast.Attribute):
            before = dotted(node.value)
            return f"{before}.{node.attr}" if before else None
        return None

    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func) or ""
        unseeded = called in SEEDED and not node.args and not node.keywords
        if called in CLOCK or unseeded or (called.startswith(CHANCE) and called not in SEEDED):
            yield node.lineno, called


def imported(source: str) -> Iterator[str]:
    """Yield the dotted name of each module or name that is imported, at any depth of the code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_web_or_network(name: str) -> bool:
    return any(f"{name}.".startswith(f"{forbidden}.") for forbidden in WEB_AND_NETWORK)


def test_an_import_inside_a_function_is_seen() -> None:
    source = "def ask():\n    from urllib import request, parse\n    import http.client as c\n"
    assert [name for name in imported(source) if is_web_or_network(name)] == [
        "urllib.request",
        "http.client",
    ]


def test_no_function_of_the_engine_imports_the_web_or_the_network_when_called() -> None:
    found = [
        f"{path.relative_to(ENGINE)}: {name}"
        for path in sorted(ENGINE.rglob("*.py"))
        if path.parent != THE_CLOCK.parent
        for name in imported(path.read_text(encoding="utf-8"))
        if is_web_or_network(name)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("from datetime import datetime as d\nd.now()", "datetime.datetime.now"),
        ("import datetime\ndatetime.date.today()", "datetime.date.today"),
        ("import time\ntime.time()", "time.time"),
        ("import random\nrandom.random()", "random.random"),
        ("import random\nrandom.Random()", "random.Random"),
        ("import numpy as np\nnp.random.normal(0, 1)", "numpy.random.normal"),
        ("import numpy as np\nnp.random.default_rng()", "numpy.random.default_rng"),
        ("from numpy.random import default_rng\ndefault_rng()", "numpy.random.default_rng"),
        ("from uuid import uuid4\nuuid4()", "uuid.uuid4"),
    ],
)
def test_a_reading_of_the_clock_or_of_chance_is_seen(source: str, called: str) -> None:
    assert [name for _, name in impure_calls(source)] == [called]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.random.default_rng(seed)",
        "import random\nrandom.Random(7)",
        "from datetime import date\ndate.fromisoformat('2027-02-10')",
        "def at(time):\n    return time.time()",
    ],
)
def test_what_was_handed_in_may_be_used(source: str) -> None:
    assert list(impure_calls(source)) == []


def test_the_clock_is_read_in_one_place_and_chance_is_always_handed_in() -> None:
    found = [
        f"{path.relative_to(ENGINE)}:{line} {called}"
        for path in sorted(ENGINE.rglob("*.py"))
        if path != THE_CLOCK
        for line, called in impure_calls(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert list(impure_calls(THE_CLOCK.read_text(encoding="utf-8"))) != []
