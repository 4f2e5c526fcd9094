"""The log of requests."""

from __future__ import annotations

import json
import shlex

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stripe_sandbox import accounts, assumptions, conf
from stripe_sandbox.api import form, origin
from stripe_sandbox.api.calls import pretty
from stripe_sandbox.models import LoggedRequest
from stripe_sandbox.pages import rendering

from . import board
from .paging import page

METHODS = ("GET", "POST", "DELETE")
STATUSES = {"2": (200, 299), "4": (400, 499), "5": (500, 599)}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the calls of the API, by method, status and path."""
    found, older = page(request, _filtered(request))
    rows = [{"call": call, "at": rendering.moment(int(call.created))} for call in found]
    chosen = {name: request.GET.get(name, "") for name in ("method", "status", "path")}
    context = {"rows": rows, "older": older, "chosen": chosen, "methods": METHODS, "statuses": STATUSES}
    return board.show(request, "requests.html", context)


def _filtered(request: HttpRequest) -> QuerySet[LoggedRequest]:
    calls = LoggedRequest.objects.all()
    if request.GET.get("method") in METHODS:
        calls = calls.filter(method=request.GET["method"])
    if request.GET.get("status") in STATUSES:
        calls = calls.filter(status__range=STATUSES[request.GET["status"]])
    if path := request.GET.get("path", ""):
        calls = calls.filter(path__contains=path)
    return calls


@require_safe
def detail(request: HttpRequest, sid: str) -> HttpResponse:
    """Show one call: its parameters, its answer, and how to make it with curl."""
    call = LoggedRequest.objects.filter(request_id=sid).first()
    if call is None:
        raise Http404
    context = {
        "call": call,
        "at": rendering.moment(int(call.created)),
        "params": json.dumps(call.params, indent=2, ensure_ascii=False),
        "answer": pretty(call.answer),
        "assumed": assumptions.OF_WORDS in call.answer,
        "curl": curl(call),
        "answered": conf.API_VERSION,
    }
    return board.show(request, "request.html", context)


def curl(call: LoggedRequest) -> str:
    """Return the call as a command; what the log has masked stays masked, and a key that is not kept is a variable."""
    key = conf.get("SECRET_KEY") if call.account == accounts.DEFAULT else '"$STRIPE_SECRET_KEY"'
    lines = [f"curl {shlex.quote(origin.visitor() + call.path)}", f"-u {key}:"]
    if call.idempotency_key:
        lines.append(f"-H {shlex.quote(f'Idempotency-Key: {call.idempotency_key}')}")
    if call.version:
        lines.append(f"-H {shlex.quote(f'Stripe-Version: {call.version}')}")
    if call.method == "GET" and call.params:
        lines.append("-G")
    elif call.method == "DELETE" or (call.method == "POST" and not call.params):
        lines.append(f"-X {call.method}")
    lines += [f"-d {shlex.quote(f'{name}={value}')}" for name, value in form.encode(call.params)]
    return " \\\n  ".join(lines)
