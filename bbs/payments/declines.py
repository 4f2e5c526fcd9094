"""Why nothing was taken, as a text for the cardholder."""

from __future__ import annotations

import stripe
from django.utils.translation import gettext_lazy as _

# Where an account's owner can enable card tokens, and why that is of no use on a Japanese account.
API_POLICIES = "https://dashboard.stripe.com/settings/developers/api-policies"
JAPANS_MANDATE = "https://support.stripe.com/questions/3ds-mandate-in-japan"
# Stripe sends no code with it, only this sentence: recorded on a new account in September 2026.
END_OF_LIFE = "Card Token usage on the Customers API and Charges API has reached end of life"
CARD_TOKENS_ENDED = "card_tokens_ended"
# What another card may not change, but the modern flow does.
LEGACY_ALONE = {CARD_TOKENS_ENDED, "authentication_required"}

# https://docs.stripe.com/declines/codes — what not to say: that a card was reported lost or stolen
FAILURES = {
    "card_declined": _("The bank declined the card and gave no reason. Please contact your bank."),
    "insufficient_funds": _("The bank declined the card: there are insufficient funds on it."),
    "expired_card": _("The card has expired."),
    "incorrect_cvc": _("The security code (CVC) is not right."),
    "incorrect_number": _("The card number is not right."),
    "processing_error": _("The card could not be processed just now. Nothing is wrong with it; try again shortly."),
    "authentication_required": _("The bank wants you to confirm the payment, which the legacy flow cannot do."),
    CARD_TOKENS_ENDED: _(
        "Cards cannot be charged in this way at the moment. Your card is not the reason; our staff have been notified."
    ),
    "token_already_used": _("This card entry was used before."),
    "resource_missing": _("Stripe does not recognize this card entry, or it has expired."),
    "payment_intent_payment_attempt_expired": _("It was not paid in time."),
    "amount_too_small": _("The amount is too small for a card payment. This is our mistake; please contact us."),
    "amount_too_large": _("The amount is too large for a card payment. This is our mistake; please contact us."),
    "other": _("The payment did not go through."),
}

DECLINES = {
    "card_not_supported",
    "card_velocity_exceeded",
    "do_not_honor",
    "fraudulent",
    "generic_decline",
    "lost_card",
    "pickup_card",
    "restricted_card",
    "stolen_card",
    "transaction_not_allowed",
    "try_again_later",
    "withdrawal_count_limit_exceeded",
}


def failure_text(code: str) -> str:
    """Return why nothing was taken, for Stripe's decline or error code."""
    return str(FAILURES.get(code) or FAILURES["card_declined" if code in DECLINES else "other"])


def needs_modern(code: str) -> bool:
    """Return whether a payment that failed with this code can be expected to work in the modern flow alone."""
    return code in LEGACY_ALONE


def code_of(error: stripe.CardError | stripe.InvalidRequestError) -> str:
    """Return Stripe's code of a decline or a refusal, or ours where Stripe sends none."""
    if isinstance(error, stripe.CardError):
        return (error.error and error.error.decline_code) or error.code or "card_declined"
    if (error.user_message or "").startswith(END_OF_LIFE):
        return CARD_TOKENS_ENDED
    return error.code or "invalid_request"


def code_in(charge: stripe.Charge) -> str:
    """Return Stripe's code for why a charge failed."""
    reason = charge.outcome and charge.outcome.reason
    return reason or charge.failure_code or "card_declined"


def attempt_in(intent: stripe.PaymentIntent) -> str:
    """Return Stripe's code of the last attempt that failed on Stripe's page, and the charge of it.

    The charge distinguishes two declines for the same reason; without one, the bank was not even asked.
    """
    error = getattr(intent, "last_payment_error", None)
    reason = getattr(error, "decline_code", None) or getattr(error, "code", None) or "card_declined"
    charge = getattr(intent, "latest_charge", None) or ""
    return f"{reason} {charge}".strip()
