"""What a customer pays with at a store: only what Stripe gave."""

from __future__ import annotations

from django.utils import translation

from bbs.models import Voucher


def test_only_the_stores_that_have_a_code_are_named_and_in_the_readers_language() -> None:
    voucher = Voucher(
        codes={
            "lawson": {"payment_code": "123", "confirmation_number": None},
            "familymart": {"payment_code": "456", "confirmation_number": "789"},
            "ministop": None,
        }
    )

    assert voucher.stores == [("FamilyMart", "456", "789"), ("Lawson", "123", "")]
    with translation.override("ja"):
        assert voucher.stores[0][0] == "ファミリーマート"
