"""Measure what the record of the wire costs a payment and a look at the board.

    python bench/record.py [--rounds 60]

Whole payments are made with the record off and on, in turns, in one run: the pay button, the way back, the receipt and
every webhook. What people wait for is the time until our answer; the record is stored after it. Medians, in
milliseconds; the sandbox's own pages are not counted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable

import stripe
from django.conf import settings
from visitor import Visitor, set_up

from bbs.models import Product
from bbs.payments.order import Order
from stripe_sandbox import testing

MOST = 5  # milliseconds of waiting that the record may cost a payment


def look() -> Visitor:
    """Look at the board."""
    visitor = Visitor()
    assert visitor.ask("GET", "/").status_code == 200
    return visitor


def pay(flow: str) -> Visitor:
    """Pay in a flow, and let Stripe tell us all about it."""
    visitor = Visitor()
    visitor.ask("GET", "/", timed=False)
    form = {"order": Order.choose([Product.objects.get(slug="t-shirt")], None, None, flow).signed}
    if flow == "legacy":
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
        form["stripeToken"] = stripe.Token.create(card=card, api_key=settings.STRIPE_PUBLISHABLE_KEY).id
    answer = visitor.post("/checkout/", **form)
    if flow == "modern":
        paid = testing.pay(lambda path, card: visitor.post(path, timed=False, **card), answer.headers["Location"])
        answer = visitor.ask("GET", paid.headers["Location"])
    assert visitor.ask("GET", answer.headers["Location"]).status_code == 200
    for body, headers in testing.signed_deliveries():
        more = {"CONTENT_TYPE": "application/json", "HTTP_STRIPE_SIGNATURE": headers["Stripe-Signature"]}
        assert visitor.ask("POST", "/webhook/", body, **more).status_code == 200
    return visitor


def medians(act: Callable[[], Visitor], rounds: int) -> dict[bool, tuple[float, float]]:
    """Return what it took without and with the record: milliseconds until the answers, and in all."""
    taken: dict[bool, list[Visitor]] = {False: [], True: []}
    for _ in range(rounds):
        for settings.RECORD_WIRE in taken:
            taken[settings.RECORD_WIRE].append(act())
    return {
        record: (statistics.median(v.waited for v in made), statistics.median(v.in_all for v in made))
        for record, made in taken.items()
    }


def main() -> int:
    """Print the table; return 1 if a payment waits longer for its record than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    set_up()
    acts = {"modern payment": lambda: pay("modern"), "legacy payment": lambda: pay("legacy"), "look at the board": look}
    met = True
    print(f"{'median, ms':<20}{'waited':>9}{'with it':>9}{'more':>7}{'ratio':>7}{'in all':>9}{'with it':>9}{'more':>7}")
    for name, act in acts.items():
        act()
        (waited, in_all), (waited_with, in_all_with) = medians(act, options.rounds).values()
        met = met and waited_with - waited < MOST
        print(
            f"{name:<20}{waited:>9.1f}{waited_with:>9.1f}{waited_with - waited:>7.1f}{waited_with / waited:>7.2f}"
            f"{in_all:>9.1f}{in_all_with:>9.1f}{in_all_with - in_all:>7.1f}"
        )
    print(f"waiting for the record of a payment: under {MOST} ms: {'met' if met else 'missed'}")
    return not met


if __name__ == "__main__":
    sys.exit(main())
