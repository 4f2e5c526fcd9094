"""The test cards of 3-D Secure. https://docs.stripe.com/testing#regulatory-cards"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .brands import PAID
from .card import GENERIC, NO_FUNDS, Card

SECURE = _("Asks for 3-D Secure; pays when it is completed.")
_OPTIONAL = _("Pays; 3-D Secure is supported but not required.")

AUTHENTICATION = (
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
        set_up=True,
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
    # Earlier editions of the page had it, for the first 3-D Secure.
    Card("secure_first", "4000000000003063", SECURE, secure="required"),
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
    Card("secure_optional", "4000000000003055", _OPTIONAL, tokens=("threeDSecureOptional",)),
    Card("secure_optional_error", "4000000000003097", _OPTIONAL, tokens=("threeDSecureOptionalProcessingError",)),
    Card(
        "not_supported",
        "378282246310005",
        PAID,
        "amex",
        secure="not_supported",
        tokens=("amex_threeDSecureNotSupported",),
    ),
    Card(
        "frictionless",
        "4000000032200000",
        _("Pays: 3-D Secure completes without a challenge."),
        secure="frictionless",
        issuer_asks=True,
    ),
)
