"""Board and sandbox are emptied together, wholly or not at all, and never where Stripe's own account is behind them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client

from bbs import demo
from bbs.models import Product, Topic
from compare import reset
from tests.compare.stage.full import fill, rows_in_the_sandbox

pytestmark = pytest.mark.django_db(databases="__all__")
MODELS = {*apps.get_app_config("bbs").get_models(), *apps.get_app_config("compare").get_models()}


def test_every_table_of_the_shop_and_the_school_is_emptied_and_the_samples_are_back() -> None:
    fill()
    assert [model for model in reset.TABLES if not model.objects.exists()] == []
    assert rows_in_the_sandbox() > 1

    account, before = reset.empty_sandbox(), reset.empty_board()

    assert (account, rows_in_the_sandbox()) == ("acct_1SandboxBoard0000", 0)
    assert before == {"topics": len(demo.COMMENTS) + 1, "payments": 1, "events": 1, "messages": 1}
    assert set(reset.TABLES) == MODELS
    assert {model for model in MODELS if model.objects.exists()} == {Product, Topic}
    assert sorted(product.unit_amount for product in Product.objects.all()) == [2000, 2000, 30000]
    assert list(Topic.objects.order_by("pk").values_list("comment", flat=True)) == demo.COMMENTS


def test_a_page_that_was_kept_is_not_shown_any_more() -> None:
    demo.load()
    Topic.objects.create(comment="from the class before")
    assert "from the class before" in Client().get("/").content.decode()

    reset.empty_board()

    assert "from the class before" not in Client().get("/").content.decode()


def test_what_was_ended_in_the_middle_is_finished_by_running_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fill()

    def killed() -> None:
        raise KeyboardInterrupt

    reset.empty_sandbox()
    with monkeypatch.context() as patched:
        patched.setattr(demo, "load", killed)
        with pytest.raises(KeyboardInterrupt):
            reset.empty_board()
    assert [model for model in reset.TABLES if not model.objects.exists()] == []

    reset.empty_sandbox()
    reset.empty_board()
    assert {model for model in MODELS if model.objects.exists()} == {Product, Topic}


@pytest.mark.parametrize(
    ("key", "base", "in_process"),
    [
        ("sk_live_x", "http://127.0.0.1:9", False),
        ("sk_live_x", "https://api.stripe.com", True),
        ("sk_test_x", "https://api.stripe.com", False),
        ("sk_test_sandbox", "https://API.Stripe.com", False),
        ("sk_test_x", "https://files.stripe.com:443", False),
    ],
)
def test_an_account_at_stripe_is_refused_before_anything_is_deleted(settings, key, base, in_process) -> None:
    fill()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = key, base
    settings.STRIPE_SANDBOX_ENABLED, settings.STRIPE_LIVEMODE = in_process, key.startswith("sk_live_")

    for step in (reset.empty_sandbox, reset.empty_board):
        with pytest.raises(reset.Refused, match="keys of a Stripe account"):
            step()

    assert [model for model in reset.TABLES if not model.objects.exists()] == []
    assert rows_in_the_sandbox() > 1


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A server that answers every control action alike."""

    calls: list[tuple[str, str]]
    status, body = 200, b'{"account": "acct_1"}'

    def do_POST(self) -> None:
        self.calls.append((self.path, self.headers["Authorization"]))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(settings) -> Iterator[type[Elsewhere]]:
    """Another server that the site takes for its Stripe."""
    handler = type("Handler", (Elsewhere,), {"calls": []})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.STRIPE_SANDBOX_ENABLED = False
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_sandbox_elsewhere_is_emptied_by_its_control_address_with_the_accounts_key(elsewhere) -> None:
    assert reset.empty_sandbox() == "acct_1"

    key = "Bearer sk_test_sandbox"
    assert elsewhere.calls == [("/sandbox/control/account/", key), ("/sandbox/control/clear/", key)]


@pytest.mark.parametrize(("status", "body"), [(404, b"{}"), (200, b"<html>"), (200, b"[]")])
def test_another_server_that_is_no_sandbox_is_refused_and_not_asked_to_clear(elsewhere, status, body) -> None:
    elsewhere.status, elsewhere.body = status, body

    with pytest.raises(reset.Refused, match="does not answer as a sandbox"):
        reset.empty_sandbox()

    assert [path for path, _key in elsewhere.calls] == ["/sandbox/control/account/"]


def test_a_server_that_does_not_answer_is_refused(settings) -> None:
    settings.STRIPE_SANDBOX_ENABLED, settings.STRIPE_API_BASE = False, "http://127.0.0.1:9"

    with pytest.raises(reset.Refused, match="does not answer as a sandbox"):
        reset.empty_sandbox()
