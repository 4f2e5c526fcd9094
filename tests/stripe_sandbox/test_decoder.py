"""Whatever comes, the API answers with JSON of Stripe's shape, and makes all of an object or nothing."""

from __future__ import annotations

import string
from urllib.parse import urlencode

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_sandbox.api import form
from stripe_sandbox.api.expand import EXPANDABLE
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Delivery, Stored
from stripe_sandbox.resources.addresses import ROUTES
from stripe_sandbox.testing import drain
from tests.stripe_sandbox.conftest import call, session
from tests.stripe_sandbox.shape import problems

names = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=8)
params = st.recursive(
    st.dictionaries(names, st.text(max_size=12), min_size=1, max_size=3),
    lambda inner: st.dictionaries(names, inner | st.text(max_size=12), min_size=1, max_size=3),
    max_leaves=8,
)


@given(params)
def test_what_is_encoded_is_decoded_again(given_params: dict[str, object]) -> None:
    assert form.decode(urlencode(form.encode(given_params))) == given_params


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_both_ways_to_write_an_array_mean_the_same(items: list[str]) -> None:
    bare = form.decode(urlencode([("a[]", item) for item in items]))

    assert bare == form.decode(urlencode([(f"a[{place}]", item) for place, item in enumerate(items)]))


def test_a_bare_array_of_hashes_begins_a_new_one_where_a_name_comes_again() -> None:
    assert form.decode("a[][b]=1&a[][c]=2&a[][b]=3") == {"a": {"0": {"b": "1", "c": "2"}, "1": {"b": "3"}}}


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(form.decode(raw), dict)
    except ApiError as refused:
        assert refused.status == 400  # noqa: PT017


@given(st.text("ab[]=&%5B5D", max_size=40))
def test_any_brackets_are_decoded_or_refused(text: str) -> None:
    test_any_bytes_are_decoded_or_refused.hypothesis.inner_test(text.encode())


KEYS = sorted({key for route in ROUTES for key in route.params})
VALUES = st.sampled_from(
    [
        *("", "0", "1", "-1", "2000", "99999999999999999999", "1e3", "true", "jpy", "usd", "tok_visa", "tok_x"),
        *("pm_card_visa", "payment", "https://a.example/", "a@b.example", "\x00", "日本", "x" * 600, "card", "ch_1"),
    ]
)
PATHS = [
    "",
    "[a]",
    "[]",
    "[0]",
    "[0][price_data][currency]",
    "[0][price_data][unit_amount]",
    "[0][price_data][product_data][name]",
    "[0][quantity]",
    "[gte]",
    "[number]",
    "[exp_month]",
    "[" * 20,
]
FORMS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(PATHS), VALUES), max_size=7)
ADDRESSES = [(route.method, route.path) for route in ROUTES]


@pytest.mark.django_db(databases="__all__")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(ADDRESSES), FORMS, st.sampled_from(["ch_x", "cs_x", "%00", "\x00", "a" * 300, "日本"]))
def test_any_parameters_get_an_answer_of_stripes_shape(
    address: tuple[str, str], fields: list[tuple[str, str, str]], sid: str
) -> None:
    method, path = address
    before = Stored.objects.count(), Delivery.objects.count()

    status, body, _ = call(
        method, path.replace("{sid}", sid), urlencode([(key + rest, text) for key, rest, text in fields])
    )

    assert status in (200, 400, 402, 404)
    if status == 200:
        assert body["object"] == "list" or problems(body) == []
    else:
        assert {"message", "type"} <= body["error"].keys()
    if status in (400, 404):
        assert (Stored.objects.count(), Delivery.objects.count()) == before


@pytest.mark.django_db(databases="__all__")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["jpy", "usd", "kwd", "huf", "krw"]),
    st.integers(1, 99_999_999),
    st.integers(1, 10),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=40),
)
def test_any_amount_and_name_make_a_whole_session_or_none(currency: str, amount: int, quantity: int, name: str) -> None:
    before = Stored.objects.count()
    fields = {
        "mode": "payment",
        "success_url": "https://a.example/",
        "line_items[0][price_data][currency]": currency,
        "line_items[0][price_data][unit_amount]": amount,
        "line_items[0][price_data][product_data][name]": name,
        "line_items[0][quantity]": quantity,
    }

    status, body, _ = call("POST", "/v1/checkout/sessions", urlencode(fields))

    if status == 200:
        assert problems(body) == []
        assert (body["amount_total"], body["currency"]) == (amount * quantity, currency)
    else:
        assert body["error"]["code"] in ("amount_too_small", "amount_too_large")
        assert Stored.objects.count() == before


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
