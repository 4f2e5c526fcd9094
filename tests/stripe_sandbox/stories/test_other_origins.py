"""A web page of another origin, in a browser that even has the secret key: what it may do with the sandbox."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.stripe_sandbox.stage.browser import Open
from tests.stripe_sandbox.stage.calls import SECRET, session
from tests.stripe_sandbox.stage.server import Server, until

pytestmark = pytest.mark.browser
# On localhost a page is of another site as well, on 127.0.0.1 only of another port.
others = pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])

CHARGE = {"amount": "2000", "currency": "jpy", "source": "tok_visa"}
CARD = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": "123"}
ENDPOINT = {"url": "https://thief.example/", "enabled_events[]": "*"}
FORMS = [
    ("/v1/webhook_endpoints", ENDPOINT),
    ("/v1/webhook_endpoints/we_1SetngsSandboxBrdEndpoint", {"disabled": "true"}),
    ("/v1/charges", CHARGE),
    ("/sandbox/control/clear/", {}),
    ("/sandbox/clear/", {}),
    ("/sandbox/faults/", {"effect": "500"}),
    ("/sandbox/webhooks/we_1SetngsSandboxBrdEndpoint/", {"action": "disable"}),
]
FETCHED = [("/v1/tokens", CARD), ("/v1/customers", {"email": "a@b.example"}), ("/sandbox/control/clear/", {})]
# Posts forms from frames, with the page's origin and without one, and returns what a script of it could read.
ATTACK = """
async ([url, forms, fetched, images, frames]) => {
  const frame = (sandbox) => {
    const made = document.createElement("iframe");
    if (sandbox) made.sandbox = "allow-forms allow-scripts";
    document.body.append(made);
    return made;
  };
  for (const [path, fields] of forms) {
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
    const open = `<form method="post" action="${url}${path}">`;
    const form = `${open}${inputs.join("")}</form><script>document.forms[0].submit()</script>`;
    for (const sandbox of [true, false]) frame(sandbox).srcdoc = form;
  }
  for (const path of images) new Image().src = url + path;
  for (const path of frames) frame(false).src = url + path;
  const read = [];
  for (const [path, fields] of fetched) {
    const post = (more) => fetch(url + path, { method: "POST", body: new URLSearchParams(fields), ...more });
    await post({ mode: "no-cors", credentials: "include" });
    const headers = { Authorization: "Bearer sk_test_sandbox" };
    await post({ headers }).then((answer) => read.push(answer.url), () => {});
  }
  return read;
}
"""


def shop_at(host: str, server: Server) -> str:
    """Return the address of the shop under another name of this machine."""
    return server.endpoint.shop.replace("127.0.0.1", host)


@others
def test_it_can_neither_change_nor_read_anything(host: str, server: Server, sandbox_browser: Browser) -> None:
    server.api.v1.charges.create(params=CHARGE | {"amount": 700})
    pay = urlsplit(server.api.v1.checkout.sessions.create(params=session()).url).path
    images, frames = ["/v1/charges", "/sandbox/"], [pay, "/sandbox/", "/sandbox/requests/", "/sandbox/clear/"]
    context = sandbox_browser.new_context(http_credentials={"username": SECRET, "password": ""})
    page = context.new_page()
    answered: list[int] = []
    hidden: list[str] = []  # from the page, by the browser itself
    page.on("response", lambda got: got.url.startswith(server.url) and answered.append(got.status))
    page.on("requestfailed", lambda sent: sent.url.startswith(server.url) and hidden.append(sent.url))
    page.goto(f"{shop_at(host, server)}/elsewhere")

    read = page.evaluate(ATTACK, [server.url, FORMS, FETCHED, images, frames])
    sent = 2 * len(FORMS) + len(FETCHED) + len(images) + len(frames)
    until(lambda: page.wait_for_timeout(20) or len(answered) + len(hidden) >= sent)
    context.close()

    assert read == []
    assert set(answered) == {403}
    assert [charge.amount for charge in server.api.v1.charges.list().data] == [700]
    assert server.api.v1.customers.list().data == []
    (endpoint,) = server.api.v1.webhook_endpoints.list().data
    assert (endpoint.url, endpoint.status) == (server.endpoint.url, "enabled")


@others
def test_it_can_post_no_form_with_the_key_in_its_address(host: str, server: Server, sandbox_browser: Browser) -> None:
    action = server.url.replace("://", f"://{SECRET}:x@")
    server.endpoint.pages["/form"] = (
        f'<form method="post" action="{action}/v1/webhook_endpoints"><input name="url" value="https://thief.example/">'
        '<input name="enabled_events[]" value="*"><button>Win</button></form>'
    )
    context = sandbox_browser.new_context()
    page = context.new_page()
    page.goto(f"{shop_at(host, server)}/form")
    with page.expect_navigation() as answered:
        page.click("text=Win")
    context.close()

    assert answered.value.status == 403
    assert [endpoint.url for endpoint in server.api.v1.webhook_endpoints.list().data] == [server.endpoint.url]


@others
def test_its_form_leads_to_the_hosted_page_which_leads_back(host: str, server: Server, browse: Open) -> None:
    shop = shop_at(host, server)
    made = server.api.v1.checkout.sessions.create(params=session(success_url=f"{shop}/success", cancel_url=f"{shop}/"))
    server.endpoint.pages["/buy"] = '<form method="post" action="/checkout/"><button>Buy</button></form>'
    server.endpoint.sends_to = made.url
    page = browse()
    page.goto(f"{shop}/buy")
    page.click("text=Buy")
    page.fill("[name=email]", "hanako@example.com")
    page.fill("[name=cardNumber]", "4242424242424242")
    page.fill("[name=cardExpiry]", "12 / 40")
    page.fill("[name=cardCvc]", "123")
    page.fill("[name=billingName]", "HANAKO")
    page.click("button[type=submit]")
    page.wait_for_url("**/success")

    assert server.api.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"


@others
def test_the_dialog_on_it_makes_a_token(host: str, server: Server, browse: Open) -> None:
    server.endpoint.pages["/legacy"] = (
        '<!doctype html><html lang="en"><title>Shop</title><form method="post" action="/charge">'
        f'<script src="{server.url}/checkout.js" class="stripe-button" data-key="pk_test_sandbox" data-amount="2000" '
        'data-currency="jpy"></script></form>'
    )
    page = browse()
    page.goto(f"{shop_at(host, server)}/legacy")
    page.click("button.stripe-button-el")
    dialog = page.frame_locator("iframe.stripe_checkout_app")
    dialog.locator("#email").fill("hanako@example.com")
    dialog.locator("#card_number").fill("4242424242424242")
    dialog.locator("#cc-exp").fill("12 / 40")
    dialog.locator("#cc-csc").fill("123")
    dialog.locator("button.pay").click()
    page.wait_for_url("**/charge")

    (form,) = server.endpoint.forms
    charge = server.api.v1.charges.create(params=CHARGE | {"source": form["stripeToken"]})
    assert charge.paid


@others
def test_its_link_leads_to_a_page_of_the_dashboard(host: str, server: Server, browse: Open) -> None:
    server.endpoint.pages["/link"] = f'<a href="{server.url}/sandbox/limits/">Limits</a>'
    page = browse()
    page.goto(f"{shop_at(host, server)}/link")
    page.click("text=Limits")

    expect(page).to_have_url(f"{server.url}/sandbox/limits/")
    expect(page.locator("table")).to_be_visible()
