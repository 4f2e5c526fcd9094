"""Stripe's refusals, in Stripe's words: each function builds one, for its caller to raise."""

from __future__ import annotations

from typing import Any

from . import assumptions, masking, money

API = "https://stripe.com/docs"
SUPPORT = "https://support.stripe.com/"


class ApiError(Exception):
    """An answer that is an error; raising it undoes what the call had begun. What it quotes of a card is masked.

    `assumed`: Stripe publishes no such words. The answer itself then says so, wherever it is shown.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        assumed: bool = False,
        **extra: Any,
    ):
        message = masking.text(message)
        super().__init__(message)
        self.status = status
        code = extra.get("code")
        if code and kind != "api_error":
            extra.setdefault("doc_url", f"{API}/error-codes/{code.replace('_', '-')}")
        if isinstance(extra.get("param"), str):
            extra["param"] = masking.text(extra["param"])
        if assumed:
            extra["sandbox_assumption"] = assumptions.OF_WORDS
        self.body = {"message": message, "type": kind, **{k: v for k, v in extra.items() if v is not None}}

    def json(self) -> dict[str, Any]:
        return {"error": dict(sorted(self.body.items()))}


class Declined(ApiError):
    """A card error. `kept`: what led to it (the failed charge, its events) stays, though the answer is an error."""

    def __init__(self, message: str, *, kept: bool = False, **extra: Any):
        super().__init__(message, status=402, kind="card_error", **extra)
        self.kept = kept


def missing(param: str) -> ApiError:
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(params: list[str]) -> ApiError:
    plural = "s" if len(params) > 1 else ""
    message = f"Received unknown parameter{plural}: {', '.join(params)}"
    return ApiError(message, code="parameter_unknown", param=params[0])


def empty(param: str) -> ApiError:
    return ApiError(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{param}' cannot be unset. You should remove '{param}' from your request or supply a "
        "non-empty value.",
        code="parameter_invalid_empty",
        param=param,
    )


def invalid(what: str, param: str, **extra: Any) -> ApiError:
    return ApiError(f"Invalid {what}", param=param, **extra)


# The kinds whose refusals do not name the object's own `object`.
_SPELLED = {
    "payment_method": "PaymentMethod",
    "balance_transaction": "balance transaction",
    "webhook_endpoint": "webhook endpoint",
}


def no_such(kind: str, sid: str, param: str, *, status: int = 404) -> ApiError:
    """Return the refusal of an id: 404 where it is the address, 400 where it is a parameter."""
    # Keys of the two modes are never mixed up here, so Stripe's sentence about live mode has no place.
    return ApiError(f"No such {_SPELLED.get(kind, kind)}: '{sid}'", status=status, code="resource_missing", param=param)


def amount_too_small(currency: str, param: str | None = "amount") -> ApiError:
    least = money.written(money.CURRENCIES[currency].minimum, currency)
    return ApiError(f"Amount must be at least {least} {currency}", code="amount_too_small", param=param)


def amount_zero(param: str) -> ApiError:
    """Return the refusal of a payment intent of nothing."""
    return ApiError(
        "The amount must be greater than or equal to the minimum charge amount allowed for your account and the "
        "currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a "
        "Payment Method for future use without an immediate payment, use a Setup Intent instead: "
        "https://docs.stripe.com/payments/setup-intents",
        code="parameter_invalid_integer",
        param=param,
    )


def amount_too_large(currency: str, param: str = "amount") -> ApiError:
    most = money.written(money.CURRENCIES[currency].maximum, currency)
    return ApiError(f"Amount must be no more than {most} {currency}", code="amount_too_large", param=param)


def no_decimals(currency: str, param: str) -> ApiError:
    """Return the refusal of a part of a whole unit, which the API counts as if there were hundredths."""
    return ApiError(
        f"Invalid amount. Currency {currency.upper()} has become effectively zero-decimal and charged amounts must be "
        f"evenly divisible by 100. See {API}/currencies#{assumptions.NO_DECIMALS_ANCHOR} for more information.",
        code="invalid_charge_amount_no_decimal_compatible",
        param=param,
    )


def last_digit(currency: str, param: str) -> ApiError:
    """Return the refusal of a thousandth. Stripe documents the rule, and not its words."""
    return ApiError(
        f"Invalid amount. Currency {currency.upper()} has three decimals, and the last digit must be 0. See "
        f"{API}/currencies?presentment-currency=AE#three-decimal for more information. The words are the sandbox's and "
        "the rule is Stripe's.",
        param=param,
    )


def card_tokens_ended() -> ApiError:
    """Return what an account answers to a card token that the Charges and Customers APIs no longer take.

    Recorded on a new account in September 2026; neither a code nor a parameter comes with it.
    """
    return ApiError(
        "Card Token usage on the Customers API and Charges API has reached end of life. In order to continue "
        "processing your payments, you will need to use the Payment Intents and Payment Methods API. Read more about "
        "what you should do here: https://docs.stripe.com/payments/payment-methods/integration-options. If you need to "
        "continue to use Card Tokens on the Customers and Charges API, enable this functionality in your API policies "
        "settings: https://dashboard.stripe.com/settings/developers/api-policies"
    )


def unsupported(what: str, param: str | None = None, *, status: int = 400) -> ApiError:
    """Return the sandbox's own refusal: Stripe can do this and the sandbox cannot."""
    message = f"The sandbox does not support {what}. Stripe itself does: this is the sandbox's limit."
    return ApiError(message, status=status, code="sandbox_limit", param=param, doc_url="/sandbox/limits/")


