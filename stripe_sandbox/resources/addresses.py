"""All addresses of the API."""

from __future__ import annotations

from stripe_sandbox.api.routes import Route

from . import (
    account,
    balances,
    charges,
    customers,
    disputes,
    events,
    old_addresses,
    payment_intents,
    prices,
    products,
    refunds,
    saved_cards,
    sessions,
    tokens,
    webhook_endpoints,
)

ROUTES: list[Route] = [
    *account.ROUTES,
    *balances.ROUTES,
    *charges.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *events.ROUTES,
    *old_addresses.ROUTES,
    *payment_intents.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *refunds.ROUTES,
    *saved_cards.ROUTES,
    *sessions.ROUTES,
    *tokens.ROUTES,
    *webhook_endpoints.ROUTES,
]
