"""Why nothing was taken, in words for the person whose card it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# https://docs.stripe.com/declines/codes — what not to say: that a card was reported lost or stolen
FAILURES = {
    "card_declined": _("The bank declined the card. It gives no reason to us; your bank can tell you more."),
    "insufficient_funds": _("The bank declined the card: there are insufficient funds on it."),
    "expired_card": _("The card has expired."),
    "incorrect_cvc": _("The security code (CVC) is not right."),
    "incorrect_number": _("The card number is not right."),
    "processing_error": _("The card could not be processed just now. Nothing is wrong with it; try again shortly."),
    "authentication_required": _("The bank wants you to confirm the payment, which the legacy flow cannot do."),
    "token_already_used": _("This card entry was used before."),
    "resource_missing": _("Stripe does not know this card entry, or it is too old."),
    "payment_intent_payment_attempt_expired": _("It was not paid in time."),
    "amount_too_small": _("The amount is too small for a card payment. Please tell us; it is our mistake."),
    "amount_too_large": _("The amount is too large for a card payment. Please tell us; it is our mistake."),
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
