"""Paying in a real browser, in both flows and both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bbs.models import Payment, Product
from tests.browser.stage import Visit, fill_in_stripes_dialog, fill_in_stripes_page, switch_to_legacy, violations
from tests.stage.people import DECLINED, NO_FUNDS, VISA

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]

WORDS = {
    "ja": {
        "pay": "￥2,000 を支払う",
        "paid": "￥2,000 のお支払いが完了しました",
        "thanks": "Tシャツ が購入されました。ありがとうございます。",
        "declined": "決済できませんでした",
        "back": "掲示板に戻る",
        "again": "もう一度試す",
        "instead": "Stripe のページで支払う",
        "not_paid": "お支払いは完了していません",
        "retry": "￥2,000 の支払いへ進む",
    },
    "en": {
        "pay": "Pay ¥2,000",
        "paid": "Paid ¥2,000",
        "thanks": "New order: T-shirt. Thank you.",
        "declined": "Not paid: nothing was charged",
        "back": "Back to the board",
        "again": "Try again",
        "instead": "Pay on Stripe's page instead",
        "not_paid": "Your payment was not completed",
        "retry": "Continue to pay ¥2,000",
    },
}

languages = pytest.mark.parametrize("language", ["ja", "en"])


def go_to_stripes_page(page: Page, words: dict[str, str]) -> None:
    page.get_by_role("button", name=words["pay"]).click()
    page.wait_for_url("**/c/pay/**")


def expect_receipt_and_thanks(page: Page, words: dict[str, str], flow: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["paid"])
    expect(page.locator("#receipt")).to_contain_text("Visa ···· 4242")
    expect(page.locator("#receipt .flow-badge")).to_have_text(flow)
    page.get_by_role("link", name=words["back"]).click()
    expect(page.locator(".topic").first).to_contain_text(words["thanks"])
    payment = Payment.objects.get(status="paid")
    assert (payment.flow, payment.amount, payment.currency) == (flow, 2000, "jpy")


@languages
def test_modern_pays_on_stripes_page_and_shows_the_receipt(visit: Visit, language: str) -> None:
    pay_and_expect_receipt(visit(language), WORDS[language])


@languages
def test_modern_works_without_scripts(visit: Visit, language: str) -> None:
    pay_and_expect_receipt(visit(language, scripts=False, phone=True), WORDS[language])


def pay_and_expect_receipt(page: Page, words: dict[str, str]) -> None:
    go_to_stripes_page(page, words)
    fill_in_stripes_page(page, VISA)
    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "modern")


@languages
def test_modern_shows_a_decline_on_stripes_page_and_another_card_pays_there(visit: Visit, language: str) -> None:
    page, words = visit(language), WORDS[language]
    go_to_stripes_page(page, words)

    fill_in_stripes_page(page, NO_FUNDS)
    expect(page.get_by_role("alert")).to_be_visible()
    assert "/c/pay/" in page.url
    assert Payment.objects.get().status == "pending"

    fill_in_stripes_page(page, VISA)
    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "modern")


@languages
def test_modern_can_be_canceled_and_paid_after_all(visit: Visit, language: str) -> None:
    page, words = visit(language), WORDS[language]
    go_to_stripes_page(page, words)

    page.locator("a[href*='/canceled/']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["not_paid"])
    assert Payment.objects.get().status == "pending"

    page.get_by_role("button", name=words["retry"]).click()
    page.wait_for_url("**/c/pay/**")
    fill_in_stripes_page(page, VISA)
    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "modern")
    assert Payment.objects.count() == 1


@languages
def test_legacy_pays_in_the_dialog_over_our_page(visit: Visit, language: str) -> None:
    page, words = visit(language), WORDS[language]
    switch_to_legacy(page)

    page.locator("button.stripe-button-el").click()
    fill_in_stripes_dialog(page, VISA)

    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "legacy")


@languages
def test_legacy_shows_the_same_price_on_the_button_and_in_the_dialog(visit: Visit, language: str) -> None:
    page, price = visit(language), "UGX\N{NO-BREAK SPACE}5,000"
    Product.objects.filter(slug="t-shirt").update(currency="ugx", unit_amount=500_000)
    switch_to_legacy(page)

    button = page.locator("button.stripe-button-el")
    expect(button).to_contain_text(price)
    button.click()

    expect(page.frame_locator("iframe.stripe_checkout_app").locator("button.pay")).to_contain_text(price)


@languages
@pytest.mark.parametrize("card_tokens", ["ended", "japan"])
def test_legacy_leads_to_stripes_page_where_the_account_can_charge_no_token(
    visit: Visit, settings, card_tokens: str, language: str
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CARD_TOKENS": card_tokens}
    page, words = visit(language), WORDS[language]
    switch_to_legacy(page)

    page.locator("button.stripe-button-el").click()
    fill_in_stripes_dialog(page, VISA)
    page.wait_for_url("**/payments/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["declined"])
    assert violations(page) == []

    page.get_by_role("button", name=words["instead"]).click()
    go_to_stripes_page(page, words)
    fill_in_stripes_page(page, VISA)
    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "modern")
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["failed", "paid"]


@languages
def test_legacy_says_what_a_decline_means_and_the_card_is_entered_again(visit: Visit, language: str) -> None:
    page, words = visit(language), WORDS[language]
    switch_to_legacy(page)

    page.locator("button.stripe-button-el").click()
    fill_in_stripes_dialog(page, DECLINED)
    page.wait_for_url("**/payments/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["declined"])

    page.get_by_role("link", name=words["again"]).click()
    page.locator("button.stripe-button-el").click()
    fill_in_stripes_dialog(page, VISA)
    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "legacy")
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["failed", "paid"]


def test_a_form_open_in_one_tab_still_pays_after_the_flow_was_switched_in_another(visit: Visit) -> None:
    page, words = visit("en"), WORDS["en"]
    other = page.context.new_page()
    other.goto("/")
    switch_to_legacy(other)

    go_to_stripes_page(page, words)
    fill_in_stripes_page(page, VISA)

    page.wait_for_url("**/payments/**")
    expect_receipt_and_thanks(page, words, "modern")


def test_a_quantity_that_was_entered_a_moment_ago_is_shown_with_its_price_before_it_is_paid(visit: Visit) -> None:
    page = visit("en")
    # As when the button is pressed while the quantity is still being typed: no event says yet that it changed.
    page.get_by_label("Quantity").evaluate("field => { field.value = '3'; }")

    page.get_by_role("button", name="Pay ¥2,000").click()

    expect(page.get_by_role("button", name="Pay ¥6,000")).to_be_visible()
    assert not Payment.objects.exists()


def test_choosing_another_product_and_quantity_shows_its_button_at_once(visit: Visit) -> None:
    page = visit("en")

    page.get_by_label("Sunglass 101").check()
    expect(page.get_by_role("button", name="Pay $20.00")).to_be_visible()
    page.get_by_label("Quantity").fill("3")
    page.get_by_label("Quantity").blur()

    expect(page.get_by_role("button", name="Pay $60.00")).to_be_visible()


def test_the_pay_button_says_so_when_the_board_cannot_be_reached_and_can_be_pressed_again(visit: Visit) -> None:
    page = visit("en")
    page.route("**/create-checkout-session/", lambda route: route.fulfill(status=502, body="<html>"))

    page.get_by_role("button", name="Pay ¥2,000").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was charged")
    page.unroute("**/create-checkout-session/")
    page.get_by_role("button", name="Pay ¥2,000").click()
    page.wait_for_url("**/c/pay/**")
