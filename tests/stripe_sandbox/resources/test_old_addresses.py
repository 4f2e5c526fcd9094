"""The addresses of refunds and disputes that older releases of Stripe's libraries call."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE, call

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def charge(api: stripe.StripeClient) -> str:
    return api.v1.charges.create(params=CHARGE).id


def test_refund_answers_the_charge_and_refunds_the_refund(charge: str) -> None:
    _, shown, _ = call("POST", f"/v1/charges/{charge}/refund", "amount=500")
    _, refund, _ = call("POST", f"/v1/charges/{charge}/refunds", "amount=300&metadata[a]=b")

    assert (shown["id"], shown["amount_refunded"]) == (charge, 500)
    assert (refund["object"], refund["charge"], refund["metadata"]) == ("refund", charge, {"a": "b"})
    _, listed, _ = call("GET", f"/v1/charges/{charge}/refunds", "limit=1")
    assert (listed["data"], listed["has_more"], listed["url"]) == ([refund], True, f"/v1/charges/{charge}/refunds")


def test_a_refund_is_read_and_changed_under_its_own_charge_only(api: stripe.StripeClient, charge: str) -> None:
    other = api.v1.charges.create(params=CHARGE).id
    refund = api.v1.refunds.create(params={"charge": charge}).id

    assert call("GET", f"/v1/charges/{charge}/refunds/{refund}")[1]["id"] == refund
    assert call("POST", f"/v1/charges/{charge}/refunds/{refund}", "metadata[a]=b")[1]["metadata"] == {"a": "b"}
    for method in ("GET", "POST"):
        status, body, _ = call(method, f"/v1/charges/{other}/refunds/{refund}")
        assert (status, body["error"]["param"]) == (404, "refund")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "refund"),
        ("POST", "refunds"),
        ("GET", "refunds"),
        ("GET", "refunds/re_1"),
        ("GET", "dispute"),
        ("POST", "dispute/close"),
    ],
)
def test_a_missing_charge_is_named(method: str, path: str) -> None:
    status, body, _ = call(method, f"/v1/charges/ch_nope/{path}")

    assert (status, body["error"]["message"]) == (404, "No such charge: 'ch_nope'")


def test_a_dispute_is_read_changed_and_closed_under_its_charge(api: stripe.StripeClient, charge: str) -> None:
    disputed = api.v1.charges.create(params={**CHARGE, "source": "tok_createDispute"}).id
    drain(ahead=200)
    path = f"/v1/charges/{disputed}/dispute"
    dispute = api.v1.disputes.list(params={"charge": disputed}).data[0].id

    assert call("GET", path)[1]["id"] == dispute
    assert call("POST", path, "metadata[a]=b")[1]["metadata"] == {"a": "b"}
    assert call("POST", f"{path}/close")[1]["status"] == "lost"
    status, body, _ = call("GET", f"/v1/charges/{charge}/dispute")
    assert (status, body["error"]["message"]) == (404, f"No dispute for charge: {charge}")
