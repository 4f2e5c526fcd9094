"""The log of calls: each is in it, and nothing that must not be kept."""

from __future__ import annotations

import contextlib
import copy

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import LoggedRequest, StripeObject
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.calls import OTHER, call

pytestmark = pytest.mark.django_db(databases="__all__")


FORM = "amount=2000&currency=jpy&source=tok_visa"


database = pytest.mark.django_db(databases="__all__")


@database
@pytest.mark.parametrize(("effect", "status"), [("500", 500), ("429", 429), ("drop", 0), ("timeout_after", 200)])
def test_the_log_shows_a_call_that_met_a_fault(effect: str, status: int, client: Client) -> None:
    with contextlib.suppress(stripe.APIConnectionError):
        call("POST", "/v1/charges", FORM, Sandbox_Fault=effect)

    logged = LoggedRequest.objects.get()

    assert (logged.status, logged.params["amount"]) == (status, "2000")
    assert client.get(f"/sandbox/requests/{logged.request_id}/").status_code == 200


def card(number: str = "4242424242424242", month: object = 12, year: object = 2040, cvc: str = "123") -> str:
    return f"card[number]={number}&card[exp_month]={month}&card[exp_year]={year}&card[cvc]={cvc}"


def test_neither_number_nor_security_code_is_kept(browser_api: stripe.StripeClient) -> None:
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "918"}
    browser_api.v1.tokens.create(params={"card": card})
    with pytest.raises(stripe.CardError):
        browser_api.v1.tokens.create(params={"card": card | {"exp_month": 13}})

    written = str([*LoggedRequest.objects.values(), *StripeObject.objects.values()])

    assert "42424242" not in written
    assert "'cvc': '918'" not in written
    assert LoggedRequest.objects.first().params["card"]["cvc"] == "••••"


def test_the_log_keeps_the_newest_ten_thousand_calls(api: stripe.StripeClient) -> None:
    api.v1.balance.retrieve()
    first = LoggedRequest.objects.get()
    filler = LoggedRequest(**{field.name: getattr(first, field.name) for field in LoggedRequest._meta.concrete_fields})
    fillers = []
    last = first.pk + 10_000
    # After the last one, another account's call comes, and then the one at which the log is pruned.
    last += -(last + 2) % 101
    for number in range(first.pk + 1, last + 1):
        filler.pk, filler.request_id = number, f"req_{number}"
        fillers.append(copy.copy(filler))
    LoggedRequest.objects.bulk_create(fillers, batch_size=1000)
    stripe.StripeClient(OTHER, http_client=InProcessClient()).v1.balance.retrieve()

    api.v1.balance.retrieve()

    kept = LoggedRequest.objects.order_by("pk")
    assert not kept.filter(pk=first.pk).exists()
    assert kept.count() == 10_000
