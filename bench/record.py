"""Measure what the record of the wire costs a payment and a look at the board.

    python bench/record.py [--rounds 60]

Whole payments are made with the record off and on, in turns, in one run: the pay button, the way back, the receipt and
every webhook. What people wait for is the time until our answer; the record is stored after it. Medians, in
milliseconds; the sandbox's own pages are not counted.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

ROOT = Path(__file__).resolve().parent.parent
MOST = 5  # milliseconds of waiting that the record may cost a payment

_folder = tempfile.TemporaryDirectory(prefix="bench-record-")
for name in [name for name in os.environ if name.startswith(("STRIPE_", "DJANGO_", "RECORD_", "PAYMENT_", "BOARD_"))]:
    del os.environ[name]
os.environ |= {
    "DATABASE_URL": f"sqlite:///{_folder.name}/board.sqlite3",
    "DJANGO_ENV_FILE": os.devnull,
    "DJANGO_SECRET_KEY": "the benchmark's own",
    "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
    "EMAIL_URL": "dummymail://",
    "STRIPE_SANDBOX_DATABASE": f"{_folder.name}/sandbox.sqlite3",
}
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

django.setup()

import stripe  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402

from bbs.models import Product  # noqa: E402
from bbs.payments.order import Order  # noqa: E402
from stripe_sandbox import testing  # noqa: E402


@dataclass
class Visitor:
    """Talks to the site as a WSGI server does, with a watch on it."""

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


def look() -> Visitor:
    """Look at the board."""
    visitor = Visitor()
    assert visitor.ask("GET", "/").status_code == 200
    return visitor


def pay(flow: str) -> Visitor:
    """Pay in a flow, and let Stripe tell us all about it."""
    visitor = Visitor()
    visitor.ask("GET", "/", timed=False)
    form = {"order": Order.choose([Product.objects.get(slug="t-shirt")], None, None, flow).signed}
    if flow == "legacy":
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
        form["stripeToken"] = stripe.Token.create(card=card, api_key=settings.STRIPE_PUBLISHABLE_KEY).id
    answer = visitor.post("/checkout/", **form)
    if flow == "modern":
        paid = testing.pay(lambda path, card: visitor.post(path, timed=False, **card), answer.headers["Location"])
        answer = visitor.ask("GET", paid.headers["Location"])
    assert visitor.ask("GET", answer.headers["Location"]).status_code == 200
    for body, headers in testing.signed_deliveries():
        more = {"CONTENT_TYPE": "application/json", "HTTP_STRIPE_SIGNATURE": headers["Stripe-Signature"]}
        assert visitor.ask("POST", "/webhook/", body, **more).status_code == 200
    return visitor


def medians(act: Callable[[], Visitor], rounds: int) -> dict[bool, tuple[float, float]]:
    """Return what it took without and with the record: milliseconds until the answers, and in all."""
    taken: dict[bool, list[Visitor]] = {False: [], True: []}
    for _ in range(rounds):
        for settings.RECORD_WIRE in taken:
            taken[settings.RECORD_WIRE].append(act())
    return {
        record: (statistics.median(v.waited for v in made), statistics.median(v.in_all for v in made))
        for record, made in taken.items()
    }


def main() -> int:
    """Print the table; return 1 if a payment waits longer for its record than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    settings.STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}
    call_command("setup", verbosity=0)
    acts = {"modern payment": lambda: pay("modern"), "legacy payment": lambda: pay("legacy"), "look at the board": look}
    met = True
    print(f"{'median, ms':<20}{'waited':>9}{'with it':>9}{'more':>7}{'ratio':>7}{'in all':>9}{'with it':>9}{'more':>7}")
    for name, act in acts.items():
        act()
        (waited, in_all), (waited_with, in_all_with) = medians(act, options.rounds).values()
        met = met and waited_with - waited < MOST
        print(
            f"{name:<20}{waited:>9.1f}{waited_with:>9.1f}{waited_with - waited:>7.1f}{waited_with / waited:>7.2f}"
            f"{in_all:>9.1f}{in_all_with:>9.1f}{in_all_with - in_all:>7.1f}"
        )
    print(f"waiting for the record of a payment: under {MOST} ms: {'met' if met else 'missed'}")
    return not met


if __name__ == "__main__":
    sys.exit(main())
