"""Webhook signatures. https://docs.stripe.com/webhooks#verify-manually"""

from __future__ import annotations

import hashlib
import hmac
import secrets


def header(body: bytes, keys: list[str], timestamp: int) -> str:
    """Return `Stripe-Signature`: a `v1` for each secret, and the `v0` of test events, which proves nothing."""
    proofs = [f"v1={_proof(body, key, timestamp)}" for key in keys]
    return ",".join([f"t={timestamp}", *proofs, f"v0={secrets.token_hex(32)}"])


def _proof(body: bytes, key: str, timestamp: int) -> str:
    return hmac.new(key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
