"""What the stories in a browser share: how a visitor fills in Stripe's page and dialog, and what axe finds."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

Visit = Callable[..., Page]
# A name of this machine that no browser takes for a secure origin.
CLASSROOM = "board.classroom.test"


def violations(page: Page | Frame) -> list[str]:
    """Return what axe finds, as rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def fill_in_stripes_page(page: Page, number: str) -> None:
    page.fill("[name=email]", "hanako@example.com")
    page.fill("[name=cardNumber]", number)
    page.fill("[name=cardExpiry]", "12 / 40")
    page.fill("[name=cardCvc]", "123")
    page.fill("[name=billingName]", "HANAKO YAMADA")
    page.click("button[type=submit]")


def fill_in_stripes_dialog(page: Page, number: str) -> None:
    dialog = page.frame_locator("iframe.stripe_checkout_app")
    dialog.locator("#email").fill("hanako@example.com")
    dialog.locator("#card_number").fill(number)
    dialog.locator("#cc-exp").fill("12 / 40")
    dialog.locator("#cc-csc").fill("123")
    dialog.locator("button[type=submit]").click()


def switch_to_legacy(page: Page) -> None:
    page.click("button[name=flow][value=legacy]")
    expect(page.locator("button[name=flow][value=legacy]")).to_have_attribute("aria-pressed", "true")
