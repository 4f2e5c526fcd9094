"""What a visitor types on the hosted page."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from stripe_sandbox import ids, store
from stripe_sandbox.api import current
from stripe_sandbox.api.shapes import address
from stripe_sandbox.cards import entered
from stripe_sandbox.cards.card import Decline
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.errors import Declined
from stripe_sandbox.models import Stored
from stripe_sandbox.resources.sessions import paying

from . import wording

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
        )

    @classmethod
    def read(cls, posted: Mapping[str, str], session: Mapping[str, Any]) -> HostedForm:
        """Return the form as it was posted; `errors` says what is wrong, by field, in the page's language."""
        form = cls.empty(session)
        if not form.fixed_email:
            form.email = posted.get("email", "").strip()[:800]
        form.name = posted.get("billingName", "").strip()[:200]
        form.where = {name: posted.get(name, "").strip()[:200] for name in _WHERE}
        chosen = posted.get("paymentMethod", form.method)
        form.method = chosen if chosen in session["payment_method_types"] else form.method
        form._check(posted)
        return form

    def _check(self, posted: Mapping[str, str]) -> None:
        if not re.fullmatch(r"[^@\s\x00]+@[^@\s\x00]+\.[^@\s.\x00]+", self.email):
            self.errors["email"] = _("Please give an e-mail address, such as you@example.com.")
        if not self.name or "\x00" in self.name:
            self.errors["billingName"] = _("Please give your name.")
        if self.address_wanted:
            for name in ("billingAddressLine1", "billingPostalCode", "billingCountry"):
                if not self.where[name]:
                    self.errors[name] = _("Please fill this in.")
        if self.method == "card":
            self._check_card(posted)

    def _check_card(self, posted: Mapping[str, str]) -> None:
        month, year = entered.expiry(posted.get("cardExpiry", ""))
        where = {plain: self.where[name] or None for name, plain in _WHERE.items()}
        try:
            self.known = entered.check(
                posted.get("cardNumber", ""),
                month,
                year,
                posted.get("cardCvc", "").strip(),
                name=self.name,
                address=where if any(where.values()) else None,
            )
        except Declined as error:
            param, sentence = wording.of_input(error)
            self.errors[_FIELDS[param]] = sentence

    @property
    def summary(self) -> str:
        """Return what is wrong in one sentence, for the top of the page."""
        said = set(self.errors.values())
        return said.pop() if len(said) == 1 else _("Please check the fields that are marked.")

    def pay(self, session: Stored) -> Decline | None:
        """Pay with what was typed; returns why it was declined."""
        given = {plain: self.where[name] or None for name, plain in _WHERE.items()}
        who = {"email": self.email, "name": self.name, "address": address(given)}
        if self.method == "konbini":
            paying.by_konbini(session, who)
            return None
        if self.known is None:
            return Decline("incorrect_number")
        return paying.by_card(session, self.known, who)

    def declined(self, decline: Decline) -> None:
        """Say on the page that the card was declined, and at which field if one is at fault."""
        where = _FIELDS.get(decline.param or "", "form")
        self.errors[where] = wording.declined(decline.code, decline.decline_code)


def asked_for(request: HttpRequest) -> AbstractContextManager[None]:
    """Let events name a request, as those that come of Stripe's own page do."""
    return current.answering(
        id=ids.new("req"), idempotency_key=str(uuid.uuid4()), client_ip=request.META.get("REMOTE_ADDR")
    )
