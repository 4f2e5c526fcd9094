"""What a parameter may be: each type cleans a form's text into a value, or refuses it as Stripe does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from stripe_sandbox import errors, masking, money

_MOST_DIGITS = 18  # which fit into 64 bits
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Param:
    """Any parameter. `unset`: an empty text is allowed, and means None."""

    required: bool = False
    unset: bool = False

    def clean(self, value: Any, path: str) -> Any:
        if value == "":
            if self.unset:
                return None
            raise errors.empty(path)
        return self.parse(value, path)

    def parse(self, value: Any, path: str) -> Any:
        raise NotImplementedError


def _scalar(value: Any, path: str, name: str) -> str:
    if isinstance(value, str):
        return value
    raise errors.invalid(f"{name}: {quoted(value, path)}", path)


def quoted(value: Any, path: str) -> str:
    """Return a value as a refusal quotes it: a text as it is, a hash as Ruby writes it, and nothing of a card."""
    if masking.is_below_secret(path):
        return masking.MASK
    return value if isinstance(value, str) else _ruby(masking.params(value))


def _ruby(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}"=>{_ruby(v)}' for k, v in value.items()) + "}"
    return f'"{value}"'


@dataclass(frozen=True, kw_only=True)
class Text(Param):
    most: int = 5000
    choices: tuple[str, ...] = ()
    # Those of the choices that the sandbox does not support.
    unsupported: tuple[str, ...] = ()

    def parse(self, value: Any, path: str) -> str:
        text = _scalar(value, path, "string")
        if text in self.unsupported:
            raise errors.unsupported(f"`{text}` as `{path}`", path)
        if "\x00" in text:
            raise errors.invalid("string: contains a null byte", path)
        if len(text) > self.most:
            ends = quoted(f"{text[:4]}...{text[-4:]}", path)
            message = f"string: {ends}; must be at most {self.most} characters"
            raise errors.invalid(message, path)
        if self.choices and text not in self.choices:
            *init, last = self.choices
            allowed = f"one of {', '.join(init)}, or {last}" if len(init) > 1 else " or ".join(self.choices)
            raise errors.invalid(f"{path}: must be {allowed}", path)
        return text


@dataclass(frozen=True, kw_only=True)
class Url(Text):
    def parse(self, value: Any, path: str) -> str:
        text = super().parse(value, path)
        if not _is_url(text):
            raise errors.ApiError("Not a valid URL", code="url_invalid", param=path)
        return text


def _is_url(text: str) -> bool:
    """Return whether a text is an address with a host that there can be: no bracket alone, no port beyond 65535."""
    if not text.startswith(("http://", "https://")) or any(c.isspace() or c < " " or c == "\x7f" for c in text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.netloc) and parts.port != 0
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    most: int = 512

    def parse(self, value: Any, path: str) -> str:
        text = super().parse(value, path)
        if not re.match(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z", text):
            raise errors.ApiError(f"Invalid email address: {quoted(text, path)}", code="email_invalid", param=path)
        return text


@dataclass(frozen=True, kw_only=True)
class Integer(Param):
    least: int | None = None
    most: int | None = None

    def parse(self, value: Any, path: str) -> int:
        text = _scalar(value, path, "integer")
        digits = text.removeprefix("-")
        if not digits.isdecimal() or len(digits) > _MOST_DIGITS:
            raise errors.invalid(f"integer: {quoted(text, path)}", path, code="parameter_invalid_integer")
        number = int(text)
        if self.least is not None and number < self.least:
            raise self._out_of_range(f"greater than or equal to {self.least}", path)
        if self.most is not None and number > self.most:
            raise self._out_of_range(f"less than or equal to {self.most}", path)
        return number

    def _out_of_range(self, bound: str, path: str) -> errors.ApiError:
        return errors.ApiError(f"This value must be {bound}.", code="parameter_invalid_integer", param=path)


@dataclass(frozen=True, kw_only=True)
class DecimalText(Param):
    """A decimal number, kept as the text it came in."""

    def parse(self, value: Any, path: str) -> str:
        text = _scalar(value, path, "decimal")
        try:
            finite = Decimal(text).is_finite()
        except InvalidOperation:
            finite = False
        if not finite or len(text) > 30:
            raise errors.invalid(f"decimal: {quoted(text, path)}", path)
        return text


@dataclass(frozen=True, kw_only=True)
class Boolean(Param):
    def parse(self, value: Any, path: str) -> bool:
        text = _scalar(value, path, "boolean")
        if text not in _BOOLEANS:
            raise errors.invalid(f"boolean: {quoted(text, path)}", path)
        return _BOOLEANS[text]


@dataclass(frozen=True, kw_only=True)
class Currency(Param):
    def parse(self, value: Any, path: str) -> str:
        currency = _scalar(value, path, "string").lower()
        if currency not in money.CURRENCIES:
            supported = ", ".join(sorted(money.CURRENCIES, key=lambda code: (code != "usd", code)))
            message = f"currency: {quoted(currency, path)}. Stripe currently supports these currencies: {supported}"
            raise errors.invalid(message, path)
        return currency


@dataclass(frozen=True, kw_only=True)
class Hash(Param):
    fields: Mapping[str, Param] = field(default_factory=dict)

    def parse(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise errors.invalid("object", path)
        return clean(self.fields, value, path)


@dataclass(frozen=True, kw_only=True)
class Array(Param):
    item: Param
    most: int = 100

    def parse(self, value: Any, path: str) -> list[Any]:
        if not isinstance(value, dict) or not all(key.isdecimal() and len(key) < 6 for key in value):
            raise errors.invalid("array", path)
        if len(value) > self.most:
            message = f"Array {path} contains too many elements: at most {self.most} are allowed."
            raise errors.ApiError(message, param=path)
        return [self.item.clean(value[key], f"{path}[{key}]") for key in sorted(value, key=int)]


def clean(fields: Mapping[str, Param], values: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Return the cleaned values of a table of parameters.

    Raises `ApiError` with the first thing that is wrong: what is unknown first, then what is missing or malformed.
    """
    name = f"{path}[{{}}]".format if path else str
    if strangers := [name(key) for key in values if key not in fields]:
        raise errors.unknown(strangers)
    cleaned = {}
    for key, param in fields.items():
        if key in values:
            cleaned[key] = param.clean(values[key], name(key))
        elif param.required:
            raise errors.missing(name(key))
    return cleaned
