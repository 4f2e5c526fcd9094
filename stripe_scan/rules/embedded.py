"""Pages and scripts in the texts of a Python file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading import javascript, pages
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import BY_KIND, finds
from stripe_scan.rules.requests import TOKENS, plain

TAGS = ("<script", "<form", "<input", "<style", "stripe-button")
OLD_SCRIPTS = ("https://js.stripe.com/v1", "https://js.stripe.com/v2", "//js.stripe.com/v1", "//js.stripe.com/v2")
CHECKOUT_JS = ("https://checkout.stripe.com/checkout", "https://checkout.stripe.com/v", "//checkout.stripe.com/")
SCRIPTS = ("redirectToCheckout", "StripeCheckout.", ".createToken(", ".confirmCardPayment(", "setPublishableKey")


@finds("python", "redirect-to-checkout", "checkout-js", "stripe-button")
def in_texts(file: PythonFile) -> Iterator[Hit]:
    if "stripe" not in file.lower:
        return
    lines = file.text.split("\n")
    done = 0
    for node, text in sorted(file.strings(), key=lambda one: one[0].lineno):
        if node.lineno < done or "tripe" not in text:
            continue
        is_page = any(tag in text for tag in TAGS)
        if not is_page and not any(call in text for call in SCRIPTS):
            continue
        done = (node.end_lineno or node.lineno) + 1
        whole = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        yield from hits(file, whole if is_page else text, node, is_page)


@finds("python", "stripejs-v2", "checkout-js", "stripe-button", "token-field")
def attributes(file: PythonFile) -> Iterator[Hit]:
    """What a widget or a form's media make of a page: scripts by their addresses, and attributes by name and value.

    Of `data-stripe` the first is reported, as of a page.
    """
    if "tripe" not in file.text or file.is_test:
        return
    has_inputs = False
    for node, text in file.strings():
        if text == "data-stripe" and not has_inputs:
            has_inputs = True
            yield Hit(node.lineno, "stripejs-v2")
        elif text.startswith(OLD_SCRIPTS) and is_script(file, node):
            yield Hit(node.lineno, "stripejs-v2")
        elif text.startswith(CHECKOUT_JS) and is_script(file, node):
            yield Hit(node.lineno, "checkout-js")
        elif "stripe-button" in text[:200].split() and attribute_of(file, node) == "class":
            yield Hit(node.lineno, "stripe-button")
        elif plain(text[:40].removeprefix("id_")) in TOKENS and attribute_of(file, node) in ("id", "name"):
            yield Hit(node.lineno, "token-field")


def is_script(file: PythonFile, node: ast.Constant) -> bool:
    """Return whether a page loads what a text is the address of: by `src`, or by the `js` of a form's media."""
    listed = file.parents.get(id(node))
    if isinstance(listed, ast.List | ast.Tuple):
        above = file.parents.get(id(listed))
        target = above.targets[0] if isinstance(above, ast.Assign) else None
        return getattr(above, "arg", "") == "js" or (isinstance(target, ast.Name) and target.id == "js")
    return attribute_of(file, node) == "src"


def attribute_of(file: PythonFile, node: ast.Constant) -> str:
    """Return the attribute of a tag that a text is the value of: `{"class": "stripe-button"}`, `dict(id="…")`."""
    match file.parents.get(id(node)):
        case ast.keyword(arg=str(name)):
            return name
        case ast.Dict(keys=keys, values=values):
            names = [key for key, value in zip(keys, values, strict=True) if value is node]
            return str(names[0].value) if names and isinstance(names[0], ast.Constant) else ""
    return ""


def hits(file: PythonFile, text: str, node: ast.Constant, is_page: bool) -> Iterator[Hit]:
    """Yield what the rules for pages or scripts find in a text."""
    scripts = []
    if is_page:
        for page in pages.read(file.path, text):
            scripts += page.scripts
            for rule in BY_KIND["page"]:
                yield from moved(rule(page), node)
    else:
        scripts = javascript.read(file.path, text)
    for script in scripts:
        for rule in BY_KIND["script"]:
            yield from moved(rule(script), node)


def moved(found: Iterator[Hit], node: ast.Constant) -> Iterator[Hit]:
    """Yield hits with the lines of the file; a key is found by the rule for Python."""
    for hit in found:
        if hit.rule != "hardcoded-key":
            line = min(hit.line + node.lineno - 1, node.end_lineno or node.lineno)
            yield Hit(line, hit.rule, hit.confidence, hit.detail)
