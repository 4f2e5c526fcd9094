"""The test cards that the issuer declines, or that Radar looks at.

https://docs.stripe.com/testing#declined-payments and #fraud-prevention
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stripe_sandbox import assumptions

from .card import FRAUD, FUNDS, GENERIC, NO_FUNDS, WRONG_CVC, Card, Decline

_LOST = Decline("card_declined", "lost_card")
_STOLEN = Decline("card_declined", "stolen_card")
_VELOCITY = "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
_NOT_ENOUGH = _("Declined: not enough funds.")
_WRONG_CODE = _("Declined: the security code is wrong. Pays when none is sent.")

# Key, number, note, decline, and what the tokens are called besides: with `visa_` before it and without.
_DECLINES = (
    ("declined", "4000000000000002", _("Declined."), GENERIC, ""),
    ("declinedInsufficientFunds", "4000000000009995", _NOT_ENOUGH, NO_FUNDS, "InsufficientFunds"),
    ("declinedLostCard", "4000000000009987", _("Declined: the card is lost."), _LOST, "LostCard"),
    ("declinedStolenCard", "4000000000009979", _("Declined: stolen card."), _STOLEN, "StolenCard"),
    (
        "declinedExpiredCard",
        "4000000000000069",
        _("Declined: the card has expired."),
        Decline("expired_card", "", "Your card has expired.", "exp_month"),
        "ExpiredCard",
    ),
    ("declinedIncorrectCvc", "4000000000000127", _WRONG_CODE, WRONG_CVC, "IncorrectCvc"),
    (
        "declinedProcessingError",
        "4000000000000119",
        _("Declined: an error while processing."),
        Decline("processing_error", "", assumptions.PROCESSING_ERROR),
        "ProcessingError",
    ),
    (
        "declinedVelocityLimitExceeded",
        "4000000000006975",
        _("Declined: used too often."),
        Decline("card_declined", "card_velocity_exceeded", _VELOCITY),
        "VelocityLimitExceeded",
    ),
)
_SAVED = _("Can be saved to a customer; charging that customer is declined.")

DECLINED = (
    *(
        Card(key, number, note, decline=decline, tokens=(f"visa_chargeDeclined{name}", f"chargeDeclined{name}"))
        for key, number, note, decline, name in _DECLINES
    ),
    Card(
        "debit_funds",
        "4000000000009995",
        _NOT_ENOUGH,
        funding="debit",
        decline=Decline("card_declined", "insufficient_funds", FUNDS),
        tokens=("visa_debit_chargeDeclinedInsufficientFunds",),
    ),
    Card(
        "charge_customer_fail",
        "4000000000000341",
        _SAVED,
        decline=GENERIC,
        attaches=True,
        tokens=("chargeCustomerFail", "visa_chargeCustomerFail"),
    ),
    Card(
        "customer_lost",
        "4000000000000341",
        _SAVED,
        decline=_LOST,
        attaches=True,
        tokens=("visa_chargeCustomerFailLostCard",),
    ),
    Card(
        "customer_stolen",
        "4000000000000341",
        _SAVED,
        decline=_STOLEN,
        attaches=True,
        tokens=("visa_chargeCustomerFailStolenCard",),
    ),
)

_CONTROL_OFF = _("Pays: the Radar control that would stop it is off.")
_ADDRESS = _("Pays. If an address is given, its check fails.")

FRAUD_PREVENTION = (
    Card(
        "radar_block",
        "4100000000000019",
        _("Always blocked as fraud."),
        decline=FRAUD,
        risk="highest",
        # The last two are the names of earlier years.
        tokens=("radarBlock", "visa_chargeDeclinedFraudulent", "chargeDeclinedFraudulent"),
    ),
    Card(
        "risk_highest",
        "4000000000004954",
        _("Declined here, at the highest risk; Stripe's Radar might block it."),
        decline=FRAUD,
        risk="highest",
        tokens=("riskLevelHighest",),
    ),
    Card(
        "risk_elevated",
        "4000000000009235",
        _("Pays, at elevated risk."),
        risk="elevated",
        tokens=("riskLevelElevated",),
    ),
    Card("dispute_score", "4000008400000407", _CONTROL_OFF, tokens=("highFraudDisputeScore",)),
    Card("warning_score", "4000008400000159", _CONTROL_OFF, tokens=("highEfwScore",)),
    Card("dynamic_risk", "4000008400001017", _CONTROL_OFF, tokens=("radarDynamicRiskThreshold",)),
    Card("adaptive", "4000008405600003", _CONTROL_OFF, tokens=("adaptive3dsChallenge",)),
    # https://docs.stripe.com/radar/rules#traditional-bank-checks: blocked unless the account's settings allow it.
    Card("cvc_fails", "4000000000000101", _WRONG_CODE, decline=WRONG_CVC, tokens=("cvcCheckFail",)),
    Card(
        "cvc_fails_risk",
        "4000058400307872",
        _WRONG_CODE,
        decline=WRONG_CVC,
        risk="elevated",
        tokens=("cvcCheckFailElevatedRisk",),
    ),
    Card("zip_fails", "4000000000000036", _ADDRESS, zip_check="fail", tokens=("avsZipFail",)),
    Card(
        "zip_fails_risk",
        "4000058400306072",
        _ADDRESS,
        zip_check="fail",
        risk="elevated",
        tokens=("avsZipFailElevatedRisk",),
    ),
    Card("line1_fails", "4000000000000028", _ADDRESS, line1_check="fail", tokens=("avsLine1Fail",)),
    Card("address_fails", "4000000000000010", _ADDRESS, line1_check="fail", zip_check="fail", tokens=("avsFail",)),
    Card(
        "address_unavailable",
        "4000000000000044",
        _("Pays. If an address is given, it cannot be checked."),
        line1_check="unavailable",
        zip_check="unavailable",
        tokens=("avsUnchecked",),
    ),
)
