"""An order is opened once, by the visitor to whom it was shown."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.test import RequestFactory

from bbs.models import Payment, Product
from bbs.payments import opening
from bbs.payments.order import Order


@pytest.mark.django_db(transaction=True)
def test_an_order_that_cannot_be_kept_says_why(products: dict[str, Product], rf: RequestFactory) -> None:
    order = Order.choose(list(products.values()), None, None, "modern")
    Product.objects.filter(pk=order.product.pk).delete()  # meanwhile, by staff

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        opening.open_payment(rf.get("/"), order)

    assert not Payment.objects.exists()
