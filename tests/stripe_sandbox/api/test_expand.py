"""`expand[]` puts whole objects where ids are, or says why it cannot."""

from __future__ import annotations

from functools import cache
from inspect import get_annotations, getsource
from urllib.parse import urlencode

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stripe._object_classes import get_object_class

from stripe_sandbox.api.expand import EXPANDABLE
from stripe_sandbox.models import Delivery, Stored
from stripe_sandbox.resources.addresses import ROUTES
from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE, call, session
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


PATHS = [
    ("/v1/checkout/sessions", "total_details.breakdown", {"discounts": [], "taxes": []}),
    ("/v1/checkout/sessions", "shipping_cost.shipping_rate", None),
    ("/v1/checkout/sessions", "line_items.data.discounts", []),
    ("/v1/checkout/sessions", "line_items.data.taxes", []),
    ("/v1/charges", "transfer", None),
    ("/v1/charges", "application_fee", None),
    ("/v1/charges", "source_transfer", None),
    ("/v1/refunds", "customer", None),
    ("/v1/refunds", "payment_method", None),
    ("/v1/payment_intents", "payment_record", None),
]


@pytest.mark.django_db(databases="__all__")
@pytest.mark.usefixtures("_shelves")
@pytest.mark.parametrize(("path", "expanded", "value"), PATHS)
def test_what_stripe_expands_is_never_refused_in_its_name(path: str, expanded: str, value: object) -> None:
    status, body, _ = call("GET", path, urlencode({"expand[]": f"data.{expanded}"}))

    assert status == 200
    found = body["data"][0]
    for step in expanded.split("."):
        found = found[0] if step == "discounts" and isinstance(found, list) else found
        found = (found["data"][0] if step == "data" else found.get(step)) if isinstance(found, dict) else found
    assert found == value or (value is None and isinstance(found, dict))


@pytest.mark.django_db(databases="__all__")
@pytest.mark.usefixtures("_shelves")
@pytest.mark.parametrize("path", LISTS)
def test_every_expandable_property_of_the_sdk_may_be_named(path: str) -> None:
    _, body, _ = call("GET", path)
    for kind in {item["object"] for item in body.get("data", [])} - {"event"}:
        for name in expandable(kind):
            status, answer, _ = call("GET", path, urlencode({"expand[]": f"data.{name}"}))
            assert status == 200 or answer["error"]["code"] == "sandbox_limit", (kind, name, answer)


@cache
def expandable(kind: str) -> list[str]:
    """Return the properties of a kind of object that stripe-python's source calls expandable."""
    owner = get_object_class("V1", kind)
    text = getsource(owner)
    places = {name: text.find(f"\n    {name}: ") for name in get_annotations(owner)}
    return [name for name, start in places.items() if "ExpandableField" in text[start : text.find('"""', start)]]


@pytest.mark.django_db(databases="__all__")
def test_what_is_no_property_is_refused_as_stripe_does() -> None:
    call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_visa")

    for path in ("nonsense", "amount", "outcome.nonsense"):
        status, body, _ = call("GET", "/v1/charges", urlencode({"expand[]": f"data.{path}"}))
        assert (status, body["error"]["message"]) == (400, f"This property cannot be expanded (data.{path}).")


@pytest.mark.django_db(databases="__all__")
def test_an_object_of_a_kind_out_of_the_part_is_the_sandboxes_limit(api: stripe.StripeClient) -> None:
    charge = Stored.objects.get(sid=api.v1.charges.create(params=CHARGE).id)
    charge.body["transfer"] = "tr_1"
    charge.save()

    with pytest.raises(stripe.InvalidRequestError, match="does not support the expansion of `transfer`"):
        api.v1.charges.retrieve(charge.sid, params={"expand": ["transfer"]})
