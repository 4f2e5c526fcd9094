"""A line per event, as `stripe listen` prints it."""

from __future__ import annotations

import io
from typing import Any

import pytest
import stripe

from stripe_sandbox.models import StripeObject
from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE
from tests.stripe_sandbox.stage.server import listen

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


def test_the_console_prints_an_event_as_stripe_listen_does(
    api: stripe.StripeClient, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint, http = listen()
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CONSOLE": True, "WEBHOOK_URL": endpoint.url}
    charge(api)
    drain()
    http.shutdown()
    http.server_close()
    api.v1.customers.create(params={})
    drain()

    event, failed = StripeObject.objects.filter(kind="event").values_list("sid", flat=True).order_by("seq")
    sent, answered, another, error = [
        line[len("2026-11-22 14:46:57") :] for line in capsys.readouterr().err.splitlines()
    ]
    assert sent == f"   --> charge.succeeded [{event}]"
    assert answered == f"  <--  [200] POST {endpoint.url} [{event}]"
    assert another == f"   --> customer.created [{failed}]"
    assert error.startswith("            [ERROR] Failed to POST: ConnectionRefusedError")


def test_an_event_of_a_call_that_is_refused_is_not_printed(
    api: stripe.StripeClient, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CONSOLE": True}

    with pytest.raises(stripe.InvalidRequestError):  # said only once the charge is made, and its event with it
        api.v1.charges.create(params=CHARGE | {"expand": ["nonsense"]})

    assert not StripeObject.objects.exists()
    assert capsys.readouterr().err == ""


class Closed(io.StringIO):
    """A console whose other end is closed."""

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_console_that_nobody_reads_any_more_stops_no_event(
    api: stripe.StripeClient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CONSOLE": True}
    monkeypatch.setattr("sys.stderr", Closed())

    charge(api)

    assert StripeObject.objects.filter(kind="event").count() == 1
