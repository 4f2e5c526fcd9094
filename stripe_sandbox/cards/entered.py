"""A card as somebody typed it: checked as Stripe checks it, and reduced at once to what may be kept."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stripe_sandbox.errors import Declined

from . import catalogue
from .card import Card, Decline, brand, luhn

# Characters of a field: with spaces, more than any card has.
_LONGEST = 50
_LIVE_CARD = (
    "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test "
    "cards, visit: https://stripe.com/docs/testing."
)


@dataclass(frozen=True)
class StoredCard:
    """What is kept of a card: never its number or its security code."""

    behaviour: str
    exp_month: int
    exp_year: int
    cvc_check: str | None
    name: str | None = None
    address: dict[str, Any] | None = None

    @property
    def card(self) -> Card:
        return catalogue.BY_KEY[self.behaviour]

    @property
    def fingerprint(self) -> str:
        """Return 16 letters and digits that are the same for each use of one card."""
        return hashlib.sha256(f"sandbox {self.card.number}".encode()).hexdigest()[:16]

    @property
    def decline(self) -> Decline | None:
        """Return why a charge is declined: a wrong security code only counts if one was given."""
        decline = self.card.decline
        if decline and decline.code == "incorrect_cvc" and self.cvc_check is None:
            return None
        return decline

    def keep(self) -> dict[str, Any]:
        return {
            "behaviour": self.behaviour,
            "exp_month": self.exp_month,
            "exp_year": self.exp_year,
            "cvc_check": self.cvc_check,
            "name": self.name,
            "address": self.address,
        }


def magic(name: str) -> StoredCard | None:
    """Return the card behind `tok_visa` or `pm_card_visa`, or None for a name that Stripe does not have."""
    known = name.removeprefix("pm_card_") if name.startswith("pm_card_") else name.removeprefix("tok_")
    if known == name or known not in catalogue.BY_TOKEN:
        return None
    card = catalogue.BY_TOKEN[known]
    return StoredCard(card.key, 11, this_year() + 1, _cvc_check(card) if name.startswith("tok_") else None)


def this_year() -> int:
    return datetime.datetime.now(datetime.UTC).year


def check(number: str, month: int, year: int, cvc: str | None, **more: Any) -> StoredCard:
    """Return what may be kept of a typed card.

    Raises the first `Declined` of `mistakes`.
    """
    for mistake in mistakes(number, month, year, cvc):
        raise mistake
    card = catalogue.BY_NUMBER[_digits(number)]
    result = None if cvc is None else _cvc_check(card)
    return StoredCard(card.key, month, year if year >= 100 else 2000 + year, result, **more)


def mistakes(number: str, month: int, year: int, cvc: str | None) -> Iterator[Declined]:
    """Yield what is wrong with a typed card, in the order in which tokenisation finds it, one for each field.

    incorrect_number, invalid_expiry_month or invalid_expiry_year, invalid_cvc, and card_declined for a number that
    is no test card.
    """
    digits = _digits(number)
    kind = brand(digits) if digits and luhn(digits) else "unknown"
    if kind == "unknown":
        yield Declined("Your card number is incorrect.", code="incorrect_number", param="number")
    yield from _expiry_mistake(month, year if year >= 100 else 2000 + year)
    if cvc is not None and not _cvc_fits(cvc, kind):
        yield Declined("Your card's security code is invalid.", code="invalid_cvc", param="cvc")
    if kind != "unknown" and digits not in catalogue.BY_NUMBER:
        yield Declined(_LIVE_CARD, code="card_declined", decline_code="test_mode_live_card", param="number")


def _digits(number: str) -> str:
    """Return the 12 to 19 digits of a card number, or "" for what is none."""
    digits = re.sub(r"[\s-]", "", number) if len(number) <= _LONGEST else ""
    return digits if digits.isascii() and digits.isdecimal() and 12 <= len(digits) <= 19 else ""


def _cvc_check(card: Card) -> str:
    """Return what the issuer finds of a security code: any is right, but for the card that says no."""
    return "fail" if card.decline and card.decline.code == "incorrect_cvc" else "pass"


def _expiry_mistake(month: int, year: int) -> Iterator[Declined]:
    today = datetime.datetime.now(datetime.UTC)
    if not 1 <= month <= 12:
        yield Declined("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    elif not today.year <= year <= today.year + 50:
        yield Declined("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    elif (year, month) < (today.year, today.month):
        yield Declined("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")


def _cvc_fits(cvc: str, brand: str) -> bool:
    """Return whether a code has the brand's digits: 4 for American Express too, 3 or 4 where the brand is unknown."""
    lengths = (3, 4) if brand in ("amex", "unknown") else (3,)
    return cvc.isascii() and cvc.isdecimal() and len(cvc) in lengths
