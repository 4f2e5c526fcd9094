"""Checkout Sessions over the API."""

from __future__ import annotations

import pytest
import stripe
import time_machine
from django.test import Client

from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import line, session

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("amount", "currency", "methods"),
    [
        (2000, "jpy", ["card", "konbini"]),
        (2000, "usd", ["card"]),
        (119, "jpy", ["card"]),
        (120, "jpy", ["card", "konbini"]),
        (300_000, "jpy", ["card", "konbini"]),
        (300_001, "jpy", ["card"]),
    ],
)
def test_konbini_is_offered_for_yen_within_its_bounds(
    amount: int, currency: str, methods: list[str], api: stripe.StripeClient
) -> None:
    made = api.v1.checkout.sessions.create(params=session(line_items=[line(amount, currency)]))

    assert made.payment_method_types == methods


@pytest.mark.parametrize(
    ("wanted", "methods"),
    [
        ({"allowed_payment_method_types": ["konbini"]}, ["konbini"]),
        ({"excluded_payment_method_types": ["konbini"]}, ["card"]),
    ],
)
def test_methods_are_chosen_or_left_out(
    wanted: dict[str, list[str]], methods: list[str], api: stripe.StripeClient
) -> None:
    assert api.v1.checkout.sessions.create(params=session(**wanted)).payment_method_types == methods


def test_a_session_that_nobody_could_pay_is_refused(api: stripe.StripeClient) -> None:
    dollars = session(line_items=[line(2000, "usd")], allowed_payment_method_types=["konbini"])

    with pytest.raises(stripe.InvalidRequestError, match="No valid payment method types for this Checkout Session"):
        api.v1.checkout.sessions.create(params=dollars)


def test_the_currency_is_that_of_the_lines(api: stripe.StripeClient) -> None:
    assert api.v1.checkout.sessions.create(params=session(currency="JPY")).currency == "jpy"
    with pytest.raises(stripe.InvalidRequestError, match="The currency `usd` differs from that of the line items"):
        api.v1.checkout.sessions.create(params=session(currency="usd"))


def test_its_lines_page_both_ways(api: stripe.StripeClient) -> None:
    made = api.v1.checkout.sessions.create(params=session(line_items=[line(100 + n) for n in range(5)]))
    every = [item.id for item in api.v1.checkout.sessions.line_items.list(made.id).data]

    def page(**wanted: object) -> tuple[list[str], bool]:
        found = api.v1.checkout.sessions.line_items.list(made.id, params={"limit": 2, **wanted})
        return [item.id for item in found.data], found.has_more

    assert page() == (every[:2], True)
    assert page(starting_after=every[1]) == (every[2:4], True)
    assert page(starting_after=every[3]) == (every[4:], False)
    assert page(ending_before=every[3]) == (every[1:3], True)
    assert page(ending_before=every[2]) == (every[:2], False)
    with pytest.raises(stripe.InvalidRequestError, match="No such item: 'li_x'"):
        page(starting_after="li_x")


def test_sessions_are_listed_by_state_and_by_who_paid(api: stripe.StripeClient, client: Client) -> None:
    paid, left = (api.v1.checkout.sessions.create(params=session()) for _ in range(2))
    pay(client.post, paid.url)

    def listed(**wanted: object) -> list[str]:
        return [found.id for found in api.v1.checkout.sessions.list(params=wanted).data]

    assert listed(status="complete") == listed(customer_details={"email": "hanako@example.com"}) == [paid.id]
    assert listed(status="open") == [left.id]


def test_one_whose_time_has_passed_is_expired_whoever_looks_first(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    with time_machine.travel(made.expires_at + 1):
        page = client.get(f"/c/pay/{made.id}")
        found = api.v1.checkout.sessions.retrieve(made.id)

    assert page.status_code == 410
    assert (found.status, found.url) == ("expired", None)


def test_expiring_it_cancels_what_had_begun(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url, cardNumber="4000000000000002")

    ended = api.v1.checkout.sessions.expire(made.id)

    intent = api.v1.payment_intents.retrieve(ended.payment_intent)
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")
