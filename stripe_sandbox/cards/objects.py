"""A card in the three forms the API shows it: a legacy card, a charge's details, a payment method."""

from __future__ import annotations

from typing import Any

from stripe_sandbox import ids
from stripe_sandbox.api.shapes import address

from .entered import StoredCard

_DISPLAY = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "MasterCard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
# A payment method's `display_brand`, where it has another name than `brand`.
_SHOWN_BRANDS = {"amex": "american_express", "diners": "diners_club", "unionpay": "union_pay"}


def legacy(known: StoredCard, sid: str | None = None, *, customer: str | None = None) -> dict[str, Any]:
    """Return the `card` object of a token, a legacy charge's source or a customer."""
    where = address(known.address)
    checked = checks(known)
    return {
        "id": sid or ids.new("card"),
        "object": "card",
        "address_city": where["city"],
        "address_country": where["country"],
        "address_line1": where["line1"],
        "address_line1_check": checked["address_line1_check"],
        "address_line2": where["line2"],
        "address_state": where["state"],
        "address_zip": where["postal_code"],
        "address_zip_check": checked["address_postal_code_check"],
        "allow_redisplay": "unspecified",
        "brand": _DISPLAY[known.card.brand],
        "country": known.card.country,
        "customer": customer,
        "cvc_check": checked["cvc_check"],
        "dynamic_last4": None,
        "exp_month": known.exp_month,
        "exp_year": known.exp_year,
        "fingerprint": known.fingerprint,
        "funding": known.card.funding,
        "last4": known.card.last4,
        "metadata": {},
        "name": known.name,
        "networks": {"preferred": None},
        "regulated_status": "unregulated",
        "tokenization_method": None,
    }


def checks(known: StoredCard) -> dict[str, str | None]:
    """Return what the issuer answered about the address and the security code; None for what was not given."""
    where = address(known.address)
    line1, postal_code = (bool(where[name]) or known.address_checked for name in ("line1", "postal_code"))
    return {
        "address_line1_check": known.card.line1_check if line1 else None,
        "address_postal_code_check": known.card.zip_check if postal_code else None,
        "cvc_check": known.cvc_check,
    }


def details(known: StoredCard, amount: int, *, authenticated: bool, approved: bool) -> dict[str, Any]:
    """Return a charge's `payment_method_details`; `amount` is what was authorised, in the smallest unit."""
    card = {
        "amount_authorized": amount if approved else None,
        "authorization_code": ids.text(6).upper() if approved else None,
        "brand": known.card.brand,
        "checks": checks(known),
        "country": known.card.country,
        # 05: the cardholder was authenticated; 07: was not.
        "electronic_commerce_indicator": "05" if authenticated else "07",
        "exp_month": known.exp_month,
        "exp_year": known.exp_year,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": known.fingerprint,
        "funding": known.card.funding,
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": known.card.last4,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": known.card.brand,
        "network_token": {"used": False},
        "network_transaction_id": ids.text(15).upper() if approved else None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": _secure(known) if authenticated else None,
        "transaction_link_id": None,
        "wallet": None,
    }
    return {"card": card, "type": "card"}


def _secure(known: StoredCard) -> dict[str, Any]:
    return {
        "authentication_flow": "frictionless" if known.card.secure == "frictionless" else "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": ids.text(8),
        "version": "2.2.0",
    }


def payment_method(known: StoredCard) -> dict[str, Any]:
    """Return the `card` hash of a payment method."""
    return {
        "brand": known.card.brand,
        "checks": checks(known),
        "country": known.card.country,
        "display_brand": _SHOWN_BRANDS.get(known.card.brand, known.card.brand),
        "exp_month": known.exp_month,
        "exp_year": known.exp_year,
        "fingerprint": known.fingerprint,
        "funding": known.card.funding,
        "generated_from": None,
        "last4": known.card.last4,
        "networks": {"available": known.card.networks, "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": known.card.secure != "not_supported"},
        "wallet": None,
    }


def billing(known: StoredCard | None, *, email: str | None = None, name: str | None = None) -> dict[str, Any]:
    """Return `billing_details`."""
    return {
        "address": address(known.address if known else None),
        "email": email,
        "name": name or (known.name if known else None),
        "phone": None,
        "tax_id": None,
    }
