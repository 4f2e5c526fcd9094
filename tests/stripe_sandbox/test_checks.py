"""The sandbox's system checks: a setting beside it that contradicts it stops the start."""

from __future__ import annotations

import pytest
from django.core.checks import CheckMessage, run_checks

from stripe_sandbox.checks import check_sandbox_settings


def found(id_: str) -> list[CheckMessage]:
    return [message for message in run_checks(tags=["payments"]) if message.id == id_]


@pytest.mark.parametrize("id_", ["bbs.E005", "bbs.E011", "stripe_sandbox.E001"])
def test_the_default_settings_are_good(id_: str) -> None:
    assert found(id_) == []


@pytest.mark.parametrize(
    ("name", "value", "id_", "hint"),
    [
        ("STRIPE_LIVEMODE", True, "bbs.E005", "Remove stripe_sandbox from INSTALLED_APPS"),
        ("STRIPE_CHECKOUT_JS", "https://checkout.stripe.com/checkout.js", "bbs.E011", "Remove STRIPE_CHECKOUT_JS"),
    ],
)
def test_what_contradicts_the_sandbox_is_an_error_while_it_is_on(
    settings, name: str, value: object, id_: str, hint: str
) -> None:
    setattr(settings, name, value)

    (message,) = found(id_)

    assert message.is_serious()
    assert message.hint.startswith(hint)
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "stripe_sandbox"]
    assert found(id_) == []


def test_a_script_of_the_site_itself_is_good(settings) -> None:
    settings.STRIPE_CHECKOUT_JS = "/checkout.js"

    assert found("bbs.E011") == []


def test_a_site_of_another_kind_needs_none_of_these_settings(settings) -> None:
    del settings.STRIPE_LIVEMODE
    del settings.STRIPE_CHECKOUT_JS

    assert check_sandbox_settings(None) == []


@pytest.mark.parametrize("entry", ["*", "shop", "shop.internal", "10.0.0.1", "10.0.0.0/8", "10.1.0.0/8", "fd00::/8"])
def test_a_host_or_a_network_may_be_allowed(entry: str, settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_ALLOW": [entry]}

    assert found("stripe_sandbox.E001") == []


@pytest.mark.parametrize("entry", ["http://shop/", "shop:3000", "10.0.0.0/99", "[::1]", "*.internal"])
def test_what_is_no_host_and_no_network_is_an_error(entry: str, settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_ALLOW": ["localhost", entry]}

    (message,) = found("stripe_sandbox.E001")

    assert message.msg == f"STRIPE_SANDBOX_WEBHOOK_ALLOW names {entry!r}, which is no host, address or network."


@pytest.mark.parametrize(("value", "wrong"), [("on", 0), ("ended", 0), ("japan", 0), ("off", 1), ("", 1)])
def test_card_tokens_have_one_of_three_states(value: str, wrong: int, settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CARD_TOKENS": value}

    assert len(found("stripe_sandbox.E002")) == wrong
