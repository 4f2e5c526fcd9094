"""Legacy Checkout: the script on a shop's page under a strict policy, from another origin."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import FrameLocator, Page, expect

from stripe_sandbox import money
from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.server import Server

pytestmark = pytest.mark.browser
OPTIONS = (
    'data-key="pk_test_sandbox" data-amount="2000" data-currency="jpy" data-name="Board" data-description="T-shirt"'
)
CUSTOM = """
const handler = StripeCheckout.configure({
  key: "pk_test_sandbox", locale: "en", email: "known@b.example", name: "Custom", panelLabel: "Give {{amount}}",
  amount: 500, currency: "usd",
  token: (token, args) => { document.title = `${token.id} ${token.email} ${token.card.last4}`; },
  opened: () => { document.body.dataset.opened = "yes"; },
  closed: () => { document.body.dataset.closed = "yes"; },
});
document.querySelector("#open").addEventListener("click", () => handler.open({ description: "By script" }));
"""


@pytest.fixture
def shop(server: Server) -> Callable[..., str]:
    """Put a page with the script on the shop, under a policy as strict as the board's; return its address."""

    def build(options: str = OPTIONS, more: str = "") -> str:
        script = f'<script src="{server.url}/checkout.js" class="stripe-button" {options}></script>'
        server.endpoint.policy = (
            f"default-src 'none'; script-src 'self' {server.url}; style-src {server.url}; frame-src {server.url}; "
            "form-action 'self'; base-uri 'none'"
        )
        form = f'<form method="post" action="/charge"><input name="order" value="7"><label>{script}</label></form>'
        server.endpoint.pages["/"] = f"<!doctype html><html lang=en><title>Shop</title><body><h1>Shop</h1>{form}{more}"
        return server.endpoint.shop

    yield build
    server.endpoint.policy = ""
    server.endpoint.pages.clear()


def dialog(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=stripe_checkout_app].stripe_checkout_app")


def fill(page: Page, number: str = "4242424242424242", cvc: str = "123") -> None:
    frame = dialog(page)
    frame.locator("#email").fill("hanako@example.com")
    frame.locator("#card_number").fill(number)
    frame.locator("#cc-exp").fill("12 / 40")
    frame.locator("#cc-csc").fill(cvc)


def test_the_dialog_turns_a_card_into_a_token_and_submits_the_form(
    server: Server, shop: Callable[..., str], browse: Open
) -> None:
    page = browse("en")
    page.goto(shop())
    expect(page.locator("button.stripe-button-el > span")).to_have_text("Pay with Card")
    page.click("button.stripe-button-el")
    expect(dialog(page).locator("h1")).to_have_text("Board")
    expect(dialog(page).locator("button.pay")).to_have_text("Pay ¥2,000")
    fill(page)
    dialog(page).locator("button.pay").click()
    page.wait_for_url("**/charge")

    (form,) = server.endpoint.forms
    assert form.pop("stripeToken").startswith("tok_1")
    assert form == {"order": "7", "stripeTokenType": "card", "stripeEmail": "hanako@example.com"}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_price_is_that_of_stripes_decimals_and_not_the_browsers(
    language: str, shop: Callable[..., str], browse: Open
) -> None:
    amounts = {"ugx": 500000, "huf": 1999050, "all": 1995050, "mmk": 150, "kwd": 1230, "isk": 100, "USD": 5, "jpy": 1}
    page = browse(language)

    for currency, amount in amounts.items():
        page.goto(
            shop(f'data-key="pk_test_sandbox" data-amount="{amount}" data-currency="{currency}" data-locale="auto"')
        )
        page.click("button.stripe-button-el")
        price = money.written(amount, currency.lower(), language)
        expect(dialog(page).locator("button.pay")).to_have_text(re.compile(f" {re.escape(price)}$"))


@pytest.mark.parametrize(
    ("query", "price"),
    [
        ("amount=500000&currency=UGX", "UGX\N{NO-BREAK SPACE}5,000"),
        ("amount=999999999999&currency=idr", "IDR\N{NO-BREAK SPACE}9,999,999,999.99"),
        ("currency=usd", ""),
        ("amount=20.00&currency=usd", ""),
        ("amount=1000000000000&currency=idr", ""),
        ("amount=500&currency=xyz", ""),
        ("amount=%EF%BC%95&currency=usd", ""),
    ],
)
def test_the_dialogs_page_writes_the_price_that_it_is_given(client: Client, query: str, price: str) -> None:
    page = client.get(f"/sandbox/checkout-dialog/?locale=en&{query}").content.decode()

    assert f'data-price="{price}"' in page


