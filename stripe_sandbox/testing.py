"""Helpers for tests of a site that runs on the sandbox: with `DELIVERIES` "manual", nothing happens without a call."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any

from . import store
from .api import faults
from .resources import advancing, effects
from .webhooks import deliveries, posting
from .webhooks.attempt import ClaimedDelivery, Reply

# An endpoint as a test sees it: takes body and headers, returns the status it answers.
Post = Callable[[bytes, dict[str, str]], int]


def signed_deliveries(*, ahead: float = 0) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Yield each due delivery as (body, headers), really signed; it counts as answered 200 once yielded.

    `ahead`: seconds to let pass first, so that what Stripe does later (`charge.updated` after 2 s, a konbini
    payment after 180 s, a retry) has happened too.
    """
    with closing(_claimed(ahead)) as due:
        for claimed in due:
            sealed = posting.sealed(claimed, int(time.time()))
            yield sealed
            deliveries.record(claimed, "", Reply(200, "", 0))


def deliver(post: Post, *, ahead: float = 0) -> int:
    """Hand each due delivery to `post` and note what it answers; return how many there were."""
    count = 0
    with closing(_claimed(ahead)) as due:
        for claimed in due:
            body, headers = posting.sealed(claimed, int(time.time()))
            status = post(body, headers)
            deliveries.record(claimed, "", Reply(status, "", 0))
            count += 1
    return count


def drain(*, ahead: float = 0) -> int:
    """Deliver all that is due over HTTP, here and now; return how many POSTs were made."""
    count = 0
    with closing(_claimed(ahead)) as due:
        for claimed in due:
            deliveries.post(claimed)
            count += 1
    return count


def _claimed(ahead: float) -> Generator[ClaimedDelivery, None, None]:
    now, moment = time.time() + ahead, store.moment() + ahead
    while True:
        done = effects.do_own(moment)
        claimed = deliveries.claim(now)
        if claimed:
            try:
                yield claimed
            finally:
                if claimed.delivery.claimed_until:
                    deliveries.release(claimed)
        elif not done:
            return


def advance(seconds: float) -> list[advancing.Happened]:
    """Let so many seconds pass by the account's clock; return what happened meanwhile."""
    return advancing.advance(seconds)


def fault(effect: str, times: int = 1) -> None:
    """Order a misfortune for the next calls or deliveries: see `faults.CALLS` and `faults.DELIVERIES`."""
    faults.order(effect, times)


def pay(page: Callable[..., Any], url: str, **fields: str) -> Any:
    """POST the hosted page's form with `page` (a Django test client's `post`); 4242… by default."""
    card = {"cardNumber": "4242424242424242", "cardExpiry": "12 / 40", "cardCvc": "123"}
    return page(url.partition("#")[0], {"email": "hanako@example.com", "billingName": "Hanako", **card, **fields})
