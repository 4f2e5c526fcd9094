"""Changes of Python, rule by rule, and what is left alone because it would be a guess."""

from __future__ import annotations

import pytest

from stripe_scan.fixing.python import edits
from tests.stripe_scan.stage.fixes import after

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
    "Charge.objects.all()",
    "note = 'stripe.error.CardError'",
    "stripe.error.CardError  # stripe-scan: ignore",
]


@pytest.mark.parametrize(("rule", "before", "expected"), FIXED)
def test_each_rule_changes_its_part_and_nothing_again(rule: str, before: str, expected: str) -> None:
    assert after(before) == expected
    assert after(expected) == expected
    assert rule in {edit.rule for edit in edits("a.py", f"import stripe\n{before}\n")}


@pytest.mark.parametrize("code", LEFT)
def test_nothing_is_guessed(code: str) -> None:
    assert after(code) == code


def test_a_built_object_of_a_test_loses_its_gone_module() -> None:
    code = "import stripe\nstripe.util.convert_to_stripe_object({}, '', '')\n"

    assert [(edit.rule, edit.new) for edit in edits("tests/test_a.py", code)] == [("construct-from", "")]


def test_what_does_not_parse_is_left_alone() -> None:
    assert list(edits("a.py", "import stripe\nprint stripe.error.CardError\n")) == []
