"""Measure what starting a payment costs beyond Stripe: milliseconds more than a view that only makes the session.

    python bench/starting.py [--limits] [--rounds 9] [--orders 60]

One connection to gunicorn with two workers of four threads. The pay button's POST in the modern flow, with an order of
the board and its visitor's cookies, and the same POST to a view that makes the same Checkout Session and redirects to
it, in turns: the median of their differences. The sandbox takes both calls in process. The record of the wire, which
is written once the response was sent, is not counted (`record.py` does): a small file is asked for after each POST, and
waits for it. TEST_DATABASE_URL names the PostgreSQL server.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from browser import FORM, Browser
from serving import ROOT, ask, databases, environment, request, row, served

ROUNDS, ORDERS = 9, 60
AIMS = {"SQLite": 4, "PostgreSQL": 6}
LIMITS = {"BOARD_POSTS_PER_MINUTE": "999999", "ORDERS_PER_MINUTE": "999999", "CARD_ATTEMPTS_PER_ORDER": "5"}


def site() -> Callable:
    """Return the site as gunicorn serves it, with the view that only makes the session beside its own addresses."""
    import django

    django.setup()
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
    from django.urls import path

    from bbs.payments.client import stripe_client
    from bbs_project import urls
    from bbs_project.wsgi import application

    def bare(request: HttpRequest) -> HttpResponse:
        reference = str(uuid.uuid4())
        session = stripe_client().v1.checkout.sessions.create(
            params={
                "mode": "payment",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {"currency": "jpy", "unit_amount": 2000, "product_data": {"name": "T-shirt"}},
                    }
                ],
                "client_reference_id": reference,
                "metadata": {"payment": reference},
                "payment_intent_data": {"description": "T-shirt × 1", "metadata": {"payment": reference}},
                "locale": "en",
                "success_url": "http://localhost/success/?session_id={CHECKOUT_SESSION_ID}",
                "cancel_url": f"http://localhost/canceled/?payment={reference}",
            },
            options={"idempotency_key": f"{reference}:0:session"},
        )
        return HttpResponseRedirect(session.url, status=303)

    urls.urlpatterns.insert(0, path("bare/", bare))
    return application


def order(visitor: Browser, path: str) -> bytes:
    """Look at the board; return the request that its pay button makes, to one of two views."""
    form = visitor.get("/").fields("order", "csrfmiddlewaretoken")
    return request("POST", path, urlencode(form).encode(), Content_Type=FORM, Cookie=visitor.cookie)


def differences(ports: list[int], visitor: Browser, orders: int) -> list[float]:
    """Start so many payments, and make as many sessions alone, in turns; return by how many ms each pair differs."""
    look = request("GET", "/static/bbs/icon.svg")
    posts = [(order(visitor, "/bare/"), order(visitor, "/checkout/")) for _ in range(orders)]
    answers = ask(ports, [sent for bare, ours in posts for sent in (bare, look, ours, look)], connections=1)
    assert [status for status, _seconds in answers] == [303, 200] * 2 * orders, answers
    took = [seconds * 1000 for _status, seconds in answers]
    return [ours - bare for bare, ours in zip(took[::4], took[2::4], strict=True)]


def measure(kind: str, url: str, rounds: int, orders: int, limits: dict[str, str]) -> bool:
    """Print the row of one database; return whether its aim was met."""
    with environment(url, **limits) as environ:
        subprocess.run([sys.executable, "manage.py", "setup", "--verbosity", "0"], env=environ, cwd=ROOT, check=True)
        with served("starting:site()", environ) as ports:
            visitor = Browser(ports[0])
            visitor.get("/")
            more = [each for _ in range(rounds) for each in differences(ports, visitor, orders)]
    what = f"starting a payment, more than its session alone, {kind}"
    return row(what, statistics.median(more), AIMS[kind], most=True, unit=" ms")


def table(rounds: int = ROUNDS, orders: int = ORDERS, limits: dict[str, str] | None = None) -> bool:
    """Print a row for each database; return whether every aim was met."""
    with databases(*AIMS) as urls:
        met = [measure(*each, rounds, orders, limits or {}) for each in urls.items()]
    return all(met)


def main() -> int:
    """Print the table; return 1 if an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limits", action="store_true", help="count the orders, and allow them all")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--orders", type=int, default=ORDERS, help="in each round")
    options = parser.parse_args()
    return not table(options.rounds, options.orders, LIMITS if options.limits else {})


if __name__ == "__main__":
    sys.exit(main())
