"""What the processes of a rehearsal do: open the shop, let visitors come, and close the books."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.test import Client
from django.utils import timezone

from bbs import payments
from bbs.models import Flow, Mail, Payment, Refund, WebhookEvent
from bbs.payments import reconciliation, rollout
from bbs.payments.client import stripe_client
from bbs.payments.refunds_and_disputes import CONTESTED
from compare.apart.shop import Account, Delivery, change, join_shop
from compare.rehearsal.plan import SHARES, Weather, plans, stage_of
from compare.rehearsal.visitor import Visitor

Answer = dict[str, Any]
SETTINGS: dict[str, Any] = {
    "PAYMENT_FLOW": "legacy",
    "PAYMENT_FLOW_SWITCHER": False,
    "CARD_ATTEMPTS_PER_ORDER": 0,
    "STRIPE_HTTP_CLIENT_WRAPPERS": ["compare.rehearsal.faults.FaultyClient"],
}
# Seconds that pass at the end: Checkout Sessions expire after a day, vouchers after three.
AFTERWARDS = 4 * 24 * 3600
# One visitor of so many looks at the board again in each later stage.
RETURNING = 10


def work(errand: str, **given: Any) -> Iterator[Answer]:
    """Do one errand: "open", "visit" or "close"."""
    does: dict[str, Callable[..., Iterator[Answer]]] = {"open": _open, "visit": _visit, "close": _close}
    yield from does[errand](**given)


def _open(key: str) -> Iterator[Answer]:
    join_shop(key, is_new=True)
    endpoints = stripe_client().v1.webhook_endpoints
    handled: Any = {"enabled_events": sorted(payments.EVENTS)}
    for endpoint in endpoints.list().data:
        endpoints.update(endpoint.id, params=handled)
    yield {"open": True}


class Street:
    """The way between Stripe and the shop, on which this process takes events, whichever process caused them."""

    def __init__(self, account: Account, seed: str) -> None:
        self.account, self.weather = account, Weather(random.Random(seed))  # noqa: S311  (no secret)
        self._stripe = Client(SERVER_NAME="localhost")

    def notify(self) -> None:
        """Deliver what Stripe has to deliver now, as far as the weather lets it."""
        for delivery in self.weather.passing(self.account.deliveries()):
            self._post(delivery)

    def clear_up(self) -> None:
        """Deliver what was late."""
        for delivery in self.weather.cleared():
            self._post(delivery)

    def _post(self, delivery: Delivery) -> None:
        body, headers = delivery
        response = self._stripe.post("/webhook/", body, "application/json", headers=headers)
        if response.status_code != 200:  # Stripe would send it again, later
            self.weather.keep(delivery)


def _visit(key: str, visitors: int, seed: int, part: int, parts: int) -> Iterator[Answer]:
    """Let each visitor of this part come in their stage; yield how far each came, and then the counts."""
    account = join_shop(key, **SETTINGS)
    street, planned = Street(account, f"{seed} {part}"), plans(visitors, seed)
    came: list[tuple[int, Visitor]] = []
    misplaced = 0
    for stage, share in enumerate(SHARES):
        change(PAYMENT_FLOW_ROLLOUT=share)
        street.clear_up()
        for _stage, visitor in [each for each in came if not each[1].plan.waits][::RETURNING]:
            visitor.look()
            misplaced += _is_misplaced(visitor, share)
        for since, visitor in came:
            if visitor.plan.waits and since == stage - 1:
                yield _pay(visitor, since)
        for number in range(part, visitors, parts):
            if stage_of(number, visitors) == stage:
                visitor = Visitor(planned[number], account, street.notify)
                visitor.look()
                misplaced += _is_misplaced(visitor, share)
                came.append((stage, visitor))
                if not visitor.plan.waits or stage == len(SHARES) - 1:
                    yield _pay(visitor, stage)
    street.notify()
    street.clear_up()
    for _stage, visitor in came:
        _serve(visitor)
    calls = Counter(visitor.plan.fault for _stage, visitor in came if visitor.plan.fault)
    yield {"misplaced": misplaced, "events": street.weather.counts, "calls": calls}


def _is_misplaced(visitor: Visitor, share: int) -> bool:
    """Return whether a visitor has another flow than the share of visitors who get the modern one says."""
    return (visitor.flow == Flow.MODERN) != (rollout.bucket(visitor.id) < share)


def _pay(visitor: Visitor, stage: int) -> Answer:
    flow = visitor.flow
    visitor.pay()
    return {"stage": stage, "visitor": str(visitor.id), "flow": flow, "saw": visitor.saw, "error": visitor.error}


def _serve(visitor: Visitor) -> None:
    """Refund what this visitor paid, where the plan says so: by the shop, or in Stripe's Dashboard."""
    paid = Payment.objects.filter(visitor=visitor.id, status=Payment.Status.PAID).first()
    if not paid or not visitor.plan.staff:
        return
    if visitor.plan.staff == "dashboard":
        stripe_client().v1.refunds.create(params={"charge": paid.charge_id or ""})
    else:
        payments.refund(paid, paid.amount // 4 if visitor.plan.staff == "part" else None)


def _close(key: str, seed: int) -> Iterator[Answer]:
    """Let four days pass, reconcile, and yield what the books say then: ours, Stripe's, and each payment's status."""
    account = join_shop(key, **SETTINGS)
    street = Street(account, f"{seed} afterwards")
    account.control("advance", seconds=60)
    street.notify()
    _answer_disputes()
    account.control("advance", seconds=AFTERWARDS)
    street.notify()
    street.clear_up()
    before = dict(Payment.objects.values_list("pk", "status"))
    complaints = _reconcile()  # as cron does every few minutes: a lost charge is looked for in the days after its order
    Payment.objects.update(created_at=F("created_at") - timedelta(seconds=AFTERWARDS))
    complaints += _reconcile()
    rows = list(Payment.objects.values("pk", "visitor", "flow", "status"))
    since = timezone.now() - timedelta(days=7)
    compared = reconciliation.compare(since)
    yield {
        "payments": [{"visitor": str(row["visitor"]), "flow": row["flow"], "status": row["status"]} for row in rows],
        "repaired": sum(before[row["pk"]] != row["status"] for row in rows),
        "books": [
            {"flow": flow, "currency": currency, "ours": compared.ours[place], "stripes": compared.stripes[place]}
            for place in sorted(compared.ours.keys() | compared.stripes.keys())
            for flow, currency in [place]
        ],
        "balance": _balance(),
        "events": street.weather.counts,
        "checks": _checks(compared) | {"complaints": len(complaints)},
        "complaints": complaints[:10],
    }


def _answer_disputes() -> None:
    """Send evidence for each dispute, by which every second one is won: https://docs.stripe.com/testing#evidence"""
    disputes = stripe_client().v1.disputes.list(params={"limit": 100}).auto_paging_iter()
    for number, dispute in enumerate(disputes):
        evidence = "losing_evidence" if number % 2 else "winning_evidence"
        stripe_client().v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": evidence}})


def _reconcile() -> list[str]:
    """Run the shop's reconciliation, and return what it complains of."""
    complaints = io.StringIO()
    try:
        call_command("reconcile_payments", stdout=io.StringIO(), stderr=complaints)
    except CommandError as error:
        complaints.write(str(error))
    return complaints.getvalue().splitlines()


def _balance() -> list[Answer]:
    """Return, by currency, what our payments add up to, and what the account's balance transactions do."""
    ours: Counter[str] = Counter()
    for payment in Payment.objects.filter(paid_at__isnull=False):
        ours[payment.currency] += (
            0 if payment.status == Payment.Status.LOST else payment.amount - payment.amount_refunded
        )
    stripes: Counter[str] = Counter()
    for moved in stripe_client().v1.balance_transactions.list(params={"limit": 100}).auto_paging_iter():
        stripes[moved.currency] += moved.amount
    return [
        {"currency": currency, "ours": ours[currency], "stripes": stripes[currency]}
        for currency in sorted(ours.keys() | stripes.keys())
    ]


def _checks(compared: reconciliation.Comparison) -> dict[str, int]:
    """Count what must not be there at the end."""
    delivered = Payment.objects.annotate(topics=Count("topic")).filter(topics=1)
    open_refunds = Refund.objects.filter(status__in=Refund.OPEN)
    return {
        "differences": len(compared.differences),
        "unrecorded": len(compared.unrecorded_disputes | compared.unrecorded_refunds),
        "open": Payment.objects.filter(status__in=[*reconciliation.UNFINISHED, *CONTESTED]).count()
        + open_refunds.count(),
        "undelivered": Payment.objects.filter(paid_at__isnull=False).count()
        - delivered.filter(paid_at__isnull=False).count(),
        "given": Payment.objects.filter(paid_at=None, topic__isnull=False).count(),
        "mismatched": Payment.objects.filter(mismatched=True).count(),
        "mails": Mail.objects.filter(sent_at=None).count(),
        "events": WebhookEvent.objects.filter(Q(processed_at=None) | ~Q(error="")).count(),
    }
