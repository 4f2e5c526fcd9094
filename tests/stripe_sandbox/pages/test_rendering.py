"""What all pages share: language, headers, and where they may lead."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import StripeObject
from stripe_sandbox.pages import rendering
from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("url", ["http://[", "http://℀.com/", "http://a／b/"])
def test_a_return_address_that_was_kept_before_it_was_refused_breaks_no_page(
    url: str, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    stored = StripeObject.objects.get(sid=made.id)
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


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is no such page in this sandbox."), ("ja", "サンドボックス")]
)
@pytest.mark.parametrize("alone", [False, True])
def test_an_address_without_a_page_gets_the_sandboxes_own(
    alone: bool, language: str, words: str, client: Client, settings: Any
) -> None:
    if alone:
        settings.ROOT_URLCONF = "stripe_sandbox.alone.urls"
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"ALONE": True}

    pages = [
        "/sandbox/nonsense/",
        "/sandbox/vouchers/",
        "/sandbox/events/a/b/c/",
        "/c/",
        "/c/pay/",
        "/c/nonsense/",
        "/c/pay/a/b/",
    ]
    if alone:
        pages += ["/nonsense/", "/admin/", "/favicon.ico"]
    for path in pages:
        response = client.get(path, headers={"accept-language": language})
        text = response.content.decode()
        assert (response.status_code, response["Content-Security-Policy"]) == (404, rendering.policy())
        assert words in text
        assert ('href="/"' in text) is not alone


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("path", ["/sandbox/events", "/sandbox/nonsense", "/c/nonsense", "/c/pay/cs_test_a/check"])
def test_an_address_without_its_slash_is_led_to_the_one_with_it(path: str, client: Client) -> None:
    response = client.get(path)

    assert (response.status_code, response["Location"]) == (301, f"{path}/")
