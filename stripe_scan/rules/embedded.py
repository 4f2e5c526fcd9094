"""Pages and scripts in the texts of a Python file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading import javascript, pages
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import BY_KIND, finds

TAGS = ("<script", "<form", "<input", "<style", "stripe-button")
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


@finds("python", "stripejs-v2")
def attributes(file: PythonFile) -> Iterator[Hit]:
    """The first `data-stripe` that a form's widget gets, as one is reported of a page."""
    if "data-stripe" not in file.lower or file.is_test:
        return
    for node, text in file.strings():
        if text == "data-stripe":
            yield Hit(node.lineno, "stripejs-v2")
            return


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
