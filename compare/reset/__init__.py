"""Emptying the board and the sandbox together, for the next class or demonstration.

The sandbox is asked by its control address, in its own transaction, and first: nothing that it would deliver can come
into the board that is emptied then, in one transaction. Ended between the two, or within one, it is run again.
"""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, models, transaction
from django.urls import resolve
from django.utils.translation import gettext as _

from bbs import demo
from bbs.models import HistoryEntry, Mail, Payment, Product, RecentCount, Refund, Topic, Voucher, WebhookEvent
from compare.models import LabRun, Rehearsal, WireMessage

# Each before those that it refers to. Who may sign in to the admin stays, and so do the settings.
TABLES: tuple[type[models.Model], ...] = (
    WireMessage, Rehearsal, LabRun, Mail, Refund, HistoryEntry, Voucher, WebhookEvent, Topic, Payment, Product,
    RecentCount,
)  # fmt: skip
COUNTED = {"topics": Topic, "payments": Payment, "events": WebhookEvent, "messages": WireMessage}
TIMEOUT = 15  # seconds


class Refused(Exception):
    """What is behind this site is no sandbox, or it does not answer: nothing was deleted."""


def refuse_without_sandbox() -> None:
    """Raise Refused where the payments are those of an account at Stripe, whatever its mode."""
    host = urlsplit(settings.STRIPE_API_BASE).hostname or ""
    is_stripe = host == "stripe.com" or host.endswith(".stripe.com")
    if settings.STRIPE_LIVEMODE or (is_stripe and not settings.STRIPE_SANDBOX_ENABLED):
        raise Refused(_("This site has the keys of a Stripe account: only a sandbox can be reset."))


def counts() -> dict[str, int]:
    """Return how many rows there are of what a person can see."""
    return {name: model._default_manager.count() for name, model in COUNTED.items()}


def empty_sandbox() -> str:
    """Delete all that the sandbox stores for this site's key; return the account's id. Raises Refused."""
    refuse_without_sandbox()
    account = _control("account").get("account", "")
    _control("clear")
    return account


def empty_board() -> dict[str, int]:
    """Delete all that the board stores, and load the samples, in one transaction; return what `counts` gave before."""
    refuse_without_sandbox()
    with transaction.atomic():
        before = counts()
        for model in TABLES:
            model._default_manager.all()._raw_delete(connection.alias)
        demo.load()
    return before


def _control(action: str) -> dict[str, Any]:
    """Return what the sandbox answers to a control action. Raises Refused where it is none, or does not do it."""
    path = f"/sandbox/control/{action}/"
    try:
        status, body = _in_process(path) if settings.STRIPE_SANDBOX_ENABLED else _elsewhere(path)
        answer = json.loads(body)
    except (stripe.APIConnectionError, ValueError):
        status, answer = 0, None
    if status != 200 or not isinstance(answer, dict):
        raise Refused(_("%s does not answer as a sandbox: nothing of it was deleted.") % settings.STRIPE_API_BASE)
    return answer


def _in_process(path: str) -> tuple[int, bytes]:
    """Hand a request to the sandbox that this site serves: also where no server is running."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_AUTHORIZATION": f"Bearer {settings.STRIPE_SECRET_KEY}",
            "wsgi.input": io.BytesIO(),
        }
    )
    view, args, kwargs = resolve(path)
    response = view(request, *args, **kwargs)
    return response.status_code, response.content


def _elsewhere(path: str) -> tuple[int, str | bytes]:
    headers = {"Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}"}
    client = stripe.RequestsClient(timeout=TIMEOUT)
    body, status, _headers = client.request("post", f"{settings.STRIPE_API_BASE}{path}", headers)
    return status, body
