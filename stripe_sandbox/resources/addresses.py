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
    payment_intents,
    payment_methods,
    prices,
    products,
    refunds,
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
    *payment_intents.ROUTES,
    *payment_methods.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *refunds.ROUTES,
    *sessions.ROUTES,
    *tokens.ROUTES,
    *webhook_endpoints.ROUTES,
]
