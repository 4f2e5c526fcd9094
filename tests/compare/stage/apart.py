"""Work for a shop apart: each function is a process's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import stripe
from django.conf import settings
from django.test import Client

from bbs.models import Topic
from compare.apart.shop import open_shop


def look(action: str = "account", **changes: object) -> Iterator[dict[str, Any]]:
    """Say where the shop is and what is in it; then charge something there, and post a comment."""
    with open_shop(**changes) as account:
        account.control(action)
        found = {"charges": len(stripe.Charge.list().data), "topics": Topic.objects.count()}
        stripe.Charge.create(amount=50, currency="jpy", source="tok_visa")
        Topic.objects.create(comment="Hello")
        yield {
            "board": Client(SERVER_NAME="localhost").get("/").status_code,
            "deliveries": [headers["Stripe-Signature"][:2] for _body, headers in account.deliveries()],
            "flow": settings.PAYMENT_FLOW,
            "found": found,
            "key": account.secret_key,
            "process": os.getpid(),
        }


def fail_or_not(fail: bool) -> Iterator[dict[str, Any]]:
    print("This is no answer.")  # noqa: T201
    yield {"step": 1}
    if fail:
        raise RuntimeError("as ordered")


def hang() -> Iterator[dict[str, Any]]:
    yield {"step": 1}
    time.sleep(60)


def die() -> Iterator[dict[str, Any]]:
    yield {"step": 1}
    os._exit(1)
