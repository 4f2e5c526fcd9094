"""Changes of what makes and reads Checkout Sessions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.fixing.edits import Edit, Places
from stripe_scan.reading.python import Call, PythonFile
from stripe_scan.rules.charges import name_of

MODES = {"embedded": "embedded_page", "custom": "elements"}
OF_AN_ITEM = {"name", "amount", "currency", "quantity", "description", "images"}


def session_keywords(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`payment_method_types` and `ui_mode="hosted"` are left out; other values of `ui_mode` have new names."""
    for call in file.calls_of("stripe.checkout.Session.create"):
        for keyword in call.node.keywords:
            value = keyword.value
            if keyword.arg == "payment_method_types" and isinstance(value, ast.List):
                yield from without(call, keyword, places, "payment-method-types")
            elif keyword.arg == "ui_mode" and isinstance(value, ast.Constant):
                if value.value == "hosted":
                    yield from without(call, keyword, places, "ui-mode-hosted")
                elif value.value in MODES:
                    new = places.source(value).replace(value.value, MODES[value.value])
                    yield Edit(places.start(value), places.end(value), new, keyword.value.lineno, "ui-mode-hosted")


def without(call: Call, keyword: ast.keyword, places: Places, rule: str) -> Iterator[Edit]:
    """Yield the removal of an argument with its comma, unless a comment is in between."""
    arguments: list[ast.expr | ast.keyword] = [*call.node.args, *call.node.keywords]
    every = sorted(arguments, key=places.start)
    number = every.index(keyword)
    if number + 1 < len(every):
        following = every[number + 1]
        start, end = places.start(keyword), places.start(following)
        if isinstance(following, ast.keyword) and following.arg is None:
            end = places.text.rfind("**", start, places.start(following.value))
    elif number:
        start, end = places.end(every[number - 1]), places.end(keyword)
    else:
        start, end = places.start(keyword), places.end(keyword)
        end += places.text[end : end + 1] == ","
    between = places.text[start:end].replace(places.text[places.start(keyword) : places.end(keyword)], "")
    if start < end and "#" not in between:
        yield Edit(start, end, "", keyword.value.lineno, rule)


def line_items(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`{"name": …, "amount": …}` is `{"price_data": {…}}`."""
    for call in file.calls_of("stripe.checkout.Session.create"):
        items = call.keywords.get("line_items")
        for item in items.elts if isinstance(items, ast.List | ast.Tuple) else ():
            if not isinstance(item, ast.Dict):
                continue
            given = {
                key.value: value
                for key, value in zip(item.keys, item.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            is_known = len(given) == len(item.keys) and {"name", "amount", "currency"} <= given.keys() <= OF_AN_ITEM
            if is_known and "#" not in places.source(item):
                yield Edit(places.start(item), places.end(item), new_item(given, places), item.lineno, "line-items-old")


def new_item(given: dict[str, ast.expr], places: Places) -> str:
    """Return an item of today's shape with the old one's values."""
    code = {key: places.source(value) for key, value in given.items()}
    product = ", ".join(f'"{key}": {code[key]}' for key in ("name", "description", "images") if key in code)
    price = f'"currency": {code["currency"]}, "unit_amount": {code["amount"]}, "product_data": {{{product}}}'
    quantity = f', "quantity": {code["quantity"]}' if "quantity" in code else ""
    return f'{{"price_data": {{{price}}}{quantity}}}'


def intent_charge(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`intent.charges.data[0].id` is `intent.latest_charge`; other fields would need an expanded charge."""
    for node in file.of(ast.Attribute):
        match node:
            case ast.Attribute(
                value=ast.Subscript(
                    value=ast.Attribute(value=ast.Attribute(value=intent, attr="charges"), attr="data"),
                    slice=ast.Constant(value=0),
                ),
                attr="id",
            ):
                is_intent = file.kind(intent) == "<PaymentIntent>" or "intent" in name_of(intent).lower()
                if is_intent and not file.in_f_string(node):
                    start, end = places.end(intent), places.end(node)
                    yield Edit(start, end, ".latest_charge", node.lineno, "intent-charges")


FIXES = (session_keywords, line_items, intent_charge)
