"""The field in which staff type money."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from bbs.fields import MoneyField


class Form(forms.Form):
    amount = MoneyField(currency="usd", max_value=5000)


@pytest.mark.parametrize(("typed", "amount"), [("20", 2000), ("20.00", 2000), ("50", 5000), ("0.01", 1)])
def test_what_is_typed_is_the_apis_integer(typed: str, amount: int) -> None:
    assert MoneyField(currency="usd", max_value=5000).clean(typed) == amount


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required."),
        ("0", "The amount must be more than zero."),
        ("50.01", "The amount must be at most $50.00."),
        ("20.001", "USD has at most 2 decimals"),
        ("much", "Enter the amount in USD as a number"),
    ],
)
def test_what_cannot_be_meant_is_refused(typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("$", r"\$")):
        MoneyField(currency="usd", max_value=5000).clean(typed)


def test_an_amount_is_shown_as_it_is_typed_and_a_mistake_as_it_was() -> None:
    assert 'value="20.00"' in str(Form(initial={"amount": 2000})["amount"])
    assert 'value="2o"' in str(Form({"amount": "2o"})["amount"])


@pytest.mark.parametrize(("typed", "changed"), [("20", []), ("20.00", []), ("20.01", ["amount"]), ("2o", ["amount"])])
def test_the_same_amount_typed_otherwise_is_no_change(typed: str, changed: list[str]) -> None:
    assert Form({"amount": typed}, initial={"amount": 2000}).changed_data == changed


def test_an_amount_may_be_left_out_where_it_is_not_required() -> None:
    assert MoneyField(currency="usd", required=False).clean("") is None
