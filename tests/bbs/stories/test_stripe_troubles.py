"""Stripe unreachable, failing, or answering into a broken connection: the visitor learns whether money moved."""

from __future__ import annotations

import pytest
import stripe

from bbs.models import Payment, Product, Topic
from bbs.payments.order import Order
from tests.stage.people import VISA, Visitor, field
from tests.stage.transports import KeepsErrors

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

TROUBLES = [("Unreachable", 503), ("InternalError", 502), ("TooManyRequests", 503), ("KeyRevoked", 502)]
TITLES = [
    ("Unreachable", "Stripe cannot be reached"),
    ("InternalError", "Stripe reported an internal error"),
    ("TooManyRequests", "Stripe received too many requests from us"),
    ("KeyRevoked", "Stripe denied our access"),
]


@pytest.mark.parametrize("flow", ["modern", "legacy"])
@pytest.mark.parametrize(("trouble", "title"), TITLES)
def test_that_stripe_cannot_be_reached_is_said_only_where_it_is_true(
    settings, mike: Visitor, trouble: str, title: str, flow: str
) -> None:
    mike.switch_flow(flow)
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"

    page = mike.post("/checkout/", form)
    Payment.objects.update(checkout_session_id="cs_test_1")
    receipt = mike.post(Payment.objects.get().get_absolute_url(), {})
    session = mike.get("/checkout-session/?sessionId=cs_test_1")

    assert f'<h1 class="h3">{title}</h1>' in page.text
    assert f"<title>{title} – Board</title>" in page.text
    for text in (receipt.text, session.text if flow == "modern" else title):
        assert title in text
        assert ("cannot be reached" in text) == (trouble == "Unreachable")


@pytest.mark.parametrize(("trouble", "status"), TROUBLES)
def test_modern_says_that_nothing_was_charged_and_keeps_the_order(
    settings, mike: Visitor, trouble: str, status: int
) -> None:
    order = mike.see_order()
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"

    page = mike.post("/checkout/", {"order": order})

    assert page.status_code == status
    assert page.headers["Retry-After"] == "30"
    assert "Nothing was charged" in page.text
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    stripes_page = mike.post("/checkout/", {"order": field(page, "order")})
    assert "Paid ¥2,000" in mike.pay_on_stripes_page(stripes_page, VISA).text
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("trouble", "status"), TROUBLES)
def test_legacy_offers_a_retry_of_the_very_same_charge(settings, mike: Visitor, trouble: str, status: int) -> None:
    mike.switch_flow("legacy")
    form = {"order": mike.see_order(), **mike.enter_card(VISA)}
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"

    page = mike.post("/checkout/", form)

    assert page.status_code == status
    assert "It is not confirmed yet whether you were charged" in page.text
    assert "Nothing was charged" not in page.text
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    retry = {name: field(page, name) for name in ("order", "stripeToken", "stripeEmail")}
    assert "Paid ¥2,000" in mike.post("/checkout/", retry).text
    assert [charge.amount for charge in stripe.Charge.list()] == [2000]


def test_a_charge_whose_answer_was_lost_is_found_and_not_made_again(settings, mike: Visitor) -> None:
    mike.switch_flow("legacy")
    order = mike.see_order()
    form = {"order": order, **mike.enter_card(VISA)}
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"

    page = mike.post("/checkout/", form)

    assert page.status_code == 503
    assert "It is not confirmed yet whether you were charged" in page.text
    assert Payment.objects.get().status == "pending"
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa", description="somebody else's, and newer")

    # The visitor goes back, enters the card again, and presses the same button: the first charge is the one.
    receipt = mike.post("/checkout/", {"order": order, **mike.enter_card(VISA)})

    assert "Paid ¥2,000" in receipt.text
    assert [charge.paid for charge in stripe.Charge.list()] == [True, True]
    assert Topic.objects.filter(payment__isnull=False).count() == 1


def test_a_lost_session_is_found_again_by_the_same_form(settings, mike: Visitor) -> None:
    order = mike.see_order()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
    assert mike.post("/checkout/", {"order": order}).status_code == 503
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    mike.post("/checkout/", {"order": order})

    assert len(stripe.checkout.Session.list().data) == 1


def test_a_lost_session_that_expires_ends_its_order_and_is_no_mismatch(settings, mike: Visitor, webhooks) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
    mike.post("/checkout/", {"order": mike.see_order()})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    stripe.checkout.Session.expire(stripe.checkout.Session.list().data[0].id)

    webhooks()

    payment = Payment.objects.get()
    assert (payment.status, payment.mismatched) == ("expired", False)


def test_coming_back_while_stripe_is_away_shows_the_receipt_as_far_as_we_know(settings, mike: Visitor) -> None:
    stripes_page = mike.post("/checkout/", {"order": mike.see_order()})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    session_id = Payment.objects.get().checkout_session_id
    receipt = mike.get(f"/success/?session_id={session_id}")

    assert stripes_page.status_code == receipt.status_code == 200
    assert "Not paid yet" in receipt.text


@pytest.mark.parametrize("trouble", ["Unreachable", "KeyRevoked"])
def test_scripts_get_json(settings, mike: Visitor, trouble: str) -> None:
    mike.get("/")
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"

    answer = mike.post("/create-checkout-session/", {}, headers={"Accept": "application/json"})

    assert answer.status_code in (502, 503)
    assert answer.json()["error"]["message"].startswith("Nothing was charged.")


def test_no_answer_shows_a_key_or_a_traceback(settings, mike: Visitor) -> None:
    order = mike.see_order()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.KeyRevoked"

    page = mike.post("/checkout/", {"order": order})

    assert "sk_test" not in page.text
    assert "Traceback" not in page.text


