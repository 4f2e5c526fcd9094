"""A session that is complete and not paid waits for its money, or did not get it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import stripe

from bbs.models import Mail, Payment, Voucher
from bbs.payments import delayed, shapes

pytestmark = pytest.mark.django_db
STORES = {"familymart": {"payment_code": "111", "confirmation_number": None}, "lawson": None}
DETAILS = {"expires_at": 1_800_000_000, "hosted_voucher_url": "https://pay.example/v", "stores": STORES}


def session(**intent: object) -> stripe.checkout.Session:
    """A complete session with a PaymentIntent of these fields, checked as every answer is."""
    given = {"id": "pi_1"} | intent if intent else None
    values = {"id": "cs_1", "customer_details": {"email": "hanako@example.com"}, "payment_intent": given}
    shapes.check(given, (shapes.PAYMENT_INTENT, None))
    return stripe.checkout.Session.construct_from(values, key=None)


def test_what_is_to_be_paid_at_a_store_is_read_as_stripe_gives_it() -> None:
    voucher = delayed.voucher_in(session(next_action={"konbini_display_details": DETAILS}))

    assert (voucher.url, voucher.codes) == ("https://pay.example/v", {"familymart": STORES["familymart"]})
    assert voucher.expires_at == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize("intent", [{}, {"next_action": None}, {"next_action": {"type": "redirect_to_url"}}])
def test_any_other_way_to_pay_has_no_voucher(intent: dict[str, object]) -> None:
    assert delayed.voucher_in(session(**intent)) is None


def test_money_that_is_under_way_is_recorded_with_the_voucher_and_the_address(payment: Payment) -> None:
    delayed.record_unpaid(payment, session(status="processing", next_action={"konbini_display_details": DETAILS}))

    payment.refresh_from_db()
    assert (payment.status, payment.email) == ("processing", "hanako@example.com")
    assert Voucher.objects.get().payment == payment


def test_an_order_under_way_since_before_vouchers_were_kept_gets_one_and_one_mail(payment: Payment) -> None:
    Payment.objects.filter(pk=payment.pk).update(status="processing")
    complete = session(status="processing", next_action={"konbini_display_details": DETAILS})

    for _ in range(2):
        delayed.record_unpaid(Payment.objects.get(), complete)

    assert Payment.objects.get().email == "hanako@example.com"
    assert [mail.kind for mail in Mail.objects.all()] == ["voucher"]


EXPIRED = "payment_intent_payment_attempt_expired"


@pytest.mark.parametrize(
    ("error", "failure"), [({"code": EXPIRED}, EXPIRED), ({"code": None}, "not_paid"), (None, "not_paid")]
)
def test_money_that_did_not_come_in_time_is_a_failure(payment: Payment, error: object, failure: str) -> None:
    delayed.record_unpaid(payment, session(status="requires_payment_method", last_payment_error=error))

    payment.refresh_from_db()
    assert (payment.status, payment.failure) == ("failed", failure)
