"""The control addresses, by which the tests of a shop drive a sandbox that runs in another process.

`POST /sandbox/control/<action>/` with the secret key, as the API takes it; a form in, JSON out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from stripe_sandbox import accounts, conf, store, testing
from stripe_sandbox.api import answering, auth, faults, schema
from stripe_sandbox.api.calls import Answer, pretty
from stripe_sandbox.api.endpoint import call_of
from stripe_sandbox.api.schema import DecimalText, Integer, Param, Text
from stripe_sandbox.errors import ApiError

_YEAR = 366 * 24 * 3600


def clear() -> dict[str, Any]:
    """Delete all that the account has stored, as the dashboard does; the account and its webhook secret stay."""
    store.clear()
    return {"cleared": True}


def deliveries(ahead: str = "0") -> dict[str, Any]:
    """Return every due delivery, signed; each counts as answered 200. `ahead`: seconds to let pass first.

    Raises ApiError where a thread posts them: an event is handed out once, and would reach its endpoint no more.
    """
    if conf.get("DELIVERIES") != "manual":
        raise ApiError("Events are posted to their endpoints here: serve the sandbox with --deliveries manual.")
    if not 0 <= float(ahead) <= _YEAR:
        raise ApiError(f"This value must be between 0 and {_YEAR} seconds.", param="ahead")
    found = testing.signed_deliveries(ahead=float(ahead))
    return {"deliveries": [{"body": body.decode(), "headers": headers} for body, headers in found]}


def order_faults(effect: str, times: int = 1) -> dict[str, Any]:
    """Order a fault for the next `times` calls or deliveries."""
    faults.order(effect, times)
    return {"effect": effect, "times": times}


_ACTIONS: dict[str, tuple[Callable[..., dict[str, Any]], Mapping[str, Param]]] = {
    "clear": (clear, {}),
    "deliveries": (deliveries, {"ahead": DecimalText()}),
    "faults": (
        order_faults,
        {
            "effect": Text(choices=faults.CALLS + faults.DELIVERIES, required=True),
            "times": Integer(least=1, most=999),
        },
    ),
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
    caller = auth.caller(auth.key_of(call))
    auth.check(caller.role, publishable=False)
    if action not in _ACTIONS:
        raise ApiError(f"There is no control action '{action}', only {', '.join(_ACTIONS)}.", status=404)
    if call.method != "POST":
        raise ApiError("Control actions are POSTs.", status=405)
    work, params = _ACTIONS[action]
    with accounts.acting_for(caller.account):
        return work(**schema.clean(params, answering.read(call)))
