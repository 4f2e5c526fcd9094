"""What a payment intent may be asked for. https://docs.stripe.com/api/payment_intents/create"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stripe_sandbox import errors
from stripe_sandbox.api.schema import Array, Boolean, Currency, Hash, Integer, Text, Url
from stripe_sandbox.api.shapes import (
    CAPTURE_METHOD,
    CLEARABLE,
    CURRENCY,
    EMAIL,
    EXPAND,
    METADATA,
    SHIPPING,
    TEXT,
)


@dataclass(frozen=True, kw_only=True)
class Amount(Integer):
    """A positive amount in the smallest unit; 0 is refused with a sentence of its own."""

    least: int | None = 1

    def parse(self, value: Any, path: str) -> int:
        if isinstance(value, str) and set(value) == {"0"}:
            raise errors.amount_zero(path)
        return super().parse(value, path)


# https://docs.stripe.com/api/payment_intents/create#create_payment_intent-setup_future_usage
SETUP_FUTURE_USAGE = Text(choices=("off_session", "on_session"), unset=True)
_COMMON = {
    "customer": TEXT,
    "description": CLEARABLE,
    "metadata": METADATA,
    "payment_method": TEXT,
    "payment_method_types": Array(item=TEXT),
    "receipt_email": type(EMAIL)(unset=True),
    "setup_future_usage": SETUP_FUTURE_USAGE,
    "shipping": SHIPPING,
    "statement_descriptor": Text(most=22),
    "statement_descriptor_suffix": Text(most=22),
    "transfer_group": TEXT,
    "expand": EXPAND,
}
CREATE = {
    **_COMMON,
    "amount": Amount(required=True),
    "currency": CURRENCY,
    "automatic_payment_methods": Hash(
        fields={"enabled": Boolean(required=True), "allow_redirects": Text(choices=("always", "never"))}
    ),
    "capture_method": CAPTURE_METHOD,
    "confirm": Boolean(),
    "confirmation_method": Text(choices=("automatic", "manual")),
    "off_session": Boolean(),
    "return_url": Url(),
    "error_on_requires_action": Boolean(),
    "use_stripe_sdk": Boolean(),
}
UPDATE = {**_COMMON, "amount": Amount(), "currency": Currency()}
CONFIRM = {
    "payment_method": TEXT,
    "return_url": Url(),
    "off_session": Boolean(),
    "receipt_email": type(EMAIL)(unset=True),
    "setup_future_usage": SETUP_FUTURE_USAGE,
    "shipping": SHIPPING,
    "error_on_requires_action": Boolean(),
    "use_stripe_sdk": Boolean(),
    "expand": EXPAND,
}
CANCEL = {
    "cancellation_reason": Text(choices=("abandoned", "duplicate", "fraudulent", "requested_by_customer")),
    "expand": EXPAND,
}
