"""The POST to an endpoint: signed anew for each attempt, no redirect followed, no patience beyond the limit."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from urllib.parse import urlsplit

from stripe_sandbox import accounts, assumptions, conf
from stripe_sandbox.api import origin
from stripe_sandbox.errors import ApiError

from . import destinations, endpoints, signing
from .attempt import ClaimedDelivery, Reply
from .deadline import Deadline, LimitedSocket

_LONGEST_ANSWER = 2000


def sealed(claimed: ClaimedDelivery, timestamp: int) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a delivery as they are posted; `timestamp` in seconds since 1970."""
    body = json.dumps(claimed.event.body, indent=2, ensure_ascii=False).encode()
    headers = {
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signing.header(body, endpoints.secrets(claimed.endpoint), timestamp),
        "User-Agent": assumptions.WEBHOOK_USER_AGENT,
    }
    if claimed.delivery.fault == "tamper":
        body = body.replace(b'"livemode": false', b'"livemode": true')
    return body, headers


def send(claimed: ClaimedDelivery, url: str) -> Reply:
    """Post a delivery and return the answer; whatever goes wrong on the way is a `Reply` too."""
    if claimed.delivery.fault == "lose":
        return Reply(200, "Lost on its way, as ordered: Stripe counts it as delivered.", 0)
    body, headers = sealed(claimed, int(time.time()))
    ours = claimed.endpoint.sid == endpoints.CONFIGURED and endpoints.is_from_settings(accounts.current())
    own = ours and conf.get("WEBHOOK_URL").startswith("/")
    started = time.perf_counter()
    try:
        status, text = _post(url, body, headers | (_as_visitors_see_it() if own else {}), anywhere=ours)
    except ApiError as refused:
        status, text = 0, str(refused)
    except (OSError, http.client.HTTPException, ValueError) as error:
        status, text = 0, f"{type(error).__name__}: {error}"
    return Reply(status, text[:_LONGEST_ANSWER], (time.perf_counter() - started) * 1000)


def _as_visitors_see_it() -> dict[str, str]:
    """Return headers that let the site's own server accept a call over the loopback address."""
    parts = urlsplit(origin.visitor())
    return {"Host": parts.netloc, **({"X-Forwarded-Proto": "https"} if parts.scheme == "https" else {})}


def _post(url: str, body: bytes, headers: dict[str, str], *, anywhere: bool) -> tuple[int, str]:
    parts = urlsplit(url)
    host, is_https, usual_port = parts.hostname or "", parts.scheme == "https", 443 if parts.scheme == "https" else 80
    connection = http.client.HTTPConnection(host, parts.port or usual_port)
    # The port that the Host header leaves out.
    connection.default_port = usual_port
    deadline = Deadline(conf.get("DELIVERY_TIMEOUT"))
    try:
        connection.sock = destinations.connect(host, connection.port, deadline.left(), anywhere=anywhere)
        if is_https:
            connection.sock.settimeout(deadline.left())
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        connection.sock = LimitedSocket(connection.sock, deadline)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        return response.status, response.read(_LONGEST_ANSWER * 4).decode("utf-8", "replace")
    finally:
        connection.close()
