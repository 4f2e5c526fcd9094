"""Each endpoint is posted to on its own: one that is slow or dead delays no other, and no clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from stripe_sandbox.clock import schedule, worker
from stripe_sandbox.models import Attempt, Delivery
from stripe_sandbox.resources import effects
from stripe_sandbox.webhooks import pool, standing
from stripe_sandbox.webhooks.standing import Standing
from tests.stripe_sandbox.stage.calls import CHARGE, session
from tests.stripe_sandbox.stage.endpoints import busy, hanging
from tests.stripe_sandbox.stage.server import until

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

Configure = Callable[..., None]


@pytest.fixture
def configure(settings: Any) -> Configure:
    """Set some of the sandbox's settings; by default it posts, to any address, with a second's patience."""

    def to(**values: object) -> None:
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | values

    to(DELIVERIES="thread", WEBHOOK_URL="", WEBHOOK_ALLOW=["*"], DELIVERY_TIMEOUT=1)
    return to


@pytest.fixture(autouse=True)
def _stopped(configure: Configure) -> Iterator[None]:
    yield
    worker.stop()
    standing.forget()


def add(api: stripe.StripeClient, *urls: str) -> None:
    for url in urls:
        api.v1.webhook_endpoints.create(params={"url": url, "enabled_events": ["*"]})


def run() -> None:
    worker.start(effects, pool)


def test_beside_one_that_hangs_another_gets_its_events_and_the_clock_goes_on(
    api: stripe.StripeClient, configure: Configure
) -> None:
    configure(DELIVERY_TIMEOUT=20)
    with busy(0) as good, hanging(1) as urls:
        add(api, *urls, good.url)
        for _ in range(3):
            api.v1.charges.create(params=CHARGE)
        opened = api.v1.checkout.sessions.create(params=session())
        schedule.later("session_expires", opened.id, 0)

        run()
        until(lambda: len(good.got) == 4)

        assert Attempt.objects.exclude(status=200).count() == 0  # the other one still has all its time
        assert api.v1.checkout.sessions.retrieve(opened.id).status == "expired"


def test_one_endpoint_is_posted_to_one_at_a_time_in_order(api: stripe.StripeClient) -> None:
    with busy(0.02) as good:
        add(api, good.url)
        made = [api.v1.charges.create(params=CHARGE).id for _ in range(6)]
        run()
        made += [api.v1.charges.create(params=CHARGE).id for _ in range(20)]

        until(lambda: len(good.got) == 26)

    assert [json.loads(body)["data"]["object"]["id"] for body in good.got] == made
    assert good.most == 1


def test_more_dead_endpoints_than_threads_leave_room(
    api: stripe.StripeClient, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MOST", {Standing.ANSWERS: 4, Standing.NEW: 3, Standing.SILENT: 2})
    configure(DELIVERY_TIMEOUT=0.3)
    with busy(0) as good, hanging(6) as urls:
        add(api, *urls, good.url)
        api.v1.charges.create(params=CHARGE)
        run()
        until(lambda: good.got)  # new like the others, and last: once each of them was tried
        until(lambda: len(standing._misses) == 7)
        configure(DELIVERY_TIMEOUT=20)
        until(lambda: len(standing.busy()) == 2)

        api.v1.charges.create(params=CHARGE)
        until(lambda: len(good.got) == 2)  # although none of the others will answer for long

        assert len(standing.busy()) <= 3


def test_a_dead_endpoint_is_left_alone_for_longer_and_longer(api: stripe.StripeClient) -> None:
    with hanging(1) as (url,):
        pass  # and now nothing listens there
    add(api, url)
    for _ in range(20):
        api.v1.charges.create(params=CHARGE)

    run()
    until(lambda: Attempt.objects.count() == 3)

    seq = Delivery.objects.values_list("endpoint_seq", flat=True).first()
    assert standing.of(seq) is Standing.SILENT
    first, second, third = Attempt.objects.order_by("pk").values_list("at", flat=True)
    assert second - first >= 0.1
    assert third - second >= 0.2
    assert [attempt.delivery_id for attempt in Attempt.objects.order_by("pk")] == list(
        Delivery.objects.order_by("pk").values_list("pk", flat=True)[:3]
    )


def test_one_that_answers_again_is_served_as_before(api: stripe.StripeClient) -> None:
    with busy(0) as good:
        add(api, good.url)
        api.v1.charges.create(params=CHARGE)
        seq = Delivery.objects.get().endpoint_seq
        standing._misses[seq] = 5

        run()
        until(lambda: standing.of(seq) is Standing.ANSWERS)


def test_an_endpoint_that_another_process_posts_to_is_left_to_it(api: stripe.StripeClient) -> None:
    with busy(0) as good:
        add(api, good.url)
        for _ in range(2):
            api.v1.charges.create(params=CHARGE)
        first = Delivery.objects.order_by("pk").first()
        Delivery.objects.filter(pk=first.pk).update(claimed_until=2**40)

        assert pool.next_due() == 2**40
        assert pool.do_next(2**39) is False


def test_what_breaks_in_a_thread_is_logged_and_tried_again(
    api: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    with busy(0) as good:
        add(api, good.url)
        api.v1.charges.create(params=CHARGE)
        monkeypatch.setattr(standing.rest, "__defaults__", (0.1,))
        with monkeypatch.context() as patched:
            patched.setattr(pool.deliveries, "claim", broken)
            run()
            until(lambda: "ZeroDivisionError" in caplog.text)

        until(lambda: good.got)


def test_stopping_waits_for_what_is_being_posted(api: stripe.StripeClient) -> None:
    with busy(0.3) as good:
        add(api, good.url)
        for _ in range(3):
            api.v1.charges.create(params=CHARGE)
        run()
        until(lambda: good.now)

        worker.stop()

        assert len(good.got) == 1
        assert standing.busy() == set()
        assert Delivery.objects.filter(state="succeeded").count() == 1
