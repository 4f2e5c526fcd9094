"""The system checks: each wrong setting stops the start with a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks

from tests.stage import sites

# Settings under which calls go to Stripe itself.
AT_STRIPE = {"STRIPE_API_BASE": "https://api.stripe.com", "STRIPE_HTTP_CLIENT": ""}
LEGACY_AT_STRIPE = AT_STRIPE | {"PAYMENT_FLOW": "legacy", "PAYMENT_FLOW_SWITCHER": False}


@pytest.fixture
def with_live_keys(settings) -> None:
    """Settings of a real shop: live keys, and Stripe itself on the other side."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_live_1", "pk_live_1"
    settings.STRIPE_LIVEMODE, settings.PAYMENT_FLOW_SWITCHER, settings.HTTPS = True, False, True
    settings.STRIPE_API_BASE, settings.STRIPE_HTTP_CLIENT = "https://api.stripe.com", ""
    settings.STRIPE_CHECKOUT_JS = "https://checkout.stripe.com/checkout.js"
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "stripe_sandbox"]


def ids() -> list[str]:
    return sorted(message.id for message in run_checks(tags=["payments"]))


def test_the_default_settings_are_good() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"PAYMENT_FLOW": "telepathy"}, ["bbs.E001"]),
        ({"STRIPE_SECRET_KEY": "hunter2"}, ["bbs.E002"]),
        ({"STRIPE_SECRET_KEY": "pk_test_1"}, ["bbs.E002"]),
        ({"STRIPE_PUBLISHABLE_KEY": ""}, ["bbs.E003"]),
        ({"STRIPE_PUBLISHABLE_KEY": "pk_live_1"}, ["bbs.E004"]),
        ({"STRIPE_WEBHOOK_SECRETS": ["secret"]}, ["bbs.E007"]),
        ({"STRIPE_WEBHOOK_SECRETS": []}, ["bbs.W001"]),
        (LEGACY_AT_STRIPE, ["bbs.W002"]),
        (LEGACY_AT_STRIPE | {"PAYMENT_FLOW_ROLLOUT": 99}, ["bbs.W002"]),
        (LEGACY_AT_STRIPE | {"PAYMENT_FLOW_ROLLOUT": 100}, []),
        (AT_STRIPE | {"PAYMENT_FLOW": "modern", "PAYMENT_FLOW_SWITCHER": True}, ["bbs.W002"]),
        (AT_STRIPE | {"PAYMENT_FLOW": "modern", "PAYMENT_FLOW_SWITCHER": False}, []),
        (AT_STRIPE | {"PAYMENT_FLOW": "legacy", "STRIPE_API_BASE": "http://127.0.0.1:12111"}, []),
    ],
)
def test_each_wrong_setting_is_named(settings, changes: dict[str, object], expected: list[str]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert ids() == expected


@pytest.mark.parametrize("flow", ["legacy", "modern"])
@pytest.mark.parametrize(("https", "expected"), [(True, []), (False, ["bbs.E006"])])
def test_a_live_key_needs_https_in_either_flow(
    settings, with_live_keys, flow: str, https: bool, expected: list[str]
) -> None:
    settings.PAYMENT_FLOW, settings.HTTPS = flow, https

    # Beside the warning that goes with legacy at Stripe itself.
    assert ids() == expected + ["bbs.W002"] * (flow == "legacy")


def test_a_flow_that_is_none_stops_an_application_server_too(tmp_path: Path) -> None:
    code, said = sites.python(tmp_path, "-c", "import bbs_project.wsgi", PAYMENT_FLOW="telepathy")

    assert code != 0
    assert 'Set PAYMENT_FLOW to "modern" or "legacy"' in said


def test_good_settings_start(tmp_path: Path) -> None:
    code, said = sites.python(tmp_path, "-c", "import bbs_project.wsgi, bbs_project.asgi")

    assert code == 0, said


def test_a_mail_server_that_hangs_is_waited_for_ten_seconds(tmp_path: Path) -> None:
    mailer = "mail.mailers['default'] if django.VERSION >= (6, 1) else mail.get_connection()"
    setup = f"import django; django.setup(); from django.core import mail; print(({mailer}).timeout)"

    code, said = sites.python(tmp_path, "-c", setup, EMAIL_URL="smtp+tls://board:secret@mail.example:587")

    assert (said.strip(), code) == ("10", 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"DEBUG": True}, ["bbs.E008"]),
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, ["bbs.E009"]),
        ({"STRIPE_CHECKOUT_JS": "http://checkout.example/checkout.js"}, ["bbs.E009"]),
        ({"STRIPE_API_BASE": "http://a.example", "STRIPE_CHECKOUT_JS": "http://b.example/c.js"}, ["bbs.E009"]),
    ],
)
def test_live_keys_ask_for_more(settings, with_live_keys, changes: dict[str, object], expected: list[str]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert ids() == expected


@pytest.mark.parametrize("name", ["STRIPE_API_BASE", "STRIPE_CHECKOUT_JS"])
@pytest.mark.parametrize(
    "value",
    [
        *("", "127.0.0.1:12111", "ftp://stripe.example/", "https://", "//stripe.example/", "https://["),
        *("https://stripe.example:99999", "https://stripe.example:x", "https://a b/", "https://a;script-src/"),
    ],
)
def test_an_address_is_given_whole(settings, with_live_keys, name: str, value: str) -> None:
    setattr(settings, name, value)

    assert ids() == ["bbs.E010"]


@pytest.mark.parametrize(("name", "expected"), [("STRIPE_CHECKOUT_JS", []), ("STRIPE_API_BASE", ["bbs.E010"])])
def test_only_the_script_may_be_at_a_path_of_our_own(settings, with_live_keys, name: str, expected: list[str]) -> None:
    setattr(settings, name, "/checkout.js")

    assert ids() == expected


@pytest.mark.parametrize(("domain", "expected"), [("pay.shop.example", []), ("https://pay.shop.example", ["bbs.E023"])])
def test_a_domain_of_ones_own_is_a_name(settings, domain: str, expected: list[str]) -> None:
    settings.STRIPE_CHECKOUT_DOMAIN = domain

    assert ids() == expected


@pytest.mark.parametrize("host", ["shop.example", ".shop.example", "127.0.0.1", "[::1]", "*"])
def test_a_host_is_a_name_or_an_address(settings, host: str) -> None:
    settings.ALLOWED_HOSTS = [host]

    assert ids() == []


@pytest.mark.parametrize(
    "host", ["https://shop.example", "shop.example:443", "shop.example/", "ショップ.example", "a b"]
)
def test_what_no_browser_sends_as_a_host_is_refused(settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["shop.example", host]

    assert ids() == ["bbs.E020"]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        *((good, []) for good in ("https://shop.example", "http://localhost:8000", "https://*.shop.example")),
        *((bad, ["bbs.E021"]) for bad in ("shop.example", "https://", "https://[", "https://shop.example/", "//a")),
    ],
)
def test_an_origin_has_a_scheme_and_no_path(settings, origin: str, expected: list[str]) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [origin]

    assert ids() == expected


