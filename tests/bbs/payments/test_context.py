"""Which payment the running code is about."""

from __future__ import annotations

import uuid

import pytest

from bbs.payments.context import current_payment, set_payment, within_payment

ONE, OTHER = uuid.uuid4(), uuid.uuid4()


def test_a_block_is_about_its_payment_and_what_is_around_it_about_another() -> None:
    with within_payment(ONE):
        with within_payment(OTHER):
            assert current_payment() == OTHER
        assert current_payment() == ONE
    assert current_payment() is None


def test_what_a_block_finds_out_is_forgotten_at_its_end_even_if_it_fails() -> None:
    def fail() -> None:
        with within_payment(None):
            set_payment(ONE)
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()

    assert current_payment() is None
