"""Who is asking: the browser that a payment belongs to, and the network that a request comes from."""

from __future__ import annotations

import uuid
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

COOKIE = "visitor"
MAX_AGE = 365 * 24 * 60 * 60  # seconds


def visitor_id(request: HttpRequest) -> uuid.UUID | None:
    """Return who this browser is, or None before it has seen an order form."""
    value = request.get_signed_cookie(COOKIE, default=None)
    return uuid.UUID(value) if value else None


def ensure_visitor_id(request: HttpRequest) -> uuid.UUID:
    """Return who this browser is, remembered from now on."""
    known = visitor_id(request) or getattr(request, "new_visitor", None)
    if known is None:
        known = request.new_visitor = uuid.uuid4()  # type: ignore[attr-defined]  # read by the middleware
    return known


def forwarded_address(request: HttpRequest) -> str:
    """Return the IP address of the visitor, without a port; empty when what is given is not an address.

    Each of our own proxies adds the address that connected to it at the right of X-Forwarded-For, and a visitor can
    write any entries before those. With fewer entries than proxies, the address of the connection counts: a visitor
    cannot forge it.
    """
    entries = [entry for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
    proxies = settings.TRUSTED_PROXIES
    found = entries[-proxies] if 0 < proxies <= len(entries) else request.META.get("REMOTE_ADDR", "")
    return str(_parsed(found) or "")


def network_of(request: HttpRequest) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 of an IPv6 one.

    One device changes its own address within a /64: https://www.rfc-editor.org/rfc/rfc8981. Everything that is not an
    address counts as one.
    """
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), 64), strict=False))
    return str(address or "unknown")


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Read `1.2.3.4`, `1.2.3.4:5678`, `::1` or `[::1]:80`; an IPv4 address written as IPv6 is an IPv4 address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
