"""What all pages share: language, headers, and where they may lead."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("https://shop.example/済?s={CHECKOUT_SESSION_ID}", "https://shop.example/%E6%B8%88?s={sid}"),
        ("https://a;script-src *.example/", "refused"),
        ("https://a;x.example/", "https://a;x.example/"),
        ("https://shop.example/\r\nSet-Cookie: a=b", "refused"),
    ],
)
def test_a_return_address_cannot_break_out_of_its_header(
    address: str, location: str, api: stripe.StripeClient, client: Client
) -> None:
    if location == "refused":
        with pytest.raises(stripe.InvalidRequestError, match="Not a valid URL"):
            api.v1.checkout.sessions.create(params=session(success_url=address))
        return
    made = api.v1.checkout.sessions.create(params=session(success_url=address))

    policy = client.get(f"/c/pay/{made.id}")["Content-Security-Policy"]

    assert pay(client.post, made.url)["Location"] == location.format(sid=made.id)
    assert ";x" not in policy
