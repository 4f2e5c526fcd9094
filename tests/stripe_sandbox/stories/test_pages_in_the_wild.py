"""checkout.js on pages as shops wrote them: own buttons, scripts put in later, callbacks, other people's libraries."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest
from playwright.sync_api import Route, expect

from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.server import Server
from tests.stripe_sandbox.stage.shop_page import KEY, YEN, ShopPage, dialog, enter_card, pay, shop_page

pytestmark = pytest.mark.browser
FRAME = "iframe.stripe_checkout_app"
GENERATED = "button.stripe-button-el"
HIDE = "document.querySelector('.stripe-button-el').hidden = true;"
REMOVE = "document.querySelector('.stripe-button-el').remove();"
CALLBACKS = """
window.calls = [];
window.handler = StripeCheckout.configure({
  key: "pk_test_sandbox", amount: 500, currency: "usd", name: "First", email: "known@b.example",
  opened: () => calls.push("opened"), closed: () => calls.push("closed"),
  token: (token, args) => calls.push("token", token.email, args),
});
"""


@pytest.fixture
def shop(server: Server) -> Iterator[ShopPage]:
    with shop_page(server) as page:
        yield page


@pytest.mark.parametrize(
    ("inside", "outside", "script", "act"),
    [
        ("<button>決済</button>", "", "", "page.get_by_role('button', name='決済').click()"),
        ("<button id=own>Proceed</button>", "", HIDE, "page.click('#own')"),
        ("<input type=submit id=own value=Proceed>", "", REMOVE, "page.click('#own')"),
        ("", "<button form=form id=own>Proceed</button>", HIDE, "page.click('#own')"),
        ("", "", HIDE, "page.evaluate('form.requestSubmit()')"),
        ("", "", "", "page.press('[name=order]', 'Enter')"),
        ("<button id=own>Proceed</button>", "", REMOVE, "page.press('[name=order]', 'Enter')"),
    ],
    ids=["the article's", "hidden", "removed", "outside", "requestSubmit", "enter", "enter in the own button's form"],
)
def test_a_shops_own_way_to_submit_opens_the_dialog_and_posts_once_with_a_token(
    inside: str, outside: str, script: str, act: str, server: Server, shop: ShopPage, browse: Open
) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form(shop.script() + inside) + outside, own=script))
    eval(act, {"page": page})  # noqa: S307
    expect(dialog(page).locator("#email")).to_be_focused()
    assert server.endpoint.forms == []

    pay(page)
    page.wait_for_url("**/charge")

    (form,) = server.endpoint.forms
    assert form["order"] == "7"
    assert form["stripeToken"].startswith("tok_1")


def test_a_form_that_a_script_submits_is_posted_without_a_token(server: Server, shop: ShopPage, browse: Open) -> None:
    """`form.submit()` fires no event that Stripe's script could have seen either."""
    page = browse("en")
    page.goto(shop.put(shop.form(shop.script())))
    page.evaluate("document.querySelector('form').submit()")
    page.wait_for_url("**/charge")

    assert server.endpoint.forms == [{"order": "7"}]


def test_the_generated_button_opens_the_dialog_whatever_else_the_form_lacks(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form("<input name=size required>" + shop.script())))
    page.click(GENERATED)

    expect(dialog(page).locator("#email")).to_be_focused()


def test_a_disabled_generated_button_keeps_the_form_from_being_posted(
    server: Server, shop: ShopPage, browse: Open
) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form(shop.script()), own="document.querySelector('.stripe-button-el').disabled = true;"))
    page.evaluate("form.requestSubmit()")
    page.wait_for_timeout(200)

    expect(page.locator(FRAME)).to_have_count(0)
    assert server.endpoint.forms == []


