"""Saved cards, plans and subscriptions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import name_of

MADE_OR_READ = {"create", "retrieve", "list", "all", "delete", "modify", "data"}
# Methods of one subscription, and those of a customer before stripe-python 2.
OF_ONE = {f"<Subscription>.{name}" for name in ("delete", "cancel", "save", "modify")}
OF_ONE |= {"<Customer>.cancel_subscription", "<Customer>.update_subscription"}
OF_SOURCES = ("create_source", "retrieve_source", "list_sources", "delete_source", "modify_source", "update_source")


@finds("python", "customer-source")
def card_of_a_customer(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls_of("stripe.Customer.create", "stripe.Customer.modify"):
        if {"source", "card"} & call.keywords.keys():
            yield Hit(call.line, "customer-source")
    for node in file.of(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in ("source", "card"):
                yield from [Hit(node.lineno, "customer-source")] if file.kind(target.value) == "<Customer>" else []


@finds("python", "customer-sources", "subscription", "list-all")
def parts_of_a_customer(file: PythonFile) -> Iterator[Hit]:
    """`customer.sources` and `customer.subscriptions`: by what they belong to, or by the name of a customer."""
    if "stripe" not in file.lower:
        return
    rules = {"sources": "customer-sources", "cards": "customer-sources", "subscriptions": "subscription"}
    for node in file.of(ast.Attribute, ast.Subscript):
        inner = node.value
        if not (isinstance(inner, ast.Attribute | ast.Subscript) and name_of(node) in MADE_OR_READ):
            continue
        rule = rules.get(name_of(inner))
        if rule and file.kind(inner.value) == "<Customer>":
            yield Hit(node.lineno, rule)
        elif rule and listed(file, node):
            yield Hit(node.lineno, rule, "medium")
            yield from [Hit(node.lineno, "list-all", "medium")] if name_of(node) == "all" else []
        elif rule and name_of(node) not in ("all", "delete", "modify") and not file.is_test:
            yield from [Hit(node.lineno, rule, "medium")] if "cust" in name_of(inner.value).lower() else []
    for node in file.of(ast.Attribute):
        if node.attr in ("default_source", "default_card") and file.kind(node.value) == "<Customer>":
            yield Hit(node.lineno, "customer-sources")
    for call in file.calls_of(*(f"stripe.Customer.{name}" for name in OF_SOURCES)):
        yield Hit(call.line, "customer-sources")


def listed(file: PythonFile, node: ast.AST) -> bool:
    """Return whether a list is asked for as Stripe's is, with a limit: Django's `all()` takes nothing."""
    above = file.parents.get(id(node))
    is_called = isinstance(above, ast.Call) and above.func is node and bool(above.keywords)
    return is_called and name_of(node) in ("all", "list")


@finds("python", "subscription")
def recurring(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls:
        if call.path.startswith(("stripe.Subscription.", "stripe.SubscriptionItem.")) or call.path in OF_ONE:
            yield Hit(call.line, "subscription")
    for node in file.of(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr == "plan":
                yield from [Hit(node.lineno, "subscription")] if file.kind(target.value) == "<Subscription>" else []
