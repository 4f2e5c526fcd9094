"""What an expression of a Python file stands for, as far as Stripe goes.

A kind is a text: `stripe.Charge.create` for what is reached from the module, `<Charge>` for an object that Stripe
returned, `<list Charge>` for several of them, `<Charge>.outcome` for a part of one, `<error>` for an exception, and
"" for everything else.
"""

from __future__ import annotations

# Methods by which a class returns several of its objects; every other one returns one.
SEVERAL = {"list", "all", "search", "auto_paging_iter", "list_sources", "list_line_items"}
# The methods of an object that return it again.
ITSELF = {"save", "refresh", "capture", "confirm", "cancel", "delete", "refund", "pay", "finalize_invoice", "modify"}
# Services of a StripeClient, by the class whose objects they return.
SERVICES = {
    "charges": "Charge",
    "customers": "Customer",
    "refunds": "Refund",
    "tokens": "Token",
    "events": "Event",
    "payment_intents": "PaymentIntent",
    "invoices": "Invoice",
    "subscriptions": "Subscription",
    "plans": "Plan",
    "sources": "Source",
}


def last(kind: str) -> str:
    return kind.rpartition(".")[2]


def returned(path: str) -> str:
    """Return the kind of what a call of this kind returns."""
    owner, _, method = path.rpartition(".")
    if path.startswith("stripe."):
        if method in ("construct_event", "construct_from") and last(owner) in ("Webhook", "Event"):
            return "<Event>"
        if method == "StripeClient":
            return "client"
        if owner == "stripe" or owner == "stripe.checkout":
            return f"<{method}>" if method[:1].isupper() and not method.endswith("Error") else "<error>"
        if owner == "stripe.error":
            return "<error>"
        return f"<list {last(owner)}>" if method in SEVERAL else f"<{last(owner)}>"
    if owner.startswith("<list ") and method == "auto_paging_iter":
        return owner
    if owner.startswith("<") and method in ITSELF:
        return owner
    if owner.startswith("<") and "." in owner and method in ("create", "retrieve"):
        return "<" + {"sources": "Source", "subscriptions": "Subscription"}.get(last(owner), "object") + ">"
    return ""


def part(kind: str, name: str) -> str:
    """Return the kind of an attribute or an item."""
    if kind in ("client", "client.v1"):
        return f"stripe.{SERVICES[name]}" if name in SERVICES else f"{kind}.{name}"
    if kind in ("client.checkout", "client.v1.checkout") and name == "sessions":
        return "stripe.checkout.Session"
    if kind.startswith("<list "):
        return kind if name == "data" else f"{kind}.{name}"
    if kind == "<Event>.data" and name == "object":
        return "<object>"
    # A module or an object of the project that holds stripe-python.
    return f"{kind}.{name}" if kind else name if name == "stripe" else ""


def each(kind: str) -> str:
    """Return the kind of the elements."""
    return f"<{kind[6:-1]}>" if kind.startswith("<list ") and kind.endswith(">") else ""
