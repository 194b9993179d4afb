"""Django's settings for one learner on one machine: local, private, no request leaves it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from bounceback.local_storage.data_dir import data_folder
from bounceback_web.config import data_dir

HOME = data_folder()
SECRET_KEY = data_dir.secret_key(HOME)
DEBUG = False

# The app answers this machine alone, whatever name was asked for. The process that answers the
# home network, while the learner lets it in, answers one address there and paired devices alone.
PHONE_LISTENER = os.environ.get("BOUNCEBACK_LISTENER") == "phone"
ALLOWED_HOSTS = (
    [os.environ["BOUNCEBACK_LISTENER_HOST"]]
    if PHONE_LISTENER
    else ["127.0.0.1", "localhost", "[::1]"]
)

# The key of this start (start_key.py). None: nobody is asked, because nothing listens (a test
# client, a command) or because the pages hold an invented example alone.
START_KEY: str | None = os.environ.get("BOUNCEBACK_START_KEY") or None
if START_KEY == "not-needed":
    START_KEY = None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "bounceback_web.records",
    "bounceback_web.pages",
    "bounceback_web.exports",
    "bounceback_web.imports",
    "bounceback_web.cards",
    "bounceback_web.offline",
    "bounceback_web.devices",
    "bounceback_web.jobs",
]

MIDDLEWARE = [
    "bounceback_web.config.middleware.RequestGate",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bounceback_web.pages.middleware.Privately",
]

if not PHONE_LISTENER and "BOUNCEBACK_DATABASE" not in os.environ:
    # On this machine nothing is saved by it, and a page would cost twice the time.
    MIDDLEWARE.remove("django.middleware.gzip.GZipMiddleware")

ROOT_URLCONF = "bounceback_web.config.urls"
WSGI_APPLICATION = "bounceback_web.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "bounceback_web.pages.context.on_every_page",
            ],
            "builtins": [
                "bounceback_web.pages.templatetags.formatting",
                "bounceback_web.pages.templatetags.locale_dates",
            ],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "bounceback.sqlite3",
        # Kept open: without it the pragmas below run on every request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=FULL;"  # an acknowledged entry outlives a power cut
                "PRAGMA foreign_keys=ON;"
                "PRAGMA mmap_size=134217728;"
            ),
        },
    }
}

if "BOUNCEBACK_DATABASE" in os.environ:
    # An organisation's PostgreSQL: postgresql://name:password@host:port/database?host=/socket/folder
    DATABASES["default"] = data_dir.postgresql(os.environ["BOUNCEBACK_DATABASE"])

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "bounceback_web.config.static_files.Storage"},
}
WHITENOISE_MAX_AGE = 0  # names without a hash are looked at again

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "en-us"
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "pages" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bounceback_web.pages.views.error_views.not_from_here"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 9_000_000  # a case file may hold 8 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# The day is the learner's own calendar day; a fixed one is for an example's story and for tests.
FIXED_DAY = (
    date.fromisoformat(os.environ["BOUNCEBACK_DAY"]) if "BOUNCEBACK_DAY" in os.environ else None
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Answers and notes of a learner never stand in a log: faults are logged without the request.
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
