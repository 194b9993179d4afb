"""What the server calls. The first page of a morning is read ahead, so that it does not wait."""

from __future__ import annotations

import os
import secrets

from django.core.wsgi import get_wsgi_application

from bounceback.local_storage.own_parameters import adopt_named
from bounceback_web.config.server import end_with_server

# Under another server nobody chose a key: then nobody gets in until one is set.
os.environ.setdefault("BOUNCEBACK_START_KEY", secrets.token_urlsafe(24))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bounceback_web.config.settings")
end_with_server()
adopt_named()
application = get_wsgi_application()

from bounceback_web import briefings  # noqa: E402  # its tables are there once Django is set up

briefings.read_ahead()
