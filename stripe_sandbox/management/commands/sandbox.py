"""`stripe-sandbox`, and `manage.py sandbox` here: serve the sandbox alone, for any library that calls Stripe."""

from __future__ import annotations

import _thread
import contextlib
import signal
import socket
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from stripe_sandbox import conf
from stripe_sandbox.alone import state
from stripe_sandbox.alone.serving import Application, listen, server_on, until_stopped
from stripe_sandbox.webhooks import endpoints


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


def end_with_stdin() -> None:
    """Wait until the standard input ends, and then end the server as SIGTERM does."""
    while sys.stdin.buffer.read(1024):
        pass
    _thread.interrupt_main(signal.SIGTERM)


class Command(BaseCommand):
    help = "Serve the Stripe sandbox alone: its API, its pages and its dashboard, for any Stripe library."
    requires_system_checks = []
    # What means nothing to a person who does not see that this is Django.
    suppressed_base_arguments = {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--no-color",
        "--force-color",
    }

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
            default=settings.DATABASES[conf.DATABASE]["NAME"],
            metavar="FILE",
            help="the SQLite file that keeps its objects; by default %(default)s",
        )
        parser.add_argument(
            "--until-stdin-ends",
            action="store_true",
            help="end when the standard input does, as it does whenever the program that started this one ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not conf.get("ALONE"):
            raise CommandError("These settings are those of a site: run `manage.py sandbox`, or `stripe-sandbox`.")
        self.set_up(options)
        call_command("migrate", database=conf.DATABASE, verbosity=0)
        with listen(options["host"], options["port"]) as listening, until_stopped():
            server = server_on(listening, readable(WSGIHandler()))
            self.print_addresses(*listening.getsockname()[:2])
            if options["until_stdin_ends"]:
                threading.Thread(target=end_with_stdin, daemon=True).start()
            server.run()

    def set_up(self, options: dict[str, Any]) -> None:
        """Add to the settings what the options say, for this process."""
        database = Path(options["database"])
        state.prepare(database)
        connections.settings[conf.DATABASE]["NAME"] = str(database)
        settings.SECRET_KEY = state.key(database)
        given = conf.get("WEBHOOK_SECRET")
        settings.STRIPE_SANDBOX |= {
            "DELIVERIES": options["deliveries"],
            "DELIVERY_TIMEOUT": options["timeout"],
            "SHOW_WEBHOOK_SECRET": not given,
            "WEBHOOK_ALLOW": self.allowed(options),
            "WEBHOOK_SECRET": given or state.webhook_secret(settings.SECRET_KEY),
            "WEBHOOK_URL": options["webhook"] or (endpoints.HANDED_OUT if options["deliveries"] == "manual" else ""),
        }
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, *names(options["host"]), *options["name"]]

    def allowed(self, options: dict[str, Any]) -> list[str]:
        """Return the private addresses to which webhooks may go: any where no other machine reaches the sandbox."""
        host = options["host"]
        is_loopback = host == "localhost" or host.startswith("127.") or host == "::1"
        return ["*"] if is_loopback else [*options["webhook_allow"], *conf.get("WEBHOOK_ALLOW")]

    def goal(self) -> str:
        """Return where events go, for a person to read."""
        if conf.get("DELIVERIES") == "manual":
            return "nowhere: POST /sandbox/control/deliveries/ hands them out"
        return conf.get("WEBHOOK_URL") or "nowhere: give --webhook URL"

    def secret(self) -> str:
        """Return the secret that signs webhooks, or where it comes from if it may be that of a real endpoint."""
        given = "the first of STRIPE_WEBHOOK_SECRET (not shown)"
        return conf.get("WEBHOOK_SECRET") if conf.get("SHOW_WEBHOOK_SECRET") else given

    def print_addresses(self, host: str, port: int) -> None:
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
