"""`manage.py sandbox`: Stripe on a port, for any library."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import requests
from django.conf import settings

from tests.stripe_sandbox.stage.server import Server


def test_it_says_where_it_is_and_with_which_secrets(server: Server) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    assert server.secret.startswith("whsec_")


def test_its_root_leads_to_the_dashboard(server: Server) -> None:
    answer = requests.get(server.url, timeout=10)

    assert answer.url == f"{server.url}/sandbox/"
    assert answer.status_code == 200


def test_it_serves_nothing_of_the_site_beside_it(server: Server) -> None:
    for path in ("/compare/", "/admin/", "/checkout/", "/webhook/"):
        assert requests.get(server.url + path, timeout=10).status_code == 404


def test_a_port_that_is_taken_is_said_in_a_sentence(server: Server, tmp_path) -> None:
    port = server.url.rpartition(":")[2]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "DJANGO_"))}

    done = subprocess.run(
        [sys.executable, "manage.py", "sandbox", f"--port={port}", f"--database={tmp_path / 'x.sqlite3'}"],
        cwd=settings.BASE_DIR,
        env=clean | {"DJANGO_ENV_FILE": os.devnull, "DJANGO_SECRET_KEY": "a test's"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Cannot serve on 127.0.0.1:{port}: Address already in use.")
