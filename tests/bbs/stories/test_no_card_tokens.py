"""What the shop says where the account charges no card tokens any more: to each visitor, and once to the staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bbs.models import Mail, Payment
from bbs.tasks import wait_for_thread
from tests.stage.people import VISA, Visitor
from tests.stage.stories import pay
from tests.stage.stripe_side import choose_card_tokens

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture
def mike(mike: Visitor) -> Iterator[Visitor]:
    mike.switch_flow("legacy")
    yield mike
    choose_card_tokens("")


def order_with(visitor: Visitor, number: str = VISA) -> Payment:
    visitor.post("/checkout/", {"order": visitor.see_order(), **visitor.enter_card(number)})
    return Payment.objects.latest("created_at")


@pytest.mark.parametrize(
    ("card_tokens", "code", "kind", "words"),
    [
        ("ended", "card_tokens_ended", "legacy_ended", "dashboard.stripe.com/settings/developers/api-policies"),
        ("japan", "authentication_required", "legacy_3ds", "3ds-mandate-in-japan"),
    ],
)
def test_an_account_that_refuses_every_charge_is_reported_to_the_staff_once_and_to_each_visitor(
    mike, mailoutbox, caplog, card_tokens: str, code: str, kind: str, words: str
) -> None:
    choose_card_tokens(card_tokens)

    payments = [order_with(mike) for _ in range(3)]
    wait_for_thread()

    assert [(payment.status, payment.failure) for payment in payments] == [("failed", code)] * 3
    page = mike.get(payments[-1].get_absolute_url()).text
    assert "Not paid: nothing was charged" in page
    assert "The card must be entered again" not in page
    assert "Pay on Stripe&#x27;s page instead" in page or "Pay on Stripe's page instead" in page
    assert list(Mail.objects.values_list("payment", "kind")) == [(payments[0].pk, kind)]
    assert [words in mail.body for mail in mailoutbox] == [True]
    assert len([record for record in caplog.records if "PAYMENT_FLOW=modern" in record.getMessage()]) == 1


def test_the_staff_are_notified_again_when_card_tokens_end_anew(mike) -> None:
    for mode in ("ended", "ended", "on", "ended", "ended"):
        choose_card_tokens(mode)
        order_with(mike)

    assert Mail.objects.filter(kind="legacy_ended").count() == 2


def test_a_payment_of_the_modern_flow_is_no_sign_that_card_tokens_are_taken_again(mike) -> None:
    choose_card_tokens("ended")
    order_with(mike)
    pay(mike, "modern")
    mike.switch_flow("legacy")

    order_with(mike)

    assert Payment.objects.filter(flow="modern", paid_at__isnull=False).count() == 1
    assert Mail.objects.filter(kind="legacy_ended").count() == 1


def test_of_cards_that_need_authentication_the_staff_are_notified_once_for_good(mike) -> None:
    for number in ("4000002760003184", VISA, "4000002760003184"):
        order_with(mike, number)

    assert Mail.objects.filter(kind="legacy_3ds").count() == 1


def test_an_order_that_met_the_end_of_card_tokens_can_be_paid_in_the_modern_flow(mike) -> None:
    choose_card_tokens("ended")
    failed = order_with(mike)

    mike.post("/flow/", {"flow": "modern", "next": failed.retry_url})
    page = mike.post("/checkout/", {"order": mike.see_order()})
    mike.pay_on_stripes_page(page, VISA)

    assert sorted(Payment.objects.values_list("flow", "status")) == [("legacy", "failed"), ("modern", "paid")]
