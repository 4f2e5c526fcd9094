"""Endpoints, faults, test cards, limits and a fresh start, on the dashboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
import stripe
from django.test import Client

from stripe_sandbox import conf
from stripe_sandbox.cards.catalogue import CARDS, GROUPS
from stripe_sandbox.cards.limits import LIMITS
from stripe_sandbox.models import Delivery, Fault, StripeObject
from stripe_sandbox.resources.addresses import ROUTES
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import CHARGE

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


@database
def test_the_dashboard_shows_the_secret_rolls_it_and_disables_the_endpoint(
    api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})
    shown = client.get("/sandbox/webhooks/").content.decode()

    client.post(f"/sandbox/webhooks/{made.id}/", {"action": "roll"})
    client.post(f"/sandbox/webhooks/{made.id}/", {"action": "disable"})

    assert made.secret in shown
    fresh, old = endpoints.secrets(StripeObject.objects.get(sid=made.id))
    assert (old, fresh[:6], len(fresh)) == (made.secret, "whsec_", 70)
    assert api.v1.webhook_endpoints.retrieve(made.id).status == "disabled"


@database
def test_clearing_leaves_nothing_after_asking(api: stripe.StripeClient, client: Client) -> None:
    charge(api)
    client.get("/sandbox/clear/")
    assert StripeObject.objects.exists()

    client.post("/sandbox/clear/")

    assert not StripeObject.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("form", "ordered"),
    [
        ({"effect": "500", "times": "3"}, [("500", 3)]),
        ({"effect": "lose"}, [("lose", 1)]),
        ({"effect": "explode"}, []),
        ({"effect": "500", "times": "0"}, []),
        ({"effect": "500", "times": "1000"}, []),
        ({"effect": "500", "times": "many"}, []),
        ({"effect": "500", "times": "9" * 5000}, []),
    ],
)
def test_faults_are_ordered_and_called_off(
    form: dict[str, str], ordered: list[tuple[str, int]], client: Client
) -> None:
    client.post("/sandbox/faults/", form)

    assert list(Fault.objects.values_list("effect", "remaining")) == ordered
    client.post("/sandbox/faults/", {"effect": "none"})
    assert not Fault.objects.exists()


@pytest.mark.django_db(databases="__all__")
def test_the_limits_name_every_address_and_each_parameter_that_is_refused(client: Client) -> None:
    page = client.get("/sandbox/limits/").content.decode()

    for route in ROUTES:
        assert re.sub(r"\{[a-z]{1,20}\}", ":id", route.path) in page
    assert "subscription_data" in page
    assert f"the response has the shape of {conf.API_VERSION}" in page
    assert "success_url" not in page


@pytest.mark.django_db(databases="__all__")
def test_every_test_card_is_listed(client: Client) -> None:
    page = client.get("/sandbox/cards/").content.decode()

    assert [card.key for card in CARDS if card.spaced not in page] == []
    assert [name for card in CARDS for name in card.tokens if f"tok_{name}" not in page] == []
    assert [title for title, _cards in GROUPS if f"<h2>{title}</h2>" not in page] == []
    assert [number for limit in LIMITS for number in limit.numbers if number not in page] == []


@pytest.mark.django_db(databases="__all__")
def test_the_endpoint_of_the_settings_keeps_its_secret(client: Client) -> None:
    client.get("/sandbox/webhooks/")
    before = endpoints.secrets(StripeObject.objects.get(sid=endpoints.CONFIGURED))

    client.post(f"/sandbox/webhooks/{endpoints.CONFIGURED}/", {"action": "roll"})

    assert endpoints.secrets(StripeObject.objects.get(sid=endpoints.CONFIGURED)) == before
    assert client.post("/sandbox/webhooks/we_x/", {"action": "disable"}).status_code == 404


@database
def test_a_secret_that_was_given_is_not_shown_and_the_one_before_it_neither(client: Client, settings: Any) -> None:
    def shown(secret: str, *, is_shown: bool) -> str:
        more = {"WEBHOOK_SECRET": secret, "SHOW_WEBHOOK_SECRET": is_shown}
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | more
        return client.get("/sandbox/webhooks/").content.decode()

    given, another = shown("whsec_given", is_shown=False), shown("whsec_another", is_shown=False)
    ours = shown("whsec_ours", is_shown=True)

    assert "whsec_" not in given + another
    assert "STRIPE_WEBHOOK_SECRET" in given
    assert re.findall(r"whsec_\w+", ours) == ["whsec_ours"]
