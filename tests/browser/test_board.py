"""Writing on the board, and what every page owes to everybody who opens it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Visit, looks, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

POST = {"ja": "投稿する", "en": "Post"}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_comment_is_posted_and_shown_first(visit: Visit, language: str, scripts: bool) -> None:
    page = visit(language, scripts=scripts)

    page.fill("[name=comment]", "一行目\n二行目 <b>&")
    page.get_by_role("button", name=POST[language]).click()

    expect(page.locator(".topic-comment").first).to_have_text("一行目\n二行目 <b>&", use_inner_text=True)


def test_a_text_that_is_being_written_survives_choosing_a_product(visit: Visit) -> None:
    page = visit("en")
    page.fill("[name=comment]", "half a sent")

    page.get_by_label("Sunglass 101").check()
    expect(page.get_by_role("button", name="Pay $20.00")).to_be_visible()

    expect(page.locator("[name=comment]")).to_have_value("half a sent")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".topic-comment").first).to_have_text("half a sent")
    expect(page.locator("[name=comment]")).to_have_value("")


def test_the_language_can_be_switched_in_the_header(visit: Visit) -> None:
    page = visit("en")

    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@looks
def test_every_page_of_ours_is_accessible(visit: Visit, language: str, phone: bool, dark: bool) -> None:
    page = visit(language, phone=phone, dark=dark)
    found = violations(page)

    page.click("button[name=flow][value=legacy]")
    found += violations(page)
    page.get_by_role("button", name=POST[language]).click()
    found += violations(page)
    page.goto("/canceled/")
    found += violations(page)
    page.goto("/?quantity=11")
    found += violations(page)

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_board_can_be_used_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("en")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.locator("[name=comment]").focus()
    page.keyboard.type("typed")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Post")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".topic-comment").first).to_have_text("typed")
