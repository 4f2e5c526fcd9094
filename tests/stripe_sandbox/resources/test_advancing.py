"""The account's clock can be advanced: what Stripe does by itself happens then, each at its own moment."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import stripe
from django.test import Client

from stripe_sandbox import accounts, store
from stripe_sandbox.clock import schedule, tasks
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Account, Attempt, Delivery, StripeObject, Task
from stripe_sandbox.resources import advancing, effects
from stripe_sandbox.testing import advance, deliver, pay, signed_deliveries
from stripe_sandbox.transport import InProcessClient
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, session

pytestmark = pytest.mark.django_db(databases="__all__")
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
CARD = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}


@pytest.fixture
def other(db: None) -> stripe.StripeClient:
    """An account that is not the default one."""
    return stripe.StripeClient(OTHER, http_client=InProcessClient())


def event(api: stripe.StripeClient, kind: str) -> stripe.Event:
    (found,) = api.v1.events.list(params={"type": kind}).data
    return found


def test_a_session_expires_at_its_own_moment(api: stripe.StripeClient) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    began = time.time()

    happened = advance(25 * HOUR)

    assert happened == [(made.expires_at, "session_expires", made.id)]
    assert api.v1.checkout.sessions.retrieve(made.id).status == "expired"
    assert event(api, "checkout.session.expired").created == made.expires_at
    assert store.now() == pytest.approx(began + 25 * HOUR, abs=10)


def test_all_happens_in_order_and_no_event_is_older_than_the_one_before(
    api: stripe.StripeClient, client: Client
) -> None:
    for source in ("tok_createDispute", "tok_pendingRefund", "tok_refundFail"):
        charge = api.v1.charges.create(params=CHARGE | {"source": source})
        if "efund" in source:
            api.v1.refunds.create(params={"charge": charge.id})
    never, paid = (api.v1.checkout.sessions.create(params=session()) for _ in range(2))
    pay(client.post, never.url, paymentMethod="konbini", email="fill_never@example.com")
    pay(client.post, paid.url, paymentMethod="konbini")
    api.v1.checkout.sessions.create(params=session())

    happened = advance(30 * DAY)

    assert [one.at for one in happened] == sorted(one.at for one in happened)
    assert {one.task for one in happened} >= {
        "dispute", "refund_pending", "refund_fail", "konbini_paid", "konbini_expires", "session_expires",
    }  # fmt: skip
    assert not Task.objects.filter(due__lte=store.now()).exists()
    events = StripeObject.objects.filter(kind="event").order_by("seq")
    created = [stored.created for stored in events]
    assert created == sorted(created)
    statuses = [api.v1.checkout.sessions.retrieve(made.id).payment_status for made in (never, paid)]
    assert statuses == ["unpaid", "paid"]
    assert sorted(refund.status for refund in api.v1.refunds.list().data) == ["failed", "succeeded"]


def test_only_what_is_due_by_then_happens(api: stripe.StripeClient) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    assert advance(23 * HOUR) == []
    assert api.v1.checkout.sessions.retrieve(made.id).status == "open"
    assert [one.object for one in advance(2 * HOUR)] == [made.id]


def test_new_objects_are_of_the_accounts_time(api: stripe.StripeClient, other: stripe.StripeClient) -> None:
    open_there = other.v1.checkout.sessions.create(params=session())
    advance(100 * DAY)

    now, then = (account.v1.charges.create(params=CHARGE).created for account in (other, api))

    assert now == pytest.approx(time.time(), abs=10)
    assert then - now == pytest.approx(100 * DAY, abs=10)
    assert event(api, "charge.succeeded").created == pytest.approx(then, abs=1)
    assert other.v1.checkout.sessions.retrieve(open_there.id).status == "open"


def test_the_money_of_a_payment_becomes_available(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)
    before = api.v1.balance.retrieve()

    advance(10 * DAY)

    after = api.v1.balance.retrieve()
    assert (before.available[0].amount, after.available[0].amount) == (0, before.pending[0].amount)


def test_tokens_lapse_and_cards_expire(api: stripe.StripeClient) -> None:
    token = api.v1.tokens.create(params={"card": CARD}).id
    advance(11 * MINUTE)

    with pytest.raises(stripe.InvalidRequestError, match="No such token"):
        api.v1.charges.create(params=CHARGE | {"source": token})
    soon = CARD | {"exp_year": store.today().year, "exp_month": store.today().month}
    api.v1.tokens.create(params={"card": soon})
    advance(40 * DAY)
    with pytest.raises(stripe.CardError, match="expir"):
        api.v1.tokens.create(params={"card": soon})


def test_an_idempotency_key_is_forgotten_after_a_day(api: stripe.StripeClient) -> None:
    def charge() -> str:
        return api.v1.charges.create(params=CHARGE, options={"idempotency_key": "once"}).id

    first = charge()
    advance(23 * HOUR)
    again = charge()
    advance(2 * HOUR)
    fresh = charge()

    assert first == again != fresh


def test_a_rolled_secret_signs_no_longer(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": "", "WEBHOOK_ALLOW": ["*"]}
    made = api.v1.webhook_endpoints.create(params={"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    endpoints.roll(StripeObject.objects.get(sid=made.id), "whsec_new")
    signed = []
    for hours in (0, 25):
        advance(hours * HOUR)
        api.v1.charges.create(params=CHARGE)
        ((_, headers),) = signed_deliveries()
        signed.append(headers["Stripe-Signature"].count("v1="))

    assert signed == [2, 1]


def test_a_retry_is_due_and_its_signature_is_of_the_real_time(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"RETRY_PAUSES": (2 * HOUR, 20 * HOUR)}
    api.v1.charges.create(params=CHARGE)
    deliver(lambda body, headers: 500)
    advance(HOUR)
    early = list(signed_deliveries())
    advance(HOUR)

    ((body, headers),) = signed_deliveries()

    assert early == []
    stripe.Webhook.construct_event(body, headers["Stripe-Signature"], settings.STRIPE_SANDBOX["WEBHOOK_SECRET"])
    first, second = Attempt.objects.order_by("pk").values_list("at", flat=True)
    assert second - first == pytest.approx(2 * HOUR, abs=10)


def test_what_waited_longer_is_sent_before_what_happens_on_the_way(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"RETRY_PAUSES": (HOUR,)}
    api.v1.checkout.sessions.create(params=session())
    api.v1.charges.create(params=CHARGE)
    deliver(lambda body, headers: 500)
    advance(25 * HOUR)

    types = [json.loads(body)["type"] for body, _ in signed_deliveries()]

    assert types == ["charge.succeeded", "checkout.session.expired"]


def test_thousands_of_effects_happen_each_at_its_own_moment(api: stripe.StripeClient) -> None:
    now = time.time()
    made = api.v1.checkout.sessions.create(params=session()).id
    rows = [{"name": "session_expires", "subject": f"cs_{n}", "due": now + 300 * DAY - n * 1000} for n in range(2500)]
    Task.insert_all(rows)

    happened = advance(365 * DAY)

    assert len(happened) == 2501
    assert [one.object for one in happened][:3] == [made, "cs_2499", "cs_2498"]
    assert [one.at for one in happened] == [int(due) for due in sorted([happened[0].at, *(row["due"] for row in rows)])]
    assert Task.objects.count() == 0


def test_an_effect_may_bring_about_another_one_on_the_way(
    api: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(subject: str) -> None:
        schedule.later("charge_updated", subject, 5)

    monkeypatch.setitem(effects.EFFECTS, "dispute", first)
    schedule.later("dispute", "ch_none", 100)

    first_one, second = advance(HOUR)

    assert (first_one.task, second.task, second.at - first_one.at) == ("dispute", "charge_updated", 5)


def test_the_thread_does_what_is_due_by_the_accounts_clock() -> None:
    advance(DAY)
    schedule.later("session_expires", "cs_1", 60)

    due, account = tasks.next_anywhere()

    assert account == accounts.DEFAULT
    assert due == pytest.approx(time.time() + 60, abs=5)
    assert effects.do_next(time.time()) is False


def test_of_accounts_with_clocks_of_their_own_the_one_with_the_next_effect_is_served(
    api: stripe.StripeClient, other: stripe.StripeClient
) -> None:
    api.v1.checkout.sessions.create(params=session())
    opened = other.v1.checkout.sessions.create(params=session()).id
    account = accounts.by_sid(other.v1.accounts.retrieve_current().id)
    with accounts.acting_for(account):
        advance(23 * HOUR)

    due, served = tasks.next_anywhere()

    assert served == account.pk
    assert due == pytest.approx(time.time() + HOUR, abs=10)
    with accounts.acting_for(account):
        assert [one.object for one in advance(2 * HOUR)] == [opened]
    assert tasks.next_anywhere()[1] == accounts.DEFAULT


def test_the_clock_is_kept_and_cleared(api: stripe.StripeClient) -> None:
    advance(DAY)
    assert Account.objects.get(pk=accounts.DEFAULT).clock_ahead == DAY
    advance(0.5)
    assert Account.objects.get(pk=accounts.DEFAULT).clock_ahead == DAY + 0.5

    store.clear()

    assert store.now() == pytest.approx(time.time(), abs=2)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("seconds", [-1, 366 * DAY + 1])
def test_time_does_not_go_back_nor_by_more_than_a_year(seconds: int) -> None:
    with pytest.raises(ApiError, match="must be between 0 and 31622400 seconds"):
        advance(seconds)


def test_a_clock_is_at_most_ten_years_ahead() -> None:
    accounts.set_clock(advancing.FURTHEST - 1)

    with pytest.raises(ApiError, match="at most 316224000 seconds ahead"):
        advance(2)
    assert advance(1) == []
