"""Waiting for the shop's endpoint: what many visitors do at once must leave the server free to take the webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from stripe_sandbox.clock import worker
from stripe_sandbox.pages import hosted
from stripe_sandbox.testing import deliver, pay
from tests.stripe_sandbox.stage.calls import session
from tests.stripe_sandbox.stage.server import until

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


class Nothing:
    """A job that is never due: with it for its work, the thread of this process delivers nothing by itself."""

    def next_due(self) -> None:
        return None

    def do_next(self, now: float) -> bool:
        return False


@pytest.fixture(autouse=True)
def _patient(settings) -> Iterator[None]:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"DELIVERIES": "thread", "REDIRECT_WAIT": (60, 100)}
    worker.start(Nothing())
    yield
    worker.stop()


def paid(url: str) -> HttpResponse:
    """Pay on the hosted page as a visitor of one's own."""
    try:
        return pay(Client().post, url)
    finally:
        connections.close_all()


def test_one_visitor_waits_in_the_request_and_the_others_in_their_browsers(api: stripe.StripeClient) -> None:
    urls = [api.v1.checkout.sessions.create(params=session()).url for _ in range(3)]

    with ThreadPoolExecutor(1) as first:
        waiting = first.submit(paid, urls[0])
        until(hosted._waits.locked)
        others = [paid(url) for url in urls[1:]]
        was_waiting = not waiting.done()
        deliver(lambda body, headers: 200)

    assert was_waiting
    assert [(page.status_code, "Refresh" in page.headers) for page in others] == [(200, True)] * 2
    assert waiting.result().status_code == 303
    again = Client().get(others[0].headers["Refresh"].partition("url=")[2])
    assert (again.status_code, "success" in again.headers["Location"]) == (303, True)
