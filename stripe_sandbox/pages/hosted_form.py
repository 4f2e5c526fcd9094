"""What a visitor types on the hosted page."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from stripe_sandbox import conf, ids, masking, store
from stripe_sandbox.api import current
from stripe_sandbox.api.shapes import address
from stripe_sandbox.cards import entered, typed
from stripe_sandbox.cards.card import Decline
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources.sessions import paying

from . import countries, wording

# Which field of the page is at fault, by the parameter that Stripe names.
_FIELDS = {"number": "cardNumber", "exp_month": "cardExpiry", "exp_year": "cardExpiry", "cvc": "cardCvc"}
_WHERE = {
    "billingAddressLine1": "line1",
    "billingAddressLine2": "line2",
    "billingLocality": "city",
    "billingAdministrativeArea": "state",
    "billingPostalCode": "postal_code",
    "billingCountry": "country",
}


@dataclass
class HostedForm:
    """One filled-in form: what may be shown again, what is wrong, and the card, reduced to what may be kept."""

    email: str = ""
    name: str = ""
    method: str = "card"
    fixed_email: bool = False
    expiry: str = ""
    address_wanted: bool = False
    where: dict[str, str] = field(default_factory=dict)
    known: StoredCard | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, session: Mapping[str, Any]) -> HostedForm:
        """Return the form as a session begins it."""
        customer = store.find("customer", session["customer"] or "")
        email = session["customer_email"] or (customer.body["email"] if customer else "") or ""
        return cls(
            email=email,
            method=session["payment_method_types"][0],
            fixed_email=bool(email),
            address_wanted=session["billing_address_collection"] == "required",
            where={"billingCountry": conf.get("COUNTRY")},
        )

    @classmethod
    def read(cls, posted: Mapping[str, str], session: Mapping[str, Any]) -> HostedForm:
        """Return the form as it was posted; `errors` says what is wrong, by field, in the page's language."""
        form = cls.empty(session)
        if not form.fixed_email:
            form.email = _email(posted.get("email", ""))
        form.name = masking.text(posted.get("billingName", "").strip()[:200])
        chosen = posted.get("paymentMethod", form.method)
        form.method = chosen if chosen in session["payment_method_types"] else form.method
        form.where = form._where(posted)
        form._check(posted)
        return form

    def _where(self, posted: Mapping[str, str]) -> dict[str, str]:
        """Return the billing address, as far as the page asks for one."""
        country = posted.get("billingCountry", conf.get("COUNTRY"))[:10]
        where = {name: masking.text(posted.get(name, "").strip()[:200]) for name in _WHERE} | {
            "billingCountry": country
        }
        where["billingPostalCode"] = unicodedata.normalize("NFKC", where["billingPostalCode"])
        if self.address_wanted:
            return where
        has_code = country in countries.POSTAL_CODE_WITH_CARD
        return {"billingCountry": country, "billingPostalCode": where["billingPostalCode"] if has_code else ""}

    @property
    def asks_for_country(self) -> bool:
        """Return whether a country belongs to the payment: to each with a card, and to an address."""
        return self.address_wanted or self.method == "card"

    def _check(self, posted: Mapping[str, str]) -> None:
        if not re.fullmatch(r"[^@\s\x00]+@[^@\s\x00]+\.[^@\s.\x00]+", self.email):
            self.errors["email"] = _("Please give an e-mail address, such as you@example.com.")
        if self.method == "card":
            self._check_card(posted)
        if not self.name or "\x00" in self.name:
            self.errors["billingName"] = _("Please give your name.")
        if self.asks_for_country:
            self._check_address()

    def _check_address(self) -> None:
        country = self.where["billingCountry"]
        if country not in countries.names():
            self.errors["billingCountry"] = _("Please choose a country.")
        needed = {"billingAddressLine1", "billingLocality"} if self.address_wanted else set()
        with_code = country not in countries.NO_POSTAL_CODE if needed else country in countries.POSTAL_CODE_WITH_CARD
        for name in needed | {"billingPostalCode"} if with_code else needed:
            if not self.where[name]:
                self.errors[name] = _("Please fill this in.")

    def _check_card(self, posted: Mapping[str, str]) -> None:
        number, cvc = typed.number(posted.get("cardNumber", "")), typed.security_code(posted.get("cardCvc", ""))
        month, year = typed.expiry(posted.get("cardExpiry", ""))
        # Only a date is shown again: anything else may be a card number in the wrong field.
        self.expiry = f"{month:02} / {year % 100:02}" if month else ""
        for mistake in entered.mistakes(number, month, year, cvc):
            param, sentence = wording.of_input(mistake)
            self.errors[_FIELDS[param]] = sentence
        if not self.errors.keys() & set(_FIELDS.values()):
            self.known = entered.check(number, month, year, cvc, name=self.name, address=self.address)

    @property
    def address(self) -> dict[str, str | None] | None:
        """Return the billing address in the API's terms, or None where the page asks for none."""
        if not self.asks_for_country:
            return None
        return {plain: self.where.get(name) or None for name, plain in _WHERE.items()}

    def show_address(self, given: Mapping[str, str | None]) -> None:
        """Show a billing address again, given in the API's terms."""
        if given.get("country"):
            self.where = {name: given.get(plain) or "" for name, plain in _WHERE.items()}

    @property
    def summary(self) -> str:
        """Return what is wrong in one sentence, for the top of the page."""
        said = set(self.errors.values())
        return said.pop() if len(said) == 1 else _("Please check the fields that are marked.")

    def pay(self, session: StripeObject) -> Decline | None:
        """Pay with what was typed; returns why it was declined."""
        who = {"email": self.email, "name": self.name, "address": address(self.address)}
        if self.method == "konbini":
            paying.by_konbini(session, who)
            return None
        if self.known is None:
            return Decline("incorrect_number")
        return paying.by_card(session, self.known, who)

    def declined(self, decline: Decline) -> None:
        """Show on the page that the card was declined, and at which field if one is at fault."""
        where = _FIELDS.get(decline.param or "", "form")
        self.errors[where] = wording.declined(decline.code, decline.decline_code)


def _email(text: str) -> str:
    """Return an e-mail address, with ASCII signs for full-width ones."""
    ascii_signs = unicodedata.normalize("NFKC", text[:800]).strip()
    return masking.text(ascii_signs if ascii_signs.isascii() else text[:800].strip())


def asked_for(request: HttpRequest) -> AbstractContextManager[None]:
    """Let events name a request, as those that come of Stripe's own page do."""
    return current.answering(
        id=ids.new("req"), idempotency_key=str(uuid.uuid4()), client_ip=request.META.get("REMOTE_ADDR")
    )
