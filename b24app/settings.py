"""Django's settings for Docket. What differs between machines comes from the environment.

The README has the table of variables. A start without a needed one is refused and names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from b24app import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

# Who we are to the outside
DEBUG = False
BASE_URL = env.required("DOCKET_BASE_URL").rstrip("/")
"""The address that browsers and Bitrix24 reach us at, without a trailing slash."""
_base = urlsplit(env.origin("DOCKET_BASE_URL", BASE_URL))
LOCAL = _base.scheme == "http" and _base.hostname in {"127.0.0.1", "localhost"}
if _base.scheme != "https" and not LOCAL:
    raise ImproperlyConfigured("DOCKET_BASE_URL must be https:// (http:// only on loopback)")
ALLOWED_HOSTS = [_base.hostname]

# Secrets
SECRET_KEY = env.signing_key("DOCKET_SECRET_KEY", strict=not LOCAL)
TOKEN_KEYS = env.sealing_keys("DOCKET_TOKEN_KEYS", strict=not LOCAL)
"""Keys of the tokens at rest, newest first; each 32 bytes as base64."""

# Bitrix24
LISTED_ORIGINS = env.origins("DOCKET_LISTED_ORIGINS", plain=None)
"""Origins that may be plain http or have a private address (the demo's; an on-premises portal)."""
AUTH_SERVERS = env.origins(
    "DOCKET_AUTH_SERVERS",
    "https://oauth.bitrix.info,https://oauth.bitrix24.tech",
    plain=LISTED_ORIGINS,
)
"""The only hosts that a client secret or a refresh token is ever sent to."""
if not AUTH_SERVERS:
    raise ImproperlyConfigured("DOCKET_AUTH_SERVERS names no server")
MARKET_CLIENT_ID = env.text("DOCKET_CLIENT_ID")
MARKET_CLIENT_SECRET = env.required("DOCKET_CLIENT_SECRET") if MARKET_CLIENT_ID else ""
USER_AGENT = "Docket/0.1"
QUIET_SECONDS = env.seconds("DOCKET_QUIET_SECONDS", 90)
"""How long after a lost answer a document may still appear: longer than a request of the portal
may live (60 s), so that nothing is called missing that is only late."""
PDF_POLLS = env.all_seconds("DOCKET_PDF_POLLS", "8,12,20,30,40")
"""Seconds between looks for a PDF; the last one repeats."""
PDF_PATIENCE = env.seconds("DOCKET_PDF_PATIENCE", 20 * 60)
"""Seconds after which a conversion is called failed: a job of the portal lives 20 minutes."""
RECONCILE_SECONDS = env.seconds("DOCKET_RECONCILE_SECONDS", 300)
"""How often each portal is asked what was changed, so that a lost event costs nothing."""
LINK_CLOSED_SECONDS = env.seconds("DOCKET_LINK_CLOSED_SECONDS", 300)
"""How often a portal is asked whether deals with public links are won or lost."""
LINK_READ_SECONDS = env.seconds("DOCKET_LINK_READ_SECONDS", 6 * 3600)
"""How often a public link that is on is read again: it may have been switched elsewhere."""

# Application
INSTALLED_APPS = ["b24app", "django.contrib.staticfiles", "django_htmx", "huey.contrib.djhuey"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "b24app.web.headers.HeadersMiddleware",
    "b24app.web.errors.ErrorsMiddleware",
    "b24app.web.session.FrameSessionMiddleware",
    "b24app.web.zone.ZoneMiddleware",
    "b24app.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "b24app.urls"
WSGI_APPLICATION = "b24app.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "builtins": ["b24app.templatetags.docket"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]

# Storage
DATABASES = {"default": env.database(BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.text("DOCKET_CACHE_PREFIX", "docket"),
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Counts of openings are in it: few entries could be pushed out by knocking a lot.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
HUEY: dict[str, Any] = {
    "name": env.text("DOCKET_CACHE_PREFIX", "docket"),
    "immediate": False,
    "results": False,
    "consumer": {"workers": 4, "worker_type": "thread", "max_delay": 1.0},
} | (
    {"huey_class": "huey.RedisHuey", "connection": {"url": REDIS_URL}}
    if REDIS_URL
    else {
        "huey_class": "huey.SqliteHuey",
        "connection": {
            "filename": env.folder_made(
                env.text("DOCKET_QUEUE_FILE", str(BASE_DIR / "var" / "queue.sqlite3"))
            )
        },
    }
)

# Pages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "b24app" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("DOCKET_STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "b24app.staticfiles.Storage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS: list[str] = []
"""No address takes files but the one that says so itself."""

# Transport. No session and no cookie of ours exists, so there is none to secure.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
BEHIND_PROXY = env.flag("DOCKET_PROXY")
"""A proxy of ours stands in front: its X-Forwarded-Proto and X-Forwarded-For are believed."""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_COOKIE_SECURE = True
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "b24app.logs.Plain",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.text("DOCKET_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "urllib3": {"level": "WARNING"},
        "huey": {"propagate": False},  # the worker brings a handler of its own
    },
}
