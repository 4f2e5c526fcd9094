"""What the pages show a visitor whose payment failed: by Stripe's codes, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stripe_sandbox.errors import ApiError


def declined(code: str, decline_code: str = "") -> str:
    """Return a sentence for a decline."""
    sentences = {
        "authentication_required": _("Your bank requires authentication. Please try another card."),
        "card_velocity_exceeded": _("This card has been used too often. Please try another card."),
        "expired_card": _("Your card has expired. Please try another card."),
        "incorrect_cvc": _("The security code is not correct."),
        "incorrect_number": _("The card number is not valid."),
        "insufficient_funds": _("There are not enough funds on this card. Please try another card."),
        "invalid_cvc": _("The security code is incomplete."),
        "invalid_expiry_month": _("The expiry date is not valid, or it has passed. Use MM / YY."),
        "invalid_expiry_year": _("The expiry date is not valid, or it has passed. Use MM / YY."),
        "payment_intent_authentication_failure": _(
            "We could not authenticate this payment method. Please choose another one and try again."
        ),
        "processing_error": _("An error occurred while the card was processed. Please try again."),
        "sandbox_limit": _("Stripe has this test card, and the sandbox does not support it. Please use another one."),
        "test_mode_live_card": _("This is not a test card. Never type a real card here: use 4242 4242 4242 4242."),
    }
    generic = _("The card was declined. Please try another card.")
    return sentences.get(decline_code) or sentences.get(code) or generic


def of_input(error: ApiError) -> tuple[str, str]:
    """Return the parameter at fault and a sentence, for a card that could not be read."""
    body = error.body
    return body.get("param", "number"), declined(body["code"], body.get("decline_code", ""))
