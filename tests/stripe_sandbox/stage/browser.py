"""A real browser, in a thread of its own: Playwright allows one event loop a thread, and the board's browser tests
have theirs in the main one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, expect

thread = ThreadPoolExecutor(1)
# Opens an empty page in a browser of its own.
Open = Callable[..., Page]
# Milliseconds: long enough for a busy machine, since what is so ends the wait. Playwright's own 5,000 are not.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
