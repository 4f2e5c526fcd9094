"""Events for an endpoint that is left alone wait without a delivery, and reach it as they would have otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe
from django.test import Client

from stripe_sandbox import store, testing
from stripe_sandbox.models import Backlog, Delivery, StripeObject
from stripe_sandbox.webhooks import backlog, deliveries, standing
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")

Dead = Callable[..., str]


@pytest.fixture(autouse=True)
def _forgotten(settings: Any) -> Iterator[None]:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": "", "WEBHOOK_ALLOW": ["*"]}
    yield
    standing.forget()


@pytest.fixture
def dead(api: stripe.StripeClient) -> Dead:
    """Add an endpoint that is left alone, and return its id."""

    def add(*types: str) -> str:
        params = {"url": "http://127.0.0.1:9/", "enabled_events": list(types) or ["*"]}
        made = api.v1.webhook_endpoints.create(params=params).id
        standing._rests[StripeObject.objects.get(sid=made).seq] = 2**40
        return made

    return add


def charges(api: stripe.StripeClient, count: int) -> list[str]:
    return [api.v1.charges.create(params=CHARGE).id for _ in range(count)]


def delivered(*, status: int = 200, ahead: float = 0) -> list[str]:
    """Deliver what is due; return what the events are about."""
    got: list[str] = []

    def answer(body: bytes, headers: dict[str, str]) -> int:
        got.append(json.loads(body)["data"]["object"]["id"])
        return status

    testing.deliver(answer, ahead=ahead)
    return got


def test_no_delivery_is_created_until_the_endpoint_is_tried(api: stripe.StripeClient, dead: Dead) -> None:
    dead(), dead("charge.succeeded"), dead("refund.created")
    made = charges(api, 3)

    assert not Delivery.objects.exists()
    assert [event.pending_webhooks for event in api.v1.events.list()] == [2, 2, 2]
    assert sorted(delivered()) == sorted(made * 2)
    assert [event.pending_webhooks for event in api.v1.events.list()] == [0, 0, 0]
    assert not Backlog.objects.exists()


def test_more_than_are_created_at_once_arrive_in_order(api: stripe.StripeClient, dead: Dead) -> None:
    sid = dead()
    made = charges(api, 45)

    first = deliveries.claim(2**40, StripeObject.objects.get(sid=sid).seq)
    deliveries.release(first)

    assert Delivery.objects.count() == 20
    assert delivered() == made


def test_an_event_between_two_attempts_of_another_comes_in_between(
    api: stripe.StripeClient, dead: Dead, settings: Any
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"RETRY_PAUSES": (5, 60)}
    dead()
    first = charges(api, 1)
    assert delivered(status=500) == first
    second = charges(api, 1)

    assert delivered(ahead=10) == second + first


def test_an_event_from_before_an_endpoint_existed_is_never_sent_to_it(api: stripe.StripeClient, dead: Dead) -> None:
    early = dead()
    charges(api, 1)
    late = dead()
    made = charges(api, 1)

    delivered()

    assert Delivery.objects.filter(endpoint=early).count() == 2
    (only,) = Delivery.objects.filter(endpoint=late)
    assert api.v1.events.retrieve(only.event).data.object.id == made[0]


def test_an_event_goes_to_those_that_wanted_it_when_it_happened(api: stripe.StripeClient, dead: Dead) -> None:
    sid = dead("charge.succeeded")
    made = charges(api, 2)
    api.v1.webhook_endpoints.update(sid, params={"enabled_events": ["refund.created"]})
    charges(api, 1)

    assert delivered() == made


@pytest.mark.parametrize("gone", ["disabled", "deleted"])
def test_what_waits_for_an_endpoint_that_is_gone_has_failed(gone: str, api: stripe.StripeClient, dead: Dead) -> None:
    sid = dead()
    charges(api, 25)
    if gone == "deleted":
        api.v1.webhook_endpoints.delete(sid)
    else:
        api.v1.webhook_endpoints.update(sid, params={"disabled": True})

    assert delivered() == []
    assert list(Delivery.objects.values_list("endpoint", "state")) == [(sid, "failed")] * 25
    assert deliveries.waiting() == []


def test_what_waits_is_cleared_with_the_rest(api: stripe.StripeClient, dead: Dead) -> None:
    dead()
    charges(api, 2)

    store.clear()

    assert not Backlog.everywhere.exists()
    assert delivered() == []


def test_an_advanced_clock_keeps_the_order(api: stripe.StripeClient, dead: Dead, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"RETRY_PAUSES": (100,)}
    dead()
    first = charges(api, 1)
    delivered(status=500)
    later = charges(api, 22)

    testing.advance(200)

    assert delivered() == later + first


def test_a_fault_meets_an_event_for_an_endpoint_that_is_left_alone(api: stripe.StripeClient, dead: Dead) -> None:
    dead()
    first = charges(api, 1)
    testing.fault("double")
    second = charges(api, 1)
    third = charges(api, 1)

    assert delivered(ahead=1) == first + second + third + second


def test_the_visitor_waits_for_an_event_in_the_backlog(api: stripe.StripeClient, dead: Dead) -> None:
    dead()
    charges(api, 1)
    event = api.v1.events.list().data[0].id

    assert deliveries.answered(event) is False
    delivered(status=500)
    assert deliveries.answered(event) is True


def test_the_dashboard_shows_it_as_pending(api: stripe.StripeClient, dead: Dead, client: Client) -> None:
    sid = dead()
    charges(api, 1)
    delivered()
    charges(api, 1)
    older, newer = StripeObject.objects.filter(kind="event").order_by("seq")

    listed = client.get("/sandbox/events/").content.decode()
    page = client.get(f"/sandbox/events/{newer.sid}/").content.decode()

    assert backlog.waited_for(older, newer) == {newer.sid: [sid]}
    assert [listed.count(f'class="state {state}"') for state in ("pending", "succeeded")] == [1, 1]
    assert (page.count('class="state pending"'), page.count(f"<code>{sid}</code>")) == (1, 1)
