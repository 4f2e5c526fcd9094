"""The threads that post deliveries: one for each endpoint with something due, so that none waits for another.

There is a bound, and a part of it is kept for endpoints that answer: as many dead ones as there may be leave it free.
"""

from __future__ import annotations

import logging
import time

from django.db import OperationalError, connections

from stripe_sandbox import accounts, conf
from stripe_sandbox.clock import schedule, worker

from . import deliveries, standing
from .standing import Standing

logger = logging.getLogger(__name__)

# So many threads may be busy when one more is wanted for an endpoint that answered last time, for one that was not
# posted to yet, and for one that did not answer or was slow.
MOST = {Standing.ANSWERS: 64, Standing.NEW: 56, Standing.SILENT: 32}
# So many deliveries a thread posts before it looks whether another endpoint waits.
_TURN = 20


def do_next(now: float) -> bool:
    """Have a thread post to the next endpoint with something due; return whether there was one, and room for it."""
    due = [(standing.of(endpoint), at, endpoint, account) for at, endpoint, account in _waiting() if at <= now]
    if not due:
        return False
    *_, endpoint, account = min(due)
    standing.post_by(lambda: worker.helper(_serve, account, endpoint), endpoint)
    return True


def next_due() -> float | None:
    """Return when there is something to post, and room for it, or None; the bell rings when a thread ends."""
    return min((at for at, *_ in _waiting()), default=None)


def _waiting() -> list[tuple[float, int, int]]:
    """Return each endpoint with work, and room for it: when there is something to post, its `seq`, its account."""
    busy = standing.busy()
    return [
        (max(it.due, it.claimed_until, standing.rests_until(it.endpoint_seq)), it.endpoint_seq, it.account)
        for it in deliveries.waiting()
        if it.endpoint_seq not in busy and len(busy) < MOST[standing.of(it.endpoint_seq)]
    ]


def _serve(account: int, endpoint: int) -> None:
    """Post what is due to one endpoint of an account, until it misses, or others have waited long enough."""
    try:
        accounts.serve((0, account), 0, lambda: _post(endpoint))
    except OperationalError as error:
        logger.warning("The sandbox's database cannot be used (%s): deliveries wait.", error)
        standing.rest(endpoint)
    except Exception:  # whatever it is: the delivery is tried again when it counts as left behind
        logger.exception("A thread of the sandbox failed at a delivery, which will be tried again.")
        standing.rest(endpoint)
    finally:
        connections[conf.DATABASE].close()
        standing.ended(endpoint)
        schedule.bell.set()


def _post(endpoint: int) -> bool:
    for _ in range(_TURN):
        claimed = None if worker.is_stopping() else deliveries.claim(time.time(), endpoint)
        if claimed is None or not standing.note(endpoint, deliveries.post(claimed)):
            break
    return True
