"""The sandbox in process, the sandbox as a server of its own, and a real browser on it."""

from __future__ import annotations

import inspect
import os
import shutil
from collections.abc import Callable, Iterator

import pytest
import requests
import stripe
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.browser import PATIENCE, Open, thread
from tests.stripe_sandbox.stage.calls import PUBLISHABLE, SECRET
from tests.stripe_sandbox.stage.server import Server, listen, serve

_EXPECTED = "the server responded with a status of"


@pytest.fixture
def api(db: None) -> stripe.StripeClient:
    """stripe-python with the secret key, in process."""
    return stripe.StripeClient(SECRET, http_client=InProcessClient())


@pytest.fixture
def browser_api(db: None) -> stripe.StripeClient:
    """stripe-python with the key that a browser has, in process."""
    return stripe.StripeClient(PUBLISHABLE, http_client=InProcessClient())


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that need HTTP."""
    endpoint, http = listen()
    server = serve(tmp_path_factory.mktemp("sandbox") / "alone.sqlite3", endpoint)
    yield server
    server.process.kill()
    server.process.communicate()
    http.shutdown()
    http.server_close()


@pytest.fixture
def server(running: Server) -> Server:
    """The running sandbox, empty, with an endpoint that answers 200 and got nothing yet of this test."""
    running.endpoint.status, running.endpoint.sends_to = 200, ""
    # What an earlier test left on its way would arrive in this one.
    requests.post(f"{running.url}/sandbox/control/clear/", auth=(SECRET, ""), timeout=10).raise_for_status()
    running.endpoint.got.clear()
    running.endpoint.forms.clear()
    return running


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a browser test where its browser lives."""
    if not pyfuncitem.get_closest_marker("browser"):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    thread.submit(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in wanted}).result()
    return True


@pytest.fixture(scope="session")
def sandbox_browser() -> Iterator[Browser]:
    path = os.environ.get("BROWSER_PATH") or shutil.which("chromium") or None
    playwright = thread.submit(sync_playwright().start).result()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    browser = thread.submit(playwright.chromium.launch, executable_path=path, args=arguments).result()
    yield browser
    thread.submit(browser.close).result()
    thread.submit(playwright.stop).result()


@pytest.fixture
def browse(sandbox_browser: Browser, server: Server) -> Iterator[Open]:
    """Open an empty page in a browser of its own; a script error or a broken policy fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(language: str = "en", **options: object) -> Page:
        context = sandbox_browser.new_context(locale=language, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        return page

    yield open_page
    for context in contexts:
        thread.submit(context.close).result()
    assert [text for text in complaints if _EXPECTED not in text] == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Check a page against WCAG 2.2 AA with axe, and that all of its text is in a landmark."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def check(page: Page) -> None:
        # Without preloading: axe would fetch the style sheets itself, which a strict policy forbids.
        options = {"runOnly": {"type": "tag", "values": tags}, "rules": {"region": {"enabled": True}}, "preload": False}
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()

    return check
