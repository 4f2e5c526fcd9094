"""What the tests of single modules begin with: an order in our books that Stripe has not heard of."""

from __future__ import annotations

import uuid

import pytest

from bbs.models import Payment


@pytest.fixture
def payment(products) -> Payment:
    """An order of 2,000 yen, opened and not paid."""
    product = products["t-shirt"]
    return Payment.objects.create(
        flow="legacy",
        visitor=uuid.uuid4(),
        language="en",
        origin="http://localhost",
        product=product,
        product_name=product.name,
        quantity=1,
        unit_amount=2000,
        amount=2000,
        currency="jpy",
        token="tok_newer",
    )
