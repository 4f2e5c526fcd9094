"""What the tests of races and of crashes share: errands for another process, and the sum at the end."""

from __future__ import annotations

import io
import json
import uuid
from pathlib import Path

import stripe
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client

from bbs.models import HistoryEntry, Mail, Payment, Topic
from tests.stage.people import VISA, Visitor
from tests.stage.stripe_side import Delivery

FLOWS = ["modern", "legacy"]

Page = tuple[str, dict[str, str] | None]  # an address, and the form that is posted to it


def run(command: str, *args: str) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out)
    return out.getvalue()


def pay(visitor: Visitor, flow: str, number: str = VISA, **choice: str) -> None:
    visitor.switch_flow(flow)
    order = visitor.see_order(**choice)
    if flow == "legacy":
        visitor.post("/checkout/", {"order": order, **visitor.enter_card(number)})
    else:
        visitor.pay_on_stripes_page(visitor.post("/checkout/", {"order": order}), number)


def thanks() -> int:
    return Topic.objects.filter(payment__isnull=False).count()


def nothing_was_created() -> bool:
    return not (
        Payment.objects.exists() or HistoryEntry.objects.exists() or Topic.objects.filter(payment__isnull=False)
    )


def post_comment(client: Client, comment: str, form_id: uuid.UUID | None = None, **kwargs: object):
    return client.post("/", {"comment": comment, "form_id": str(form_id or uuid.uuid4())}, **kwargs)


def send(deliveries: list[Delivery]) -> set[int]:
    client = Client(SERVER_NAME="localhost")
    return {
        client.post("/webhook/", body, "application/json", headers=headers).status_code for body, headers in deliveries
    }


def signed(event: dict[str, object]) -> Delivery:
    """Sign an event as Stripe does, now."""
    body = json.dumps(event)
    signature = stripe.WebhookSignature.generate_signature_header(body, settings.STRIPE_WEBHOOK_SECRETS[0])
    return body.encode(), {"Stripe-Signature": signature}


def visit(
    cookies: dict[str, str], path: str, form: dict[str, str] | None = None, host: str = "localhost"
) -> tuple[int, str]:
    client = Client(headers={"Host": host})
    client.cookies.load(cookies)
    answer = client.get(path) if form is None else client.post(path, form)
    return answer.status_code, answer.headers.get("Location", "")


def reconcile() -> str:
    return run("reconcile_payments")


def pay_unnoticed(visitor: Visitor, settings, flow: str) -> Page:
    """Pay so that Stripe knows and we do not; return the address, and the form, by which the visitor comes back."""
    visitor.switch_flow(flow)
    order = visitor.see_order()
    if flow == "legacy":
        form = {"order": order, **visitor.enter_card(VISA)}
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
        assert visitor.post("/checkout/", form).status_code == 503
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
        return "/checkout/", form
    return pay_on_stripes_page_alone(visitor, order)


def pay_on_stripes_page_alone(visitor: Visitor, order: str | None = None) -> Page:
    """Pay in the modern flow, and close Stripe's page; return the address that it would have led back to."""
    page = visitor.post("/checkout/", {"order": order or visitor.see_order()})
    back = visitor.pay_on_stripes_page(page, VISA, allow_redirects=False).headers["Location"]
    return back.removeprefix(visitor.url), None


def assert_each_once(payments: int, mails: Path, here: list[EmailMessage]) -> None:
    assert [p.status for p in Payment.objects.all()] == ["paid"] * payments
    assert Topic.objects.filter(payment__isnull=False).count() == payments
    kinds = list(HistoryEntry.objects.values_list("kind", flat=True))
    assert (kinds.count("paid"), kinds.count("mismatch")) == (payments, 0)
    assert [charge.paid for charge in stripe.Charge.list(limit=100)] == [True] * payments
    assert Mail.objects.filter(sent_at__isnull=False).count() == 2 * payments
    assert sum(file.read_text().count("Message-ID:") for file in mails.iterdir()) + len(here) == 2 * payments
    call_command("check_books", stdout=io.StringIO())
