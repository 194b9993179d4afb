"""Find Chromium, or install it as root; the browser tests need it, the program does not.

``python tools/chromium.py`` is run by ``make test``. Uses the standard library alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = ("apt-get", "-qq", "-o", "Acquire::Retries=3")
REMEDY = "Chromium is missing: as root, apt-get update && apt-get install -y chromium"


class MissingError(Exception):
    """There is no Chromium; the message is one line that names the remedy."""


def find() -> Path:
    """Return the browser: ``CHROMIUM`` where it is set, else the first on the path.

    Raises:
        MissingError: None is there.
    """
    given = os.environ.get("CHROMIUM")
    for name in (given,) if given else NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise MissingError(REMEDY)


def prepare() -> Path:
    """Return the browser, installed first where it is missing and this is root.

    Raises:
        MissingError: It is missing and could not be installed.
    """
    try:
        return find()
    except MissingError:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        if not root or shutil.which("apt-get") is None:
            raise
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        [*QUIETLY, "update"],
        [*QUIETLY, "install", "-y", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
    return find()


if __name__ == "__main__":
    try:
        prepare()
    except MissingError as error:
        sys.exit(str(error))
