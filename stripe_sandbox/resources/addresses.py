"""All addresses of the API."""

from __future__ import annotations

from stripe_sandbox import errors
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


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the address and the ids in it; raises Stripe's 404 for one that the sandbox does not have."""
    for route in ROUTES:
        if route.method == method and (place := route.match(path.removesuffix("/"))) is not None:
            return route, place
    raise errors.unrecognized_url(method, path)
