"""What a Checkout Session may be asked for."""

from __future__ import annotations

import time

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("seconds", "refused"), [(1700, "at least 30 minutes"), (1810, ""), (86380, ""), (86500, "less than 24 hours")]
)
def test_a_session_lives_between_half_an_hour_and_a_day(seconds: int, refused: str, api: stripe.StripeClient) -> None:
    wanted = session(expires_at=int(time.time()) + seconds)
    if not refused:
        assert api.v1.checkout.sessions.create(params=wanted).expires_at == wanted["expires_at"]
        return

    with pytest.raises(stripe.InvalidRequestError, match=refused) as caught:
        api.v1.checkout.sessions.create(params=wanted)

    assert caught.value.param == "expires_at"
