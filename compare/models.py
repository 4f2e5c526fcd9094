"""What the record keeps of each message, the rehearsals that were started on a page, and the runs of the lab."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class WireMessage(models.Model):
    """One request about a payment and its answer, masked: ours to Stripe, Stripe's to us, or the visitor's to us.

    `manage.py prune_records` deletes old ones. No payment depends on its record.
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("you → us")
        CALL = "call", _("us → Stripe")
        WEBHOOK = "webhook", _("Stripe → us")

    payment = models.ForeignKey(
        "bbs.Payment", on_delete=models.CASCADE, related_name="messages", verbose_name=_("payment")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    started_at = models.DateTimeField(_("started at"), db_index=True)
    milliseconds = models.FloatField(_("duration in milliseconds"))
    method = models.CharField(_("method"), max_length=7)
    address = models.CharField(_("address"), max_length=300, help_text=_("without its query"))
    parameters = models.JSONField(_("parameters"))
    status = models.PositiveSmallIntegerField(_("status"), null=True, help_text=_("empty when no response came"))
    answer = models.JSONField(_("answer"))
    request_id = models.CharField("Request-Id", max_length=255, blank=True)
    idempotency_key = models.CharField("Idempotency-Key", max_length=255, blank=True)
    error = models.CharField(_("error"), max_length=100, blank=True, help_text=_("why no response came"))
    demo = models.BooleanField(_("demo"), default=False, help_text=_("recorded where everyone may see it"))

    class Meta:
        # The name it had in the shop's own app: databases from before keep their table, and rows.
        db_table = "bbs_wiremessage"
        ordering = ["started_at", "pk"]
        verbose_name = _("recorded message")
        verbose_name_plural = _("recorded messages")
        indexes = [models.Index(fields=["payment", "started_at"], name="wiremessage_payment_started")]

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


class Rehearsal(models.Model):
    """One rehearsal of the migration, started on its page: how far it is, and in the end its report."""

    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last sign of life"), auto_now_add=True)
    is_running = models.BooleanField(_("running"), default=True)
    visitors = models.PositiveIntegerField(_("visitors"))
    done = models.PositiveIntegerField(_("visitors so far"), default=0)
    share = models.PositiveSmallIntegerField(_("percentage of the modern flow"), default=0)
    report = models.JSONField(_("report"), null=True)
    failure = models.TextField(_("failure"), blank=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        constraints = [
            # Whichever process asks: one at a time.
            models.UniqueConstraint(fields=["is_running"], condition=models.Q(is_running=True), name="one_rehearsal"),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%F %T}"


class LabRun(models.Model):
    """A scenario that a visitor has run in the lab, with its results. Only the newest ones are kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    UNFINISHED = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.UUIDField(_("visitor"))
    scenario = models.CharField(_("scenario"), max_length=60)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    results = models.JSONField(_("results"), default=list)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("lab run")
        verbose_name_plural = _("lab runs")
        constraints = [
            models.UniqueConstraint(
                fields=["visitor"], condition=models.Q(state__in=("waiting", "running")), name="labrun_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scenario} {self.state}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED
