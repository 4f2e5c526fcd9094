"""Amounts in whole units that become the amounts of the API: `amount * 100`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import name_of

MOST_NODES = 60  # of an expression, and above it: an amount is named nearer than that
MONEY = tuple(
    "amount price total cost fee cent pence charge pay donat sum balance due owed refund tax money usd eur gbp stripe "
    "order cart fare subtotal bill credit value deposit".split()
)
SHARES = ("percent", "ratio", "rate", "pct", "progress", "page", "width", "height", "quality", "opacity", "score")
# Other providers: their amounts are none of Stripe's.
OTHERS = ("paypal", "braintree", "authorizenet", "authnet", "square", "razorpay", "mollie", "adyen", "paystack")


@finds("python", "amount-x100")
def times_a_hundred(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower:
        return
    for node in file.of(ast.BinOp):
        other = what_times_a_hundred(node) if isinstance(node.op, ast.Mult) else None
        if other is not None and not is_share(file, node, other) and is_money(file, node, other):
            yield Hit(node.lineno, "amount-x100", "medium")
    for one in file.of(ast.AugAssign):
        is_product = isinstance(one.op, ast.Mult) and is_hundred(one.value)
        if is_product and not is_share(file, one, one.target) and is_money(file, one, one.target):
            yield Hit(one.lineno, "amount-x100", "medium")


def what_times_a_hundred(node: ast.BinOp) -> ast.expr | None:
    if is_hundred(node.right):
        return node.left
    return node.right if is_hundred(node.left) else None


def is_hundred(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=int(value) | float(value)):
            return value == 100
        case ast.Call(func=func, args=[ast.Constant(value=value)]) if name_of(func) in ("Decimal", "D", "int", "float"):
            try:
                return Decimal(str(value)) == 100
            except InvalidOperation:
                return False
    return False


def nearby(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and what is in it, as far as words are looked for."""
    return islice(ast.walk(node), MOST_NODES)


def words(node: ast.AST) -> Iterator[str]:
    for one in nearby(node):
        for value in (getattr(one, "id", ""), getattr(one, "attr", ""), getattr(one, "arg", "")):
            if isinstance(value, str) and value:
                yield value.lower()
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value.lower()


def is_share(file: PythonFile, node: ast.BinOp | ast.AugAssign, other: ast.expr) -> bool:
    """Return whether it is a percentage, a rounding or a page."""
    if any(isinstance(one, ast.BinOp) and isinstance(one.op, ast.Div | ast.FloorDiv) for one in nearby(other)):
        return True
    if any(share in word for word in words(other) for share in SHARES if share != "rate" or word.endswith("rate")):
        return True
    for above in islice(file.above(node), MOST_NODES):
        if isinstance(above, ast.Slice | ast.JoinedStr):
            return True
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Div | ast.FloorDiv):
            return True
        if isinstance(above, ast.stmt):
            break
    return False


def is_money(file: PythonFile, node: ast.BinOp | ast.AugAssign, other: ast.expr) -> bool:
    """Return whether the words around it are those of money."""
    seen = list(words(other))
    for above in islice(file.above(node), MOST_NODES):
        if isinstance(above, ast.keyword) and above.arg:
            seen.append(above.arg.lower())
        if isinstance(above, ast.Assign):
            seen += [word for target in above.targets for word in words(target)]
        if isinstance(above, ast.AugAssign | ast.AnnAssign):
            seen += words(above.target)
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = above.name.lower()
            if any(one in name for one in OTHERS):
                return False
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
                seen.append(name)
    if any(share in word for word in seen for share in ("percent", "ratio", "progress", "pagin")):
        return False
    return any(sign in word for word in seen for sign in MONEY)
