"""The same calls in Ruby and PHP."""

from __future__ import annotations

from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.rules import finds

CALLS = ("Stripe::Charge.create", r"Stripe\Charge::create", "Stripe_Charge::create", "->charges->create(")


@finds("other", "other-language")
def calls(text: str) -> Iterator[Hit]:
    for number, line in enumerate(text.split("\n"), 1):
        if any(call in line for call in CALLS) and not line.lstrip().startswith(("#", "//", "*")):
            yield Hit(number, "other-language")
