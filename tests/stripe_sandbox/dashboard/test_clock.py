"""The page on which a person lets time pass."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.dashboard.clock import WHAT
from stripe_sandbox.models import Account
from stripe_sandbox.resources import effects
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_hours_and_days_pass_and_what_happened_is_counted(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    page = client.get("/sandbox/clock/").content.decode()
    assert made.id in page
    assert "The Checkout Session expires" in page

    for unit, count, happened in (("minutes", "5", 0), ("hours", "3", 0), ("days", "2", 1)):
        answer = client.post("/sandbox/clock/", {"count": count, "unit": unit})
        assert answer.headers["Location"] == f"/sandbox/clock/?happened={happened}"

    assert Account.objects.get().clock_ahead == 5 * 60 + 3 * 3600 + 2 * 86400
    assert api.v1.checkout.sessions.retrieve(made.id).status == "expired"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Scheduled actions run: 1." in page
    assert "Nothing is scheduled." in page


def test_every_page_says_that_the_clock_is_ahead_until_the_account_is_cleared(client: Client) -> None:
    notice = "clock is ahead of the real time"
    assert notice not in client.get("/sandbox/events/").content.decode()
    client.post("/sandbox/clock/", {"count": "1", "unit": "days"})
    assert notice in client.get("/sandbox/events/").content.decode()

    client.post("/sandbox/clear/")

    assert notice not in client.get("/sandbox/events/").content.decode()


@pytest.mark.parametrize(
    ("count", "unit"),
    [
        *((count, "days") for count in ("", "-1", "1.5", "x", "٣", "367")),
        ("1", "years"),
        ("9" * 9, "hours"),
    ],
)
def test_what_is_no_time_changes_nothing(count: str, unit: str, client: Client) -> None:
    answer = client.post("/sandbox/clock/", {"count": count, "unit": unit})

    assert answer.headers["Location"] == "/sandbox/clock/?problem=refused"
    assert 'role="alert"' in client.get(answer.headers["Location"]).content.decode()
    assert not Account.objects.filter(clock_ahead__gt=0).exists()


def test_each_effect_has_a_name_for_a_person() -> None:
    assert WHAT.keys() == effects.EFFECTS.keys()
