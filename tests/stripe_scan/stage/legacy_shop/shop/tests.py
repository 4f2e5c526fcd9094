from unittest.mock import patch

from django.test import TestCase


class PayTest(TestCase):
    @patch("shop.payments.stripe.Charge.create")
    def test_pay(self, create):
        self.client.post("/pay/1/", {"stripeToken": "tok_visa", "stripeEmail": "a@shop.example"})
