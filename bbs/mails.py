"""The mails: to the customer, in their language, what is needed to pay at a store, and the receipt of a paid order; to
the staff each paid order, each failed refund, and one when legacy payments begin to be refused.

Each is queued in the transaction that records what it is about, sent after it, and kept until it is sent.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from bbs.models import Mail, Payment, Product, Refund
from bbs.receipt_links import signed_url
from bbs.tasks import Task, task

logger = logging.getLogger(__name__)

LEGACY_REFUSED = {
    Mail.Kind.LEGACY_ENDED: (
        "Stripe takes no card tokens from this account any more: every legacy payment is refused. Set "
        "PAYMENT_FLOW=modern, or enable card tokens at https://dashboard.stripe.com/settings/developers/api-policies"
    ),
    Mail.Kind.LEGACY_AUTHENTICATION: (
        "A legacy payment was declined because it needs authentication, which this flow cannot ask for; on Japanese "
        "accounts every one is, since 30 June 2025. Set PAYMENT_FLOW=modern"
    ),
}
# How long a sender may take before another one may think that it died.
CLAIM = timedelta(minutes=5)


def queue_voucher(payment: Payment) -> None:
    """Queue the mail with what is needed to pay at a store; call it in the transaction that stores the voucher."""
    Mail.objects.create(payment=payment, kind=Mail.Kind.VOUCHER)
    enqueue(send, payment.pk)


def queue_refund_failed(refund: Refund) -> None:
    """Queue the mail of a refund that failed; call it in the transaction that records that."""
    # Should Stripe notify us twice, one mail is enough.
    Mail.objects.get_or_create(refund=refund, defaults={"payment": refund.payment, "kind": Mail.Kind.REFUND_FAILED})


def queue_legacy_refused(payment: Payment, *, has_ended: bool) -> None:
    """Log, queue and send one mail of what may refuse every legacy payment, and not one for each order.

    `has_ended`: Stripe takes no card tokens any more, which a legacy payment that is paid afterwards disproves; the
    next refusal is news again. Otherwise a card needed authentication, of which one mail is enough for good.
    """
    kind = Mail.Kind.LEGACY_ENDED if has_ended else Mail.Kind.LEGACY_AUTHENTICATION
    with transaction.atomic():
        Product.objects.select_for_update(no_key=True).order_by("pk").first()  # one at a time: the first one notifies
        last = Mail.objects.filter(kind=kind).select_related("payment").order_by("-pk").first()
        if last and not (has_ended and _was_paid_since(last.payment)):
            return
        _mail, is_new = Mail.objects.get_or_create(payment=payment, kind=kind)
        if is_new:
            logger.error(LEGACY_REFUSED[kind])
            enqueue(send, payment.pk)


def _was_paid_since(payment: Payment) -> bool:
    """Return whether another payment of the same flow was paid since this one was opened."""
    return Payment.objects.filter(flow=payment.flow, paid_at__gt=payment.created_at).exists()


def enqueue(what: Task, reference: UUID) -> None:
    """Enqueue a task about a payment, to be run after this transaction: see DJANGO_TASKS."""
    if settings.TASKS_IN_TRANSACTION:
        what.enqueue(str(reference))
    else:
        # After the commit, and robust: a mail server that is down must not undo what the visitor paid for.
        transaction.on_commit(lambda: what.enqueue(str(reference)), robust=True)


def unsent() -> QuerySet[Mail]:
    """Return the mails that are neither sent nor being sent."""
    abandoned = Q(claimed_at__isnull=True) | Q(claimed_at__lt=timezone.now() - CLAIM)
    return Mail.objects.filter(abandoned, sent_at__isnull=True)


@task()
def send(reference: str) -> int:
    """Do what `send_now` does, for a payment's reference; nothing for a payment that was deleted meanwhile."""
    payment = Payment.objects.filter(pk=reference).first()
    if payment is None:
        logger.info("payment=%s deleted, and its mails with it", reference)
        return 0
    return send_now(payment)


def send_now(payment: Payment) -> int:
    """Send the payment's queued mails that no other process has claimed; return how many were sent."""
    now = timezone.now()
    if not unsent().filter(payment=payment).update(claimed_at=now):
        return 0
    return sum(_send(mail) for mail in payment.mails.filter(claimed_at=now))


def _send(mail: Mail) -> bool:
    if mail.kind == Mail.Kind.VOUCHER and mail.payment.status != Payment.Status.PROCESSING:
        mail.delete()  # it waited for the mail server, and no visitor needs to pay any more
        return False
    try:
        _message(mail).send()
    except Exception as error:  # whatever it is, it is about this mail: the next one is sent all the same
        # smtplib's errors are OSErrors too; an odd address is a ValueError; any other is a fault of the code.
        is_expected = isinstance(error, OSError | ValueError)
        level, trace = (logging.WARNING, None) if is_expected else (logging.ERROR, error)
        name = type(error).__name__
        logger.log(level, "payment=%s mail=%s waits: %s", mail.payment_id, mail.kind, name, exc_info=trace)
        Mail.objects.filter(pk=mail.pk).update(claimed_at=None, error=name)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), error="")
    return True


def _message(mail: Mail) -> EmailMessage:
    payment, is_customers = mail.payment, mail.kind in (Mail.Kind.CUSTOMER, Mail.Kind.VOUCHER)
    # There is no receipt of what is not paid; the voucher's own page opens in any browser.
    receipt_url = signed_url(payment) if mail.kind == Mail.Kind.CUSTOMER else ""
    context = {"payment": payment, "refund": mail.refund, "receipt_url": receipt_url}
    with translation.override(payment.language if is_customers else settings.LANGUAGE_CODE):
        text = render_to_string(f"bbs/mail/{mail.kind}.txt", context)
    subject, _newline, body = text.strip().partition("\n")
    to = payment.email if is_customers else settings.STAFF_EMAIL
    return EmailMessage(" ".join(subject.split()), body.strip("\n") + "\n", to=[to])
