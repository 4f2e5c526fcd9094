"""Which mails the database refuses to queue twice."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from bbs.models import Mail, Payment

pytestmark = pytest.mark.django_db


def test_a_payment_queues_each_mail_once(payment: Payment) -> None:
    Mail.objects.create(payment=payment, kind="staff")

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(payment=payment, kind="staff")


def test_each_refund_that_failed_has_a_mail_of_its_own(payment: Payment) -> None:
    one, other = (payment.refunds.create(pk=name, amount=1, status="failed") for name in ("re_1", "re_2"))
    for refund in (one, other):
        Mail.objects.create(payment=payment, refund=refund, kind="refund_failed")

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(payment=payment, refund=one, kind="refund_failed")
