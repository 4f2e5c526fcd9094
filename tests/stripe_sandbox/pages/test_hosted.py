"""The hosted page, as a visitor meets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.calls import line, session
from tests.stripe_sandbox.stage.server import Server

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


def opened(server: Server, **more: object) -> str:
    """Return the address of a fresh session's page."""
    shop = server.endpoint.shop
    addresses = {"success_url": f"{shop}/success?session_id={{CHECKOUT_SESSION_ID}}", "cancel_url": f"{shop}/canceled"}
    return server.api.v1.checkout.sessions.create(params=session(**{**addresses, **more})).url


def fill(page: Page, number: str = "4242424242424242", email: str = "hanako@example.com") -> None:
    page.fill("#email", email)
    page.fill("#cardNumber", number)
    page.fill("#cardExpiry", "12 / 40")
    page.fill("#cardCvc", "123")
    page.fill("#billingName", "Hanako")


def paid(page: Page) -> None:
    page.click("button.pay")
    page.wait_for_url("**/success?session_id=cs_test_**")


def test_a_visitor_pays_in_yen_and_goes_back_after_the_shop_was_notified(
    server: Server, browse: Open, accessible: Check
) -> None:
    page = browse("ja")
    page.goto(opened(server, line_items=[line(quantity=2)]))

    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.inner_text("[data-testid=total]") == "￥4,000"
    accessible(page)
    fill(page)
    paid(page)

    assert "checkout.session.completed" in [event.type for event in server.endpoint.events(server.secret)]


def test_the_page_speaks_the_sessions_language_and_currency(server: Server, browse: Open) -> None:
    page = browse("ja")
    page.goto(opened(server, locale="en", line_items=[line(2000, "usd")]))

    assert page.inner_text("[data-testid=total]") == "$20.00"
    assert page.inner_text("button.pay") == "Pay $20.00"


def test_a_declined_card_is_reported_and_the_next_one_pays(server: Server, browse: Open, accessible: Check) -> None:
    page = browse()
    page.goto(opened(server))
    fill(page, "4000000000009995")
    page.click("button.pay")

    expect(page.get_by_role("alert")).to_contain_text("There are not enough funds on this card")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was charged")
    assert page.input_value("#email") == "hanako@example.com"
    assert page.input_value("#cardNumber") == ""
    accessible(page)
    fill(page)
    paid(page)


def test_a_mistyped_number_is_reported_at_its_field(server: Server, browse: Open, accessible: Check) -> None:
    page = browse()
    page.goto(opened(server))
    fill(page, "4242424242424241")
    page.click("button.pay")

    expect(page.locator("#cardNumber")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#cardNumber")).to_be_focused()
    expect(page.locator("#cardNumber-error")).to_have_text("The card number is not valid.")
    expect(page.locator("#cardNumber")).to_have_attribute("aria-describedby", "cardNumber-error")
    expect(page.locator("#cardCvc")).to_have_value("123")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was charged")
    accessible(page)


def test_it_works_without_scripts_and_with_the_keyboard_alone(server: Server, browse: Open) -> None:
    page = browse(java_script_enabled=False)
    page.goto(opened(server))
    page.focus("#email")
    page.keyboard.type("hanako@example.com")
    page.focus("#cardNumber")
    for text in ("4242424242424242", "1240", "123", "Hanako"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "billingCountry"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/success?session_id=cs_test_**")


def test_two_clicks_pay_once(server: Server, browse: Open) -> None:
    page = browse()
    url = opened(server, metadata={"story": "twice"})
    page.goto(url)
    fill(page)
    page.locator("button.pay").dblclick()
    page.wait_for_url("**/success?session_id=cs_test_**")

    sid = page.url.rpartition("=")[2]
    intent = server.api.v1.checkout.sessions.retrieve(sid).payment_intent
    assert len(server.api.v1.charges.list(params={"payment_intent": intent}).data) == 1
    page.goto(url)
    expect(page.locator("h1")).to_have_text("Already paid")


def test_the_visitor_may_leave_and_an_expired_page_says_so(server: Server, browse: Open) -> None:
    page = browse()
    url = opened(server)
    page.goto(url)
    page.click("text=Back to the shop")
    assert page.url == f"{server.endpoint.shop}/canceled"

    server.api.v1.checkout.sessions.expire(url.partition("#")[0].rpartition("/")[2])
    page.goto(url)

    expect(page.locator("h1")).to_have_text("This page has expired")


@pytest.mark.parametrize("number", ["4000002760003184", "4000000000003220"])
def test_three_d_secure_fails_and_is_then_completed(
    number: str, server: Server, browse: Open, accessible: Check
) -> None:
    page = browse()
    page.goto(opened(server))
    fill(page, number)
    page.click("button.pay")
    expect(page.locator("h1")).to_have_text("3-D Secure")
    accessible(page)
    page.click("text=Fail")
    expect(page.get_by_role("alert")).to_contain_text("could not authenticate")

    fill(page, number)
    page.click("button.pay")
    page.get_by_role("button", name="Complete").click()

    page.wait_for_url("**/success?session_id=cs_test_**")


def test_a_card_may_pass_three_d_secure_and_be_declined_all_the_same(server: Server, browse: Open) -> None:
    page = browse()
    page.goto(opened(server))
    fill(page, "4000008260003178")
    page.click("button.pay")
    page.get_by_role("button", name="Complete").click()

    expect(page.get_by_role("alert")).to_contain_text("There are not enough funds")


def test_a_konbini_voucher_is_shown_and_paid_later(server: Server, browse: Open, accessible: Check) -> None:
    page = browse("ja")
    page.goto(opened(server))
    page.check("input[value=konbini]")
    for name in ("cardNumber", "billingCountry"):
        expect(page.locator(f"#{name}")).to_be_hidden()
    expect(page.get_by_role("textbox", name="お名前", exact=True)).to_be_visible()
    expect(page.get_by_text("4242 4242 4242 4242")).to_be_hidden()
    page.fill("#email", "succeed_immediately@example.com")
    page.fill("#billingName", "花子")
    page.click("button.pay")
    page.set_viewport_size({"width": 390, "height": 844})
    store = page.get_by_role("rowheader", name="ファミリーマート")
    # In one line, and nothing scrolls sideways.
    assert store.bounding_box()["height"] < 50
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    accessible(page)
    page.click("text=ショップに戻る")
    page.wait_for_url("**/success?session_id=cs_test_**")

    sid = page.url.rpartition("=")[2]
    for _ in range(100):
        if server.api.v1.checkout.sessions.retrieve(sid).payment_status == "paid":
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the voucher was not paid")


def test_no_page_but_the_dialog_may_be_framed(server: Server, browse: Open) -> None:
    page = browse()
    for path in ("/sandbox/", opened(server).removeprefix(server.url).partition("#")[0], "/sandbox/cards/"):
        headers = page.goto(server.url + path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert "unsafe-inline" not in headers["content-security-policy"]
