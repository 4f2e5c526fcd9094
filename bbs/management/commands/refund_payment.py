"""Give money back, in whichever flow it was taken."""

from __future__ import annotations

import argparse
from typing import get_args
from uuid import UUID

import stripe
from django.core.management.base import BaseCommand, CommandError

from bbs import payments
from bbs.models import Payment
from bbs.money import format_money, parse_amount
from bbs.payments.references import RefundReason

REASONS = get_args(RefundReason)


class Command(BaseCommand):
    help = "Refund a payment in full or in part, whichever flow it was taken in and whatever the flag is now."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("payment", type=UUID, help="the payment's reference, as on its receipt")
        parser.add_argument(
            "--amount",
            help="in the currency's main unit: 20.00 is $20.00, and 500 is ¥500 (default: all that is left)",
        )
        parser.add_argument("--reason", choices=REASONS, default=REASONS[0], help="default: %(default)s")

    def handle(self, *args: object, payment: UUID, amount: str | None, reason: RefundReason, **options: object) -> None:
        try:
            found = Payment.objects.get(pk=payment)
            wanted = None if amount is None else parse_amount(amount, found.currency)
            made = payments.refund(found, wanted, reason)
        except Payment.DoesNotExist:
            raise CommandError(f"There is no payment {payment}.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        except stripe.InvalidRequestError as error:
            raise CommandError(f"Stripe did not refund it: {error.user_message}") from error
        except stripe.StripeError as error:
            message = error.user_message or type(error).__name__
            raise CommandError(
                f"It is not confirmed whether Stripe refunded it: {message} Run reconcile_payments and check what was "
                "refunded before you run this again."
            ) from error
        under_way = f", of which {found.refund_open_total} are under way" if found.amount_refund_open else ""
        refunded = format_money(found.amount_refunded, found.currency)
        self.stdout.write(
            f"{found.reference}: {refunded} of {found.total} refunded in all{under_way}, now {found.status}. "
            f"Refund {made.id}."
        )
