"""What visitors do with Stripe's page, as our books record it: in two tabs, and with cards that are declined."""

from __future__ import annotations

import pytest
import stripe

from bbs.models import HistoryEntry, Payment, WebhookEvent
from bbs.payments import reconciliation, recovery
from tests.stage import stripe_side
from tests.stage.people import DECLINED, NO_FUNDS, VISA, Visitor
from tests.stage.stories import send
from tests.stage.stripe_side import signed_deliveries
from tests.stage.transports import Meanwhile

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_two_tabs_for_which_two_sessions_were_made_lead_to_the_same_one(
    settings, mike: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"order": mike.see_order()}
    second_tab = Visitor(mike.url, "en")
    second_tab.http.cookies.update(mike.http.cookies)
    places = []

    def another_tab_is_sent_to_a_new_one() -> None:
        recovery.renew_idempotency_key(Payment.objects.get())  # as after Stripe's answer of 500
        places.append(second_tab.post("/checkout/", form, allow_redirects=False).headers["Location"])

    monkeypatch.setattr(Meanwhile, "happens", [another_tab_is_sent_to_a_new_one])
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Meanwhile"

    places.append(mike.post("/checkout/", form, allow_redirects=False).headers["Location"])

    assert len(stripe.checkout.Session.list()) == 2
    assert places[0] == places[1]
    assert places[0] == stripe.checkout.Session.retrieve(Payment.objects.get().checkout_session_id).url


def test_each_decline_on_stripes_page_is_recorded_once_and_ends_nothing(mike: Visitor) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    for card in (DECLINED, NO_FUNDS, NO_FUNDS):
        mike.pay_on_stripes_page(page, card)

    assert send(signed_deliveries()) == {200}
    for stored in WebhookEvent.objects.all():
        assert reconciliation.process_event(stored, pytest.fail)

    declines = HistoryEntry.objects.filter(kind="declined").values_list("detail", flat=True)
    assert sorted(detail.split()[0] for detail in declines) == ["generic_decline", *["insufficient_funds"] * 2]
    assert Payment.objects.get().status == "pending"
    assert "Paid ¥2,000" in mike.pay_on_stripes_page(page, VISA).text


def test_a_decline_that_arrives_after_the_payment_is_not_recorded(mike: Visitor) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    mike.pay_on_stripes_page(page, DECLINED)
    mike.pay_on_stripes_page(page, VISA)

    assert send(signed_deliveries()) == {200}

    assert not HistoryEntry.objects.filter(kind__in=["declined", "mismatch"]).exists()


def test_a_voucher_that_was_not_paid_in_time_is_recorded_once(mike: Visitor) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    konbini = {"paymentMethod": "konbini", "email": "expire_with_delay@example.com"}
    mike.pay_on_stripes_page(page, VISA, konbini)

    assert send(signed_deliveries()) == {200}
    assert Payment.objects.get().status == "processing"
    assert send(signed_deliveries(ahead=600)) == {200}

    assert Payment.objects.get().status == "failed"
    assert HistoryEntry.objects.filter(kind="declined").count() == 1


def test_an_event_of_a_session_that_stripe_has_deleted_is_finished(mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    stripe.checkout.Session.expire(Payment.objects.get().checkout_session_id)
    deliveries = signed_deliveries()
    stripe_side.clear()  # as another account's key would have it

    assert send(deliveries) == {200}

    assert Payment.objects.get().status == "expired"
    assert not WebhookEvent.objects.filter(processed_at=None).exists()
