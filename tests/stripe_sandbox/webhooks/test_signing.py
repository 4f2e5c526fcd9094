"""Signatures that stripe-python accepts, and no others."""

from __future__ import annotations

import time

import pytest
import stripe

from stripe_sandbox.webhooks import signing

BODY = b'{"id": "evt_1", "object": "event", "type": "charge.succeeded"}'


@pytest.mark.parametrize("secret", ["whsec_new", "whsec_old"])
def test_each_secret_signs(secret: str) -> None:
    header = signing.header(BODY, ["whsec_new", "whsec_old"], int(time.time()))

    assert stripe.WebhookSignature.verify_header(BODY.decode(), header, secret, tolerance=300)


@pytest.mark.parametrize(
    ("body", "secret", "age"),
    [(BODY, "whsec_other", 0), (BODY + b" ", "whsec_new", 0), (BODY, "whsec_new", 301)],
)
def test_another_secret_another_body_and_an_old_signature_do_not_verify(body: bytes, secret: str, age: int) -> None:
    header = signing.header(BODY, ["whsec_new"], int(time.time()) - age)

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body.decode(), header, secret, tolerance=300)


def test_the_proof_of_test_events_is_in_it_and_proves_nothing() -> None:
    first, second = (signing.header(BODY, ["whsec_new"], 1) for _ in range(2))

    assert first.partition(",v0=")[0] == second.partition(",v0=")[0]
    assert first.partition(",v0=")[2] != second.partition(",v0=")[2]
