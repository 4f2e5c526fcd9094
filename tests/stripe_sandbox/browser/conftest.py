"""A real browser on the sandbox, in a thread of its own: Playwright allows one event loop a thread, and the
board's browser tests have theirs in the main one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.stripe_sandbox.conftest import Server

_thread = ThreadPoolExecutor(1)
_EXPECTED = "the server responded with a status of"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a browser test where its browser lives."""
    if not pyfuncitem.get_closest_marker("browser"):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    _thread.submit(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in wanted}).result()
    return True


@pytest.fixture(scope="session")
def sandbox_browser() -> Iterator[Browser]:
    path = os.environ.get("BROWSER_PATH") or shutil.which("chromium") or None
    playwright = _thread.submit(sync_playwright().start).result()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    browser = _thread.submit(playwright.chromium.launch, executable_path=path, args=arguments).result()
    yield browser
    _thread.submit(browser.close).result()
    _thread.submit(playwright.stop).result()


Open = Callable[..., Page]


@pytest.fixture
def browse(sandbox_browser: Browser, server: Server) -> Iterator[Open]:
    """Open an empty page in a browser of its own; a script error or a broken policy fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(language: str = "en", **options: object) -> Page:
        context = sandbox_browser.new_context(locale=language, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        return page

    yield open_page
    for context in contexts:
        _thread.submit(context.close).result()
    assert [text for text in complaints if _EXPECTED not in text] == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Check a page against WCAG 2.2 AA with axe."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def check(page: Page) -> None:
        # Without preloading: axe would fetch the style sheets itself, which a strict policy forbids.
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}, "preload": False})
        assert found.violations_count == 0, found.generate_report()

    return check
