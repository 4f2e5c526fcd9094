"""What visitors write on the board."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bbs.models.payment import Payment
from bbs.models.shop import Product

# All that a page of the board shows, in one statement: the newest posts before one, the newest thank-yous before it,
# which alone have a product's name and no slug, and the products on offer, which alone have a position. Each kind of
# topic has an index of its own, so that however many there are of one kind, the newest of the other are found at once.
# IS NULL would have SQLite take the index over payments, and read the hidden posts through.
# The numbers are part of the text: with parameters PostgreSQL would plan it at every look.
READ = """
SELECT * FROM (
    SELECT id, comment, CAST(NULL AS varchar(100)) AS name_ja, CAST(NULL AS varchar(100)) AS name_en,
        CAST(created_at AS text) AS created_at, CAST(NULL AS text) AS description_en, CAST(NULL AS text) AS currency,
        CAST(NULL AS integer) AS unit_amount, CAST(NULL AS integer) AS position
    FROM bbs_topic
    WHERE NOT (payment_id IS NOT NULL) AND %(visible)s AND id < %(before)d
    ORDER BY id DESC
    LIMIT %(limit)d
) posts
UNION ALL
SELECT thanks.id, '', product.name_ja, product.name_en, CAST(thanks.created_at AS text), NULL, NULL, NULL, NULL
FROM (
    SELECT id, payment_id, created_at
    FROM bbs_topic
    WHERE payment_id IS NOT NULL AND %(visible)s AND id < %(before)d
    ORDER BY id DESC
    LIMIT %(limit)d
) thanks
JOIN bbs_payment payment ON payment.reference = thanks.payment_id
JOIN bbs_product product ON product.id = payment.product_id
UNION ALL
SELECT id, slug, name_ja, name_en, description_ja, description_en, currency, unit_amount, position
FROM bbs_product
WHERE active
"""
# Not `hidden=False`, which Django 5.2 and 6.1 write differently: SQLite takes an index for its own words alone.
VISIBLE = Q(hidden__in=[False])
VISIBLE_SQL = {"sqlite": "hidden IN (0)", "postgresql": "hidden IN (false)"}
# At each row that SQLite steps to, Python's lock goes to another thread that waits for it.
IN_ONE_ROW = """
SELECT json_group_array(json_array(
    id, comment, name_ja, name_en, created_at, description_en, currency, unit_amount, position
)) FROM (%s)
"""
LAST = 2**63 - 1
COLUMNS = "id slug name_ja name_en description_ja description_en currency unit_amount position active".split()


class Comment:
    """What is shown of a topic, whether it is the whole row or not."""

    comment: str

    @property
    def may_scroll(self) -> bool:
        """Whether the comment may be taller than the board shows at once, so that the keyboard has to reach it."""
        return self.comment.count("\n") + len(self.comment) // 40 > 8


@dataclass(frozen=True)
class Post(Comment):
    """A topic as the board shows it: no more than `READ` reads, since a page is kept under that."""

    pk: int
    comment: str
    product_name_ja: str | None
    product_name_en: str | None
    created_at: datetime
    # Of a thank-you: those right before it, the newest first, and whether there are more than are shown.
    others: tuple[Post, ...] = ()
    has_more: bool = False

    @property
    def more(self) -> int:
        """How many thank-yous there are right before this one, at least."""
        return len(self.others) + self.has_more

    @property
    def bought(self) -> str | None:
        """The name of the product that a payment's thank-you is for; None for a visitor's comment."""
        return self.product_name_ja if get_language() == "ja" else self.product_name_en


@dataclass(frozen=True)
class Page:
    """A page of the board, newest topic first, and what is on offer beside it.

    It has `size` posts, and between them the thank-yous, which are one entry where they follow one another: a run of
    purchases does not hide what visitors wrote. Of those, too, no more than `size` are shown.

    `rows` is all that it shows, as the database gave it: pages with the same rows show the same.
    """

    rows: list[Sequence[Any]]
    size: int
    is_first: bool

    @classmethod
    def read(cls, size: int, before: int | None = None) -> Page:
        """Read the topics older than topic `before`, in one statement that costs the same however far back it is."""
        database = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up at each use
        with database.cursor() as cursor:
            visible = VISIBLE_SQL[database.vendor]
            query = READ % {"before": LAST if before is None else before, "limit": size + 1, "visible": visible}
            if database.vendor == "sqlite":
                cursor.execute(IN_ONE_ROW % query)
                rows = json.loads(cursor.fetchone()[0])
            else:
                cursor.execute(query)
                rows = cursor.fetchall()
            return cls(rows, size, is_first=before is None)

    @cached_property
    def topics(self) -> list[Post]:
        """The posts and the thank-yous, newest first; thank-yous that follow one another are in the first of them."""
        oldest = self.older or 0
        thanks = [row for row in self._topic_rows if row[2] is not None and row[0] > oldest]
        shown = sorted(self._post_rows[: self.size] + thanks[: self.size], key=itemgetter(0), reverse=True)
        found: list[Post] = []
        for is_thanks, rows in groupby(shown, key=lambda row: row[2] is not None):
            run = [Post(row[0], row[1], row[2], row[3], _time(row[4])) for row in rows]
            found += [replace(run[0], others=tuple(run[1:]))] if is_thanks else run
        if len(thanks) > self.size:  # the last of those that are shown has more behind it
            last = next(n for n in reversed(range(len(found))) if found[n].product_name_ja is not None)
            found[last] = replace(found[last], has_more=True)
        return found

    @property
    def older(self) -> int | None:
        """The key to ask for the next page with, or None."""
        return self._post_rows[self.size - 1][0] if len(self._post_rows) > self.size else None

    @cached_property
    def products(self) -> list[Product]:
        return [_product(row) for row in sorted(self._product_rows, key=itemgetter(-1, 0))]

    def product(self, slug: str | None) -> Product | None:
        """Return one of the products, the first one for None; None where it is not on offer."""
        rows = [row for row in self._product_rows if slug in (None, row[1])]
        return _product(min(rows, key=itemgetter(-1, 0))) if rows else None

    @property
    def _product_rows(self) -> list[Sequence[Any]]:
        return [row for row in self.rows if row[-1] is not None]

    @property
    def _post_rows(self) -> list[Sequence[Any]]:
        return [row for row in self._topic_rows if row[2] is None]

    @property
    def _topic_rows(self) -> list[Sequence[Any]]:
        return sorted((row for row in self.rows if row[-1] is None), key=itemgetter(0), reverse=True)


def _product(row: Sequence[Any]) -> Product:
    return Product.from_db(DEFAULT_DB_ALIAS, COLUMNS, (*row, True))


def _time(text: str) -> datetime:
    # SQLite has no type for it: Django stores UTC there.
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


class Topic(Comment, models.Model):
    """One post on the board; one with a payment is the thank-you for it, and there can be only one."""

    COMMENT_MAX_LENGTH = 2000

    comment = models.TextField(_("comment"), max_length=COMMENT_MAX_LENGTH, blank=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("payment"))
    hidden = models.BooleanField(_("hidden"), default=False)
    submission = models.CharField(  # noqa: DJ001  (NULLs differ)
        _("submission"), max_length=64, null=True, unique=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # However many in a row are hidden or of the other kind, the newest to be shown are found at once.
            models.Index(fields=["-id"], condition=~Q(payment__isnull=False) & VISIBLE, name="topic_posts_newest"),
            models.Index(fields=["-id"], condition=Q(payment__isnull=False) & VISIBLE, name="topic_thanks_newest"),
        ]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.comment[:50] if self.payment_id is None else f"♥ {self.payment_id}"

    @staticmethod
    def submission_of(form_id: uuid.UUID, comment: str) -> str:
        """Return what makes a post the same one again: the same rendered form with the same text."""
        return hashlib.sha256(f"{form_id}\n{comment}".encode()).hexdigest()
