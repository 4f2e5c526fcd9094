"""Stripe's exceptions: where they are imported from, and what of them is read or shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.names import is_stripe_error
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import name_of

# Calls whose argument the visitor sees, by the last part of their name.
SHOWN = set(
    "error warning info success add_message flash HttpResponse HttpResponseBadRequest HttpResponseServerError "
    "JsonResponse Response jsonify render render_template make_response add_error ValidationError Http404 abort "
    "render_to_response APIException redirect HttpResponseForbidden".split()
)
MAKE_A_TEXT = {"str", "repr", "unicode", "format", "dict", "dumps", "_", "gettext", "escape", "mark_safe", "join"}
# Keys under which an answer tells what went wrong, and exceptions that mean a mistake of the program.
KEYS = {"error", "errors", "message", "msg", "detail", "error_message", "reason"}
BUILT_IN = {"Exception", "ValueError", "TypeError", "RuntimeError", "KeyError", "AssertionError", "CommandError", ""}
# What such a name belongs to where it writes to a log instead.
LOGS = {"logger", "log", "logging", "LOG", "LOGGER", "_logger", "sentry_sdk", "console", "stdout", "current_app", "app"}


@finds("python", "stripe-error-attr", "stripe-error-import")
def error_module(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Attribute):
        if isinstance(node.value, ast.Attribute | ast.Name) and file.kind(node.value) == "stripe.error":
            yield Hit(node.lineno, "stripe-error-attr")
    for whole in file.of(ast.Import):
        if any(alias.name == "stripe.error" for alias in whole.names):
            yield Hit(whole.lineno, "stripe-error-import")
    for one in file.of(ast.ImportFrom):
        names = {alias.name for alias in one.names}
        if not one.level and (one.module == "stripe.error" or (one.module == "stripe" and "error" in names)):
            yield Hit(one.lineno, "stripe-error-import")


@finds("python", "error-json-body", "error-private-attr")
def read_from_an_error(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower:
        return
    for node in file.of(ast.Attribute):
        if node.attr == "json_body":
            yield Hit(node.lineno, "error-json-body")
        elif (
            node.attr == "_message" and name_of(node.value) not in ("self", "") and isinstance(node.value, ast.Name)
        ) or (node.attr == "message" and file.kind(node.value) == "<error>"):
            yield Hit(node.lineno, "error-private-attr")


@finds("python", "str-error-shown")
def error_shown(file: PythonFile) -> Iterator[Hit]:
    for handler in file.of(ast.ExceptHandler):
        if not (handler.name and (sure := catches_stripe(file, handler))):
            continue
        for node, weaker in shown(file, handler):
            text = node if isinstance(node, ast.Name) else text_of(node, handler.name)
            if text is not None and (not isinstance(text, ast.Name) or text.id == handler.name):
                yield Hit(text.lineno, "str-error-shown", "medium" if weaker else sure)


def shown(file: PythonFile, handler: ast.ExceptHandler) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what a handler hands to the visitor, and whether that is less sure.

    Surely shown: what it returns, and what it gives to a call of SHOWN. Mostly shown: what an exception of the
    project's own says, and what stands under "error" in a dictionary.
    """
    for node in file.within(handler, ast.Call, ast.Return):
        if isinstance(node, ast.Return):
            yield from [(node.value, False)] if node.value is not None else []
        elif is_sink(node):
            yield from ((one, False) for one in [*node.args, *(keyword.value for keyword in node.keywords)])
    for one in file.within(handler, ast.Raise, ast.Dict):
        if isinstance(one, ast.Raise):
            if isinstance(one.exc, ast.Call) and name_of(one.exc.func) not in BUILT_IN:
                yield from ((given, True) for given in one.exc.args if not isinstance(given, ast.Name))
        elif not is_logged(file, one, handler):
            for key, value in zip(one.keys, one.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in KEYS and not isinstance(value, ast.Name):
                    yield value, True


def is_logged(file: PythonFile, node: ast.AST, handler: ast.ExceptHandler) -> bool:
    """Return whether an expression is part of what is written to a log."""
    for above in file.above(node):
        if above is handler:
            break
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute) and is_log(name_of(above.func.value)):
            return True
    return False


def catches_stripe(file: PythonFile, handler: ast.ExceptHandler) -> str:
    """Return how sure it is that a handler meets Stripe's errors: "" for not at all."""
    scope = file.scope(handler)
    if is_stripe_error(file.names, handler.type, scope):
        return "high"
    if name_of(handler.type) not in ("Exception", "BaseException") if handler.type else False:
        return ""
    block = file.parents.get(id(handler))
    inside = (node for part in getattr(block, "body", ()) for node in ast.walk(part))
    return "medium" if any(isinstance(node, ast.Call) and calls_stripe(file, node) for node in inside) else ""


def calls_stripe(file: PythonFile, call: ast.Call) -> bool:
    """Return whether a call is one of Stripe's, or of a function of this file that makes one."""
    if file.names.target(call, file.scope(call))[0].startswith("stripe."):
        return True
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_own = owner is None or name_of(owner) in ("self", "cls")
    return is_own and name_of(call.func) in file.callers


def is_sink(call: ast.Call) -> bool:
    name = name_of(call.func)
    owner = name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if is_log(owner):
        return False
    return name in SHOWN or (bool(owner) and ("error" in name.lower() or "fail" in name.lower()))


def is_log(owner: str) -> bool:
    return owner in LOGS or owner.startswith("log")


def text_of(node: ast.expr, name: str) -> ast.expr | None:
    """Return where an expression has the exception as text: `str(e)`, f"{e}", "%s" % e, "{}".format(e).

    What a function makes of it that shows nothing itself is another text.
    """
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        is_made = isinstance(one, ast.Call) and name_of(one.func) not in MAKE_A_TEXT and not is_sink(one)
        waiting += [] if is_made else ast.iter_child_nodes(one)
        match one:
            case ast.Call(func=ast.Name(id="str" | "repr" | "unicode"), args=[ast.Name(id=used)]) if used == name:
                return one
            case ast.FormattedValue(value=ast.Name(id=used)) if used == name:
                return one
            case ast.BinOp(op=ast.Mod(), right=right) if any(is_name(part, name) for part in parts(right)):
                return one
            case ast.Call(func=ast.Attribute(attr="format"), args=args) if any(is_name(part, name) for part in args):
                return one
    return None


def parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else node.values if isinstance(node, ast.Dict) else [node]


def is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
