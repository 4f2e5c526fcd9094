"""Stripe's way of writing nested parameters in a form: `line_items[0][price_data][unit_amount]=500`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl

from stripe_sandbox import masking
from stripe_sandbox.errors import ApiError

_MOST_FIELDS = 5000
_DEEPEST = 12


def decode(text: str | bytes) -> dict[str, Any]:
    """Return the nested parameters of a form; an array is a dict with "0", "1", … as its keys.

    Raises `ApiError` for what cannot be read: bytes that are not UTF-8, `a=1` beside `a[b]=2`.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise ApiError("Invalid UTF-8 in your request: please check its encoding.") from error
    except ValueError as error:
        raise ApiError("Your request has too many parameters.") from error
    params: dict[str, Any] = {}
    for key, value in pairs:
        _put(params, key, value)
    return params


def _put(params: dict[str, Any], key: str, value: str) -> None:
    segments = _segments(key)
    if len(segments) > _DEEPEST:
        raise ApiError(f"Your request is nested too deeply at: {masking.text(key)[:200]}")
    node = params
    for here, following in pairwise(segments):
        node = node.setdefault(_index(node, here, following), {})
        if not isinstance(node, dict):
            raise ApiError("Invalid object", param=segments[0])
    last = _index(node, segments[-1], None)
    if isinstance(node.get(last), dict):
        raise ApiError("Invalid object", param=segments[0])
    node[last] = value


def _segments(key: str) -> list[str]:
    """Return the parts of `a[b][c]`; a name whose brackets do not match is one part."""
    head, _bracket, rest = key.partition("[")
    segments = [head, *rest[:-1].split("][")] if rest.endswith("]") else [key]
    return segments if head and not any(sign in segment for segment in segments for sign in "[]") else [key]


def _index(node: dict[str, Any], segment: str, following: str | None) -> str:
    """Return the key of `segment`; for `[]`, the next free place, or the last one while it lacks `following`."""
    if segment:
        return segment
    last = str(len(node) - 1)
    if following and isinstance(node.get(last), dict) and following not in node[last]:
        return last
    return str(len(node))


def encode(params: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return nested parameters as form pairs: what `decode` reads back."""
    pairs: list[tuple[str, str]] = []
    for key, value in params.items():
        name = f"{prefix}[{key}]" if prefix else key
        if isinstance(value, dict):
            pairs += encode(value, name)
        elif isinstance(value, list):
            pairs += encode({str(i): item for i, item in enumerate(value)}, name)
        else:
            pairs.append((name, value if isinstance(value, str) else str(value)))
    return pairs
