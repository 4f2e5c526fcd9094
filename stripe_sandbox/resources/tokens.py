"""Tokens: a card for one use, made in the visitor's browser. https://docs.stripe.com/api/tokens"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import assumptions, errors, ids, store
from stripe_sandbox.api import current
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Hash, Integer, Text
from stripe_sandbox.api.shapes import CLEARABLE, EXPAND
from stripe_sandbox.cards import entered, objects
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.models import StripeObject

from . import card_tokens

_ADDRESS = {
    "address_line1": "line1",
    "address_line2": "line2",
    "address_city": "city",
    "address_state": "state",
    "address_zip": "postal_code",
    "address_country": "country",
}
CARD = Hash(
    fields={
        "number": Text(required=True, most=40),
        "exp_month": Integer(required=True),
        "exp_year": Integer(required=True),
        "cvc": Text(most=10, unset=True),
        "name": CLEARABLE,
        "currency": Text(),
        **dict.fromkeys(_ADDRESS, CLEARABLE),
    }
)
CREATE = {"card": CARD, "expand": EXPAND}


def create(params: dict[str, Any]) -> dict[str, Any]:
    """Make a token of a typed card; the number is gone once this returns."""
    if "card" not in params:
        raise errors.ApiError(
            "You must supply either a card, customer, PII data, bank account, or account legal entity to create "
            "a token.",
            code="parameter_missing",
        )
    return add(typed(params["card"])).body


def typed(card: dict[str, Any]) -> StoredCard:
    """Return what may be kept of a `card[…]` parameter; raises `Declined` for one that Stripe would not take."""
    where = {plain: card.get(name) for name, plain in _ADDRESS.items()}
    return entered.check(
        card["number"],
        card["exp_month"],
        card["exp_year"],
        card.get("cvc"),
        name=card.get("name"),
        address=where if any(where.values()) else None,
    )


def add(known: StoredCard) -> StripeObject:
    """Keep a new token for `known`."""
    return store.add(
        {
            "id": ids.new("tok"),
            "object": "token",
            "card": objects.legacy(known),
            "client_ip": current.request().client_ip,
            "created": store.now(),
            "livemode": False,
            "type": "card",
            "used": False,
        },
        card=known.keep(),
    )


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    entered.magic(sid, "token")
    return store.get("token", sid, "token").body


def spend(sid: str, param: str) -> tuple[StoredCard, dict[str, Any]]:
    """Use a token up and return its card; magic ones are a fresh token each time.

    Raises `ApiError`: `resource_missing` for one that is unknown or too old, `token_already_used`; and without a code
    where the account takes no tokens any more.
    """
    card_tokens.refuse_ended()
    if known := None if sid.startswith("pm_") else entered.magic(sid, param):
        return known, objects.legacy(known)
    token = store.get("token", sid, param, status=400)
    if token.body["used"]:
        raise errors.ApiError(
            f"You cannot use a Stripe token more than once: {sid}.", code="token_already_used", param=param
        )
    if store.now() - token.created > assumptions.TOKEN_LIFE:
        raise errors.no_such("token", sid, param, status=400)
    token.body["used"] = True
    token.save()
    return StoredCard(**token.private["card"]), token.body["card"]


ROUTES = [
    Route("POST", "/v1/tokens", create, CREATE, publishable=True),
    Route("GET", "/v1/tokens/{sid}", retrieve, publishable=True),
]
