"""Customers over the API."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_customer_is_made_changed_and_deleted(api: stripe.StripeClient) -> None:
    made = api.v1.customers.create(params={"email": "a@b.example", "name": "Hanako", "metadata": {"a": "1"}})
    changed = api.v1.customers.update(made.id, params={"name": "", "metadata": {"a": "", "b": "2"}, "tax_exempt": ""})
    gone = api.v1.customers.delete(made.id)

    assert (made.name, changed.name, changed.email) == ("Hanako", None, "a@b.example")
    assert (changed.metadata.to_dict(), changed.tax_exempt) == ({"b": "2"}, "none")
    assert gone.deleted
    assert api.v1.customers.retrieve(made.id).to_dict() == {"id": made.id, "object": "customer", "deleted": True}
    assert api.v1.customers.list().data == []
    kinds = [event.type for event in api.v1.events.list().data]
    assert kinds == ["customer.deleted", "customer.updated", "customer.created"]


def test_customers_are_found_by_e_mail(api: stripe.StripeClient) -> None:
    made, _ = (api.v1.customers.create(params={"email": email}) for email in ("a@b.example", "c@d.example"))

    assert [found.id for found in api.v1.customers.list(params={"email": "a@b.example"}).data] == [made.id]


def test_a_card_that_the_issuer_declines_is_not_saved(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        api.v1.customers.create(params={"source": "tok_chargeDeclined"})

    assert caught.value.error.decline_code == "generic_decline"
    assert api.v1.customers.list().data == []


def test_a_card_may_be_saved_and_declined_when_it_is_charged(api: stripe.StripeClient) -> None:
    made = api.v1.customers.create(params={"source": "tok_chargeCustomerFail"})

    with pytest.raises(stripe.CardError):
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "customer": made.id})


def test_only_a_card_of_the_customers_can_be_the_default(api: stripe.StripeClient) -> None:
    made = api.v1.customers.create(params={"source": "tok_visa"})
    api.v1.customers.update(made.id, params={"source": "tok_amex"})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.customers.update(made.id, params={"default_source": "card_x"})
    back = api.v1.customers.update(made.id, params={"default_source": made.default_source})

    assert (caught.value.code, caught.value.param) == ("resource_missing", "source")
    assert back.default_source == made.default_source


def test_an_address_is_whole_or_none(api: stripe.StripeClient) -> None:
    made = api.v1.customers.create(params={"address": {"line1": "1-2-3"}})
    cleared = api.v1.customers.update(made.id, params={"address": "", "shipping": ""})

    assert (made.address.line1, made.address.city) == ("1-2-3", None)
    assert (cleared.address, cleared.shipping) == (None, None)
