"""`manage.py sandbox`: serve the sandbox alone, as a stand-in for Stripe that any library can call."""

from __future__ import annotations

import contextlib
import os
import socket
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.urls import include, path
from django.views.generic import RedirectView

from stripe_sandbox import conf
from stripe_sandbox.serving import Application, listen, server_on, until_stopped

_NEEDED = (
    "django.middleware.security.",
    "whitenoise.middleware.",
    "django.middleware.locale.",
    "django.middleware.common.",
    "django.middleware.csrf.",
    "django.middleware.clickjacking.",
    "stripe_sandbox.",
)

# The sandbox's addresses where it is served without a site: this module is the URLconf.
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="stripe_sandbox:dashboard")),
    path("", include("stripe_sandbox.urls")),
]


# The endpoint of events that are handed out and posted nowhere: https://www.rfc-editor.org/rfc/rfc2606#section-2
HANDED_OUT = "http://handed-out.invalid/webhook/"


def readable(site: Application) -> Application:
    """Hand requests to the site with headers that Django can read."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Django would decode the query in the charset that is named, before any middleware; Stripe's is UTF-8 always.
        environ["CONTENT_TYPE"] = environ.get("CONTENT_TYPE", "").partition(";")[0]
        return site(environ, start_response)

    return answer


def names(host: str) -> list[str]:
    """Return what a server on `host` may be called: if that is every address of this machine, each of them."""
    if host != "0.0.0.0":  # noqa: S104
        return [host]
    found = [host, socket.gethostname().lower()]
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: it only picks the address that others see
        found.append(probe.getsockname()[0])
    return found


class Command(BaseCommand):
    help = "Serve the Stripe sandbox alone: its API, its pages and its dashboard, for any Stripe library."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="127.0.0.1 by default; 0.0.0.0 lets other machines in, see --name"
        )
        parser.add_argument(
            "--name",
            action="append",
            default=[],
            help="a further name by which other machines call it (several: repeat it). It answers to localhost, to "
            "--host, for 0.0.0.0 to the addresses of this machine, and to DJANGO_ALLOWED_HOSTS: another website could "
            "point any other name here",
        )
        parser.add_argument("--port", type=int, default=12111, help="12111 by default; 0 takes a free one")
        parser.add_argument("--webhook", default="", metavar="URL", help="where events are posted to")
        parser.add_argument(
            "--webhook-allow",
            action="append",
            default=[],
            metavar="HOST",
            help="a private name, address or network to which webhooks may go besides --webhook, * for any, where "
            "--host lets other machines in (several: repeat it). To public addresses they always may",
        )
        parser.add_argument(
            "--timeout", type=int, default=10, metavar="SECONDS", help="how long an endpoint may take to answer"
        )
        parser.add_argument(
            "--deliveries",
            choices=("thread", "manual"),
            default="thread",
            help='who delivers events: a "thread", by default, or with "manual" only POST /sandbox/control/deliveries/',
        )
        parser.add_argument(
            "--database",
            default=os.environ.get("STRIPE_SANDBOX_DATABASE")
            or str(settings.BASE_DIR / "stripe_sandbox_alone.sqlite3"),
            help="the SQLite file that keeps its objects",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.set_up(options)
        call_command("migrate", database=conf.DATABASE, verbosity=0)
        with listen(options["host"], options["port"]) as listening, until_stopped():
            server = server_on(listening, readable(WSGIHandler()))
            self.tell(*listening.getsockname()[:2])
            server.run()

    def set_up(self, options: dict[str, Any]) -> None:
        """Turn the site's settings into the sandbox's own, for this process."""
        settings.STRIPE_SANDBOX |= {
            "ALONE": True,
            "DELIVERIES": options["deliveries"],
            "DELIVERY_TIMEOUT": options["timeout"],
            "WEBHOOK_ALLOW": self.allowed(options),
            "WEBHOOK_URL": options["webhook"] or (HANDED_OUT if options["deliveries"] == "manual" else ""),
        }
        settings.ROOT_URLCONF = __name__
        # The site's own page for it needs the site.
        settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name.startswith(_NEEDED)]
        settings.SECURE_SSL_REDIRECT = settings.CSRF_COOKIE_SECURE = False
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, *names(options["host"]), *options["name"]]
        connections.settings[conf.DATABASE]["NAME"] = options["database"]

    def allowed(self, options: dict[str, Any]) -> list[str]:
        """Return the private addresses to which webhooks may go: any where no other machine reaches the sandbox."""
        host = options["host"]
        is_loopback = host == "localhost" or host.startswith("127.") or host == "::1"
        return ["*"] if is_loopback else [*options["webhook_allow"], *settings.STRIPE_SANDBOX["WEBHOOK_ALLOW"]]

    def goal(self) -> str:
        """Return where events go, for a person to read."""
        if conf.get("DELIVERIES") == "manual":
            return "nowhere: POST /sandbox/control/deliveries/ hands them out"
        return conf.get("WEBHOOK_URL") or "nowhere: give --webhook URL"

    def secret(self) -> str:
        """Return the secret that signs webhooks, or where it comes from if it may be that of a real endpoint."""
        given = "the first of STRIPE_WEBHOOK_SECRET (not shown)"
        return conf.get("WEBHOOK_SECRET") if conf.get("SHOW_WEBHOOK_SECRET") else given

    def tell(self, host: str, port: int) -> None:
        address = f"http://{host}:{port}"
        for name, value in (
            ("Stripe sandbox", address),
            ("secret key", conf.get("SECRET_KEY")),
            ("publishable key", conf.get("PUBLISHABLE_KEY")),
            ("webhook secret", self.secret()),
            ("events go to", self.goal()),
            ("dashboard", f"{address}/sandbox/"),
        ):
            self.stdout.write(f"{name:<16} {value}")
        self.stdout.flush()
