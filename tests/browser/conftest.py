"""A real browser on a running board, with the sandbox's webhooks delivered as they are in real life."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from bbs import demo
from stripe_sandbox.clock import worker
from tests.browser.stage import CLASSROOM, Visit
from tests.stripe_sandbox.stage.browser import PATIENCE

# Playwright's sync API runs an event loop in this thread, which makes Django fear for its database connections.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A classroom reaches the board by the name of another machine, over plain http: here that machine is this one. The last
# five keep Chromium from calling its maker, which has nothing to do with the board.
ARGUMENTS = [
    "--no-sandbox",
    f"--host-resolver-rules=MAP {CLASSROOM} 127.0.0.1",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What Chromium logs as an error too: an answer of 400 or more, though a refused order is no fault of the page, and over
# plain http from another machine a header of Django's that counts on secure origins alone.
HARMLESS = ["the server responded with a status of", "Cross-Origin-Opener-Policy header has been ignored"]


def is_complaint(message: ConsoleMessage) -> bool:
    """Return whether Chromium logs an error of the page: what a test itself runs in it, such as axe, has no address."""
    return message.type == "error" and bool(message.location["url"])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if why := os.environ.get("BROWSER_MISSING"):
        pytest.fail(why)  # under CI only: elsewhere these tests are skipped, and say so
    with sync_playwright() as playwright:
        path = os.environ.get("BROWSER_PATH") or None
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def shop(site: str, settings, mailoutbox: list[EmailMessage]) -> Iterator[str]:
    """The address of a running board with the samples on it, and webhooks delivered on the sandbox's thread."""
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"DELIVERIES": "thread"}
    demo.load()
    yield site
    worker.stop()


@pytest.fixture
def visit(chromium: Browser, shop: str) -> Iterator[Visit]:
    """Open the board in a browser of its own: `visit("ja", scripts=False, phone=True, dark=True)`.

    A script error or a refusal by the Content-Security-Policy on any page fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_board(language: str, *, scripts: bool = True, phone: bool = False, dark: bool = False) -> Page:
        context = chromium.new_context(
            base_url=shop,
            locale=language,
            java_script_enabled=scripts,
            viewport={"width": 390, "height": 844} if phone else {"width": 1200, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.goto("/")
        return page

    yield open_board
    for context in contexts:
        context.close()
    assert [complaint for complaint in complaints if not any(harmless in complaint for harmless in HARMLESS)] == []
