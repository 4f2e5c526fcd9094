"""What the server reads of a request: the token, the address, and the columns that keep the charge."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import is_request, name_of

TOKENS = {"stripetoken", "striperesponsetoken"}
# Names that are a token's where the file works with Stripe and the request is read.
SHORT = {"token", "tokenid", "cardtoken", "paymenttoken", "chargetoken"}
MAILS = ("stripeemail", "stripebilling", "stripeshipping")
COLUMNS = {"CharField", "TextField", "SlugField", "Column", "mapped_column", "StringField", "StringProperty", "Field"}


def plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def key_read(node: ast.AST) -> tuple[str, ast.expr] | None:
    """Return the literal key that an expression reads, and what from: `d["key"]`, `d.get("key")`, `d.pop("key")`."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
            return key, value
        case ast.Call(
            func=ast.Attribute(value=value, attr="get" | "pop" | "getlist" | "get_argument"),
            args=[ast.Constant(value=str(key)), *_],
        ):
            return key, value
    return None


@finds("python", "token-post", "email-post")
def read_of_a_request(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower or file.is_test:
        return
    uses_stripe = "import stripe" in file.lower or "from stripe" in file.lower
    for node in file.of(ast.Subscript, ast.Call):
        if not (found := key_read(node)) or not is_read(file, node):
            continue
        key, value = found
        name = plain(key)
        if name_of(value) in ("fields", "environ", "settings", "errors", "config", "initial", "headers", "META"):
            continue
        if name in TOKENS:
            yield Hit(node.lineno, "token-post")
        elif name.startswith(MAILS):
            yield Hit(node.lineno, "email-post")
        elif name in SHORT and uses_stripe and (is_request(value) or name_of(value) == "cleaned_data"):
            yield Hit(node.lineno, "token-post", "medium")


@finds("python", "token-post")
def asked_for(file: PythonFile) -> Iterator[Hit]:
    """`"stripeToken" in request.POST`."""
    if "stripe" not in file.lower or file.is_test:
        return
    for node in file.of(ast.Compare):
        match node:
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()], comparators=[given]):
                if plain(key) in TOKENS and (is_request(given) or name_of(given) in ("data", "form", "cleaned_data")):
                    yield Hit(node.lineno, "token-post")


def is_read(file: PythonFile, node: ast.AST) -> bool:
    return not isinstance(node, ast.Subscript) or isinstance(node.ctx, ast.Load)


@finds("python", "token-post", "schema-charge-id")
def fields(file: PythonFile) -> Iterator[Hit]:
    """Form fields that take the token, and columns that keep the charge."""
    for node in file.of(ast.Assign, ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if is_added_field(target, node.value):
            yield Hit(node.lineno, "token-post")
        if not (isinstance(target, ast.Name) and isinstance(node.value, ast.Call)):
            continue
        if not isinstance(file.scope(node).node, ast.ClassDef):
            continue
        kind, name = name_of(node.value.func), plain(target.id)
        if name in TOKENS and (kind.endswith("Field") or is_of_a_schema(node.value)):
            yield Hit(node.lineno, "token-post")
        elif kind in COLUMNS and is_charge_column(name) and not file.is_migration and is_text(node.value):
            yield Hit(node.lineno, "schema-charge-id")


def is_added_field(target: ast.expr, value: ast.expr | None) -> bool:
    """Return whether a form gets the field later: `self.fields["stripeToken"] = forms.CharField()`."""
    match target:
        case ast.Subscript(value=ast.Attribute(attr="fields"), slice=ast.Constant(value=str(key))):
            return plain(key) in TOKENS and isinstance(value, ast.Call) and name_of(value.func).endswith("Field")
    return False


def is_of_a_schema(call: ast.Call) -> bool:
    """Return whether a field belongs to marshmallow: `fields.Str()`."""
    return isinstance(call.func, ast.Attribute) and name_of(call.func.value) == "fields"


def is_charge_column(name: str) -> bool:
    return name.endswith(("chargeid", "stripecharge", "stripechargeid")) or name == "charge"


def is_text(call: ast.Call) -> bool:
    """Return whether a column holds a text: a number or a relation is no id of Stripe's."""
    kinds = {name_of(one) or name_of(getattr(one, "func", None)) for one in call.args}
    return name_of(call.func) not in ("Column", "mapped_column", "Field") or bool(
        kinds & {"String", "Unicode", "Text", "UnicodeText", "VARCHAR"}
    )
