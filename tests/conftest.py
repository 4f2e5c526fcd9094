"""What the tests share: a board with products on it, and people who come to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import translation
from pytest_django.live_server_helper import LiveServer

from bbs import demo, tasks
from bbs.models import Product
from tests.stage import answers, stripe_side
from tests.stage.kept import kept
from tests.stage.people import Visitor

# What puts the site's own database to a test: the shop, the school's records (its pages only read), and one story. Of
# others a test may be marked as a sample.
OURS = [
    "bbs",
    "compare/management",
    "compare/rehearsal/test_rehearsing.py",
    "compare/lab/test_runner.py",
    "compare/stories/test_nothing_private.py",
    "compare/stories/test_recording.py",
    "compare/wire",
    "compare/test_migrations.py",
    "compare/test_models.py",
    "compare/test_reset.py",
    "bbs_project/postgresql",
    "test_deploy.py",
    "bbs_project/stories/test_books_stateful.py",
]
# What no version of Python and of Django answers differently, and takes long: it reads our own files, or asks the
# sandbox, whose other tests are run on each, for all that there is. Of others a test may be marked "once".
ALIKE = [
    "compare/content",
    "compare/stories/test_shared_pages.py",
    "stripe_sandbox/api/test_expand.py",
    "stripe_sandbox/api/test_known_addresses.py",
    "stripe_sandbox/cards/test_catalogue.py",
    "stripe_sandbox/resources/test_advancing.py",
    "stripe_sandbox/resources/test_balances.py",
    "stripe_sandbox/stories/test_accounts_apart.py",
    "stripe_sandbox/stories/test_any_input.py",
    "stripe_sandbox/stories/test_never_more_back.py",
    "stripe_sandbox/stories/test_refusals.py",
    "stripe_sandbox/test_recorded.py",
    "test_import_contracts.py",
    "test_mirror.py",
    "test_patterns.py",
    "test_readme.py",
    "test_repository.py",
    "test_translations.py",
    "test_words.py",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    also = "also run what takes long: the shop alone, what needs old releases, and all of what is otherwise sampled"
    parser.addoption("--all", action="store_true", help=also)
    once = "leave out on SQLite what PostgreSQL is asked as well, and what every version and database shows alike"
    parser.addoption("--once", action="store_true", help=once)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files of which no test will be chosen: reading all of them takes each process ten seconds."""
    if collection_path.suffix != ".py" or collection_path.name == "conftest.py":
        return None
    if is_again(config) and is_in(ALIKE, collection_path):
        return True
    if os.environ.get("TEST_DATABASE_URL"):
        mark = None if is_in(OURS, collection_path) else "postgresql"
    else:
        mark = "sqlite" if config.getoption("--once") and is_in(OURS, collection_path) else None
    return True if mark and f"mark.{mark}" not in collection_path.read_text(encoding="utf-8") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the tests of the site's own database on PostgreSQL, and say why browser tests do not run.

    They do not where no browser can be had; under CI they fail instead.
    """
    # Playwright keeps an event loop in its thread, which what comes after it there would stumble over. What is long
    # comes first, so that it is not waited for at the end: of the browser's, what goes to all pages.
    items.sort(key=lambda item: [is_marked(item, "browser"), not is_long(item), item.path.name != "test_everywhere.py"])
    if not config.getoption("--all"):
        _deselect(config, items, is_long)
    if os.environ.get("TEST_DATABASE_URL"):
        _deselect(config, items, lambda item: not is_ours(item))
    elif config.getoption("--once"):
        _deselect(config, items, lambda item: is_ours(item) and not is_marked(item, "sqlite"))
    if is_again(config):
        _deselect(config, items, lambda item: is_marked(item, "once"))
    why = os.environ.get("BROWSER_MISSING")
    if why and not os.environ.get("CI"):
        for item in items:
            if is_marked(item, "browser"):
                item.add_marker(pytest.mark.skip(reason=f"not run: {why}"))


def is_again(config: pytest.Config) -> bool:
    """Return whether the tests have been run before: with --once on another version, on PostgreSQL also on SQLite."""
    return config.getoption("--once") or bool(os.environ.get("TEST_DATABASE_URL"))


def is_marked(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None


def is_long(item: pytest.Item) -> bool:
    return any(is_marked(item, name) for name in ("fork", "looks", "matrix", "whole"))


def is_ours(item: pytest.Item) -> bool:
    return is_in(OURS, item.path) or is_marked(item, "postgresql")


def is_in(parts: list[str], path: Path) -> bool:
    return any(path.is_relative_to(Path(__file__).parent / part) for part in parts)


def _deselect(config: pytest.Config, items: list[pytest.Item], is_left_out: Callable[[pytest.Item], bool]) -> None:
    left_out = [item for item in items if is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not is_left_out(item)]


@pytest.fixture(autouse=True)
def default_language() -> None:
    """Begin in the default language: a request that was answered in this thread leaves its own behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_page_yet() -> None:
    """Begin with a site that has rendered no page."""
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def _new_account(request: pytest.FixtureRequest) -> None:
    """Begin with a Stripe that has stored nothing: in this process the database's end of a test sees to it."""
    if settings.TEST_STRIPE_API_BASE and request.node.get_closest_marker("django_db"):
        stripe_side.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Databases whose permissions and content types stay from test to test."""
    with kept():
        yield


@pytest.fixture(scope="session")
def live_server(live_server: LiveServer) -> LiveServer:
    """A server that sends an answer's head and body at once: on a kept connection one would wait 40 ms for the other.

    The kernel holds the second small packet back until the first is acknowledged, and the other side is in no hurry.
    """
    httpd = live_server.thread.httpd
    httpd.RequestHandlerClass = type("Handler", (httpd.RequestHandlerClass,), {"disable_nagle_algorithm": True})
    return live_server


@pytest.fixture
def task_thread(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tasks are run in a thread, which ends with the test, and its connections with it."""
    # It would wait for a request whose answer an earlier test has not read to its end.
    monkeypatch.setattr(tasks._requests, "open", 0)
    settings.TASKS = {"default": {"BACKEND": "bbs.tasks.ThreadBackend"}}
    tasks._thread.cache_clear()
    yield
    tasks._thread(os.getpid()).submit(connections.close_all).result()
    tasks._thread.cache_clear()


@pytest.fixture
def tasks_app(settings) -> Iterator[None]:
    """Install django-tasks-db, without its table; it registers its models with the admin, where they would stay."""
    registered = {model for model in apps.get_models() if admin.site.is_registered(model)}
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_tasks_db"]
    yield
    for model in apps.get_models():
        if model not in registered and admin.site.is_registered(model):
            admin.site.unregister(model)


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
        deliveries = stripe_side.signed_deliveries(ahead=ahead)
        # On one connection: each has a thread of the server, and that its own connections to the databases.
        with requests.Session() as stripe:
            for body, headers in deliveries:
                for _ in range(times):
                    stripe.post(f"{shop}/webhook/", body, headers=headers, timeout=10).raise_for_status()
        return len(deliveries)

    return deliver_each


@pytest.fixture
def hanako(shop: str) -> Visitor:
    """A visitor who reads Japanese."""
    return Visitor(shop, "ja")


@pytest.fixture
def mike(shop: str) -> Visitor:
    """A visitor who reads English."""
    return Visitor(shop, "en")
