"""Addresses under a charge that older releases of Stripe's libraries call: its refunds, and its dispute.

The refund itself is made, read and listed by `refunds`, and the dispute by `disputes`. Stripe documents the refunds
(https://docs.stripe.com/api/refunds) at `/v1/refunds` alone; that these addresses answer was recorded in 2026.
"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.shapes import EXPAND, LIST, METADATA

from . import disputes, refunds

_CHARGE = "/v1/charges/{sid}"
_REFUND = {name: param for name, param in refunds.CREATE.items() if name != "charge"}


def refund(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Refund a charge and return the refund."""
    store.get("charge", sid)
    return refunds.create({**params, "charge": sid})


def refund_and_show(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Refund a charge and return the charge."""
    refund(params, sid)
    return store.get("charge", sid).body


def listed(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """List the refunds of a charge."""
    store.get("charge", sid)
    return store.listing(f"/v1/charges/{sid}/refunds", "refund", params, parent=sid)


def retrieve(params: dict[str, Any], sid: str, refund: str) -> dict[str, Any]:
    """Return a refund; raises `resource_missing` for one of another charge."""
    return _belonging(sid, refund)


def update(params: dict[str, Any], sid: str, refund: str) -> dict[str, Any]:
    _belonging(sid, refund)
    return refunds.update(params, refund)


def _belonging(charge: str, refund: str) -> dict[str, Any]:
    store.get("charge", charge)
    body = store.get("refund", refund, "refund").body
    if body["charge"] != charge:
        raise errors.no_such("refund", refund, "refund")
    return body


def dispute(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return disputes.retrieve(params, _dispute(sid))


def update_dispute(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return disputes.update(params, _dispute(sid))


def close_dispute(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return disputes.close(params, _dispute(sid))


def _dispute(charge: str) -> str:
    """Return the id of a charge's newest dispute."""
    store.get("charge", charge)
    page = store.listing(disputes.PATH, "dispute", {"limit": 1}, parent=charge)
    if not page["data"]:
        raise errors.ApiError(f"No dispute for charge: {charge}", status=404)
    return page["data"][0]["id"]


ROUTES = [
    Route("POST", f"{_CHARGE}/refund", refund_and_show, _REFUND),
    Route("POST", f"{_CHARGE}/refunds", refund, _REFUND),
    Route("GET", f"{_CHARGE}/refunds", listed, LIST),
    Route("GET", f"{_CHARGE}/refunds/{{refund}}", retrieve),
    Route("POST", f"{_CHARGE}/refunds/{{refund}}", update, {"metadata": METADATA, "expand": EXPAND}),
    Route("GET", f"{_CHARGE}/dispute", dispute),
    Route("POST", f"{_CHARGE}/dispute", update_dispute, disputes.UPDATE),
    Route("POST", f"{_CHARGE}/dispute/close", close_dispute),
]
