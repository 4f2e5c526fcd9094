"""Which amounts Stripe takes in a currency: https://docs.stripe.com/currencies."""

from __future__ import annotations

from stripe_sandbox import errors, money


def check_charge(amount: int, currency: str, param: str = "amount") -> None:
    """Raise `ApiError` for an amount, in the API's unit, that is too large, too small or too precise to be charged."""
    if amount > money.CURRENCIES[currency].maximum:
        raise errors.amount_too_large(currency, param)
    check_minimum(amount, currency, param)
    check_step(amount, currency, param)


def check_minimum(amount: int, currency: str, param: str | None = "amount") -> None:
    """Raise `ApiError` for less than may be charged; a capture's refusal names no parameter."""
    if amount < money.CURRENCIES[currency].minimum:
        raise errors.amount_too_small(currency, param)


def check_step(amount: int, currency: str, param: str = "amount") -> None:
    """Raise `ApiError` for an amount with digits that must be 0: it can be neither charged nor refunded."""
    decimals, step, *_ = money.CURRENCIES[currency]
    if amount % step:
        whole = step == 10**decimals
        raise errors.no_decimals(currency, param) if whole else errors.last_digit(currency, param)
