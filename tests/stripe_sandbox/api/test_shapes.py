"""Parameters that several addresses share."""

from __future__ import annotations

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_an_empty_text_keeps_no_metadata_and_makes_room_for_another_key(api: stripe.StripeClient) -> None:
    full = {f"key{number}": "v" for number in range(50)}
    customer = api.v1.customers.create(params={"metadata": full})

    swapped = api.v1.customers.update(customer.id, params={"metadata": {"key0": "", "another": "v"}})

    assert len(swapped.metadata.to_dict()) == 50
    made = api.v1.checkout.sessions.create(params=session(metadata={"a": "b", "c": ""}))
    assert made.metadata.to_dict() == {"a": "b"}
    with pytest.raises(stripe.InvalidRequestError, match="Metadata can have up to 50 keys"):
        api.v1.customers.update(customer.id, params={"metadata": {"one": "more"}})
