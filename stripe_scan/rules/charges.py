"""Charge.create and what belongs to it: cards, customers, refunds, and what is read from a charge later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import Call, PythonFile
from stripe_scan.rules import finds

TAKE_CARDS = ("stripe.Charge.create", "stripe.Customer.create", "stripe.PaymentMethod.create")
CONNECT = ("application_fee", "application_fee_amount", "destination", "transfer_data", "on_behalf_of")
# The fields of the card or source of a charge.
OF_A_SOURCE = set("brand last4 name object country exp_month exp_year funding address_zip fingerprint customer".split())


@finds("python", "charge-create", "charge-customer", "capture-later", "connect")
def charge_create(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls_of("stripe.Charge.create"):
        yield Hit(call.line, "charge-create")
        if "customer" in call.keywords:
            # A detail of a line that is reported anyway.
            yield Hit(call.line_of("customer"), "charge-customer", "low")
        capture = call.keywords.get("capture")
        if isinstance(capture, ast.Constant) and capture.value in (False, "false"):
            yield Hit(call.line_of("capture"), "capture-later")
        names = [name for name in CONNECT if name in call.keywords]
        yield from [Hit(call.line_of(name), "connect") for name in names[:1]]
    for call in file.calls_of("<*>.capture"):
        if call.path == "<Charge>.capture":
            yield Hit(call.line, "capture-later")
    for call in file.calls_of("stripe.Charge.capture"):
        yield Hit(call.line, "capture-later")


@finds("python", "token-create-raw-card")
def raw_card(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls:
        card = call.keywords.get("card") or call.keywords.get("source")
        if call.path == "stripe.Token.create" and "card" in call.keywords:
            yield Hit(call.line, "token-create-raw-card")
        elif call.path in TAKE_CARDS and card and "number" in file.names.items(card, call.scope):
            yield Hit(call.line_of("card"), "token-create-raw-card")


@finds("python", "refund-by-charge", "charge-refund-method")
def refunds(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls_of("stripe.Refund.create"):
        if "charge" in call.keywords:
            yield Hit(call.line, "refund-by-charge")
    for node in file.of(ast.Attribute):
        if node.attr in ("refunds", "refund") and file.kind(node.value) == "<Charge>":
            yield Hit(node.lineno, "charge-refund-method")


@finds("python", "charge-source-read")
def read_from_a_charge(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower:
        return
    for node in file.of(ast.Attribute):
        match node:
            case ast.Attribute(value=ast.Attribute(value=charge, attr="source" | "card")):
                if file.kind(charge) == "<Charge>":
                    yield Hit(node.lineno, "charge-source-read")
                elif node.attr in OF_A_SOURCE and name_of(charge) == "charge":
                    yield Hit(node.lineno, "charge-source-read", "medium")


@finds("python", "charge-create")
def handed_on(file: PythonFile) -> Iterator[Hit]:
    """The class itself, given to a function that calls its methods: `ensure(resource=stripe.Charge)`."""
    for node in file.of(ast.Call):
        if name_of(node.func) in ("isinstance", "issubclass", "hasattr", "getattr") or file.is_test:
            continue
        for given in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(given, ast.Name | ast.Attribute) and file.kind(given) == "stripe.Charge":
                yield Hit(given.lineno, "charge-create", "medium")


def name_of(node: ast.AST | None) -> str:
    """Return the last name of an expression: `charge` for `charge`, `self.charge` and `row["charge"]`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


REQUEST = {"POST", "GET", "form", "data", "values", "args", "json", "params"}
# What takes a number as it is, and hands it on.
HANDS_ON = {"int", "float", "Decimal", "round", "str", "ceil", "floor", "get"}


@finds("python", "client-amount")
def client_amount(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls:
        is_payment = call.path in ("stripe.Charge.create", "stripe.PaymentIntent.create")
        if is_payment and comes_from_request(call.keywords.get("amount"), call):
            yield Hit(call.line_of("amount"), "client-amount", "medium")


def comes_from_request(node: ast.AST | None, call: Call, depth: int = 0) -> bool:
    """Return whether a number is the visitor's: read from the request, and at most converted or multiplied."""
    if depth > 12:
        return False
    match node:
        case ast.BinOp(left=left, right=right):
            return any(comes_from_request(one, call, depth + 1) for one in (left, right))
        case ast.Call(func=func, args=args) if name_of(func) in HANDS_ON:
            if name_of(func) == "get" and isinstance(func, ast.Attribute):
                return is_request(func.value)
            return any(comes_from_request(one, call, depth + 1) for one in args)
        case ast.Subscript(value=value):
            return is_request(value)
        case ast.Name(id=name):
            bindings = call.scope.names.get(name, ())
            values = [one.node for one in bindings if one.how == "value"]
            return any(comes_from_request(one, call, depth + 1) for one in values[:10])
    return False


def is_request(node: ast.AST) -> bool:
    """Return whether an expression is what a request carries: `request.POST`, `self.request.data`."""
    match node:
        case ast.Attribute(attr=attr, value=ast.Name(id=name) | ast.Attribute(attr=name)):
            return attr in REQUEST and name in ("request", "req")
        case ast.Attribute(attr="cleaned_data"):
            return True
    return False
