"""The account that is called with its key. https://docs.stripe.com/api/accounts"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import accounts, conf, store
from stripe_sandbox.api import auth
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.shapes import CREATED, LIST


def own(params: dict[str, Any]) -> dict[str, Any]:
    """Return the account whose key is used."""
    name, country, sid = conf.get("BUSINESS_NAME"), conf.get("COUNTRY"), accounts.current().sid
    return {
        "id": sid,
        "object": "account",
        "business_profile": {
            "mcc": None,
            "name": name,
            "product_description": None,
            "support_address": None,
            "support_email": None,
            "support_phone": None,
            "support_url": None,
            "url": None,
        },
        "business_type": "individual",
        "capabilities": {"card_payments": "active", "konbini_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": country,
        "created": 1_300_000_000,
        "default_currency": conf.get("DEFAULT_CURRENCY"),
        "details_submitted": True,
        "email": None,
        "external_accounts": store.as_list(f"/v1/accounts/{sid}/external_accounts", []),
        "metadata": {},
        "payouts_enabled": False,
        "type": "standard",
    }


def named(params: dict[str, Any], sid: str) -> dict[str, Any]:
    auth.check_account(sid)
    return own(params)


def connected(params: dict[str, Any]) -> dict[str, Any]:
    """Return the connected accounts: there are none."""
    return store.as_list("/v1/accounts", [])


ROUTES = [
    Route("GET", "/v1/account", own),
    Route("GET", "/v1/accounts", connected, {**LIST, **CREATED}),
    Route("GET", "/v1/accounts/{sid}", named),
]
