from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """Name the endpoint of each delivery by its `seq`; what was on its way to one that is gone has failed."""
    alias = schema_editor.connection.alias
    deliveries = apps.get_model("stripe_sandbox", "Delivery").objects.using(alias)
    endpoint = (
        apps.get_model("stripe_sandbox", "Stored")
        .objects.using(alias)
        .filter(account=models.OuterRef("account"), sid=models.OuterRef("endpoint"))
    )
    deliveries.update(endpoint_seq=Coalesce(models.Subquery(endpoint.values("seq")[:1]), 0))
    deliveries.filter(endpoint_seq=0, state="pending").update(state="failed")


class Migration(migrations.Migration):
    dependencies = [("stripe_sandbox", "0002_accounts")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="endpoint_seq",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="delivery",
            name="claimed_until",
            field=models.FloatField(default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name="delivery", name="delivery_due"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(state="pending"),
                fields=["endpoint_seq", "due"],
                name="delivery_next",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(claimed_until__gt=0, state="pending"),
                fields=["endpoint_seq", "claimed_until"],
                name="delivery_claimed",
            ),
        ),
    ]
