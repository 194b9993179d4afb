"""What each worker of the server loads: Django behind the limits of ``application``."""

from __future__ import annotations

import os
from pathlib import Path

from bounceback import isolated_python

isolated_python.leave_out_working_folder()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bounceback_web.config.settings")

from django.conf import settings  # noqa: E402

from bounceback_web.config import refusals, temporary_files  # noqa: E402
from bounceback_web.config.application import Application  # noqa: E402
from bounceback_web.config.wsgi import application as wsgi  # noqa: E402

temporary_files.use(Path(settings.HOME))
application = Application(wsgi, str(temporary_files.folder(Path(settings.HOME))), refusals.answer)
