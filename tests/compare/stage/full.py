"""A board and a sandbox with something in every table that a reset empties."""

from __future__ import annotations

import uuid

import stripe
from django.utils import timezone

from bbs import demo
from bbs.models import HistoryEntry, Mail, Payment, Product, RecentCount, Refund, Topic, Voucher, WebhookEvent
from compare.models import LabRun, Rehearsal, WireMessage
from stripe_sandbox.models import LoggedRequest, StripeObject
from stripe_sandbox.transport import InProcessClient
from tests.compare.stage.messages import payment_in


def fill() -> Payment:
    """Fill the tables; return the payment."""
    demo.load()
    product = Product.objects.first()
    Product.objects.filter(pk=product.pk).update(unit_amount=1)
    payment = payment_in("modern", product=product)
    payment.save()
    HistoryEntry.objects.create(payment=payment, kind="paid")
    refund = Refund.objects.create(id="re_1", payment=payment, amount=1, status="succeeded")
    Mail.objects.create(payment=payment, refund=refund, kind="refund_failed")
    Voucher.objects.create(payment=payment, expires_at=timezone.now())
    WebhookEvent.objects.create(id="evt_1", type="x", payment=payment, payload="{}")
    Topic.objects.create(comment="Thank you", payment=payment)
    RecentCount.objects.create(key="x", count=1, expires_at=timezone.now())
    LabRun.objects.create(visitor=uuid.uuid4(), scenario="dispute", language="en")
    WireMessage.objects.create(
        payment=payment, kind="call", started_at=timezone.now(), milliseconds=1, method="GET", address="/",
        parameters={}, answer={},
    )  # fmt: skip
    Rehearsal.objects.create(visitors=6)
    charge_in_the_sandbox()
    return payment


def charge_in_the_sandbox() -> None:
    client = stripe.StripeClient("sk_test_sandbox", http_client=InProcessClient())
    client.v1.charges.create({"amount": 2000, "currency": "jpy", "source": "tok_visa"})


def rows_in_the_sandbox() -> int:
    return StripeObject.objects.count() + LoggedRequest.objects.count()
