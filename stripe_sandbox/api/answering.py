"""Answer one call of the API, from its key to its JSON, in one transaction; of a refusal only the log is kept."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction

from stripe_sandbox import accounts, conf, errors
from stripe_sandbox.errors import ApiError, Declined

from . import auth, current, expand, faults, form, idempotency, limits, origin, request_log, routes, schema, versions
from .calls import Answer, Call
from .routes import Route

_FORM = "application/x-www-form-urlencoded"


def answer(call: Call, table: Iterable[Route]) -> Answer:
    """Return the answer that an address of `table` gives to a call, never an exception: a refusal is an answer too."""
    started = time.perf_counter()
    key = auth.key_of(call)
    try:
        caller = auth.caller(key)
    except ApiError as refused:
        # A call of no account: the log of the default one shows it, for a person who looks for a wrong key.
        reply = _refused(call, {}, refused, started)
    else:
        asked = current.answering(key=auth.masked(key), version=versions.of(call))
        with accounts.acting_for(caller.account), asked:
            reply = _for_account(call, table, caller.role, started)
    return reply if reply.drop else replace(reply, headers={**_headers(call), **reply.headers})


def _for_account(call: Call, table: Iterable[Route], role: str, started: float) -> Answer:
    cause = {"id": call.id, "idempotency_key": call.idempotency_key or None, "client_ip": call.client_ip}
    try:
        with current.answering(**cause):
            fault = _fault(call, role)
            reply = _reply(call, table, role, fault, started)
    except ApiError as refused:
        return Answer.of(refused.status, refused.json())
    return Answer(0, "", drop="timeout") if fault == "timeout_after" else reply


def _fault(call: Call, role: str) -> str:
    """Return what goes wrong with this call, which has a key: a fault may hold the server's thread.

    Raises `ApiError` for a header that names no fault, or comes with the browser's key.
    """
    named = call.headers.get(faults.HEADER, "")
    if not named:
        return faults.take(faults.API)
    auth.check(role, publishable=False)
    if named not in faults.CALLS:
        raise ApiError(f"{faults.HEADER}: there is no {named}, only {', '.join(faults.CALLS)}.")
    return named


def _reply(call: Call, table: Iterable[Route], role: str, fault: str, started: float) -> Answer:
    if fault in _INSTEAD:
        return _instead(call, fault, started)
    with idempotency.claimed(call):
        return _transaction(call, table, role, started)


_SORRY = {
    "message": "An unexpected error has occurred. This is the fault you ordered from the sandbox.",
    "type": "api_error",
}
_LIMIT = {
    "code": "rate_limit",
    "message": "Request rate limit exceeded. This is the fault you ordered from the sandbox.",
    "type": "invalid_request_error",
}
_INSTEAD = {
    "500": Answer.of(500, {"error": _SORRY}),
    "429": Answer.of(429, {"error": _LIMIT}),
    "timeout_before": Answer(0, "", drop="timeout"),
    "drop": Answer(0, "", drop="reset"),
}


def _instead(call: Call, fault: str, started: float) -> Answer:
    """Return the fault that was ordered; nothing is done, and the log shows it all the same."""
    reply = _INSTEAD[fault]
    try:
        params = read(call)
    except ApiError:
        params = {}
    request_log.write(call, params, reply, started)
    return reply


def _headers(call: Call) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Request-Id": call.id, **versions.headers(call)}
    headers["Cache-Control"] = "no-cache, no-store"
    if call.idempotency_key:
        headers["Idempotency-Key"] = call.idempotency_key.encode("ascii", "replace").decode()
    return headers


def _transaction(call: Call, table: Iterable[Route], role: str, started: float) -> Answer:
    params: dict[str, Any] = {}
    try:
        versions.check(current.request().version)
        if named := call.headers.get("Stripe-Account"):
            auth.check_account(named)
        route, place = routes.find(table, call.method, call.path)
        auth.check(role, publishable=route.publishable)
        params = read(call)
        with transaction.atomic(using=conf.DATABASE):
            reply = idempotency.stored(call, params) or _first(call, route, place, params)
            _log(call, params, reply, started)
    except ApiError as refused:
        # Undone as a whole: with a savepoint within, SQLite would keep a second journal for every call.
        reply = _refused(call, params, refused, started)
    return reply


def _refused(call: Call, params: dict[str, Any], refused: ApiError, started: float) -> Answer:
    """Return a refusal as an answer, which the log keeps."""
    reply = refusal(refused)
    with transaction.atomic(using=conf.DATABASE):
        _log(call, params, reply, started)
    return reply


def _log(call: Call, params: dict[str, Any], reply: Answer, started: float) -> None:
    origin.remember()
    request_log.write(call, params, reply, started)


def refusal(refused: ApiError) -> Answer:
    """Return the answer that says no; a 401 says how to authenticate."""
    reply = Answer.of(refused.status, refused.json())
    if refused.status == 401:
        reply.headers["WWW-Authenticate"] = 'Basic realm="Stripe"'
    return reply


def read(call: Call) -> dict[str, Any]:
    """Return the parameters: those of the query, and for a POST those of the body."""
    idempotency.check_length(call)
    if call.body is None:
        raise ApiError("Your request is too large.", status=413)
    kind = call.headers.get("Content-Type", _FORM).partition(";")[0].strip().lower()
    if call.body and call.method == "POST" and kind not in ("", _FORM):
        raise ApiError(
            f"Invalid request (check that your POST content type is {_FORM}). If you have any questions, we can "
            f"help at {errors.SUPPORT}."
        )
    return form.decode(call.query) | (form.decode(call.body) if call.method == "POST" else {})


def _first(call: Call, route: Route, place: dict[str, str], params: dict[str, Any]) -> Answer:
    """Answer a call that is no repetition, and keep the answer under its key.

    Raises `ApiError` for what changes nothing: that is undone, and not kept.
    """
    cleaned = schema.clean(route.params, limits.supported(route, params))
    try:
        content = route.handler(cleaned, **place)
        reply = Answer.of(200, expand.expand(content, cleaned.get("expand") or []))
    except Declined as declined:
        if not declined.kept:
            raise
        reply = Answer.of(declined.status, declined.json())
    idempotency.keep(call, params, reply)
    return reply
