"""Which account is calling: bearer or basic, with its secret or its publishable key.

https://docs.stripe.com/api/authentication
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from stripe_sandbox import accounts, conf, errors
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Account

from . import current
from .calls import Call

SECRET, PUBLISHABLE = "secret", "publishable"
# Each key of Stripe's form, with so many letters and digits at least, opens an account of its own, the same one for
# both keys with this tail.
_ROLES = {"sk_test_": SECRET, "pk_test_": PUBLISHABLE}
_SHORTEST_TAIL = 24
_KEYS_PAGE = "https://dashboard.stripe.com/account/apikeys"
_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
    "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for "
    "details, or we can help at https://support.stripe.com/."
)


def key_of(call: Call) -> str:
    """Return the key the call carries, or ""."""
    scheme, _, credentials = call.headers.get("Authorization", "").partition(" ")
    credentials = credentials.strip()
    if scheme.lower() == "bearer":
        return credentials
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


class Caller(NamedTuple):
    """Who calls: with which of an account's two keys, and which account it is."""

    role: str
    account: Account


def caller(key: str) -> Caller:
    """Return whose key it is; raises Stripe's 401 for none or a wrong one."""
    if not key:
        raise ApiError(_NO_KEY, status=401)
    if key == conf.get("SECRET_KEY"):
        return Caller(SECRET, accounts.default())
    if key == conf.get("PUBLISHABLE_KEY"):
        return Caller(PUBLISHABLE, accounts.default())
    role, tail = _ROLES.get(key[:8]), key[8:]
    if role and len(tail) >= _SHORTEST_TAIL and tail.isascii() and tail.isalnum():
        return Caller(role, accounts.of_tail(tail))
    raise ApiError(f"Invalid API Key provided: {masked(key)}", status=401)


def publishable(secret: str) -> str:
    """Return the publishable key of the account that a secret key opens."""
    return conf.get("PUBLISHABLE_KEY") if secret == conf.get("SECRET_KEY") else f"pk{secret[2:]}"


def check(role: str, *, publishable: bool) -> None:
    """Raise Stripe's 403 where the browser's key does not do."""
    if role == PUBLISHABLE and not publishable:
        raise ApiError(
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can find "
            f"a list of your API keys at {_KEYS_PAGE}.",
            status=403,
            code="secret_key_required",
        )


def check_account(sid: str) -> None:
    """Raise Stripe's 403 for the id of another account than the caller's: none is connected."""
    if sid != accounts.current().sid:
        raise errors.no_access(masked(current.request().key), sid)


def masked(key: str) -> str:
    """Return a key as messages show it: its kind and its last four characters."""
    kept = len("sk_test_") if key.startswith(("sk_", "pk_", "rk_")) else 0
    head, tail = key[:kept], key[kept:]
    return head + "*" * max(0, len(tail) - 4) + tail[-4:]
