"""Where events go: the endpoints made over the API, and the one that the settings name."""

from __future__ import annotations

import time

from stripe_sandbox import assumptions, conf, store
from stripe_sandbox.api import origin
from stripe_sandbox.models import Stored

KIND = "webhook_endpoint"
# The endpoint from the settings has an id that is always the same.
CONFIGURED = "we_1SetngsSandboxBrdEndpoint"


def configured() -> Stored | None:
    """Return the endpoint that the settings name, as they name it now; None when they name none."""
    return _as_configured(Stored.objects.filter(sid=CONFIGURED).first())


def _as_configured(endpoint: Stored | None) -> Stored | None:
    url, secret = conf.get("WEBHOOK_URL"), conf.get("WEBHOOK_SECRET")
    if not url:
        return None
    if endpoint is None:
        text = "From the settings of this sandbox"
        endpoint = store.add(body(CONFIGURED, absolute(url), ["*"], text), secret=secret)
    if endpoint.body["url"] != absolute(url):
        endpoint.body["url"] = absolute(url)
        endpoint.save()
    if endpoint.private["secret"] != secret:
        roll(endpoint, secret)
    return endpoint


def absolute(url: str) -> str:
    """Return the address to post to; a path is on this machine's own server."""
    return origin.loopback() + url if url.startswith("/") else url


def body(sid: str, url: str, types: list[str], description: str | None) -> dict[str, object]:
    return {
        "id": sid,
        "object": KIND,
        "api_version": None,
        "application": None,
        "created": store.now(),
        "description": description,
        "enabled_events": types,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }


def listening(kind: str) -> list[Stored]:
    """Return the enabled endpoints that want events of this type."""
    found = {endpoint.sid: endpoint for endpoint in Stored.select("kind = %s AND NOT deleted ORDER BY seq", KIND)}
    own = _as_configured(found.pop(CONFIGURED, None))
    endpoints = [own, *found.values()] if own else found.values()
    return [endpoint for endpoint in endpoints if endpoint.body["status"] == "enabled" and wants(endpoint, kind)]


def wants(endpoint: Stored, kind: str) -> bool:
    return bool({"*", kind} & set(endpoint.body["enabled_events"]))


def secrets(endpoint: Stored) -> list[str]:
    """Return the secrets to sign with: the new one first, the old one while it is still valid."""
    private = endpoint.private
    rolled = private.get("old_until", 0) > time.time()
    return [private["secret"], *([private["old_secret"]] if rolled else [])]


def shown_secrets(endpoint: Stored) -> list[str]:
    """Return the secrets that a person may see; of the settings' endpoint not the old one, which may be a real one."""
    if endpoint.sid != CONFIGURED:
        return secrets(endpoint)
    return secrets(endpoint)[:1] if conf.get("SHOW_WEBHOOK_SECRET") else []


def roll(endpoint: Stored, fresh: str) -> None:
    """Give the endpoint a new secret; the old one stays valid for a day."""
    endpoint.private |= {
        "old_secret": endpoint.private["secret"],
        "old_until": time.time() + assumptions.ROLLED_SECRET_LIFE,
        "secret": fresh,
    }
    endpoint.save()
