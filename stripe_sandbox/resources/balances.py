"""Balance transactions, and what they add up to. https://docs.stripe.com/api/balance_transactions"""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, Sum, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from stripe_sandbox import assumptions, conf, ids, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Text
from stripe_sandbox.api.shapes import CREATED, LIST, TEXT
from stripe_sandbox.models import StripeObject

PATH = "/v1/balance_transactions"
_DAY = 24 * 3600
_DAYS_PENDING = 4
_CATEGORY = {
    "charge": "charge",
    "payment": "charge",
    "payment_refund": "refund",
    "refund": "refund",
    "refund_failure": "refund_failure",
}


def record(kind: str, source: dict[str, Any], amount: int, fee: int = 0, *, available: bool = False) -> dict[str, Any]:
    """Book `amount` less `fee`, both in the smallest unit, for what `source` did; refunds and disputes are negative."""
    now = store.now()
    body = {
        "id": ids.sibling(source["id"], "txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now if available else _midnight(now),
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [_fee(kind, fee, source["currency"])] if fee else [],
        "net": amount - fee,
        "reporting_category": _CATEGORY.get(kind, "dispute"),
        "source": source["id"],
        "status": "available" if available else "pending",
        "type": kind,
    }
    return store.add(body).body


def _midnight(now: int) -> int:
    """Return when a payment of `now` becomes available: at a midnight UTC, as all of Stripe's, some days on."""
    return (now // _DAY + _DAYS_PENDING) * _DAY


def _fee(kind: str, amount: int, currency: str) -> dict[str, Any]:
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": "Dispute fee" if kind == "adjustment" else "Stripe processing fees",
        "type": "stripe_fee",
    }


def fee(amount: int) -> int:
    """Return what a payment costs, rounded half up."""
    return (amount * assumptions.FEE_PERMILLE + 500) // 1000


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return _today(store.get("balance_transaction", sid).body)


def _today(body: dict[str, Any]) -> dict[str, Any]:
    """Return a balance transaction as it is now: pending until its day has come."""
    return body | {"status": "pending" if body["available_on"] > store.now() else "available"}


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {"parent": params["source"]} if "source" in params else {}
    if "type" in params:
        filters["tag"] = params["type"]
    if "currency" in params:
        filters["body__currency"] = params["currency"].lower()
    page = store.listing(PATH, "balance_transaction", params, **filters)
    return page | {"data": [_today(body) for body in page["data"]]}


def balance(params: dict[str, Any]) -> dict[str, Any]:
    """Return what the account owns, by currency."""
    rows = StripeObject.objects.filter(kind="balance_transaction").annotate(
        currency=KeyTextTransform("currency", "body"),
        late=Case(When(body__available_on__gt=store.now(), then=1), default=0),
    )
    sums = rows.values("currency", "late").annotate(net=Sum(Cast(KeyTextTransform("net", "body"), BigIntegerField())))
    found = {(row["currency"], ("available", "pending")[row["late"]]): row["net"] for row in sums}
    default = conf.get("DEFAULT_CURRENCY")
    currencies = sorted({currency for currency, _ in found} | {default}, key=lambda c: (c != default, c))
    empty = [{"amount": 0, "currency": currency} for currency in currencies]
    return {
        "object": "balance",
        "available": [_part(currency, found.get((currency, "available"), 0)) for currency in currencies],
        "livemode": False,
        "pending": [_part(currency, found.get((currency, "pending"), 0)) for currency in currencies],
        "refund_and_dispute_prefunding": {"available": empty, "pending": empty},
    }


def _part(currency: str, amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


ROUTES = [
    Route("GET", "/v1/balance", balance),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route(
        "GET",
        PATH,
        listed,
        {**LIST, **CREATED, "source": TEXT, "type": TEXT, "currency": Text()},
    ),
]
