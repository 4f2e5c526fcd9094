"""Amounts that Stripe refuses for a currency, wherever one is sent."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox import errors, money
from stripe_sandbox.resources import amounts
from tests.stripe_sandbox.stage.calls import CHARGE, call

pytestmark = pytest.mark.django_db(databases="__all__")

FRACTION = "invalid_charge_amount_no_decimal_compatible"
OPEN = "mode=payment&success_url=https://shop.example/&line_items[0][quantity]=1"
DATA = "line_items[0][price_data]"


def refusal(amount: int, currency: str) -> str | None:
    """Return the code of the refusal, "" where it has none, and None for what is taken."""
    try:
        amounts.check_charge(amount, currency)
    except errors.ApiError as refused:
        return refused.body.get("code", "")
    return None


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "jpy", "amount_too_small"),
        (50, "jpy", None),
        (99_999_999, "jpy", None),
        (100_000_000, "jpy", "amount_too_large"),
        (29, "gbp", "amount_too_small"),
        (49, "krw", "amount_too_small"),
        (999_999_999_999, "idr", None),
        (1_000_000_000_000, "idr", "amount_too_large"),
        (1, "isk", FRACTION),
        (100, "isk", None),
        (1_234_567, "ugx", FRACTION),
        (1_234_500, "ugx", None),
        (1_234, "kwd", ""),
        (1_230, "kwd", None),
        (1_999_050, "huf", None),
        (5_001, "twd", None),
    ],
)
def test_an_amount_is_one_that_stripe_charges(
    amount: int, currency: str, code: str | None, api: stripe.StripeClient
) -> None:
    params = CHARGE | {"amount": amount, "currency": currency}
    if code is None:
        assert api.v1.charges.create(params=params).amount == amount
        return

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.create(params=params)

    assert (caught.value.code or "", caught.value.param) == (code, "amount")


def test_every_currency_takes_its_minimum_and_its_maximum_and_no_more() -> None:
    for currency, rule in money.CURRENCIES.items():
        least, most = -(-rule.minimum // rule.step) * rule.step, rule.maximum // rule.step * rule.step
        assert refusal(least, currency) is None
        assert refusal(most, currency) is None
        assert refusal(rule.maximum + 1, currency) == "amount_too_large"
        if rule.step > 1:
            assert refusal(most - 1, currency) in (FRACTION, "")


@pytest.mark.parametrize(
    ("address", "form", "param"),
    [
        ("/v1/charges", "amount=1050&currency=ugx&source=tok_visa", "amount"),
        ("/v1/payment_intents", "amount=1050&currency=ugx", "amount"),
        ("/v1/prices", "unit_amount=1050&currency=ugx&product_data[name]=T", "unit_amount"),
        (
            "/v1/checkout/sessions",
            f"{OPEN}&{DATA}[unit_amount]=1050&{DATA}[currency]=ugx&{DATA}[product_data][name]=T",
            f"{DATA}[unit_amount]",
        ),
        (
            "/v1/checkout/sessions",
            f"{OPEN}&{DATA}[unit_amount_decimal]=1050&{DATA}[currency]=ugx&{DATA}[product_data][name]=T",
            "line_items",
        ),
    ],
    ids=["charge", "intent", "price", "line item", "total"],
)
def test_half_a_shilling_is_refused_in_stripes_words_wherever_it_is_sent(address: str, form: str, param: str) -> None:
    status, body, _headers = call("POST", address, form)

    error = body["error"]
    assert (status, error["code"], error["param"]) == (400, FRACTION, param)
    assert error["message"].startswith(
        "Invalid amount. Currency UGX has become effectively zero-decimal and charged amounts must be evenly divisible "
        "by 100. See https://stripe.com/docs/currencies#"
    )


def test_an_intent_is_not_changed_to_half_a_shilling(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(params={"amount": 1000, "currency": "ugx"})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.payment_intents.update(intent.id, params={"amount": 1050})

    assert caught.value.code == FRACTION
    assert api.v1.payment_intents.retrieve(intent.id).amount == 1000


@pytest.mark.parametrize(("currency", "part", "code"), [("ugx", 1050, FRACTION), ("kwd", 1055, None)])
def test_a_part_that_cannot_be_charged_cannot_be_refunded_or_captured(
    api: stripe.StripeClient, currency: str, part: int, code: str | None
) -> None:
    params = CHARGE | {"amount": 10_000, "currency": currency}
    paid = api.v1.charges.create(params=params)
    held = api.v1.charges.create(params=params | {"capture": False})

    for ask in (
        lambda: api.v1.refunds.create(params={"charge": paid.id, "amount": part}),
        lambda: api.v1.charges.capture(held.id, params={"amount": part}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            ask()
        assert (caught.value.code, caught.value.param) == (code, "amount")

    assert api.v1.charges.retrieve(paid.id).amount_refunded == 0
    assert not api.v1.charges.retrieve(held.id).captured


def test_less_than_the_minimum_is_not_captured(api: stripe.StripeClient) -> None:
    held = api.v1.charges.create(params=CHARGE | {"amount": 7200, "currency": "usd", "capture": False})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.capture(held.id, params={"amount": 12})

    assert caught.value.code == "amount_too_small"
