"""Disputes. https://docs.stripe.com/api/disputes"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import assumptions, errors, ids, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Boolean, Hash, Text, unsupported
from stripe_sandbox.api.shapes import CREATED, EXPAND, LIST, METADATA, TEXT, merged
from stripe_sandbox.cards import catalogue
from stripe_sandbox.models import Stored
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import balances

PATH = "/v1/disputes"
_WEEK = 7 * 24 * 3600
EVIDENCE = tuple(
    """
    access_activity_log billing_address cancellation_policy cancellation_policy_disclosure
    cancellation_rebuttal customer_communication customer_email_address customer_name customer_purchase_ip
    customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id
    product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation
    service_date service_documentation shipping_address shipping_carrier shipping_date
    shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text
    """.split()
)
UPDATE = {
    "evidence": Hash(
        fields={
            **dict.fromkeys(EVIDENCE, Text(most=20_000, unset=True)),
            **unsupported("appeal enhanced_evidence"),
        }
    ),
    "metadata": METADATA,
    "submit": Boolean(),
    "expand": EXPAND,
    **unsupported("intended_submission_method"),
}
_OPEN = ("needs_response", "warning_needs_response")
_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}
# What the text of the evidence decides in test mode: https://docs.stripe.com/testing#evidence
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost", "escalate_inquiry_evidence": "needs_response"}


def open_for(charge: Stored) -> Stored:
    """Open the dispute that the charge's card brings; an inquiry takes no money yet."""
    card = catalogue.BY_KEY[charge.private["card"]["behaviour"]]
    reason = card.dispute
    inquiry = reason == "inquiry"
    reason = "fraudulent" if inquiry else reason
    with changing(charge) as body:
        body["disputed"] = True
    charge.private["refundable"] = inquiry
    charge.save()
    dispute = store.add(_body(charge, reason, inquiry=inquiry, of=card.disputes))
    if not inquiry:
        _withdraw(dispute)
    events.emit("charge.dispute.created", dispute.body, asked=False)
    if not inquiry:
        events.emit("charge.dispute.funds_withdrawn", dispute.body, asked=False)
    return dispute


def _withdraw(dispute: Stored) -> None:
    amount = dispute.body["amount"]
    booked = balances.record("adjustment", dispute.body, -amount, assumptions.DISPUTE_FEE)
    dispute.body["balance_transactions"] = [*dispute.body["balance_transactions"], booked]
    dispute.save()


def _body(charge: Stored, reason: str, *, inquiry: bool, of: int) -> dict[str, Any]:
    # What several disputes of one payment are about is not documented: equal parts of it.
    body, brand = charge.body, charge.body["payment_method_details"]["card"]["brand"]
    now = store.now()
    return {
        "id": ids.sibling(charge.sid, "du"),
        "object": "dispute",
        "amount": (body["amount"] - body["amount_refunded"]) // of,
        "balance_transactions": [],
        "charge": charge.sid,
        "created": now,
        "currency": body["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _WEEK,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": _CODES[reason],
        "payment_intent": body["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": brand,
                "case_type": "inquiry" if inquiry else "chargeback",
                "network": brand,
                "network_reason_code": _CODES[reason],
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("dispute", sid, "dispute").body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Add evidence, and hand it in unless `submit` is false; the test texts decide at once."""
    dispute = store.get("dispute", sid, "dispute")
    evidence = params.get("evidence") or {}
    if evidence and dispute.body["status"] not in _OPEN:
        raise errors.ApiError("This dispute is already closed: evidence can no longer be given.")
    with changing(dispute, "charge.dispute.updated") as body:
        if "metadata" in params:
            body["metadata"] = merged(body["metadata"], params["metadata"])
        body["evidence"] |= evidence
        body["evidence_details"]["has_evidence"] = any(body["evidence"][name] for name in EVIDENCE)
        if evidence and params.get("submit", True):
            body["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
            body["status"] = body["status"].replace("needs_response", "under_review")
    if "under_review" in dispute.body["status"]:
        _judge(dispute)
    return dispute.body


def _judge(dispute: Stored) -> None:
    verdict = _VERDICTS.get(dispute.body["evidence"]["uncategorized_text"] or "")
    inquiry = dispute.body["status"].startswith("warning")
    if verdict == "needs_response" and inquiry:
        with changing(dispute, "charge.dispute.updated") as body:
            body |= {"is_charge_refundable": False, "status": "needs_response"}
        _withdraw(dispute)
        events.emit("charge.dispute.funds_withdrawn", dispute.body)
    elif verdict in ("won", "lost"):
        end(dispute, "warning_closed" if inquiry else verdict)


def end(dispute: Stored, status: str) -> None:
    """Close a dispute; one that is won brings the money back."""
    with changing(dispute) as body:
        body |= {"is_charge_refundable": status != "lost", "status": status}
    if status == "won":
        booked = balances.record("adjustment", dispute.body, dispute.body["amount"])
        dispute.body["balance_transactions"] = [*dispute.body["balance_transactions"], booked]
        dispute.save()
        events.emit("charge.dispute.funds_reinstated", dispute.body)
    if status in ("won", "warning_closed"):
        charge = store.get("charge", dispute.body["charge"])
        charge.private["refundable"] = True
        charge.save()
    events.emit("charge.dispute.closed", dispute.body)


def close(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Accept a dispute: it is lost."""
    dispute = store.get("dispute", sid, "dispute")
    if dispute.body["status"] not in _OPEN:
        raise errors.ApiError("This dispute is already closed.")
    end(dispute, "warning_closed" if dispute.body["status"].startswith("warning") else "lost")
    return dispute.body


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {"parent": params["charge"]} if "charge" in params else {}
    if "payment_intent" in params:
        filters["payment_intent"] = params["payment_intent"]
    return store.listing(PATH, "dispute", params, **filters)


ROUTES = [
    Route("GET", PATH, listed, {**LIST, **CREATED, "charge": TEXT, "payment_intent": TEXT}),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}", update, UPDATE),
    Route("POST", f"{PATH}/{{sid}}/close", close),
]
