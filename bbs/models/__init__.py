"""What the board remembers: topics, products, payments with their history, Stripe's events, and recent counts."""

from __future__ import annotations

from bbs.models.board import Page, Topic
from bbs.models.event import WebhookEvent
from bbs.models.history import HistoryEntry
from bbs.models.limit import RecentCount
from bbs.models.mail import Mail
from bbs.models.payment import Payment, Refund
from bbs.models.shop import Flow, Product
from bbs.models.voucher import Voucher

__all__ = [
    "Flow",
    "HistoryEntry",
    "Mail",
    "Page",
    "Payment",
    "Product",
    "RecentCount",
    "Refund",
    "Topic",
    "Voucher",
    "WebhookEvent",
]
