"""Which addresses webhooks may be posted to: a sandbox that others can reach is no way into a private network."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import unicodedata
from urllib.parse import urlsplit

from stripe_sandbox import conf, errors

from .deadline import Deadline

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 addresses that hold the IPv4 address behind: of gateways, and in two older ways of writing it.
# https://www.rfc-editor.org/rfc/rfc6052#section-2.1 https://www.rfc-editor.org/rfc/rfc7915 (::ffff:0:0:0/96)
_HOLDING_IPV4 = [ipaddress.ip_network(network) for network in ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")]
# Private without being called so: the gateways of one network, and a cloud's service to the machines in it.
# https://www.rfc-editor.org/rfc/rfc8215 https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
_LOCAL = [ipaddress.ip_network(network) for network in ("64:ff9b:1::/48", "fec0::/10", "168.63.129.16")]


def refuse_private(url: str) -> None:
    """Raise `ApiError` for a private IP address; a name is looked up when something is posted."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return  # not an address at all, which its delivery says
    address = _literal(host)
    if address and not is_allowed(host, address):
        raise errors.private_address(host)


def connect(host: str, port: int, timeout: float, *, anywhere: bool = False) -> socket.socket:
    """Connect to an allowed address of a host. It is looked up once: what is connected to is what was checked.

    Raises `ApiError` where no address is allowed, and OSError where none answers. `anywhere`: allow all. Seconds.
    """
    failed, deadline = None, Deadline(timeout)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys(str(place[0]) for *_, place in found)
    allowed = [address for address in addresses if anywhere or is_allowed(host, ipaddress.ip_address(address))]
    if not allowed:
        raise errors.private_address(host)
    for address in allowed:
        try:
            return socket.create_connection((address, port), deadline.left())
        except OSError as error:
            failed = error
    raise failed or OSError(f"{host} has no address")


def is_allowed(host: str, address: Address) -> bool:
    """Return whether webhooks may go to this address of a host: a public one, or one that the settings allow."""
    address = _behind(address)
    return not _is_private(address) or any(_is_named(entry, host, address) for entry in conf.get("WEBHOOK_ALLOW"))


def _is_named(entry: str, host: str, address: Address) -> bool:
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return entry.lower() in ("*", host.lower())


def _is_private(address: Address) -> bool:
    # https://www.iana.org/assignments/iana-ipv4-special-registry/ and its sister for IPv6
    return not address.is_global or address.is_multicast or any(address in network for network in _LOCAL)


def _behind(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address embeds, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if any(address in network for network in _HOLDING_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _literal(host: str) -> Address | None:
    """Return the address that a host is without being looked up; `2130706433` and `0x7f.1` are 127.0.0.1."""
    host = unicodedata.normalize("NFKC", host[:300]).lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host)
    with contextlib.suppress(OSError, UnicodeError):
        return ipaddress.IPv4Address(socket.inet_aton(host))
    return None
