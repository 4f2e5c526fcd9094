"""What the page of capabilities says to try does here what the page says of it."""

from __future__ import annotations

import re

import pytest

from bbs.models import Payment
from compare.content import content
from stripe_sandbox.cards.catalogue import CARDS
from tests.compare.stage.recorded import pay
from tests.stage.people import Visitor

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]

TRIED = {question.id: question.try_it.en for question in content().capabilities.questions if question.try_it}


def card_of(slug: str) -> str:
    return re.search(r"`([\d ]{19})`", TRIED[slug])[1].replace(" ", "")


def receipt(visitor: Visitor) -> str:
    return visitor.get(Payment.objects.latest("created_at").get_absolute_url()).text


def test_every_card_to_try_is_one_that_the_sandbox_knows() -> None:
    named = [number.replace(" ", "") for text in TRIED.values() for number in re.findall(r"`([\d ]+)`", text)]

    assert len(named) == 3
    assert set(named) <= {card.number for card in CARDS}


def test_the_card_that_needs_authentication_is_declined_in_legacy_alone(mike) -> None:
    pay(mike, "legacy", card_of("three-d-secure"))
    assert Payment.objects.get().failure == "authentication_required"

    mike.switch_flow("modern")
    asked = mike.post("/checkout/", {"order": mike.see_order()})
    page = mike.pay_on_stripes_page(asked, card_of("three-d-secure"))

    assert 'name="outcome"' in page.text


def test_the_card_that_is_disputed_is_shown_so_on_the_receipt(mike, webhooks) -> None:
    pay(mike, "modern", card_of("disputes"))
    webhooks(ahead=60)

    assert "and disputed" in receipt(mike)


def test_the_receipt_waits_for_the_money_of_a_konbini(mike, webhooks) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    konbini = {"paymentMethod": "konbini", "email": "hanako@example.com", "billingName": "Hanako"}
    mike.post(page.url.partition("#")[0], konbini)
    webhooks()

    assert "Waiting for your payment" in receipt(mike)


def test_what_the_sandboxs_dashboard_gives_back_is_on_the_receipt(mike, webhooks) -> None:
    payment = pay(mike, "legacy")
    mike.post(f"/sandbox/payments/{payment.charge_id}/act/", {"action": "refund"})
    webhooks(ahead=60)

    assert "Refunded ¥2,000" in receipt(mike)
