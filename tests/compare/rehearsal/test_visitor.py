"""Visitors pay, or do not, as they are planned to, in either flow; and what they saw is what they saw."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe
from django.test import Client

from bbs.models import Payment
from compare.apart.shop import Account
from compare.rehearsal import work
from compare.rehearsal.plan import Plan
from compare.rehearsal.visitor import Visitor
from compare.rehearsal.work import SETTINGS
from tests.stage import stripe_side

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("products", "at_once")]
CASES = [
    # plan, legacy: what was seen and what became of the orders; modern: likewise
    (Plan(), ("receipt", ["paid"]), ("receipt", ["paid"])),
    (Plan(presses_twice=True), ("receipt", ["paid"]), ("receipt", ["paid"])),
    (Plan(tab="before"), ("closed", []), ("closed", ["pending"])),
    (Plan(tab="after"), ("closed", ["paid"]), ("closed", ["paid"])),
    (Plan(card="declined"), ("receipt", ["failed", "paid"]), ("receipt", ["paid"])),
    (Plan(card="no funds", gives_up=True), ("declined", ["failed"]), ("declined", ["pending"])),
    (Plan(card="3-D Secure"), ("receipt", ["failed", "paid"]), ("receipt", ["paid"])),
    (Plan(card="3-D Secure", fails_challenge=True), ("receipt", ["failed", "paid"]), ("receipt", ["paid"])),
    (Plan(konbini="fill_never"), ("receipt", ["paid"]), ("voucher", ["processing"])),
    (Plan(fault="timeout_after"), ("receipt", ["paid"]), ("receipt", ["paid"])),
    (Plan(fault="timeout_after", tab="after"), ("closed", ["paid"]), ("closed", ["pending"])),
    (Plan(fault="timeout_before"), ("receipt", ["paid"]), ("receipt", ["paid"])),
    (Plan(fault="500"), ("receipt", ["paid"]), ("receipt", ["paid"])),
    (Plan(card="disputed"), ("receipt", ["paid"]), ("receipt", ["paid"])),  # the dispute comes a moment later
]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)


def notify() -> None:
    for body, headers in stripe_side.signed_deliveries():
        assert Client().post("/webhook/", body, "application/json", headers=headers).status_code == 200


def account_of(settings) -> Account:
    return Account(settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY, settings.STRIPE_WEBHOOK_SECRETS[0])


def visitor(plan: Plan, settings, flow: str, notify: Callable[[], object] = notify) -> Visitor:
    settings.STRIPE_HTTP_CLIENT_WRAPPERS = SETTINGS["STRIPE_HTTP_CLIENT_WRAPPERS"]
    settings.PAYMENT_FLOW = flow
    came = Visitor(plan, account_of(settings), notify)
    came.look()
    return came


@pytest.mark.parametrize("flow", ["legacy", "modern"])
@pytest.mark.parametrize(("plan", "legacy", "modern"), CASES)
def test_a_visitor_does_what_is_planned(
    settings, plan: Plan, legacy: tuple[str, list[str]], modern: tuple[str, list[str]], flow: str
) -> None:
    came = visitor(plan, settings, flow)

    came.pay()

    orders = Payment.objects.order_by("status")
    assert (came.flow, came.saw, came.error) == (flow, (legacy if flow == "legacy" else modern)[0], "")
    assert [order.status for order in orders] == (legacy if flow == "legacy" else modern)[1]
    assert {order.visitor for order in orders} <= {came.id}


def test_a_form_that_stayed_open_is_paid_in_the_flow_in_which_it_was_opened(settings) -> None:
    came = visitor(Plan(waits=True), settings, "legacy")
    settings.PAYMENT_FLOW_ROLLOUT = 100

    came.pay()

    assert [(order.flow, order.status) for order in Payment.objects.all()] == [("legacy", "paid")]


def test_a_button_that_leads_nowhere_is_noted_with_what_was_shown(settings) -> None:
    came = visitor(Plan(), settings, "modern")
    came._order = "changed"

    came.pay()

    assert came.saw == "error"
    assert "400" in came.error


def test_money_of_which_neither_the_response_nor_a_webhook_came_is_in_the_books_at_the_end(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = visitor(Plan(fault="timeout_after", tab="after"), settings, "legacy", notify=stripe_side.signed_deliveries)
    came.pay()
    stripe_side.signed_deliveries()  # lost
    monkeypatch.setattr(work, "join_shop", lambda key, **changes: account_of(settings))

    (closed,) = work._close("", 1)

    assert [(book["ours"], book["stripes"]) for book in closed["books"]] == [(2000, 2000)]
    assert set(closed["checks"].values()) == {0}
    assert closed["repaired"] == 1
