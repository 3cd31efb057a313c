"""Environment → Django settings; with no environment at all, everything lies embedded under ``var/``.

One module for both origins: ``NASHRA_ROLE=readers`` gives the readers' process, which has no desk
route, no session, no staff table and no way to the desk's database. This module must not do anything
but decide: it opens no database and makes no folder.
"""

from __future__ import annotations

import zoneinfo
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from nashra.edition.content import COMMENT_MAX_GRAPHEMES
from nashra.environment import (
    addresses,
    database,
    email,
    home,
    number,
    one_of,
    onion,
    remembered_origin,
    secret_key,
    text,
    url,
)

NASHRA_HOME: Path = home()
NASHRA_VAR: Path = NASHRA_HOME / "var"
NASHRA_ENV: str = one_of("NASHRA_ENV", ("development", "production"), "development")
NASHRA_ROLE: str = one_of("NASHRA_ROLE", ("desk", "readers"), "desk")
NASHRA_SITE_URL: str = url(
    "NASHRA_SITE_URL", remembered_origin(NASHRA_VAR, "NASHRA_SITE_URL", "http://127.0.0.1:8000")
)
NASHRA_DESK_URL: str = url(
    "NASHRA_DESK_URL", remembered_origin(NASHRA_VAR, "NASHRA_DESK_URL", "http://127.0.0.1:8001")
)
NASHRA_SITE_FOLDER: Path = NASHRA_VAR / "site"
NASHRA_PHOTO_FOLDER: Path = NASHRA_VAR / "photos"
# Only a newsroom that cuts editions has this folder.
NASHRA_EDITION_FOLDER: Path = NASHRA_VAR / "edition"

DEBUG = False
SECRET_KEY = secret_key(NASHRA_VAR, production=NASHRA_ENV == "production")
ALLOWED_HOSTS = text("NASHRA_ALLOWED_HOSTS", "*" if NASHRA_ENV == "development" else "").split()
if NASHRA_ENV == "production":
    from nashra.environment import refuse_insecure_production

    refuse_insecure_production(
        allowed_hosts=ALLOWED_HOSTS, site_url=NASHRA_SITE_URL, desk_url=NASHRA_DESK_URL
    )

_readers_database = database("READERS_DATABASE_URL", NASHRA_VAR / "readers.sqlite3")
if NASHRA_ROLE == "readers":
    # An empty default is Django's dummy backend: whoever asks it for anything gets an error.
    DATABASES = {"default": {}, "readers": _readers_database}
else:
    DATABASES = {
        "default": database("DATABASE_URL", NASHRA_VAR / "desk.sqlite3"),
        "snapshot": database("DATABASE_URL", NASHRA_VAR / "desk.sqlite3", snapshot=True),
        "readers": _readers_database,
    }
DATABASE_ROUTERS = ["nashra.readers.router.ReadersRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_DESK_APPS = [
    "nashra.press",
    "nashra.mirrors",
    "nashra.desk",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.images",
    # Not used, but every page of Wagtail's admin names an address of it.
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
INSTALLED_APPS = ["nashra.readers"] if NASHRA_ROLE == "readers" else ["nashra.readers", *_DESK_APPS]

ROOT_URLCONF = "nashra.readers.urls" if NASHRA_ROLE == "readers" else "nashra.desk.urls"
MIDDLEWARE = (
    ["django.middleware.common.CommonMiddleware"]
    if NASHRA_ROLE == "readers"
    else [
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "nashra.desk.middleware.DeskPolicyMiddleware",
    ]
)
TEMPLATES = (
    []
    if NASHRA_ROLE == "readers"
    else [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ]
)

# Languages: the desk speaks what Wagtail speaks; publications are written in these.
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [
    ("en", _("English")),
    ("ar", _("Arabic")),
    ("fa", _("Persian")),
    ("ku", _("Kurdish")),
    ("tr", _("Turkish")),
    ("ur", _("Urdu")),
    ("ps", _("Pashto")),
    ("ru", _("Russian")),
    ("uk", _("Ukrainian")),
    ("fr", _("French")),
    ("de", _("German")),
    ("es", _("Spanish")),
]

# A post may be bigger than any honest one, but never so big that it fills the memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 if NASHRA_ROLE == "readers" else 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20 if NASHRA_ROLE == "readers" else 20_000
APPEND_SLASH = False

# Staff sessions.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_NAME = "nashra_desk"
CSRF_COOKIE_NAME = "nashra_desk_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NASHRA_DESK_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [NASHRA_DESK_URL]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# Files.
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = str(NASHRA_VAR / "media")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_PERMISSIONS = 0o640

# Mail.
globals().update(email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("NASHRA_FROM_EMAIL", "nashra@localhost")

# Wagtail: the desk asks no other host.
WAGTAIL_SITE_NAME = text("NASHRA_NAME", "Nashra")
# Some machines list names here that are no places; a form that offered them could not be sent.
WAGTAIL_USER_TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
WAGTAILADMIN_BASE_URL = NASHRA_DESK_URL
WAGTAILIMAGES_IMAGE_MODEL = "desk.Photo"
WAGTAILIMAGES_IMAGE_FORM_BASE = "nashra.desk.photo_form.PhotoForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = True
WAGTAIL_MODERATION_ENABLED = True
WAGTAILADMIN_NOTIFICATION_FROM_EMAIL = DEFAULT_FROM_EMAIL
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = False

# The press.
NASHRA_PRECOMPRESS: str = one_of("NASHRA_PRECOMPRESS", ("gzip", "none"), "gzip")
# When an edition is cut by itself, by keys that the press process holds unlocked.
NASHRA_EDITION: str = one_of("NASHRA_EDITION", ("off", "after-press", "hourly", "daily"), "off")

# Readers.
NASHRA_REACTION_THRESHOLD = 10
NASHRA_COMMENT_MAX_GRAPHEMES = COMMENT_MAX_GRAPHEMES
NASHRA_PREVIEW_LIFETIME_HOURS = 72
# Who is believed about whom they ask for, and who carries the onion service's readers: nobody unless named.
NASHRA_TRUSTED_PROXIES = addresses("NASHRA_TRUSTED_PROXIES")
NASHRA_ONION_URL: str = onion("NASHRA_ONION_URL")
NASHRA_ONION_PROXIES = addresses("NASHRA_ONION_PROXIES")
# A moderator's decision can be undone so long, and those of one batch are pressed together.
NASHRA_UNDO_S: int = number("NASHRA_UNDO_S", 30, least=0, most=3600)
NASHRA_APPROVAL_BATCH_S: int = number("NASHRA_APPROVAL_BATCH_S", 60, least=1, most=3600)

# A constant message and its fields; never a reader's words, address or agent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "nashra.logging.LineFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        # A logger without any handler would fall back on Python's last resort, and print after all.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "nashra": {"level": text("NASHRA_LOG_LEVEL", "INFO")},
        # Django's own request lines carry paths. The desk's faults must be found, by their place in the
        # code; of what a reader asked for nothing is written.
        "django.request": {
            "handlers": ["stderr" if NASHRA_ROLE == "desk" else "nowhere"],
            "level": "ERROR",
            "propagate": False,
        },
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
    },
}
