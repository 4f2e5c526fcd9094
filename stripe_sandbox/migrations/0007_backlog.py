from __future__ import annotations

from django.db import migrations, models

import stripe_sandbox.database.scope


class Migration(migrations.Migration):
    dependencies = [("stripe_sandbox", "0006_logged_version")]

    operations = [
        migrations.CreateModel(
            name="Backlog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField(default=stripe_sandbox.database.scope.account_id, editable=False)),
                ("endpoint", models.CharField(max_length=100)),
                ("endpoint_seq", models.BigIntegerField(unique=True)),
                ("event_seq", models.BigIntegerField()),
                ("due", models.FloatField()),
            ],
            options={"indexes": [models.Index(fields=["account"], name="backlog_account")]},
        ),
        migrations.AddIndex(
            model_name="stored",
            index=models.Index(condition=models.Q(kind="event"), fields=["account"], name="stored_events"),
        ),
    ]
