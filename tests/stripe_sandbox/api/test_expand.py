"""`expand[]` puts whole objects where ids are, or says why it cannot."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_sandbox.api.expand import EXPANDABLE
from stripe_sandbox.models import Delivery
from stripe_sandbox.resources.addresses import ROUTES
from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import call, session
from tests.stripe_sandbox.stage.shape import problems

STEPS = st.sampled_from(
    sorted({"data", "object", "metadata", *(name for fields in EXPANDABLE.values() for name in fields)})
)


LISTS = [route.path for route in ROUTES if route.method == "GET" and "{" not in route.path]


@pytest.fixture
def _shelves(api: stripe.StripeClient) -> None:
    """One thing or two of each kind, so that there is something to expand."""
    customer = api.v1.customers.create(params={"source": "tok_visa", "metadata": {"object": "charge", "id": "x"}})
    charge = api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "customer": customer.id})
    api.v1.refunds.create(params={"charge": charge.id, "amount": 5})
    paid = {"payment_method": "pm_card_visa", "confirm": True, "return_url": "https://a.example/"}
    api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", "customer": customer.id, **paid})
    api.v1.checkout.sessions.create(params=session(customer=customer.id))
    api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_createDispute"})
    Delivery.objects.all().delete()
    drain(ahead=5)


@pytest.mark.django_db(databases="__all__")
@pytest.mark.usefixtures("_shelves")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(LISTS), st.lists(STEPS, min_size=1, max_size=3))
def test_any_path_is_expanded_or_refused(path: str, steps: list[str]) -> None:
    status, body, _ = call("GET", path, urlencode({"expand[]": ".".join(["data", *steps])}))

    if status == 200:
        assert [problem for item in body.get("data", []) for problem in problems(item)] == []
    else:
        assert (status, body["error"]["param"]) == (400, "expand")


@pytest.mark.django_db(databases="__all__")
def test_what_a_deleted_customer_had_is_not_expanded(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(params={"source": "tok_visa"}).id
    charge = api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "customer": customer})
    api.v1.customers.delete(customer)

    found = api.v1.charges.retrieve(charge.id, params={"expand": ["customer.sources"]})

    assert found.customer.to_dict() == {"id": customer, "object": "customer", "deleted": True}
