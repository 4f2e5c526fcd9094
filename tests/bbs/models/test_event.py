"""The inbox: Stripe's own id is the key, so that an event is kept once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from bbs.models import Payment, WebhookEvent

pytestmark = pytest.mark.django_db


def test_an_event_is_kept_once() -> None:
    WebhookEvent.objects.create(pk="evt_1", type="charge.succeeded", payload="{}")

    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookEvent.objects.create(pk="evt_1", type="charge.succeeded", payload="{}")


def test_an_event_outlives_its_payment(payment: Payment) -> None:
    event = WebhookEvent.objects.create(pk="evt_1", type="charge.succeeded", payload="{}", payment=payment)

    payment.delete()

    event.refresh_from_db()
    assert event.payment is None