def test_each_of_several_buttons_posts_its_own_form(server: Server, shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    other = shop.form(shop.script(f"{YEN} data-label=Other"), "").replace('value="7"', 'value="8"')
    page.goto(shop.put(shop.form(shop.script()) + other))
    expect(page.locator(GENERATED)).to_have_text(["Pay with Card", "Other"])
    page.get_by_role("button", name="Other").click()
    pay(page)
    page.wait_for_url("**/charge")

    assert [form["order"] for form in server.endpoint.forms] == ["8"]


def test_a_field_named_submit_is_no_obstacle(server: Server, shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form('<input type=submit name=submit value="Buy">' + shop.script())))
    page.get_by_role("button", name="Buy").click()
    pay(page)
    page.wait_for_url("**/charge")

    assert server.endpoint.forms[0]["stripeToken"].startswith("tok_1")


@pytest.mark.parametrize("library", ["", "jquery"])
def test_a_script_outside_any_form_gets_a_button_and_the_token_event(
    library: str, shop: ShopPage, browse: Open
) -> None:
    page = browse("en")
    listen = "document.addEventListener('token', (event) => { document.title = event.detail.id; });"
    if library:
        listen = "$('.stripe-button').bind('token', (event, token) => { document.title = token.id; });"
    page.goto(shop.put(f"<div>{shop.script()}</div>", **jquery(library), own=listen))
    page.click(GENERATED)
    pay(page)
    expect(page.locator(FRAME)).to_have_count(0)

    assert page.title().startswith("tok_1")
    expect(page.locator(GENERATED)).to_be_disabled()


def jquery(wanted: str = "jquery") -> dict[str, str]:
    """Return the jQuery that Django's admin has, as a script of the page."""
    path = "contrib/admin/static/admin/js/vendor/jquery/jquery.min.js"
    return {"jquery": resources.files("django").joinpath(path).read_text(encoding="utf-8")} if wanted else {}


@pytest.mark.parametrize(
    "insert",
    [
        """const script = document.createElement("script");
        script.src = "SANDBOX/checkout.js"; script.className = "stripe-button";
        Object.assign(script.dataset, { key: "pk_test_sandbox", amount: "2000", currency: "jpy" });
        document.querySelector("#form").append(script);""",
        """$("#form").append('<script src="SANDBOX/checkout.js" class="stripe-button" data-key="pk_test_sandbox"'
          + ' data-amount="2000" data-currency="jpy"></' + 'script>');""",
    ],
    ids=["as Vue and React do", "jQuery"],
)
def test_a_script_that_is_put_in_later_gets_its_button(
    insert: str, server: Server, shop: ShopPage, browse: Open
) -> None:
    server.endpoint.policy = ""  # jQuery runs an empty inline script of its own
    page = browse("en")
    page.goto(shop.put(shop.form(""), **jquery(), own=insert.replace("SANDBOX", server.url)))
    expect(page.locator(GENERATED)).to_have_count(1)
    page.press("[name=order]", "Enter")
    expect(dialog(page).locator("#submitButton")).to_have_text("Pay ¥2,000")
    pay(page)
    page.wait_for_url("**/charge")

    assert server.endpoint.forms[0]["stripeToken"].startswith("tok_1")


def custom(shop: ShopPage, script: str = CALLBACKS) -> str:
    """Put up a page that configures its own handler."""
    return shop.put(f'<button id="before">x</button><script src="{shop.server.url}/checkout.js"></script>', own=script)


