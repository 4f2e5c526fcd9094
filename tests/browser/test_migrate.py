"""Following the migration guide in a real browser: its progress stays, its patches are copied; and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from compare.migrate.states import differences
from tests.browser.stage import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_progress_is_kept_in_the_browser(visit: Visit, language: str) -> None:
    page = visit(language, phone=True)
    page.goto("/compare/migrate/")
    expect(page.locator("[data-progress] output")).to_have_text("0 / 12")

    page.locator("[data-step=take-stock]").focus()
    page.keyboard.press("Space")
    page.locator("[data-step=tests]").check()
    page.reload()

    expect(page.locator("[data-progress] output")).to_have_text("2 / 12")
    expect(page.locator("[data-step=take-stock]")).to_be_checked()
    expect(page.locator("[data-step=raise-sdk]")).not_to_be_checked()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("kept", ["not JSON", "null", "{}", '["none", 3]'])
def test_what_the_browser_holds_of_others_counts_as_nothing(visit: Visit, kept: str) -> None:
    page = visit("en")
    page.evaluate("text => localStorage.setItem('migration-steps', text)", kept)

    page.goto("/compare/migrate/")

    expect(page.locator("[data-progress] output")).to_have_text("0 / 12")


def test_without_scripts_the_steps_are_a_plain_list(visit: Visit) -> None:
    page = visit("en", scripts=False)
    page.goto("/compare/migrate/")

    expect(page.locator("[data-step]:visible, [data-progress]:visible, [data-print]:visible")).to_have_count(0)
    expect(page.locator(".guide-steps > li")).to_have_count(12)


def test_a_patch_is_copied_whole(visit: Visit) -> None:
    page = visit("en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/compare/migrate/modern/")

    page.locator("[data-copy=patch]").click()

    expect(page.locator("[data-copy=patch]")).to_have_text("Copied")
    patch = "".join(f"{line}\n" for file in differences("modern") for line in file.lines)
    assert page.evaluate("navigator.clipboard.readText()") == patch
