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
