"""Every object has the fields that stripe-python's classes say are always there, and no field Stripe does not have."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import stripe
from django.test import Client
from stripe._object_classes import get_object_class

from stripe_sandbox.api import expand
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import account, balances
from stripe_sandbox.resources.charges import engine
from stripe_sandbox.resources.payment_intents import lifecycle
from stripe_sandbox.resources.sessions import objects
from tests.stripe_sandbox.stage import everything
from tests.stripe_sandbox.stage.shape import problems

pytestmark = pytest.mark.django_db(databases="__all__")

# Which states each kind must have been seen in: what the walk below is worth.
SEEN = {
    "charge": {"failed", "succeeded"},
    "checkout.session": {"complete", "expired", "open"},
    "dispute": {"lost", "needs_response", "won"},
    "payment_intent": {
        "canceled",
        "requires_action",
        "requires_confirmation",
        "requires_payment_method",
        "succeeded",
    },
    "refund": {"failed", "succeeded"},
    "webhook_endpoint": {"disabled"},
}
KINDS = {*SEEN, "balance_transaction", "customer", "event", "payment_method", "price", "product", "token"}


def test_every_object_in_every_state_has_the_sdks_shape_expanded_or_not(
    api: stripe.StripeClient, browser_api: stripe.StripeClient, client: Client, settings: Any
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": ""}
    everything.make(api, browser_api, client)

    found = list(StripeObject.objects.all())
    bodies = [stored.body for stored in found]
    bodies += [body["data"]["object"] for body in bodies if body["object"] == "event"]
    bodies += [line for stored in found for line in stored.private.get("lines", [])]
    bodies += [account.own({}), balances.balance({})]
    for stored in StripeObject.objects.filter(deleted=False):
        bodies += [expand.expand(stored.body, [path]) for path in expand.EXPANDABLE.get(stored.kind, {})]
    wrong = sorted({problem for body in bodies for problem in problems(body)})

    assert wrong == []
    assert {body["object"] for body in bodies} >= KINDS
    for kind, states in SEEN.items():
        assert {body["status"] for body in bodies if body["object"] == kind} >= states, kind


# Fields that stripe-python has and that Stripe leaves out: those of other payments, and those that are only expanded.
LEFT_OUT = {
    "charge": "authorization_code level3 refunds transfer",
    "checkout.session": (
        "allowed_payment_method_types branding_settings excluded_payment_method_types line_items name_collection "
        "optional_items presentment_details redirect_on_completion return_url tax_id_collection"
    ),
    "payment_intent": "hooks payment_details presentment_details",
}


def test_a_field_that_may_be_null_is_null_and_not_left_out() -> None:
    for body in (engine.blank(2000, "jpy"), lifecycle.blank(2000, "jpy"), objects.blank("jpy", 2000, ["card"])):
        fields = set(inspect.get_annotations(get_object_class("V1", body["object"]))) - {"OBJECT_NAME"}

        assert fields - body.keys() <= set(LEFT_OUT[body["object"]].split()), body["object"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"surprise": 1}, "charge.surprise: Stripe has no such field"),
        ({"amount": "2000"}, "charge.amount: '2000' is not int"),
        ({"captured": 1}, "charge.captured: 1 is not bool"),
        ({"billing_details": {"adress": None}}, "charge.billing_details.adress: Stripe has no such field"),
        ({"outcome": {}}, "charge.outcome.type is missing"),
        ({"refunds": []}, "charge.refunds: [] is not a list object"),
    ],
)
def test_the_walk_sees_what_is_wrong(change: dict[str, object], said: str) -> None:
    assert said in problems({**engine.blank(2000, "jpy"), **change})
