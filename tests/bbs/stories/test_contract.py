"""The same stories through both flows: over HTTP, with the real SDK, real signatures and the sandbox as Stripe."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe

from bbs import payments
from bbs.models import HistoryEntry, Mail, Payment, Product, Topic
from tests.stage.mail_servers import use_mail_backend
from tests.stage.people import DECLINED, VISA, Visitor
from tests.stage.stories import send, signed, thanks
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


class ModernWay:
    """How a visitor pays in the modern flow."""

    flow = "modern"
    other_flow = "legacy"
    # A card is declined on Stripe's page, which answers 402 with the same form.
    declined = 402
    # The button itself takes no money.
    charges_by_button = 0

    def form(self, visitor: Visitor, order: str, card: str = VISA) -> dict[str, str]:
        """Return what the button sends."""
        return {"order": order}

    def pay(self, visitor: Visitor, order: str, card: str = VISA, **more: str) -> requests.Response:
        page = visitor.post("/checkout/", self.form(visitor, order) | more)
        return visitor.pay_on_stripes_page(page, card)

    def press(self, visitor: Visitor, order: str) -> requests.Response:
        return visitor.post("/checkout/", self.form(visitor, order))

    def pay_and_vanish(self, visitor: Visitor, order: str) -> None:
        """Pay, and close the tab before Stripe leads back to the board."""
        page = self.press(visitor, order)
        visitor.http.max_redirects = 0
        with pytest.raises(requests.TooManyRedirects):
            visitor.pay_on_stripes_page(page, VISA)


class LegacyWay:
    """How a visitor pays in the legacy flow."""

    flow = "legacy"
    other_flow = "modern"
    # A card is declined in our own POST, which leads to the receipt.
    declined = 200
    charges_by_button = 1

    def form(self, visitor: Visitor, order: str, card: str = VISA) -> dict[str, str]:
        """Return what the button sends: a token of the card with it."""
        return {"order": order, **visitor.enter_card(card)}

    def pay(self, visitor: Visitor, order: str, card: str = VISA, **more: str) -> requests.Response:
        return visitor.post("/checkout/", self.form(visitor, order, card) | more)

    def press(self, visitor: Visitor, order: str) -> requests.Response:
        return self.pay(visitor, order)

    def pay_and_vanish(self, visitor: Visitor, order: str) -> None:
        """Pay, and close the tab before the answer arrives."""
        visitor.post("/checkout/", self.form(visitor, order), allow_redirects=False)


@pytest.fixture(params=[ModernWay, LegacyWay], ids=["modern", "legacy"])
def way(request: pytest.FixtureRequest, hanako: Visitor) -> ModernWay | LegacyWay:
    hanako.switch_flow(request.param.flow)
    return request.param()


def books() -> list[tuple[str, int]]:
    """What we say was paid."""
    return [(p.status, p.amount - p.amount_refunded) for p in Payment.objects.all()]


def taken() -> list[int]:
    """What Stripe says it took and did not give back."""
    return [c.amount - c.amount_refunded for c in stripe.Charge.list(limit=100) if c.paid]


def forget_the_settlement(**changes: int) -> None:
    """Put our books back to where a process leaves them that dies before it can write down what Stripe answered."""
    Topic.objects.filter(payment__isnull=False).delete()
    Mail.objects.all().delete()
    HistoryEntry.objects.filter(kind="paid").delete()
    Payment.objects.update(status="pending", paid_at=None, charge_id=None, payment_intent_id=None, **changes)


class TestBothFlows:
    """What is promised whichever way the money is taken."""

    def test_a_payment_is_taken_delivered_and_mailed(self, way, hanako, mailoutbox) -> None:
        receipt = way.pay(hanako, hanako.see_order())

        assert receipt.status_code == 200
        assert "￥2,000 のお支払いが完了しました" in receipt.text
        assert "Visa ···· 4242" in receipt.text
        payment = Payment.objects.get()
        assert receipt.url.endswith(payment.get_absolute_url())
        assert (payment.flow, payment.status, payment.amount, payment.currency) == (way.flow, "paid", 2000, "jpy")
        assert payment.email == "hanako@example.com"
        assert taken() == [2000]
        assert "Tシャツ が購入されました" in hanako.get("/").text
        customer, staff = mailoutbox
        assert customer.to == ["hanako@example.com"]
        assert customer.subject == "お支払いありがとうございます(￥2,000)"
        assert str(payment.reference) in customer.body
        assert (staff.to, staff.subject) == (["staff@localhost"], "Order paid: Tシャツ, ¥2,000")

    def test_an_event_in_another_version_of_the_api_is_settled_by_asking(self, way, hanako) -> None:
        way.pay(hanako, hanako.see_order())
        letters = [json.loads(body) for body, _headers in signed_deliveries()]
        forget_the_settlement()

        for letter in letters:
            whole = letter["data"]["object"]
            letter["api_version"] = "2018-11-08"
            letter["data"]["object"] = {n: whole.get(n) for n in ("id", "object", "metadata", "client_reference_id")}
            assert send([signed(letter)]) == {200}

        assert books() == [("paid", 2000)]
        assert thanks() == 1

    def test_the_staff_mail_names_the_charge_however_it_was_confirmed(self, way, hanako, webhooks, mailoutbox) -> None:
        way.pay_and_vanish(hanako, hanako.see_order())
        webhooks()

        payment = Payment.objects.get()
        assert f"Stripe   {payment.charge_id}" in mailoutbox[1].body

    def test_dollars_are_taken_in_cents_and_quantities_are_multiplied(self, way, hanako) -> None:
        receipt = way.pay(hanako, hanako.see_order(product="sunglass-101", quantity="3"))

        assert "$60.00" in receipt.text
        assert [(c.amount, c.currency) for c in stripe.Charge.list()] == [(6000, "usd")]

    def test_whatever_arrives_twice_delivers_once(self, way, hanako, mailoutbox, webhooks) -> None:
        way.pay(hanako, hanako.see_order())

        webhooks(times=2)

        assert books() == [("paid", 2000)]
        assert thanks() == 1
        assert len(mailoutbox) == 2

    def test_the_webhook_alone_settles_when_the_visitor_never_comes_back(
        self, way, hanako, mailoutbox, webhooks
    ) -> None:
        order = hanako.see_order()
        way.pay_and_vanish(hanako, order)
        forget_the_settlement()
        mailoutbox.clear()

        webhooks()

        assert books() == [("paid", 2000)]
        assert taken() == [2000]
        assert thanks() == 1
        assert len(mailoutbox) == 2

    def test_asking_stripe_alone_settles_when_no_webhook_arrives_either(self, way, hanako) -> None:
        way.pay_and_vanish(hanako, hanako.see_order())
        forget_the_settlement()

        hanako.http.max_redirects = 30
        receipt = hanako.post(Payment.objects.get().get_absolute_url(), {})

        assert "お支払いが完了しました" in receipt.text
        assert books() == [("paid", 2000)]

    def test_the_same_form_sent_again_shows_the_first_result(self, way, hanako, mailoutbox, webhooks) -> None:
        order = hanako.see_order()
        first = way.pay(hanako, order)
        webhooks()

        again = way.press(hanako, order)

        assert again.url == first.url
        assert taken() == [2000]
        assert thanks() == 1
        assert len(mailoutbox) == 2

    def test_the_same_form_sent_again_finds_a_payment_that_no_event_confirmed(self, way, hanako) -> None:
        order = hanako.see_order()
        way.pay_and_vanish(hanako, order)
        forget_the_settlement()
        hanako.http.max_redirects = 30

        receipt = way.press(hanako, order)

        assert "お支払いが完了しました" in receipt.text
        assert taken() == [2000]

    def test_a_double_click_is_one_payment(self, way, hanako) -> None:
        form = way.form(hanako, hanako.see_order())

        with ThreadPoolExecutor(4) as clicks:
            answers = list(clicks.map(lambda _: hanako.post("/checkout/", form, allow_redirects=False), range(4)))

        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert Payment.objects.count() == 1
        assert len(taken()) == way.charges_by_button
        assert thanks() == way.charges_by_button

    def test_what_the_browser_says_of_the_price_is_not_listened_to(self, way, hanako) -> None:
        cheap = {"amount": "1", "unit_amount": "1", "price": "1", "quantity": "1", "currency": "krw"}

        way.pay(hanako, hanako.see_order(), **cheap)

        assert [(c.amount, c.currency) for c in stripe.Charge.list()] == [(2000, "jpy")]

    def test_a_form_rendered_before_the_flag_was_flipped_still_works(self, way, hanako, webhooks) -> None:
        order = hanako.see_order()
        hanako.switch_flow(way.other_flow)

        way.pay(hanako, order)
        webhooks()

        assert Payment.objects.get().flow == way.flow
        assert books() == [("paid", 2000)]

    def test_a_form_and_a_visitor_from_before_our_own_secret_was_rolled_are_still_good(
        self, way, hanako, webhooks, settings
    ) -> None:
        order = hanako.see_order()
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "the next one"

        receipt = way.pay(hanako, order)
        webhooks()

        assert "お支払いが完了しました" in receipt.text
        assert books() == [("paid", 2000)]

    def test_a_decline_takes_nothing_and_another_card_can_pay(self, way, hanako, webhooks) -> None:
        order = hanako.see_order()

        declined = way.pay(hanako, order, DECLINED)
        webhooks()

        assert declined.status_code == way.declined
        assert "✔" not in declined.text
        assert taken() == []
        assert thanks() == 0

        receipt = way.pay(hanako, order, VISA)
        webhooks(times=2)

        assert "お支払いが完了しました" in receipt.text
        assert taken() == [2000]
        assert books() == [("paid", 2000)]
        assert thanks() == 1

    def test_a_receipt_is_shown_to_its_own_browser_only(self, way, hanako, mike) -> None:
        receipt = way.pay(hanako, hanako.see_order())

        assert mike.get(receipt.url).status_code == 404
        mike.get("/")  # a form needs the token that a page has set
        assert mike.post(receipt.url, {}).status_code == 404

    def test_another_visitors_order_form_charges_nothing(self, way, hanako, mike) -> None:
        order = hanako.see_order()
        way.pay(hanako, order)
        mike.get("/")

        answer = way.press(mike, order)

        assert answer.status_code == 400
        assert "another browser" in answer.text
        assert taken() == [2000]

    def test_money_is_given_back_in_part_and_then_in_full(self, way, hanako, webhooks) -> None:
        way.pay(hanako, hanako.see_order())
        payment = Payment.objects.get()

        payments.refund(payment, 500)

        assert (payment.status, payment.amount_refunded) == ("partially_refunded", 500)
        assert taken() == [1500]

        payments.refund(payment, 500)

        assert (payment.status, payment.amount_refunded) == ("partially_refunded", 1000)
        assert taken() == [1000]

        payments.refund(payment)

        assert (payment.status, payment.amount_refunded) == ("refunded", 2000)
        assert taken() == [0]
        webhooks(times=2)
        assert books() == [("refunded", 0)]

    def test_a_refund_made_at_stripe_reaches_our_books(self, way, hanako, webhooks) -> None:
        way.pay(hanako, hanako.see_order())
        webhooks()

        stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=700)
        webhooks()

        assert books() == [("partially_refunded", 1300)]

    def test_more_than_was_paid_is_not_given_back(self, way, hanako) -> None:
        way.pay(hanako, hanako.see_order())

        with pytest.raises(ValueError, match="the most is ¥2,000"):
            payments.refund(Payment.objects.get(), 2001)

        assert books() == [("paid", 2000)]

    def test_a_price_raised_after_the_payment_changes_no_payment(self, way, hanako, webhooks) -> None:
        order = hanako.see_order()
        receipt = way.pay(hanako, order)
        Product.objects.update(unit_amount=9999)

        webhooks(times=2)

        assert way.press(hanako, order).url == receipt.url
        assert books() == [("paid", 2000)]
        assert not HistoryEntry.objects.filter(kind="mismatch").exists()

    def test_an_amount_that_is_not_ours_is_kept_for_staff_and_delivers_nothing(self, way, hanako, webhooks) -> None:
        way.pay_and_vanish(hanako, hanako.see_order())
        forget_the_settlement(unit_amount=1999, amount=1999)

        webhooks(times=2)

        assert books() == [("pending", 1999)]
        assert thanks() == 0
        mismatch = HistoryEntry.objects.get(kind="mismatch")
        assert mismatch.detail == "amount: ours 1999, Stripe's 2000"

    def test_the_refund_of_somebody_elses_charge_touches_no_payment(self, way, hanako, webhooks) -> None:
        way.pay(hanako, hanako.see_order())
        webhooks()
        payment = Payment.objects.get()
        twin = stripe.Charge.create(
            amount=2000, currency="jpy", source="tok_visa", metadata={"payment": str(payment.reference)}
        )

        webhooks()
        stripe.Refund.create(charge=twin.id)
        webhooks()

        assert books() == [("paid", 2000)]
        assert Payment.objects.get().mismatched

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_a_refund_that_arrives_before_the_payment_is_recorded_is_not_lost(
        self, way, hanako, webhooks, when: str
    ) -> None:
        way.pay_and_vanish(hanako, hanako.see_order())
        forget_the_settlement()
        stripe.Refund.create(charge=stripe.Charge.list().data[0].id, amount=600)
        events = signed_deliveries()
        events.sort(key=lambda event: (b"refund" in event[0]) == (when == "after"))

        for body, headers in events:
            assert requests.post(f"{hanako.url}/webhook/", body, headers=headers, timeout=10).status_code == 200

        assert books() == [("partially_refunded", 1400)]
        assert thanks() == 1

    def test_a_refund_that_fails_later_is_taken_back_in_our_books(self, way, hanako, webhooks) -> None:
        way.pay(hanako, hanako.see_order(), "4000000000005126")
        payments.refund(Payment.objects.get())
        assert books() == [("refunded", 0)]

        webhooks(ahead=60)

        assert books() == [("paid", 2000)]
        payments.refund(Payment.objects.get())
        assert len(stripe.Refund.list()) == 2

    def test_a_mail_server_that_is_down_costs_no_payment_and_no_page(self, way, hanako, settings) -> None:
        use_mail_backend(settings, "tests.stage.mail_servers.Down")

        receipt = way.pay(hanako, hanako.see_order())

        assert receipt.status_code == 200
        assert books() == [("paid", 2000)]
        assert [mail.sent_at for mail in Mail.objects.all()] == [None, None]
        assert {mail.error for mail in Mail.objects.all()} == {"ConnectionRefusedError"}
