"""The control addresses, by which the tests of a shop drive a sandbox that runs in another process.

`POST /sandbox/control/<action>/` with an account's secret key, as the API takes it; a form in, JSON out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from stripe_sandbox import accounts, conf, store, testing
from stripe_sandbox.api import answering, auth, faults, schema
from stripe_sandbox.api.calls import Answer, pretty
from stripe_sandbox.api.endpoint import call_of
from stripe_sandbox.api.schema import DecimalText, Integer, Param, Text, Url
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Attempt, LoggedRequest
from stripe_sandbox.resources import advancing, card_tokens
from stripe_sandbox.webhooks import destinations, endpoints

# How many of the last rows are returned, and how many may be asked for.
_LIMIT, _MOST = 100, 1_000


def account(key: str) -> dict[str, Any]:
    """Return what a client needs of the account whose secret key this is.

    The default account's webhook secret is null where it may be that of a real endpoint.
    """
    served = accounts.current()
    return {
        "account": served.sid,
        "api_version": conf.API_VERSION,
        "now": store.now(),
        "publishable_key": auth.publishable(key),
        "webhook_secret": endpoints.own_secret(),
    }


def clear(key: str) -> dict[str, Any]:
    """Delete all that the account has stored, as the dashboard does; the account and its webhook secret stay."""
    store.clear()
    return {"cleared": True}


def advance(key: str, seconds: str) -> dict[str, Any]:
    """Let so many seconds pass by the account's clock; return the time, and the last of what happened meanwhile.

    Raises ApiError for more than a year, and for more than ten in all.
    """
    happened = advancing.advance(float(seconds))
    return {
        "ahead": int(accounts.current().clock_ahead),
        "count": len(happened),
        "happened": [one._asdict() for one in happened[-_MOST:]],
        "now": store.now(),
    }


def deliveries(key: str, ahead: str = "0") -> dict[str, Any]:
    """Return every due delivery, signed; each counts as answered 200. `ahead`: seconds to let pass first.

    Raises ApiError where a thread posts them: an event is handed out once, and would no longer reach its endpoint.
    """
    if conf.get("DELIVERIES") != "manual":
        raise ApiError("Events are posted to their endpoints here: serve the sandbox with --deliveries manual.")
    if not 0 <= float(ahead) <= advancing.MOST:
        raise ApiError(f"This value must be between 0 and {advancing.MOST} seconds.", param="ahead")
    found = testing.signed_deliveries(ahead=float(ahead))
    return {"deliveries": [{"body": body.decode(), "headers": headers} for body, headers in found]}


def order_faults(key: str, effect: str, times: int = 1) -> dict[str, Any]:
    """Order a fault for the next `times` calls or deliveries, or with `none` cancel all; return what is ordered now."""
    if effect == "none":
        faults.cancel()
    else:
        faults.order(effect, times)
    return {"faults": [{"effect": fault.effect, "times": fault.remaining} for fault in faults.ordered()]}


def webhook(key: str, **where: str | None) -> dict[str, Any]:
    """Post the account's events to a URL: "" is nowhere, and None is the value of the settings.

    Raises ApiError for a private address that STRIPE_SANDBOX_WEBHOOK_ALLOW does not allow.
    """
    url = (where["url"] or "") if "url" in where else None
    if url:
        destinations.refuse_private(url)
    with transaction.atomic(using=conf.DATABASE):
        endpoints.post_to(url)
    return {"url": endpoints.own_url(accounts.current()), "webhook_secret": endpoints.own_secret()}


def choose_card_tokens(key: str, mode: str | None) -> dict[str, Any]:
    """Choose how card tokens behave; "" is the value of the settings. Return what is in force."""
    card_tokens.choose(mode or "")
    return {"mode": card_tokens.mode()}


def requests(key: str, limit: int = _LIMIT) -> dict[str, Any]:
    """Return the last calls of the account's API since it was cleared, in their order; card numbers are masked."""
    found = LoggedRequest.objects.order_by("-pk")[:limit]
    names = ("created", "idempotency_key", "method", "params", "path", "replayed", "request_id", "status")
    return {"requests": [{name: getattr(call, name) for name in names} for call in reversed(found)]}


def attempts(key: str, limit: int = _LIMIT) -> dict[str, Any]:
    """Return the last posts of the account's events since it was cleared, in their order.

    `status` is 0 where no answer came, and `url` empty where an event was handed out.
    """
    found = Attempt.objects.select_related("delivery").order_by("-pk")[:limit]
    return {
        "attempts": [
            {
                "at": attempt.at,
                "endpoint": attempt.delivery.endpoint,
                "event": attempt.delivery.event,
                "status": attempt.status,
                "type": attempt.delivery.event_type,
                "url": attempt.url,
            }
            for attempt in reversed(found)
        ]
    }


WEBHOOK = {"url": Url(most=2000, unset=True)}
_LIMITED = {"limit": Integer(least=1, most=_MOST)}
_ACTIONS: dict[str, tuple[Callable[..., dict[str, Any]], Mapping[str, Param]]] = {
    "account": (account, {}),
    "advance": (advance, {"seconds": DecimalText(required=True)}),
    "attempts": (attempts, _LIMITED),
    "card_tokens": (
        choose_card_tokens,
        {"mode": Text(choices=conf.CARD_TOKENS, required=True, unset=True)},
    ),
    "clear": (clear, {}),
    "deliveries": (deliveries, {"ahead": DecimalText()}),
    "faults": (
        order_faults,
        {
            "effect": Text(choices=(*faults.CALLS, *faults.DELIVERIES, "none"), required=True),
            "times": Integer(least=1, most=999),
        },
    ),
    "requests": (requests, _LIMITED),
    "webhook": (webhook, WEBHOOK),
}


@csrf_exempt
def endpoint(request: HttpRequest, action: str) -> HttpResponse:
    """Carry out one action. No cookie counts here, only the secret key; the middleware refuses other origins' pages."""
    try:
        answer = Answer.of(200, _do(request, action))
    except ApiError as refused:
        answer = answering.refusal(refused)
    headers = {"Content-Type": "application/json", "Cache-Control": "no-cache, no-store", **answer.headers}
    if answer.status == 405:
        headers["Allow"] = "POST"
    return HttpResponse(pretty(answer.body), status=answer.status, headers=headers)


def _do(request: HttpRequest, action: str) -> dict[str, Any]:
    call = call_of(request)
    key = auth.key_of(call)
    caller = auth.caller(key)
    auth.check(caller.role, publishable=False)
    if action not in _ACTIONS:
        raise ApiError(f"There is no control action '{action}', only {', '.join(_ACTIONS)}.", status=404)
    if call.method != "POST":
        raise ApiError("Control actions are POSTs.", status=405)
    work, params = _ACTIONS[action]
    with accounts.acting_for(caller.account):
        return work(key, **schema.clean(params, answering.read(call)))
