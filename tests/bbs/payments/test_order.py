"""The signed order: whatever else comes in its place is refused, and nothing is created."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape

import pytest
import requests
import stripe
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from bbs.models import Payment, Product
from bbs.payments.order import Order, OrderRefused
from tests.stage.people import DECLINED, VISA, Visitor, field
from tests.stage.stories import nothing_was_created, pay_unnoticed
from tests.stage.transports import Impatient

pytestmark = pytest.mark.django_db(databases="__all__")


QUANTITIES = ["0", "-1", "11", "1e3", "", " 1", "1.0", "01", "１", "a"]


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("ask", ["get", "form", "json"])
def test_a_quantity_that_is_not_one_to_ten_is_refused(client: Client, products, quantity: str, ask: str) -> None:
    if ask == "get":
        response = client.get("/", {"quantity": quantity})
    else:
        accept = "application/json" if ask == "json" else "text/html"
        response = client.post("/create-checkout-session/", {"quantity": quantity}, headers={"Accept": accept})

    assert response.status_code == 400
    assert "whole number from 1 to 10" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("quantity", [1, 10])
def test_one_to_ten_can_be_ordered(client: Client, products, quantity: int) -> None:
    page = client.get("/", {"quantity": quantity}).content.decode()

    assert Order.from_signed(re.search(r'name="order" value="([^"]+)"', page)[1]).quantity == quantity


def test_an_unknown_product_is_refused(client: Client, products) -> None:
    for response in (
        client.get("/", {"product": "yacht"}),
        client.post("/create-checkout-session/", {"product": "yacht"}),
    ):
        assert response.status_code == 400
        assert "We do not sell this product" in response.content.decode()
    assert nothing_was_created()


def test_a_product_that_is_sold_no_more_is_refused(client: Client, products) -> None:
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")
    Product.objects.filter(slug="t-shirt").update(active=False)

    response = client.post("/checkout/", {"order": order.signed})

    assert response.status_code == 400
    assert "no longer sold" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_that_was_tampered_with_is_refused(client: Client, products, flow: str) -> None:
    signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    forged = signing.dumps(
        [products["t-shirt"].pk, 1, flow, 1, "jpy", str(uuid.uuid4())], key="another key", salt="bbs.order"
    )

    for value in ("", "x", signed[:-1], signed.replace(signed[0], "A", 1) + "A", forged, "A" * 100_000):
        response = client.post("/checkout/", {"order": value, "stripeToken": "tok_visa"})
        assert response.status_code == 400, value[:80]
        assert "not from this site" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_form_of_yesterday_is_refused(client: Client, products, flow: str) -> None:
    with time_machine.travel("2026-11-20 12:00+09:00"):
        signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    with time_machine.travel("2026-11-21 12:01+09:00"):
        response = client.post("/checkout/", {"order": signed, "stripeToken": "tok_visa"})

    assert response.status_code == 400
    assert "more than a day old" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_price_that_changed_since_the_form_was_shown_is_not_charged(client: Client, products, flow: str) -> None:
    signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    Product.objects.filter(slug="t-shirt").update(unit_amount=2500)

    response = client.post("/checkout/", {"order": signed, "stripeToken": "tok_visa"})

    assert response.status_code == 400
    assert "¥2,500" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_product_that_was_deleted_since_the_form_was_shown_is_refused(client: Client, products, flow: str) -> None:
    signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    products["t-shirt"].delete()

    response = client.post("/checkout/", {"order": signed, "stripeToken": "tok_visa"})

    assert response.status_code == 400
    assert "no longer sold" in response.content.decode()
    assert nothing_was_created()


def test_an_order_comes_out_of_its_form_as_it_went_in(products) -> None:
    order = Order(products["sunglass-101"], 3, "legacy", 2000, "usd")

    assert Order.from_signed(order.signed) == order
    assert (order.amount, order.total) == (6000, "$60.00")


def test_an_order_of_23_hours_is_still_good(products) -> None:
    with time_machine.travel("2026-11-20 12:00+09:00"):
        order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")
        signed = order.signed
    with time_machine.travel("2026-11-21 11:59+09:00"):
        assert Order.from_signed(signed) == order


def test_an_order_that_is_tried_again_is_the_same_one(payment) -> None:
    assert Order.of(payment).reference == payment.reference


def test_where_nothing_is_for_sale_nothing_can_be_ordered() -> None:
    with pytest.raises(OrderRefused, match="Nothing is for sale"):
        Order.choose([], None, None, "modern")


CHANGES = {"price": {"unit_amount": 9000}, "currency": {"currency": "usd"}, "off sale": {"active": False}}
SAYS = {"price": "it is ¥9,000 now", "currency": "it is $20.00 now", "off sale": "no longer sold"}
changed_terms = pytest.mark.parametrize("change", CHANGES)
transactional = pytest.mark.django_db(databases="__all__", transaction=True)


def change_terms(change: str) -> None:
    Product.objects.filter(slug="t-shirt").update(**CHANGES[change])


def assert_refused(page: requests.Response, change: str) -> None:
    assert page.status_code == 400
    assert SAYS[change] in page.text
    assert "Nothing was charged." in page.text
    assert ('href="/?product=t-shirt&amp;quantity=1#shop"' in page.text) is (change != "off sale")


@transactional
@changed_terms
def test_a_declined_legacy_order_cannot_be_paid_on_terms_of_before(mike: Visitor, change: str) -> None:
    mike.switch_flow("legacy")
    order = mike.see_order()
    declined = {"order": order, **mike.enter_card(DECLINED)}
    mike.post("/checkout/", declined)
    change_terms(change)

    for form in (declined, {"order": order, **mike.enter_card(VISA)}):
        assert_refused(mike.post("/checkout/", form), change)

    assert [charge.paid for charge in stripe.Charge.list()] == [False]
    assert Payment.objects.get().status == "failed"


@transactional
@changed_terms
@pytest.mark.parametrize("is_declined", [True, False])
def test_an_order_on_stripes_page_cannot_be_paid_on_terms_of_before(
    mike: Visitor, webhooks, change: str, is_declined: bool
) -> None:
    order = mike.see_order()
    stripes_page = mike.post("/checkout/", {"order": order})
    if is_declined:
        mike.pay_on_stripes_page(stripes_page, DECLINED)
        webhooks()
    change_terms(change)

    assert_refused(mike.post("/checkout/", {"order": order}), change)

    assert stripe.checkout.Session.list().data[0].status == "expired"
    assert not [charge for charge in stripe.Charge.list() if charge.paid]
    assert Payment.objects.get().status == "expired"
    assert_refused(mike.post("/checkout/", {"order": order}), change)
    assert "Expired: nothing was charged" in mike.get(Payment.objects.get().get_absolute_url()).text


@transactional
@changed_terms
def test_a_script_cannot_order_on_terms_of_before(mike: Visitor, change: str) -> None:
    form, accept = {"order": mike.see_order()}, {"Accept": "application/json"}
    assert mike.post("/create-checkout-session/", form, headers=accept).status_code == 200
    change_terms(change)

    for _ in range(2):
        answer = mike.post("/create-checkout-session/", form, headers=accept)
        assert answer.status_code == 400
        assert SAYS[change] in answer.json()["error"]["message"]


@transactional
@changed_terms
def test_an_order_for_which_stripe_made_no_session_cannot_be_paid_on_terms_of_before(
    mike: Visitor, settings, change: str
) -> None:
    form = {"order": mike.see_order()}
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.InternalError"
    assert mike.post("/checkout/", form).status_code == 502
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    change_terms(change)

    assert_refused(mike.post("/checkout/", form), change)
    assert not stripe.checkout.Session.list().data


@transactional
@changed_terms
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_money_that_may_be_under_way_is_taken_on_the_terms_on_which_it_was_sent(
    mike: Visitor, settings, change: str, flow: str
) -> None:
    _address, form = pay_unnoticed(mike, settings, flow)
    form = form or {"order": Order.of(Payment.objects.get()).signed}
    change_terms(change)

    page = mike.post("/checkout/", form)

    assert "Paid ¥2,000" in page.text
    assert [charge.amount for charge in stripe.Charge.list() if charge.paid] == [2000]


@transactional
def test_a_payment_that_arrives_while_its_session_is_ended_wins(mike: Visitor, settings) -> None:
    order = mike.see_order()
    stripes_page = mike.post("/checkout/", {"order": order})
    change_terms("price")
    settings.STRIPE_HTTP_CLIENT = f"{PaidFirst.__module__}.PaidFirst"
    PaidFirst.pay = lambda: mike.pay_on_stripes_page(stripes_page, VISA, allow_redirects=False)

    page = mike.post("/checkout/", {"order": order})

    assert "Paid ¥2,000" in page.text
    assert stripe.checkout.Session.list().data[0].status == "complete"


class PaidFirst(Impatient):
    """A Stripe at which the visitor pays in the moment before the session is ended."""

    pay: Callable[[], object]

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        if url.endswith("/expire"):
            type(self).pay()
        return super().request(method, url, *args, **kwargs)


@transactional
@changed_terms
def test_the_canceled_page_shows_todays_terms(mike: Visitor, change: str) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    change_terms(change)

    page = mike.get(f"/canceled/?payment={Payment.objects.get().pk}")

    assert SAYS[change] in page.text
    assert "Continue to pay" not in page.text
    assert "you can pay it now or later" not in page.text


@transactional
@pytest.mark.parametrize(("grace", "hours", "is_refused"), [(2, 1.9, False), (2, 2.1, True), (0, 0.01, True)])
def test_a_legacy_form_is_refused_some_hours_after_its_visitors_flow_became_modern(
    mike: Visitor, settings, grace: int, hours: float, is_refused: bool
) -> None:
    settings.PAYMENT_FLOW, settings.LEGACY_GRACE_HOURS = "legacy", grace
    order = mike.see_order(quantity="2")
    settings.PAYMENT_FLOW = "modern"

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        page = mike.post("/checkout/", {"order": order, **mike.enter_card(VISA)})

    if is_refused:
        assert page.status_code == 400
        assert "How to pay has changed since this order form was shown. Nothing was charged" in page.text
        assert not stripe.Charge.list().data
        again = unescape(re.search(r'href="([^"]*#shop)"', page.text)[1])
        assert "/c/pay/cs_test_" in mike.post("/checkout/", {"order": field(mike.get(again), "order")}).url
        assert Payment.objects.get().quantity == 2
    else:
        assert "Paid ¥4,000" in page.text


@transactional
@pytest.mark.parametrize(("flow", "now"), [("legacy", "legacy"), ("modern", "legacy"), ("modern", "modern")])
def test_any_other_form_is_good_for_a_day(mike: Visitor, settings, flow: str, now: str) -> None:
    settings.PAYMENT_FLOW, settings.LEGACY_GRACE_HOURS = flow, 0
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})
    settings.PAYMENT_FLOW = now

    assert mike.post("/checkout/", form).status_code == 200


@transactional
def test_a_legacy_charge_whose_answer_was_lost_is_found_also_after_the_grace(mike: Visitor, settings) -> None:
    address, form = pay_unnoticed(mike, settings, "legacy")
    mike.switch_flow("modern")
    settings.LEGACY_GRACE_HOURS = 0

    assert "Paid ¥2,000" in mike.post(address, form).text


@transactional
def test_a_declined_legacy_form_takes_no_other_card_after_the_grace(mike: Visitor, settings) -> None:
    settings.LEGACY_GRACE_HOURS = 0
    mike.switch_flow("legacy")
    order = mike.see_order()
    mike.post("/checkout/", {"order": order, **mike.enter_card(DECLINED)})
    mike.switch_flow("modern")

    page = mike.post("/checkout/", {"order": order, **mike.enter_card(VISA)})

    assert page.status_code == 400
    assert "How to pay has changed" in page.text
    assert [charge.paid for charge in stripe.Charge.list()] == [False]
