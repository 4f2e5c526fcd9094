"""Disputes. https://docs.stripe.com/api/disputes"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import assumptions, conf, errors, ids, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Boolean, Hash, Text
from stripe_sandbox.api.shapes import CREATED, EXPAND, LIST, METADATA, TEXT, merged
from stripe_sandbox.cards import catalogue
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject
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
        }
    ),
    "metadata": METADATA,
    "submit": Boolean(),
    "expand": EXPAND,
}
_OPEN = ("needs_response", "warning_needs_response")
_CODES = {"fraudulent": "10.4", "inquiry": "10", "product_not_received": "13.1"}
_FILLED_IN_AFTER = 2
# What the text of the evidence decides in test mode: https://docs.stripe.com/testing#evidence
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost", "escalate_inquiry_evidence": "needs_response"}


def open_for(charge: StripeObject) -> None:
    """Open a dispute as the charge's card brings it; an inquiry takes no money yet."""
    card = catalogue.BY_KEY[charge.private["card"]["behaviour"]]
    with changing(charge) as body:
        body["disputed"] = True
    inquiry = card.dispute == "inquiry"
    dispute = store.add(_body(charge, card.dispute, of=card.disputes))
    if not inquiry:
        _withdraw(dispute)
    _note_refundable(charge)
    events.emit("charge.dispute.created", dispute.body, asked=False)
    if not inquiry:
        events.emit("charge.dispute.funds_withdrawn", dispute.body, asked=False)
    schedule.later("dispute_filled_in", dispute.sid, _FILLED_IN_AFTER)


def _note_refundable(charge: StripeObject) -> None:
    """Let a charge be refunded while each of its disputes allows it, and only then."""
    disputes = StripeObject.objects.filter(kind="dispute", parent=charge.sid)
    charge.private["refundable"] = all(dispute.body["is_charge_refundable"] for dispute in disputes)
    charge.save()


def _withdraw(dispute: StripeObject) -> None:
    withdrawn = f"Chargeback withdrawal for {dispute.body['charge']}"
    _book(dispute, -dispute.body["amount"], withdrawn, assumptions.DISPUTE_FEE)


def _book(dispute: StripeObject, amount: int, description: str, fee: int = 0) -> None:
    row = balances.record("adjustment", dispute.body | {"description": description}, amount, fee)
    dispute.body["balance_transactions"] = [*dispute.body["balance_transactions"], row]
    dispute.save()


def fill_in(dispute: StripeObject) -> None:
    """Add the evidence that Stripe has itself, where none was given: the customer, and what the charge was for."""
    charge = store.get("charge", dispute.body["charge"]).body
    customer = store.find("customer", charge["customer"] or "")
    held = {"product_description": charge["description"]}
    if customer:
        held |= {
            "customer_email_address": customer.body["email"],
            "customer_name": customer.body["name"] or customer.body["description"],
        }
    with changing(dispute) as body:
        body["evidence"] |= {name: body["evidence"][name] or text for name, text in held.items()}


def _body(charge: StripeObject, kind: str, *, of: int) -> dict[str, Any]:
    # What several disputes of one payment are about is not documented: equal parts of it.
    body, brand = charge.body, charge.body["payment_method_details"]["card"]["brand"]
    now, inquiry = store.now(), kind == "inquiry"
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
        "network_reason_code": _CODES[kind],
        "payment_intent": body["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": brand,
                "case_type": "inquiry" if inquiry else "chargeback",
                "network": brand,
                "network_reason_code": _CODES[kind],
            },
            "type": "card",
        },
        "reason": "fraudulent" if inquiry else kind,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("dispute", sid, "dispute").body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Add evidence, and submit it unless `submit` is false; the bank decides later."""
    dispute = store.get("dispute", sid, "dispute")
    evidence = params.get("evidence") or {}
    submitted = params.get("submit", bool(evidence))
    if evidence or submitted:
        _check_open(dispute)
    with changing(dispute, "charge.dispute.updated") as body:
        if "metadata" in params:
            body["metadata"] = merged(body["metadata"], params["metadata"])
        body["evidence"] |= evidence
        if evidence:
            body["evidence_details"]["has_evidence"] = any(body["evidence"][name] for name in EVIDENCE)
        if submitted:
            count = body["evidence_details"]["submission_count"] + 1
            body["evidence_details"] |= {"submission_count": count, "submission_method": "manual"}
            body["status"] = body["status"].replace("needs_response", "under_review")
    if submitted:
        schedule.later("dispute_decided", sid, conf.get("DISPUTE_DELAY"))
    return dispute.body


def _check_open(dispute: StripeObject) -> None:
    if dispute.body["status"] not in _OPEN:
        raise errors.ApiError("This dispute is already closed")


def decide(dispute: StripeObject) -> None:
    """Decide a dispute that is under review, if its evidence is one of the test texts; others stay under review."""
    verdict = _VERDICTS.get(dispute.body["evidence"]["uncategorized_text"] or "")
    inquiry = dispute.body["status"].startswith("warning")
    if "under_review" not in dispute.body["status"]:
        return
    if verdict == "needs_response" and inquiry:
        _escalate(dispute)
    elif verdict in ("won", "lost"):
        end(dispute, "warning_closed" if inquiry else verdict, asked=False)


def _escalate(dispute: StripeObject) -> None:
    """Make an inquiry a dispute about what was not refunded meanwhile; without any, close it."""
    charge = store.get("charge", dispute.body["charge"])
    left = charge.body["amount"] - charge.body["amount_refunded"]
    if not left:
        end(dispute, "warning_closed", asked=False)
        return
    with changing(dispute, "charge.dispute.updated", asked=False) as body:
        body |= {"amount": min(body["amount"], left), "is_charge_refundable": False, "status": "needs_response"}
        body["payment_method_details"]["card"]["case_type"] = "chargeback"
    _withdraw(dispute)
    _note_refundable(charge)
    events.emit("charge.dispute.funds_withdrawn", dispute.body, asked=False)


def end(dispute: StripeObject, status: str, *, asked: bool = True) -> None:
    """Close a dispute; one that is won brings the money back. `asked`: whether the call being answered closes it."""
    charge = store.get("charge", dispute.body["charge"])
    with changing(dispute) as body:
        body |= {"is_charge_refundable": status != "lost", "status": status}
    if status == "won":
        _book(dispute, dispute.body["amount"], f"{assumptions.REINSTATED} {charge.sid}")
        events.emit("charge.dispute.funds_reinstated", dispute.body, asked=asked)
    _note_refundable(charge)
    events.emit("charge.dispute.closed", dispute.body, asked=asked)
    # Recorded without what changed: of what Stripe shows of a charge, nothing does.
    events.emit("charge.updated", charge.body, before=charge.body, asked=asked)


def close(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Accept a dispute: it is lost."""
    dispute = store.get("dispute", sid, "dispute")
    _check_open(dispute)
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
