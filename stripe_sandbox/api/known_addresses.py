"""Every address that Stripe's API has, in and out of the sandbox's part: `data/addresses.txt`, with its sources."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "addresses.txt"
_ID = ":id"
_Address = tuple[str, ...]


def has(method: str, path: str) -> bool:
    """Return whether Stripe has an address; a path is `/v1/charges/ch_1/capture`, with ids and without a query."""
    parts = tuple(path.split("/"))
    return any(_matches(address, parts) for address in _table().get((method, len(parts)), ()))


def has_named(method: str, path: str) -> bool:
    """Return whether a path is an address of Stripe's word for word, with no id in it: `/v1/charges/search`."""
    return (method, path) in _named()


def _matches(address: _Address, parts: _Address) -> bool:
    return all(own in (_ID, given) for own, given in zip(address, parts, strict=True))


@cache
def _table() -> dict[tuple[str, int], list[_Address]]:
    """Return the addresses as their parts, by method and number of parts."""
    table: dict[tuple[str, int], list[_Address]] = {}
    for method, path in addresses():
        parts = tuple(path.split("/"))
        table.setdefault((method, len(parts)), []).append(parts)
    return table


@cache
def _named() -> frozenset[tuple[str, str]]:
    return frozenset(address for address in addresses() if _ID not in address[1])


@cache
def addresses() -> tuple[tuple[str, str], ...]:
    """Return each address as its method and its path, where `:id` is an id."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    found = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return tuple((method, path) for method, _space, path in found)
