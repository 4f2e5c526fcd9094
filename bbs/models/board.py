"""What visitors write on the board."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from bbs.models.payment import Payment


@dataclass(frozen=True)
class Page:
    """A page of the board, newest topic first. `older` is the key to ask for the next one with, or None."""

    topics: list[Topic]
    older: int | None
    is_first: bool


class TopicQuerySet(models.QuerySet["Topic"]):
    def page(self, size: int, before: int | None = None) -> Page:
        """Return the topics older than topic `before`, in one query that costs the same however far back it is."""
        visible = self.filter(hidden=False).select_related("payment__product")
        topics = list((visible if before is None else visible.filter(pk__lt=before))[: size + 1])
        older = topics[size - 1].pk if len(topics) > size else None
        return Page(topics[:size], older, is_first=before is None)


class Topic(models.Model):
    """One post on the board; one with a payment is the thank-you for it, and there can be only one."""

    COMMENT_MAX_LENGTH = 2000

    comment = models.TextField(_("comment"), max_length=COMMENT_MAX_LENGTH, blank=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("payment"))
    hidden = models.BooleanField(_("hidden"), default=False)
    submission = models.CharField(  # noqa: DJ001  (NULLs differ)
        _("submission"), max_length=64, null=True, unique=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.comment[:50] if self.payment_id is None else f"♥ {self.payment_id}"

    @property
    def may_scroll(self) -> bool:
        """Whether the comment may be taller than the board shows at once, so that the keyboard has to reach it."""
        return self.comment.count("\n") + len(self.comment) // 40 > 8

    @staticmethod
    def submission_of(form_id: uuid.UUID, comment: str) -> str:
        """Return what makes a post the same one again: the same rendered form with the same text."""
        return hashlib.sha256(f"{form_id}\n{comment}".encode()).hexdigest()
