"""Shapes of parameters that several addresses share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stripe_sandbox import errors, masking

from .schema import Array, Boolean, Currency, Email, Hash, Integer, Param, Text, clean

REQUIRED_TEXT = Text(required=True)
TEXT = Text()
CLEARABLE = Text(unset=True)
EXPAND = Array(item=TEXT)
BOOLEAN = Boolean()
EMAIL = Email()
AMOUNT = Integer(least=1)
CAPTURE_METHOD = Text(choices=("automatic", "automatic_async", "manual"), unsupported=("manual",))
CURRENCY = Currency(required=True)

_MOST_KEYS = 50
_LONGEST_KEY = 40
_LONGEST_VALUE = 500


@dataclass(frozen=True, kw_only=True)
class Metadata(Param):
    """Up to 50 keys of 40 characters with texts of 500: https://docs.stripe.com/api/metadata. '' removes a key."""

    unset: bool = True

    def parse(self, value: Any, path: str) -> dict[str, str]:
        if not isinstance(value, dict):
            raise errors.invalid("object", path)
        if len(value) > _MOST_KEYS:
            raise errors.ApiError(f"Metadata can have up to {_MOST_KEYS} keys.", param=path)
        for key, text in value.items():
            if len(key) > _LONGEST_KEY:
                raise errors.ApiError(
                    f"Metadata keys can have up to {_LONGEST_KEY} characters, but you passed in a key that is "
                    f"{len(key)} characters. Invalid key: {masking.text(key)[:80]}",
                    param=path,
                )
            if not isinstance(text, str):
                raise errors.invalid("string", f"{path}[{key}]")
            if len(text) > _LONGEST_VALUE:
                raise errors.ApiError(
                    f"Metadata values can have up to {_LONGEST_VALUE} characters, but you passed in a value that is "
                    f"{len(text)} characters. Invalid value: {masking.text(text)[:80]}",
                    param=f"{path}[{key}]",
                )
        return value


METADATA = Metadata()


def merged(old: dict[str, str], change: dict[str, str] | None) -> dict[str, str]:
    """Return metadata after a change: an empty text removes its key, None removes all."""
    if change is None:
        return {}
    result = {key: value for key, value in (old | change).items() if value != ""}
    if len(result) > _MOST_KEYS:
        raise errors.ApiError(f"Metadata can have up to {_MOST_KEYS} keys.", param="metadata")
    return result


@dataclass(frozen=True, kw_only=True)
class Range(Param):
    """A time, or bounds for one: `created=…` or `created[gte]=…`. Seconds."""

    def parse(self, value: Any, path: str) -> dict[str, int]:
        if isinstance(value, dict):
            return clean(dict.fromkeys(("gt", "gte", "lt", "lte"), Integer()), value, path)
        return {"exact": Integer().clean(value, path)}


@dataclass(frozen=True, kw_only=True)
class PageSize(Integer):
    """How many objects a list shows at most: 1 to 100. 0 and what is beyond 100 count as the nearest, as recorded."""

    least: int | None = 0

    def parse(self, value: Any, path: str) -> int:
        return min(max(super().parse(value, path), 1), 100)


LIST = {
    "limit": PageSize(),
    "starting_after": TEXT,
    "ending_before": TEXT,
    "expand": EXPAND,
}
CREATED = {"created": Range()}
ONE = {"expand": EXPAND}

_ADDRESS_FIELDS = ("city", "country", "line1", "line2", "postal_code", "state")
ADDRESS = Hash(fields=dict.fromkeys(_ADDRESS_FIELDS, CLEARABLE))
SHIPPING = Hash(
    fields={
        "address": Hash(fields=ADDRESS.fields, required=True),
        "name": REQUIRED_TEXT,
        "carrier": CLEARABLE,
        "phone": CLEARABLE,
        "tracking_number": CLEARABLE,
    },
    unset=True,
)


def address(given: Mapping[str, str | None] | None) -> dict[str, str | None]:
    """Return an address with all its fields."""
    return {name: (given or {}).get(name) for name in _ADDRESS_FIELDS}


def shipping(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a shipping address with all its fields."""
    if not given:
        return None
    return {
        "address": address(given["address"]),
        "carrier": given.get("carrier"),
        "name": given["name"],
        "phone": given.get("phone"),
        "tracking_number": given.get("tracking_number"),
    }
