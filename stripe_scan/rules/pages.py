"""Pages and templates: checkout.js, its button, and the fields of its form."""

from __future__ import annotations

from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.lines import Lines
from stripe_scan.reading.pages import Page
from stripe_scan.rules import finds
from stripe_scan.rules.keys import SECRET, keys_in, masked
from stripe_scan.rules.requests import TOKENS, plain
from stripe_scan.rules.scripts import MONEY

OPTIONS = ("data-bitcoin", "data-alipay", "data-alipay-reusable")
CHECKOUT_JS = "checkout.stripe.com"


@finds("page", "checkout-js", "stripe-button", "bitcoin-option", "stripejs-v2", "token-field", "amount-x100-js")
def tags(page: Page) -> Iterator[Hit]:
    has_inputs = False
    for tag in page.tags:
        source = tag.get("src")
        if CHECKOUT_JS in source:
            yield Hit(tag.line, "checkout-js", page.confidence)
        if tag.name in ("script", "link") and ("js.stripe.com/v1" in source or "js.stripe.com/v2" in source):
            yield Hit(tag.line, "stripejs-v2", page.confidence)
        if "stripe-button" in tag.get("class").split() and tag.name == "script":
            yield Hit(tag.line, "stripe-button", page.confidence)
            if any(name in tag.attributes for name in OPTIONS):
                yield Hit(tag.line, "bitcoin-option", page.confidence)
        if "data-stripe" in tag.attributes and not has_inputs:
            has_inputs = True
            yield Hit(tag.line, "stripejs-v2", page.confidence)
        names = (tag.get("name"), tag.get("id").removeprefix("id_") if tag.name == "input" else "")
        if any(plain(name) in TOKENS for name in names):
            yield Hit(tag.line, "token-field", page.confidence)


@finds("page", "amount-x100-js", "stripe-button-own", "hardcoded-key")
def texts(page: Page) -> Iterator[Hit]:
    for number, line in enumerate(page.text.split("\n"), 1):
        if is_times_a_hundred(line):
            yield Hit(number, "amount-x100-js", page.confidence)
        if "stripe-button-el" in line:
            yield Hit(number, "stripe-button-own", page.confidence)
    lines = Lines(page.text)
    for start, key in keys_in(page.text, SECRET):
        yield Hit(lines.of(start), "hardcoded-key", detail=masked(key))


def is_times_a_hundred(line: str) -> bool:
    """Return whether a template multiplies money: `{% widthratio total 1 100 %}`, `{{ total * 100 }}`."""
    if "widthratio" in line and line.partition("widthratio")[2].partition("%}")[0].split()[-1:] == ["100"]:
        return True
    for part in line.split("{{")[1:]:
        code = part.partition("}}")[0].replace(" ", "").replace('"', "").replace("'", "").lower()
        is_product = "*100" in code or "100*" in code or "mul:100" in code or "multiply:100" in code
        is_money = "data-amount" in line or any(word in code for word in MONEY)
        if is_product and is_money and "/" not in code and "*1000" not in code:
            return True
    return False


@finds("style", "stripe-button-own")
def style(text: str) -> Iterator[Hit]:
    for number, line in enumerate(text.split("\n"), 1):
        if "stripe-button-el" in line:
            yield Hit(number, "stripe-button-own")
