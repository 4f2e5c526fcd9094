"""Each scenario has a script, and what Stripe did not sign, or signed long ago, is no event of Stripe's."""

from __future__ import annotations

import json
import time

import pytest
import stripe

from compare.content import content
from compare.lab.scripts import SCRIPTS, TOO_OLD, _as_if_paid, _signed

SECRET = "whsec_of_a_test"
BODY = b'{"id": "evt_1", "object": "event", "type": "charge.failed", "data": {"object": {"paid": false}}}'


def test_each_scenario_has_a_script_and_each_script_a_scenario() -> None:
    assert {scenario.id for scenario in content().lab.scenarios} == set(SCRIPTS)


def test_a_signature_is_stripes_and_one_that_is_too_old_is_refused() -> None:
    body, headers = _signed(BODY, SECRET, time.time())
    assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET).type == "charge.failed"

    body, headers = _signed(BODY, SECRET, time.time() - TOO_OLD)
    with pytest.raises(stripe.SignatureVerificationError, match="outside the tolerance zone"):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)


def test_a_declines_event_is_turned_into_that_of_a_payment() -> None:
    event = json.loads(_as_if_paid(BODY))

    assert (event["type"], event["data"]["object"]["paid"]) == ("charge.succeeded", True)
    assert event["id"] != "evt_1"  # which the shop may have seen
