"""What only the modern flow promises: coming back proves nothing, and the session is asked for on our terms."""

from __future__ import annotations

import pytest
import stripe

from bbs.models import HistoryEntry, Payment, Topic
from tests.stage.people import VISA, Visitor
from tests.stage.stories import send
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def paid_nothing() -> bool:
    return not (Payment.objects.filter(status="paid").exists() or Topic.objects.filter(payment__isnull=False).exists())


def test_the_button_leads_to_stripes_page_by_a_303(mike: Visitor) -> None:
    answer = mike.post("/checkout/", {"order": mike.see_order()}, allow_redirects=False)

    session = stripe.checkout.Session.retrieve(Payment.objects.get().checkout_session_id, expand=["line_items"])
    assert answer.status_code == 303
    assert answer.headers["Location"] == session.url
    assert session.client_reference_id == str(Payment.objects.get().reference)
    assert session.metadata.payment == str(Payment.objects.get().reference)
    assert (session.amount_total, session.currency, session.locale) == (2000, "jpy", "en")
    assert session.success_url == f"{mike.url}/success/?session_id={{CHECKOUT_SESSION_ID}}"
    assert [(item.description, item.quantity) for item in session.line_items] == [("T-shirt", 1)]


@pytest.mark.parametrize(
    "path", ["/success/", "/success/?session_id=", "/success/?session_id=cs_test_none", "/checkout/"]
)
def test_coming_back_with_no_session_or_an_unknown_one_leads_to_the_board_with_a_message(
    mike: Visitor, path: str
) -> None:
    page = mike.get(path)

    assert page.url == f"{mike.url}/"
    assert "There is no payment at this address" in page.text
    assert paid_nothing()


@pytest.mark.parametrize("path", ["/success/", "/checkout/"])
def test_coming_back_unpaid_shows_the_receipt_in_its_true_state(mike: Visitor, path: str) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})

    page = mike.get(f"{path}?session_id={Payment.objects.get().checkout_session_id}")

    assert "/payments/" in page.url
    assert "Not paid yet" in page.text
    assert paid_nothing()


def test_coming_back_with_another_visitors_session_shows_nothing_of_it(mike: Visitor, hanako: Visitor) -> None:
    receipt = hanako.pay_on_stripes_page(hanako.post("/checkout/", {"order": hanako.see_order()}), VISA)
    session_id = Payment.objects.get().checkout_session_id

    page = mike.get(f"/success/?session_id={session_id}")

    assert "made in another browser" in page.text
    assert receipt.url.rsplit("/", 2)[1] not in page.text
    assert mike.get(f"/checkout-session/?sessionId={session_id}").status_code == 404


def test_coming_back_settles_before_the_webhook_does(mike: Visitor, webhooks) -> None:
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)

    assert Payment.objects.get().status == "paid"
    webhooks()
    kinds = list(HistoryEntry.objects.values_list("kind", flat=True))
    assert kinds == ["opened", "sent_to_stripe", "returned", "paid", "webhook"]


def test_a_second_payments_session_replayed_on_the_first_settles_only_its_own(mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    unpaid = Payment.objects.get()
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)
    paid = Payment.objects.exclude(pk=unpaid.pk).get()

    mike.get(f"/success/?session_id={paid.checkout_session_id}&payment={unpaid.reference}")

    unpaid.refresh_from_db()
    assert unpaid.status == "pending"


def test_another_session_in_the_name_of_our_payment_settles_nothing(mike: Visitor, webhooks) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    payment = Payment.objects.get()
    other = stripe.checkout.Session.create(
        mode="payment",
        line_items=[
            {"quantity": 1, "price_data": {"currency": "jpy", "unit_amount": 2000, "product_data": {"name": "T-shirt"}}}
        ],
        client_reference_id=str(payment.pk),
        success_url=f"{mike.url}/success/?session_id={payment.checkout_session_id}",
    )

    mike.pay_on_stripes_page(mike.get(other.url), VISA)
    webhooks()

    assert paid_nothing()
    assert HistoryEntry.objects.get(kind="mismatch").detail.startswith("session: ours cs_test_")


@pytest.mark.parametrize(("name", "status"), [("succeed_immediately", "paid"), ("expire_immediately", "failed")])
def test_a_payment_at_the_store_ends_the_same_in_whatever_order_its_events_arrive(
    mike: Visitor, name: str, status: str
) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    mike.pay_on_stripes_page(page, VISA, {"paymentMethod": "konbini", "email": f"{name}@example.com"})

    for delivery in reversed(signed_deliveries(ahead=600)):
        assert send([delivery]) == {200}

    payment = Payment.objects.get()
    assert (payment.status, payment.mismatched) == (status, False)


def test_a_canceled_order_is_kept_and_can_be_paid_in_the_same_session(mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    payment = Payment.objects.get()

    page = mike.get(f"/canceled/?payment={payment.reference}")

    assert "Nothing was charged" in page.text
    assert "T-shirt × 1" in page.text
    assert (
        f"/canceled/?payment={payment.reference}"
        in stripe.checkout.Session.retrieve(payment.checkout_session_id).cancel_url
    )


@pytest.mark.parametrize("query", ["", "?payment=", "?payment=x", "?payment=0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f"])
def test_canceled_without_an_order_of_ones_own_says_only_that_nothing_was_charged(mike: Visitor, query: str) -> None:
    page = mike.get(f"/canceled/{query}")

    assert page.status_code == 200
    assert "Nothing was charged" in page.text
    assert 'name="order"' not in page.text


def test_a_canceled_page_of_a_paid_order_leads_to_its_receipt(mike: Visitor) -> None:
    receipt = mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)

    assert mike.get(f"/canceled/?payment={Payment.objects.get().reference}").url == receipt.url


def test_an_expired_session_is_shown_and_ordering_again_is_a_click_away(mike: Visitor, webhooks) -> None:
    order = mike.see_order(product="test-payment", quantity="2")
    mike.post("/checkout/", {"order": order})
    stripe.checkout.Session.expire(Payment.objects.get().checkout_session_id)

    webhooks()

    page = mike.post("/checkout/", {"order": order})
    assert "Expired: nothing was charged" in page.text
    assert "/?product=test-payment&amp;quantity=2#shop" in page.text
