"""Refusals that no call alone meets, a row each: another call at the same time, a setting, a program's own mistake."""

from __future__ import annotations

import datetime
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import stripe
import time_machine
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from stripe_sandbox import accounts, store, testing
from stripe_sandbox.alone import serving, state
from stripe_sandbox.api import auth, expand, idempotency
from stripe_sandbox.api.calls import Call
from stripe_sandbox.dashboard import control
from stripe_sandbox.errors import ApiError
from stripe_sandbox.middleware import LONGEST_PATH, SandboxMiddleware
from stripe_sandbox.pages import hosted
from stripe_sandbox.resources import advancing
from stripe_sandbox.webhooks import destinations
from stripe_sandbox.webhooks.deadline import Deadline
from tests.stripe_sandbox.stage import refusals
from tests.stripe_sandbox.stage.calls import OTHER, SECRET, call
from tests.stripe_sandbox.stage.refusals import Things


class Row(NamedTuple):
    """What is done and refused: the type of the refusal and how its words begin; and the settings this needs.

    `needs` are names of STRIPE_SANDBOX, or of Django's settings.
    """

    does: Callable[[], object]
    refused: type[BaseException]
    says: str
    needs: dict[str, Any] | None = None


def wrong(folder: Path, things: Things, patch: pytest.MonkeyPatch) -> list[str]:
    """Do what each row says; return those that were refused otherwise, with what happened. `folder` is empty."""
    patch.setattr(sys, "platform", "linux")
    patch.setenv("XDG_STATE_HOME", str(folder / "file"))
    patch.delenv("DJANGO_SECRET_KEY", raising=False)
    (folder / "file").touch()
    rows = [*_calls(things), *_pages(), *_programs(folder)]
    happened = [(row, _happens(row)) for row in rows]
    return [
        f"{row.refused.__name__}: {row.says}: {error!r}"
        for row, error in happened
        if type(error) is not row.refused or not str(error).startswith(row.says)
    ]


def _happens(row: Row) -> Exception | None:
    needs = row.needs or {}
    own = {name: value for name, value in needs.items() if name in settings.STRIPE_SANDBOX}
    plain = {name: value for name, value in needs.items() if name not in own}
    with override_settings(STRIPE_SANDBOX=settings.STRIPE_SANDBOX | own, **plain):
        try:
            row.does()
        except Exception as refused:
            return refused
    return None


def _calls(things: Things) -> list[Row]:
    def asks(called: str, form: str = "") -> Callable[[], None]:
        """Return a call, written as in the table, that raises the refusal that it is answered with."""

        def make() -> None:
            answer, words = refusals.answer_of(refusals.Row(0, called, form, "", ""), things)
            raise ApiError(f"{answer}: {words}")

        return make

    def at_once() -> None:
        headers = {"Idempotency-Key": "both"}
        with idempotency.claimed(Call.to("POST", "https://api.stripe.com/v1/customers", headers, b"")):
            asks("POST /v1/customers ; Idempotency-Key: both")()

    def of_last_month() -> None:
        with time_machine.travel(datetime.datetime(2030, 6, 15, tzinfo=datetime.UTC)):
            asks("POST /v1/tokens", "card[number]=4242424242424242&card[exp_month]=5&card[exp_year]=2030")()

    url, private, closed = "url=http://10.0.0.1/", "400 sandbox_limit url: Other machines may", {"WEBHOOK_ALLOW": []}
    return [
        Row(at_once, ApiError, "409 idempotency_key_in_use -: There is currently another in-progress request"),
        Row(of_last_month, ApiError, "402 invalid_expiry_month exp_month: Your card's expiration month is invalid."),
        Row(
            asks("POST http:/v1/customers ; Key: sk_test_sandbox", "name=Hanako"),
            ApiError,
            "413 - -: Your request is too large.",
            {"DATA_UPLOAD_MAX_MEMORY_SIZE": 5},
        ),
        Row(
            asks("POST /v1/customers ; Sandbox-Fault: drop"),
            stripe.APIConnectionError,
            "Connection reset by peer. A fault of the sandbox broke this connection.",
        ),
        Row(
            asks("POST /v1/charges", "{yen}&source=tok_visa"),
            ApiError,
            "400 - -: Card Token usage on the Customers API and Charges API has reached end of life.",
            {"CARD_TOKENS": "ended"},
        ),
        Row(asks("POST /v1/webhook_endpoints", f"{url}&enabled_events[]=*"), ApiError, private, closed),
        Row(asks("POST /v1/webhook_endpoints/{own_public}", url), ApiError, private, closed),
        Row(asks(f"POST /sandbox/control/webhook/ ; Key: {SECRET}", url), ApiError, private, closed),
        # Without a server, which would start that thread.
        Row(lambda: control.deliveries(SECRET), ApiError, "Events are posted to their ", {"DELIVERIES": "thread"}),
    ]


