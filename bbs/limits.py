"""How often one visitor, and one address, may post or order within a minute. `CARD_ATTEMPTS_PER_ORDER` is here too.

Each limit is counted and checked in the transaction that writes what it limits, under a lock on the rows that count:
however many requests come at once, exactly as many as allowed are written. What is refused, or fails, is not counted.
A client without a cookie is a new visitor each time, and is counted by address alone.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bbs.models import HistoryEntry, Payment, RecentCount
from bbs.visitor import ensure_visitor_id, network_of

MINUTE = timedelta(minutes=1)
# Many visitors may share one address: a school, an office, a mobile network.
TIMES_PER_ADDRESS = 10
# Each count deletes more rows than it can add.
DELETED_AT_ONCE = 10
# Django can replace a row that is there, and not add to it. This is SQLite's and PostgreSQL's SQL alike.
COUNT_ONE_MORE = """
    INSERT INTO bbs_recentcount AS known (key, count, expires_at) VALUES (%s, 1, %s), (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.expires_at > %s THEN known.count + 1 ELSE 1 END,
        expires_at = CASE WHEN known.expires_at > %s THEN known.expires_at ELSE excluded.expires_at END
"""


class LimitReached(Exception):
    """Something that a limit refuses: nothing was written, and Stripe was not called.

    The text is for the visitor; `limit` names the limit for the log, and `wait` is in seconds, or None where waiting
    does not help.
    """

    def __init__(self, limit: str, title: str, text: str, wait: int | None = None) -> None:
        super().__init__(text)
        self.limit, self.title, self.wait = limit, title, wait


def count_post(request: HttpRequest) -> None:
    """Count a comment. Raises LimitReached, and has to be called in the transaction that saves the comment."""
    if wait := count(request, "post", settings.BOARD_POSTS_PER_MINUTE):
        text = _("You can post again in %d seconds. Your text was not posted; go back to find it.") % wait
        raise LimitReached("BOARD_POSTS_PER_MINUTE", _("Too many posts"), text, wait)


def count_order(request: HttpRequest) -> None:
    """Count an order. Raises LimitReached, and has to be called in the transaction that opens the payment."""
    if wait := count(request, "order", settings.ORDERS_PER_MINUTE):
        text = _("You can order again in %d seconds. Nothing was charged, and your order is saved.") % wait
        raise LimitReached("ORDERS_PER_MINUTE", _("Too many orders"), text, wait)


def refuse_more_cards(payment: Payment) -> None:
    """Raise LimitReached when as many cards were tried for this order as may be.

    Has to be called in the transaction that writes the next one into the history. Only a form with a card's token
    counts: cards that are entered on Stripe's page are limited there. https://docs.stripe.com/disputes/prevention/card-testing
    """
    tried = payment.history.filter(kind=HistoryEntry.Kind.TOKEN).count()
    if settings.CARD_ATTEMPTS_PER_ORDER and tried >= settings.CARD_ATTEMPTS_PER_ORDER:
        text = _("%d cards were tried for this order, and more are not accepted. Nothing was charged.") % tried
        raise LimitReached("CARD_ATTEMPTS_PER_ORDER", _("Too many cards"), text)


def delete_expired(now: datetime, most: int | None = None) -> None:
    """Delete the counts whose minute is over, but those that another transaction works on."""
    expired = RecentCount.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
    with transaction.atomic(savepoint=False):
        RecentCount.objects.filter(pk__in=[row.pk for row in expired[:most]]).delete()


def count(request: HttpRequest, what: str, limit: int) -> int:
    """Count one more for the visitor and for the address; return the seconds to wait where that is too many, or 0.

    `limit` is a visitor's for a minute, 0 for none. Has to be called in a transaction that is rolled back where it
    refuses: only what is done counts.
    """
    if not limit:
        return 0
    now = timezone.now()
    # Always in this order, so that no two transactions wait for each other.
    by = {f"visitor {ensure_visitor_id(request)}": limit, f"address {network_of(request)}": limit * TIMES_PER_ADDRESS}
    most = {salted_hmac("bbs.limits", f"{what} {who}", algorithm="sha256").hexdigest(): by[who] for who in by}
    _count_one_more([*most], now)
    rows = RecentCount.objects.in_bulk(most)
    if full := [rows[key] for key in most if rows[key].count > most[key]]:
        return math.ceil((full[0].expires_at - now).total_seconds())
    delete_expired(now, DELETED_AT_ONCE)
    return 0


def _count_one_more(keys: list[str], now: datetime) -> None:
    """Add one to each of two counts, or begin a minute, in one statement that locks their rows in this order."""
    start, end = (connection.ops.adapt_datetimefield_value(moment) for moment in (now, now + MINUTE))
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE, [keys[0], end, keys[1], end, start, start])
