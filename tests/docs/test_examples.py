"""The examples of the README and the documentation run and answer as they are printed.

A ``console`` block holds commands after ``$`` (``>`` continues one) and what they print; ``...``
alone on a line, or inside one, stands for anything. A ``python`` block is run as it is, or line by
line where it has ``>>>``. Blocks of one page share a folder. What cannot run in a test (``make
setup``) is an ``sh`` block.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^( *)```(console|python)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[tuple[str, str]]:
    text = page.read_text(encoding="utf-8")
    return [(kind, textwrap.dedent(body)) for _, kind, body in BLOCK.findall(text)]


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with what it is said to print."""
    command: list[str] = []
    printed: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield "\n".join(command), "\n".join(printed)
            command, printed = [line[2:]], []
        elif line.startswith(">") and not printed:
            command.append(line[2:])
        else:
            printed.append(line)
    if command:
        yield "\n".join(command), "\n".join(printed)


def matches(said: str, printed: str) -> bool:
    """Tell whether what was printed is what the page says, ``...`` standing for anything."""
    pattern = "".join(
        ".*" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", said.strip())
    )
    # An ellipsis of whole lines may stand for none.
    pattern = pattern.replace("\\\n.*", "(?:\\\n.*)?")
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def run_console(block: str, folder: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "BOUNCEBACK_DEBUG": "1"}
    for command, said in commands(block):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout + done.stderr
        assert matches(said, printed), f"$ {command}\n--- said\n{said}\n--- printed\n{printed}"


def run_python(block: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    if ">>>" not in block:
        exec(compile(block, "example", "exec"), {"__name__": "example"})
        return
    example = doctest.DocTestParser().get_doctest(block, {}, "example", None, None)
    outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert outcome.failed == 0


@pytest.mark.parametrize(
    "page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages() if blocks(page)]
)
def test_the_examples_of_a_page_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, block in blocks(page):
        if kind == "console":
            run_console(block, tmp_path)
        else:
            run_python(block, tmp_path, monkeypatch)


def test_an_answer_that_differs_from_the_page_is_seen(tmp_path: Path) -> None:
    run_console("$ echo one; echo two\none\n...\n", tmp_path)
    run_console("$ cat <<E\n> three\n> E\nthree\n", tmp_path)
    with pytest.raises(AssertionError, match="--- printed"):
        run_console("$ echo one\ntwo\n", tmp_path)
