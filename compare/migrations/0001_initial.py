"""The table of recorded messages: made here, or taken over from the migration `bbs.0002_wiremessage` of older versions.

That migration has left the shop, so that a shop without the comparison pages has no such table. Where it was applied,
the table stays as it is with its rows.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.recorder import MigrationRecorder

TABLE = "bbs_wiremessage"
BEFORE = ("bbs", "0002_wiremessage")


class CreateModelUnlessThere(migrations.CreateModel):
    """Create the table where there is none, and drop it again only where this migration is what made it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if TABLE not in schema_editor.connection.introspection.table_names():
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if BEFORE not in MigrationRecorder(schema_editor.connection).applied_migrations():
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bbs", "0001_initial"),
    ]

    operations = [
        CreateModelUnlessThere(
            name="WireMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("visit", "you → us"), ("call", "us → Stripe"), ("webhook", "Stripe → us")], max_length=7, verbose_name="kind")),
                ("started_at", models.DateTimeField(db_index=True, verbose_name="started at")),
                ("milliseconds", models.FloatField(verbose_name="duration in milliseconds")),
                ("method", models.CharField(max_length=7, verbose_name="method")),
                ("address", models.CharField(help_text="without its query", max_length=300, verbose_name="address")),
                ("parameters", models.JSONField(verbose_name="parameters")),
                ("status", models.PositiveSmallIntegerField(help_text="empty when no answer came", null=True, verbose_name="status")),
                ("answer", models.JSONField(verbose_name="answer")),
                ("request_id", models.CharField(blank=True, max_length=255, verbose_name="Request-Id")),
                ("idempotency_key", models.CharField(blank=True, max_length=255, verbose_name="Idempotency-Key")),
                ("error", models.CharField(blank=True, help_text="why no answer came", max_length=100, verbose_name="error")),
                ("demo", models.BooleanField(default=False, help_text="recorded where everybody may see it", verbose_name="demo")),
                ("payment", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="bbs.payment", verbose_name="payment")),
            ],
            options={
                "db_table": "bbs_wiremessage",
                "verbose_name": "message on the wire",
                "verbose_name_plural": "messages on the wire",
                "ordering": ["started_at", "pk"],
                "indexes": [models.Index(fields=["payment", "started_at"], name="wiremessage_payment_started")],
            },
        ),
    ]
