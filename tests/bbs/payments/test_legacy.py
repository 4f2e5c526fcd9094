"""What only the legacy flow promises: the token is spent once, and a decline is shown in words."""

from __future__ import annotations

from contextlib import suppress

import pytest
import stripe

from bbs.models import HistoryEntry, Payment
from bbs.payments import legacy
from tests.stage.people import DECLINED, VISA, Visitor
from tests.stage.transports import Meanwhile

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture
def mike(mike: Visitor) -> Visitor:
    mike.switch_flow("legacy")
    return mike


def test_the_button_carries_checkout_js_own_attributes(mike: Visitor, settings) -> None:
    page = mike.get("/?product=test-payment")

    for attribute in (
        f'src="{settings.STRIPE_CHECKOUT_JS}" class="stripe-button"',
        f'data-key="{settings.STRIPE_PUBLISHABLE_KEY}"',
        'data-amount="30000"',
        'data-currency="jpy"',
        'data-name="Test payment"',
        'data-description="Pays for your order"',
        'data-locale="en"',
    ):
        assert attribute in page.text


def test_the_charge_carries_our_reference_and_the_customers_address(mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order(), **mike.enter_card(VISA)})

    charge, payment = stripe.Charge.list().data[0], Payment.objects.get()
    assert charge.metadata.payment == str(payment.reference)
    assert charge.receipt_email == "hanako@example.com"
    assert charge.description == "T-shirt × 1"
    assert charge.id == payment.charge_id


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (DECLINED, "The bank declined the card and gave no reason."),
        ("4000000000009995", "insufficient funds"),
        ("4000000000000069", "The card has expired."),
        ("4000000000000127", "The security code (CVC) is not right."),
        ("4000000000000119", "The card could not be processed just now."),
        ("4000000000009987", "The bank declined the card and gave no reason."),
    ],
)
def test_a_decline_says_what_happened_and_that_the_card_must_be_entered_again(mike, number: str, words: str) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order(), **mike.enter_card(number)})

    assert "Not paid: nothing was charged" in page.text
    assert words in page.text
    assert "The card must be entered again" in page.text
    assert "lost" not in page.text
    assert Payment.objects.get().status == "failed"


def test_a_declined_form_sent_again_shows_the_same_decline_and_charges_nothing(mike: Visitor) -> None:
    form = {"order": mike.see_order(), **mike.enter_card(DECLINED)}
    first = mike.post("/checkout/", form)

    again = mike.post("/checkout/", form)

    assert again.url == first.url
    assert list(HistoryEntry.objects.values_list("kind", flat=True)) == ["opened", "token", "declined"]
    assert len(stripe.Charge.list().data) == 1


def test_a_token_that_another_order_spent_is_refused(mike: Visitor) -> None:
    card = mike.enter_card(VISA)
    mike.post("/checkout/", {"order": mike.see_order(), **card})

    page = mike.post("/checkout/", {"order": mike.see_order(), **card})

    assert "This card entry was used before." in page.text
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["failed", "paid"]
    assert [charge.amount for charge in stripe.Charge.list() if charge.paid] == [2000]


def test_a_token_that_stripe_does_not_know_is_refused(mike: Visitor) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order(), "stripeToken": "tok_none"})

    assert "Stripe does not recognize this card entry" in page.text
    assert Payment.objects.get().status == "failed"


@pytest.mark.parametrize("token", ["", "x", "⚡", "tok_⚡", "tok_" + "x" * 300, "card_1", "tok_1:x"])
def test_what_is_no_token_creates_nothing(mike: Visitor, token: str) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order(), "stripeToken": token})

    assert page.status_code == 400
    assert "No card was entered" in page.text
    assert not Payment.objects.exists()


@pytest.mark.parametrize("address", ["not an address", "hanako@localhost"], ids=["for us", "for Stripe"])
def test_an_address_that_is_none_costs_the_receipt_mail_and_not_the_sale(
    mike: Visitor, mailoutbox, address: str
) -> None:
    card = mike.enter_card(VISA) | {"stripeEmail": address}

    page = mike.post("/checkout/", {"order": mike.see_order(), **card})

    assert "Paid ¥2,000" in page.text
    assert [mail.to for mail in mailoutbox] == [["staff@localhost"]]


