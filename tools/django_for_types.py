"""The web app's settings as the type checker reads them: in a folder that is thrown away.

mypy's plugin for Django imports the settings, and reading those makes the learner's data folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="bounceback-types-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["BOUNCEBACK_HOME"] = _folder

from bounceback_web.config.settings import *  # noqa: E402, F403
