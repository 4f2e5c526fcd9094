"""A Checkout Session's JSON as it begins. https://docs.stripe.com/api/checkout/sessions/object"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import ids, store
from stripe_sandbox.api import origin

_DAY = 24 * 3600


def details(email: str | None, name: str | None = None, address: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return `customer_details`."""
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [] if name else None,
    }


def blank(currency: str, total: int, offered: list[str]) -> dict[str, Any]:
    """Return an open session; `total` in the smallest unit."""
    sid = ids.new("cs_test")
    now = store.now()
    return {
        "id": sid,
        "object": "checkout.session",
        **_never_asked(),
        "adaptive_pricing": {"enabled": False},
        "allow_promotion_codes": None,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": None,
        "client_reference_id": None,
        "created": now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": None,
        "customer_creation": None,
        "customer_details": None,
        "customer_email": None,
        "discounts": [],
        "expires_at": now + _DAY,
        "invoice_creation": {"enabled": False, "invoice_data": _invoice()},
        "livemode": False,
        "locale": None,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "mode": "payment",
        "origin_context": None,
        "payment_intent": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": {"id": "pmc_1SandboxSandboxBrdDefault0", "parent": None},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": offered,
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "success_url": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{origin.visitor()}/c/pay/{sid}#fid{ids.text(180)}",
    }


def _never_asked() -> dict[str, None]:
    """Return the fields that stay null for what the sandbox supports."""
    return dict.fromkeys(
        """
            after_expiration client_secret collected_information consent consent_collection currency_conversion
            customer_account integration_identifier invoice payment_link permissions recovered_from
            saved_payment_method_options setup_intent shipping_address_collection shipping_cost
            subscription wallet_options
            """.split()
    )


def _invoice() -> dict[str, Any]:
    names = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    return {**dict.fromkeys(names), "metadata": {}}
