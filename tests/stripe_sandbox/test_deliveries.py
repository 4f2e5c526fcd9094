"""Events reach their endpoints: signed, retried, and not lost with the process that was to send them."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.core.management import CommandError, call_command
from django.test import Client

from stripe_sandbox.models import Attempt, Delivery, Stored
from stripe_sandbox.testing import deliver, drain, fault, signed_deliveries
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.conftest import Server, listen, serve, until

CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}
database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


def test_a_running_sandbox_posts_what_stripe_python_accepts(server: Server) -> None:
    made = charge(server.api)

    until(lambda: server.endpoint.got)
    (event,) = server.endpoint.events(server.secret)
    until(lambda: server.api.v1.events.retrieve(event.id).pending_webhooks == 0)

    assert (event.type, event.data.object.id, event.pending_webhooks) == ("charge.succeeded", made.id, 1)
    assert ",v0=" in server.endpoint.got[0][1]


@pytest.mark.parametrize("status", [500, 302, 400])
def test_whatever_is_not_2xx_is_tried_again_with_a_fresh_signature(status: int, server: Server) -> None:
    server.endpoint.status = status
    charge(server.api)
    until(lambda: server.endpoint.got)
    server.endpoint.status = 200

    until(lambda: len(server.endpoint.got) == 2)

    (first, signature), (second, another) = server.endpoint.got
    assert first == second
    assert signature != another
    assert len(server.endpoint.events(server.secret)) == 2


@database
def test_an_endpoint_that_does_not_answer_is_given_up_and_tried_again(api: stripe.StripeClient, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/webhook/"
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": url, "DELIVERY_TIMEOUT": 0.1}
        charge(api)

        drain()

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer) == (0, "TimeoutError: timed out")
    assert attempt.delivery.state == "pending"


@database
def test_the_console_tells_an_event_as_stripe_listen_does(
    api: stripe.StripeClient, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint, http = listen()
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CONSOLE": True, "WEBHOOK_URL": endpoint.url}
    charge(api)
    drain()
    http.shutdown()
    http.server_close()
    api.v1.customers.create(params={})
    drain()

    event, failed = Stored.objects.filter(kind="event").values_list("sid", flat=True).order_by("seq")
    told, answered, another, error = [
        line[len("2026-11-22 14:46:57") :] for line in capsys.readouterr().err.splitlines()
    ]
    assert told == f"   --> charge.succeeded [{event}]"
    assert answered == f"  <--  [200] POST {endpoint.url} [{event}]"
    assert another == f"   --> customer.created [{failed}]"
    assert error.startswith("            [ERROR] Failed to POST: ConnectionRefusedError")


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
def test_an_endpoint_hears_only_what_it_asked_for_and_only_while_enabled(api: stripe.StripeClient) -> None:
    wanted = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["refund.created"]})
    off = api.v1.webhook_endpoints.create(params={"url": "https://b.example/", "enabled_events": ["*"]})
    api.v1.webhook_endpoints.update(off.id, params={"disabled": True})

    api.v1.refunds.create(params={"charge": charge(api).id})

    heard = Delivery.objects.values_list("endpoint", "event_type")
    assert [kind for sid, kind in heard if sid == wanted.id] == ["refund.created"]
    assert off.id not in dict(heard)
    assert sorted(kind for sid, kind in heard if sid == endpoints.CONFIGURED) == [
        "charge.refunded",
        "charge.succeeded",
        "refund.created",
    ]


@database
def test_while_a_secret_is_rolled_both_secrets_sign(api: stripe.StripeClient) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})
    endpoints.roll(Stored.objects.get(sid=made.id), "whsec_new")
    Stored.objects.filter(sid=endpoints.CONFIGURED).update(tag="disabled")
    charge(api)

    sent = list(signed_deliveries())

    (body, headers), *_ = [pair for pair in sent if pair[1]["Stripe-Signature"].count("v1=") == 2]
    for secret in (made.secret, "whsec_new"):
        assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)


@database
def test_the_dashboard_shows_the_secret_rolls_it_and_disables_the_endpoint(
    api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})
    shown = client.get("/sandbox/webhooks/").content.decode()

    client.post(f"/sandbox/webhooks/{made.id}/", {"action": "roll"})
    client.post(f"/sandbox/webhooks/{made.id}/", {"action": "disable"})

    assert made.secret in shown
    fresh, old = endpoints.secrets(Stored.objects.get(sid=made.id))
    assert (old, fresh[:6], len(fresh)) == (made.secret, "whsec_", 70)
    assert api.v1.webhook_endpoints.retrieve(made.id).status == "disabled"


@database
def test_the_secret_is_shown_once(api: stripe.StripeClient) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})

    found = api.v1.webhook_endpoints.retrieve(made.id)

    assert made.secret.startswith("whsec_")
    assert "secret" not in found


@database
def test_an_event_is_sent_again_by_command(api: stripe.StripeClient) -> None:
    charge(api)
    list(signed_deliveries())
    event = Stored.objects.get(kind="event")

    call_command("resend_event", event.sid)

    ((body, _),) = signed_deliveries()
    assert event.sid in body.decode()
    with pytest.raises(CommandError, match="No such event: 'evt_x'"):
        call_command("resend_event", "evt_x")


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


@database
def test_what_was_changed_on_its_way_does_not_verify(api: stripe.StripeClient, settings: Any) -> None:
    fault("tamper")
    charge(api)

    ((body, headers),) = signed_deliveries()

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], settings.STRIPE_SANDBOX["WEBHOOK_SECRET"])


@database
def test_nobody_is_told_of_what_was_undone(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.charges.create(params={**CHARGE, "expand": ["colour"]})

    assert not Stored.objects.filter(kind__in=["event", "charge"]).exists()
    assert not Delivery.objects.exists()


@database
def test_clearing_leaves_nothing_after_asking(api: stripe.StripeClient, client: Client) -> None:
    charge(api)
    client.get("/sandbox/clear/")
    assert Stored.objects.exists()

    client.post("/sandbox/clear/")

    assert not Stored.objects.exists()
    assert not Delivery.objects.exists()


def test_a_kill_during_delivery_loses_no_event(tmp_path: Path) -> None:
    endpoint, http = listen()
    endpoint.status = 500
    first = serve(tmp_path / "killed.sqlite3", endpoint)
    made = [charge(first.api).id for _ in range(5)]
    until(lambda: endpoint.got)
    first.process.kill()
    first.process.communicate()
    endpoint.status = 200
    endpoint.got.clear()

    second = serve(tmp_path / "killed.sqlite3", endpoint)
    try:
        until(lambda: len({event.data.object.id for event in endpoint.events(second.secret)}) == 5, seconds=30)
    finally:
        second.process.kill()
        second.process.communicate()
        http.shutdown()
        http.server_close()

    assert {event.data.object.id for event in endpoint.events(second.secret)} == set(made)


def test_of_two_processes_one_delivers(tmp_path: Path) -> None:
    endpoint, http = listen()
    servers = [serve(tmp_path / "shared.sqlite3", endpoint) for _ in range(2)]
    try:
        made = {charge(servers[number % 2].api).id for number in range(10)}
        until(lambda: len(endpoint.got) >= 10, seconds=30)
        time.sleep(0.5)
    finally:
        for server in servers:
            server.process.kill()
            server.process.communicate()
        http.shutdown()
        http.server_close()

    heard = [event.data.object.id for event in endpoint.events(servers[0].secret)]
    assert sorted(heard) == sorted(made)
