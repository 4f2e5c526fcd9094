"""The fields that we read of Stripe's objects, and their types: checked once, before any other code reads them.

Stripe keeps to them: https://docs.stripe.com/api. A server in its place (STRIPE_API_BASE) and an event in an odd
shape need not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

DEEPEST = 50  # levels of a JSON value; Stripe's objects have about ten

Predicate = Callable[[object], bool]
Kind = Predicate | dict[str, "Kind"] | list["Kind"] | tuple["Kind", ...] | None
Fields = dict[str, Kind]


class OddShape(ValueError):
    """What Stripe sent is not what we read. The text names the field, and never its value."""


def parsed(text: str | bytes) -> Any:
    """Return a JSON value. Raises OddShape for what is no JSON, or is nested too deep."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise OddShape("no JSON, or JSON that is nested too deep") from None
    openings = map(text.count, (b"{", b"[")) if isinstance(text, bytes) else map(text.count, ("{", "["))
    if sum(openings) <= DEEPEST:
        return value
    level = [value]
    for _depth in range(DEEPEST):
        inside = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [item for items in inside for item in items]
    if level:
        raise OddShape("JSON that is nested too deep")
    return value


def check(value: Any, kind: Kind, place: str = "response") -> None:
    """Raise OddShape unless a value is of this kind: a predicate, fields by name, items, None, or a tuple of kinds.

    A missing field becomes null: a server in Stripe's place may leave out what it has no value for.
    """
    for each in kind if isinstance(kind, tuple) else [kind]:
        if isinstance(each, dict) and isinstance(value, dict):
            for name, inner in each.items():
                check(value.setdefault(name, None), inner, f"{place}.{name}")
            return
        if isinstance(each, list) and isinstance(value, list):
            for number, item in enumerate(value):
                check(item, each[0], f"{place}[{number}]")
            return
        if (callable(each) and each(value)) or (each is None and value is None):
            return
    raise OddShape(f"{place} is missing, or not of the type that it has at Stripe")


def only(value: Any, kind: Kind) -> Any:
    """Return of a value that was checked the fields that its kind names; all of one whose kind names none."""
    for each in kind if isinstance(kind, tuple) else [kind]:
        if each and isinstance(each, dict) and isinstance(value, dict):
            return {name: only(value[name], inner) for name, inner in each.items()}
        if isinstance(each, list) and isinstance(value, list):
            return [only(item, each[0]) for item in value]
    return value


def text(longest: int = 255) -> Predicate:
    """Return the kind of a short text: it fits into a column of this length, and into a line of the log."""
    return lambda value: isinstance(value, str) and len(value) <= longest and value.isprintable()


def prose(value: object) -> bool:
    """Return whether a value is a text that a database can hold: without NUL, and without half a surrogate pair."""
    return isinstance(value, str) and "\x00" not in value and _is_utf8(value)


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def identifier(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()


def flag(value: object) -> bool:
    return isinstance(value, bool)


def amount(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


def moment(value: object) -> bool:
    """Return whether a value is a time, in seconds since 1970 and before 2106: no database holds any number."""
    return type(value) is int and 0 <= value < 2**32


def is_list(value: object) -> bool:
    return value == "list"


def link(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) <= 5000 and urlsplit(value).scheme in ("https", "http")
    except ValueError:
        return False


def metadata(value: object) -> bool:
    return isinstance(value, dict) and all(map(prose, value.values()))


_CODE: Kind = (text(100), None)
_ID: Kind = (identifier, None)
_PROSE: Kind = (prose, None)
_METADATA: Kind = (metadata, None)
_ERROR: Fields = {"code": _CODE, "decline_code": _CODE}

ERROR: Fields = {"error": _ERROR | {"type": _CODE, "param": _PROSE, "message": _PROSE}}

REFUND: Fields = {
    "id": identifier,
    "object": (text(), None),
    "charge": _ID,
    "payment_intent": _ID,
    "amount": amount,
    "status": (text(20), None),
    "failure_reason": _CODE,
    "metadata": _METADATA,
}
CHARGE: Fields = {
    "id": identifier,
    "object": (text(), None),
    "paid": flag,
    "status": (text(), None),
    "amount_captured": amount,
    "amount_refunded": amount,
    "currency": text(3),
    "livemode": (flag, None),
    "disputed": (flag, None),
    "payment_intent": (identifier, {"id": identifier}, None),
    "receipt_email": _PROSE,
    "failure_code": _CODE,
    "outcome": ({"reason": _CODE}, None),
    "payment_method_details": (
        {"type": (text(30), None), "card": ({"brand": (text(30), None), "last4": (text(4), None)}, None)},
        None,
    ),
    "refunds": ({"object": is_list, "data": [REFUND], "has_more": (flag, None)}, None),
    "metadata": _METADATA,
}
_STORE: Kind = ({"payment_code": text(50), "confirmation_number": (text(50), None)}, None)
VOUCHER: Fields = {
    "expires_at": moment,
    "hosted_voucher_url": (link, None),
    "stores": dict.fromkeys(("familymart", "lawson", "ministop", "seicomart"), _STORE),
}
PAYMENT_INTENT: Fields = {
    "id": identifier,
    "status": (text(), None),
    "last_payment_error": (_ERROR, None),
    "latest_charge": (identifier, CHARGE, None),
    "next_action": ({"konbini_display_details": (VOUCHER, None)}, None),
    "metadata": _METADATA,
}
SESSION: Fields = {
    "id": identifier,
    "object": (text(), None),
    "status": (text(), None),
    "payment_status": text(),
    "url": (link, None),
    "amount_total": (amount, None),
    "currency": (text(3), None),
    "livemode": (flag, None),
    "payment_intent": (identifier, PAYMENT_INTENT, None),
    "customer_details": ({"email": _PROSE}, None),
    "client_reference_id": (text(), None),
    "metadata": _METADATA,
}
DISPUTE: Fields = {
    "id": identifier,
    "status": text(),
    "reason": (text(), None),
    "charge": _ID,
    "payment_intent": _ID,
    "created": amount,
    "metadata": _METADATA,
}

EVENT: Fields = {
    "id": identifier,
    "type": text(100),
    "api_version": (text(), None),
    "livemode": flag,
    "account": _ID,
    "data": {"object": {}},
}
# By the part of an event's type before its last dot.
OBJECTS: dict[str, Fields] = {
    "charge": CHARGE | {"amount_refunded": (amount, None)},  # for which Stripe is always asked
    "charge.dispute": DISPUTE,
    "checkout.session": SESSION,
    "payment_intent": PAYMENT_INTENT,
    "refund": REFUND,
}
# What is read of an event's object in another version of the API, before Stripe is asked for it in ours.
IN_ANY_VERSION: Fields = {
    "id": identifier,
    "object": (text(), None),
    "charge": _ID,
    "last_payment_error": (_ERROR, None),
    "latest_charge": (identifier, {}, None),
}

_RESOURCES: dict[str, Fields] = {
    "charges": CHARGE,
    "checkout/sessions": SESSION,
    "disputes": DISPUTE,
    "refunds": REFUND,
}


def of_answer(method: str, url: str) -> Kind:
    """Return what a call is answered with: an object, or a list of them."""
    path = urlsplit(url).path.partition("/v1/")[2]
    if path in _RESOURCES:
        one = _RESOURCES[path]
        return {"object": is_list, "data": [one], "has_more": (flag, None)} if method.lower() == "get" else one
    return _RESOURCES.get(path.rpartition("/")[0], {})
