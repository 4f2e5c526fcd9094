"""Card fields as people fill them in, in the dialog and on the page: key presses, pastes, a Japanese keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Frame, Page, expect

from stripe_sandbox.cards import typed
from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.calls import session
from tests.stripe_sandbox.stage.server import Server
from tests.stripe_sandbox.stage.shop_page import dialog, shop_page

pytestmark = pytest.mark.browser
# What is typed or pasted, and what the field shows then.
DATES = {
    "12/34": "12 / 34",
    "12 / 34": "12 / 34",
    "1234": "12 / 34",
    "12-34": "12 / 34",
    "12 34": "12 / 34",
    "12.34": "12 / 34",
    "12/2034": "12 / 2034",
    "122034": "12 / 2034",
    "5/34": "05 / 34",
    "534": "05 / 34",
    "1/34": "01 / 34",
    "１２／３４": "12 / 34",
    "１２－２０３４": "12 / 2034",
    "１２・３４": "12 / 34",
    "１２ー３４": "12 / 34",
}
NUMBERS = ("4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "４２４２　４２４２－４２４２ー４２４２")
GROUPED = "4242 4242 4242 4242"


@dataclass
class Fields:
    """The card's fields, in the dialog or on the hosted page: their frame, and their ids in Stripe's order."""

    page: Page
    frame: Frame
    number: str
    expiry: str
    code: str

    def enter(self, name: str, text: str, *, pasted: bool = False) -> str:
        """Type a text into an empty field, or paste it, and return what the field shows."""
        field = self.frame.locator(f"#{name}")
        field.press("Control+A")
        field.press("Delete")
        if pasted:
            copy(self.page, text)
            field.focus()
            self.page.keyboard.press("Control+V")
        else:
            self.page.keyboard.type(text)
        return field.input_value()


# Opens the dialog or the hosted page.
Opens = Callable[[], Fields]


def copy(page: Page, text: str) -> None:
    """Put a text into the clipboard, as from another page."""
    context = page.context
    other = context.pages[1] if len(context.pages) > 1 else context.new_page()
    other.set_content("<textarea></textarea>")
    other.fill("textarea", text)
    other.press("textarea", "Control+A")
    other.press("textarea", "Control+C")
    page.bring_to_front()


@pytest.fixture(params=["dialog", "hosted page"])
def opens(request: pytest.FixtureRequest, server: Server, browse: Open) -> Iterator[Opens]:
    """Return a function that opens the dialog or the hosted page, filled in but for the card."""

    def open_dialog() -> Fields:
        page = browse("en")
        page.goto(shop.put(shop.form(shop.script())))
        page.click("button.stripe-button-el")
        dialog(page).locator("#email").fill("hanako@example.com")
        return Fields(page, page.frame(name="stripe_checkout_app"), "card_number", "cc-exp", "cc-csc")

    def open_hosted() -> Fields:
        page = browse("en")
        addresses = {"success_url": f"{server.endpoint.shop}/charge?{{CHECKOUT_SESSION_ID}}"}
        page.goto(server.api.v1.checkout.sessions.create(params=session(**addresses)).url)
        page.fill("#email", "hanako@example.com")
        page.fill("#billingName", "Hanako")
        return Fields(page, page.main_frame, "cardNumber", "cardExpiry", "cardCvc")

    with shop_page(server) as shop:
        yield open_dialog if request.param == "dialog" else open_hosted


def test_every_way_to_write_a_card_is_put_in_order_and_accepted(opens: Opens) -> None:
    fields = opens()
    for text, shown in DATES.items():
        assert (text, fields.enter(fields.expiry, text)) == (text, shown)
        # Without scripts the server reads the same date.
        assert typed.expiry(text)[0] == typed.expiry(shown)[0] > 0
        assert typed.expiry(text)[1] == typed.expiry(shown)[1]
    for text in NUMBERS:
        assert (text, fields.enter(fields.number, text)) == (text, GROUPED)
        assert typed.number(text) == typed.number(GROUPED)
    for text in (" 123 ", "１２３", "123"):
        assert fields.enter(fields.code, text) == "123"


def test_every_way_to_write_a_card_can_be_pasted(opens: Opens) -> None:
    fields = opens()
    for text in ("12/34", "12 / 34", "1234", "12-34", "12/2034", "１２／３４", "１２－２０３４"):
        assert (text, fields.enter(fields.expiry, f" {text} ", pasted=True)) == (text, DATES[text])
    for text in NUMBERS[1:]:
        assert (text, fields.enter(fields.number, f"\t{text} ", pasted=True)) == (text, GROUPED)


@pytest.mark.parametrize("year", ["12/34", "１２／２０３４"])
def test_a_card_typed_with_every_key_pays(year: str, opens: Opens, server: Server) -> None:
    fields = opens()
    fields.enter(fields.number, NUMBERS[-1])
    fields.enter(fields.expiry, year)
    fields.enter(fields.code, "１２３")
    fields.page.keyboard.press("Enter")
    fields.page.wait_for_url("**/charge**")

    token = (server.endpoint.forms or [{}])[0].get("stripeToken")
    card = server.api.v1.tokens.retrieve(token).card if token else None
    charges = server.api.v1.charges.list().data
    card = card or charges[0].payment_method_details.card
    assert (card.exp_month, card.exp_year, card.last4) == (12, 2034, "4242")


def test_what_a_japanese_keyboard_composes_is_put_in_order_once_it_is_confirmed(opens: Opens) -> None:
    fields = opens()
    field = fields.frame.locator(f"#{fields.expiry}")
    field.focus()
    keyboard = fields.page.context.new_cdp_session(fields.page)
    for composed in ("１", "１２", "１２・", "１２・３４"):
        place = {"selectionStart": len(composed), "selectionEnd": len(composed)}
        keyboard.send("Input.imeSetComposition", {"text": composed, **place})
        assert field.input_value() == composed
    keyboard.send("Input.insertText", {"text": "１２・３４"})

    expect(field).to_have_value("12 / 34")


def test_a_date_can_be_corrected_in_its_middle_and_deleted(opens: Opens) -> None:
    fields = opens()
    keyboard, field = fields.page.keyboard, fields.frame.locator(f"#{fields.expiry}")
    assert fields.enter(fields.expiry, "1134") == "11 / 34"

    field.press("Home")
    keyboard.press("ArrowRight")
    keyboard.press("Delete")
    keyboard.type("2")
    expect(field).to_have_value("12 / 34")
    field.press("End")
    for _ in range(7):
        keyboard.press("Backspace")
    expect(field).to_have_value("")


def test_one_wrong_field_costs_no_other_and_has_the_focus(opens: Opens) -> None:
    fields = opens()
    fields.enter(fields.number, "4242424242424242")
    fields.enter(fields.code, "123")
    fields.enter(fields.expiry, "13/34")
    fields.page.keyboard.press("Enter")

    error = fields.frame.locator(f"#{fields.expiry}-error")
    expect(error).to_contain_text("Use MM / YY.")
    wrong = fields.frame.locator("[aria-invalid=true]")
    expect(wrong).to_have_count(1)
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-describedby", f"{fields.expiry}-error")
    assert fields.frame.locator(f"#{fields.number}").input_value() == GROUPED
    assert fields.frame.locator(f"#{fields.code}").input_value() == "123"
    fields.enter(fields.expiry, "12/34")
    fields.page.keyboard.press("Enter")
    fields.page.wait_for_url("**/charge**")
