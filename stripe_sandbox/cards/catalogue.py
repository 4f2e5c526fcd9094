"""The test cards of https://docs.stripe.com/testing, as data: what each is, and what becomes of it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stripe_sandbox import assumptions

from .card import CVC, FUNDS, GENERIC, NO_FUNDS, Card, Decline


def _declining(
    name: str, number: str, decline_code: str, note: str | Promise, code: str = "card_declined", **more: str
) -> Card:
    """Return a card that the issuer declines; its token has a newer name with the brand and an older one without."""
    outcome = Decline(code, decline_code, **more)
    short = name.removeprefix("chargeDeclined")
    return Card(f"declined{short}", number, note, decline=outcome, tokens=(f"visa_{name}", name))


PAID = _("Pays.")
SECURE = _("Asks for 3-D Secure; pays when it is completed.")

CARDS = (
    Card("visa", "4242424242424242", PAID, tokens=("visa",)),
    Card("visa_debit", "4000056655665556", PAID, funding="debit", tokens=("visa_debit",)),
    Card("mastercard", "5555555555554444", PAID, "mastercard", tokens=("mastercard",)),
    Card("mastercard_2", "2223003122003222", PAID, "mastercard"),
    Card("mc_debit", "5200828282828210", PAID, "mastercard", "US", "debit", tokens=("mastercard_debit",)),
    Card("mc_prepaid", "5105105105105100", PAID, "mastercard", "US", "prepaid", tokens=("mastercard_prepaid",)),
    Card("amex", "378282246310005", PAID, "amex", secure="not_supported", tokens=("amex",)),
    Card("discover", "6011111111111117", PAID, "discover", tokens=("discover",)),
    Card("diners", "3056930009020004", PAID, "diners", secure="not_supported", tokens=("diners",)),
    Card("jcb", "3566002020360505", PAID, "jcb", "JP", secure="not_supported", tokens=("jcb",)),
    Card("jcb_jp", "3530111333300000", PAID, "jcb", "JP", secure="not_supported"),
    Card("jp", "4000003920000003", _("Pays. A Visa card from Japan."), country="JP", tokens=("jp",)),
    _declining("chargeDeclined", "4000000000000002", "generic_decline", _("Declined.")),
    _declining(
        "chargeDeclinedInsufficientFunds",
        "4000000000009995",
        "insufficient_funds",
        _("Declined: not enough funds."),
        message=FUNDS,
    ),
    _declining("chargeDeclinedLostCard", "4000000000009987", "lost_card", _("Declined: the card is lost.")),
    _declining("chargeDeclinedStolenCard", "4000000000009979", "stolen_card", _("Declined: stolen card.")),
    _declining(
        "chargeDeclinedExpiredCard",
        "4000000000000069",
        "",
        _("Declined: the card has expired."),
        code="expired_card",
        message="Your card has expired.",
        param="exp_month",
    ),
    _declining(
        "chargeDeclinedIncorrectCvc",
        "4000000000000127",
        "",
        _("Declined: the security code is wrong. Pays when none is sent."),
        code="incorrect_cvc",
        message=CVC,
        param="cvc",
    ),
    _declining(
        "chargeDeclinedProcessingError",
        "4000000000000119",
        "",
        _("Declined: an error while processing."),
        code="processing_error",
        message=assumptions.PROCESSING_ERROR,
    ),
    _declining(
        "chargeDeclinedVelocityLimitExceeded",
        "4000000000006975",
        "card_velocity_exceeded",
        _("Declined: used too often."),
        message="Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
    ),
    Card(
        "charge_customer_fail",
        "4000000000000341",
        _("Can be saved to a customer; charging that customer is declined."),
        decline=GENERIC,
        attaches=True,
        tokens=("chargeCustomerFail",),
    ),
    Card(
        "radar_block",
        "4100000000000019",
        _("Always blocked as fraud."),
        decline=Decline("card_declined", assumptions.BLOCKED_DECLINE_CODE, type="blocked"),
        risk="highest",
        tokens=("radarBlock",),
    ),
    Card(
        "risk_elevated",
        "4000000000009235",
        _("Pays, at elevated risk."),
        risk="elevated",
        tokens=("riskLevelElevated",),
    ),
    Card(
        "risk_highest",
        "4000000000004954",
        _("Declined: at the highest risk."),
        decline=Decline("card_declined", assumptions.BLOCKED_DECLINE_CODE, type="blocked"),
        risk="highest",
        tokens=("riskLevelHighest",),
    ),
    Card(
        "dispute",
        "4000000000000259",
        _("Pays, then is disputed as fraud."),
        dispute="fraudulent",
        tokens=("createDispute",),
    ),
    Card(
        "dispute_not_received",
        "4000000000002685",
        _("Pays, then is disputed: not received."),
        dispute="product_not_received",
        tokens=("createDisputeProductNotReceived",),
    ),
    Card(
        "dispute_inquiry",
        "4000000000001976",
        _("Pays, then an inquiry is opened."),
        dispute="inquiry",
        tokens=("createDisputeInquiry",),
    ),
    Card(
        "auth_on_setup",
        "4000002500003155",
        SECURE,
        secure="required",
        issuer_asks=True,
        tokens=("authenticationRequiredOnSetup",),
    ),
    Card(
        "auth_always",
        "4000002760003184",
        SECURE,
        secure="required",
        issuer_asks=True,
        tokens=("authenticationRequired",),
    ),
    Card(
        "auth_set_up",
        "4000003800000446",
        SECURE,
        secure="required",
        issuer_asks=True,
        tokens=("authenticationRequiredSetupForOffSession",),
    ),
    Card(
        "auth_then_funds",
        "4000008260003178",
        _("Asks for 3-D Secure, then is declined: not enough funds."),
        decline=NO_FUNDS,
        secure="required",
        issuer_asks=True,
        tokens=("authenticationRequiredChargeDeclinedInsufficientFunds",),
    ),
    Card("secure_ie", "4000000000003220", SECURE, country="IE", secure="required", tokens=("threeDSecure2Required",)),
    Card("secure_us", "4000008400000027", SECURE, secure="required", tokens=("threeDSecureRequired",)),
    Card(
        "secure_declined",
        "4000008400001629",
        _("Asks for 3-D Secure, then is declined."),
        decline=GENERIC,
        secure="required",
        tokens=("threeDSecureRequiredChargeDeclined",),
    ),
    Card(
        "secure_error",
        "4000008400001280",
        _("Declined: 3-D Secure cannot be reached."),
        decline=GENERIC,
        tokens=("threeDSecureRequiredProcessingError",),
    ),
    Card(
        "secure_optional",
        "4000000000003055",
        _("Pays; 3-D Secure is possible and not asked for."),
        tokens=("threeDSecureOptional",),
    ),
    Card(
        "not_supported",
        "378282246310005",
        PAID,
        "amex",
        secure="not_supported",
        tokens=("amex_threeDSecureNotSupported",),
    ),
    Card("bypass_pending", "4000000000000077", _("Pays; the money is available at once."), tokens=("bypassPending",)),
    Card("refund_pending", "4000000000007726", _("Pays; a refund of it is pending first."), tokens=("pendingRefund",)),
    Card("refund_fail", "4000000000005126", _("Pays; a refund of it fails later."), tokens=("refundFail",)),
)

BY_KEY = {card.key: card for card in CARDS}
BY_NUMBER = {card.number: card for card in reversed(CARDS)}
BY_TOKEN = {name: card for card in CARDS for name in card.tokens}
