from unittest import mock

import stripe
from django.contrib.auth.models import User
from django.core import mail
from django.test import TestCase

from .models import Order


class ShopTest(TestCase):
    @mock.patch("stripe.Charge.create")
    def test_a_card_pays(self, create):
        create.return_value = mock.Mock(id="ch_1")
        self.client.post("/checkout/", {"stripeToken": "tok_1", "stripeEmail": "customer@example.com"})
        self.assertEqual(Order.objects.get().charge_id, "ch_1")
        self.assertEqual(len(mail.outbox), 1)

    @mock.patch("stripe.Charge.create")
    def test_a_declined_card_is_no_order(self, create):
        create.side_effect = stripe.error.CardError("Your card was declined.", None, "card_declined")
        self.client.post("/checkout/", {"stripeToken": "tok_1", "stripeEmail": "customer@example.com"})
        self.assertContains(self.client.get("/"), "Your card was declined.")
        self.assertFalse(Order.objects.exists())

    @mock.patch("stripe.Charge.retrieve")
    def test_staff_refunds_an_order(self, retrieve):
        order = Order.objects.create(amount=2000, charge_id="ch_1")
        self.client.force_login(User.objects.create_superuser("staff"))
        self.client.post(f"/orders/{order.pk}/refund/")
        retrieve.return_value.refund.assert_called_once_with()
        order.refresh_from_db()
        self.assertIsNotNone(order.refunded_at)
