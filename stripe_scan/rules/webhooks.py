"""Webhooks: believed without a signature, or fetched again, and the events and fields of older API versions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import name_of
from stripe_scan.rules.requests import key_read

EVENTS = ("charge.", "invoice.", "customer.subscription.", "customer.source.", "source.", "invoiceitem.", "transfer.")
ALL_EVENTS = (*EVENTS, "payment_intent.", "checkout.session.", "customer.", "account.", "setup_intent.", "ping")
ENDINGS = set(
    "succeeded failed pending captured refunded expired updated created deleted closed funds_withdrawn paid voided "
    "funds_reinstated payment_succeeded payment_failed payment_action_required finalized upcoming trial_will_end "
    "chargeable canceled sent marked_uncollectible completed reversed expiring paused resumed".split()
)
# The fields that left an object in API 2025-03-31.basil.
BASIL = {
    "<Invoice>": {"charge", "subscription", "payment_intent"},
    "<Charge>": {"invoice"},
    "<PaymentIntent>": {"invoice"},
}


def is_event_type(text: object, prefixes: tuple[str, ...] = EVENTS) -> bool:
    """Return whether a text is the type of an event."""
    if not isinstance(text, str) or len(text) > 60 or not text.startswith(prefixes):
        return False
    return text.rpartition(".")[2] in ENDINGS


@finds("python", "webhook-events")
def handled_events(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower or file.is_test:
        return
    for node, text in file.strings():
        if (is_event_type(text) and is_compared(file, node)) or is_begin(file, node):
            yield Hit(node.lineno, "webhook-events")


def is_begin(file: PythonFile, node: ast.Constant) -> bool:
    """Return whether an event's type is compared with the begin of several: `event.type.startswith("charge")`."""
    above = file.parents.get(id(node))
    if not (isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute) and above.func.attr == "startswith"):
        return False
    is_type = name_of(above.func.value) in ("type", "event_type", "kind") or name_of_read(above.func.value) == "type"
    return is_type and isinstance(node.value, str) and node.value.rstrip(".") in {one.rstrip(".") for one in EVENTS}


def name_of_read(node: ast.AST) -> str:
    found = key_read(node)
    return found[0] if found else ""


def is_compared(file: PythonFile, node: ast.AST) -> bool:
    """Return whether a text is what an event's type is compared with: no value of a sample event."""
    above = file.parents.get(id(node))
    if isinstance(above, ast.Tuple | ast.List | ast.Set):
        return True
    if isinstance(above, ast.Dict):
        return any(key is node for key in above.keys)
    if isinstance(above, ast.Call):
        func = above.func
        is_decorator = isinstance(file.parents.get(id(above)), ast.FunctionDef | ast.ClassDef)
        return is_decorator or name_of(func) in ("startswith", "register", "handler", "on")
    return isinstance(above, ast.Compare | ast.MatchValue | ast.Assign)


def is_body(node: ast.AST) -> bool:
    """Return whether an expression is the body of a request, or a text made of it."""
    names = {name_of(one) for one in ast.walk(node)}
    return bool(names & {"body", "raw_post_data", "data", "get_data", "payload", "raw_body", "json", "get_json"})


@finds("python", "webhook-unsigned", "sig-header-index")
def believed(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Subscript):
        found = key_read(node)
        is_header = found is not None and found[0].lower() in ("http_stripe_signature", "stripe-signature")
        if is_header and is_loaded(node) and not is_key_error_caught(file, node):
            yield Hit(node.lineno, "sig-header-index")
    if "stripe" in file.lower and not file.is_test:
        for function in file.of(ast.FunctionDef, ast.AsyncFunctionDef):
            yield from unsigned(file, function)


@finds("python", "body-written-again")
def written_again(file: PythonFile) -> Iterator[Hit]:
    """A signature that is checked on other bytes than those that came."""
    is_rest = "rest_framework" in file.text
    for call in file.calls:
        if not (call.path.endswith(".construct_event") and call.args):
            continue
        body = call.args[0]
        parsed = {"POST", "json", "form"} | ({"data"} if is_rest else set())
        is_parsed = isinstance(body, ast.Attribute) and name_of(body.value) == "request" and body.attr in parsed
        if is_parsed or any(name_of(getattr(one, "func", None)) == "dumps" for one in ast.walk(body)):
            yield Hit(call.line, "body-written-again")


def unsigned(file: PythonFile, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Yield where a webhook reads its body, unless a signature is checked or the event is fetched again."""
    loads = [node for node in file.within(function, ast.Call) if is_load(node)]
    if not loads:
        return
    texts = [node.value for node in file.within(function, ast.Constant)]
    is_webhook = "webhook" in function.name.lower() or any(is_event_type(text, ALL_EVENTS) for text in texts)
    if not is_webhook:
        return
    paths = {}
    for call in file.within(function, ast.Call):
        if path := file.names.target(call, file.scope(call))[0]:
            paths[path] = call
    if "stripe.Event.retrieve" in paths:
        return
    checked = paths.get("stripe.Webhook.construct_event")
    for load in loads:
        if checked is None or assigned(file, checked) & assigned(file, load):
            yield Hit(load.lineno, "webhook-unsigned", "high" if "webhook" in function.name.lower() else "medium")
            return


def is_load(node: ast.Call) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="loads"), args=[value, *_]):
            return is_body(value)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="request"), attr="get_json" | "json")):
            return True
    return False


def assigned(file: PythonFile, node: ast.AST) -> set[str]:
    """Return the names that a value is assigned to."""
    for above in file.above(node):
        if isinstance(above, ast.Assign):
            return {name_of(target) for target in above.targets}
        if isinstance(above, ast.stmt):
            break
    return set()


@finds("python", "basil-fields")
def fields_of_older_versions(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower:
        return
    uses_stripe = "import stripe" in file.lower
    for node in file.of(ast.Attribute, ast.Subscript, ast.Call):
        if isinstance(node, ast.Attribute):
            key, owner = node.attr, node.value
        elif found := key_read(node):
            key, owner = found
        else:
            continue
        if key not in ("charge", "subscription", "payment_intent", "invoice"):
            continue
        kind = file.kind(owner)
        if key in BASIL.get(kind, ()) or (name_of(owner) == "latest_invoice" and key in BASIL["<Invoice>"]):
            yield Hit(node.lineno, "basil-fields")
        elif kind in ("", "<object>") and uses_stripe and name_of(owner) in ("invoice", "stripe_invoice"):
            is_field = key in BASIL["<Invoice>"] and is_loaded(node)
            if is_field:
                yield Hit(node.lineno, "basil-fields", "medium" if kind or key != "charge" else "low")


def is_key_error_caught(file: PythonFile, node: ast.AST) -> bool:
    """Return whether a missing key is met by a handler around it."""
    for above in file.above(node):
        if isinstance(above, ast.Try):
            types = [one for handler in above.handlers for one in ast.walk(handler.type or ast.Name("Exception"))]
            if {"KeyError", "LookupError", "Exception", "BaseException"} & {name_of(one) for one in types}:
                return True
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            break
    return False


def is_loaded(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
