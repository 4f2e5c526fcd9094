"""The address of a receipt that opens in any browser, for the customer's mail: signed, read-only, good for 30 days."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from bbs.models import Payment

MAX_AGE = timedelta(days=30)
_SALT = "bbs.receipt"


def signed_url(payment: Payment) -> str:
    """Return the address at which anyone who has it may read this payment's receipt, from now on for MAX_AGE."""
    _reference, _separator, signature = signing.TimestampSigner(salt=_SALT).sign(str(payment.pk)).partition(":")
    return payment.origin + reverse("bbs:signed_receipt", args=[payment.pk, signature])


def is_signed(reference: uuid.UUID, signature: str) -> bool:
    """Return whether we signed the address of this payment, up to MAX_AGE ago."""
    try:
        signing.TimestampSigner(salt=_SALT).unsign(f"{reference}:{signature}", max_age=MAX_AGE)
    except signing.BadSignature:
        return False
    return True