def test_a_card_entered_again_after_stripe_was_away_is_no_dead_end_and_charges_once(settings, mike: Visitor) -> None:
    mike.switch_flow("legacy")
    order = mike.see_order()
    card, other_card = mike.enter_card(VISA), mike.enter_card(VISA)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert mike.post("/checkout/", {"order": order, **card}).status_code == 503
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    receipt = mike.post("/checkout/", {"order": order, **other_card})

    assert "Paid ¥2,000" in receipt.text
    assert [charge.amount for charge in stripe.Charge.list()] == [2000]


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_500_that_stripe_keeps_for_its_key_does_not_block_the_order_for_a_day(
    settings, mike: Visitor, flow: str
) -> None:
    mike.switch_flow(flow)
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})
    KeepsErrors.failing.clear()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.KeepsErrors"
    assert mike.post("/checkout/", form).status_code == 502

    answer = mike.post("/checkout/", form)

    assert answer.status_code == 200
    assert "/c/pay/" in answer.url if flow == "modern" else "Paid ¥2,000" in answer.text


def test_a_500_after_having_charged_is_found_out_and_not_called_a_spent_card(settings, mike: Visitor) -> None:
    mike.switch_flow("legacy")
    form = {"order": mike.see_order(), **mike.enter_card(VISA)}
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.ChargesAndFails"
    assert mike.post("/checkout/", form).status_code == 502
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    receipt = mike.post("/checkout/", form)

    assert "Paid ¥2,000" in receipt.text
    assert not Payment.objects.get().mismatched
    assert [charge.paid for charge in stripe.Charge.list()] == [True]


def test_a_session_to_which_nobody_was_sent_expires_and_contradicts_nothing(settings, mike: Visitor, webhooks) -> None:
    form = {"order": mike.see_order()}
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.ChargesAndFails"
    assert mike.post("/checkout/", form).status_code == 502
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    mike.pay_on_stripes_page(mike.post("/checkout/", form), VISA)

    (unseen,) = [session for session in stripe.checkout.Session.list() if session.status == "open"]
    stripe.checkout.Session.expire(unseen.id)
    webhooks()

    assert (Payment.objects.get().status, Payment.objects.get().mismatched) == ("paid", False)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_while_the_first_click_is_being_answered_the_second_one_keeps_its_key(
    settings, mike: Visitor, flow: str
) -> None:
    mike.switch_flow(flow)
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.KeyInUse"

    page = mike.post("/checkout/", form)

    assert page.status_code == 502
    assert Payment.objects.get().attempt == 0


def test_stripes_page_paid_and_then_stripe_away_is_not_called_uncharged(settings, mike: Visitor) -> None:
    order = mike.see_order()
    page = mike.post("/checkout/", {"order": order})
    mike.http.max_redirects = 0
    with pytest.raises(Exception, match="Exceeded 0 redirects"):
        mike.pay_on_stripes_page(page, VISA)
    mike.http.max_redirects = 30
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    again = mike.post("/checkout/", {"order": order})
    canceled = mike.get(f"/canceled/?payment={Payment.objects.get().pk}")

    assert again.status_code == 503
    assert "It is not confirmed yet whether you were charged" in again.text
    assert "Nothing was charged" not in canceled.text
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    assert "Paid ¥2,000" in mike.get(f"/canceled/?payment={Payment.objects.get().pk}").text


@pytest.mark.parametrize("trouble", ["Unreachable", "AnswerLost"])
def test_a_charge_in_doubt_is_never_called_canceled(settings, mike: Visitor, trouble: str) -> None:
    mike.switch_flow("legacy")
    form = {"order": mike.see_order(), **mike.enter_card(VISA)}
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"
    mike.post("/checkout/", form)

    page = mike.get(f"/canceled/?payment={Payment.objects.get().pk}")

    assert "/payments/" in page.url
    assert "Nothing was charged" not in page.text


def test_a_session_that_stripe_does_not_know_any_more_ends_in_an_order_that_can_be_made_again(mike: Visitor) -> None:
    order = mike.see_order()
    mike.post("/checkout/", {"order": order})
    Payment.objects.update(checkout_session_id="cs_test_of_another_account")

    page = mike.post("/checkout/", {"order": order})

    assert page.status_code == 200
    assert "Expired: nothing was charged" in page.text
    assert "Order again" in page.text


def test_a_paid_session_that_stripe_does_not_know_any_more_is_still_paid(mike: Visitor) -> None:
    receipt = mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)
    Payment.objects.update(checkout_session_id="cs_test_of_another_account")

    page = mike.post(receipt.url, {})

    assert "Paid ¥2,000" in page.text
    assert "Stripe does not accept our request" in page.text
    assert not Payment.objects.get().mismatched


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_that_stripe_does_not_take_offers_no_retry_that_cannot_work(mike: Visitor, flow: str) -> None:
    Product.objects.filter(slug="t-shirt").update(unit_amount=1)
    mike.switch_flow(flow)
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})

    page = mike.post("/checkout/", form)

    assert "This is our mistake" in page.text
    assert "Continue to pay" not in page.text
    assert stripe.Charge.list().data == []


def test_a_key_that_older_code_used_with_other_parameters_is_given_up(mike: Visitor) -> None:
    order = mike.see_order()
    price = {"currency": "jpy", "unit_amount": 500, "product_data": {"name": "Another"}}
    stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"quantity": 1, "price_data": price}],
        success_url="http://localhost/",
        idempotency_key=f"{Order.from_signed(order).reference}:0:session",
    )

    refused = mike.post("/checkout/", {"order": order})
    again = mike.post("/checkout/", {"order": order}, allow_redirects=False)

    assert refused.status_code == 502
    assert again.status_code == 303
    assert Payment.objects.get().checkout_session_id in again.headers["Location"]
