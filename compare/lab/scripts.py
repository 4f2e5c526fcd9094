"""What happens in each scenario, in every shop and flow alike; its data say where only one flow can meet it.

A script is followed in a `Run`. What it wants in the end, where that is not one payment, it writes into `run.wanted`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable

from bbs.payments.client import MAX_NETWORK_RETRIES
from compare.apart.shop import Delivery, change
from compare.lab import visitors
from compare.lab.run import DISPUTED, NOTHING, REFUNDED, Run
from compare.lab.shops import PRICE
from compare.lab.tape import power_cut_at_the_next_write
from compare.lab.visitors import ASKS_THE_BANK, DECLINED

Script = Callable[[Run], None]
SCRIPTS: dict[str, Script] = {}
# In seconds: what stripe-python accepts is five minutes old at most, and what Stripe's side takes.
TOO_OLD, VOUCHER_PAID, VOUCHER_LAPSED, SESSION_LAPSED, DISPUTE_OPENED = 301, 300, 60 * 60 * 24 * 8, 60 * 60 * 25, 60


def script(function: Script) -> Script:
    """Register a script under the id of its scenario."""
    SCRIPTS[function.__name__.replace("_", "-")] = function
    return function


# --- The visitor leaves, or comes again ----------------------------------------------------------------------


@script
def tab_closed(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    run.visitor.close_tab()
    run.deliver()


@script
def tab_closed_on_the_way_back(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    run.visitor.leave_while_loading()
    run.deliver()


@script
def double_click(run: Run) -> None:
    form = run.visitor.filled(run.visitor.form())
    second = run.copy_of_visitor()
    run.tape.after_call = lambda: run.meanwhile(lambda: second.post(form))
    run.visitor.post(form)
    # The browser shows what answers the last click.
    run.visitor.back, run.visitor.sight = second.back, second.sight
    run.visitor.finish(second.back)
    run.visitor.come_back()
    run.deliver()


@script
def back_and_again(run: Run) -> None:
    form = run.visitor.form()
    run.visitor.pay(form)
    run.visitor.come_back()
    run.deliver()
    run.visitor.pay(form)
    run.visitor.come_back()
    run.deliver()


@script
def reloaded(run: Run) -> None:
    """The browser does its last request once more: it posts the same token, or opens the return address again."""
    form = run.visitor.filled(run.visitor.form())
    run.visitor.finish(run.visitor.post(form))
    run.visitor.come_back()
    if run.flow == "legacy":
        run.visitor.post(form)
    run.visitor.come_back()
    run.deliver()


# --- The card --------------------------------------------------------------------------------------------------


@script
def declined_then_paid(run: Run) -> None:
    form = run.visitor.form()
    run.visitor.pay(form, DECLINED)
    run.visitor.come_back()
    run.deliver()
    run.visitor.pay(form)
    run.visitor.come_back()
    run.deliver()


@script
def three_d_secure(run: Run) -> None:
    run.visitor.pay(run.visitor.form(), ASKS_THE_BANK)
    run.visitor.come_back()
    run.deliver()


@script
def card_tokens_ended(run: Run) -> None:
    run.account.control("card_tokens", mode="ended")
    run.visitor.pay(run.visitor.form())
    run.visitor.come_back()
    run.deliver()


# --- Webhooks ----------------------------------------------------------------------------------------------------


@script
def webhook_twice(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    run.visitor.come_back()
    run.notify(run.deliver())


@script
def webhook_first(run: Run) -> None:
    """The event is there before the visitor is back, or before the view has its answer from Stripe."""
    if run.flow == "legacy":
        run.tape.after_call = lambda: run.meanwhile(run.deliver)
    run.visitor.pay(run.visitor.form())
    run.deliver()
    run.visitor.come_back()


@script
def out_of_order(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    run.visitor.close_tab()
    run.notify(run.due()[::-1])


@script
def webhook_lost(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    run.visitor.close_tab()
    run.due()
    run.check()


@script
def wrong_secret(run: Run) -> None:
    change(STRIPE_WEBHOOK_SECRETS=["whsec_another"], STRIPE_WEBHOOK_SECRET="whsec_another")  # noqa: S106
    run.visitor.pay(run.visitor.form())
    run.visitor.close_tab()
    refused = run.deliver()
    run.check()
    ours = run.account.webhook_secret
    change(STRIPE_WEBHOOK_SECRETS=[ours], STRIPE_WEBHOOK_SECRET=ours)
    run.notify(refused)  # Stripe tries again for three days


@script
def five_minutes_late(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    run.visitor.close_tab()
    due = run.due()
    run.notify([_signed(body, run.account.webhook_secret, time.time() - TOO_OLD) for body, _headers in due])
    run.notify(due)  # Stripe signs each attempt anew


@script
def tampered_with(run: Run) -> None:
    """A decline's events are turned into those of a payment; the signature stays the one that Stripe made."""
    run.wanted = NOTHING
    run.visitor.pay(run.visitor.form(), DECLINED)
    run.visitor.come_back()
    run.notify([(_as_if_paid(body), headers) for body, headers in run.due()])


