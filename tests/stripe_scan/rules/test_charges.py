"""What the rules of `charges` find, and what they leave alone."""

from __future__ import annotations

import pytest

from tests.stripe_scan.stage.cases import Case, cases, lines_of

CALL = "import stripe\nstripe.Charge.create(amount=1, currency='jpy', customer=customer)\n"


@pytest.mark.parametrize("case", cases("charges"), ids=str)
def test_each_finds_its_lines_and_leaves_near_misses_alone(case: Case) -> None:
    assert case.found() == case.lines


def test_what_adds_nothing_to_another_finding_or_works_as_it_is_is_of_low_confidence() -> None:
    fee = "import stripe\nstripe.BalanceTransaction.retrieve(charge.balance_transaction)\n"

    assert lines_of("charge-customer", CALL) == lines_of("balance-fee", fee) == ()
    assert lines_of("charge-customer", CALL, with_low=True) == lines_of("balance-fee", fee, with_low=True) == (2,)


@pytest.mark.parametrize("amount", ["min(order.owed, request.POST['a'])", "order.total", "PRICES[request.POST['a']]"])
def test_an_amount_that_the_server_limits_or_looks_up_is_none_of_the_visitors(amount: str) -> None:
    code = f"import stripe\ndef pay(request):\n    stripe.Charge.create(amount={amount})\n"

    assert lines_of("client-amount", code) == ()
