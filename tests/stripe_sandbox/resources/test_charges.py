"""Charges over the API."""

from __future__ import annotations

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def reserved(api: stripe.StripeClient) -> stripe.Charge:
    """A charge of 2,000 yen that is not captured yet."""
    return api.v1.charges.create(params=CHARGE | {"capture": False})


def test_a_part_is_captured_and_the_rest_given_back(api: stripe.StripeClient, reserved: stripe.Charge) -> None:
    charge = api.v1.charges.capture(reserved.id, params={"amount": 1500, "expand": ["balance_transaction"]})

    assert (reserved.captured, reserved.amount_captured, reserved.balance_transaction) == (False, 0, None)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 1500, 500)
    assert charge.balance_transaction.amount == 1500


def test_more_than_was_authorised_is_not_captured(api: stripe.StripeClient, reserved: stripe.Charge) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.capture(reserved.id, params={"amount": 2001})

    assert caught.value.user_message == "You cannot capture more than the authorized amount."
    assert (caught.value.code, caught.value.param) == ("amount_too_large", "amount")
    assert not api.v1.charges.retrieve(reserved.id).captured
    assert api.v1.charges.capture(reserved.id, params={"amount": 2000}).amount_captured == 2000


@pytest.mark.parametrize(
    ("amount", "code", "param"), [(49, "amount_too_small", None), (0, "parameter_invalid_integer", "amount")]
)
def test_less_than_the_minimum_is_not_captured(
    api: stripe.StripeClient, amount: int, code: str, param: str | None
) -> None:
    held = api.v1.charges.create(params={**CHARGE, "currency": "usd", "capture": False})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.capture(held.id, params={"amount": amount})

    assert (caught.value.code, caught.value.param) == (code, param)
    assert api.v1.charges.capture(held.id, params={"amount": 50}).amount_captured == 50


@pytest.mark.parametrize("name", ["customer", "transfer_group"])
def test_what_is_the_intents_is_not_changed_at_its_charge(api: stripe.StripeClient, name: str) -> None:
    intent = api.v1.payment_intents.create(
        params={
            "amount": 2000,
            "currency": "jpy",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": "https://shop.example/",
        }
    )
    value = api.v1.customers.create(params={}).id if name == "customer" else "order_42"

    with pytest.raises(stripe.InvalidRequestError, match=f"must update the `{name}` on the PaymentIntent") as caught:
        api.v1.charges.update(intent.latest_charge, params={name: value})

    assert (caught.value.code, caught.value.param) == (None, None)
    assert api.v1.charges.update(intent.latest_charge, params={"description": "Mug"}).description == "Mug"


def test_a_charge_gets_its_customer_and_its_group_once(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE)
    first, second = (api.v1.customers.create(params={}).id for _ in range(2))

    api.v1.charges.update(charge.id, params={"customer": first, "transfer_group": "a"})
    same = api.v1.charges.update(charge.id, params={"customer": first, "transfer_group": "a"})

    assert (same.customer, same.transfer_group) == (first, "a")
    for change in ({"customer": second}, {"transfer_group": "b"}):
        with pytest.raises(stripe.InvalidRequestError, match="can be set only once") as caught:
            api.v1.charges.update(charge.id, params=change)
        assert caught.value.error.sandbox_assumption


def test_a_payment_method_does_not_pay_a_charge(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"Must provide source or customer\.") as caught:
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "payment_method": "pm_card_visa"})

    assert (caught.value.code, caught.value.param) == ("parameter_missing", None)
    assert api.v1.charges.create(params={**CHARGE, "payment_method": "pm_card_jcb"}).source.brand == "Visa"


def test_a_charge_is_captured_once(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.capture(charge.id)

    assert caught.value.code == "charge_already_captured"


def test_what_was_let_go_or_declined_is_not_captured(api: stripe.StripeClient, reserved: stripe.Charge) -> None:
    api.v1.refunds.create(params={"charge": reserved.id})
    with pytest.raises(stripe.CardError) as declined:
        api.v1.charges.create(params=CHARGE | {"source": "tok_chargeDeclined", "capture": False})

    codes = []
    for sid in (reserved.id, declined.value.error.charge):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be captured") as caught:
            api.v1.charges.capture(sid)
        codes.append(caught.value.code)

    assert codes == ["charge_expired_for_capture", None]


def test_capturing_an_intents_charge_is_the_sandboxs_limit(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        params={
            "amount": 2000,
            "currency": "jpy",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": "https://shop.example/",
        }
    )

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.capture(intent.latest_charge)

    assert caught.value.code == "sandbox_limit"


def test_a_charge_is_described_later_and_its_metadata_merged(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE | {"metadata": {"a": "1", "b": "2"}})
    address = {"line1": "1-2-3", "country": "JP"}

    changed = api.v1.charges.update(
        charge.id,
        params={
            "metadata": {"a": "", "c": "3"},
            "shipping": {"name": "Hanako", "address": address},
            "fraud_details": {"user_report": "safe"},
        },
    )
    cleared = api.v1.charges.update(charge.id, params={"fraud_details": {"user_report": ""}})

    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}
    assert changed.shipping.address.line1 == "1-2-3"
    assert changed.fraud_details.to_dict() == {"user_report": "safe"}
    assert cleared.fraud_details.to_dict() == {}


def test_charges_are_listed_by_group(api: stripe.StripeClient) -> None:
    one = api.v1.charges.create(params=CHARGE | {"transfer_group": "one"})
    api.v1.charges.create(params=CHARGE)

    assert [charge.id for charge in api.v1.charges.list(params={"transfer_group": "one"}).data] == [one.id]
