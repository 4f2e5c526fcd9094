"""Take the README's pictures of a running board: `python docs/take_screenshots.py http://127.0.0.1:8000/`.

Needs requirements-dev.txt, and Chromium where Playwright finds it or at $BROWSER_PATH.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

DOCS = Path(__file__).resolve().parent
SHOP = DOCS.parent / "tests" / "stripe_scan" / "stage" / "legacy_shop"
SCROLL = "selector => document.querySelector(selector).scrollIntoView({behavior: 'instant'})"


def take(browser: Browser, address: str, language: str, suffix: str) -> None:
    """Save each page of the READMEs in one language."""
    page = browser.new_context(locale=language, viewport={"width": 1100, "height": 860}).new_page()
    page.goto(address)
    page.screenshot(path=DOCS / f"board{suffix}.png")
    page.click(".pay-button")
    page.wait_for_url("**/c/pay/**")
    page.screenshot(path=DOCS / f"modern{suffix}.png")
    card = {"email": "hanako@example.com", "cardNumber": "4242424242424242", "cardExpiry": "12 / 40", "cardCvc": "123"}
    for name, value in {**card, "billingName": "HANAKO YAMADA"}.items():
        page.fill(f"[name={name}]", value)
    page.click("button[type=submit]")
    page.click("a[href*='/compare/wire/']")
    page.wait_for_timeout(5000)  # the webhooks are still coming
    page.evaluate(SCROLL, ".wire-side")
    page.screenshot(path=DOCS / f"wire{suffix}.png")
    page.goto(address)
    page.click("button[name=flow][value=legacy]")
    page.click(".stripe-button-el")
    page.frame_locator("iframe.stripe_checkout_app").locator("#card_number").wait_for()
    page.wait_for_timeout(500)  # the dialog fades in
    page.screenshot(path=DOCS / f"legacy{suffix}.png")
    page.goto(f"{address}compare/")
    page.evaluate(SCROLL, "#steps")
    page.screenshot(path=DOCS / f"compare{suffix}.png")
    page.goto(f"{address}compare/scan/")
    page.set_input_files("#scan-zip", {"name": "shop.zip", "mimeType": "application/zip", "buffer": legacy_shop()})
    page.click("button[name=upload]")
    page.evaluate(SCROLL, "#findings")
    page.screenshot(path=DOCS / f"scan{suffix}.png")


def legacy_shop() -> bytes:
    """Return the small legacy shop of the scanner's tests as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(SHOP.rglob("*.*")):
            archive.write(file, file.relative_to(SHOP))
    return stream.getvalue()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("BROWSER_PATH") or None, args=["--no-sandbox"]
        )
        for language, suffix in (("en", ""), ("ja", ".ja")):
            take(chromium, sys.argv[1], language, suffix)
