"""A card as somebody typed it: checked as Stripe checks it, and reduced at once to what may be kept."""

from __future__ import annotations

import datetime
import hashlib
import re
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

    Raises `Declined` as tokenisation does: incorrect_number, invalid_expiry_month, invalid_expiry_year,
    invalid_cvc, and card_declined for a number that is no test card.
    """
    digits = re.sub(r"[\s-]", "", number) if len(number) <= _LONGEST else ""
    if not digits.isascii() or not digits.isdecimal() or not 12 <= len(digits) <= 19:
        raise Declined("Your card number is incorrect.", code="incorrect_number", param="number")
    if not luhn(digits) or brand(digits) == "unknown":
        raise Declined("Your card number is incorrect.", code="incorrect_number", param="number")
    _check_expiry(month, year if year >= 100 else 2000 + year)
    if cvc is not None and not _cvc_fits(cvc, brand(digits)):
        raise Declined("Your card's security code is invalid.", code="invalid_cvc", param="cvc")
    card = catalogue.BY_NUMBER.get(digits)
    if card is None:
        raise Declined(_LIVE_CARD, code="card_declined", decline_code="test_mode_live_card", param="number")
    result = None if cvc is None else _cvc_check(card)
    return StoredCard(card.key, month, year if year >= 100 else 2000 + year, result, **more)


def _cvc_check(card: Card) -> str:
    """Return what the issuer finds of a security code: any is right, but for the card that says no."""
    return "fail" if card.decline and card.decline.code == "incorrect_cvc" else "pass"


def _check_expiry(month: int, year: int) -> None:
    if not 1 <= month <= 12:
        raise Declined("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    today = datetime.datetime.now(datetime.UTC)
    if not today.year <= year <= today.year + 50:
        raise Declined("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    if (year, month) < (today.year, today.month):
        raise Declined("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")


def _cvc_fits(cvc: str, brand: str) -> bool:
    lengths = (3, 4) if brand == "amex" else (3,)
    return cvc.isascii() and cvc.isdecimal() and len(cvc) in lengths


def expiry(text: str) -> tuple[int, int]:
    """Return month and year of `MM / YY` or `MM/YYYY`; (0, 0) for what is no date."""
    match = re.fullmatch(r"(\d{1,2})[/\-.]?(\d{4}|\d{2})", "".join(text.split())) if len(text) <= _LONGEST else None
    return (int(match[1]), int(match[2])) if match else (0, 0)
