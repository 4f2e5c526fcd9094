"""What we read of Stripe's objects: what has that shape passes, what has not is refused by the name of its field."""

from __future__ import annotations

import re

import pytest

from bbs.payments import shapes

CHARGE = {
    "id": "ch_1",
    "paid": True,
    "amount_captured": 2000,
    "amount_refunded": 0,
    "currency": "jpy",
    "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}},
}


@pytest.mark.parametrize(
    "text", ["", "null?", "[" * 1000, b"\xff", "9" * 5000, "[" * 60 + "]" * 60, '{"a":' * 60 + "1" + "}" * 60]
)
def test_what_is_no_json_or_is_nested_deeper_than_stripes_objects_is_odd(text: str | bytes) -> None:
    with pytest.raises(shapes.OddShape):
        shapes.parsed(text)


def test_json_is_read_from_text_and_bytes() -> None:
    assert shapes.parsed('{"a": [1]}') == shapes.parsed(b'{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": ""}, "response.id"),
        ({"id": "ch_\n"}, "response.id"),
        ({"id": None}, "response.id"),
        ({"paid": 1}, "response.paid"),
        ({"amount_captured": "2000"}, "response.amount_captured"),
        ({"amount_captured": True}, "response.amount_captured"),
        ({"amount_captured": 2000.0}, "response.amount_captured"),
        ({"amount_captured": -1}, "response.amount_captured"),
        ({"amount_captured": 2**63}, "response.amount_captured"),
        ({"currency": "yens"}, "response.currency"),
        ({"receipt_email": "\x00"}, "response.receipt_email"),
        ({"receipt_email": "\ud800"}, "response.receipt_email"),
        ({"outcome": {"reason": "x" * 101}}, "response.outcome.reason"),
        ({"payment_method_details": {"card": {"last4": "42424"}}}, "response.payment_method_details.card.last4"),
        ({"metadata": {"payment": 5}}, "response.metadata"),
        ({"payment_intent": {"id": 5}}, "response.payment_intent.id"),
    ],
    ids=str,
)
def test_a_field_of_another_type_or_size_is_named_and_its_value_is_not(change: dict, place: str) -> None:
    with pytest.raises(shapes.OddShape, match=rf"\A{re.escape(place)} is missing, or not of the type that it has at"):
        shapes.check(CHARGE | change, shapes.CHARGE)


def test_what_a_server_in_stripes_place_leaves_out_is_null() -> None:
    charge = dict(CHARGE)

    shapes.check(charge, shapes.CHARGE)

    assert (charge["outcome"], charge["receipt_email"]) == (None, None)


def test_of_a_value_only_what_its_shape_names_is_read_and_all_where_it_names_nothing() -> None:
    charge = CHARGE | {"description": "T-shirt", "outcome": {"reason": None, "risk_score": 5}, "metadata": {"a": "b"}}
    shapes.check(charge, shapes.CHARGE)

    read = shapes.only(charge, shapes.CHARGE)

    assert read.keys() == shapes.CHARGE.keys()
    assert (read["outcome"], read["metadata"], read["refunds"]) == ({"reason": None}, {"a": "b"}, None)
    assert shapes.only({"data": [charge]}, {"data": [{"id": shapes.identifier}]}) == {"data": [{"id": "ch_1"}]}
    assert shapes.only({"data": charge}, {"data": {}}) == {"data": charge}


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://[", "/here", "https://x/" + "x" * 5000, 5])
def test_a_page_of_stripes_is_at_a_web_address(link: object) -> None:
    assert not shapes.link(link)
    assert shapes.link("https://checkout.stripe.com/c/pay/cs_test_1#fid")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("get", "/v1/charges/ch_1", shapes.CHARGE),
        ("post", "/v1/checkout/sessions", shapes.SESSION),
        ("get", "/v1/checkout/sessions/cs_1?expand[]=payment_intent", shapes.SESSION),
        ("get", "/under/a/path/v1/refunds/re_1", shapes.REFUND),
        (
            "get",
            "/v1/disputes?limit=1",
            {"object": shapes.is_list, "data": [shapes.DISPUTE], "has_more": (shapes.flag, None)},
        ),
        ("get", "/v1/checkout/sessions/cs_1/line_items", {}),
        ("post", "/v1/tokens", {}),
    ],
)
def test_an_answer_is_expected_to_be_what_its_address_names(method: str, path: str, kind: shapes.Kind) -> None:
    assert shapes.of_answer(method, f"https://api.stripe.com{path}") == kind


@pytest.mark.parametrize(
    ("kind", "largest"),
    [(shapes.amount, 2**63 - 1), (shapes.moment, 2**32 - 1)],
    ids=["amount", "moment"],
)
def test_a_number_is_one_that_every_database_can_hold(kind: shapes.Predicate, largest: int) -> None:
    assert [kind(value) for value in (-1, 0, largest, largest + 1, True, 1.0)] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_text_may_be_as_long_as_its_column_and_no_longer() -> None:
    assert [shapes.text(3)("x" * length) for length in (0, 3, 4)] == [True, True, False]
    assert [shapes.identifier("x" * length) for length in (0, 1, 255, 256)] == [False, True, True, False]
