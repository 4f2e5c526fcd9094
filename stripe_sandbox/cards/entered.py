"""A card as it was typed: checked as Stripe checks it, and reduced at once to what may be kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.errors import Declined

from . import catalogue, limits
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
    # Whether its address was checked although none is kept: the issuer's answer is all that a test token has.
    address_checked: bool = False

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
            "address_checked": self.address_checked,
        }


def magic(sid: str, param: str) -> StoredCard | None:
    """Return the card behind `tok_visa` or `pm_card_visa`, or None for an id that Stripe gives no such meaning.

    Raises `ApiError`, as the sandbox's limit, for one that has a meaning at Stripe alone.
    """
    is_method = sid.startswith("pm_card_")
    name = sid.removeprefix("pm_card_" if is_method else "tok_")
    limit = limits.by_prefix(sid) or (limits.BY_TOKEN.get(name) if name != sid else None)
    if limit:
        raise _unsupported(limit, param)
    card = catalogue.BY_TOKEN.get(name) if name != sid else None
    if card is None:
        return None
    cvc_check = None if is_method and not _fails_cvc(card) else _cvc_check(card)
    return StoredCard(card.key, 11, this_year() + 1, cvc_check, address_checked=card.fails_address)


def _unsupported(limit: limits.Limit, param: str) -> errors.ApiError:
    return errors.unsupported(f"this test card or id ({limit.name})", param)


def this_year() -> int:
    return store.today().year


def check(number: str, month: int, year: int, cvc: str | None, **more: Any) -> StoredCard:
    """Return what may be kept of a typed card.

    Raises the first of `mistakes`.
    """
    for mistake in mistakes(number, month, year, cvc):
        raise mistake
    card = catalogue.BY_NUMBER[_digits(number)]
    result = None if cvc is None else _cvc_check(card)
    return StoredCard(card.key, month, year if year >= 100 else 2000 + year, result, **more)


def mistakes(number: str, month: int, year: int, cvc: str | None) -> Iterator[errors.ApiError]:
    """Yield what is wrong with a typed card, in the order in which tokenisation finds it, one for each field.

    incorrect_number, invalid_expiry_month or invalid_expiry_year, invalid_cvc, and card_declined for a number that
    is no test card; or, for a test card that the sandbox does not support, its limit.
    """
    digits = _digits(number)
    kind = brand(digits) if digits and luhn(digits) else "unknown"
    limit = limits.BY_NUMBER.get(digits)
    if limit:
        yield _unsupported(limit, "number")
    elif kind == "unknown":
        yield Declined("Your card number is incorrect.", code="incorrect_number", param="number")
    yield from _expiry_mistake(month, year if year >= 100 else 2000 + year)
    if cvc is not None and not _cvc_fits(cvc, kind):
        yield Declined("Your card's security code is invalid.", code="invalid_cvc", param="cvc")
    if kind != "unknown" and not limit and digits not in catalogue.BY_NUMBER:
        yield Declined(_LIVE_CARD, code="card_declined", decline_code="test_mode_live_card", param="number")


def _digits(number: str) -> str:
    """Return the 12 to 19 digits of a card number, or "" for what is none."""
    digits = re.sub(r"[\s-]", "", number) if len(number) <= _LONGEST else ""
    return digits if digits.isascii() and digits.isdecimal() and 12 <= len(digits) <= 19 else ""


def _cvc_check(card: Card) -> str:
    """Return what the issuer finds of a security code: any is right, but for the card that declines it."""
    return "fail" if _fails_cvc(card) else "pass"


def _fails_cvc(card: Card) -> bool:
    return card.decline is not None and card.decline.code == "incorrect_cvc"


def _expiry_mistake(month: int, year: int) -> Iterator[Declined]:
    today = store.today()
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
