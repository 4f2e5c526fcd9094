"""What the sandbox keeps in its own database: Stripe's objects, the log of calls, deliveries, and what is planned."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from .database.rows import Row


class Account(models.Model):
    """A Stripe account: its secret and its publishable key have the same tail, of which a digest is kept."""

    # Empty for the default account, whose keys are in the settings.
    digest = models.CharField(max_length=64, unique=True)
    # The last four characters of its keys, for a person to recognize them by.
    ending = models.CharField(max_length=4, blank=True)
    sid = models.CharField(max_length=30, unique=True)
    created = models.BigIntegerField()
    # When it was last used: right to a minute, since each change costs a write.
    used = models.BigIntegerField(db_index=True)
    webhook_secret = models.CharField(max_length=100, blank=True)
    # Where its events are posted besides the endpoints made over the API; None is the value of the settings.
    webhook_url = models.CharField(max_length=2000, null=True)  # noqa: DJ001  ("" is nowhere)
    # One of `conf.CARD_TOKENS`; empty is the value of the settings.
    card_tokens = models.CharField(max_length=10, default="")
    # Seconds by which its clock is ahead of the real one.
    clock_ahead = models.FloatField(default=0)
    # Whether any fault was ordered when the account was read: mostly not, which saves a query for each call and event.
    has_faults = True

    class Meta:
        indexes = [models.Index(fields=["clock_ahead"], name="clock_ahead", condition=models.Q(clock_ahead__gt=0))]

    def __str__(self) -> str:
        return self.sid


class StripeObject(Row):
    """One Stripe object, of any kind: its JSON as the API shows it, and what lists look it up by."""

    seq = models.BigAutoField(primary_key=True)
    sid = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    created = models.BigIntegerField()
    body = models.JSONField()
    # What the sandbox records and the API does not show: how a card behaves, whether a token is spent.
    private = models.JSONField(default=dict)
    deleted = models.BooleanField(default=False)
    customer = models.CharField(max_length=100, default="")
    payment_intent = models.CharField(max_length=100, default="")
    parent = models.CharField(max_length=100, default="")
    tag = models.CharField(max_length=100, default="")
    email = models.CharField(max_length=800, default="")

    class Meta:
        # The id first: pages that get no key find the account by it.
        constraints = [models.UniqueConstraint(fields=["sid", "account"], name="one_object_per_id")]
        # SQLite keeps the primary key at the end of each index: newest first is a walk backwards.
        indexes = [
            models.Index(fields=["account", "kind", "created"], name="object_newest"),
            *(
                models.Index(
                    fields=["account", "kind", field, "created"],
                    name=f"object_{field}"[:30],
                    condition=~models.Q(**{field: ""}),
                )
                for field in ("customer", "payment_intent", "parent", "tag", "email")
            ),
            # Events in the order in which they were recorded.
            models.Index(fields=["account"], name="object_events", condition=models.Q(kind="event")),
        ]

    def __str__(self) -> str:
        return self.sid

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the object and the columns its lists filter on."""
        self._fill_columns()
        super().save(*args, **kwargs)

    def insert(self) -> Self:
        """Insert the object and the columns its lists filter on."""
        self._fill_columns()
        return super().insert()

    def _fill_columns(self) -> None:
        body = self.body
        details = body.get("customer_details") or {}
        self.customer = body.get("customer") or ""
        self.payment_intent = body.get("payment_intent") or ""
        self.parent = _parent(body)
        self.tag = body.get("type") or body.get("status") or ""
        self.email = body.get("email") or details.get("email") or ""


def _parent(body: dict[str, Any]) -> str:
    """Return what an object belongs to: an event's subject, a refund's charge, a price's product."""
    if body["object"] == "event":
        return body["data"]["object"].get("id", "")
    parent = body.get("charge") or body.get("source") or body.get("product")
    return parent if isinstance(parent, str) else ""


class IdempotencyKey(Row):
    """The first answer to a POST, kept to be given again."""

    key = models.CharField(max_length=255)
    scope = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    request_id = models.CharField(max_length=40)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "scope", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class LoggedRequest(Row):
    """One call of the API, as the dashboard shows it: card numbers masked."""

    request_id = models.CharField(max_length=40, unique=True)
    created = models.FloatField()
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField()
    milliseconds = models.FloatField()
    params = models.JSONField()
    answer = models.TextField()
    idempotency_key = models.CharField(max_length=255, blank=True)
    replayed = models.BooleanField(default=False)
    user_agent = models.CharField(max_length=300, blank=True)
    # The version of the API that the call asks for; empty for the newest, in which all are answered.
    version = models.CharField(max_length=100, default="")

    class Meta:
        indexes = [models.Index(fields=["account"], name="logged_account")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Delivery(Row):
    """One event on its way to one endpoint."""

    class State(models.TextChoices):
        PENDING = "pending"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    event = models.CharField(max_length=100)
    event_type = models.CharField(max_length=100)
    endpoint = models.CharField(max_length=100)
    # The endpoint's `seq`: what goes to one endpoint is posted one at a time.
    endpoint_seq = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    due = models.FloatField()
    # While a thread posts it, the time at which it counts as left behind by a process that was killed; or 0.
    claimed_until = models.FloatField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    # What a fault does to it: "", "delay", "double", "reorder", "tamper" or "lose".
    fault = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "event"], name="delivery_event"),
            # The first for the worker, which serves all accounts; the second for one of them.
            models.Index(fields=["endpoint_seq", "due"], name="delivery_next", condition=models.Q(state="pending")),
            models.Index(fields=["account", "due"], name="delivery_account_due", condition=models.Q(state="pending")),
            models.Index(
                fields=["endpoint_seq", "claimed_until"],
                name="delivery_claimed",
                condition=models.Q(state="pending", claimed_until__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} [{self.event}] {self.state}"


class Backlog(Row):
    """The first of the events that wait for one endpoint and have no delivery yet: see `webhooks.backlog`."""

    endpoint = models.CharField(max_length=100)
    endpoint_seq = models.BigIntegerField(unique=True)
    event_seq = models.BigIntegerField()
    # When it was recorded, by the real clock.
    due = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["account"], name="backlog_account")]

    def __str__(self) -> str:
        return f"{self.endpoint} from {self.event_seq}"


class Attempt(Row):
    """One POST of a delivery, and what the endpoint answered."""

    delivery = models.ForeignKey(Delivery, models.CASCADE)
    at = models.FloatField()
    url = models.CharField(max_length=2000)
    # 0: no answer at all.
    status = models.PositiveSmallIntegerField(default=0)
    milliseconds = models.FloatField()
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="attempt_account")]

    def __str__(self) -> str:
        return f"{self.status} {self.url}"


class Task(Row):
    """Something Stripe does later, without a call: a voucher is paid, a session expires."""

    name = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    due = models.FloatField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["account", "due"], name="task_account_due")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class Fault(Row):
    """A misfortune ordered for the next `remaining` calls or deliveries."""

    target = models.CharField(max_length=10)
    effect = models.CharField(max_length=20)
    remaining = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["account", "target"], name="fault_account")]

    def __str__(self) -> str:
        return f"{self.effect} × {self.remaining}"


class Note(models.Model):
    """Something to remember across restarts, such as the address visitors use."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.name
