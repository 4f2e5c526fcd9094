"""How card tokens behave on an account: they work, reached end of life, or no charge of them passes.

https://support.stripe.com/questions/3ds-mandate-in-japan, and the answer recorded on a new account in September 2026.
"""

from __future__ import annotations

from stripe_sandbox import accounts, conf, errors
from stripe_sandbox.models import Account


def mode() -> str:
    """Return one of `conf.CARD_TOKENS`: the account's own, or the value of the settings."""
    return accounts.current().card_tokens or conf.get("CARD_TOKENS")


def choose(mode: str) -> None:
    """Set one of `conf.CARD_TOKENS` for the account from now on; "" is the value of the settings."""
    account = accounts.current()
    Account.objects.filter(pk=account.pk).update(card_tokens=mode)
    account.card_tokens = mode


def refuse_ended() -> None:
    """Raise Stripe's refusal of a card token where the account no longer takes any."""
    if mode() == "ended":
        raise errors.card_tokens_ended()
