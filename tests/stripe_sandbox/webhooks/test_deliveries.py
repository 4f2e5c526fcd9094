"""Events reach their endpoints: signed, retried, and not lost with the process that was to send them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_sandbox import store
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import Attempt, Delivery
from stripe_sandbox.testing import deliver, fault, signed_deliveries
from stripe_sandbox.webhooks import deliveries
from stripe_sandbox.webhooks.attempt import Reply
from tests.stripe_sandbox.stage.calls import CHARGE
from tests.stripe_sandbox.stage.server import Server, listen, serve, until

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


def test_a_running_sandbox_posts_what_stripe_python_accepts(server: Server) -> None:
    made = charge(server.api)

    until(lambda: server.endpoint.about(made.id))
    (event,) = server.endpoint.events(server.secret, about=made.id)
    until(lambda: server.api.v1.events.retrieve(event.id).pending_webhooks == 0)

    assert (event.type, event.data.object.id, event.pending_webhooks) == ("charge.succeeded", made.id, 1)
    assert ",v0=" in server.endpoint.about(made.id)[0][1]


@pytest.mark.parametrize("status", [500, 302, 400])
def test_whatever_is_not_2xx_is_tried_again_with_a_fresh_signature(status: int, server: Server) -> None:
    server.endpoint.status = status
    made = charge(server.api).id
    until(lambda: server.endpoint.about(made))
    server.endpoint.status = 200

    until(lambda: len(server.endpoint.about(made)) > 1)

    (first, signature), (second, another), *_ = server.endpoint.about(made)
    assert first == second
    assert signature != another
    assert len(server.endpoint.events(server.secret, about=made)) > 1


@database
def test_a_delivery_that_is_cleared_while_it_is_posted_stops_nothing(api: stripe.StripeClient) -> None:
    charge(api)
    claimed = deliveries.claim(time.time())

    store.clear()
    deliveries.record(claimed, "", Reply(200, "", 0))

    assert not Attempt.objects.exists()
    charge(api)
    assert deliver(lambda body, headers: 200) == 1


@database
def test_of_an_endpoints_deliveries_one_is_claimed_at_a_time(api: stripe.StripeClient) -> None:
    for _ in range(2):
        charge(api)
    first = deliveries.claim(time.time())

    assert deliveries.claim(time.time()) is None
    deliveries.release(first)
    assert deliveries.claim(time.time()).delivery.pk == first.delivery.pk
    # What a process that was killed had claimed goes first once its time is over.
    Delivery.objects.update(claimed_until=1)
    again = deliveries.claim(time.time())
    assert (again.delivery.pk, again.delivery.attempts) == (first.delivery.pk, 3)


@database
@pytest.mark.parametrize("gone", ["disabled", "deleted"])
def test_what_waits_for_an_endpoint_that_is_gone_has_failed(gone: str, api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": "", "WEBHOOK_ALLOW": ["*"]}
    wanted = {"url": "http://127.0.0.1:9/", "enabled_events": ["*"]}
    lost, kept = (api.v1.webhook_endpoints.create(params=wanted).id for _ in range(2))
    for _ in range(3):
        charge(api)
    if gone == "deleted":
        api.v1.webhook_endpoints.delete(lost)
    else:
        api.v1.webhook_endpoints.update(lost, params={"disabled": True})

    assert deliver(lambda body, headers: 200) == 3

    states = Delivery.objects.order_by("pk").values_list("endpoint", "state")
    assert sorted(set(states)) == sorted([(lost, "failed"), (kept, "succeeded")])


@database
def test_who_stops_in_the_middle_gives_back_what_was_not_answered(api: stripe.StripeClient) -> None:
    charge(api)

    def crash(body: bytes, headers: dict[str, str]) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deliver(crash)
    next(signed_deliveries())

    assert deliver(lambda body, headers: 200) == 1


@database
def test_the_pauses_grow_and_the_last_failure_is_the_end(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"RETRY_PAUSES": (10, 100)}
    charge(api)
    pauses = []
    for ahead in (0, 11, 120):
        began = time.time()
        deliver(lambda body, headers: 500, ahead=ahead)
        pauses.append(round(Delivery.objects.get().due - began))

    assert pauses[:2] == [10, 100]
    assert Delivery.objects.get().state == "failed"
    assert Attempt.objects.count() == 3
    assert deliver(lambda body, headers: 500, ahead=10_000) == 0


@database
@pytest.mark.parametrize(
    ("effect", "ahead", "times"), [("double", 1, 2), ("lose", 0, 1), ("delay", 0, 0), ("delay", 6, 1)]
)
def test_a_delivery_meets_the_fault_that_was_ordered(
    effect: str, ahead: float, times: int, api: stripe.StripeClient
) -> None:
    fault(effect)
    charge(api)

    assert len(list(signed_deliveries(ahead=ahead))) == times


@database
def test_two_events_arrive_the_other_way_round(api: stripe.StripeClient) -> None:
    fault("reorder")
    made = charge(api)
    api.v1.charges.update(made.id, params={"description": "later"})

    order = [b"charge.updated" in body for body, _ in signed_deliveries(ahead=3)]

    assert order == [True, False]


def test_a_kill_during_delivery_loses_no_event(tmp_path: Path) -> None:
    endpoint, http = listen()
    endpoint.status = 500
    # What was claimed by the process that was killed is free again after the timeout.
    first = serve(tmp_path / "killed.sqlite3", endpoint, "--timeout=2")
    made = [charge(first.api).id for _ in range(5)]
    until(lambda: endpoint.got)
    first.process.kill()
    first.process.communicate()
    endpoint.status = 200
    endpoint.got.clear()

    second = serve(tmp_path / "killed.sqlite3", endpoint)
    try:
        until(lambda: len({event.data.object.id for event in endpoint.events(second.secret)}) == 5)
    finally:
        second.process.kill()
        second.process.communicate()
        http.shutdown()
        http.server_close()

    assert {event.data.object.id for event in endpoint.events(second.secret)} == set(made)


def test_of_two_processes_one_delivers(tmp_path: Path) -> None:
    endpoint, http = listen()
    endpoint.pause = 0.02
    servers = [serve(tmp_path / "shared.sqlite3", endpoint) for _ in range(2)]
    try:
        made = {charge(servers[number % 2].api).id for number in range(10)}
        until(lambda: len(endpoint.got) >= 10)
        time.sleep(0.5)
    finally:
        for server in servers:
            server.process.kill()
            server.process.communicate()
        http.shutdown()
        http.server_close()

    heard = [event.data.object.id for event in endpoint.events(servers[0].secret)]
    assert sorted(heard) == sorted(made)
    assert endpoint.most_at_once == 1


@pytest.mark.django_db(databases="__all__", transaction=True)
@pytest.mark.parametrize("url", ["", "https://shop.example/webhook/"])
def test_an_event_that_nobody_wants_wakes_nobody(url: str, api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": url}
    schedule.bell.clear()

    charge(api)

    assert schedule.bell.is_set() is bool(url)
