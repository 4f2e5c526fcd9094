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


@pytest.mark.parametrize(("limit", "shown"), [(0, 1), (1, 1), (2, 2), (101, 3), (99999, 3)])
def test_a_page_has_from_one_to_a_hundred_objects(api: stripe.StripeClient, limit: int, shown: int) -> None:
    """Beyond that the nearest counts, as notes on the real Stripe of 2026 say; its documentation names the bounds."""
    for _ in range(3):
        api.v1.customers.create()

    assert len(api.v1.customers.list(params={"limit": limit}).data) == shown
