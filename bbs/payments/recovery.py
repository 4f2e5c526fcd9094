"""What a payment needs after an error of Stripe's, so that its order can still be paid, or is known not to be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from django.db.models import F

from bbs.models import Payment
from bbs.payments import ledger

logger = logging.getLogger(__name__)


@contextmanager
def new_key_after_failure(payment: Payment) -> Iterator[None]:
    """Use a new idempotency key for the next attempt when Stripe fails at this one. Raises what it raised.

    Stripe keeps the answer of a key even if it is a 500, so the same key would fail for a day.
    """
    try:
        yield
    except (stripe.APIError, stripe.IdempotencyError) as error:
        # A key that was used by an older version of this code, with other parameters, is answered by a 400.
        if isinstance(error, stripe.IdempotencyError) or (error.http_status or 0) >= 500:
            renew_idempotency_key(payment)
        raise


def renew_idempotency_key(payment: Payment) -> None:
    """Use a new idempotency key for the next attempt.

    A legacy token is spent only once, and a visitor who was not sent to a session cannot pay it: neither can be
    charged twice.
    """
    Payment.objects.filter(pk=payment.pk).update(attempt=F("attempt") + 1)


@contextmanager
def expired_if_missing(payment: Payment) -> Iterator[None]:
    """Expire an unpaid payment that Stripe does not have: it can no longer be paid here.

    So it is with another account's key, or a sandbox that was cleared. Raises stripe.InvalidRequestError for any other
    reason.
    """
    try:
        yield
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing" or payment.is_paid:
            raise
        ledger.expire(payment)


def forget_email(payment: Payment) -> None:
    """Forget an address that Stripe refuses to send a receipt to: it must not cost the sale."""
    Payment.objects.filter(pk=payment.pk).update(email="")
    payment.email = ""
    logger.info("payment=%s charged without an address for the receipt: Stripe refuses the one given", payment.pk)
