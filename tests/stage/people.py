"""Visitors who go through the site over HTTP as a browser without scripts would."""

from __future__ import annotations

import re
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.http import HttpResponse
from requests.cookies import get_cookie_header

from tests.stage import stripe_side

VISA = "4242424242424242"
DECLINED = "4000000000000002"
NO_FUNDS = "4000000000009995"


class Visitor:
    """A visitor with their own browser session. Methods are named after what they do on the page."""

    def __init__(self, url: str, language: str, stripe: str = "") -> None:
        self.url = url
        self.stripe = stripe or stripe_side.address(url)
        self.http = requests.Session()
        self.http.headers.update({"Accept-Language": language, "Accept": "text/html"})
        self.scripts = requests.Session()  # what a page's scripts ask for from elsewhere, without the site's cookies

    def get(self, path: str, **kwargs: object) -> requests.Response:
        return self.http.get(self._address(path), **kwargs)

    def post(self, path: str, data: dict[str, str], **kwargs: object) -> requests.Response:
        """Post one of our forms: with the CSRF token that its page set."""
        data = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **data}
        headers = {"Referer": self.url} | kwargs.pop("headers", {})
        return self.http.post(self._address(path), data=data, headers=headers, **kwargs)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the browser sends to the site: a Stripe at another address has its own."""
        sent = get_cookie_header(self.http.cookies, requests.Request("GET", self.url).prepare())
        return {name: morsel.value for name, morsel in SimpleCookie(sent).items()}

    def see_order(self, **choice: str) -> str:
        """Look at the board, and return the signed order in its pay form."""
        return field(self.get("/?" + urlencode(choice)), "order")

    def switch_flow(self, flow: str) -> None:
        self.get("/")
        self.post("/flow/", {"flow": flow}, allow_redirects=False).raise_for_status()

    def enter_card(self, number: str, **more: str) -> dict[str, str]:
        """Do what checkout.js does: make a token with the publishable key, and fill in its form fields."""
        card = {"card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": "123"}
        answer = self.scripts.post(
            f"{self.stripe}/v1/tokens",
            data=card | more,
            auth=(settings.STRIPE_PUBLISHABLE_KEY, ""),
            timeout=10,
        )
        answer.raise_for_status()
        return {
            "stripeToken": answer.json()["id"],
            "stripeTokenType": "card",
            "stripeEmail": "hanako@example.com",
        }

    def pay_on_stripes_page(
        self, page: requests.Response, number: str, fields: dict[str, str] | None = None, **kwargs: object
    ) -> requests.Response:
        """Fill in the hosted page and submit it; the answer is the receipt, or the same page with a decline.

        `fields` are filled in otherwise than usual.
        """
        form = {
            "email": "hanako@example.com",
            "cardNumber": number,
            "cardExpiry": "12 / 40",
            "cardCvc": "123",
            "billingName": "HANAKO YAMADA",
        }
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        # A browser's form posts without the fragment, and so without carrying it along to our pages.
        data = hidden | form | (fields or {})
        return self.http.post(page.url.partition("#")[0], data=data, headers={"Referer": page.url}, **kwargs)

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path


def field(page: requests.Response | HttpResponse, name: str) -> str:
    """Return the value of a hidden field of a page."""
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])