def test_the_callbacks_come_in_stripes_order(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(custom(shop))
    held: list[Route] = []
    page.route("**/sandbox/checkout-dialog/**", lambda route: held.append(route), times=1)
    with page.expect_request("**/sandbox/checkout-dialog/**"):
        page.evaluate("handler.open()")
    page.keyboard.press("Escape")  # while the dialog is still loading, it closes nothing
    held[0].continue_()
    expect(dialog(page).locator("#card_number")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(FRAME)).to_have_count(0)
    page.evaluate("handler.open({ name: 'Second', amount: 700, email: 'other@b.example' })")
    expect(dialog(page).locator("h1")).to_have_text("Second")
    expect(dialog(page).locator("#submitButton")).to_have_text("Pay $7.00")
    dialog(page).locator("#email").fill("")
    pay(page)
    expect(page.locator(FRAME)).to_have_count(0)

    assert page.evaluate("calls") == ["opened", "closed", "opened", "token", "hanako@example.com", {}, "closed"]


def test_an_error_in_the_shops_callback_leaves_no_dialog_over_the_page(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(custom(shop, CALLBACKS.replace('calls.push("token", token.email, args)', "missing.function()")))
    page.evaluate("window.addEventListener('error', (event) => event.preventDefault())")
    page.evaluate("handler.open()")
    dialog(page).locator("#email").fill("")
    pay(page)

    expect(page.locator(FRAME)).to_have_count(0)
    assert page.evaluate("calls") == ["opened", "closed"]


def test_the_shop_closes_the_dialog_and_a_second_one_takes_the_place_of_the_first(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(custom(shop))
    page.evaluate("handler.open()")
    expect(dialog(page).locator("h1")).to_have_text("First")
    page.evaluate("StripeCheckout.open({ key: 'pk_test_sandbox', name: 'Another', amount: 100, currency: 'jpy' })")
    expect(dialog(page).locator("h1")).to_have_text("Another")
    expect(page.locator(FRAME)).to_have_count(1)
    page.evaluate("handler.close()")
    expect(page.locator(FRAME)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(FRAME)).to_have_count(0)
    page.evaluate("handler.open()")
    expect(page.locator(FRAME)).to_have_count(1)
    page.evaluate("handler.close()")
    expect(page.locator(FRAME)).to_have_count(0)

    assert page.evaluate("calls.at(-1)") == "closed"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "before"


@pytest.mark.parametrize(
    ("options", "language", "sentence"),
    [
        (f'{KEY} data-amount="Checkout" data-currency="gbp"', "en", "This page gives the amount as “Checkout”."),
        (f'{KEY} data-amount="Checkout" data-currency="gbp"', "ja", "このページの金額は「Checkout」となっています。"),
        (f'{KEY} data-amount="NaN"', "en", "This page gives the amount as “NaN”."),
        (f'{KEY} data-amount="-5"', "en", "This page gives the amount as “-5”."),
        (f'{KEY} data-amount="1e300"', "en", "This page gives the amount as “1e+300”."),
        (f'{KEY} data-amount="500" data-currency="pounds"', "en", "This page gives the currency as “pounds”"),
        ('data-amount="500"', "en", "This page gives no publishable key"),
    ],
)
def test_options_that_cannot_be_read_are_refused_in_words(
    options: str, language: str, sentence: str, shop: ShopPage, browse: Open
) -> None:
    page = browse(language)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(shop.put(shop.form(shop.script(f'{options} data-locale="auto"'))))
    page.click(GENERATED)

    expect(dialog(page).locator("#problem")).to_contain_text(sentence)
    expect(dialog(page).locator("#submitButton")).to_be_disabled()
    expect(dialog(page).locator("#submitButton")).not_to_contain_text("NaN")
    assert [text.startswith(f"checkout.js: {sentence}") for text in said] == [True]


def test_an_amount_is_a_number_or_digits_and_may_be_left_out(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(custom(shop))
    amounts = {"19.99 * 100": "Pay $19.99", "'1999'": "Pay $19.99", "0": "Pay", "undefined": "Pay", "null": "Pay"}
    for amount, price in amounts.items():
        page.evaluate(f"handler.open({{ amount: {amount} }})")

        expect(dialog(page).locator("#submitButton")).to_have_text(price)
        expect(dialog(page).locator("#problem")).to_be_hidden()
        page.evaluate("handler.close()")


ADDRESSES = f'{YEN} data-billing-address="true" data-shipping-address="true"'


@pytest.mark.parametrize(
    ("options", "size"),
    [(ADDRESSES, (1280, 720)), (ADDRESSES, (390, 844)), (ADDRESSES, (844, 360)), (YEN, (844, 360))],
    ids=["laptop, addresses", "phone, addresses", "lying phone, addresses", "lying phone"],
)
def test_all_of_the_dialog_can_be_scrolled_to(
    options: str, size: tuple[int, int], shop: ShopPage, browse: Open
) -> None:
    width, height = size
    page = browse("en", viewport={"width": width, "height": height})
    page.goto(shop.put(shop.form(shop.script(options))))
    page.click(GENERATED)
    expect(dialog(page).locator("#email")).to_be_focused()
    for end, names in ((-5000, (".close", ".banner", "#email")), (5000, ("#cc-csc", "#submitButton"))):
        page.mouse.move(width / 2, height / 2)
        page.mouse.wheel(0, end)
        for name in names:
            expect(dialog(page).locator(name)).to_be_in_viewport(ratio=1)


def test_an_address_that_is_asked_for_must_be_given_and_is_posted_as_stripe_did(
    server: Server, shop: ShopPage, browse: Open
) -> None:
    page = browse("ja")
    page.goto(shop.put(shop.form(shop.script(f'{ADDRESSES} data-locale="auto"'))))
    page.click(GENERATED)
    pay(page)
    expect(dialog(page).locator("#billing-name")).to_be_focused()
    for part in ("billing", "shipping"):
        for name in ("name", "line1", "zip", "city"):
            field = dialog(page).locator(f"#{part}-{name}")
            expect(field).to_have_attribute("aria-describedby", f"{part}-{name}-error")
            expect(dialog(page).locator(f"#{part}-{name}-error")).to_have_text("入力してください。")
            field.fill(name)
    # Hong Kong has no postal codes.
    dialog(page).locator("#shipping-country").select_option(label="香港")
    dialog(page).locator("#shipping-zip").fill("")
    dialog(page).locator("#billing-state").fill("東京都")
    dialog(page).locator("#submitButton").click()
    page.wait_for_url("**/charge")

    (form,) = server.endpoint.forms
    assert list(form.items())[4:] == [
        ("stripeBillingName", "name"),
        ("stripeBillingAddressCountry", "Japan"),
        ("stripeBillingAddressCountryCode", "JP"),
        ("stripeBillingAddressZip", "zip"),
        ("stripeBillingAddressLine1", "line1"),
        ("stripeBillingAddressCity", "city"),
        ("stripeBillingAddressState", "東京都"),
        ("stripeShippingName", "name"),
        ("stripeShippingAddressCountry", "Hong Kong"),
        ("stripeShippingAddressCountryCode", "HK"),
        ("stripeShippingAddressLine1", "line1"),
        ("stripeShippingAddressCity", "city"),
    ]


def test_an_address_is_asked_for_by_its_first_name_too(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form(shop.script(f'{YEN} data-address="true"'))))
    page.click(GENERATED)

    expect(dialog(page).locator("#billing-line1")).to_be_visible()
    expect(dialog(page).locator("#shipping-line1")).to_be_hidden()


def test_a_postal_code_that_is_asked_for_must_be_given(server: Server, shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form(shop.script(f'{YEN} data-zip-code="true"'))))
    page.click(GENERATED)
    pay(page)
    expect(dialog(page).locator("#zip")).to_be_focused()
    dialog(page).locator("#zip").fill("94103")
    dialog(page).locator("#submitButton").click()
    page.wait_for_url("**/charge")

    token = server.api.v1.tokens.retrieve(server.endpoint.forms[0]["stripeToken"])
    assert (token.card.address_zip, token.card.exp_year) == ("94103", 2040)


def test_mistakes_are_named_at_their_fields_and_the_rest_is_kept(shop: ShopPage, browse: Open) -> None:
    page = browse("en")
    page.goto(shop.put(shop.form(shop.script())))
    page.click(GENERATED)
    enter_card(page, "4242424242424241", "01/20")
    for number, field, sentence in (
        ("4242424242424241", "card_number", "The card number is not valid."),
        ("4242424242424242", "cc-exp", "The expiry date is not valid, or it has passed. Use MM / YY."),
    ):
        dialog(page).locator("#card_number").fill(number)
        dialog(page).locator("#submitButton").click()

        expect(dialog(page).locator(f"#{field}-error")).to_have_text(sentence)
        expect(dialog(page).locator(f"#{field}")).to_be_focused()
        expect(dialog(page).locator("[aria-invalid]")).to_have_count(1)
        expect(dialog(page).locator("#email")).to_have_value("hanako@example.com")
        expect(dialog(page).locator("#cc-csc")).to_have_value("123")
