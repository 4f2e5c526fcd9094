"""The shop of each rung, and the shop itself, as a visitor, Stripe and the owner meet it: in process, one interface."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from html import unescape
from typing import Protocol
from urllib.parse import urlsplit

import stripe
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from bbs.models import Payment
from bbs.payments.order import Order as SignedOrder
from compare.ladder.rungs.models import Order
from stripe_sandbox import testing
from stripe_sandbox.transport import InProcessClient
from tests.stage.stripe_side import Delivery, signed_deliveries

VISA, DECLINED, ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000002760003184"
DISPUTED = "4000000000000259"
Form = dict[str, str]
Misfortune = Callable[[], None]


class Shop(Protocol):
    """What the stories do, and what they look at."""

    def form(self) -> Form:
        """Return the fields of the pay form that the board shows now."""

    def ask(self, method: str, address: str, fields: Form | None = None) -> HttpResponse:
        """Ask the shop; an error of Stripe that nothing in the shop handles is a 500."""

    def notify(self, deliveries: list[Delivery]) -> None:
        """Post events to the webhook, where there is one."""

    def books(self) -> list[int]:
        """Return what was paid and not refunded, of each order that was paid."""

    def disputed(self) -> int:
        """Return how many orders are known to be disputed."""

    def naming(self, form: Form) -> dict[str, str]:
        """Return the metadata that names the order of this form at Stripe."""


class RungShop:
    """The module of a rung, without the site around it."""

    def __init__(self, module: str) -> None:
        self.resolver = URLResolver(RegexPattern(r"^/"), importlib.import_module(module))

    def form(self) -> Form:
        return _hidden(self.ask("GET", "/").text)

    def ask(self, method: str, address: str, fields: Form | None = None) -> HttpResponse:
        request = getattr(RequestFactory(), method.lower())(address, fields)
        return self._answer(request)

    def notify(self, deliveries: list[Delivery]) -> None:
        for body, headers in deliveries:
            self._answer(RequestFactory().post("/webhook/", body, "application/json", headers=headers))

    def books(self) -> list[int]:
        return [order.amount - order.amount_refunded for order in Order.objects.filter(paid_at__isnull=False)]

    def disputed(self) -> int:
        return 0  # no rung has a place for it

    def naming(self, form: Form) -> dict[str, str]:
        return {"order": signing.loads(form["order"])} if "order" in form else {}

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request._messages = CookieStorage(request)
        try:
            found = self.resolver.resolve(request.path)
            return found.func(request, **found.kwargs)
        except Resolver404:
            return HttpResponse(status=404)
        except stripe.StripeError:
            return HttpResponse(status=500)


class SiteShop:
    """The shop of this site, in one of its flows."""

    def __init__(self, flow: str) -> None:
        self.client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
        self.client.cookies["flow"] = flow

    def form(self) -> Form:
        return _hidden(self.client.get("/").text.partition('action="/checkout/"')[2])

    def ask(self, method: str, address: str, fields: Form | None = None) -> HttpResponse:
        return getattr(self.client, method.lower())(address, fields)

    def notify(self, deliveries: list[Delivery]) -> None:
        for body, headers in deliveries:
            self.client.post("/webhook/", body, "application/json", headers=headers)

    def books(self) -> list[int]:
        return [payment.amount_left for payment in Payment.objects.filter(paid_at__isnull=False)]

    def disputed(self) -> int:
        return Payment.objects.filter(status="disputed").count()

    def naming(self, form: Form) -> dict[str, str]:
        return {"reference": str(SignedOrder.from_signed(form["order"]).reference)}


def nothing() -> None:
    """Let nothing go wrong."""


def _hidden(page: str) -> Form:
    """Return the hidden fields of the first form on a page."""
    form = page.partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', unescape(form)))


def taken() -> list[int]:
    """Return what Stripe captured and did not give back, of each charge."""
    return [charge.amount - charge.amount_refunded for charge in stripe.Charge.list(limit=100).data if charge.paid]


def token_of(number: str) -> str:
    """Return a token as checkout.js makes it: good for one charge."""
    api = stripe.StripeClient("pk_test_sandbox", http_client=InProcessClient())
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    return api.v1.tokens.create(params={"card": card}).id


class Legacy:
    """A visitor of a shop that takes tokens."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.posted: Form = {}

    def pay(self, form: Form, number: str = VISA, misfortune: Misfortune = nothing) -> None:
        """Enter a card in the dialog, and post the form; `misfortune` is ordered just before that."""
        self.posted = form | {"stripeToken": token_of(number), "stripeEmail": "hanako@example.com"}
        misfortune()
        self.reload()

    pay_and_close = pay  # the POST is answered, whether anybody is there to see it or not

    def reload(self) -> None:
        """Do again what the browser did last."""
        self.shop.ask("POST", "/checkout/", self.posted)


class Modern:
    """A visitor of a shop that redirects to Stripe's page."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.stripe = Client(SERVER_NAME="localhost")
        self.back = ""

    def press(self, form: Form) -> str:
        """Press the pay button; return the address of Stripe's page, empty where it leads to none."""
        address = self.shop.ask("POST", "/checkout/", form).headers.get("Location", "")
        return address if "/c/pay/" in address else ""

    def pay(self, form: Form, number: str = VISA, misfortune: Misfortune = nothing, **fields: str) -> None:
        """Press, pay on Stripe's page, and come back; `misfortune` is ordered just before the button is pressed."""
        misfortune()
        self.pay_and_close(form, number, **fields)
        self.reload()

    def pay_and_close(self, form: Form, number: str = VISA, **fields: str) -> None:
        """Press, pay on Stripe's page, and close the tab before it leads back."""
        self.back = ""
        if not (page := self.press(form)):
            return
        there = testing.pay(self.stripe.post, page, cardNumber=number, **fields).headers.get("Location", "")
        if "/authenticate/" in there:
            there = self.stripe.post(there, {"outcome": "complete"}).headers["Location"]
        for _ in range(3):  # Stripe's page leads back in a step or two; its voucher has a link
            if there.startswith("/"):
                page = self.stripe.get(there)
                link = re.search(r'<a class="pay" href="([^"]+)"', page.text)
                there = page.headers.get("Location") or (unescape(link[1]) if link else "")
        self.back = there

    def reload(self) -> None:
        """Do again what the browser did last."""
        if self.back:
            parts = urlsplit(self.back)
            self.shop.ask("GET", f"{parts.path}?{parts.query}")


def deliver(shop: Shop, *, ahead: float = 0) -> list[Delivery]:
    """Let Stripe post what is due to the shop; return it."""
    deliveries = list(signed_deliveries(ahead=ahead))
    shop.notify(deliveries)
    return deliveries
