"""Within the process: a new shop, its account at Stripe, and what Stripe's side of a story does."""

from __future__ import annotations

import functools
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import stripe
from django.conf import settings
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client

from bbs import demo

Delivery = tuple[bytes, dict[str, str]]  # a body and its headers
# What the shop is called in its addresses.
HOST = "localhost"
# The name in a request's environment, which no header of a visitor's can set, of the module with the shop's addresses.
ADDRESSES = "compare.apart.addresses"


class Refused(Exception):
    """The sandbox refused what was asked of it; the message is the sandbox's."""


@dataclass(frozen=True)
class Account:
    """An account of the sandbox that nothing else uses."""

    secret_key: str
    publishable_key: str
    webhook_secret: str

    @classmethod
    def of(cls, secret_key: str) -> Account:
        """Return the account of a key, which is made on first use."""
        found = _control(secret_key, "account")
        return cls(secret_key, found["publishable_key"], found["webhook_secret"])

    @property
    def settings(self) -> dict[str, object]:
        """The settings of a shop that has this account."""
        return {
            "STRIPE_SECRET_KEY": self.secret_key,
            "STRIPE_PUBLISHABLE_KEY": self.publishable_key,
            "STRIPE_WEBHOOK_SECRETS": [self.webhook_secret],
            "STRIPE_WEBHOOK_SECRET": self.webhook_secret,  # what the ladder's rungs call it
        }

    def control(self, action: str, **form: object) -> dict[str, Any]:
        """Carry out an action of the sandbox's control addresses, and return its answer. Raises Refused."""
        return _control(self.secret_key, action, **form)

    def deliveries(self, *, ahead: float = 0) -> list[Delivery]:
        """Return each event that is due within so many seconds, signed; each counts as answered with 200."""
        found = self.control("deliveries", ahead=ahead)["deliveries"]
        return [(each["body"].encode(), each["headers"]) for each in found]


def new_key() -> str:
    """Return a secret key that no account has yet."""
    return f"sk_test_{secrets.token_hex(16)}"


def join_shop(secret_key: str, *, is_new: bool = False, **changes: object) -> Account:
    """Work on the database that this process was started with, where other processes of the same shop may work too.

    The first of them says that it is new, and waits until it is ready, with the samples.
    """
    if is_new:
        _migrated()
    _without_pauses()
    account = Account.of(secret_key)
    change(**(account.settings | changes))
    return account


@contextmanager
def open_shop(**changes: object) -> Iterator[Account]:
    """Open a new shop, with the samples and nothing else in its database, and these settings; yield its account.

    What one shop leaves behind is gone with it. Only one can be open at a time.
    """
    database = connections.settings["default"]
    connections["default"].close()
    emptied = database["NAME"]
    database["NAME"] = str(shutil.copyfile(_migrated(), Path(emptied).with_name(f"{secrets.token_hex(8)}.sqlite3")))
    account = Account.of(new_key())
    changes |= account.settings
    before = {name: getattr(settings, name, None) for name in changes}
    try:
        change(**changes)
        yield account
    finally:
        change(**before)
        account.control("clear")
        connections["default"].close()
        for file in Path(emptied).parent.glob(f"{Path(database['NAME']).name}*"):
            file.unlink(missing_ok=True)
        database["NAME"] = emptied


def change(**changes: object) -> None:
    """Set settings, and send the signal that one was set."""
    for name, value in changes.items():
        setattr(settings, name, value)
        setting_changed.send(sender=None, setting=name, value=value, enter=True)


@functools.cache
def _migrated() -> Path:
    """Return the file of a database that is ready and holds the samples; it is made once in a process."""
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0, database="stripe_sandbox")
    demo.load()
    _without_pauses()
    connection.close()  # which writes all of it into the one file
    return Path(connection.settings_dict["NAME"])


def _without_pauses() -> None:
    # The retries of stripe-python wait as long as a network needs, and there is none here.
    stripe.HTTPClient.INITIAL_DELAY = stripe.HTTPClient.MAX_DELAY = 0


def _control(key: str, action: str, **form: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    kind = "application/x-www-form-urlencoded"
    path = f"/sandbox/control/{action}/"
    answer = Client(SERVER_NAME=HOST).post(path, urlencode(form), kind, headers=headers)
    content = json.loads(answer.content)
    if answer.status_code != 200:
        raise Refused(content["error"]["message"])
    return content


def other_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a request with the addresses of another module than the site's, where its environment names one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if module := request.META.get(ADDRESSES):
            request.urlconf = module
        return get_response(request)

    return middleware
