"""Countries that an address can be in: those of Checkout's `shipping_address_collection`.

https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-shipping_address_collection
Their names in both languages are Unicode's: https://cldr.unicode.org
"""

from __future__ import annotations

import functools
from importlib import resources

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# Where Checkout asks for a postal code with every card: the issuers there check it.
# https://docs.stripe.com/payments/checkout/customization/policies#billing-address
POSTAL_CODE_WITH_CARD = frozenset({"CA", "GB", "PR", "US"})
# Where an address has no postal code, of the countries that Stripe lists.
NO_POSTAL_CODE = frozenset(
    "AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CM DJ DM FJ GA GD GH GM GQ GY HK KI KM".split()
)
NO_POSTAL_CODE |= frozenset("KN LC ML MO MR MW NR PA QA RW SB SC SL SR ST TD TG TK TL TO TT TV UG VU YE ZW".split())


@functools.cache
def names() -> dict[str, tuple[str, str]]:
    """Return the English and the Japanese name of each country by its two-letter code, in the English order."""
    table = resources.files("stripe_sandbox").joinpath("pages/countries.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines())
    return {code: (english, japanese) for code, english, japanese in rows}


@functools.lru_cache(maxsize=600)
def options(language: str, chosen: str) -> SafeString:
    """Return the `option` elements of a select in a language, with one country chosen.

    `data-name` is the English name; `data-postal` is "card" where each card needs a postal code, and "no" where no
    address has one.
    """
    index = 1 if language == "ja" else 0
    rows = sorted(names().items(), key=lambda row: row[1][1]) if index else names().items()
    return format_html_join(
        "\n",
        '<option value="{}" data-name="{}"{}{}>{}</option>',
        (
            (code, both[0], _postal(code), SafeString(" selected") if code == chosen else "", both[index])
            for code, both in rows
        ),
    )


def _postal(code: str) -> str:
    if code in POSTAL_CODE_WITH_CARD:
        return SafeString(' data-postal="card"')
    return SafeString(' data-postal="no"') if code in NO_POSTAL_CODE else ""
