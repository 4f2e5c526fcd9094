"""The hosted page under the hands of end-to-end tests that were written for Stripe's own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.calls import line, session
from tests.stripe_sandbox.stage.server import Server

pytestmark = pytest.mark.browser


def opened(server: Server, browse: Open, **more: object) -> Page:
    """Open the page of a fresh session, in dollars: a card is the only way to pay."""
    shop = server.endpoint.shop
    addresses = {"success_url": f"{shop}/success?id={{CHECKOUT_SESSION_ID}}", "cancel_url": f"{shop}/canceled.html"}
    page = browse("en")
    page.goto(server.api.v1.checkout.sessions.create(params=session(line_items=[line(2000, "usd")], **addresses)).url)
    return page


def fill_in(page: Page) -> None:
    page.fill("[name=cardNumber]", "4242424242424242")
    page.fill("[name=cardExpiry]", "12 / 33")
    page.get_by_placeholder("CVC").fill("123")
    page.fill("[name=billingName]", "James McGill")
    page.select_option("#billingCountry", label="United States")
    page.fill("[name=billingPostalCode]", "10000")


def details(server: Server, page: Page) -> tuple[str, str, str, str, int]:
    page.wait_for_url("**/success?id=cs_test_**")
    paid = server.api.v1.checkout.sessions.retrieve(page.url.partition("=")[2])
    where = paid.customer_details.address
    return paid.customer_details.name, where.country, where.postal_code, paid.customer_details.email, paid.amount_total


def test_the_spec_of_accept_a_payment_passes(server: Server, browse: Open) -> None:
    """https://github.com/stripe-samples/accept-a-payment: spec/prebuilt_checkout_page_e2e_spec.rb, step by step."""
    page = opened(server, browse)
    page.fill("[name=email]", "test@example.com")
    page.get_by_test_id("card-accordion-item").click()
    fill_in(page)
    page.get_by_role("button", name="Pay").click()

    assert details(server, page) == ("James McGill", "US", "10000", "test@example.com", 2000)


def test_the_spec_of_checkout_one_time_payments_passes(server: Server, browse: Open) -> None:
    """https://github.com/stripe-samples/checkout-one-time-payments: spec/e2e_spec.rb, step by step."""
    page = opened(server, browse)
    page.fill("[name=email]", "test@example.com")
    page.get_by_role("button", name="Pay").click()
    expect(page.locator("#cardNumber")).to_be_focused()
    fill_in(page)
    page.locator("#enableStripePass").uncheck()
    page.get_by_text("Pay", exact=True).first.click()

    assert details(server, page) == ("James McGill", "US", "10000", "test@example.com", 2000)


@pytest.mark.parametrize("currency", ["usd", "jpy"])
def test_the_names_by_which_public_tests_find_their_way_are_on_the_page(
    currency: str, server: Server, browse: Open
) -> None:
    page = browse("en")
    page.goto(server.api.v1.checkout.sessions.create(params=session(line_items=[line(2000, currency)])).url)
    page.locator("select[name=billingCountry]").select_option("GB")

    for selector in (
        *("form.PaymentForm-form", "#email", "#cardNumber", "#cardExpiry", "#cardCvc", "#billingName"),
        *("#billingCountry", "#billingPostalCode", ".SubmitButton", "[data-testid=card-accordion-item]"),
        *("button[data-testid=hosted-payment-submit-button]", "input[placeholder='1234 1234 1234 1234']"),
        *("input[placeholder='MM / YY']", "input[autocomplete=cc-number]", "input[autocomplete=cc-csc]"),
    ):
        expect(page.locator(selector)).to_be_visible()
    for label in ("Email", "Card number", "Expiration", "CVC", "Cardholder name"):
        expect(page.get_by_role("textbox", name=label)).to_be_visible()
    expect(page.get_by_label("Country or region")).to_have_value("GB")
    for field, text in {"cardNumber": "4242 4242 4242 4242", "cardExpiry": "01 / 30", "cardCvc": "123"}.items():
        page.locator(f"#{field}").fill(text)
        expect(page.locator(f"#{field}")).to_have_value(text)


def test_the_postal_code_is_asked_for_where_every_card_has_one_and_is_then_required(
    server: Server, browse: Open
) -> None:
    page = opened(server, browse)
    expect(page.locator("#billingCountry")).to_have_value("JP")
    expect(page.locator("#billingPostalCode")).to_be_hidden()
    fill_in(page)
    page.fill("#email", "test@example.com")
    page.fill("#billingPostalCode", "")
    page.click(".SubmitButton")
    expect(page.locator("#billingPostalCode-error")).to_have_text("Please fill this in.")
    expect(page.locator("#billingPostalCode")).to_be_focused()
    expect(page.locator("#cardNumber")).to_have_value("4242 4242 4242 4242")
    page.select_option("#billingCountry", "DE")
    expect(page.locator("#billingPostalCode")).to_be_hidden()
    page.click(".SubmitButton")

    assert details(server, page)[1:3] == ("DE", None)


def test_the_country_is_kept_when_the_card_is_declined_or_not_authenticated(server: Server, browse: Open) -> None:
    page = opened(server, browse)
    for number in ("4000000000009995", "4000002760003184"):
        page.fill("#email", "test@example.com")
        fill_in(page)
        page.fill("#cardNumber", number)
        page.click(".SubmitButton")
        if number.endswith("3184"):
            page.get_by_role("button", name="Fail").click()

        expect(page.get_by_role("alert")).to_contain_text("Nothing was charged.")
        expect(page.locator("#billingCountry")).to_have_value("US")
        expect(page.locator("#billingPostalCode")).to_have_value("10000")
        expect(page.locator("#cardNumber")).to_have_value("")
