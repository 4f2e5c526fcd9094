"""What all pages share: language, headers, and where they may lead."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import Stored
from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("url", ["http://[", "http://℀.com/", "http://a／b/"])
def test_a_return_address_that_was_kept_before_it_was_refused_breaks_no_page(
    url: str, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    stored = Stored.objects.get(sid=made.id)
    stored.body |= {"success_url": url, "cancel_url": url}
    stored.save()

    assert client.get(f"/c/pay/{made.id}").status_code == 200
    paid = pay(client.post, made.url, cardNumber="4000000000003220")
    assert client.get(paid["Location"]).status_code == 200


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
