import pytest
import stripe
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

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


def test_the_webhook_records_what_the_view_did_not(client, stripe_sandbox):
    pay(client)
    Order.objects.update(paid_at=None, charge_id=None)  # as if the server had stopped after the charge

    assert set(notify(client, stripe_sandbox)) == {200}

    order = Order.objects.get()
    assert order.paid_at
    assert order.charge_id


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
