"""Two payments of a visitor that belong side by side."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from bbs.models import Payment

# How long ago the other payment may have been made. The index over status and time finds it.
RECENT = timedelta(days=1)
_PAID = [Payment.Status.PAID, Payment.Status.PARTIALLY_REFUNDED, Payment.Status.REFUNDED]


def of_other_flow(payment: Payment) -> Payment | None:
    """Return the visitor's latest recent payment of the other flow, if both are paid."""
    if not payment.is_paid:
        return None
    recent = Payment.objects.filter(status__in=_PAID, created_at__gte=timezone.now() - RECENT)
    return recent.filter(visitor=payment.visitor).exclude(flow=payment.flow).order_by("-created_at").first()


def url_of(one: Payment, other: Payment) -> str:
    """Return where two payments are side by side: legacy on the left, and of one flow the older one."""
    left, right = sorted((one, other), key=lambda payment: (payment.flow, payment.created_at))
    return reverse("compare:wire_pair", args=[left.pk, right.pk])
