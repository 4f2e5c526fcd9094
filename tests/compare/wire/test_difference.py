"""What two payments sent to Stripe, parameter by parameter."""

from __future__ import annotations

import pytest

from compare.wire.difference import differences
from compare.wire.story import Story
from tests.stage.recorded import pay

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def test_the_parameters_of_both_sides_stand_beside_each_other(mike) -> None:
    legacy, modern = Story.of(pay(mike, "legacy")), Story.of(pay(mike, "modern"))

    rows = {(row.left_name, row.right_name): row.kind for row in differences(legacy, modern)[0].rows}

    assert rows["amount", "line_items[0][price_data][unit_amount]"] == "renamed"
    assert rows["currency", "line_items[0][price_data][currency]"] == "renamed"
    assert rows["metadata[payment]", "metadata[payment]"] == "changed"
    assert rows["source", ""] == "left"
    assert rows["", "mode"] == "right"
    same = {row.kind for row in differences(legacy, legacy)[0].rows}
    assert same == {"same"}
