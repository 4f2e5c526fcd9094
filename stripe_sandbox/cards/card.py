"""What a card is: its brand, its check digit, and how the issuer responds to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from stripe_sandbox import assumptions

DECLINED = "Your card was declined."
FUNDS = "Your card has insufficient funds."
CVC = "Your card's security code is incorrect."


@dataclass(frozen=True)
class Decline:
    """Why the issuer declines. `type` is the outcome's."""

    code: str
    decline_code: str = ""
    message: str = DECLINED
    param: str | None = None
    type: str = "issuer_declined"
    # Whether the message is an assumption: Stripe does not publish it.
    assumed: bool = False

    @property
    def advice(self) -> str:
        again = {"insufficient_funds", "processing_error", "card_velocity_exceeded", "generic_decline"}
        confirm = {"incorrect_cvc", "expired_card"}
        if (self.decline_code or self.code) in confirm:
            return "confirm_card_data"
        return "try_again_later" if (self.decline_code or self.code) in again else "do_not_try_again"

    @property
    def network_code(self) -> str | None:
        """Return the card network's code, recorded as "01"; None where the network was not asked."""
        unasked = ("authentication_required", "payment_intent_authentication_failure")
        return None if self.type != "issuer_declined" or (self.decline_code or self.code) in unasked else "01"


GENERIC = Decline("card_declined", "generic_decline")
NO_FUNDS = Decline("card_declined", "insufficient_funds", FUNDS)
WRONG_CVC = Decline("incorrect_cvc", "", CVC, param="cvc")
FRAUD = Decline("card_declined", assumptions.BLOCKED_DECLINE_CODE, type="blocked")
UNAUTHENTICATED = Decline(
    assumptions.AUTHENTICATION_CODE,
    "authentication_required",
    f"{DECLINED} This transaction requires authentication.",
)
IN_JAPAN = Decline(assumptions.AUTHENTICATION_CODE, "authentication_required", assumptions.JAPAN_MESSAGE, assumed=True)


@dataclass(frozen=True)
class Card:
    """One test card.

    `secure`: whether 3-D Secure must be passed ("required"), passes without the cardholder ("frictionless"), exists
    ("optional"), or is "not_supported".
    """

    key: str
    number: str
    note: str | Promise
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    decline: Decline | None = None
    secure: str = "optional"
    # A legacy charge cannot ask the visitor: the issuer then declines, unless only Radar asks for it.
    issuer_asks: bool = False
    attaches: bool = False
    # Whether a payment without the cardholder needs no authentication, as if the card had been set up for it.
    set_up: bool = False
    risk: str = "normal"
    # The reason of the dispute that a payment brings, or "inquiry"; and how many of them.
    dispute: str = ""
    disputes: int = 1
    # What the issuer answers about an address that is given: "pass", "fail" or "unavailable".
    line1_check: str = "pass"
    zip_check: str = "pass"
    # The other network of a co-branded card.
    co_brand: str = ""
    # What follows `tok_` and `pm_card_` in the ids of this card.
    tokens: tuple[str, ...] = ()

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def networks(self) -> list[str]:
        """The networks that can carry a payment of this card, by Stripe's names."""
        return [self.brand, *filter(None, [self.co_brand])]

    @property
    def fails_address(self) -> bool:
        return (self.line1_check, self.zip_check) != ("pass", "pass")

    @property
    def spaced(self) -> str:
        groups = (4, 10) if len(self.number) < 16 else (4, 8, 12, 16)
        return "".join(" " + d if i in groups else d for i, d in enumerate(self.number))


_PREFIXES = (
    ("amex", ("34", "37"), (15,)),
    ("diners", ("300", "301", "302", "303", "304", "305", "36", "38", "39"), (14, 16)),
    ("discover", ("6011", "644", "645", "646", "647", "648", "649", "65"), (16,)),
    ("jcb", tuple(str(n) for n in range(3528, 3590)), (16,)),
    ("mastercard", tuple(str(n) for n in (*range(51, 56), *range(2221, 2721))), (16,)),
    ("unionpay", ("62", "81"), (16, 17, 18, 19)),
    ("visa", ("4",), (13, 16, 19)),
)


def brand(number: str) -> str:
    """Return the brand a number belongs to, or "unknown"."""
    for name, prefixes, lengths in _PREFIXES:
        if number.startswith(prefixes) and len(number) in lengths:
            return name
    return "unknown"


def luhn(number: str) -> bool:
    """Return whether the number's check digit fits."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
