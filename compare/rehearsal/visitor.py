"""A visitor of a rehearsal: a browser without scripts, on the shop's pages and on Stripe's."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

import stripe
from django.http import HttpRequest
from django.test import Client

from bbs.models import Flow
from bbs.visitor import COOKIE, visitor_id
from compare.apart.shop import Account
from compare.rehearsal import faults
from compare.rehearsal.plan import CARDS, VISA, Plan

Response = Any  # django-stubs has no public name for what a test client returns
EMAIL = "hanako@example.com"
_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Visitor:
    """One visitor, with their own cookies. `notify` delivers what Stripe has sent to the shop so far.

    `saw` is how far they came: "board", "closed" (the tab), "declined", "voucher", "receipt", or "error" where the
    shop's button led nowhere, also when it was pressed again.
    """

    def __init__(self, plan: Plan, account: Account, notify: Callable[[], object]) -> None:
        self.plan, self._account, self._notify = plan, account, notify
        self._browser = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
        self._order = ""
        self.flow, self.saw, self.error = "", "board", ""

    def look(self) -> None:
        """Open the board, and remember the form of its pay button."""
        page = self._browser.get("/").content.decode()
        self._order = dict(_FIELD.findall(page))["order"]
        self.flow = Flow.LEGACY.value if 'class="stripe-button"' in page else Flow.MODERN.value

    @property
    def id(self) -> uuid.UUID:
        """What the shop recognises this browser by, once it has seen the board."""
        request = HttpRequest()
        request.COOKIES = {COOKIE: self._browser.cookies[COOKIE].value}
        return cast("uuid.UUID", visitor_id(request))

    def pay(self) -> None:
        """Pay by the form that is open, as planned, and after a decline with another card."""
        if not self._pay(CARDS[self.plan.card]):
            self.saw = "declined"
            if not self.plan.gives_up:
                self.look()
                self._pay(VISA)

    def _pay(self, card: str) -> bool:
        return self._pay_in_the_dialog(card) if self.flow == Flow.LEGACY else self._pay_on_stripes_page(card)

    def _pay_in_the_dialog(self, card: str) -> bool:
        """Pay the legacy way; return False where the card was declined."""
        if self.plan.tab == "before":
            self.saw = "closed"
            return True
        answer = self._press({"order": self._order, **self._token(card)})
        self._notify()
        if self.plan.tab == "after":
            self.saw = "closed"
            return True
        if answer.status_code != 303:
            self._stop_at(answer)
            return True
        self.saw = "receipt"
        return "Paid " in self._browser.get(answer.headers["Location"]).content.decode()

    def _pay_on_stripes_page(self, card: str) -> bool:
        """Pay the modern way; return False where the visitor left after a decline: the page takes another card."""
        answer = self._press({"order": self._order})
        if self.plan.tab == "before" or (self.plan.tab == "after" and answer.status_code == 503):
            self.saw = "closed"
            return True
        if answer.status_code != 303:
            self._stop_at(answer)
            return True
        page = urlsplit(answer.headers["Location"]).path
        self._browser.get(page)
        answer = self._fill_in(page, card)
        if answer.status_code == 402:
            if self.plan.gives_up:
                return False
            answer = self._fill_in(page, VISA)
        self._notify()
        if self.plan.konbini:
            self.saw = "voucher"
        elif self.plan.tab == "after":
            self.saw = "closed"
        else:
            self._come_back(answer)
        return True

    def _come_back(self, answer: Response) -> None:
        back = urlsplit(answer.headers.get("Location", ""))
        if back.path == "/success/":
            answer = self._browser.get(f"{back.path}?{back.query}", follow=True)
            if answer.status_code == 200:
                self.saw = "receipt"
                return
        self._stop_at(answer)

    def _stop_at(self, answer: Response) -> None:
        heading = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", answer.content.decode())
        self.saw = "error"
        self.error = f"{self.flow} {self.plan}: {answer.status_code} {heading[1].strip() if heading else ''}"

    def _press(self, form: dict[str, str]) -> Response:
        """Press the shop's button, as often as planned, while the fault lasts; press it again after an error."""
        with faults.ordered(self.plan.fault):
            for _ in range(1 + self.plan.presses_twice):
                answer = self._browser.post("/checkout/", form)
        if answer.status_code in (502, 503) and self.plan.tab != "after":
            answer = self._browser.post("/checkout/", form)
        return answer

    def _token(self, card: str) -> dict[str, str]:
        """Do what checkout.js does: make a token with the publishable key, and fill in its form fields."""
        number: Any = {"number": card, "exp_month": "12", "exp_year": "2040", "cvc": "123"}
        token = stripe.Token.create(card=number, api_key=self._account.publishable_key)
        return {"stripeToken": token.id, "stripeTokenType": "card", "stripeEmail": EMAIL}

    def _fill_in(self, page: str, card: str) -> Response:
        """Submit Stripe's page, and answer the bank's challenge; return where that leads, or the decline (402)."""
        form = {"email": EMAIL, "billingName": "HANAKO YAMADA"}
        if self.plan.konbini:
            form |= {"paymentMethod": "konbini", "email": f"{self.plan.konbini}@example.com"}
        else:
            form |= {"cardNumber": card, "cardExpiry": "12 / 40", "cardCvc": "123"}
        answer = self._browser.post(page, form)
        challenge = urlsplit(answer.headers.get("Location", "")).path
        if challenge.startswith("/sandbox/authenticate/"):
            outcome = "fail" if self.plan.fails_challenge and card != VISA else "complete"
            answer = self._browser.post(challenge, {"outcome": outcome})
        if answer.headers.get("Location", "").startswith("/c/pay/"):
            answer = self._browser.get(answer.headers["Location"])
        return answer
