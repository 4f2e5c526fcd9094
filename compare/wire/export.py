"""A story to take along: as JSON, and as a Mermaid diagram for one's own documentation."""

from __future__ import annotations

from bbs.models import Payment
from compare.models import WireMessage
from compare.sequence import STRIPE, US, YOU
from compare.wire.diagram import messages
from compare.wire.step import actor_name
from compare.wire.story import Story


def as_json(payment: Payment) -> dict[str, object]:
    """Return the whole record of a payment, every message of it."""
    return {
        "payment": {
            "reference": str(payment.pk),
            "flow": payment.flow,
            "status": payment.status,
            "amount": payment.amount,
            "currency": payment.currency,
            "opened_at": payment.created_at,
            "paid_at": payment.paid_at,
        },
        "messages": [_message(order, message) for order, message in enumerate(payment.messages.all(), start=1)],
    }


def _message(order: int, message: WireMessage) -> dict[str, object]:
    names = ("kind", "started_at", "milliseconds", "method", "address", "parameters", "status", "answer")
    more = ("request_id", "idempotency_key", "error")
    return {"order": order} | {name: getattr(message, name) for name in (*names, *more)}


def as_mermaid(story: Story) -> str:
    """Return a story as Mermaid's `sequenceDiagram`."""
    lines = ["sequenceDiagram"]
    lines += [f"  participant {actor} as {actor_name(actor)}" for actor in (YOU, US, STRIPE)]
    for message in messages(story):
        # A semicolon ends a statement there, and a number sign begins an entity.
        label = message.label.replace(";", ",").replace("#", "")
        if message.kind == "pause":
            lines.append(f"  Note over {YOU},{STRIPE}: {label}")
        elif message.sender == message.receiver:
            lines.append(f"  Note over {message.sender}: {label}")
        else:
            arrow = "->>" if message.kind == "request" else "-->>"
            lines.append(f"  {message.sender}{arrow}{message.receiver}: {label}")
    return "\n".join(lines) + "\n"
