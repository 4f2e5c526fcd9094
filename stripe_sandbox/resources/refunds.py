"""Refunds. https://docs.stripe.com/api/refunds"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stripe_sandbox import assumptions, errors, ids, money, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Text
from stripe_sandbox.api.shapes import AMOUNT, CREATED, EMAIL, EXPAND, LIST, METADATA, TEXT, merged
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import amounts, balances

PATH = "/v1/refunds"
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CREATE = {
    "charge": TEXT,
    "payment_intent": TEXT,
    "amount": AMOUNT,
    "reason": Text(choices=REASONS),
    "metadata": METADATA,
    "instructions_email": EMAIL,
    "expand": EXPAND,
}
_EVENTUALLY = 5
_REFERENCE_DELAY = 1
_TO_CARD = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}


def create(params: dict[str, Any]) -> dict[str, Any]:
    """Refund some or all of a charge; raises `charge_already_refunded` and what else prevents it."""
    charge = _charge(params)
    left = _left(charge)
    amount = params.get("amount", left)
    if amount > left:
        written = [money.written(value, charge.body["currency"]) for value in (amount, left)]
        raise errors.ApiError(
            f"Refund amount ({written[0]}) is greater than unrefunded amount on charge ({written[1]})",
            param="amount",
        )
    if not charge.body["captured"] and amount < left:
        raise errors.ApiError(
            "You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than "
            "the original amount",
            param="amount",
        )
    amounts.check_step(amount, charge.body["currency"])
    behaviour = charge.private.get("card", {}).get("behaviour")
    refund = store.add(_body(charge, amount, params, pending=behaviour == "refund_pending"))
    if _is_asked_for_an_account(charge.body):
        _ask_for_an_account(refund, params.get("instructions_email") or charge.body["billing_details"]["email"])
    with changing(charge) as body:
        body["amount_refunded"] += amount
        body["refunded"] = body["amount_refunded"] == body["amount"]
    refunded = {"amount_refunded": charge.body["amount_refunded"] - amount, "refunded": False}
    events.emit("refund.created", refund.body)
    events.emit("charge.refunded", charge.body, before=charge.body | refunded)
    if behaviour in ("refund_pending", "refund_fail"):
        schedule.later(behaviour, refund.sid, _EVENTUALLY)
    if behaviour != "refund_pending":
        follow_reference(refund)
    return refund.body


def _is_asked_for_an_account(charge: dict[str, Any]) -> bool:
    """Return whether money can only go back to a bank account that the customer names.

    https://docs.stripe.com/payments/konbini
    """
    return charge["payment_method_details"]["type"] == "konbini"


def _ask_for_an_account(refund: StripeObject, email: str) -> None:
    """Let the refund wait for the customer: Stripe asks by mail for a bank account, which comes a minute later."""
    now = store.now()
    sent = {"email_sent_at": now, "email_sent_to": email}
    details = {"email_sent": sent, "expires_at": now + assumptions.REFUND_ACTION_LIFE}
    refund.body |= {
        "next_action": {"display_details": details, "type": "display_details"},
        "status": "requires_action",
    }
    refund.save()
    schedule.later("refund_pending", refund.sid, assumptions.REFUND_ACTION_DELAY)


def follow_reference(refund: StripeObject) -> None:
    """Plan the reference of a refund to a card, which Stripe has about a second later."""
    if "reference_status" in refund.body["destination_details"].get("card", {}):
        schedule.later("refund_reference", refund.sid, _REFERENCE_DELAY)


def _charge(params: dict[str, Any]) -> StripeObject:
    """Return the charge that `charge` or `payment_intent` names."""
    if params.get("charge"):
        charge = store.get("charge", params["charge"])
        if params.get("payment_intent") not in (None, charge.payment_intent):
            raise errors.ApiError("The charge does not belong to that payment_intent.", param="payment_intent")
        if charge.body["status"] == "failed" and charge.body["payment_intent"]:
            raise _without_charge(charge.body["payment_intent"])
        return charge
    if not params.get("payment_intent"):
        raise errors.ApiError(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    intent = store.get("payment_intent", params["payment_intent"], "payment_intent")
    paid = store.find("charge", intent.body["latest_charge"] or "")
    if paid is None or paid.body["status"] != "succeeded":
        raise _without_charge(intent.sid)
    return paid


def _without_charge(intent: str) -> errors.ApiError:
    return errors.ApiError(f"This PaymentIntent ({intent}) does not have a successful charge to refund.")


def _left(charge: StripeObject) -> int:
    """Return what can still be refunded, in the smallest unit."""
    body = charge.body
    if body["refunded"]:
        raise errors.ApiError(f"Charge {charge.sid} has already been refunded.", code="charge_already_refunded")
    if body["status"] != "succeeded":
        raise errors.ApiError(f"Charge {charge.sid} was not successful: it cannot be refunded.", assumed=True)
    if body["disputed"] and not charge.private.get("refundable"):
        raise errors.ApiError(
            f"Charge {charge.sid} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    return body["amount"] - body["amount_refunded"]


def _body(charge: StripeObject, amount: int, params: dict[str, Any], *, pending: bool) -> dict[str, Any]:
    source = charge.body
    body = {
        "id": ids.sibling(source["id"], "re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": source["id"],
        "created": store.now(),
        "currency": source["currency"],
        "customer": source["customer"],
        "customer_account": None,
        "destination_details": _destination(source, pending=pending),
        "metadata": merged({}, params.get("metadata")),
        "payment_intent": source["payment_intent"],
        # A card token's charge names a card there, which is no payment method.
        "payment_method": source["payment_method"] if source["payment_intent"] else None,
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if pending else "succeeded",
        "transfer_reversal": None,
    }
    if "instructions_email" in params:
        body["instructions_email"] = params["instructions_email"]
    if source["captured"]:
        about = f" ({source['description']})" if source["description"] else ""
        booked = balances.record("refund", body | {"description": f"REFUND FOR CHARGE{about}"}, -amount)
        body["balance_transaction"] = booked["id"]
    return body


def _destination(charge: dict[str, Any], *, pending: bool) -> dict[str, Any]:
    kind = charge["payment_method_details"]["type"]
    if kind == "konbini":
        return {"jp_bank_transfer": {"reference": None, "reference_status": None}, "type": "jp_bank_transfer"}
    if kind != "card":
        return {"type": kind, kind: {}}
    return {"card": {"type": "pending"} if pending else dict(_TO_CARD), "type": "card"}


@contextmanager
def _updating(refund: StripeObject, event: str = "refund.updated", *, asked: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a refund's body to be changed, and emit `charge.refund.updated` and `event`; `asked`: by the call."""
    before = copy.deepcopy(refund.body)
    with changing(refund) as body:
        yield body
    if refund.body != before:
        for kind in ("charge.refund.updated", event):
            events.emit(kind, refund.body, before=before, asked=asked)


