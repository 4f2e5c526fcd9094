"""Payments whose record a test looks at: made with everything entered that must not be kept."""

from __future__ import annotations

import re
import uuid

from django.conf import settings as site
from django.urls import reverse

from bbs import payments
from bbs.models import Payment
from tests.stage.people import VISA, Visitor

EMAIL, NAME, CVC, EXPIRY = "hanako@example.com", "HANAKO YAMADA", "123", "2040"


def pay(visitor: Visitor, flow: str, card: str = VISA) -> Payment:
    """Pay for a T-shirt in a flow, entering everything that must not be kept."""
    visitor.switch_flow(flow)
    order = visitor.see_order()
    if flow == "legacy":
        entered = visitor.enter_card(card, **{"card[name]": NAME})
        visitor.post("/checkout/", {"order": order, **entered, "stripeBillingName": NAME, "cvc": CVC})
    else:
        visitor.pay_on_stripes_page(visitor.post("/checkout/", {"order": order}), card)
    return Payment.objects.latest("created_at")


def story(payment: Payment) -> list[tuple[str, str, str, int | None]]:
    """Return what was recorded, in order, without the ids in the addresses."""
    rows = [(m.kind, m.method, m.address.replace(str(payment.pk), "<uuid>"), m.status) for m in payment.messages.all()]
    return [
        (kind, method, re.sub(r"\b(cs|ch|pi|dp)_\w+", r"<\1>", path), status) for kind, method, path, status in rows
    ]


def addresses(payment: Payment) -> list[str]:
    """Return every address at which something of a payment's record is shown."""
    return [reverse(f"compare:{name}", args=[payment.pk]) for name in ("wire", "wire_json", "wire_mermaid")]


def secrets_of(visitor: Visitor) -> set[str]:
    """Return what a visitor's browser holds and must stay theirs: every cookie but the choice of a flow."""
    cookies = {cookie.value for cookie in visitor.http.cookies if cookie.name != payments.FLOW_COOKIE}
    visitors = {str(payment.visitor) for payment in Payment.objects.all()}
    return cookies | visitors | {uuid.UUID(visitor).hex for visitor in visitors}


def assert_nothing_private(text: str, visitor: Visitor, *also: str) -> None:
    """Fail on anything planted or secret in what was stored or is shown."""
    planted = {VISA, VISA[:4] + " " + VISA[4:8], EMAIL, EMAIL.replace("@", "%40"), NAME, NAME.replace(" ", "+")}
    keys = {site.STRIPE_SECRET_KEY, site.STRIPE_PUBLISHABLE_KEY, *site.STRIPE_WEBHOOK_SECRETS, site.SECRET_KEY}
    for secret in planted | keys | secrets_of(visitor) | set(also):
        assert secret not in text
    for word in (CVC, EXPIRY, "4242", r"tok_\w+", r"\w+_secret_\w+"):
        assert not re.search(rf"(?<![\w.-]){word}(?![\w.-])", text)
