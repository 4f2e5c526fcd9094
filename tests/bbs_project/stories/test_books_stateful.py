"""Anything may happen, in any order: once it has calmed down, our books and Stripe's agree to the last yen."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from contextlib import suppress
from html import unescape

import hypothesis
import pytest
import stripe
from django.apps import apps
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, rule, run_state_machine_as_test

from bbs import demo, payments
from bbs.models import HistoryEntry, Mail, Payment, Product, Refund, Topic, WebhookEvent
from bbs.payments.references import reference_in
from stripe_sandbox import testing
from stripe_sandbox.api import faults
from stripe_sandbox.models import Fault
from tests.stage.people import DECLINED, NO_FUNDS, VISA

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

# A dispute, an inquiry, a refund that arrives late, and one that fails later.
CONTESTED = ["4000000000000259", "4000000000001976"]
CARDS = st.sampled_from([VISA, VISA, DECLINED, NO_FUNDS, *CONTESTED, "4000000000007726", "4000000000005126"])
EVIDENCE = st.sampled_from(["winning_evidence", "losing_evidence", "escalate_inquiry_evidence"])
FLOWS = st.sampled_from(["modern", "legacy"])
SHARES = st.sampled_from([1, 3, 1000])  # a payment's amount is divided by it

Delivery = tuple[bytes, dict[str, str]]
Form = dict[str, str]


def run(command: str) -> None:
    call_command(command, stdout=io.StringIO(), stderr=io.StringIO())


def start_afresh() -> None:
    for model in [Topic, Mail, Refund, HistoryEntry, WebhookEvent, Payment, Product]:
        model.objects.all().delete()
    for model in apps.get_app_config("stripe_sandbox").get_models():
        model.objects.all().delete()
    demo.load()
    mail.outbox.clear()


class Shop(RuleBasedStateMachine):
    """Visitors, Stripe, the staff and the weather. Bundles hold what may be used again, however often."""

    forms = Bundle("forms")
    stripes_pages = Bundle("Stripe's pages")
    returns = Bundle("return addresses")
    deliveries = Bundle("deliveries")

    def __init__(self) -> None:
        super().__init__()
        start_afresh()

    # --- Visitors -----------------------------------------------------------------------------------------

    @rule(
        target=forms,
        flow=FLOWS,
        card=CARDS,
        slug=st.sampled_from(["t-shirt", "sunglass-101"]),
        quantity=st.integers(1, 3),
    )
    def see_the_board(self, flow: str, card: str, slug: str, quantity: int) -> tuple[Client, Form]:
        visitor = Client(headers={"Host": "localhost"})
        visitor.post("/flow/", {"flow": flow})
        page = visitor.get("/", {"product": slug, "quantity": quantity}).content.decode()
        form = {"order": unescape(re.search(r'name="order" value="([^"]*)"', page)[1])}
        if flow == "legacy":
            form |= self._token(card)
        return visitor, form

    @rule(target=forms, form=forms, card=CARDS)
    def enter_another_card(self, form: tuple[Client, Form], card: str) -> tuple[Client, Form]:
        visitor, fields = form
        return visitor, (fields | self._token(card) if "stripeToken" in fields else fields)

    def _token(self, card: str) -> Form:
        details = {"number": card, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
        faults_ordered = list(Fault.objects.all())
        Fault.objects.all().delete()  # this is the visitor's own call, not ours
        token = stripe.Token.create(card=details, api_key=django_settings.STRIPE_PUBLISHABLE_KEY)
        Fault.objects.bulk_create(faults_ordered)
        return {"stripeToken": token.id, "stripeEmail": "hanako@example.com"}

    @rule(target=stripes_pages, form=forms)
    def press_the_button(self, form: tuple[Client, Form]) -> object:
        visitor, fields = form
        answer = visitor.post("/checkout/", fields)
        assert answer.status_code in (303, 502, 503)
        page = answer.headers.get("Location", "")
        return (visitor, page) if "/c/pay/" in page else multiple()

    @rule(target=returns, page=stripes_pages, card=CARDS)
    def pay_on_stripes_page(self, page: tuple[Client, str], card: str) -> object:
        visitor, url = page
        answer = testing.pay(visitor.post, url, cardNumber=card)
        address = answer.headers.get("Location", "")
        return (visitor, address) if "/success/" in address else multiple()

    @rule(back=returns)
    def come_back(self, back: tuple[Client, str]) -> None:
        visitor, address = back
        assert visitor.get(address).status_code == 302

    # --- Stripe -------------------------------------------------------------------------------------------

    @rule(target=deliveries, ahead=st.sampled_from([0, 60]))
    def events_are_due(self, ahead: int) -> object:
        """Take them all out: unless one is delivered by another rule it is lost."""
        return multiple(*testing.signed_deliveries(ahead=ahead))

    @rule(delivery=deliveries)
    def an_event_arrives(self, delivery: Delivery) -> None:
        body, headers = delivery
        answer = Client(headers={"Host": "localhost"}).post("/webhook/", body, "application/json", headers=headers)
        assert answer.status_code in (200, 503)

    @rule(effect=st.sampled_from(faults.CALLS), times=st.integers(1, 4))
    def trouble(self, effect: str, times: int) -> None:
        testing.fault(effect, times)

    @rule(page=stripes_pages)
    def a_session_is_ended(self, page: tuple[Client, str]) -> None:
        session_id = re.search(r"cs_test_\w+", page[1])[0]
        with suppress(stripe.StripeError):
            stripe.checkout.Session.expire(session_id)

    @rule(share=SHARES)
    def a_refund_at_stripe(self, share: int) -> None:
        payment = Payment.objects.filter(charge_id__isnull=False).order_by("created_at").last()
        if payment:
            with suppress(stripe.StripeError):
                stripe.Refund.create(charge=payment.charge_id, amount=payment.amount // share)

    @rule(evidence=EVIDENCE)
    def a_bank_decides(self, evidence: str) -> None:
        with suppress(stripe.StripeError):
            for dispute in stripe.Dispute.list(limit=100):
                stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": evidence}, submit=True)

    # --- The staff ----------------------------------------------------------------------------------------

    @rule(share=SHARES)
    def a_refund_by_us(self, share: int) -> None:
        payment = Payment.objects.filter(paid_at__isnull=False).order_by("created_at").first()
        if payment and payment.amount_left:
            with suppress(stripe.StripeError):
                payments.refund(payment, min(payment.amount // share, payment.amount_left))

    @rule(flow=FLOWS)
    def flip_the_flag(self, flow: str) -> None:
        django_settings.PAYMENT_FLOW = flow

    @rule()
    def reconcile(self) -> None:
        with suppress(CommandError):  # Stripe could not be asked about everything
            run("reconcile_payments")

    # --- Once it has calmed down --------------------------------------------------------------------------

    def teardown(self) -> None:
        Fault.objects.all().delete()
        for body, headers in testing.signed_deliveries(ahead=60):
            answer = Client(headers={"Host": "localhost"}).post("/webhook/", body, "application/json", headers=headers)
            assert answer.status_code == 200
        run("reconcile_payments")

        run("check_books")
        paid = Payment.objects.filter(paid_at__isnull=False)
        assert Topic.objects.filter(payment__isnull=False).count() == paid.count()
        taken = Counter(reference_in(charge) for charge in stripe.Charge.list(limit=100) if charge.paid)
        assert taken == Counter(paid.values_list("pk", flat=True))
        assert not HistoryEntry.objects.filter(kind="mismatch").exists()
        failed = {refund.id: refund for refund in stripe.Refund.list(limit=100) if refund.status == "failed"}
        assert set(Mail.objects.filter(refund__isnull=False).values_list("refund", flat=True)) == set(failed)
        sent = Mail.objects.filter(sent_at__isnull=False).count()
        assert sent == len(mail.outbox) == 2 * paid.count() + len(failed)
        for payment in paid:
            assert payment.status == self._what_stripe_says(payment)
        ours = {refund.id: refund.status for refund in Refund.objects.all()}
        assert ours == {refund.id: refund.status for refund in stripe.Refund.list(limit=100)}

    def _what_stripe_says(self, payment: Payment) -> str:
        """Return the status that a paid payment has to have."""
        back = sum(r.amount for r in stripe.Refund.list(charge=payment.charge_id) if r.status != "failed")
        after_refunds = "paid" if not back else "refunded" if back == payment.amount else "partially_refunded"
        disputes = stripe.Dispute.list(charge=payment.charge_id).data
        status = disputes[0].status if disputes else "won"
        if status == "lost":
            return "lost"
        if status.startswith("warning_") and status != "warning_closed":
            return after_refunds if after_refunds == "refunded" else "inquiry"
        return after_refunds if status in ("won", "warning_closed") else "disputed"


def test_whatever_happens_the_books_agree_in_the_end(settings) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    settings.PAYMENT_FLOW = "modern"
    bounds = hypothesis.settings(
        max_examples=20,
        stateful_step_count=25,
        deadline=None,
        derandomize=bool(os.environ.get("CI")),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    run_state_machine_as_test(Shop, settings=bounds)
