"""A purchase in each flow by key presses alone, from the first Tab on the board to the receipt and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from bbs.models import Payment
from tests.browser.stage import Visit
from tests.stage.people import VISA

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

MOST_TABS = 60


def tab_to(page: Page, selector: str, within: Page | Frame | None = None) -> None:
    """Press Tab until what has the focus is the element, or fail."""
    for _ in range(MOST_TABS):
        if (within or page).evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {selector}")


def fill_in(page: Page, fields: dict[str, str], within: Page | Frame) -> None:
    for selector, text in fields.items():
        tab_to(page, selector, within)
        page.keyboard.type(text)


def test_modern_is_paid_by_the_keyboard(visit: Visit) -> None:
    page = visit("en")

    tab_to(page, "button.pay-button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/pay/**")
    card = {"[name=cardNumber]": VISA, "[name=cardExpiry]": "1240", "[name=cardCvc]": "123"}
    fill_in(page, {"[name=email]": "hanako@example.com"} | card | {"[name=billingName]": "HANAKO YAMADA"}, page)
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")

    expect_receipt_and_go_back(page, "modern")


def test_legacy_is_paid_by_the_keyboard(visit: Visit) -> None:
    page = visit("en")

    tab_to(page, "button[name=flow][value=legacy]")
    page.keyboard.press("Enter")
    expect(page.locator("button[name=flow][value=legacy]")).to_be_focused()
    tab_to(page, "button.stripe-button-el")
    page.keyboard.press("Enter")
    email = page.frame_locator("iframe.stripe_checkout_app").locator("#email")
    expect(email).to_be_focused()
    dialog = next(frame for frame in page.frames if "checkout-dialog" in frame.url)
    fill_in(page, {"#email": "hanako@example.com", "#card_number": VISA, "#cc-exp": "12/40", "#cc-csc": "123"}, dialog)
    tab_to(page, "button[type=submit]", dialog)
    page.keyboard.press("Enter")

    expect_receipt_and_go_back(page, "legacy")


def expect_receipt_and_go_back(page: Page, flow: str) -> None:
    page.wait_for_url("**/payments/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Paid ¥2,000")
    tab_to(page, "#receipt a[href='/'], main a[href='/']")
    page.keyboard.press("Enter")
    expect(page.locator(".topic").first).to_contain_text("New order: T-shirt. Thank you.")
    assert [(each.status, each.flow) for each in Payment.objects.all()] == [("paid", flow)]