def test_no_token_at_all_creates_nothing(mike: Visitor) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})

    assert page.status_code == 400
    assert "No card was entered" in page.text
    assert not Payment.objects.exists()


def test_a_late_decline_of_an_older_token_does_not_end_the_newer_attempt(settings, mike: Visitor, webhooks) -> None:
    order = mike.see_order()
    mike.post("/checkout/", {"order": order, **mike.enter_card(DECLINED)})
    card = mike.enter_card(VISA)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    mike.post("/checkout/", {"order": order, **card})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    webhooks()

    assert Payment.objects.get().status == "pending"
    assert "Paid ¥2,000" in mike.post("/checkout/", {"order": order, **card}).text


def test_a_decline_of_an_older_token_does_not_hide_that_the_open_one_never_reached_stripe(
    settings, mike: Visitor
) -> None:
    order = mike.see_order()
    mike.post("/checkout/", {"order": order, **mike.enter_card(DECLINED)})
    lost, other = mike.enter_card(VISA), mike.enter_card(VISA)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    mike.post("/checkout/", {"order": order, **lost})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    receipt = mike.post("/checkout/", {"order": order, **other})

    assert "Paid ¥2,000" in receipt.text
    assert [charge.paid for charge in stripe.Charge.list()] == [True, False]


def test_a_decline_that_we_hear_after_another_card_has_paid_is_only_late(
    settings, mike: Visitor, webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, declined, other = mike.see_order(), mike.enter_card(DECLINED), mike.enter_card(VISA)
    second_tab = Visitor(mike.url, "en")
    second_tab.http.cookies.update(mike.http.cookies)

    def another_card_pays() -> None:
        webhooks()
        second_tab.post("/checkout/", {"order": order, **other})

    monkeypatch.setattr(Meanwhile, "happens", [another_card_pays])
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Meanwhile"

    mike.post("/checkout/", {"order": order, **declined})

    payment = Payment.objects.get()
    assert (payment.status, payment.mismatched) == ("paid", False)


def test_a_refusal_that_we_hear_after_another_card_was_entered_does_not_end_its_attempt(
    settings, mike: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"order": mike.see_order(), "stripeToken": "tok_none"}
    other = form | mike.enter_card(VISA)
    second_tab = Visitor(mike.url, "en")
    second_tab.http.cookies.update(mike.http.cookies)

    def another_card_is_entered() -> None:
        second_tab.post("/checkout/", form)
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
        second_tab.post("/checkout/", other)
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    monkeypatch.setattr(Meanwhile, "happens", [another_card_is_entered])
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Meanwhile"

    mike.post("/checkout/", form)

    assert Payment.objects.get().status == "pending"
    assert "Paid ¥2,000" in mike.post("/checkout/", other).text


def test_a_late_decline_of_an_older_token_does_not_undo_the_newer_payment(mike: Visitor, webhooks) -> None:
    order = mike.see_order()
    mike.post("/checkout/", {"order": order, **mike.enter_card(DECLINED)})
    mike.post("/checkout/", {"order": order, **mike.enter_card(VISA)})

    webhooks(times=2)

    assert Payment.objects.get().status == "paid"


def charge(payment: Payment, source: str, token: str) -> None:
    """Create a charge of this payment that our books do not have."""
    metadata = {"payment": str(payment.pk), "token": token}
    with suppress(stripe.CardError):
        stripe.Charge.create(amount=payment.amount, currency=payment.currency, source=source, metadata=metadata)


@pytest.mark.parametrize("sources", [["tok_visa", "tok_chargeDeclined"], ["tok_chargeDeclined", "tok_visa"]])
def test_of_several_charges_the_paid_one_is_found_whichever_came_last(payment: Payment, sources: list[str]) -> None:
    for source in sources:
        charge(payment, source, payment.token if source == "tok_chargeDeclined" else "tok_older")

    assert legacy.confirm(payment).paid
    assert Payment.objects.get().status == "paid"


def test_a_declined_charge_of_an_older_token_is_not_the_one_that_is_looked_for(payment: Payment) -> None:
    charge(payment, "tok_chargeDeclined", "tok_older")

    assert legacy.confirm(payment) is None
    assert Payment.objects.get().status == "pending"
