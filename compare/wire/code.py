"""The code behind a recorded message: what sends it, or what answers it."""

from __future__ import annotations

from pathlib import Path

from django.urls import Resolver404, resolve

from compare.models import WireMessage
from compare.pages.call_graph import Use
from compare.pages.files import BY_PATH, FILES
from compare.wire.step import Step

# The functions that send each call, of both flows; a payment's story has those of its own flow.
CALLS = {
    "POST /v1/charges": ("legacy._charge",),
    "GET /v1/charges": ("references.find_charge",),
    "GET /v1/charges/…": ("legacy.confirm", "legacy._charge_changed", "refunds_and_disputes._follow_refunds"),
    "POST /v1/checkout/sessions": ("modern._create",),
    "GET /v1/checkout/sessions/…": ("modern._retrieve",),
    "POST /v1/refunds": ("legacy.refund", "modern.refund"),
    "GET /v1/refunds": ("refunds_and_disputes._follow_refunds",),
    "GET /v1/disputes": ("refunds_and_disputes._follow_dispute",),
}
_FILES = {Path(file.path).stem: file for file in FILES if file.path.startswith("bbs/payments/")}


def code_behind(step: Step) -> list[Use]:
    """Return the functions, one of which sent this call, or the view that answered this request."""
    if step.message.kind != WireMessage.Kind.CALL:
        return _view(step.message.address)
    sides = {step.message.payment.flow, "references", "refunds_and_disputes"}
    places = [place.split(".") for place in CALLS.get(step.name, ())]
    return [Use(_FILES[side], function) for side, function in places if side in sides]


def _view(address: str) -> list[Use]:
    try:
        view = resolve(address).func
    except Resolver404:
        return []
    file = BY_PATH.get(f"{view.__module__.replace('.', '/')}.py")
    return [Use(file, view.__name__)] if file else []
