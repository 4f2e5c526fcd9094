"""Django's settings of the sandbox alone: what `stripe-sandbox` does not take as an option is read from variables.

The variables are those of the site that have a meaning here; `.env.example` describes them.
"""

from __future__ import annotations

import os

from stripe_sandbox.alone import state


def _several(name: str) -> list[str]:
    return [value.strip() for value in os.environ.get(name, "").split(",") if value.strip()]


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


# There is no SECRET_KEY here: the command takes it from `stripe_sandbox.alone.state`, once it knows the database.
ALLOWED_HOSTS = _several("DJANGO_ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "stripe_sandbox.alone.urls"
INSTALLED_APPS = ["stripe_sandbox", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "stripe_sandbox.middleware.json_errors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stripe_sandbox.middleware.SandboxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
SECURE_REFERRER_POLICY = "same-origin"

# https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes
DATABASES = {
    "default": {},
    "stripe_sandbox": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _text("STRIPE_SANDBOX_DATABASE", str(state.default_database())),
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
        "CONN_MAX_AGE": 60,  # seconds
    },
}
DATABASE_ROUTERS = ["stripe_sandbox.database.router.SandboxRouter"]

LANGUAGES = [("ja", "日本語"), ("en", "English")]
LANGUAGE_CODE = _text("DJANGO_LANGUAGE_CODE", "en")
TIME_ZONE = _text("DJANGO_TIME_ZONE", "Asia/Tokyo")
USE_TZ = True

# Static files are served from where they lie: the package has them, and nothing is collected.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},  # it warns of each request that waits for a thread
    },
}

STRIPE_SANDBOX = {
    "ALONE": True,
    "WEBHOOK_SECRET": next(iter(_several("STRIPE_WEBHOOK_SECRET")), ""),
    "WEBHOOK_ALLOW": _several("STRIPE_SANDBOX_WEBHOOK_ALLOW"),
    "CARD_TOKENS": _text("STRIPE_SANDBOX_CARD_TOKENS", "on"),
}
