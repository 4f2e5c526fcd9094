"""Which two payments belong side by side, and on which side."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bbs.models import Payment
from compare.wire import pairs
from tests.compare.stage.messages import payment_in

pytestmark = pytest.mark.django_db


def paid(flow: str, products, visitor: uuid.UUID, **fields: object) -> Payment:
    """Store a paid payment of a visitor, made now unless it is said when."""
    now = fields.pop("created_at", timezone.now())
    usual = {"status": "paid", "paid_at": now, "charge_id": f"ch_{uuid.uuid4()}", "product": products["t-shirt"]}
    payment = payment_in(flow, visitor=visitor, **usual | fields)
    payment.save()
    Payment.objects.filter(pk=payment.pk).update(created_at=now)
    payment.refresh_from_db()
    return payment


def test_a_payment_belongs_beside_its_visitors_latest_paid_one_of_the_other_flow(products) -> None:
    mike, hanako = uuid.uuid4(), uuid.uuid4()
    now = timezone.now()
    modern = paid("modern", products, mike)
    paid("modern", products, mike)
    paid("legacy", products, hanako)
    paid("legacy", products, mike, created_at=now - pairs.RECENT)
    paid("legacy", products, mike, status="pending", paid_at=None)
    assert pairs.of_other_flow(modern) is None

    paid("legacy", products, mike, created_at=now - timedelta(minutes=2))
    latest = paid("legacy", products, mike, created_at=now - timedelta(minutes=1))

    assert pairs.of_other_flow(modern) == latest
    modern.paid_at = None
    assert pairs.of_other_flow(modern) is None


def test_legacy_is_on_the_left_and_of_one_flow_the_older_one() -> None:
    legacy, modern = payment_in("legacy"), payment_in("modern")
    older = payment_in("modern", created_at=modern.created_at - timedelta(seconds=1))

    assert pairs.url_of(legacy, modern) == pairs.url_of(modern, legacy) == f"/compare/wire/{legacy.pk}/{modern.pk}/"
    assert pairs.url_of(modern, older) == f"/compare/wire/{older.pk}/{modern.pk}/"
