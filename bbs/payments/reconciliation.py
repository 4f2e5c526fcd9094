"""Reconciliation with Stripe: finish what is not final, and compare both sides to the last yen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import stripe
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bbs import mails, payments, tasks
from bbs.models import Mail, Payment, Refund, WebhookEvent
from bbs.payments import ledger, refunds_and_disputes, webhook
from bbs.payments.client import stripe_client
from bbs.payments.errors import tolerated
from bbs.payments.history import Kind
from bbs.payments.references import id_in, known, reference_in

# An order form can be sent for a day, and Stripe keeps an idempotency key and a Checkout Session as long: after
# that, a payment unknown to Stripe can no longer be completed.
GIVE_UP_AFTER = timedelta(hours=25)
UNFINISHED = [Payment.Status.PENDING, Payment.Status.PROCESSING]
# Our clock and Stripe's need not agree.
CLOCKS_DIFFER = timedelta(hours=1)
RECORDED_DISPUTES = [
    Kind.INQUIRY,
    Kind.INQUIRY_CLOSED,
    Kind.DISPUTED,
    Kind.DISPUTE_CLOSED,
]


def unfinished(since: datetime) -> QuerySet[Payment]:
    """Return the payments opened since then that may still become something else; oldest first.

    So may a paid one without its charge. Of older ones, those that a bank contests or whose refund is
    under way.
    """
    under_way = Refund.objects.filter(payment=OuterRef("pk"), status__in=Refund.OPEN)
    incomplete = Q(status__in=UNFINISHED) | Q(paid_at__isnull=False, charge_id=None)
    asked = (incomplete & Q(created_at__gte=since)) | Q(status__in=refunds_and_disputes.CONTESTED) | Exists(under_way)
    return Payment.objects.filter(asked).order_by("created_at")


def finish(payment: Payment) -> str:
    """Fetch one payment's state from Stripe and settle it; return its status. Raises stripe.StripeError."""
    found = payments.confirm(payment)
    if found is None and payment.created_at < timezone.now() - GIVE_UP_AFTER:
        ledger.expire(payment)
    return payment.status


def send_waiting_mails(report: Callable[[str], object]) -> int:
    """Enqueue the unsent mails; return how many there were, and report which of them fail."""
    tasks.wait_for_thread()  # of the payments that were settled just now
    waiting = Counter(mails.unsent().values_list("payment_id", flat=True))
    for reference in waiting:
        with tolerated(reference, report):
            payments.complete_and_send.enqueue(str(reference))
    tasks.wait_for_thread()
    for mail in Mail.objects.filter(payment__in=waiting, sent_at=None).exclude(error=""):
        report(f"{mail.payment_id}: mail to the {mail.kind}: {mail.error}")
    return waiting.total()


def process_waiting_events(report: Callable[[str], object]) -> int:
    """Process the events that were stored and not finished; return how many are now, and report which of them fail."""
    waiting, finished = WebhookEvent.objects.filter(processed_at=None).order_by("received_at"), 0
    for key in list(waiting.values_list("pk", flat=True)):
        with tolerated(key, report):
            finished += process_event(WebhookEvent.objects.get(pk=key), report)
    return finished


def process_event(stored: WebhookEvent, report: Callable[[str], object]) -> bool:
    """Process a stored event, again if need be; False, with a report why, when it was not."""
    with tolerated(stored, report):
        webhook.process(stored)
        if not stored.error:
            return True
        report(f"{stored}: {stored.error}")
    return False


def repair(since: datetime, report: Callable[[str], object]) -> int:
    """Ask Stripe again about every payment on which the two sides differ; return how many there were.

    This finds what no webhook notified us of: a refund, or that it failed, a dispute, or money
    for an expired order. Reports which of them fail.
    """
    differing: set[str] = set()
    unrecorded_refunds: set[str] = set()
    with tolerated("books", report):
        compared = compare(since)
        unrecorded_refunds = compared.unrecorded_refunds
        differing = {difference.reference for difference in compared.differences} | compared.unrecorded_disputes
    for payment in Payment.objects.filter(pk__in=differing):
        with tolerated(payment.pk, report):
            payments.confirm(payment)
    for payment in Payment.objects.filter(pk__in=unrecorded_refunds):
        with tolerated(payment.pk, report):
            refunds_and_disputes.follow(payment, known(payment.charge_id))
    return len(differing | unrecorded_refunds)


