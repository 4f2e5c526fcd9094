"""What Stripe does without a call, minutes or days after the call that began it."""

from __future__ import annotations

from collections.abc import Callable

from stripe_sandbox import accounts, store
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.clock import tasks
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import disputes, refunds, sessions
from .charges import engine
from .payment_intents import lifecycle
from .sessions import paying


def session_expires(sid: str) -> None:
    """Expire an unpaid session."""
    session = store.find(sessions.KIND, sid)
    if session and session.body["status"] == "open":
        sessions.end(session, asked=False)


def charge_updated(sid: str) -> None:
    """Let a charge's balance transaction arrive."""
    charge = store.get("charge", sid)
    kept = charge.private.get("card")
    engine.catch_up(charge, StoredCard(**kept) if kept else None)


def authorization_expires(sid: str) -> None:
    """Let go of money that was reserved and never captured."""
    charge = store.get("charge", sid)
    if charge.body["captured"] or charge.body["refunded"]:
        return
    with changing(charge) as body:
        body |= {"amount_refunded": body["amount"], "refunded": True}
    events.emit("charge.expired", charge.body, asked=False)


def refund_succeeds(sid: str) -> None:
    refunds.succeed(store.get("refund", sid))


def refund_fails(sid: str) -> None:
    refunds.fail(store.get("refund", sid))


def refund_has_reference(sid: str) -> None:
    refunds.has_reference(store.get("refund", sid))


def dispute(charge: str) -> None:
    disputes.open_for(store.get("charge", charge))


def dispute_filled_in(sid: str) -> None:
    disputes.fill_in(store.get("dispute", sid))


def dispute_decided(sid: str) -> None:
    disputes.decide(store.get("dispute", sid))


def intent_succeeded(sid: str) -> None:
    """Notify of a disputed payment's success, which Stripe does after the dispute."""
    lifecycle.notify_success(store.get("payment_intent", sid))


def konbini_paid(session: str) -> None:
    paying.voucher_paid(store.get(sessions.KIND, session))


def konbini_expires(session: str) -> None:
    paying.voucher_expired(store.get(sessions.KIND, session))


# By the names under which tasks are stored.
EFFECTS: dict[str, Callable[[str], None]] = {
    "authorization_expires": authorization_expires,
    "charge_updated": charge_updated,
    "dispute": dispute,
    "dispute_decided": dispute_decided,
    "dispute_filled_in": dispute_filled_in,
    "intent_succeeded": intent_succeeded,
    "konbini_expires": konbini_expires,
    "konbini_paid": konbini_paid,
    "refund_fail": refund_fails,
    "refund_pending": refund_succeeds,
    "refund_reference": refund_has_reference,
    "session_expires": session_expires,
}


def next_due() -> float | None:
    """Return when the next effect for any account is due, or None."""
    due = tasks.next_anywhere()
    return due[0] if due else None


def do_next(now: float) -> bool:
    """Let the next effect that is due for any account happen; return whether there was one."""
    return accounts.serve(tasks.next_anywhere(), now, lambda: do_own(store.moment()))


def do_own(now: float) -> bool:
    """Let the next effect that is due for the served account happen; return whether there was one.

    `now`: by the account's clock, in seconds since 1970.
    """
    return tasks.do_next(now, EFFECTS)
