"""`manage.py prune_records`: old messages go, payments stay."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bbs.models import Payment
from compare.models import WireMessage
from tests.stage.people import Visitor

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


@pytest.fixture
def aged(hanako: Visitor) -> Payment:
    """A payment whose first message is 31 days old, and whose others are of today."""
    hanako.switch_flow("modern")
    hanako.post("/checkout/", {"order": hanako.see_order()})
    payment = Payment.objects.get()
    first = payment.messages.first()
    WireMessage.objects.filter(pk=first.pk).update(started_at=timezone.now() - timedelta(days=31))
    return payment


def test_messages_older_than_thirty_days_are_deleted_and_payments_stay(aged: Payment) -> None:
    out = io.StringIO()

    call_command("prune_records", stdout=out)

    assert out.getvalue() == "1 messages older than 30 days were deleted.\n"
    assert aged.messages.count() == 1
    assert Payment.objects.filter(pk=aged.pk).exists()


def test_how_old_a_message_may_be_can_be_given(aged: Payment) -> None:
    call_command("prune_records", days=32, stdout=io.StringIO())
    assert aged.messages.count() == 2

    call_command("prune_records", "--days", "0", stdout=io.StringIO())
    assert aged.messages.count() == 0


@pytest.mark.parametrize("days", ["-1", "many", "1.5", ""])
def test_what_is_no_number_of_days_deletes_nothing(aged: Payment, days: str) -> None:
    with pytest.raises(CommandError):
        call_command("prune_records", f"--days={days}")

    assert aged.messages.count() == 2
