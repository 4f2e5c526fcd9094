"""A visitor with a browser: opens the board, enters a card where the flow asks for it, and comes back, or does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.html import strip_tags

from bbs.payments import FLOW_COOKIE
from compare.apart.shop import ADDRESSES, HOST
from compare.content.values import Sight as SightKind
from compare.lab.shops import Form, Shop, stripe_side
from compare.lab.tape import Killed, Tape
from compare.wire import masking

VISA, DECLINED, ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000002760003184"
DISPUTED = "4000000000000259"
_MESSAGE = re.compile(r"<p>(.*?)</p>", re.DOTALL)


@dataclass(frozen=True)
class Sight:
    """What a visitor sees last, and what the page says itself."""

    kind: SightKind
    text: str = ""


class Visitor:
    """A visitor of a shop, in one of the flows. What they see last is `sight`."""

    def __init__(self, shop: Shop, tape: Tape, flow: str, language: str) -> None:
        self.shop, self.tape = shop, tape
        headers = {"Accept-Language": language}
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=headers, SERVER_NAME=HOST)
        self.client.cookies[FLOW_COOKIE] = flow
        self.stripe = Client(headers=headers, SERVER_NAME=HOST)
        self.sight = Sight("nothing")
        self.back = ""  # the address to which the last answer led

    def form(self) -> Form:
        """Look at the board, and return the hidden fields of its pay form."""
        page = self._ask("GET", self.shop.board).text
        form = page.partition('action="/checkout/"')[2].partition("</form>")[0]
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', unescape(form)))

    def filled(self, form: Form, number: str = VISA) -> Form:
        """Return the form as the browser posts it: with a token, where the card is entered before."""
        raise NotImplementedError

    def finish(self, page: str, number: str = VISA, **fields: str) -> None:
        """Enter the card at the address to which the form led, where it is entered there."""
        raise NotImplementedError

    def pay(self, form: Form, number: str = VISA, **fields: str) -> None:
        """Pay, up to the moment at which the browser is led back to the shop, and has not followed yet."""
        self.finish(self.post(self.filled(form, number)), number, **fields)

    def post(self, form: Form) -> str:
        """Post the pay form; return the address to which it leads."""
        response = self._visit("POST", "/checkout/", form)
        self.back = response.headers.get("Location", "") if response else ""
        return self.back

    def come_back(self) -> None:
        """Come back to the shop from Stripe, or follow the shop's own redirect, and look at the page."""
        address = self.back
        for _ in range(4):
            response = self._visit("GET", _path(address)) if address else None
            address = response.headers.get("Location", "") if response else ""

    def close_tab(self) -> None:
        """See nothing more."""
        self.sight = Sight("nothing")

    def leave_while_loading(self) -> None:
        """Come back, and close the tab before the page is there."""
        if self.back:
            self._visit("GET", _path(self.back))
        self.close_tab()

    def _visit(self, method: str, path: str, form: Form | None = None) -> HttpResponse | None:
        """Ask the shop, on tape; None where its process ended meanwhile."""
        request = getattr(RequestFactory(SERVER_NAME=HOST), method.lower())(path, form)
        try:
            response = self.tape.visit(request, lambda: self._ask(method, path, form))
        except Killed:
            self.sight = Sight("gone")
            return None
        if "Location" not in response.headers:
            self.sight = self._sight_of(response, path)
        return response

    def _ask(self, method: str, path: str, form: Form | None = None) -> HttpResponse:
        environment = {ADDRESSES: self.shop.addresses} if self.shop.addresses else {}
        return getattr(self.client, method.lower())(path, form, **environment)

    def _sight_of(self, response: HttpResponse, path: str) -> Sight:
        heading = _heading(response.text)
        if response.status_code == 500:
            return Sight("error", heading)
        status = self.shop.status(path)
        if status:
            return Sight(status, heading)
        message = _MESSAGE.search(response.text) if self.shop.addresses else None
        if response.status_code >= 400 or message:
            return Sight("message", heading or _shown(message[1] if message else ""))
        return Sight("board" if path.partition("?")[0] == "/" else "page", heading)


class Legacy(Visitor):
    """A visitor of a shop that takes tokens: the card goes into Stripe's dialog, over the shop's page."""

    def token(self, number: str = VISA) -> str:
        """Enter a card in the dialog; return its token, which is good for one charge."""
        dialog = stripe_side(settings.STRIPE_PUBLISHABLE_KEY)
        card: Any = {"number": number, "exp_month": "12", "exp_year": "2040", "cvc": "123"}
        return dialog.v1.tokens.create({"card": card}).id

    def filled(self, form: Form, number: str = VISA) -> Form:
        return form | {"stripeToken": self.token(number), "stripeEmail": "hanako@example.com"}

    def finish(self, page: str, number: str = VISA, **fields: str) -> None:
        """Do nothing more: the card was entered before."""


class Modern(Visitor):
    """A visitor of a shop that redirects to Stripe's page."""

    def filled(self, form: Form, number: str = VISA) -> Form:
        return form

    def finish(self, page: str, number: str = VISA, **fields: str) -> None:
        """Fill in Stripe's page."""
        if "/c/pay/" not in page:
            return
        self.back = ""
        there = page.partition("#")[0]
        card = {"cardNumber": number, "cardExpiry": "12 / 40", "cardCvc": "123"}
        answer = self.stripe.post(there, {"email": "hanako@example.com", "billingName": "Hanako", **card, **fields})
        there = answer.headers.get("Location", "")
        if "/authenticate/" in there:
            there = self.stripe.post(there, {"outcome": "complete"}).headers["Location"]
        for _ in range(3):  # Stripe's page leads back in a step or two; its voucher has a link
            if there.startswith("/"):
                answer = self.stripe.get(there)
                link = re.search(r'<a class="pay" href="([^"]+)"', answer.text)
                there = answer.headers.get("Location") or (unescape(link[1]) if link else "")
        self.back = there
        self.tape.after_step(None)  # it is none of the shop's
        if not there:
            self.sight = Sight("stripe", _alert(answer.text))


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _heading(page: str) -> str:
    return _shown(page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0])


def _alert(page: str) -> str:
    return _shown(page.partition('role="alert"')[2].partition(">")[2].partition("</")[0])


def _shown(html: str) -> str:
    return masking.text(" ".join(unescape(strip_tags(html[:1_000])).split()))
