"""Check that everything the program ships with may be given on under Apache-2.0.

Reads ``requirements/run.lock`` for what a user installs, and asks pip-licenses for each licence.
The list below is of what is allowed, so that a licence nobody has thought about stops the build.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache Software License",
        "Apache-2.0",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT License",
        "MIT-CMU",
        "PSF-2.0",
        "Zlib",
        # File-level copyleft: our own files stay ours, theirs stay as they are.
        "MPL-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)",
        # Used unchanged as a library (psycopg), which its licence allows.
        "LGPL-3.0-only",
    }
)

READ = {"pyrage": "MIT"}
"""Licences of packages whose data name none, as read in the licence file they come with."""


def canonical(name: str) -> str:
    """Return a package's name as indexes write it: lower case, one hyphen between words."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: str) -> dict[str, bool]:
    """Return the packages of a lock, and for each whether every platform needs it."""
    found: dict[str, bool] = {}
    for name, marker in re.findall(r"^([A-Za-z0-9._-]+)==[^ ;]+( *;.*)?", lock, re.MULTILINE):
        found[canonical(name)] = not marker
    return found


def faults(needed: Mapping[str, bool], licences: Mapping[str, str]) -> Iterable[str]:
    """Yield one line for each package whose licence is not allowed or not known.

    Args:
        needed: Package name to whether it is needed on every platform (as ``locked`` returns).
        licences: Package name to licence, of what is installed here.
    """
    for name, everywhere in sorted(needed.items()):
        licence = licences.get(name)
        if licence is None:
            if everywhere:
                yield f"{name}: in run.lock and not installed; run make setup again"
            continue
        for choice in re.split(r" OR ", licence):
            if all(part.strip(" ()") in ALLOWED for part in re.split(r" AND |; ", choice)) or (
                choice.strip() in ALLOWED
            ):
                break
        else:
            yield f"{name}: licence {licence!r} is not in the allowed list of tools/licences.py"


def main() -> int:
    """Print what is wrong, one line a package; 0 when nothing is."""
    needed = locked((ROOT / "requirements" / "run.lock").read_text(encoding="utf-8"))
    listing = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-system"],
        check=True,
        capture_output=True,
        text=True,
    )
    licences = {canonical(row["Name"]): row["License"] for row in json.loads(listing.stdout)}
    licences |= {name: read for name, read in READ.items() if licences.get(name) == "UNKNOWN"}
    found = tuple(faults(needed, licences))
    for line in found:
        print(line)
    if not found:
        print(f"Licences: {len(needed)} packages that ship with the program, all allowed.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
