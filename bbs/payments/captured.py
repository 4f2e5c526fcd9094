"""What Stripe captured, to be compared with our own row and copied to it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import stripe
from django.conf import settings

from bbs.models import Payment
from bbs.money import plain_amount
from bbs.payments import sql
from bbs.payments.references import expanded, id_in, reference_in


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
        intent: str | stripe.PaymentIntent | None = None,
    ) -> Captured:
        """Return what was captured: by `charge`, which is `paid` itself, or by the PaymentIntent of a paid session.

        An event carries the PaymentIntent's id alone: the charge and its card are recorded once Stripe is asked.
        """
        session_id, whole_intent = None if charge else paid.id, expanded(intent)
        latest = charge or (whole_intent.latest_charge if whole_intent else None)
        whole_charge = expanded(latest)
        method = whole_charge.payment_method_details if whole_charge else None
        card = method.card if method else None
        return cls(
            reference=reference_in(paid),
            amount=amount,
            currency=paid.currency,
            livemode=paid.livemode,
            checkout_session_id=session_id,
            payment_intent_id=id_in(intent),
            charge_id=id_in(latest),
            email=email,
            payment_method=(method and method.type) or "",
            card_brand=(card and card.brand) or "",
            card_last4=(card and card.last4) or "",
        )

    @property
    def could_be_ours(self) -> bool:
        """Whether it can settle the payment that it names, as far as that can be seen without our row."""
        return self.livemode == settings.STRIPE_LIVEMODE and bool(self.payment_intent_id or self.charge_id)

    def differences(self, payment: Payment) -> str:
        """Return what our row and Stripe do not agree about, for staff to read; empty when they agree."""
        session = payment.checkout_session_id or self.checkout_session_id
        our_amount = plain_amount(payment.amount, payment.currency)
        amount = plain_amount(self.amount, self.currency) if self.amount is not None and self.currency else None
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
    longest = Payment._meta.get_field("email").max_length
    return bool(email) and (longest is None or len(email) <= longest)
