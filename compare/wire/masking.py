"""What must never be stored: secrets, signatures, card data, addresses and names. A mask replaces it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, pairwise

HIDDEN = "•••"

# Names under which Stripe's objects and parameters keep such things, at any depth.
_PRIVATE_NAME = re.compile(
    r"(?:.+_)?(?:email|email_address|mail|name|phone|phone_number|address|ip|secret|signature|password|number)"
    r"|address_\w+|cvc|cvv|exp|exp_month|exp_year|(?:dynamic_)?last4|fingerprint|iin|issuer|postal_code|zip"
    r"|shipping|shipping_details|owner|evidence|tax_ids|custom_fields|user_agent|receipt_url|hosted_voucher_url|payment_code"
    r"|authorization|authorization_code|network_transaction_id",
    re.ASCII | re.IGNORECASE,
)
# What is sold has a name too, and that one is public.
_OF_A_PRODUCT = {"product_data", "product"}

# The same things inside of any other text. A key, a token and a link keep their prefix.
_PRIVATE_TEXT = re.compile(
    r"""
      (?P<key>\b(?:[srp]k)_(?:test|live)_|\bwhsec_|\bBearer\ |\bBasic\ )[^\s"'&]+
    | (?P<secret>\b\w+_secret_)\w+
    | (?P<signature>\bv\d=)[0-9a-f]{32,}
    | (?P<token>\btok_)[\w-]*(?P<end>\w{4})\b
    | (?P<link>\bhttps?://[^\s\#"']+\#)\S+
    | (?P<card>(?<![\w-])(?:\d{13,19}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5})(?![\w-]))
    | (?P<email>(?<![^\s@"'<>(),;:=&/?])[^\s@"'<>(),;:=&/?]+(?:@|%40)[^\s@"'<>(),;:=&/?]+)
    """,
    re.VERBOSE,
)

# Most texts hold none of the signs of what is private, which two patterns detect quickly: `re` looks only where one
# of their first characters is.
_SIGN = re.compile(r"@|%40|_secret_|k_test_|k_live_|whsec_|tok_|#|v\d=|Bearer |Basic ")
_DIGITS = re.compile(r"\d\d{3}(?:\d{9}|[ -]\d{4}[ -]\d{4}[ -]\d|[ -]\d{6}[ -]\d{4})")

# What our forms and addresses may carry in the clear. Of anything else only the name is kept.
_OPEN_FIELDS = {
    "product",
    "quantity",
    "session_id",
    "sessionId",
    "payment",
    "stripeToken",
    "stripeTokenType",
}
# Characters of a text, of a name and of a secret.
LONGEST_TEXT = 2_000
LONGEST_NAME = 200
LONGEST_SECRET = 300
DEEPEST = 40  # levels of a JSON value; Stripe's objects have about ten

_FIELDS_KEPT = 30
_NAME_KEPT = 40
_VALUE_KEPT = 200

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def text(value: str) -> str:
    """Return a text without what must not be stored, and without what PostgreSQL cannot: NUL, half a surrogate pair.

    It is cut before any pattern sees it, so that no text of a visitor's can cost more than its first part does.
    """
    cut = value[:LONGEST_TEXT].replace("\x00", "")
    cut = cut if cut.isascii() else cut.encode(errors="replace").decode()
    masked = _PRIVATE_TEXT.sub(_mask, cut) if _SIGN.search(cut) or _DIGITS.search(cut) else cut
    # The cut may go through a secret, of which a pattern then saw too little: its part goes too.
    return masked if len(value) <= LONGEST_TEXT else f"{masked[:-LONGEST_SECRET]}…"


def _mask(found: re.Match[str]) -> str:
    parts = found.groupdict()
    prefix = next((parts[kind] for kind in ("key", "secret", "signature", "token", "link") if parts[kind]), "")
    return f"{prefix}{HIDDEN}{parts['end'] or ''}"


def tree(value: Json, parent: str = "", depth: int = 0) -> Json:
    """Return a JSON value in which everything private, by its name or by its look, is masked."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float) and not math.isfinite(value):  # Python reads and writes it, and JSON has none
        return str(value)
    if depth == DEEPEST:
        return "…"
    if isinstance(value, list):
        return [tree(item, parent, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    inside = parent if value.get("object") != "product" else "product"
    masked: dict[str, Json] = {}
    for name, content in value.items():
        stored, is_private = _rule(name[:LONGEST_NAME], inside)
        if is_private and content not in (None, "", [], {}):
            masked[stored] = HIDDEN
        elif content is None or isinstance(content, int):
            masked[stored] = content
        else:
            masked[stored] = tree(content, name[:LONGEST_NAME], depth + 1)
    return masked


def parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Mask parameters that are named as Stripe does it: `line_items[0][price_data][currency]`."""
    masked = {}
    for name, value in ((name[:LONGEST_NAME], value) for name, value in pairs):
        path = re.findall(r"[^\[\]]+", name)
        private = any(_is_private(part, parent) for parent, part in pairwise(["", *path]))
        masked[text(name)] = HIDDEN if private and value else tree(value)
    return masked


def form(pairs: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Mask what a visitor sent: only fields known to be harmless are kept, of the others their names."""
    return {
        text(name[:LONGEST_NAME])[:_NAME_KEPT]: text(value)[:_VALUE_KEPT] if name in _OPEN_FIELDS else HIDDEN
        for name, value in islice(pairs, _FIELDS_KEPT)
    }


@lru_cache(maxsize=2000)
def _rule(name: str, parent: str) -> tuple[str, bool]:
    """Return under which name a field is stored, and whether its value is private."""
    return text(name), _is_private(name, parent)


def _is_private(name: str, parent: str) -> bool:
    return bool(_PRIVATE_NAME.fullmatch(name)) and not (name == "name" and parent in _OF_A_PRODUCT)
