"""The page of the Japanese article's legacy board, as an application of its own: without topics, and with all of them.

`/bare/` renders the page without topics; `/board/` is the article's board. Both are behind the three middlewares that
Django's own start template has and that need no database. DATABASE_URL says where the topics are.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
import environ
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="the benchmark's own",  # noqa: S106
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).resolve().parent],
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        DATABASES={
            "default": {
                **environ.Env.db_url_config(os.environ.get("DATABASE_URL", "sqlite://:memory:")),
                "CONN_MAX_AGE": 60,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


class Topic(models.Model):  # noqa: DJ008
    comment = models.CharField(max_length=2000)

    class Meta:
        app_label = "article"


def bare(request: HttpRequest) -> HttpResponse:
    return render(request, "article.html", {"public_key": "pk_test_1"})


def board(request: HttpRequest) -> HttpResponse:
    return render(request, "article.html", {"public_key": "pk_test_1", "topics": Topic.objects.all()})


urlpatterns = [path("bare/", bare), path("board/", board)]


def fill(count: int) -> None:
    """Make the table, with so many topics."""
    with connection.schema_editor() as editor:
        editor.create_model(Topic)
    Topic.objects.bulk_create(Topic(comment=f"はじめまして。{number}") for number in range(count))


def site() -> object:
    """Return the application as a WSGI server serves it."""
    return get_wsgi_application()


if __name__ == "__main__":
    fill(int(sys.argv[1]))
