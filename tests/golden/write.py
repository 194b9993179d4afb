"""Write the golden texts anew: after it, read the difference aloud before committing it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.golden.golden_cases import CASES, FOLDER, tell


def write() -> None:
    """Write one text a case; texts without a case go."""
    for path in FOLDER.glob("*.txt"):
        if path.stem not in CASES:
            path.unlink()
    for name in CASES:
        (FOLDER / f"{name}.txt").write_text(tell(name).page, encoding="utf-8")


if __name__ == "__main__":
    write()
