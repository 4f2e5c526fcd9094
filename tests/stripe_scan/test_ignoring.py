"""A comment `stripe-scan: ignore` silences its line, in the comments of the file's own language alone."""

from __future__ import annotations

import pytest

from stripe_scan.findings import Hit
from stripe_scan.ignoring import silences
from tests.stripe_scan.stage.cases import hits

CHARGE = "import stripe\n{before}stripe.Charge.create(amount=1, currency='jpy', source=token){after}\n"


def rules(before: str = "", after: str = "") -> set[str]:
    return {rule for _line, rule, _sure in hits(CHARGE.format(before=before, after=after))}


def test_a_file_without_the_mark_silences_nothing() -> None:
    assert not silences("import stripe\n", ("python",))(Hit(1, "plan"))


BOTH = {"charge-create", "charge-no-idempotency"}


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("", "  # stripe-scan: ignore", set()),
        ("", "  # stripe-scan: ignore[charge-create]", {"charge-no-idempotency"}),
        ("", "  # stripe-scan: ignore[charge-create, charge-no-idempotency]", set()),
        ("# stripe-scan: ignore[charge-create]\n", "", {"charge-no-idempotency"}),
        ("", "  # stripe-scan: ignore[plan]", BOTH),
        ("", "; note = '# stripe-scan: ignore'", BOTH),
        ("", "  // stripe-scan: ignore", BOTH),
        ("x = 1  # stripe-scan: ignore\n", "", BOTH),
    ],
)
def test_a_comment_silences_its_line_or_the_next_where_it_is_alone(before: str, after: str, left: set[str]) -> None:
    if after.startswith("  //"):
        after = "\n" + after.strip()  # no Python: the file is read as far as possible

    assert rules(before, after) == left


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("pay.js", "StripeCheckout.open({}); // stripe-scan: ignore"),
        ("pay.js", "/* stripe-scan: ignore[stripecheckout-configure] */ StripeCheckout.open({});"),
        ("pay.html", '<script src="https://checkout.stripe.com/checkout.js"></script> <!-- stripe-scan: ignore -->'),
        ("pay.html", '<input name="stripeToken"> {# stripe-scan: ignore[token-field] #}'),
        ("requirements.txt", "stripe==2.0  # stripe-scan: ignore"),
        ("pay.css", ".stripe-button-el {} /* stripe-scan: ignore */"),
        ("pay.rb", "Stripe::Charge.create(a) # stripe-scan: ignore"),
    ],
)
def test_every_language_has_its_comments(path: str, line: str) -> None:
    assert hits(line, path) == []
    assert hits(line.replace("stripe-scan", "other-tool"), path) != []