def private_address(host: str) -> ApiError:
    """Return the sandbox's own refusal to send webhooks into a private network."""
    message = (
        f"Other machines may reach this sandbox, so it sends webhooks to public addresses only, and {host[:300]} is "
        "private. STRIPE_SANDBOX_WEBHOOK_ALLOW allows more: this is the sandbox's limit."
    )
    return ApiError(message, code="sandbox_limit", param="url", doc_url="/sandbox/limits/")


def unrecognized_url(method: str, path: str) -> ApiError:
    message = f"Unrecognized request URL ({method}: {path}). Please see {API} or we can help at {SUPPORT}."
    return ApiError(message, status=404)


def empty_id(method: str, path: str) -> ApiError:
    """Return the refusal of an address in which an id is empty: https://github.com/stripe/stripe-php/issues/598."""
    return ApiError(
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash. "
        "If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. "
        f"Please see {API} or we can help at {SUPPORT}.",
        status=404,
    )


def no_access(key: str, account: str) -> ApiError:
    """Return the refusal of another account's id, by a key as messages show it; no account is connected here."""
    return ApiError(
        f"The provided key '{key}' does not have access to account '{account[:300]}' (or that account does not exist). "
        "Application access may have been revoked.",
        status=403,
        code="account_invalid",
    )


def payment_method_types_removed(what: str) -> ApiError:
    """Return the refusal of a parameter that went with API version 2026-09-30.endive."""
    return ApiError(
        f"The `payment_method_types` parameter is no longer supported on a {what}. Remove it to use dynamic payment "
        "methods, or use `allowed_payment_method_types` or `excluded_payment_method_types` instead.",
        code=assumptions.PAYMENT_METHOD_TYPES_CODE,
        assumed=True,
        param="payment_method_types",
    )


def descriptor_of_a_card(param: str) -> ApiError:
    """Return the refusal of a whole statement descriptor for a card, which takes a suffix alone since 2024.

    https://support.stripe.com/questions/use-of-the-statement-descriptor-parameter-on-paymentintents-for-card-charges
    """
    return ApiError(
        "The statement_descriptor parameter is not supported for the payment_method_type `card`. Use "
        "`statement_descriptor_suffix` instead.",
        assumed=True,
        param=param,
    )


def line_item_fields_removed(param: str) -> ApiError:
    """Return the refusal of a line item's parameters that went with API version 2022-08-01."""
    return ApiError(
        "You cannot use `line_items.amount`, `line_items.currency`, `line_items.name`, `line_items.description`, or "
        "`line_items.images` in this API version. Please use `line_items.price` or `line_items.price_data`. Please see "
        "https://stripe.com/docs/payments/checkout/migrating-prices for more information.",
        param=param,
    )