def test_a_card_that_cannot_be_read_is_reported_in_the_dialog_and_never_posted(
    server: Server, shop: Callable[..., str], browse: Open
) -> None:
    page = browse("ja")
    page.goto(shop(f'{OPTIONS} data-locale="auto"'))
    page.click("button.stripe-button-el")
    fill(page, "4242424242424241")
    dialog(page).locator("button.pay").click()

    expect(dialog(page).locator("#problem")).to_have_text("カード番号が正しくありません。")
    expect(dialog(page).locator("#card_number")).to_be_focused()
    assert server.endpoint.forms == []


@pytest.mark.parametrize("way", ["Escape", "outside", "button"])
def test_the_dialog_closes_and_gives_the_focus_back(way: str, shop: Callable[..., str], browse: Open) -> None:
    page = browse()
    page.goto(shop())
    page.click("button.stripe-button-el")
    fill(page)
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "outside":
        dialog(page).locator(".backdrop").click(position={"x": 5, "y": 5})
    else:
        dialog(page).get_by_role("button", name="Close").click()
    expect(page.locator("iframe.stripe_checkout_app")).to_have_count(0)
    expect(page.locator("button.stripe-button-el")).to_be_focused()

    page.click("button.stripe-button-el")

    expect(dialog(page).locator("#email")).to_have_value("")
    expect(dialog(page).locator("#card_number")).to_have_value("")


def test_the_focus_stays_in_the_dialog(shop: Callable[..., str], browse: Open) -> None:
    page = browse()
    page.goto(shop())
    page.click("button.stripe-button-el")
    expect(dialog(page).locator("#email")).to_be_focused()
    frame = page.frame(name="stripe_checkout_app")
    stops = []
    for _ in range(7):
        stops.append(frame.evaluate("document.activeElement.id || document.activeElement.className"))
        page.keyboard.press("Tab")

    assert stops == ["email", "card_number", "cc-exp", "cc-csc", "submitButton", "close", "email"]


def test_addresses_are_asked_for_and_posted(server: Server, shop: Callable[..., str], browse: Open) -> None:
    page = browse()
    wanted = (
        f'{OPTIONS} data-billing-address="true" data-shipping-address="true" data-label="Buy" data-panel-label="Send"'
    )
    page.goto(shop(wanted))
    expect(page.locator("button.stripe-button-el")).to_have_text("Buy")
    page.click("button.stripe-button-el")
    expect(dialog(page).locator("button.pay")).to_have_text("Send ¥2,000")
    fill(page)
    for part in ("billing", "shipping"):
        for name, text in {
            "name": "Hanako",
            "line1": "1-2-3",
            "zip": "100-0001",
            "city": "Chiyoda",
        }.items():
            dialog(page).locator(f"#{part}-{name}").fill(text)
        dialog(page).locator(f"#{part}-country").select_option("JP")
    dialog(page).locator("button.pay").click()
    page.wait_for_url("**/charge")

    (form,) = server.endpoint.forms
    assert form["stripeBillingName"] == form["stripeShippingName"] == "Hanako"
    assert form["stripeBillingAddressLine1"] == form["stripeShippingAddressLine1"] == "1-2-3"
    assert form["stripeBillingAddressZip"] == "100-0001"
    assert form["stripeShippingAddressCountryCode"] == "JP"


def test_a_script_of_the_shops_own_opens_it_too(server: Server, shop: Callable[..., str], browse: Open) -> None:
    page = browse()
    server.endpoint.pages["/custom.js"] = CUSTOM
    page.goto(shop(more='<button id="open">Open</button><script src="/custom.js" defer></script>'))
    page.click("#open")
    expect(dialog(page).locator("#description")).to_have_text("By script")
    expect(dialog(page).locator("button.pay")).to_have_text("Give $5.00")
    expect(dialog(page).locator("#email")).to_have_value("known@b.example")
    expect(dialog(page).locator("#card_number")).to_be_focused()
    fill(page)
    dialog(page).locator("button.pay").click()
    expect(page.locator("iframe.stripe_checkout_app")).to_have_count(0)

    assert page.title().startswith("tok_1")
    assert page.title().endswith("hanako@example.com 4242")
    assert page.evaluate("[document.body.dataset.opened, document.body.dataset.closed]") == ["yes", "yes"]


def test_the_dialog_is_accessible(shop: Callable[..., str], browse: Open, accessible: Callable[[Page], None]) -> None:
    for scheme in ("light", "dark"):
        page = browse("ja", color_scheme=scheme)
        page.goto(shop(f'{OPTIONS} data-billing-address="true" data-shipping-address="true"'))
        page.click("button.stripe-button-el")
        expect(dialog(page).locator("#email")).to_be_focused()
        accessible(page)
        dialog(page).locator("#submitButton").click()
        expect(dialog(page).locator("[aria-invalid]").first).to_be_focused()

        accessible(page)
