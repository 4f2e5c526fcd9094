"""What Stripe does by itself, later."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import Task
from stripe_sandbox.resources import effects
from stripe_sandbox.testing import drain, pay
from tests.stripe_sandbox.stage.calls import CHARGE, session

pytestmark = pytest.mark.django_db(databases="__all__")


DAY = 24 * 3600
# In databases that there are already, tasks wait under these names.
STORED = (
    "authorization_expires charge_updated dispute dispute_decided dispute_filled_in intent_succeeded konbini_expires "
    "konbini_paid refund_fail refund_pending refund_reference session_expires"
)


def test_a_task_of_any_stored_name_is_known() -> None:
    assert sorted(effects.EFFECTS) == STORED.split()


def kinds(api: stripe.StripeClient) -> list[str]:
    return [event.type for event in api.v1.events.list().data]


def test_a_held_charge_that_was_refunded_does_not_expire_too(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "capture": False})
    api.v1.refunds.create(params={"charge": charge.id})

    drain(ahead=8 * DAY)

    assert "charge.expired" not in kinds(api)


def test_a_session_that_nobody_paid_expires_after_a_day(api: stripe.StripeClient) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    drain(ahead=DAY - 60)
    before = api.v1.checkout.sessions.retrieve(made.id).status
    drain(ahead=DAY + 60)

    assert (before, api.v1.checkout.sessions.retrieve(made.id).status) == ("open", "expired")
    assert kinds(api) == ["checkout.session.expired"]


def test_a_paid_session_does_not_expire(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url)

    drain(ahead=2 * DAY)

    assert api.v1.checkout.sessions.retrieve(made.id).status == "complete"


def test_money_that_is_never_captured_is_let_go_after_a_week(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE | {"capture": False})

    drain(ahead=8 * DAY)

    found = api.v1.charges.retrieve(charge.id)
    assert (found.captured, found.refunded, found.amount_refunded) == (False, True, 2000)
    assert kinds(api)[0] == "charge.expired"


def test_captured_money_is_kept(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE | {"capture": False})
    api.v1.charges.capture(charge.id)

    drain(ahead=8 * DAY)

    assert not api.v1.charges.retrieve(charge.id).refunded
    assert not Task.objects.exists()


def test_a_hosted_payments_balance_transaction_comes_a_little_later(api: stripe.StripeClient, client: Client) -> None:
    pay(client.post, api.v1.checkout.sessions.create(params=session()).url)
    (before,) = api.v1.charges.list().data

    drain(ahead=5)

    (after,) = api.v1.charges.list().data
    assert before.balance_transaction is None
    assert after.balance_transaction.startswith("txn_3")
    assert kinds(api)[0] == "charge.updated"


def test_what_stripe_does_by_itself_names_no_request(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})

    drain(ahead=5)

    withdrawn, created, succeeded = api.v1.events.list().data
    assert (withdrawn.request.id, created.request.id) == (None, None)
    assert succeeded.request.id.startswith("req_")
