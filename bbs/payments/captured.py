"""What Stripe captured, to be compared with our own row and copied to it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import stripe
from django.conf import settings

from bbs.models import Payment
from bbs.money import plain_amount
from bbs.payments import sql
from bbs.payments.references import reference_in


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What Stripe captured. `amount` is in the currency's smallest unit; ids that are not known yet are empty."""

    reference: UUID | None
    amount: int | None
    currency: str | None
    livemode: bool | None
    checkout_session_id: str | None = None
    payment_intent_id: str | None = None
    charge_id: str | None = None
    email: str = ""
    payment_method: str = ""
    card_brand: str = ""
    card_last4: str = ""

    @classmethod
    def of(
        cls,
        paid: stripe.Charge | stripe.checkout.Session,
        *,
        amount: int | None,
        email: str,
        charge: stripe.Charge | None = None,
        intent: stripe.PaymentIntent | str | None = None,
    ) -> Captured:
        """Return what was captured: by `charge`, which is `paid` itself, or by the PaymentIntent of a paid session.

        An event carries the PaymentIntent's id alone: the charge and its card are recorded once Stripe is asked.
        """
        session_id = None if charge else paid.id
        charge = charge or getattr(intent, "latest_charge", None)
        method = getattr(charge, "payment_method_details", None)
        card = getattr(method, "card", None)
        return cls(
            reference=reference_in(paid),
            amount=amount,
            currency=paid.currency,
            livemode=paid.livemode,
            checkout_session_id=session_id,
            payment_intent_id=getattr(intent, "id", intent),
            charge_id=getattr(charge, "id", charge),
            email=email,
            payment_method=getattr(method, "type", None) or "",
            card_brand=card.brand if card else "",
            card_last4=card.last4 if card else "",
        )

    def differences(self, payment: Payment) -> str:
        """Return what our row and Stripe do not agree about, for staff to read; empty when they agree."""
        session = payment.checkout_session_id or self.checkout_session_id
        is_named = self.amount is not None and self.currency
        our_amount = plain_amount(payment.amount, payment.currency)
        amount = plain_amount(self.amount, self.currency) if is_named else None
        ours = (payment.reference, our_amount, payment.currency, settings.STRIPE_LIVEMODE, session)
        theirs = (self.reference, amount, self.currency, self.livemode, self.checkout_session_id)
        names = ("reference", "amount", "currency", "livemode", "session")
        compared = zip(names, ours, theirs, strict=True)
        different = [f"{name}: ours {our}, Stripe's {their}" for name, our, their in compared if our != their]
        if not (self.payment_intent_id or self.charge_id):
            different.append("paid at Stripe, with neither a PaymentIntent nor a Charge")
        return "; ".join(different)

    def ids(self) -> dict[str, str]:
        """Return the ids that this contains: no two payments share one."""
        return {name: value for name in sql.IDS if (value := getattr(self, name))}

    def details(self) -> dict[str, str]:
        """Return the fields of the payment that this contains."""
        known = {name: value for name in sql.DETAILS if (value := getattr(self, name))}
        if not fits(self.email):
            known.pop("email", None)
        return known


def fits(email: str) -> bool:
    """Return whether we can keep an address: one that is too long costs the mail, and nothing else."""
    return 0 < len(email) <= Payment._meta.get_field("email").max_length