@dataclass(frozen=True)
class Difference:
    """One payment on which the two sides do not agree; amounts are net of refunds, in the smallest unit."""

    reference: str
    flow: str
    currency: str
    ours: int
    stripes: int


@dataclass(frozen=True)
class Comparison:
    """Both sides' sums by (flow, currency), and where they differ.

    `unrecorded_disputes` are the references of payments whose dispute our history does not have, and
    `unrecorded_refunds` of those with a refund whose status we have not recorded, such as one that failed.
    """

    ours: Counter[tuple[str, str]]
    stripes: Counter[tuple[str, str]]
    differences: list[Difference]
    unrecorded_disputes: set[str]
    unrecorded_refunds: set[str]


def compare(since: datetime) -> Comparison:
    """Compare the paid amounts in our books with Stripe's, for the orders since then.

    Charges without one of our references belong to another use of the same account, and do not count.
    Raises stripe.StripeError.
    """
    orders = Payment.objects.filter(created_at__gte=since)
    ours = {
        (str(p.reference), p.flow, p.currency): p.amount - p.amount_refunded
        for p in orders.filter(paid_at__isnull=False).iterator()
    }
    stripes: Counter[tuple[str, str, str]] = Counter()
    first = int((since - CLOCKS_DIFFER).timestamp())
    charges = stripe_client().v1.charges.list(params={"created": {"gte": first}, "limit": 100})
    for charge in charges.auto_paging_iter():
        reference = str(reference_in(charge) or "")
        if charge.paid and reference:
            flow = payments.flow_of_charge(charge)
            stripes[reference, flow, charge.currency] += charge.amount_captured - charge.amount_refunded
    # A charge may belong to an order from before; only what has no counterpart is looked up.
    unmatched = {reference for reference, _flow, _currency in stripes.keys() - ours.keys()}
    before = {str(reference) for reference in Payment.objects.filter(created_at__lt=since).in_bulk(unmatched)}
    for key in [key for key in stripes if key[0] in before]:
        del stripes[key]
    differences = [
        Difference(*key, ours=ours.get(key, 0), stripes=stripes[key])
        for key in sorted(ours.keys() | stripes.keys())
        if ours.get(key, 0) != stripes[key]
    ]
    unrecorded = _unrecorded_disputes(first), _unrecorded_refunds(first)
    return Comparison(_sums(ours), _sums(stripes), differences, *unrecorded)


def _unrecorded_disputes(first: int) -> set[str]:
    """Return the payments whose newest dispute is not in their history, in which an earlier one may be.

    Asked are the disputes made from `first` on, in seconds since 1970.
    """
    newest: dict[str, stripe.Dispute] = {}
    disputes = stripe_client().v1.disputes.list(params={"created": {"gte": first}, "limit": 100})
    for dispute in disputes.auto_paging_iter():  # newest first
        for money in filter(None, (id_in(dispute.charge), id_in(dispute.payment_intent))):
            newest.setdefault(money, dispute)
    unrecorded = set()
    for payment in Payment.objects.filter(Q(charge_id__in=newest) | Q(payment_intent_id__in=newest)):
        dispute = next(newest[key] for key in (payment.charge_id, payment.payment_intent_id) if key in newest)
        recorded = payment.history.filter(kind__in=RECORDED_DISPUTES)
        if dispute.status not in refunds_and_disputes.CLOSED:  # which leaves nothing to be done
            recorded = recorded.filter(created_at__gte=datetime.fromtimestamp(dispute.created, UTC) - CLOCKS_DIFFER)
        if not recorded.exists():
            unrecorded.add(str(payment.pk))
    return unrecorded


def _unrecorded_refunds(first: int) -> set[str]:
    made = stripe_client().v1.refunds.list(params={"created": {"gte": first}, "limit": 100})
    refunds = {refund.id: refund for refund in made.auto_paging_iter()}
    recorded = Refund.objects.in_bulk(refunds.keys())
    statuses = {name: recorded[name].status if name in recorded else None for name in refunds}
    charges = {id_in(refund.charge) for name, refund in refunds.items() if refund.status != statuses[name]}
    return {str(reference) for reference in Payment.objects.filter(charge_id__in=charges).values_list("pk", flat=True)}


def _sums(amounts: dict[tuple[str, str, str], int]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for (_reference, flow, currency), amount in amounts.items():
        sums[(flow, currency)] += amount
    return sums
