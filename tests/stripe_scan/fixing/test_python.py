"""Changes of Python, rule by rule, and what is left alone because it would be a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_scan import files
from stripe_scan.catalogue import patterns
from stripe_scan.fixing import fixed
from stripe_scan.fixing.python import edits
from stripe_scan.scanning import Options

CARD_ERROR = "try:\n    pay()\nexcept stripe.CardError as e:\n    {}"
# For each rule, a line before and after.
FIXED = [
    ("stripe-error-attr", "stripe.error.CardError", "stripe.CardError"),
    ("stripe-error-attr", "stripe . error . CardError", "stripe . CardError"),
    (
        "stripe-error-import",
        "from stripe.error import (\n    CardError,  # a\n)",
        "from stripe import (\n    CardError,  # a\n)",
    ),
    ("stripe-error-import", "import stripe.error", "import stripe"),
    (
        "removed-module",
        "from stripe.util import convert_to_stripe_object",
        "from stripe import convert_to_stripe_object",
    ),
    ("removed-module", "stripe.webhook.WebhookSignature.verify_header(a)", "stripe.WebhookSignature.verify_header(a)"),
    ("error-private-attr", CARD_ERROR.format("fail(e._message)"), CARD_ERROR.format("fail(e.user_message)")),
    (
        "str-error-shown",
        CARD_ERROR.format("messages.error(request, str(e))"),
        CARD_ERROR.format("messages.error(request, e.user_message)"),
    ),
    ("list-all", "stripe.Charge.all(limit=3)", "stripe.Charge.list(limit=3)"),
    ("positional-key", "stripe.Charge.retrieve('ch_1', key)", "stripe.Charge.retrieve('ch_1', api_key=key)"),
    ("card-alias", "stripe.Charge.create(amount=1, card=token)", "stripe.Charge.create(amount=1, source=token)"),
    (
        "sig-header-index",
        "request.META['HTTP_STRIPE_SIGNATURE']",
        "request.META.get('HTTP_STRIPE_SIGNATURE')",
    ),
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
    "from stripe import error",
    "import stripe.error as errors",
    "from stripe.util import logger",
    "try:\n    pay()\nexcept stripe.StripeError as e:\n    messages.error(request, str(e))",
    CARD_ERROR.format("logger.error(str(e))"),
    CARD_ERROR.format("messages.error(request, f'{str(e)}')"),
    "stripe.Charge.retrieve(*args, key)",
    "stripe.Charge.create(card={'number': '4242'})",
    "stripe.Charge.create(card=card, source=token)",
    "request.META['HTTP_STRIPE_SIGNATURE'] = 't=1'",
    "stripe.checkout.Session.create(payment_method_types=['card'],  # why\n    mode='payment')",
    "stripe.checkout.Session.create(payment_method_types=types)",
    "stripe.checkout.Session.create(line_items=[{'name': n, 'amount': 1, 'currency': 'jpy', 'tax': 1}])",
    "intent.charges.data[0].source",
    "Charge.objects.all()",
    "note = 'stripe.error.CardError'",
    "stripe.error.CardError  # stripe-scan: ignore",
]


def after(code: str) -> str:
    source = files.Source(Path("a.py"), "a.py", ("python",))
    return (
        fixed(source, f"import stripe\n{code}\n".encode(), Options())[0].decode().removeprefix("import stripe\n")[:-1]
    )


@pytest.mark.parametrize(("rule", "before", "expected"), FIXED)
def test_each_rule_changes_its_part_and_nothing_again(rule: str, before: str, expected: str) -> None:
    assert after(before) == expected
    assert after(expected) == expected
    assert rule in {edit.rule for edit in edits("a.py", f"import stripe\n{before}\n")}


@pytest.mark.parametrize("code", LEFT)
def test_nothing_is_guessed(code: str) -> None:
    assert after(code) == code


def test_every_pattern_marked_a_has_a_change() -> None:
    marked = {pattern.id for pattern in patterns() if pattern.auto == "A"}

    # Options of checkout.js are in pages; an object that a test builds is rewritten where its module is gone.
    assert marked - {rule for rule, _before, _after in FIXED} == {"bitcoin-option", "construct-from"}
    assert {rule for rule, _before, _after in FIXED} <= marked


def test_a_built_object_of_a_test_loses_its_gone_module() -> None:
    code = "import stripe\nstripe.util.convert_to_stripe_object({}, '', '')\n"

    assert [(edit.rule, edit.new) for edit in edits("tests/test_a.py", code)] == [("construct-from", "")]


def test_what_does_not_parse_is_left_alone() -> None:
    assert list(edits("a.py", "import stripe\nprint stripe.error.CardError\n")) == []
