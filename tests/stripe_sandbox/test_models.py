"""What a list looks objects up by is read from their JSON."""

from __future__ import annotations

import pytest

from stripe_sandbox.models import StripeObject


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ({"object": "refund", "charge": "ch_1", "status": "pending"}, {"parent": "ch_1", "tag": "pending"}),
        ({"object": "price", "product": "prod_1", "type": "one_time"}, {"parent": "prod_1", "tag": "one_time"}),
        ({"object": "event", "type": "a.b", "data": {"object": {"id": "ch_1"}}}, {"parent": "ch_1", "tag": "a.b"}),
        ({"object": "event", "type": "a.b", "data": {"object": {}}}, {"parent": "", "tag": "a.b"}),
        ({"object": "charge", "source": {"id": "card_1"}, "customer": "cus_1"}, {"parent": "", "customer": "cus_1"}),
        ({"object": "checkout.session", "customer_details": {"email": "a@b.example"}}, {"email": "a@b.example"}),
        ({"object": "customer", "email": "a@b.example", "customer_details": None}, {"email": "a@b.example"}),
    ],
)
def test_a_saved_object_can_be_looked_up(body: dict[str, object], columns: dict[str, str]) -> None:
    stored = StripeObject.objects.create(sid="x_1", kind=body["object"], created=1, body=body)

    found = StripeObject.objects.filter(**columns).get()

    assert found == stored