def has_reference(refund: StripeObject) -> None:
    """Show the acquirer's reference of a refund: 16 digits, as recorded."""
    with _updating(refund) as body:
        body["destination_details"]["card"] |= {"reference": ids.digits(16), "reference_status": "available"}


def succeed(refund: StripeObject) -> None:
    """Complete a refund that is under way, or whose customer has named a bank account."""
    if refund.body["status"] not in ("pending", "requires_action"):
        return
    with _updating(refund) as body:
        body["status"] = "succeeded"
        body.pop("next_action", None)
        if "card" in body["destination_details"]:
            body["destination_details"]["card"] = dict(_TO_CARD)
    follow_reference(refund)


def fail(refund: StripeObject) -> None:
    """Return a refund's money to the account, once: the bank did not take it.

    The reason of the test card for failing refunds: https://docs.stripe.com/testing#refunds
    """
    if refund.body["status"] != "failed":
        _return(refund, "refund.failed", failure_reason="expired_or_canceled_card", status="failed")


def cancel(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Cancel a refund that waits for the customer: its money returns to the account."""
    refund = store.get("refund", sid)
    if refund.body["status"] != "requires_action":
        raise errors.ApiError(
            f"Refund {sid} has a status of {refund.body['status']}: only a refund with a status of requires_action "
            "can be canceled.",
            assumed=True,
        )
    schedule.cancel("refund_pending", sid)
    _return(refund, "refund.updated", asked=True, status="canceled")
    return refund.body


def _return(refund: StripeObject, event: str, *, asked: bool = False, **changes: str) -> None:
    """Book a refund's money back to the account, and let the charge have it again."""
    with _updating(refund, event, asked=asked) as body:
        if body["balance_transaction"]:
            back = balances.record("refund_failure", body | {"description": "REFUND FAILURE"}, body["amount"])
            body["failure_balance_transaction"] = back["id"]
        body.pop("next_action", None)
        body |= changes
    with changing(store.get("charge", refund.body["charge"])) as body:
        body["amount_refunded"] -= refund.body["amount"]
        body["refunded"] = body["amount_refunded"] == body["amount"]


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("refund", sid).body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    refund = store.get("refund", sid)
    with _updating(refund, asked=True) as body:
        if "metadata" in params:
            body["metadata"] = merged(body["metadata"], params["metadata"])
    return refund.body


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {"parent": params["charge"]} if "charge" in params else {}
    if "payment_intent" in params:
        filters["payment_intent"] = params["payment_intent"]
    return store.listing(PATH, "refund", params, **filters)


ROUTES = [
    Route("POST", PATH, create, CREATE),
    Route("GET", PATH, listed, {**LIST, **CREATED, "charge": TEXT, "payment_intent": TEXT}),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}/cancel", cancel, {"expand": EXPAND}),
    Route("POST", f"{PATH}/{{sid}}", update, {"metadata": METADATA, "expand": EXPAND}),
]
