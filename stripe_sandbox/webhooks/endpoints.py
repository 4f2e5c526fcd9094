"""Where events go: the endpoints made over the API, and the account's own, which has its webhook secret."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from stripe_sandbox import accounts, assumptions, conf, store
from stripe_sandbox.api import origin
from stripe_sandbox.models import Account, StripeObject

KIND = "webhook_endpoint"
# The account's own endpoint has an id that is always the same.
CONFIGURED = "we_1SetngsSandboxBrdEndpoint"
# Where the events of an account go that are handed out and posted nowhere.
# https://www.rfc-editor.org/rfc/rfc2606#section-2
HANDED_OUT = "http://handed-out.invalid/webhook/"


def configured() -> StripeObject | None:
    """Return the account's own endpoint, as it is to be now; None where its events are posted nowhere."""
    return _as_configured(StripeObject.objects.filter(sid=CONFIGURED).first())


def post_to(url: str | None) -> None:
    """Post the served account's events to another address from now on: "" is nowhere, None is that of the settings."""
    account = accounts.current()
    account.webhook_url = url
    account.save(update_fields=["webhook_url"])
    if configured() is None:
        StripeObject.objects.filter(sid=CONFIGURED).delete()


def is_from_settings(account: Account) -> bool:
    """Return whether the settings say where the account's events are posted: a private address is allowed there."""
    return account.pk == accounts.DEFAULT and account.webhook_url is None


def own_url(account: Account) -> str:
    """Return where the events of an account are posted besides the endpoints made over the API; "" is nowhere."""
    if is_from_settings(account):
        return conf.get("WEBHOOK_URL")
    return account.webhook_url or (HANDED_OUT if conf.get("DELIVERIES") == "manual" else "")


def own_secret() -> str | None:
    """Return the served account's webhook secret; None where it may be that of a real endpoint."""
    account = accounts.current()
    hidden = account.pk == accounts.DEFAULT and not conf.get("SHOW_WEBHOOK_SECRET")
    return None if hidden else account.webhook_secret


def _as_configured(endpoint: StripeObject | None) -> StripeObject | None:
    account = accounts.current()
    url, secret = own_url(account), account.webhook_secret
    if not url:
        return None
    if endpoint is None:
        text = "From the settings of this sandbox" if is_from_settings(account) else "The account's own endpoint"
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


class Listener(NamedTuple):
    """An endpoint that wants an event: what a delivery needs of it, found in a fraction of an object's time."""

    seq: int
    sid: str
    url: str


def listening(kind: str) -> list[Listener]:
    """Return the enabled endpoints that want events of this type, the account's own first."""
    account = accounts.current()
    url, found = own_url(account), _endpoints()
    if url and not any((CONFIGURED, absolute(url), account.webhook_secret) == row[1:4] for row in found):
        configured()
        found = _endpoints()
    return [
        Listener(seq, sid, to)
        for seq, sid, to, _, is_enabled, types in found
        if is_enabled and not {"*", kind}.isdisjoint(json.loads(types)) and (url or sid != CONFIGURED)
    ]


def _endpoints() -> list[tuple[Any, ...]]:
    """Return `seq`, id, address and secret of each endpoint, whether it is enabled, and its types as JSON."""
    return StripeObject.select_values(
        "seq, sid, json_extract(body, '$.url'), json_extract(private, '$.secret'), tag = 'enabled',"
        " json_extract(body, '$.enabled_events')",
        "kind = %s AND NOT deleted",
        KIND,
        order=f"sid <> '{CONFIGURED}', seq",
    )


def secrets(endpoint: StripeObject) -> list[str]:
    """Return the secrets to sign with: the new one first, the old one while it is still valid."""
    private = endpoint.private
    rolled = private.get("old_until", 0) > store.now()
    return [private["secret"], *([private["old_secret"]] if rolled else [])]


def shown_secrets(endpoint: StripeObject) -> list[str]:
    """Return the secrets that a person may see; of the settings' endpoint not the old one, which may be a real one."""
    if endpoint.sid != CONFIGURED or accounts.current().pk != accounts.DEFAULT:
        return secrets(endpoint)
    return secrets(endpoint)[:1] if conf.get("SHOW_WEBHOOK_SECRET") else []


def roll(endpoint: StripeObject, fresh: str) -> None:
    """Give the endpoint a new secret; the old one stays valid for a day."""
    endpoint.private |= {
        "old_secret": endpoint.private["secret"],
        "old_until": store.now() + assumptions.ROLLED_SECRET_LIFE,
        "secret": fresh,
    }
    endpoint.save()
