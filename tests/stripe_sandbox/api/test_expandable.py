"""What stripe-python's annotations say of a property."""

from __future__ import annotations

import pytest

from stripe_sandbox.api import expandable
from stripe_sandbox.api.expandable import ARRAY, LIST, OBJECT


@pytest.mark.parametrize(
    ("kind", "steps", "shape"),
    [
        ("charge", "transfer", OBJECT),
        ("charge", "outcome.rule", OBJECT),
        ("checkout.session", "total_details.breakdown", OBJECT),
        ("checkout.session", "line_items", LIST),
        ("customer", "tax_ids", LIST),
        ("item", "taxes", ARRAY),
        ("charge", "amount", ""),
        ("charge", "currency", ""),
        ("charge", "nonsense", ""),
        ("charge", "nonsense.more", ""),
        ("nonsense", "charge", ""),
        ("", "charge", ""),
    ],
)
def test_a_property_has_the_shape_that_the_sdk_gives_it(kind: str, steps: str, shape: str) -> None:
    assert expandable.shape(kind, tuple(steps.split("."))) == shape


@pytest.mark.parametrize(
    ("kind", "steps", "known"),
    [
        ("balance_transaction", "source.charge", True),  # of a refund, among others
        ("balance_transaction", "source.refunds.data.fee", True),  # of an application fee
        ("balance_transaction", "source.adjusted_for_overdraft.linked_transaction.customer", True),
        ("charge", "refunds.data.balance_transaction", True),
        ("charge", "outcome.rule", True),
        ("charge", "outcome", True),
        ("balance_transaction", "source.nonsense", False),
        ("balance_transaction", "source.amount", False),
        ("balance_transaction", "amount.charge", False),
        ("charge", "data", False),
        ("nonsense", "charge", False),
    ],
)
def test_a_path_may_lead_through_objects_of_several_kinds(kind: str, steps: str, known: bool) -> None:
    assert expandable.is_known(kind, tuple(steps.split("."))) is known
