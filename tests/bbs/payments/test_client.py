"""How the shop calls Stripe: tried again under the same key, with the settings of now."""

from __future__ import annotations

import logging

import pytest
import stripe

from bbs.payments.client import MAX_NETWORK_RETRIES, TIMEOUT, NotUnderstood, stripe_client
from bbs.payments.context import within_payment
from tests.stage import stripe_side
from tests.stage.transports import Odd

pytestmark = pytest.mark.django_db(databases="__all__")

CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}


@pytest.fixture(autouse=True)
def _without_pauses(settings) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"


def old_style() -> stripe.Charge:
    return stripe.Charge.create(**CHARGE)


def new_style() -> stripe.Charge:
    return stripe_client().v1.charges.create(params=CHARGE)


@pytest.mark.parametrize("call", [old_style, new_style])
def test_a_500_is_tried_again_and_what_it_asked_for_is_done_once(call) -> None:
    stripe_side.order_fault("500", MAX_NETWORK_RETRIES)

    assert call().paid
    assert len(stripe.Charge.list().data) == 1


@pytest.mark.parametrize("call", [old_style, new_style])
def test_a_500_that_stays_is_raised(call) -> None:
    stripe_side.order_fault("500", MAX_NETWORK_RETRIES + 1)

    with pytest.raises(stripe.APIError):
        call()


@pytest.mark.parametrize("call", [old_style, new_style])
def test_a_broken_connection_is_tried_again(call) -> None:
    stripe_side.order_fault("drop")

    assert call().paid


@pytest.mark.parametrize("call", [old_style, new_style])
def test_the_key_of_now_is_used(settings, call) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_revoked"

    with pytest.raises(stripe.AuthenticationError):
        call()


def test_a_visitor_is_not_kept_waiting_as_long_as_stripe_python_would(settings) -> None:
    settings.STRIPE_HTTP_CLIENT = ""

    client = stripe.default_http_client
    while hasattr(client, "_inner"):
        client = client._inner

    assert isinstance(client, stripe.RequestsClient)
    assert client._timeout == TIMEOUT < 80


def test_a_call_is_logged_without_its_parameters(payment, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bbs"), within_payment(payment.pk):
        stripe.Charge.list(limit=1, customer="cus_hanako")

    (line,) = [line for line in caplog.messages if " stripe GET " in line]
    assert line.startswith(f"payment={payment.pk} stripe GET /v1/charges -> 200 request=req_")
    assert "hanako" not in line


def test_a_call_that_is_not_answered_is_logged_too(settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    with caplog.at_level(logging.INFO, "bbs"), pytest.raises(stripe.APIConnectionError):
        stripe.Charge.list()

    assert "stripe GET /v1/charges -> no answer request=None" in caplog.text


@pytest.mark.parametrize("call", [old_style, new_style])
@pytest.mark.parametrize("body", ["", "<h1>Welcome to nginx</h1>", "[]", '{"id": "ch_1"}', '{"id": "ch_1", "paid": 1}'])
def test_an_answer_of_another_shape_is_an_api_error_whose_text_does_not_quote_it(
    settings, monkeypatch: pytest.MonkeyPatch, call, body: str
) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Odd"
    monkeypatch.setattr(Odd, "change", staticmethod(lambda answer: body))

    with pytest.raises(NotUnderstood, match=r"\ARequest req_\w+: The response is not understood, ") as raised:
        call()

    assert isinstance(raised.value, stripe.APIError)
    assert (raised.value.http_status, raised.value.http_body) == (200, None)
    assert "nginx" not in str(raised.value)
