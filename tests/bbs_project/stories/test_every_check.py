"""Every system check of the site and of the sandbox has a row: settings under which it says what is wrong.

The same for what stops a start: nothing in `bbs_project.startup` ends a process without a row here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.test import override_settings

from bbs_project import startup
from tests.stage.reached import Reached, sites

_ROOT = Path(__file__).parents[3]
_FOLDERS = ("bbs", "bbs_project", "compare", "stripe_sandbox")
# Settings of a real shop, for the checks that only it meets.
_LIVE = {
    "STRIPE_SECRET_KEY": "sk_live_1",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_1",
    "STRIPE_LIVEMODE": True,
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_CHECKOUT_JS": "https://checkout.stripe.com/checkout.js",
    "PAYMENT_FLOW_SWITCHER": False,
    "HTTPS": True,
}
# The id that is found, with these settings; of STRIPE_SANDBOX where the name is one of its own.
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("bbs.E001", {"PAYMENT_FLOW": "telepathy"}),
    ("bbs.E002", {"STRIPE_SECRET_KEY": "hunter2"}),
    ("bbs.E003", {"STRIPE_PUBLISHABLE_KEY": ""}),
    ("bbs.E004", {"STRIPE_PUBLISHABLE_KEY": "pk_live_1"}),
    ("bbs.E005", _LIVE),
    ("bbs.E006", _LIVE | {"HTTPS": False}),
    ("bbs.E007", {"STRIPE_WEBHOOK_SECRETS": ["secret"]}),
    ("bbs.E008", _LIVE | {"DEBUG": True}),
    ("bbs.E009", _LIVE | {"STRIPE_API_BASE": "http://127.0.0.1:12111"}),
    ("bbs.E010", {"STRIPE_API_BASE": "127.0.0.1"}),
    ("bbs.E011", {"STRIPE_CHECKOUT_JS": "https://checkout.stripe.com/checkout.js"}),
    ("bbs.E012", {"ORDERS_PER_MINUTE": -1}),
    ("bbs.E020", {"ALLOWED_HOSTS": ["https://shop.example"]}),
    ("bbs.E021", {"CSRF_TRUSTED_ORIGINS": ["shop.example"]}),
    ("bbs.E022", {"STAFF_EMAIL": "staff"}),
    ("bbs.E023", {"STRIPE_CHECKOUT_DOMAIN": "https://pay.shop.example"}),
    ("bbs.E024", {"WEBHOOK_URL": "shop"}),
    ("bbs.E025", {"PAYMENT_FLOW": "legacy", "PAYMENT_FLOW_ROLLOUT": 101}),
    ("bbs.W001", {"STRIPE_WEBHOOK_SECRETS": []}),
    ("bbs.W002", {"PAYMENT_FLOW": "legacy", "STRIPE_API_BASE": "https://api.stripe.com", "STRIPE_HTTP_CLIENT": ""}),
    ("bbs.W003", {"PAYMENT_FLOW": "modern", "PAYMENT_FLOW_ROLLOUT": 10}),
    ("stripe_sandbox.E001", {"WEBHOOK_ALLOW": ["http://shop/"]}),
    ("stripe_sandbox.E002", {"CARD_TOKENS": "off"}),
]


def checking() -> Iterator[Path]:
    """Yield the modules that note a problem with the settings, wherever they are."""
    for folder in _FOLDERS:
        for file in (_ROOT / folder).rglob("*.py"):
            if "checks.register" in file.read_text(encoding="utf-8"):
                yield file


def found(settings: Any, changes: dict[str, Any]) -> list[str]:
    own = {name: value for name, value in changes.items() if name in settings.STRIPE_SANDBOX}
    plain = {name: value for name, value in changes.items() if name not in own}
    with override_settings(STRIPE_SANDBOX=settings.STRIPE_SANDBOX | own, **plain):
        return [message.id for message in run_checks(tags=["payments"])]


def test_each_check_has_a_row_that_it_answers(settings) -> None:
    reached = Reached(sites(_ROOT, checking()))

    with reached.watching():
        silent = [id_ for id_, changes in ROWS if id_ not in found(settings, changes)]

    assert silent == []
    assert reached.missing() == []
    assert found(settings, {}) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("tasks_app")
def test_each_end_of_a_start_has_a_row(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = Reached(sites(_ROOT, [_ROOT / "bbs_project" / "startup.py"]))
    settings.TASKS_IN_TRANSACTION = True

    with reached.watching():
        with pytest.raises(CommandError, match="needs tables that are missing"):
            startup.check_settings()
        with pytest.raises(SystemExit) as ended, startup.one_sentence():
            raise ImproperlyConfigured("Set it to on.")
        monkeypatch.setattr(sys, "argv", ["manage.py", "check", "--traceback"])
        with pytest.raises(ImproperlyConfigured), startup.one_sentence():
            raise ImproperlyConfigured("Set it to on.")

    assert ended.value.code == startup.CANNOT_START
    assert reached.missing() == []
