"""What an expression stands for: parts, elements, and what a call returns."""

from __future__ import annotations

import pytest

from stripe_scan.reading.kinds import each, last, part, returned


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("stripe.Charge.create", "<Charge>"),
        ("stripe.checkout.Session.create", "<Session>"),
        ("stripe.checkout.Session.list", "<list Session>"),
        ("stripe.Customer.list_sources", "<list Customer>"),
        ("stripe.Charge", "<Charge>"),
        ("stripe.CardError", "<error>"),
        ("stripe.error.CardError", "<error>"),
        ("stripe.StripeClient", "client"),
        ("stripe.Webhook.construct_event", "<Event>"),
        ("<Charge>.refund", "<Charge>"),
        ("<Charge>.outcome", ""),
        ("<Customer>.sources.create", "<Source>"),
        ("<list Charge>.auto_paging_iter", "<list Charge>"),
    ],
)
def test_a_call_returns(path: str, kind: str) -> None:
    assert returned(path) == kind


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("", "x", ""),
        ("stripe", "Charge", "stripe.Charge"),
        ("client", "charges", "stripe.Charge"),
        ("client.v1", "charges", "stripe.Charge"),
        ("client.v1.checkout", "sessions", "stripe.checkout.Session"),
        ("<list Charge>", "data", "<list Charge>"),
        ("<Event>.data", "object", "<object>"),
        ("<Charge>", "outcome", "<Charge>.outcome"),
    ],
)
def test_a_part_has_a_kind(kind: str, name: str, expected: str) -> None:
    assert part(kind, name) == expected


def test_elements_of_several_are_one_each() -> None:
    assert each("<list Charge>") == "<Charge>"
    assert each("<Charge>") == each("<list Charge>.total") == ""
    assert last("stripe.Charge.create") == "create"
