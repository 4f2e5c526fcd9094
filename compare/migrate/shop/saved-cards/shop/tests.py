import pytest
import stripe
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import cards
from .models import Order

pytestmark = pytest.mark.django_db


def pay(client, card="tok_visa"):
    order = client.get("/").context["order"]
    form = {"order": order, "stripeToken": card, "stripeEmail": "customer@example.com"}
    return client.post("/checkout/", form, follow=True)


def notify(client, sandbox):
    """Post what Stripe has to say; return the statuses."""
    return sandbox.deliver(
        lambda event: client.post("/webhook/", event.body, "application/json", **event.environ).status_code
    )


def test_a_card_pays(client):
    pay(client)

    charge = stripe.Charge.retrieve(Order.objects.get().charge_id)
    assert (charge.amount, charge.currency, charge.paid) == (2000, "jpy", True)
    assert [each.to for each in mail.outbox] == [["customer@example.com"]]


def test_a_declined_card_pays_no_order(client):
    page = pay(client, "tok_chargeDeclined")

    assert "Your card was declined." in page.content.decode()
    assert Order.objects.get().paid_at is None


def test_a_form_of_the_last_release_still_pays(client):
    client.post("/checkout/", {"stripeToken": "tok_visa", "stripeEmail": "customer@example.com"})

    assert Order.objects.get().paid_at


def test_an_order_that_the_shop_did_not_sign_is_refused(client):
    assert client.post("/checkout/", {"order": "forged", "stripeToken": "tok_visa"}).status_code == 400


def test_the_webhook_delivers_what_the_view_did_not(client, stripe_sandbox):
    pay(client)
    Order.objects.update(paid_at=None, charge_id=None)  # as if the server had stopped after the charge
    mail.outbox.clear()

    assert set(notify(client, stripe_sandbox)) == {200}

    order = Order.objects.get()
    assert order.paid_at
    assert order.charge_id
    assert len(mail.outbox) == 1


def test_the_view_and_the_webhook_together_deliver_once(client, stripe_sandbox):
    pay(client)
    paid_at = Order.objects.get().paid_at

    notify(client, stripe_sandbox)

    assert Order.objects.get().paid_at == paid_at
    assert len(mail.outbox) == 1


def test_a_form_that_is_sent_twice_pays_once(client):
    order = client.get("/").context["order"]
    card = stripe.Token.create(card={"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"})
    for _ in range(2):
        client.post("/checkout/", {"order": order, "stripeToken": card.id})
    Order.objects.update(paid_at=None)  # as if the second had come before the first was done
    client.post("/checkout/", {"order": order, "stripeToken": card.id})

    assert len(stripe.Charge.list().data) == 1


def test_another_amount_is_not_delivered(client, stripe_sandbox, caplog):
    pay(client)
    Order.objects.update(paid_at=None, amount=3000)
    mail.outbox.clear()

    notify(client, stripe_sandbox)

    assert Order.objects.get().paid_at is None
    assert mail.outbox == []
    assert "2000 jpy" in caplog.text


def test_a_refund_in_the_dashboard_is_recorded(client, stripe_sandbox):
    pay(client)
    stripe.Refund.create(charge=Order.objects.get().charge_id)

    notify(client, stripe_sandbox)

    assert Order.objects.get().refunded_at


def test_what_stripe_did_not_sign_is_refused(client):
    assert client.post("/webhook/", b"{}", "application/json").status_code == 400


def test_staff_refunds_an_order(client, admin_client):
    pay(client)
    order = Order.objects.get()

    admin_client.post(f"/orders/{order.pk}/refund/")

    order.refresh_from_db()
    assert order.refunded_at
    assert stripe.Charge.retrieve(order.charge_id).refunded


@pytest.mark.django_db(transaction=True)
def test_an_old_order_counts_as_paid_since_it_was_saved():
    MigrationExecutor(connection).migrate([("shop", "0001_initial")])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shop_order (amount, email, charge_id, created_at) VALUES (2000, '', 'ch_old', '2020-01-01')"
        )

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    order = Order.objects.get(charge_id="ch_old")
    assert order.paid_at == order.created_at


@pytest.fixture
def modern(settings):
    settings.PAYMENT_FLOW = "modern"


def go_to_stripe(client):
    """Press the button; return the address of Stripe's page."""
    return client.post("/checkout/", {"order": client.get("/").context["order"]}).headers["Location"]


def test_modern_is_switched_off(client):
    assert "checkout.js" in client.get("/").content.decode()


def test_the_modern_button_loads_no_script(client, modern):
    assert "<script" not in client.get("/").content.decode()


def test_an_order_is_paid_on_stripes_page_and_delivered_once(client, stripe_sandbox, modern):
    back = stripe_sandbox.pay(go_to_stripe(client), email="customer@example.com")
    assert Order.objects.get().paid_at is None

    client.get(back)
    notify(client, stripe_sandbox)

    assert Order.objects.get().paid_at
    assert [each.to for each in mail.outbox] == [["customer@example.com"]]


def test_the_webhook_delivers_to_a_visitor_who_never_comes_back(client, stripe_sandbox, modern):
    stripe_sandbox.pay(go_to_stripe(client))

    assert set(notify(client, stripe_sandbox)) == {200}

    assert Order.objects.get().paid_at
    assert len(mail.outbox) == 1


def test_coming_back_without_having_paid_delivers_nothing(client, modern):
    go_to_stripe(client)
    session = stripe.checkout.Session.list().data[0]

    client.get("/success/", {"session_id": session.id})
    client.get("/success/", {"session_id": "cs_test_none"})
    client.get("/success/")

    assert Order.objects.get().paid_at is None
    assert mail.outbox == []


def test_a_second_click_leads_to_the_same_page(client, modern):
    form = {"order": client.get("/").context["order"]}

    first, second = (client.post("/checkout/", form).headers["Location"] for _ in range(2))

    assert first == second


def test_a_payment_ends_in_the_flow_of_its_form(client, stripe_sandbox, settings):
    order = client.get("/").context["order"]
    settings.PAYMENT_FLOW = "modern"
    page = go_to_stripe(client)
    client.post("/checkout/", {"order": order, "stripeToken": "tok_visa"})
    settings.PAYMENT_FLOW = "legacy"
    client.get(stripe_sandbox.pay(page))

    assert Order.objects.exclude(charge_id=None).get().paid_at
    assert Order.objects.exclude(payment_intent_id=None).get().paid_at


def test_a_modern_order_is_refunded_too(client, admin_client, stripe_sandbox, modern):
    client.get(stripe_sandbox.pay(go_to_stripe(client)))
    order = Order.objects.get()

    admin_client.post(f"/orders/{order.pk}/refund/")
    Order.objects.update(refunded_at=None)  # the webhook records it too
    notify(client, stripe_sandbox)

    assert Order.objects.get().refunded_at
    assert stripe.PaymentIntent.retrieve(order.payment_intent_id, expand=["latest_charge"]).latest_charge.refunded


def test_a_card_of_the_legacy_flow_is_found_without_a_token():
    customer = stripe.Customer.create(email="customer@example.com", source="tok_visa")

    (card,) = cards.kept(customer.id)

    assert card.id == customer.default_source
    assert card.card.last4 == "4242"
