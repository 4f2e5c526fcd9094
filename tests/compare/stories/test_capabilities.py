"""What each era can do, tried where the sandbox plays it, and read from the SDK where it does not."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys

import pytest
import stripe
from django.conf import settings
from django.test import Client
from stripe.params import ChargeCreateParams
from stripe.params.checkout import SessionCreateParams, _session_create_params

from bbs.models import Payment, Product
from compare.content import content
from stripe_sandbox.models import LoggedRequest
from stripe_sandbox.testing import drain, pay, signed_deliveries
from tests.compare.stage.samples import CARD, SESSION
from tests.stage.people import field
from tests.stage.stories import send

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_card_that_needs_authentication_is_declined_as_a_charge(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_authenticationRequired"})

    assert caught.value.error.decline_code == "authentication_required"


def test_konbini_completes_unpaid_and_is_paid_later(api: stripe.StripeClient, client: Client) -> None:
    session = api.v1.checkout.sessions.create(params=SESSION)

    pay(client.post, session.url, paymentMethod="konbini", email="succeed_immediately@shop.example")
    completed = api.v1.checkout.sessions.retrieve(session.id)
    drain(ahead=600)
    later = api.v1.checkout.sessions.retrieve(session.id)
    event_types = [event.type for event in api.v1.events.list().data]

    assert (completed.status, completed.payment_status) == ("complete", "unpaid")
    assert later.payment_status == "paid"
    assert {"checkout.session.completed", "checkout.session.async_payment_succeeded"} <= set(event_types)


def test_a_charge_is_paid_or_refused_at_once(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_visa"})

    assert (charge.paid, charge.status) == (True, "succeeded")


def test_a_charge_has_no_parameter_for_it_and_a_session_has() -> None:
    wanted = {"automatic_tax", "discounts", "allow_promotion_codes"}

    assert wanted <= set(SessionCreateParams.__annotations__)
    assert not wanted & set(ChargeCreateParams.__annotations__)


def documented(name: str) -> str:
    """Return what the SDK's documentation says of a field of `payment_intent_data`."""
    source = inspect.getsource(_session_create_params.SessionCreateParamsPaymentIntentData)
    return re.search(rf'    {name}: NotRequired\[.*?\]\n    """(.*?)"""', source, re.DOTALL)[1]


def test_a_sessions_receipt_is_for_live_payments_too() -> None:
    assert "for a payment in live mode, a receipt will be sent" in documented("receipt_email")


def test_the_sdk_says_how_a_card_is_kept() -> None:
    assert "Checkout will attach the payment method to the Customer" in documented("setup_future_usage")


def test_the_policy_for_real_keys_is_what_the_page_says() -> None:
    show = "import json; from bbs_project import settings; print(json.dumps(settings.CONTENT_SECURITY_POLICY))"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "DJANGO_"))}
    keys = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_PUBLISHABLE_KEY": "pk_test_x", "DJANGO_ENV_FILE": os.devnull}

    said = subprocess.run(
        [sys.executable, "-c", show],
        cwd=settings.BASE_DIR,
        env=clean | keys | {"DJANGO_SECRET_KEY": "a test's"},
        capture_output=True,
        check=True,
    ).stdout

    directives = json.loads(said)["DIRECTIVES"]
    for name in ("script-src", "style-src", "frame-src", "connect-src", "form-action"):
        assert "https://checkout.stripe.com" in directives[name]
    assert "https://*.stripe.com" in directives["img-src"]


def calls() -> list[str]:
    """Return what our server has asked Stripe since the last look, oldest first, without ids."""
    found = [f"{method} {path}" for method, path in LoggedRequest.objects.order_by("pk").values_list("method", "path")]
    LoggedRequest.objects.all().delete()
    return [re.sub(r"/(cs_test|ch|pi)_\w+", "/…", call) for call in found]


def order_of(client: Client, flow: str) -> dict[str, str]:
    client.post("/flow/", {"flow": flow})
    return {"order": field(client.get("/"), "order")}


def test_a_legacy_sale_takes_one_call(client: Client, products: dict[str, Product]) -> None:
    form = order_of(client, "legacy")
    form["stripeToken"] = stripe.Token.create(card=CARD, api_key=settings.STRIPE_PUBLISHABLE_KEY).id
    calls()

    client.post("/checkout/", form)

    assert Payment.objects.get().status == "paid"
    assert calls() == ["POST /v1/charges"]


def test_a_modern_sale_takes_a_call_before_and_a_call_after(client: Client, products: dict[str, Product]) -> None:
    leaving = client.post("/checkout/", order_of(client, "modern"))
    before = calls()
    pay(client.post, leaving["Location"])
    calls()

    client.get("/success/", {"session_id": Payment.objects.get().checkout_session_id})

    assert Payment.objects.get().status == "paid"
    assert before == ["POST /v1/checkout/sessions"]
    assert calls() == ["GET /v1/checkout/sessions/…"]


def test_a_modern_sale_takes_as_many_where_the_webhook_comes_first(
    client: Client, products: dict[str, Product]
) -> None:
    leaving = client.post("/checkout/", order_of(client, "modern"))
    pay(client.post, leaving["Location"])
    calls()
    assert send(list(signed_deliveries())) == {200}

    client.get("/success/", {"session_id": Payment.objects.get().checkout_session_id})

    assert Payment.objects.get().charge_id
    assert calls() == ["GET /v1/checkout/sessions/…"]


def test_every_question_is_answered_for_each_era() -> None:
    assert len(content().capabilities.questions) == 17
    assert len({question.id for question in content().capabilities.questions}) == 17
