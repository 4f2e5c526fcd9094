"""Events on the dashboard, with their deliveries."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import Delivery, StripeObject
from stripe_sandbox.testing import deliver
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def event(api: stripe.StripeClient) -> StripeObject:
    api.v1.charges.create(params=CHARGE)
    return StripeObject.objects.get(kind="event")


def test_events_are_listed_all_or_of_one_type(event: StripeObject, client: Client) -> None:
    every = client.get("/sandbox/events/").content.decode()
    other = client.get("/sandbox/events/", {"type": "charge.refunded"}).content.decode()

    assert event.sid in every
    assert event.sid not in other
    assert client.get("/sandbox/events/", {"type": "\x00"}).status_code == 400


def test_an_event_shows_its_payload_and_each_attempt(event: StripeObject, client: Client) -> None:
    deliver(lambda body, headers: 503)

    page = client.get(f"/sandbox/events/{event.sid}/").content.decode()

    assert event.body["data"]["object"]["id"] in page
    assert "503" in page


def test_an_event_is_sent_once_more(event: StripeObject, client: Client) -> None:
    deliver(lambda body, headers: 200)

    answer = client.post(f"/sandbox/events/{event.sid}/resend/", {"endpoint": endpoints.CONFIGURED})

    assert answer["Location"] == f"/sandbox/events/{event.sid}/"
    assert deliver(lambda body, headers: 200) == 1
    assert Delivery.objects.filter(event=event.sid).count() == 2


def test_what_there_is_not_is_not_found(event: StripeObject, client: Client) -> None:
    assert client.get("/sandbox/events/evt_x/").status_code == 404
    assert client.post("/sandbox/events/evt_x/resend/", {"endpoint": endpoints.CONFIGURED}).status_code == 404
    assert client.post(f"/sandbox/events/{event.sid}/resend/", {"endpoint": "we_x"}).status_code == 404
    assert client.get(f"/sandbox/events/{event.sid}/resend/").status_code == 405
