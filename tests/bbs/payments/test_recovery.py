"""After an error of Stripe's the same order can be paid, with a new key where the old one would fail for a day."""

from __future__ import annotations

import logging

import pytest
import stripe

from bbs.models import Payment
from bbs.payments import recovery

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "renewed"),
    [
        (stripe.APIError("internal", http_status=500), True),
        (stripe.APIError("unavailable", http_status=503), True),
        (stripe.IdempotencyError("other parameters", http_status=400), True),
        (stripe.APIError("key in use", http_status=409), False),
        (stripe.APIError("not understood"), False),
        (stripe.APIConnectionError("no answer"), False),
        (stripe.RateLimitError("slower", http_status=429), False),
        (stripe.InvalidRequestError("no such token", "source", http_status=400), False),
        (stripe.CardError("declined", None, "card_declined", http_status=402), False),
    ],
)
def test_an_answer_that_stripe_would_repeat_for_a_day_gets_a_new_key(
    payment: Payment, error: stripe.StripeError, renewed: bool
) -> None:
    with pytest.raises(type(error)), recovery.new_key_after_failure(payment):
        raise error

    payment.refresh_from_db()
    assert payment.attempt == int(renewed)


def test_what_goes_well_keeps_its_key(payment: Payment) -> None:
    with recovery.new_key_after_failure(payment):
        pass

    payment.refresh_from_db()
    assert payment.attempt == 0


MISSING = stripe.InvalidRequestError("No such session", "id", "resource_missing")
OTHER = stripe.InvalidRequestError("Not now", None, "lock_timeout")


def test_an_unpaid_payment_that_stripe_does_not_have_expires(payment: Payment) -> None:
    with recovery.expired_if_missing(payment):
        raise MISSING

    payment.refresh_from_db()
    assert payment.status == "expired"


@pytest.mark.parametrize(("paid", "error"), [(True, MISSING), (False, OTHER)])
def test_a_paid_payment_does_not_expire_nor_one_for_another_reason(
    payment: Payment, paid: bool, error: stripe.StripeError
) -> None:
    payment.paid_at = payment.created_at if paid else None

    with pytest.raises(stripe.InvalidRequestError), recovery.expired_if_missing(payment):
        raise error

    payment.refresh_from_db()
    assert payment.status == "pending"


def test_an_address_that_stripe_refuses_is_forgotten_and_the_log_says_so(payment: Payment, caplog) -> None:
    Payment.objects.update(email="hanako@example.com")
    payment.refresh_from_db()

    with caplog.at_level(logging.INFO, "bbs"):
        recovery.forget_email(payment)

    assert (payment.email, Payment.objects.get().email) == ("", "")
    assert "without an address" in caplog.text
    assert "hanako" not in caplog.text
