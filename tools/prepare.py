"""Prepare ``.venv``: the locked packages, and Bounceback itself from this checkout.

Run by ``make setup`` with whatever Python the machine has, before anything is installed, so this
file uses the standard library alone. Doing nothing, when nothing has changed, takes a blink.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / "python"
STAMP = VENV / "prepared-from"
LOCKS = ROOT / "requirements"
KINDS = ("run", "dev")
"""``run``: what the program needs. ``dev``: that, the extra ``lab``, and what checks both."""


class CannotPrepareError(Exception):
    """The machine lacks something; the message is one line that names the remedy."""


def fingerprint() -> str:
    """Return what ``.venv`` depends on, as one hash: the locks, the project's data, its place."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (*sorted(LOCKS.glob("*.lock")), ROOT / "pyproject.toml"):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_prepared(kind: str) -> bool:
    """Tell whether ``.venv`` already holds what this kind needs."""
    try:
        have, _, mark = STAMP.read_text(encoding="utf-8").strip().partition(" ")
    except OSError:
        return False
    return (
        PYTHON.exists()
        and mark == fingerprint()
        and have in KINDS
        and KINDS.index(have) >= KINDS.index(kind)
    )


def run(*command: str | Path) -> bool:
    """Run one command in the checkout, its output shown; tell whether it went well."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode == 0


def make_environment() -> None:
    """Make ``.venv`` unless a working one of Python 3.11 or newer is there."""
    new_enough = "import sys; sys.exit(sys.version_info < (3, 11))"
    if PYTHON.exists() and run(PYTHON, "-c", new_enough):
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotPrepareError(
            f"Python {version} at {sys.executable} cannot make environments: install its venv "
            f"part (Debian, Ubuntu: apt-get install python3-venv), then run this again."
        )
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        raise CannotPrepareError(
            f"{VENV} could not be made with {sys.executable}: see the lines above; on Debian and "
            "Ubuntu apt-get install python3-venv may be missing."
        )


def install(kind: str, installer: str) -> None:
    """Install the locked packages and the project, with uv where it works and pip where not."""
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    uv = (BIN / "uv", "pip", "install", "--quiet", "--python", PYTHON)
    lock = LOCKS / f"{kind}.lock"
    # A path install of the project: no dependencies (the lock has them), no second environment
    # to build in (the lock has the builder too), so nothing is fetched that the lock does not name.
    project = ("--no-deps", "--no-build-isolation", "--editable", ".")
    with_uv = installer == "uv" and run(
        *pip, "--require-hashes", "--requirement", LOCKS / "installer.lock"
    )
    for command in (uv, pip) if with_uv else (pip,):
        if run(*command, "--require-hashes", "--requirement", lock) and run(*command, *project):
            return
    raise CannotPrepareError(
        f"The packages of {lock.relative_to(ROOT)} could not be installed: see the lines above, "
        "check the network (it is needed this once), then run this again."
    )


def main() -> int:
    """Prepare ``.venv`` and say so; 0 when it stands, 1 when something is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=KINDS, nargs="?", default="run")
    parser.add_argument("--installer", choices=("uv", "pip"), default="uv")
    arguments = parser.parse_args()
    if is_prepared(arguments.kind):
        return 0
    began = time.monotonic()
    print(f"Preparing .venv ({arguments.kind}) with {sys.executable} …", file=sys.stderr)
    try:
        make_environment()
        install(arguments.kind, arguments.installer)
    except CannotPrepareError as error:
        print(error, file=sys.stderr)
        return 1
    STAMP.write_text(f"{arguments.kind} {fingerprint()}\n", encoding="utf-8")
    print(f".venv is ready after {time.monotonic() - began:.0f} s.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
