"""The system checks: each wrong setting stops the start with a sentence that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.checks import run_checks

from tests.stage import stripe_side


@pytest.fixture
def with_live_keys(settings) -> None:
    """Settings of a real shop: live keys, and Stripe itself on the other side."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_live_1", "pk_live_1"
    settings.STRIPE_LIVEMODE, settings.PAYMENT_FLOW_SWITCHER, settings.HTTPS = True, False, True
    settings.STRIPE_API_BASE = "https://api.stripe.com"
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
    ],
)
def test_each_wrong_setting_is_named(settings, changes: dict[str, object], expected: list[str]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert ids() == expected


@pytest.mark.parametrize(
    ("flow", "https", "expected"), [("legacy", True, []), ("legacy", False, ["bbs.E006"]), ("modern", False, [])]
)
def test_the_legacy_flow_with_a_live_key_needs_https(
    settings, with_live_keys, flow: str, https: bool, expected: list[str]
) -> None:
    settings.PAYMENT_FLOW, settings.HTTPS = flow, https

    assert ids() == expected


def start(folder: Path, module: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the site as an application server does, on settings of our own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE", "PAYMENT", "DJANGO"))}
    defaults = stripe_side.environment(folder) | {
        "DJANGO_ENV_FILE": os.devnull,
        "DJANGO_SECRET_KEY": "x",
        "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        env=clean | defaults | environment,
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_flow_that_is_none_stops_an_application_server_too(tmp_path: Path) -> None:
    result = start(tmp_path, "bbs_project.wsgi", PAYMENT_FLOW="telepathy")

    assert result.returncode != 0
    assert 'Set PAYMENT_FLOW to "modern" or "legacy"' in result.stderr


def test_good_settings_start(tmp_path: Path) -> None:
    assert start(tmp_path, "bbs_project.wsgi").returncode == 0
    assert start(tmp_path, "bbs_project.asgi").returncode == 0


def test_a_mail_server_that_hangs_is_waited_for_ten_seconds(tmp_path: Path) -> None:
    mailer = "mail.mailers['default'] if django.VERSION >= (6, 1) else mail.get_connection()"
    setup = f"django; django.setup(); from django.core import mail; print(({mailer}).timeout)"

    result = start(tmp_path, setup, EMAIL_URL="smtp+tls://board:secret@mail.example:587")

    assert (result.stdout.strip(), result.returncode) == ("10", 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"DEBUG": True}, ["bbs.E008"]),
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, ["bbs.E009"]),
        ({"STRIPE_CHECKOUT_JS": "http://checkout.example/checkout.js"}, ["bbs.E009"]),
        ({"STRIPE_API_BASE": "http://a.example", "STRIPE_CHECKOUT_JS": "http://b.example/c.js"}, ["bbs.E009"]),
        ({"PAYMENT_FLOW_SWITCHER": True, "HTTPS": False}, ["bbs.E006"]),
    ],
)
def test_live_keys_ask_for_more(settings, with_live_keys, changes: dict[str, object], expected: list[str]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert ids() == expected


@pytest.mark.parametrize("name", ["STRIPE_API_BASE", "STRIPE_CHECKOUT_JS"])
@pytest.mark.parametrize("value", ["", "127.0.0.1:12111", "ftp://stripe.example/", "https://", "//stripe.example/"])
def test_an_address_is_given_whole(settings, with_live_keys, name: str, value: str) -> None:
    setattr(settings, name, value)

    assert ids() == ["bbs.E010"]


@pytest.mark.parametrize(("name", "expected"), [("STRIPE_CHECKOUT_JS", []), ("STRIPE_API_BASE", ["bbs.E010"])])
def test_only_the_script_may_be_at_a_path_of_our_own(settings, with_live_keys, name: str, expected: list[str]) -> None:
    setattr(settings, name, "/checkout.js")

    assert ids() == expected


@pytest.mark.parametrize(("posts", "expected"), [(0, ["bbs.E012"]), (-1, ["bbs.E012"]), (1, [])])
def test_a_board_takes_at_least_one_post_a_minute(settings, posts: int, expected: list[str]) -> None:
    settings.BOARD_POSTS_PER_MINUTE = posts

    assert ids() == expected


def test_each_error_says_what_to_do(settings, with_live_keys) -> None:
    settings.PAYMENT_FLOW, settings.DEBUG, settings.STRIPE_API_BASE = "telepathy", True, "http://a.example"
    settings.BOARD_POSTS_PER_MINUTE, settings.STRIPE_WEBHOOK_SECRETS = 0, ["hunter2"]

    found = run_checks(tags=["payments"])

    assert len(found) == 5
    assert all(message.hint for message in found)
    assert not any("hunter2" in message.msg + message.hint for message in found)
