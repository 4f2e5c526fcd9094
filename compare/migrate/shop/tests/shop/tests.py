import pytest
import stripe
from django.core import mail

from .models import Order

pytestmark = pytest.mark.django_db


def pay(client, card="tok_visa"):
    return client.post("/checkout/", {"stripeToken": card, "stripeEmail": "customer@example.com"}, follow=True)


def test_a_card_pays(client):
    pay(client)

    charge = stripe.Charge.retrieve(Order.objects.get().charge_id)
    assert (charge.amount, charge.currency, charge.paid) == (2000, "jpy", True)
    assert [each.to for each in mail.outbox] == [["customer@example.com"]]


def test_a_declined_card_is_no_order(client):
    page = pay(client, "tok_chargeDeclined")

    assert "Your card was declined." in page.content.decode()
    assert not Order.objects.exists()


def test_staff_refunds_an_order(client, admin_client):
    pay(client)
    order = Order.objects.get()

    admin_client.post(f"/orders/{order.pk}/refund/")

    order.refresh_from_db()
    assert order.refunded_at
    assert stripe.Charge.retrieve(order.charge_id).refunded
