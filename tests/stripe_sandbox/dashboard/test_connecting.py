"""The page that says how a project points itself here: its code is run, where there is something to run it."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
from typing import Any

import pytest
import requests
import stripe
from django.test import Client

from stripe_sandbox.dashboard import connecting
from tests.stripe_sandbox.stage.calls import CHARGE, SECRET
from tests.stripe_sandbox.stage.server import Server


def shown(server: Server) -> dict[str, str]:
    """Return the code that the page of a running sandbox shows, by library."""
    page = requests.get(f"{server.url}/sandbox/connect/", timeout=10).text
    found = re.findall(r"<h2>([^<]+)</h2>\n<pre tabindex=\"0\"><code[^>]*>([^<]+)</code>", page)
    return {html.unescape(library): html.unescape(code) for library, code in found}


def test_it_shows_each_library_and_the_script(server: Server) -> None:
    found = shown(server)

    assert list(found) == [*connecting.LIBRARIES, "checkout.js"]
    assert found["checkout.js"] == f'<script src="{server.url}/checkout.js"'
    assert all(SECRET in code for library, code in found.items() if library != "checkout.js")


@pytest.mark.parametrize("library", ["Python, stripe.api_base", "Python, StripeClient"])
def test_the_code_for_python_charges(server: Server, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("api_base", "api_key", "default_http_client"):
        monkeypatch.setattr(stripe, name, None)
    names: dict[str, Any] = {"stripe": stripe}

    exec(shown(server)[library], names)  # noqa: S102

    charge = names["client"].v1.charges.create(params=CHARGE) if "client" in names else stripe.Charge.create(**CHARGE)
    assert server.api.v1.charges.retrieve(charge.id).paid


def test_the_code_for_curl_charges(server: Server) -> None:
    done = subprocess.run(shlex.split(shown(server)["curl"]), capture_output=True, text=True, check=True)

    assert '"paid": true' in done.stdout


def test_a_port_that_is_usual_is_said_too() -> None:
    assert (
        'host: "sandbox.test", port: 443, protocol: "https"' in connecting.code("https://sandbox.test", "k")["Node.js"]
    )
    assert "port: 80," in connecting.code("http://sandbox.test", "k")["Node.js"]


@pytest.mark.django_db(databases="__all__")
def test_within_the_site_it_says_that_the_dialog_is_for_its_own_pages(client: Client) -> None:
    page = client.get("/sandbox/connect/", headers={"Accept-Language": "ja"}).content.decode()

    assert "サンドボックスを単独で起動したときだけです" in page


def test_the_limits_lead_there(server: Server) -> None:
    page = requests.get(f"{server.url}/sandbox/limits/", timeout=10).text

    assert '<a href="/sandbox/connect/">The code for each language</a>' in page
