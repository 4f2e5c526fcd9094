"""What stripe-python no longer has, or has under another name, and how it is set up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.kinds import SERVICES, last
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds

MODULES = set(
    "util webhook http_client oauth api_requestor resource stripe_object api_resources six multipart_data_generator "
    "stripe_response request_options object_classes importer".split()
)
# What a dictionary has and an object of Stripe's no longer.
OF_A_DICT = {"get", "items", "keys", "values", "pop", "setdefault", "copy", "iteritems"}
# Services that a StripeClient has under `v1`, as far as payments go.
OF_A_CLIENT = SERVICES.keys() | set(
    "checkout payment_methods payment_links prices products setup_intents coupons balance_transactions accounts "
    "transfers payouts webhook_endpoints disputes files billing_portal ephemeral_keys promotion_codes".split()
)
SETTINGS = {"api_key": "global-api-key", "api_version": "api-version-pin"}


@finds("python", "global-api-key", "api-version-pin")
def set_globally(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in SETTINGS and file.kind(target.value) == "stripe":
                yield Hit(node.lineno, SETTINGS[target.attr])
    for call in file.of(ast.Call):
        match call:
            case ast.Call(func=ast.Name(id="setattr"), args=[module, ast.Constant(value=str(name)), _]):
                if name in SETTINGS and file.kind(module) == "stripe":
                    yield Hit(call.lineno, SETTINGS[name])


@finds("python", "removed-module", "construct-from")
def removed(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Attribute):
        if node.attr in MODULES and file.kind(node.value) == "stripe":
            above = file.parents.get(id(node))
            is_convert = isinstance(above, ast.Attribute) and above.attr == "convert_to_stripe_object"
            yield Hit(node.lineno, "construct-from" if is_convert and file.is_test else "removed-module")
    for one in file.of(ast.ImportFrom):
        if one.level or not one.module:
            continue
        package, _, module = one.module.partition(".")
        names = {alias.name for alias in one.names}
        if package == "stripe" and (module.partition(".")[0] in MODULES or (not module and names & MODULES)):
            yield Hit(one.lineno, "removed-module")
    for whole in file.of(ast.Import):
        if any(alias.name.startswith("stripe.") and alias.name.split(".")[1] in MODULES for alias in whole.names):
            yield Hit(whole.lineno, "removed-module")
    for call in file.calls:
        if last(call.path) == "construct_from" and call.path.startswith("stripe.") and "Webhook" not in call.path:
            yield Hit(call.line, "construct-from")


@finds("python", "list-all", "positional-key", "connect-account")
def calls(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls:
        owner = last(call.path.rpartition(".")[0])
        is_method = call.path.startswith("stripe.") and owner[:1].isupper()
        if is_method and last(call.path) == "all":
            yield Hit(call.line, "list-all")
        if is_method and last(call.path) == "retrieve" and len(call.args) > 1:
            yield Hit(call.line, "positional-key")
        first = call.args[0] if call.args else None
        is_create = is_method and last(call.path) in ("create", "list")
        if is_create and first is not None and not isinstance(first, ast.Starred | ast.Dict):
            yield Hit(call.line, "positional-key", "medium")
        if (is_method and "stripe_account" in call.keywords) or call.path.startswith("stripe.OAuth."):
            yield Hit(call.line, "connect-account")
    if "connect.stripe.com/" in file.lower:
        for node, text in file.strings():
            if "connect.stripe.com/" in text:
                yield Hit(node.lineno, "connect-account")


@finds("python", "client-without-v1")
def services(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Attribute):
        if node.attr in OF_A_CLIENT and file.kind(node.value) == "client":
            yield Hit(node.lineno, "client-without-v1")


@finds("python", "object-save", "stripeobject-dict")
def objects(file: PythonFile) -> Iterator[Hit]:
    for call in file.calls:
        owner, _, method = call.path.rpartition(".")
        if not owner.startswith("<") or owner.startswith(("<error", "<list")):
            continue
        if method == "save" and owner.endswith(">"):
            yield Hit(call.line, "object-save")
        elif (method in OF_A_DICT and owner != "<object>") or (method == "get" and owner == "<object>"):
            yield Hit(call.node.func.end_lineno or call.line, "stripeobject-dict")
    for node in file.of(ast.Call):
        match node:
            case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="dumps"), args=[value, *_]):
                if file.kind(value).startswith("<") and not file.kind(value).startswith(("<error", "<list")):
                    yield Hit(node.lineno, "stripeobject-dict")
