"""Scripts: Stripe.js in its versions, the dialog of checkout.js, and what they send to the server."""

from __future__ import annotations

from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.javascript import Script
from stripe_scan.rules import finds
from stripe_scan.rules.keys import SECRET, keys_in, masked
from stripe_scan.rules.money import SHARES
from stripe_scan.rules.requests import plain

MONEY = ("amount", "price", "total", "cost", "cent", "fee", "donat", "pay", "charge", "stripe", "sum", "value", "amt")
OPTIONS = {"bitcoin", "alipay", "alipayReusable"}


@finds(
    "script",
    "stripejs-v2",
    "stripejs-v2-createtoken",
    "stripejs-createtoken",
    "stripecheckout-configure",
    "redirect-to-checkout",
    "redirect-client-only",
    "other-language",
    "source-create",
    "display-items",
    "session-by-get",
)
def calls(script: Script) -> Iterator[Hit]:
    for place, token in enumerate(script.tokens):
        name, before = token.text, script.at(place - 1)
        rule = ""
        is_global = before == "." and script.at(place - 2) in ("window", "self", "globalThis")
        if before != "." or (is_global and name == "StripeCheckout"):
            is_opened = script.at(place + 2) in ("configure", "open") or before == "<"  # the tag is React's
            if name == "StripeCheckout" and is_opened:
                rule = "stripecheckout-configure"
            elif name == "createToken" and script.at(place + 1) == "(" and "stripe-elements" in script.around:
                rule = "stripejs-createtoken"  # imported from a wrapper of Elements
            elif name == "fetch" and is_session_by_get(script, place):
                rule = "session-by-get"
        elif name == "setPublishableKey":
            rule = "stripejs-v2"
        elif name == "createToken" and script.at(place + 1) == "(":
            is_old = is_version_2(script, place) or has_callback(script, place + 1)
            rule = "stripejs-v2-createtoken" if is_old else "stripejs-createtoken"
        elif name == "publishableKey" and script.at(place - 2).lower() == "stripe" and script.at(place + 1) == "=":
            rule = "stripejs-v2"
        elif name == "redirectToCheckout":
            keys = {one.text for one in script.arguments(place + 1)}
            rule = "redirect-client-only" if keys & {"items", "lineItems"} else "redirect-to-checkout"
        elif name == "create" and script.at(place - 2) in ("charges", "sources") and script.at(place - 3) == ".":
            rule = "other-language" if script.at(place - 2) == "charges" else "source-create"
        elif name == "display_items":
            rule = "display-items"
        if rule:
            yield Hit(token.line, rule, script.confidence)


def is_version_2(script: Script, place: int) -> bool:
    """Return whether it is `Stripe.createToken` or `Stripe.card.createToken`: v3 has an object of one's own."""
    owner = script.at(place - 2)
    return owner == "Stripe" or (owner in ("card", "bankAccount", "piiData") and script.at(place - 4) == "Stripe")


def has_callback(script: Script, bracket: int) -> bool:
    """Return whether a function is called with the token, as in v1 and v2: since v3 a promise is returned."""
    depth = 0
    for place in range(bracket, min(bracket + 200, len(script.tokens))):
        sign = script.at(place)
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if depth == 0:
            return False
        if depth == 1 and sign == ",":
            return script.at(place + 1) == "function" or script.follows(place + 1, "(", "status")
    return False


def is_session_by_get(script: Script, place: int) -> bool:
    arguments = script.arguments(place + 1)
    is_address = bool(arguments) and arguments[0].is_text and "session" in arguments[0].text
    return is_address and "checkout" in arguments[0].text and len(arguments) == 1 and "create" in arguments[0].text


@finds("script", "checkout-js", "stripejs-v2", "token-field", "stripe-button-own", "hardcoded-key")
def texts(script: Script) -> Iterator[Hit]:
    for place, token in enumerate(script.tokens):
        if token.is_text:
            text = token.value
            if "checkout.stripe.com" in text and "checkout.stripe.com/pay" not in text:
                yield Hit(token.line, "checkout-js", script.confidence)
            if "js.stripe.com/v1" in text or "js.stripe.com/v2" in text:
                yield Hit(token.line, "stripejs-v2", script.confidence)
            if "stripetoken" in plain(text[:500]) and "stripetokenhandler" not in plain(text[:500]):
                yield Hit(token.line, "token-field", script.confidence)
            if "stripe-button-el" in text:
                yield Hit(token.line, "stripe-button-own", script.confidence)
            for _start, key in keys_in(text, SECRET):
                yield Hit(token.line, "hardcoded-key", detail=masked(key))
        elif plain(token.text) == "stripetoken":
            is_key = script.at(place + 1) == ":" and script.at(place - 1) in ("{", ",")
            is_field = script.at(place - 1) == "." and script.at(place + 1) in ("=", ".")
            if is_key or is_field:
                yield Hit(token.line, "token-field", script.confidence)


@finds("script", "bitcoin-option")
def options(script: Script) -> Iterator[Hit]:
    if "stripecheckout" not in script.around:
        return
    for place, token in enumerate(script.tokens):
        name = token.value if token.is_text else token.text
        is_set = script.at(place + 1) in (":", "=") or script.follows(place + 1, "]", "=")
        if name in OPTIONS and is_set:
            yield Hit(token.line, "bitcoin-option", script.confidence)


@finds("script", "amount-x100-js")
def times_a_hundred(script: Script) -> Iterator[Hit]:
    for place, token in enumerate(script.tokens):
        if token.text != "*":
            continue
        after = place + 2 if script.at(place + 1) == "=" else place + 1  # amount *= 100
        is_hundred = script.at(after) in ("100", "100.0") or script.at(place - 1) in ("100", "100.0")
        if is_hundred and is_money(script, place):
            confidence = "low" if script.is_dead else "medium"
            yield Hit(token.line, "amount-x100-js", confidence)


def is_money(script: Script, place: int) -> bool:
    """Return whether the line multiplies money: no percentage, no rounding."""
    line = script.tokens[place].line
    start = place
    while start > 0 and script.tokens[start - 1].line == line and place - start < 60:
        start -= 1
    end = place
    while end + 1 < len(script.tokens) and script.tokens[end + 1].line == line and end - place < 60:
        end += 1
    words = [token.text for token in script.tokens[start : end + 1]]
    text = " ".join(words).lower()
    if "/" in words or "%" in words or any(share in text for share in SHARES if share != "rate"):
        return False
    return any(sign in text for sign in MONEY)
