"""The log: one line for every move, event and call, by which a payment can be followed, and nothing secret in it."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import pytest
import requests
from django.conf import settings

from bbs import payments
from bbs.logs import MaskingFormatter
from bbs.models import HistoryEntry, Payment, WebhookEvent
from tests.stage.mail_servers import use_mail_backend
from tests.stage.people import DECLINED, VISA, Visitor
from tests.stage.transports import Noting

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture(params=["modern", "legacy"])
def lines(
    request: pytest.FixtureRequest, settings, mike: Visitor, webhooks, caplog: pytest.LogCaptureFixture
) -> list[str]:
    """What is logged of a payment that is declined, then paid, confirmed by its event, and refunded in part."""
    mike.switch_flow(request.param)
    order = mike.see_order()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Noting"
    Noting.calls.clear()
    with caplog.at_level(logging.DEBUG, "bbs"):
        if request.param == "modern":
            page = mike.post("/checkout/", {"order": order})
            for card in (DECLINED, VISA):
                mike.pay_on_stripes_page(page, card)
        else:
            for card in (DECLINED, VISA):
                mike.post("/checkout/", {"order": order, **mike.enter_card(card)})
        webhooks()
        payments.refund(Payment.objects.get(), 500)
        webhooks(ahead=60)
    return caplog.messages


def test_every_move_and_every_event_has_its_line_with_the_payments_reference(lines: list[str]) -> None:
    payment = Payment.objects.get()

    assert payment.status == "partially_refunded"
    for kind in HistoryEntry.objects.values_list("kind", flat=True):
        entries = HistoryEntry.objects.filter(kind=kind).count()
        assert sum(line.startswith(f"payment={payment.pk} flow={payment.flow} {kind} ") for line in lines) == entries
    for event in WebhookEvent.objects.exclude(payment=None):
        assert sum(line == f"payment={payment.pk} webhook {event.type} {event.pk} processed" for line in lines) == 1


def test_every_call_has_its_line_with_the_payments_reference_and_stripes_request_id(lines: list[str]) -> None:
    assert len(Noting.calls) >= 3
    for method, path, request_id in Noting.calls:
        wanted = f"payment={Payment.objects.get().pk} stripe {method} {path} "
        assert sum(line.startswith(wanted) and f"request={request_id} " in line for line in lines) == 1


def test_no_card_no_address_and_no_key_is_in_it(lines: list[str]) -> None:
    text = "\n".join(lines)

    for secret in (VISA, DECLINED, "hanako", "HANAKO", settings.STRIPE_SECRET_KEY, *settings.STRIPE_WEBHOOK_SECRETS):
        assert secret not in text
    assert not re.search(r"\b(4242|123|12 ?/ ?40)\b|[rs]k_test_|whsec_|_secret_|tok_\w", text)


@pytest.fixture
def stderr() -> Iterator[io.StringIO]:
    """What the site's own handler writes, of whatever it is that logs."""
    handler = next(one for one in logging.getLogger().handlers if isinstance(one.formatter, MaskingFormatter))
    before = handler.setStream(stream := io.StringIO())
    yield stream
    handler.setStream(before)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_errors_leave_a_traceback_and_nothing_private(
    settings, stderr: io.StringIO, mike: Visitor, webhooks, flow: str
) -> None:
    mike.switch_flow(flow)
    card = mike.enter_card(VISA) if flow == "legacy" else {}

    for trouble in ("Unreachable", "Indiscreet", "Bug"):
        settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"
        mike.post("/checkout/", {"order": mike.see_order(), **card})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    use_mail_backend(settings, "tests.stage.mail_servers.Broken")
    card = mike.enter_card(VISA) if flow == "legacy" else {}
    page = mike.post("/checkout/", {"order": mike.see_order(), **card})
    if flow == "modern":
        mike.pay_on_stripes_page(page, VISA)
    webhooks()
    mike.get("/success/?session_id=cs_test_1&email=hanako@example.com")
    requests.post(f"{mike.url}/webhook/", "{}", headers={"Stripe-Signature": "t=1,v1=whsec_1"}, timeout=10)

    text = stderr.getvalue()
    assert "Internal Server Error: /checkout/\nTraceback" in text
    assert "RuntimeError: No such token: 'tok_•••' of •••, •••, sk_test_•••, whsec_•••" in text
    assert "RuntimeError: ••• cannot be written to" in text
    assert Payment.objects.filter(status="paid").count() == 1
    private = {VISA, "hanako", "Indiscreet", settings.STRIPE_SECRET_KEY, *settings.STRIPE_WEBHOOK_SECRETS}
    private |= {card[name] for name in card if name != "stripeTokenType"}
    assert [secret for secret in private if secret in text] == []
    assert not re.search(r"\b4242\b|[prs]k_test_\w|whsec_\w|_secret_\w|tok_\w|@", text)
