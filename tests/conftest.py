"""What the tests share: a board with products on it, and people who come to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.core.mail import EmailMessage
from django.utils import translation

from bbs import demo
from bbs.models import Product
from stripe_sandbox.testing import deliver
from tests.stage import answers
from tests.stage.people import Visitor


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the tests of the site's own database on PostgreSQL, and say why browser tests do not run.

    They do not where no browser can be had; under CI they fail instead.
    """
    # Playwright keeps an event loop in its thread, which what comes after it there would stumble over.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if os.environ.get("TEST_DATABASE_URL"):
        ours = [Path(__file__).parent / app for app in ("bbs", "compare")]
        elsewhere = [item for item in items if not any(item.path.is_relative_to(folder) for folder in ours)]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    why = os.environ.get("BROWSER_MISSING")
    if why and not os.environ.get("CI"):
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=f"not run: {why}"))


@pytest.fixture(autouse=True)
def default_language() -> None:
    """Begin in the default language: a request that was answered in this thread leaves its own behind."""
    translation.deactivate()


@pytest.fixture
def products(db: None) -> dict[str, Product]:
    """The samples, by slug."""
    demo.load()
    return {product.slug: product for product in Product.objects.all()}


@pytest.fixture
def site(live_server, transactional_db: None) -> Iterator[str]:
    """The address of a running server that has finished with its answers before the database is emptied."""
    with answers.finished(live_server.thread):
        yield live_server.url


@pytest.fixture
def shop(site: str, mailoutbox: list[EmailMessage]) -> str:
    """The address of a running board with the samples on it."""
    demo.load()
    return site


@pytest.fixture
def webhooks(shop: str) -> Callable[..., int]:
    """Deliver the events that Stripe has for us; returns how many.

    `webhooks(times=2)` delivers each one twice, `webhooks(ahead=60)` also what Stripe does within a minute.
    """

    def deliver_each(times: int = 1, ahead: float = 0) -> int:
        def post(body: bytes, headers: dict[str, str]) -> int:
            return max(
                requests.post(f"{shop}/webhook/", body, headers=headers, timeout=10).status_code for _ in range(times)
            )

        return deliver(post, ahead=ahead)

    return deliver_each


@pytest.fixture
def hanako(shop: str) -> Visitor:
    """A visitor who reads Japanese."""
    return Visitor(shop, "ja")


@pytest.fixture
def mike(shop: str) -> Visitor:
    """A visitor who reads English."""
    return Visitor(shop, "en")