def _pages() -> list[Row]:
    def expires_meanwhile() -> None:
        """Pay a session that is expired between the two looks at it."""
        typed = {**refusals.TYPED, "cardNumber": "4242424242424242"}
        session = store.get("checkout.session", refusals.made("/v1/checkout/sessions", refusals.SALE))
        refusals.made(f"/v1/checkout/sessions/{session.sid}/expire")
        raise ApiError(str(hosted._take(RequestFactory().post("/", typed), session).status_code))

    def comes(path: str = "/sandbox/", **headers: str) -> Callable[[], object]:
        """Return a request of the sandbox's own middleware: a site's may refuse it earlier."""
        return lambda: SandboxMiddleware(lambda request: HttpResponse())(RequestFactory().get(path, **headers))

    return [
        Row(expires_meanwhile, ApiError, "410"),
        Row(comes(HTTP_HOST="localhost:99999"), BadRequest, "There can be no such host."),
        Row(comes(f"/{'x' * LONGEST_PATH}"), BadRequest, "The address is too long."),
    ]


def _programs(folder: Path) -> list[Row]:
    def connects(*address: Any, anywhere: bool = False) -> Callable[[], object]:
        return lambda: destinations.connect(*address, 1, anywhere=anywhere)

    def decades() -> None:
        with accounts.acting_for(auth.caller(OTHER).account):
            accounts.set_clock(advancing.FURTHEST)
            advancing.advance(1)

    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        dead = taken.getsockname()[1]
    # An account of its own, which has no endpoint where events are posted.
    unheard = call("POST", "/v1/customers", key=OTHER)[1]["id"]
    event = store.StripeObject.everywhere.get(kind="event", parent=unheard)
    return [
        Row(lambda: testing.fault("flood"), ValueError, "'flood' is no fault; there are 500, "),
        Row(decades, ApiError, "A clock can be at most 316224000 seconds ahead: clear the account."),
        # An id of an object that no part of the sandbox makes.
        Row(
            lambda: expand.expand({"object": "payment_intent", "source": "src_1"}, ["source"]),
            ApiError,
            "The sandbox does not support the expansion of `source`.",
        ),
        Row(lambda: Deadline(0).left(), TimeoutError, "timed out"),
        Row(connects("127.0.0.1", dead), ApiError, "Other machines may reach this sandbox", {"WEBHOOK_ALLOW": []}),
        Row(connects("127.0.0.1", dead, anywhere=True), ConnectionRefusedError, ""),
        Row(lambda: serving.listen("a..b", 0), CommandError, "Cannot serve on a..b:0: "),
        Row(
            lambda: state.prepare(state.default_database()), CommandError, f"{folder / 'file' / 'stripe-sandbox'} cann"
        ),
        Row(lambda: state.prepare(folder / "none" / "a.sqlite3"), CommandError, "--database is to be the file '"),
        Row(lambda: state.key(folder / "none" / "a.sqlite3"), CommandError, "No key can be kept in "),
        Row(lambda: call_command("sandbox"), CommandError, "These settings are those of a site: run "),
        Row(lambda: call_command("resend_event", "evt_none"), CommandError, "No such event: 'evt_none'."),
        Row(
            lambda: call_command("resend_event", event.sid),
            CommandError,
            "No enabled endpoint wants events of type customer.created.",
            {"DELIVERIES": "thread"},
        ),
    ]
