"""What a Checkout Session may be asked for. https://docs.stripe.com/api/checkout/sessions/create"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.api.schema import Array, Boolean, Email, Hash, Integer, Text, Url
from stripe_sandbox.api.shapes import BOOLEAN, CAPTURE_METHOD, CREATED, EXPAND, LIST, METADATA, SHIPPING, TEXT
from stripe_sandbox.resources import old_parameters
from stripe_sandbox.resources.payment_intents.parameters import SETUP_FUTURE_USAGE

from .line_items import PARAM as LINE_ITEMS

LOCALES = tuple(
    """
    auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl
    pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW
    """.split()
)
UI_MODES = ("elements", "embedded_page", "form", "hosted_page")
_SOON, _LATE = 30 * 60, 24 * 3600


_METHODS = Array(item=Text(choices=old_parameters.PLAYED_METHODS))
_INTENT = {
    "description": TEXT,
    "metadata": METADATA,
    "receipt_email": Email(),
    "setup_future_usage": SETUP_FUTURE_USAGE,
    "shipping": SHIPPING,
    "capture_method": CAPTURE_METHOD,
    "statement_descriptor": Text(most=22),
    "statement_descriptor_suffix": Text(most=22),
    "transfer_group": TEXT,
}
CREATE = {
    "mode": Text(choices=("payment", "setup", "subscription"), unsupported=("setup", "subscription")),
    "line_items": LINE_ITEMS,
    "success_url": Url(),
    "cancel_url": Url(),
    "return_url": TEXT,
    "ui_mode": TEXT,
    "client_reference_id": Text(most=200),
    "currency": TEXT,
    "customer": TEXT,
    "customer_creation": Text(choices=("always", "if_required")),
    "customer_email": Email(most=800),
    "expires_at": Integer(),
    "locale": Text(choices=LOCALES),
    "metadata": METADATA,
    "payment_intent_data": Hash(fields=_INTENT),
    "payment_method_types": Array(item=TEXT),
    "allowed_payment_method_types": _METHODS,
    "excluded_payment_method_types": _METHODS,
    "payment_method_collection": Text(choices=("always", "if_required")),
    "billing_address_collection": Text(choices=("auto", "required")),
    "submit_type": Text(choices=("auto", "book", "donate", "pay", "subscribe")),
    "adaptive_pricing": Hash(fields={"enabled": BOOLEAN}),
    "allow_promotion_codes": BOOLEAN,
    "phone_number_collection": Hash(fields={"enabled": Boolean(required=True)}),
    "custom_text": Hash(
        fields={
            name: Hash(fields={"message": Text(required=True, most=1200)}, unset=True)
            for name in ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        }
    ),
    "origin_context": Text(choices=("mobile_app", "web")),
    "integration_identifier": Text(most=200),
    "automatic_tax": Hash(fields={"enabled": Boolean(required=True)}),
    "expand": EXPAND,
}
UPDATE = {
    "metadata": METADATA,
    "expand": EXPAND,
}
LISTED = {
    **LIST,
    **CREATED,
    "customer": TEXT,
    "customer_details": Hash(fields={"email": Text(required=True)}),
    "payment_intent": TEXT,
    "status": Text(choices=("complete", "expired", "open")),
}


def check(params: dict[str, Any]) -> None:
    """Raise what no single parameter shows: what is missing, what was removed, what does not go together."""
    _check_ui_mode(str(params.get("ui_mode", "hosted_page")))
    if (params.get("automatic_tax") or {}).get("enabled"):
        raise errors.unsupported("automatic tax", "automatic_tax[enabled]")
    if "mode" not in params:
        raise errors.missing("mode")
    if not params.get("success_url"):
        raise errors.missing("success_url")
    if "return_url" in params:
        raise errors.ApiError(
            "`return_url` can only be used when `ui_mode` is `embedded_page`, `elements` or `form`.",
            param="return_url",
        )
    if not params.get("line_items"):
        raise errors.ApiError(
            "The `line_items` parameter is required in payment mode.",
            code="parameter_missing",
            param="line_items",
        )
    if "customer" in params and "customer_email" in params:
        raise errors.ApiError(
            "You may only specify one of these parameters: customer, customer_email.", param="customer"
        )
    if "customer" in params and "customer_creation" in params:
        raise errors.ApiError(
            "You may only specify one of these parameters: customer, customer_creation.",
            param="customer_creation",
        )
    _check_expiry(params.get("expires_at"))


def _check_ui_mode(mode: str) -> None:
    mode = old_parameters.ui_mode(mode)
    if mode in old_parameters.UI_MODES:
        raise errors.ApiError(
            f"The value `{mode}` of `ui_mode` was renamed to `{old_parameters.UI_MODES[mode]}` in API version "
            f"2026-03-25.dahlia. Invalid ui_mode: must be one of {', '.join(UI_MODES[:-1])}, or {UI_MODES[-1]}",
            assumed=True,
            param="ui_mode",
        )
    if mode not in UI_MODES:
        Text(choices=UI_MODES).parse(mode, "ui_mode")
    if mode != "hosted_page":
        raise errors.unsupported(f"the ui_mode `{mode}`", "ui_mode")


def _check_expiry(moment: object) -> None:
    if moment is None:
        return
    left = int(str(moment)) - store.now()
    if left < _SOON - 1:
        raise errors.ApiError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if left > _LATE:
        raise errors.ApiError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
