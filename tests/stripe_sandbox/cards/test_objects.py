"""A card as the API shows it: as a legacy card, in a charge, as a payment method."""

from __future__ import annotations

import pytest

from stripe_sandbox.cards import entered, objects

VISA = entered.check("4242 4242 4242 4242", 12, 2040, "123", address={"line1": "1-2-3", "postal_code": "100-0001"})
BARE = entered.check("378282246310005", 1, 2041, None, name="Hanako")


def test_its_three_forms_show_one_card() -> None:
    charge = objects.details(VISA, 2000, authenticated=False, approved=True)["card"]
    shown = [objects.legacy(VISA), charge, objects.payment_method(VISA)]

    assert {card["last4"] for card in shown} == {"4242"}
    assert {(card["exp_month"], card["exp_year"]) for card in shown} == {(12, 2040)}
    assert len({card["fingerprint"] for card in shown}) == 1
    assert "4242424242424242" not in str(shown)


def test_a_legacy_card_names_its_brand_as_people_write_it() -> None:
    assert [objects.legacy(card)["brand"] for card in (VISA, BARE)] == ["Visa", "American Express"]


def test_only_what_was_given_is_checked() -> None:
    assert objects.checks(VISA) == {
        "address_line1_check": "pass",
        "address_postal_code_check": "pass",
        "cvc_check": "pass",
    }
    assert set(objects.checks(BARE).values()) == {None}


@pytest.mark.parametrize(("approved", "amount"), [(True, 2000), (False, None)])
def test_a_declined_charge_authorises_nothing(approved: bool, amount: int | None) -> None:
    card = objects.details(VISA, 2000, authenticated=False, approved=approved)["card"]

    assert card["amount_authorized"] == amount
    assert bool(card["authorization_code"]) is approved


def test_a_charge_says_whether_three_d_secure_was_passed() -> None:
    asked, plain = (objects.details(VISA, 1, authenticated=a, approved=True)["card"] for a in (True, False))

    assert asked["three_d_secure"]["result"] == "authenticated"
    assert plain["three_d_secure"] is None


def test_billing_details_have_the_typed_name_or_the_cards() -> None:
    assert objects.billing(BARE)["name"] == "Hanako"
    assert objects.billing(BARE, name="Mike", email="a@b.example")["name"] == "Mike"
    assert objects.billing(None)["address"]["line1"] is None
