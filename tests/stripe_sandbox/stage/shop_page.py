"""Pages of a shop with checkout.js on them, under a policy as strict as the board's, and what a visitor does there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Page, expect

from tests.stripe_sandbox.stage.server import Server

KEY = 'data-key="pk_test_sandbox"'
YEN = f'{KEY} data-amount="2000" data-currency="jpy"'


@dataclass
class ShopPage:
    """Puts pages on the shop beside the running sandbox."""

    server: Server

    def script(self, options: str = YEN) -> str:
        return f'<script src="{self.server.url}/checkout.js" class="stripe-button" {options}></script>'

    def form(self, inside: str, attributes: str = 'id="form"') -> str:
        return f'<form method="post" action="/charge" {attributes}><input name="order" value="7">{inside}</form>'

    def put(self, body: str, **scripts: str) -> str:
        """Serve a page with this body, and scripts as `/NAME.js` that it loads last; return its address."""
        for name, text in scripts.items():
            self.server.endpoint.pages[f"/{name}.js"] = text
            body += f'<script src="/{name}.js"></script>'
        page = f"<!doctype html><html lang=en><meta charset=utf-8><title>Shop</title><body><h1>Shop</h1>{body}"
        self.server.endpoint.pages["/"] = page
        return self.server.endpoint.shop


@contextmanager
def shop_page(server: Server) -> Iterator[ShopPage]:
    """Yield a `ShopPage`, and leave the shop as it was."""
    server.endpoint.policy = (
        f"default-src 'none'; script-src 'self' {server.url}; style-src {server.url}; frame-src {server.url}; "
        "form-action 'self'; base-uri 'none'"
    )
    yield ShopPage(server)
    server.endpoint.policy = ""
    server.endpoint.pages.clear()


def dialog(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=stripe_checkout_app].stripe_checkout_app")


def enter_card(page: Page, number: str = "4242424242424242", expiry: str = "12/40") -> None:
    """Type e-mail address and card into the dialog, key by key, once it is open: a closed one drops the keys."""
    expect(dialog(page).locator("#submitButton")).to_be_visible()
    for field, text in {
        "email": "hanako@example.com",
        "card_number": number,
        "cc-exp": expiry,
        "cc-csc": "123",
    }.items():
        dialog(page).locator(f"#{field}").press_sequentially(text)


def pay(page: Page) -> None:
    enter_card(page)
    dialog(page).locator("#submitButton").click()
