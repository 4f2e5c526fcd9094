"""Running scenarios of the lab in a real browser: by keys alone, on a phone, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bbs.models import Payment
from tests.browser.stage import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

STARTED_WITHIN = 60_000  # milliseconds; the first run starts a process


def expect_results(page: Page, said: str) -> None:
    expect(page.locator("#messages")).to_be_visible(timeout=STARTED_WITHIN)
    expect(page.locator("[role=status]")).to_contain_text(said)


def test_a_run_is_started_by_the_keyboard_and_shows_its_messages(visit: Visit) -> None:
    page = visit("en")
    page.goto("/compare/lab/tab-closed/")

    page.locator("button[name=scenario]").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/compare/lab/runs/**")
    expect_results(page, "Every outcome is the documented one.")
    expect(page.locator(".lab-table thead th")).to_have_count(4)
    expect(page.locator(".lab-table .verdict-no")).to_contain_text("paid, and the shop does not know")
    expect(page.locator(".lab-choice [aria-current]")).to_contain_text("the article's code")
    page.get_by_role("link", name="modern this site's shop").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lab-choice [aria-current]")).to_contain_text("this site's shop")
    message = page.locator(".wire-messages summary", has_text="checkout.session.completed")
    message.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".wire-messages details[open] pre").first).to_contain_text('"checkout.session.completed"')
    assert violations(page) == []
    assert not Payment.objects.exists()


def test_a_run_is_read_on_a_phone_in_japanese(visit: Visit) -> None:
    page = visit("ja", phone=True, dark=True)
    page.goto("/compare/lab/")
    assert violations(page) == []

    page.click("button[name=scenario][value=server-dies]")

    expect_results(page, "すべて想定どおりの結果です。")
    expect(page.locator("h1")).to_have_text("課金と保存の間でサーバーが止まる")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_scripts_the_page_looks_again_by_itself(visit: Visit) -> None:
    page = visit("en", scripts=False)
    page.goto("/compare/lab/dispute/")

    page.click("button[name=scenario]")

    expect_results(page, "Every outcome is the documented one.")
