"""What a legacy charge can be paid with: a token, a magic token, or a card saved to a customer."""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.resources import tokens


def resolve(source: str | None, customer: str | None) -> tuple[StoredCard, dict[str, Any]]:
    """Return the card and the legacy object to charge.

    Raises `ApiError` where there is nothing to charge: `missing`, `parameter_missing`, `token_already_used`.
    """
    holder = store.get("customer", customer, "customer", status=400) if customer else None
    if holder is None:
        if not source:
            raise errors.ApiError("Must provide source or customer.", code="parameter_missing")
        if source.startswith("card_"):
            raise errors.ApiError(
                f"Cannot charge a card ({source}) without its customer: please pass customer as well.",
                param="source",
            )
        return tokens.spend(source, "source")
    if source and source.startswith("tok_"):
        return tokens.spend(source, "source")
    saved = holder.private.get("sources", {})
    wanted = source or holder.body["default_source"]
    if wanted is None:
        raise errors.ApiError(
            "This Customer doesn't have any saved payment details. Attach a legacy Token, Card, Bank Account, or "
            "Source to this Customer and then try this request again, or use Payment Intents and Payment Methods "
            "instead.",
            kind="card_error",
            status=402,
            code="missing",
            param="card",
        )
    if wanted not in saved:
        raise errors.ApiError(
            f"Customer {customer} does not have a linked source with ID {wanted}.",
            status=404,
            code="missing",
            param="source",
        )
    return StoredCard(**saved[wanted]["known"]), saved[wanted]["card"]
