"""The test cards that pay, by brand. https://docs.stripe.com/testing#cards"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .card import Card

PAID = _("Pays.")

BRANDS = (
    Card("visa", "4242424242424242", PAID, tokens=("visa", "us")),
    Card("visa_debit", "4000056655665556", PAID, funding="debit", tokens=("visa_debit",)),
    Card("mastercard", "5555555555554444", PAID, "mastercard", tokens=("mastercard",)),
    Card("mastercard_2", "2223003122003222", PAID, "mastercard"),
    Card("mc_debit", "5200828282828210", PAID, "mastercard", "US", "debit", tokens=("mastercard_debit",)),
    Card("mc_prepaid", "5105105105105100", PAID, "mastercard", "US", "prepaid", tokens=("mastercard_prepaid",)),
    Card("amex", "378282246310005", PAID, "amex", secure="not_supported", tokens=("amex",)),
    Card("amex_2", "371449635398431", PAID, "amex", secure="not_supported"),
    Card("discover", "6011111111111117", PAID, "discover", tokens=("discover",)),
    Card("discover_2", "6011000990139424", PAID, "discover"),
    Card("discover_debit", "6011981111111113", PAID, "discover", funding="debit"),
    Card("diners", "3056930009020004", PAID, "diners", secure="not_supported", tokens=("diners",)),
    Card("diners_14", "36227206271667", PAID, "diners", secure="not_supported"),
    Card("jcb", "3566002020360505", PAID, "jcb", "JP", secure="not_supported", tokens=("jcb",)),
    Card("unionpay", "6200000000000005", PAID, "unionpay", "CN", secure="not_supported", tokens=("unionpay",)),
    Card("unionpay_debit", "6200000000000047", PAID, "unionpay", "CN", "debit", secure="not_supported"),
    Card("unionpay_19", "6205500000000000004", PAID, "unionpay", "CN", secure="not_supported"),
    # Two brands' card in Stripe's table. Both run on Discover's network, by which the sandbox shows it.
    Card("bccard", "6555900000604105", PAID, "discover", "KR"),
    Card(
        "cb_visa", "4000002500001001", PAID, country="FR", co_brand="cartes_bancaires", tokens=("visa_cartesBancaires",)
    ),
    Card(
        "cb_mastercard",
        "5555552500001001",
        PAID,
        "mastercard",
        "FR",
        co_brand="cartes_bancaires",
        tokens=("mastercard_cartesBancaires",),
    ),
    Card(
        "eftpos_visa",
        "4000050360000001",
        PAID,
        country="AU",
        funding="debit",
        co_brand="eftpos_au",
        tokens=("visa_debit_eftposAuCoBranded",),
    ),
    Card(
        "eftpos_mastercard",
        "5555050360000080",
        PAID,
        "mastercard",
        "AU",
        "debit",
        co_brand="eftpos_au",
        tokens=("mastercard_debit_eftposAuCoBranded",),
    ),
)

# In Stripe's table of earlier years, and in many test suites.
FORMER = (
    Card("visa_2", "4012888888881881", PAID),
    Card("domestic", "4000000000000093", PAID, tokens=("domesticPricing",)),
    Card("diners_old", "30569309025904", PAID, "diners", secure="not_supported"),
    Card("diners_old_2", "38520000023237", PAID, "diners", secure="not_supported"),
)
