"""One settings file for every machine: what differs between them comes from the environment or `.env`.

Check out, install, `runserver`: without any setting the site runs on this machine, offline, on the sandbox.
`.env.example` lists every name; `bbs/checks.py` says what is wrong with a value, and what to do.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import django
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

from bbs_project.environment import (
    database,
    email,
    load,
    local_secret,
    number,
    one_of,
    origin,
    serves_this_machine_alone,
    several,
    sqlite_file,
    switch,
    text,
    time_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent

load(os.environ.get("DJANGO_ENV_FILE"), BASE_DIR / ".env")

# --- Django -----------------------------------------------------------------------------------------------

SECRET_KEY = text("DJANGO_SECRET_KEY") or local_secret(BASE_DIR / ".django-secret-key")
SECRET_KEY_FALLBACKS = several("DJANGO_SECRET_KEY_FALLBACKS", default=[])
DEBUG = switch("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = several("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_FAILURE_VIEW = "bbs.problems.csrf_failure"
CSRF_TRUSTED_ORIGINS = several("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])
SILENCED_SYSTEM_CHECKS = ["4_0.E001"]  # of an origin without a scheme: `bbs/checks.py` also names the variable

# The pages that compare the flows. They come before the board, whose empty templates `bbs/extras/` they fill.
_compare_is_here = (BASE_DIR / "compare").is_dir()
COMPARE_ENABLED = switch("COMPARE_ENABLED", default=_compare_is_here)
if COMPARE_ENABLED and not _compare_is_here:
    raise ImproperlyConfigured("COMPARE_ENABLED is on, but there is no folder compare/: leave it out.")

INSTALLED_APPS = [
    *(["compare"] if COMPARE_ENABLED else []),
    "bbs",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "bbs.health.answer_first",
    "bbs.middleware.behind_proxies",
    "bbs.middleware.private_unless_said",
    "bbs.middleware.ReadableOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bbs.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "bbs.middleware.visitor_middleware",
    "bbs.middleware.payment_context",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "bbs_project.urls"
WSGI_APPLICATION = "bbs_project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bbs.context_processors.site",
                "bbs.context_processors.visitor",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Write-ahead logging lets readers and a writer work at once; BEGIN IMMEDIATE makes a second writer wait its
# turn instead of failing halfway. https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes
SQLITE_OPTIONS = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
# https://docs.djangoproject.com/en/5.2/ref/databases/#server-side-parameters-binding
POSTGRESQL_OPTIONS = {"server_side_binding": True, "prepare_threshold": 5}

# Connections are kept, but not by `runserver`: its threads answer one request each, and would leave theirs open.
KEPT: dict[str, Any] = {"CONN_MAX_AGE": 0 if DEBUG else 60}  # seconds

DATABASES = {"default": KEPT | database("DATABASE_URL", default=BASE_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["ENGINE"] = "bbs_project.postgresql"
    # A server that restarts closes them.
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
    # What is asked again and again is planned once: a third of the time of a small query, and more of a large one.
    DATABASES["default"]["OPTIONS"] = POSTGRESQL_OPTIONS | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGES = [("ja", "日本語"), ("en", "English")]
LANGUAGE_CODE = one_of("DJANGO_LANGUAGE_CODE", default="en", choices=["en", "ja"])
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "bbs.formats"  # what `admin` shows of a time
TIME_ZONE = time_zone("DJANGO_TIME_ZONE", default="Asia/Tokyo")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Until `collectstatic` has run, files are served from where they lie.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.exists()
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS

_email = email("EMAIL_URL", default="consolemail://")
if _email["EMAIL_BACKEND"].endswith(".smtp.EmailBackend"):
    # Django would wait for ever for a mail server that hangs, and a visitor with it.
    _email["EMAIL_TIMEOUT"] = 10  # seconds
if django.VERSION >= (6, 1):
    _names = {"HOST": "host", "PORT": "port", "HOST_USER": "username", "HOST_PASSWORD": "password"}
    _names |= {"USE_TLS": "use_tls", "USE_SSL": "use_ssl", "FILE_PATH": "file_path", "TIMEOUT": "timeout"}
    MAILERS = {
        "default": {
            "BACKEND": _email["EMAIL_BACKEND"],
            "OPTIONS": {option: _email[f"EMAIL_{n}"] for n, option in _names.items() if _email.get(f"EMAIL_{n}")},
        },
    }
else:
    globals().update(_email)
DEFAULT_FROM_EMAIL = text("DJANGO_FROM_EMAIL", default="board@localhost")
STAFF_EMAIL = text("DJANGO_STAFF_EMAIL", default="staff@localhost")

# Mails are sent by a thread of the process that settled the payment, after the response; by the request itself; or by
# `manage.py db_worker` on any machine.
if django.VERSION < (6, 0):
    INSTALLED_APPS += ["django_tasks"]
_interface = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
_backends = {
    "thread": "bbs.tasks.ThreadBackend",
    "immediate": f"{_interface}.backends.immediate.ImmediateBackend",
    "database": "bbs.database_tasks.DatabaseBackend",
}
_tasks = one_of("DJANGO_TASKS", default="thread", choices=list(_backends))
TASKS = {"default": {"BACKEND": _backends[_tasks]}}
if _tasks == "database":
    INSTALLED_APPS += ["django_tasks_db"]
# A task in our own database is written with what it is about; any other queue is notified after the commit.
TASKS_IN_TRANSACTION = _tasks == "database"

# A public host is one behind HTTPS: one switch turns on all that goes with it.
HTTPS = switch("DJANGO_HTTPS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
_hsts_seconds = number("DJANGO_HSTS_SECONDS", default=3600)
SECURE_HSTS_SECONDS = _hsts_seconds if HTTPS else 0
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"  # as Django's other cookies are by themselves
# Session ids are in the return addresses: no other site gets one of our addresses. Not stricter, since Django's
# CSRF check wants to see over HTTPS that a form comes from this site.
SECURE_REFERRER_POLICY = "same-origin"
# How many proxies of our own a request passes. Only for proxies that themselves set or clear X-Forwarded-Proto: a
# visitor could send it otherwise. DJANGO_BEHIND_PROXY=on, the former name, is 1.
TRUSTED_PROXIES = number("DJANGO_TRUSTED_PROXIES", default=int(switch("DJANGO_BEHIND_PROXY", default=False)))
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Warnings and errors of whatever it is go to stderr, DEBUG or not. Django's own handlers are not asked: without DEBUG
# not even an unhandled error would be seen.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "bbs.logs.MaskingFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        **{name: {"level": "INFO"} for name in ("bbs", "compare")},
        "waitress.queue": {"level": "ERROR"},  # it warns of each request that waits for a thread
    },
}

# Pages that look the same to every visitor are rendered once. Each process keeps so many, of about 300 kB at most.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 256},
    },
}
if DEBUG or not switch("DJANGO_PAGE_CACHE", default=True):
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# --- The board --------------------------------------------------------------------------------------------

# By one visitor; ten times as many from one address. 0 switches a limit off.
BOARD_POSTS_PER_MINUTE = number("BOARD_POSTS_PER_MINUTE", default=10)
ORDERS_PER_MINUTE = number("ORDERS_PER_MINUTE", default=20)
# Over the order's life; 0 switches it off.
CARD_ATTEMPTS_PER_ORDER = number("CARD_ATTEMPTS_PER_ORDER", default=5)

# --- Stripe -----------------------------------------------------------------------------------------------

PAYMENT_FLOW = text("PAYMENT_FLOW", default="modern")
# With "legacy": the percentage of visitors who get the modern flow.
PAYMENT_FLOW_ROLLOUT = number("PAYMENT_FLOW_ROLLOUT", default=0)
# How old a legacy order form may be, once its visitor's flow is modern.
LEGACY_GRACE_HOURS = number("LEGACY_GRACE_HOURS", default=24)

STRIPE_SECRET_KEY = text("STRIPE_SECRET_KEY")
STRIPE_PUBLISHABLE_KEY = text("STRIPE_PUBLISHABLE_KEY")
STRIPE_WEBHOOK_SECRETS = several("STRIPE_WEBHOOK_SECRET", default=[])
STRIPE_API_BASE = text("STRIPE_API_BASE").rstrip("/")
STRIPE_CHECKOUT_JS = text("STRIPE_CHECKOUT_JS")
# Where Stripe shows its page, if the account has a domain of its own for it: https://docs.stripe.com/payments/checkout/customization
STRIPE_CHECKOUT_DOMAIN = text("STRIPE_CHECKOUT_DOMAIN")
# The dotted path of a `stripe.HTTPClient`, empty for that of stripe-python; and those of its wrappers, inner first.
STRIPE_HTTP_CLIENT = ""
STRIPE_HTTP_CLIENT_WRAPPERS = []

# A key, or another server, in the environment is used; otherwise the sandbox simulates Stripe.
STRIPE_SANDBOX_ENABLED = (BASE_DIR / "stripe_sandbox").is_dir() and not (
    STRIPE_SECRET_KEY or STRIPE_PUBLISHABLE_KEY or STRIPE_API_BASE
)
PAYMENT_FLOW_SWITCHER = switch("PAYMENT_FLOW_SWITCHER", default=STRIPE_SANDBOX_ENABLED)

# The sandbox's keys are no secret: they open test data only. Another server that speaks Stripe's
# API, given by its address alone, gets them too, so that `manage.py sandbox` elsewhere just works.
if STRIPE_SANDBOX_ENABLED or (STRIPE_API_BASE and not STRIPE_SECRET_KEY):
    STRIPE_SECRET_KEY = "sk_test_sandbox"  # noqa: S105
    STRIPE_PUBLISHABLE_KEY = STRIPE_PUBLISHABLE_KEY or "pk_test_sandbox"
    STRIPE_CHECKOUT_JS = STRIPE_CHECKOUT_JS or f"{STRIPE_API_BASE}/checkout.js"

STRIPE_LIVEMODE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
# A template that every page shows under its header.
NOTICE_TEMPLATE = "" if STRIPE_LIVEMODE else "bbs/notice_test_mode.html"

if STRIPE_SANDBOX_ENABLED:
    INSTALLED_APPS += ["stripe_sandbox"]
    MIDDLEWARE = [
        "stripe_sandbox.middleware.json_errors",
        *MIDDLEWARE,
        "stripe_sandbox.middleware.SandboxMiddleware",
    ]
    DATABASES["stripe_sandbox"] = KEPT | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": sqlite_file(
            "STRIPE_SANDBOX_DATABASE",
            text("STRIPE_SANDBOX_DATABASE", default=str(BASE_DIR / "stripe_sandbox.sqlite3")),
        ),
        "OPTIONS": SQLITE_OPTIONS,
    }
    DATABASE_ROUTERS = ["stripe_sandbox.database.router.SandboxRouter"]
    STRIPE_HTTP_CLIENT = "stripe_sandbox.transport.InProcessClient"
    NOTICE_TEMPLATE = "stripe_sandbox/notice.html"
    _secret_is_ours = not STRIPE_WEBHOOK_SECRETS
    STRIPE_WEBHOOK_SECRETS = STRIPE_WEBHOOK_SECRETS or [
        "whsec_" + salted_hmac("stripe_sandbox.webhook", "secret", SECRET_KEY, algorithm="sha256").hexdigest()
    ]
    STRIPE_SANDBOX = {
        "SECRET_KEY": STRIPE_SECRET_KEY,
        "PUBLISHABLE_KEY": STRIPE_PUBLISHABLE_KEY,
        "WEBHOOK_SECRET": STRIPE_WEBHOOK_SECRETS[0],
        # One that was given may be that of a real endpoint.
        "SHOW_WEBHOOK_SECRET": _secret_is_ours,
        # A path is posted to at the address on which this server is being visited.
        "WEBHOOK_URL": text("STRIPE_SANDBOX_WEBHOOK_URL", default="/webhook/"),
        # The private addresses to which other webhook endpoints may be posted.
        "WEBHOOK_ALLOW": several(
            "STRIPE_SANDBOX_WEBHOOK_ALLOW",
            default=["*"] if serves_this_machine_alone(sys.argv) and not (HTTPS or TRUSTED_PROXIES) else [],
        ),
        # Whether the account takes card tokens, as new and Japanese accounts of Stripe's do not.
        "CARD_TOKENS": text("STRIPE_SANDBOX_CARD_TOKENS", default="on"),
    }

STRIPE_API_BASE = STRIPE_API_BASE or "https://api.stripe.com"
STRIPE_CHECKOUT_JS = STRIPE_CHECKOUT_JS or "https://checkout.stripe.com/checkout.js"

if COMPARE_ENABLED:
    # Each payment's requests, webhooks and calls to Stripe are recorded, masked, for the request log.
    RECORD_WIRE = switch("RECORD_WIRE", default=not STRIPE_LIVEMODE)
    # Whether who has a payment's address may see its record: never with live keys, whatever is asked for.
    RECORD_PUBLIC = switch("RECORD_PUBLIC", default=STRIPE_SANDBOX_ENABLED) and not STRIPE_LIVEMODE
    MIDDLEWARE += ["compare.wire.middleware.record_requests"]
    STRIPE_HTTP_CLIENT_WRAPPERS += ["compare.wire.transport.RecordingClient"]

# What legacy Checkout's script needs, and where a pay form may lead: https://docs.stripe.com/security/guide#content-security-policy
_script = [source] if (source := origin(STRIPE_CHECKOUT_JS)) else []
_pages = ["https://checkout.stripe.com", origin(STRIPE_API_BASE), origin(f"https://{STRIPE_CHECKOUT_DOMAIN}")]
_stripe = [] if STRIPE_SANDBOX_ENABLED else [page for page in _pages if page]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, *_script],
        "style-src": [SELF, *_script],
        "img-src": [SELF, "data:", *(["https://*.stripe.com"] if _script else [])],
        "connect-src": [SELF, *_script],
        "frame-src": [SELF, *_script],
        "form-action": [SELF, *_stripe],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
