"""The test cards of https://docs.stripe.com/testing, as data, in its groups: what each is, and what follows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .afterwards import BALANCE, DISPUTES, REFUNDS
from .authentication import AUTHENTICATION
from .brands import BRANDS, FORMER
from .countries import COUNTRIES
from .refused import DECLINED, FRAUD_PREVENTION

GROUPS = (
    (_("By brand"), BRANDS),
    (_("By country"), COUNTRIES),
    (_("Declined payments"), DECLINED),
    (_("Fraud prevention and checks"), FRAUD_PREVENTION),
    (_("Disputes"), DISPUTES),
    (_("Refunds"), REFUNDS),
    (_("Available balance"), BALANCE),
    (_("3-D Secure"), AUTHENTICATION),
    (_("From earlier documentation"), FORMER),
)
CARDS = tuple(card for _title, cards in GROUPS for card in cards)

# Where several cards share a number, the first is the one that is typed: the others are tokens alone.
BY_KEY = {card.key: card for card in CARDS}
BY_NUMBER = {card.number: card for card in reversed(CARDS)}
BY_TOKEN = {name: card for card in CARDS for name in card.tokens}
