"""`expand[]` puts whole objects where ids are, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from inspect import get_annotations, getsource, isclass
from typing import ForwardRef, get_args, get_origin
from urllib.parse import urlencode

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stripe._object_classes import get_object_class

from stripe_sandbox.api.expand import EXPANDABLE, expand
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Delivery, StripeObject
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


DEEPEST = 4


@pytest.mark.django_db(databases="__all__")
@pytest.mark.usefixtures("_shelves")
def test_every_path_that_the_sdk_knows_may_be_named() -> None:
    refused, count = [], 0
    for kind in StripeObject.objects.exclude(kind="event").values_list("kind", flat=True).distinct():
        body = StripeObject.objects.filter(kind=kind).order_by("seq").last().body
        for path in sorted(set(paths(get_object_class("V1", kind), DEEPEST))):
            count += 1
            try:
                expand(body, [path])
            except ApiError as error:
                refused += [(kind, path)] * (error.body["code"] != "sandbox_limit")

    assert refused == []
    assert count > 4_000


def paths(owner: type, depth: int) -> Iterator[str]:
    """Yield what can be expanded from objects of a class on, in so many levels, by stripe-python's annotations."""
    for name, hint in get_annotations(owner).items() if depth > 0 else ():
        if name == "OBJECT_NAME":
            continue
        inner, is_list, is_expandable = leads_to(hint)
        if is_list or is_expandable:
            yield name
        step, levels = (f"{name}.data", 2) if is_list else (name, 1)
        for each in inner:
            yield from (f"{step}.{rest}" for rest in paths(each, depth - levels))


@cache
def leads_to(hint: object) -> tuple[list[type], bool, bool]:
    """Return the classes that an annotation names, if it is a list object, and if an id may stand for the object."""
    parts = list(flat(hint))
    text = " ".join(part.__forward_arg__ for part in parts if isinstance(part, ForwardRef))
    named = [getattr(stripe, word.removesuffix("Resource"), None) for word in re.findall(r"[A-Z]\w+", text)]
    is_list = stripe.ListObject in parts or "ListObject[" in text
    inner = [one for one in (*parts, *named) if is_object(one)]
    return inner, is_list, str in parts and bool(text)


def is_object(part: object) -> bool:
    return (
        isclass(part) and issubclass(part, stripe.StripeObject) and part not in (stripe.ListObject, stripe.StripeObject)
    )


def flat(hint: object) -> Iterator[object]:
    yield get_origin(hint) or hint
    for inner in get_args(hint):
        if not isinstance(inner, str):
            yield from flat(inner)


@pytest.mark.django_db(databases="__all__")
def test_a_property_of_some_sources_is_accepted_beside_others(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE).id
    api.v1.refunds.create(params={"charge": charge})
    drain(ahead=5)

    found = api.v1.balance_transactions.list(params={"expand": ["data.source.charge"]})

    sources = [row.source.to_dict() for row in found.data]
    assert [source["object"] for source in sources] == ["refund", "charge"]
    assert sources[0]["charge"]["id"] == charge == sources[1]["id"]
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        api.v1.balance_transactions.list(params={"expand": ["data.source.nonsense"]})


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
    charge = StripeObject.objects.get(sid=api.v1.charges.create(params=CHARGE).id)
    charge.body["transfer"] = "tr_1"
    charge.save()

    with pytest.raises(stripe.InvalidRequestError, match="does not support the expansion of `transfer`"):
        api.v1.charges.retrieve(charge.sid, params={"expand": ["transfer"]})
