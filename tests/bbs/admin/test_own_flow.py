"""Staff choose the flow of their own browser, for a day, and nobody else can."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bbs.models import Product

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def legacy_shop(settings) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER = "legacy", False


def look(client: Client) -> str:
    """Return the flow of the order form that this browser gets on the board."""
    return "modern" if 'data-flow="modern"' in client.get("/").text else "legacy"


def test_staff_choose_the_flow_of_their_own_browser_for_a_day(
    settings, admin_client: Client, products: dict[str, Product]
) -> None:
    settings.PAYMENT_FLOW_ROLLOUT, settings.PAYMENT_FLOW_SWITCHER = 0, True
    admin_client.cookies["flow"] = "legacy"

    page = admin_client.post("/admin/bbs/payment/flow/", {"flow": "modern"}, follow=True).text

    assert "In this browser orders take the modern flow" in page
    assert look(admin_client) == "modern"
    assert look(Client()) == "legacy"
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert look(admin_client) == "legacy"


@pytest.mark.parametrize("flow", ["", "telepathy"])
def test_staff_take_their_choice_back(settings, admin_client: Client, products: dict[str, Product], flow: str) -> None:
    admin_client.post("/admin/bbs/payment/flow/", {"flow": "modern"})

    page = admin_client.post("/admin/bbs/payment/flow/", {"flow": flow}, follow=True).text

    assert "In this browser orders take the flow that a visitor gets" in page
    assert look(admin_client) == "legacy"


def test_the_switch_in_the_header_counts_when_it_was_pressed_last(
    settings, admin_client: Client, products: dict[str, Product]
) -> None:
    settings.PAYMENT_FLOW_SWITCHER = True
    admin_client.post("/admin/bbs/payment/flow/", {"flow": "modern"})

    admin_client.post("/flow/", {"flow": "legacy"})

    assert look(admin_client) == "legacy"


def test_nobody_else_can_choose(client: Client, django_user_model, products: dict[str, Product]) -> None:
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.post("/admin/bbs/payment/flow/", {"flow": "modern"}).status_code == 403
    client.logout()
    assert "/login/" in client.post("/admin/bbs/payment/flow/", {"flow": "modern"}).url
    client.cookies["staff_flow"] = "modern"

    assert look(client) == "legacy"
