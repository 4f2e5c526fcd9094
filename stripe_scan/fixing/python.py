"""Changes of Python: each for one rule of the catalogue, and only where nothing has to be guessed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from stripe_scan import files
from stripe_scan.fixing import sessions
from stripe_scan.fixing.edits import Edit, Places
from stripe_scan.reading.kinds import last
from stripe_scan.reading.python import PythonFile, read
from stripe_scan.rules.charges import name_of
from stripe_scan.rules.errors import is_sink
from stripe_scan.rules.requests import key_read

Fix = Callable[[PythonFile, Places], Iterator[Edit]]
FIXES: list[Fix] = []
# Names that stripe-python has had at its top since 7.8, and before in modules that are gone.
PUBLIC = set(
    "convert_to_stripe_object Webhook WebhookSignature StripeObject ListObject SearchResultObject RequestsClient "
    "HTTPClient OAuth APIResource ErrorObject".split()
)


def fix(function: Fix) -> Fix:
    FIXES.append(function)
    return function


def edits(path: str, text: str) -> Iterator[Edit]:
    """Yield the changes of a file; none where it does not parse as it is."""
    mark = len(text) - len(text.removeprefix("\ufeff"))
    file = read(path, text[mark:])
    if not file.is_whole or files.is_minified(path, text):
        return
    places = Places(text[mark:])
    for each in (*FIXES, *sessions.FIXES):
        for edit in each(file, places):
            yield Edit(edit.start + mark, edit.end + mark, edit.new, edit.line, edit.rule)


@fix
def error_attribute(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`stripe.error.CardError` is `stripe.CardError`."""
    for node in file.of(ast.Attribute):
        match node:
            case ast.Attribute(value=ast.Attribute(value=module, attr="error") as inner):
                if file.kind(inner) == "stripe.error":
                    yield Edit(places.end(module), places.end(inner), "", node.lineno, "stripe-error-attr")


@fix
def imports(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`from stripe.error import CardError` is `from stripe import CardError`; so is what gone modules had."""
    for node in file.of(ast.ImportFrom):
        module = node.module or ""
        is_error = module == "stripe.error"
        is_gone = module.startswith("stripe.") and {alias.name for alias in node.names} <= PUBLIC
        if node.level or not (is_error or is_gone):
            continue
        start = places.start(node)
        where = places.text.find(module, start, places.start(node.names[0]))
        if where >= 0:
            rule = "stripe-error-import" if is_error else "removed-module"
            yield Edit(where, where + len(module), "stripe", node.lineno, rule)
    for one in file.of(ast.Import):
        if len(one.names) == 1 and one.names[0].name == "stripe.error" and not one.names[0].asname:
            yield Edit(places.end(one) - len(".error"), places.end(one), "", one.lineno, "stripe-error-import")


@fix
def removed_module(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`stripe.util.convert_to_stripe_object` is `stripe.convert_to_stripe_object`."""
    for node in file.of(ast.Attribute):
        match node:
            case ast.Attribute(value=ast.Attribute(value=module, attr=gone) as inner, attr=name):
                if name in PUBLIC and gone != "error" and gone.islower() and file.kind(module) == "stripe":
                    rule = "construct-from" if file.is_test and name.startswith("convert") else "removed-module"
                    yield Edit(places.end(module), places.end(inner), "", node.lineno, rule)


@fix
def private_message(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`e._message` is `e.user_message`."""
    for node in file.of(ast.Attribute):
        if node.attr in ("_message", "message") and file.kind(node.value) == "<error>" and not file.in_f_string(node):
            end = places.end(node)
            yield Edit(end - len(node.attr), end, "user_message", node.lineno, "error-private-attr")


@fix
def shown_error(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`str(e)` of a card's error is `e.user_message`, where the visitor sees it."""
    for node in file.of(ast.Call):
        match node:
            case ast.Call(func=ast.Name(id="str"), args=[ast.Name() as error], keywords=[]):
                handler = next((one for one in file.above(node) if isinstance(one, ast.ExceptHandler)), None)
                if handler is None or handler.name != error.id or file.kind(error) != "<error>":
                    continue
                sink = shown_by(file, node)
                is_card = handler.type is not None and name_of(handler.type) == "CardError"
                if sink is not None and is_card and not file.in_f_string(node):
                    new = f"{error.id}.user_message"
                    yield Edit(places.start(node), places.end(node), new, sink.lineno, "str-error-shown")


def shown_by(file: PythonFile, node: ast.AST) -> ast.Return | ast.Call | None:
    """Return the call or the return whose whole argument an expression is."""
    above = file.parents.get(id(node))
    if isinstance(above, ast.keyword):
        above = file.parents.get(id(above))
    if isinstance(above, ast.Return) or (isinstance(above, ast.Call) and is_sink(above)):
        return above
    return None


@fix
def list_all(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`stripe.Charge.all()` is `stripe.Charge.list()`."""
    for call in file.calls:
        func = call.node.func
        is_all = isinstance(func, ast.Attribute) and func.attr == "all" and call.path.startswith("stripe.")
        if is_all and last(call.path.removesuffix(".all"))[:1].isupper() and not file.in_f_string(func):
            yield Edit(places.end(func) - 3, places.end(func), "list", call.line, "list-all")


@fix
def positional_key(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`stripe.Charge.retrieve(id, key)` is `stripe.Charge.retrieve(id, api_key=key)`."""
    for call in file.calls:
        is_retrieve = call.path.startswith("stripe.") and call.path.endswith(".retrieve")
        if not is_retrieve or len(call.node.args) != 2 or call.node.args != call.args or file.in_f_string(call.node):
            continue
        if "api_key" not in call.keywords and not any(isinstance(one, ast.Starred) for one in call.args):
            start = places.start(call.args[1])
            yield Edit(start, start, "api_key=", call.line, "positional-key")


@fix
def card_alias(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`card=` of a token is `source=`."""
    for call in file.calls_of("stripe.Charge.create", "stripe.Customer.create"):
        for keyword in call.node.keywords:
            is_card = keyword.arg == "card" and "source" not in call.keywords and not file.in_f_string(call.node)
            if is_card and not file.names.items(keyword.value, call.scope):
                start = places.start(keyword)
                yield Edit(start, start + len("card"), "source", call.line_of("card"), "card-alias")


@fix
def signature_header(file: PythonFile, places: Places) -> Iterator[Edit]:
    """`request.META["HTTP_STRIPE_SIGNATURE"]` is `request.META.get("HTTP_STRIPE_SIGNATURE")`."""
    for node in file.of(ast.Subscript):
        found = key_read(node)
        if not found or found[0].lower() not in ("http_stripe_signature", "stripe-signature"):
            continue
        if isinstance(node.ctx, ast.Load) and not file.in_f_string(node):
            new = f".get({places.source(node.slice)})"
            yield Edit(places.end(node.value), places.end(node), new, node.lineno, "sig-header-index")
