"""`manage.py serve [[address:]port]`: serve the site."""

from __future__ import annotations

import argparse
import re

from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application

from bbs.serving import listen, server_on, until_stopped


class Command(BaseCommand):
    help = "Serve the site until Ctrl-C. With DJANGO_DEBUG=on this is `runserver`, which reloads the code."
    # As under any application server: `bbs_project.wsgi` checks the settings.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("addrport", nargs="?", default="127.0.0.1:8000", help="[address:]port, default %(default)s")

    def handle(self, *args: object, addrport: str, **options: object) -> None:
        # No other form: `bbs_project.environment.serves_this_machine_alone` reads it too.
        found = re.fullmatch(r"(?:(\[[^:\[\]]*:[^\[\]]*\]|[^:\[\]]+):)?([0-9]{1,5})", addrport)
        if found is None or int(found[2]) > 65535:
            raise CommandError(f"{addrport!r} is not a port, nor an address and a port such as 127.0.0.1:8000.")
        host, port = found[1] or "127.0.0.1", int(found[2])
        application = get_internal_wsgi_application()
        with listen(host.strip("[]"), port) as listening, until_stopped():
            server = server_on(listening, application)
            self.stdout.write(f"Serving at http://{host}:{port}/ until Ctrl-C.")
            self.stdout.flush()
            server.run()