@pytest.mark.parametrize("name", ["DEFAULT_FROM_EMAIL", "STAFF_EMAIL"])
@pytest.mark.parametrize(
    ("address", "expected"),
    [("board@localhost", []), ("Shop <shop@shop.example>", []), ("shop", ["bbs.E022"]), ("@", ["bbs.E022"])],
)
def test_mail_has_addresses(settings, name: str, address: str, expected: list[str]) -> None:
    setattr(settings, name, address)

    assert ids() == expected


@pytest.mark.parametrize(("value", "expected"), [(0, []), (-1, ["bbs.E012"]), (1, [])])
@pytest.mark.parametrize(
    "name",
    [
        "BOARD_POSTS_PER_MINUTE",
        "ORDERS_PER_MINUTE",
        "CARD_ATTEMPTS_PER_ORDER",
        "LEGACY_GRACE_HOURS",
        "PAYMENT_FLOW_ROLLOUT",
        "TRUSTED_PROXIES",
    ],
)
def test_a_number_may_be_nought_and_not_less(settings, name: str, value: int, expected: list[str]) -> None:
    settings.PAYMENT_FLOW = "legacy"
    setattr(settings, name, value)

    assert ids() == expected


@pytest.mark.parametrize(
    ("flow", "percentage", "expected"),
    [
        ("legacy", 100, []),
        ("legacy", 101, ["bbs.E025"]),
        ("modern", 0, []),
        ("modern", 1, ["bbs.W003"]),
        ("modern", 101, ["bbs.E025", "bbs.W003"]),
    ],
)
def test_a_rollout_is_a_percentage_of_a_legacy_shop(settings, flow: str, percentage: int, expected: list[str]) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_ROLLOUT = flow, percentage

    assert ids() == expected


def test_each_error_says_what_to_do(settings, with_live_keys) -> None:
    settings.PAYMENT_FLOW, settings.DEBUG, settings.STRIPE_API_BASE = "telepathy", True, "http://a.example"
    settings.BOARD_POSTS_PER_MINUTE, settings.STRIPE_WEBHOOK_SECRETS = -1, ["hunter2"]

    found = run_checks(tags=["payments"])

    assert len(found) == 5
    assert all(message.hint for message in found)
    assert not any("hunter2" in message.msg + message.hint for message in found)
