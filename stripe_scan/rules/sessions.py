"""Checkout Sessions as they were written in their first years."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import name_of

OLD_MODES = ("hosted", "embedded", "custom")


@finds("python", "line-items-old")
def create(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls_of("stripe.checkout.Session.create"):
        items = call.keywords.get("line_items")
        values = [one.value for one in call.scope.names.get(name_of(items), ())] if isinstance(items, ast.Name) else []
        given = [item for value in [items, *values] if isinstance(value, ast.List | ast.Tuple) for item in value.elts]
        function = file.function(call.node)
        if function is not None and isinstance(items, ast.Name):
            given += appended(file, function, items.id)
        for item in given:
            if {"amount", "name"} <= file.names.items(item, call.scope).keys():
                yield Hit(item.lineno, "line-items-old")


def appended(file: PythonFile, function: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what a function appends to a list of this name."""
    for node in file.within(function, ast.Call):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=used), attr="append"), args=[item]) if used == name:
                yield item


@finds("python", "ui-mode-hosted", "intent-at-once")
def of_older_versions(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls_of("stripe.checkout.Session.create"):
        mode = call.keywords.get("ui_mode")
        if isinstance(mode, ast.Constant) and mode.value in OLD_MODES:
            yield Hit(call.line_of("ui_mode"), "ui-mode-hosted")
    for node in file.of(ast.Attribute):
        if node.attr == "payment_intent" and isinstance(node.value, ast.Name) and file.kind(node.value) == "<Session>":
            bindings = file.scope(node).names.get(node.value.id, ())
            values = [one.value for one in bindings if isinstance(one.value, ast.Call)]
            paths = {file.names.target(one, file.scope(one))[0] for one in values}
            if paths == {"stripe.checkout.Session.create"}:
                yield Hit(node.lineno, "intent-at-once")


@finds("python", "session-by-get")
def made_by_get(file: PythonFile) -> Iterator[Hit]:
    """A view that makes a session without asking for a POST."""
    for call in file.calls_of("stripe.checkout.Session.create"):
        function = file.function(call.node)
        if function is None or file.is_test:
            continue
        decorators = {name_of(getattr(one, "func", one)) for one in function.decorator_list}
        if function.name == "get" or "csrf_exempt" in decorators:
            yield Hit(function.lineno, "session-by-get")
            continue
        first = function.args.args[0].arg if function.args.args else ""
        guards = {"require_POST", "require_http_methods", "api_view", "post", "action"}
        texts = {node.value for node in file.within(function, ast.Constant) if isinstance(node.value, str)}
        names = {name_of(node) for node in file.within(function, ast.Attribute)}
        is_view = first == "request" and not decorators & guards and "POST" not in texts | names
        if is_view or is_route_of_get(function):
            yield Hit(function.lineno, "session-by-get", "medium")


def is_route_of_get(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether Flask calls a function for GET alone: its route names no methods."""
    calls = [one for one in function.decorator_list if isinstance(one, ast.Call) and name_of(one.func) == "route"]
    return bool(calls) and not any(keyword.arg == "methods" for one in calls for keyword in one.keywords)


@finds("python", "success-as-proof")
def paid_by_address(file: PythonFile) -> Iterator[Hit]:
    """A success page that marks an order as paid, or expects a customer of every session."""
    for call in file.calls_of("stripe.Customer.retrieve"):
        given = call.args[0] if call.args else None
        match given:
            case ast.Attribute(value=session, attr="customer"):
                if file.kind(session) == "<Session>" or "session" in name_of(session):
                    yield Hit(call.line, "success-as-proof")
    if "stripe" not in file.lower or file.is_test:
        return
    for function in file.of(ast.FunctionDef, ast.AsyncFunctionDef):
        if any(word in function.name.lower() for word in ("success", "thank", "payment_done", "payment_complete")):
            yield from marks_as_paid(file, function)


def marks_as_paid(file: PythonFile, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Hit]:
    if not any(one.arg == "request" for one in function.args.args):
        return
    names = {name_of(node) for node in file.within(function, ast.Attribute, ast.Subscript)}
    if names & {"retrieve", "payment_status", "construct_event"}:
        return
    for node in file.within(function, ast.Assign):
        target = node.targets[0]
        is_mark = isinstance(target, ast.Attribute) and target.attr in ("paid", "is_paid", "ordered", "has_paid")
        if is_mark and isinstance(node.value, ast.Constant) and node.value.value is True:
            yield Hit(node.lineno, "success-as-proof", "medium")


@finds("python", "display-items", "intent-charges")
def read_from_a_session(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower:
        return
    for node in file.of(ast.Attribute, ast.Subscript):
        if name_of(node) == "display_items":
            yield Hit(node.lineno, "display-items")
        elif (
            name_of(node) == "data"
            and name_of(node.value) == "charges"
            and isinstance(node.value, ast.Attribute | ast.Subscript)
        ):
            owner = node.value.value
            if file.kind(owner) == "<PaymentIntent>" or "intent" in name_of(owner).lower():
                yield Hit(node.lineno, "intent-charges")