# --- Machines and lines ------------------------------------------------------------------------------------------


@script
def answer_lost(run: Run) -> None:
    """Stripe does what it was asked, and its answer does not arrive, nor that to either of the retries."""
    form = run.visitor.form()
    filled = run.visitor.filled(form)
    run.account.control("faults", effect="timeout_after", times=1 + MAX_NETWORK_RETRIES)
    run.visitor.finish(run.visitor.post(filled))
    run.visitor.come_back()
    run.deliver()
    if not run.taken():
        run.visitor.pay(form)
        run.visitor.come_back()
        run.deliver()


@script
def server_dies(run: Run) -> None:
    """The machine loses power when Stripe has the money and the shop is about to write that down."""
    if run.flow == "legacy":
        cut = power_cut_at_the_next_write()
        run.tape.after_call = cut.__enter__
        run.visitor.pay(run.visitor.form())
        cut.__exit__(None, None, None)
    else:
        run.visitor.pay(run.visitor.form())
        with power_cut_at_the_next_write():
            run.visitor.come_back()
    run.deliver()


@script
def times_a_hundred(run: Run) -> None:
    """A mistake in the shop's code: yen are sent to Stripe as if they had cents."""
    run.tape.factor = 100
    run.visitor.pay(run.visitor.form())
    run.visitor.come_back()
    run.deliver()
    run.check()


# --- Strangers ---------------------------------------------------------------------------------------------------


@script
def amount_changed(run: Run) -> None:
    run.visitor.pay(run.visitor.form() | {"amount": "1", "unit_amount": "1", "price": "1"})
    run.visitor.come_back()
    run.deliver()


@script
def another_customers_success(run: Run) -> None:
    run.visitor.pay(run.visitor.form())
    address = run.visitor.back
    run.visitor.come_back()
    run.deliver()
    run.visitor = run.another_visitor()
    run.visitor.back = address
    run.visitor.come_back()


@script
def success_without_paying(run: Run) -> None:
    run.wanted = NOTHING
    page = run.visitor.post(run.visitor.form())
    session = page.partition("#")[0].rpartition("/")[2]
    run.visitor.back = f"/success/?session_id={session}"
    run.visitor.come_back()
    run.deliver()


# --- Later ---------------------------------------------------------------------------------------------------------


@script
def konbini_later(run: Run) -> None:
    run.visitor.pay(run.visitor.form(), paymentMethod="konbini")
    run.visitor.come_back()
    run.deliver()
    run.deliver(VOUCHER_PAID)


@script
def konbini_expired(run: Run) -> None:
    run.wanted = NOTHING
    run.visitor.pay(run.visitor.form(), paymentMethod="konbini", email="fill_never@example.com")
    run.visitor.come_back()
    run.deliver()
    run.deliver(VOUCHER_LAPSED)


@script
def never_paid(run: Run) -> None:
    run.wanted = NOTHING
    run.visitor.post(run.visitor.form())
    run.deliver(SESSION_LAPSED)


@script
def refund_after_the_flip(run: Run) -> None:
    run.wanted = REFUNDED
    run.visitor.pay(run.visitor.form())
    run.visitor.come_back()
    run.deliver()
    change(PAYMENT_FLOW="modern" if run.flow == "legacy" else "legacy")
    run.shop.refund(500)
    run.deliver()


@script
def dispute(run: Run) -> None:
    run.wanted = DISPUTED
    run.visitor.pay(run.visitor.form(), visitors.DISPUTED)
    run.visitor.come_back()
    run.deliver(DISPUTE_OPENED)


def _signed(body: bytes, secret: str, moment: float) -> Delivery:
    """Sign a body as Stripe does: https://docs.stripe.com/webhooks#verify-manually."""
    signed = f"{int(moment)}.".encode() + body
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "Stripe-Signature": f"t={int(moment)},v1={signature}"}


def _as_if_paid(body: bytes) -> bytes:
    """Return an event of a decline as that of a payment."""
    event = json.loads(body)
    event |= {"id": f"evt_{secrets.token_hex(12)}", "type": event["type"].replace("failed", "succeeded")}
    event["data"]["object"] |= {"paid": True, "status": "succeeded", "amount": PRICE}
    return json.dumps(event).encode()
