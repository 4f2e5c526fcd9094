"""Changes of what makes and reads Checkout Sessions, and what is left alone because it would be a guess."""

from __future__ import annotations

import pytest

from stripe_scan.fixing.python import edits
from tests.stripe_scan.stage.fixes import after

FIXED = [
    (
        "payment-method-types",
        "stripe.checkout.Session.create(\n    payment_method_types=['card'],\n    mode='payment',\n)",
        "stripe.checkout.Session.create(\n    mode='payment',\n)",
    ),
    (
        "payment-method-types",
        "stripe.checkout.Session.create(mode='payment', payment_method_types=['card'])",
        "stripe.checkout.Session.create(mode='payment')",
    ),
    (
        "payment-method-types",
        "stripe.checkout.Session.create(payment_method_types=[],)",
        "stripe.checkout.Session.create()",
    ),
    (
        "payment-method-types",
        "stripe.checkout.Session.create(payment_method_types=[], **more)",
        "stripe.checkout.Session.create(**more)",
    ),
    (
        "ui-mode-hosted",
        "stripe.checkout.Session.create(ui_mode='hosted', mode='payment')",
        "stripe.checkout.Session.create(mode='payment')",
    ),
    (
        "ui-mode-hosted",
        "stripe.checkout.Session.create(ui_mode='embedded')",
        "stripe.checkout.Session.create(ui_mode='embedded_page')",
    ),
    (
        "line-items-old",
        "stripe.checkout.Session.create(line_items=[{'name': 'é', 'amount': 1, 'currency': 'jpy', 'quantity': 2}])",
        "stripe.checkout.Session.create(line_items=["
        '{"price_data": {"currency": \'jpy\', "unit_amount": 1, "product_data": {"name": \'é\'}}, "quantity": 2}])',
    ),
    ("intent-charges", "intent.charges.data[0].id", "intent.latest_charge"),
]
LEFT = [
    "stripe.checkout.Session.create(payment_method_types=['card'],  # why\n    mode='payment')",
    "stripe.checkout.Session.create(payment_method_types=types)",
    "stripe.checkout.Session.create(line_items=[{'name': n, 'amount': 1, 'currency': 'jpy', 'tax': 1}])",
    "intent.charges.data[0].source",
]


@pytest.mark.parametrize(("rule", "before", "expected"), FIXED)
def test_each_rule_changes_its_part_and_nothing_again(rule: str, before: str, expected: str) -> None:
    assert after(before) == expected
    assert after(expected) == expected
    assert rule in {edit.rule for edit in edits("a.py", f"import stripe\n{before}\n")}


@pytest.mark.parametrize("code", LEFT)
def test_nothing_is_guessed(code: str) -> None:
    assert after(code) == code
