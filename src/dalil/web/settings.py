"""Settings of the desk: one archive, one folder of its own, loopback, nothing from outside."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOMS = (
    "frame", "jobs", "door", "archive", "viewing", "copies", "describing", "casebook", "victims",
    "sites", "law", "pictures", "search", "oversight", "publishing", "patterns",
)  # fmt: skip

# `dalil serve` names the archive; without one (tests, migrations) the desk stands on nothing.
_ARCHIVE = os.environ.get("DALIL_ARCHIVE")
ARCHIVE = Path(_ARCHIVE) if _ARCHIVE else Path(tempfile.gettempdir()) / "no-archive"
DESK = Path(os.environ.get("DALIL_DESK") or ARCHIVE.with_name(f"{ARCHIVE.name}.desk"))
# Once, when nobody can log in yet: the code that the terminal printed opens the set-up page.
SETUP_CODE = os.environ.get("DALIL_SETUP_CODE", "")

# An own server of map tiles, on this host: /tiles/{z}/{x}/{y}.png. Without one, a coarse world.
TILES = os.environ.get("DALIL_TILES", "")

_SECRET = DESK / "secret"
SECRET_KEY = _SECRET.read_text("ascii") if _SECRET.is_file() else secrets.token_hex(32)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *os.environ.get("DALIL_HOSTS", "").split()]
# Behind a TLS proxy (docs/behind-tls.md) the outside address is an origin of its own.
CSRF_TRUSTED_ORIGINS = [f"https://{each}" for each in os.environ.get("DALIL_HOSTS", "").split()]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CSRF_TRUSTED_ORIGINS else None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(f"dalil.web.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "dalil.web.frame.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "dalil.web.frame.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dalil.web.frame.middleware.modest",
    "allauth.account.middleware.AccountMiddleware",
    "dalil.web.door.stay.staying",
    "django.contrib.messages.middleware.MessageMiddleware",
    "dalil.web.frame.middleware.comings_and_goings",
    "dalil.web.viewing.closing.closing",
    "dalil.web.frame.middleware.refusals",
]
ROOT_URLCONF = "dalil.web.urls"
WSGI_APPLICATION = "dalil.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "dalil.web.frame.page.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DALIL_DATABASE") or DESK / "accounts.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by the workers, and kept when they end: limits on logins, codes that were used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DESK / "cache",
    }
}

AUTH_USER_MODEL = "door.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "door:login"

SESSION_COOKIE_NAME = "dalil-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "dalil-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "dalil.web.frame.views.send_again"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_COOKIE_NAME = "dalil-language"
LANGUAGE_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 16 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
# Lists that come in by a form lie in the folder of the desk, not in one that others read.
FILE_UPLOAD_TEMP_DIR = DESK if DESK.is_dir() else None

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Files of pages are read from the package itself: nothing is collected, nothing goes stale.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The server's log says that something failed and where in the code; never an address with
    # its query, a name or a value.
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "loggers": {"dalil.web": {"handlers": ["terminal"], "level": "INFO", "propagate": False}},
}
from dalil.web.door.settings import *  # noqa: E402, F403 - the door's own: allauth, limits
