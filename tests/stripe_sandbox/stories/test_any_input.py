"""Whatever comes, the API answers with JSON of Stripe's shape, and makes all of an object or nothing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_sandbox import money
from stripe_sandbox.models import Delivery, StripeObject
from stripe_sandbox.resources.addresses import ROUTES
from tests.stripe_sandbox.stage.calls import call
from tests.stripe_sandbox.stage.shape import problems

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
    before = StripeObject.objects.count(), Delivery.objects.count()

    status, body, _ = call(
        method, path.replace("{sid}", sid), urlencode([(key + rest, text) for key, rest, text in fields])
    )

    # 403 for the id of another account alone.
    assert status in (200, 400, 402, 404) or (status, path) == (403, "/v1/accounts/{sid}")
    if status == 200:
        assert body["object"] == "list" or problems(body) == []
    else:
        assert {"message", "type"} <= body["error"].keys()
    if status in (400, 404):
        assert (StripeObject.objects.count(), Delivery.objects.count()) == before


@pytest.mark.django_db(databases="__all__")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["jpy", "usd", "kwd", "huf", "krw", "ugx"]),
    st.integers(1, 99_999_999),
    st.integers(1, 10),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=40),
)
def test_any_amount_and_name_make_a_whole_session_or_none(currency: str, amount: int, quantity: int, name: str) -> None:
    before = StripeObject.objects.count()
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
        whole = amount % money.CURRENCIES[currency].step == 0
        assert not whole or body["error"]["code"] in ("amount_too_small", "amount_too_large")
        assert StripeObject.objects.count() == before
