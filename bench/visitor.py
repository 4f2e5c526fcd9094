"""Importing this sets up a site of the benchmark's own, with nothing in it; a Visitor asks it as a WSGI server does."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from serving import NO_LIMITS

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
_folder = tempfile.TemporaryDirectory(prefix="bench-")
for _name in list(os.environ):
    if _name.startswith(("STRIPE_", "DJANGO_", "RECORD_", "PAYMENT_", "BOARD_", "ORDERS_", "CARD_", "LEGACY_")):
        del os.environ[_name]
os.environ |= NO_LIMITS | {
    "DATABASE_URL": f"sqlite:///{_folder.name}/board.sqlite3",
    "DJANGO_ENV_FILE": os.devnull,
    "DJANGO_SECRET_KEY": "the benchmark's own",
    "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
    "EMAIL_URL": "dummymail://",
    "STRIPE_SANDBOX_DATABASE": f"{_folder.name}/sandbox.sqlite3",
}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402


def set_up() -> None:
    """Make the databases and the samples; webhooks wait until they are asked for."""
    settings.STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}
    call_command("setup", verbosity=0)


@dataclass
class Visitor:
    """Somebody with a browser session of their own, and a watch."""

    site: WSGIHandler = field(default_factory=WSGIHandler)
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    waited: float = 0.0  # milliseconds until the answers
    in_all: float = 0.0  # and what was done after them

    def ask(self, method: str, path: str, body: bytes = b"", timed: bool = True, **headers: str) -> HttpResponse:
        """Send a request; its time counts unless it is not `timed`."""
        parts = urlsplit(path)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies.output(attrs=[], header="", sep=";"),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **headers,
        }
        setup_testing_defaults(environ)
        began = time.perf_counter()
        response = self.site(environ, lambda *_status_and_headers: None)
        answered = time.perf_counter()
        response.close()
        if timed:
            self.waited += (answered - began) * 1000
            self.in_all += (time.perf_counter() - began) * 1000
        self.cookies.update(response.cookies)
        return response

    def post(self, path: str, timed: bool = True, **form: str) -> HttpResponse:
        """Send a form of ours or of the sandbox."""
        form["csrfmiddlewaretoken"] = self.cookies["csrftoken"].value
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(form).encode(), timed, CONTENT_TYPE=kind)
