"""Documented test cards and test ids that the sandbox does not support, each with a name for it.

https://docs.stripe.com/testing: what a card number, `tok_…`, `pm_…` means at Stripe. None of them may be answered
as if Stripe did not have it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Limit:
    """A thing that Stripe can simulate and the sandbox cannot; `name` in English, to be translated on a page."""

    name: str
    numbers: tuple[str, ...] = ()
    # What follows `tok_` and `pm_card_`.
    tokens: tuple[str, ...] = ()
    # Other test ids, by how they begin.
    prefixes: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        """What a person may look for: tokens as they are sent, and prefixes with an ellipsis."""
        return [*(f"tok_{token}" for token in self.tokens), *(f"{prefix}…" for prefix in self.prefixes)]


LIMITS = (
    Limit(_("early fraud warning"), ("4000000000005423",), ("createIssuerFraudRecord",)),
    Limit(_("Visa Compelling Evidence 3.0 dispute"), ("4000000404000038",), ("createCe3EligibleDispute",)),
    Limit(_("Visa compliance dispute"), ("4000008400000779",), ("createComplianceDispute",)),
    Limit(_("Mastercard compliance dispute"), ("5105008400000002",), ("createMastercardComplianceDispute",)),
    Limit(_("Smart Disputes"), ("4000000001000043",), ("createAutoRepresentmentEligibleDispute",)),
    Limit(
        _("dispute prevention"),
        ("4000000404004816", "4000000404005649", "5105000300000018"),
        ("createRapidDisputeResolutionDispute", "createCe3BlockDispute", "createEthocaAlert"),
    ),
    Limit(_("captcha challenge"), ("4000000000001208", "4000000000003725")),
    Limit(
        _("3-D Secure in mobile apps"),
        (
            *("4000582600000094", "4000582600000045", "4000582600000102", "4000582600000110"),
            # Of earlier editions of https://docs.stripe.com/payments/3d-secure.
            *("4000000000003238", "4000000000003246", "4000000000003253"),
        ),
    ),
    Limit(
        _("card reader with a PIN"),
        ("4001007020000002", "4000008260000075", "4001000360000005", "4000002760000008"),
        prefixes=("offline_pin_", "online_pin_"),
    ),
    Limit(
        _("card of a health or flexible spending account"),
        ("4000051230000072", "5200828282828897"),
        ("debit_visaFsaProductCode", "debit_visaHsaProductCode", "mastercard_debit_mastercardFsaProductCode"),
    ),
    Limit(_("Carnet card"), ("5062210000000009",)),
    Limit(
        _("bank account"),
        prefixes=("pm_usBankAccount_", "pm_sepaDebit_", "pm_bacsDebit_", "pm_auBecsDebit_", "pm_acssDebit_", "btok_"),
    ),
)

BY_NUMBER = {number: limit for limit in LIMITS for number in limit.numbers}
BY_TOKEN = {token: limit for limit in LIMITS for token in limit.tokens}
_BY_PREFIX = {prefix: limit for limit in LIMITS for prefix in limit.prefixes}


def by_prefix(sid: str) -> Limit | None:
    """Return the meaning of a test id that is no card's, or None."""
    return next((limit for prefix, limit in _BY_PREFIX.items() if sid.startswith(prefix)), None)
