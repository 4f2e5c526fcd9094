from django.db import migrations
from django.db.models import F


def backfill(apps, schema_editor):
    """Mark the old orders as paid: they were saved after their charge. To be repeated at any time."""
    orders = apps.get_model("shop", "Order").objects
    orders.filter(paid_at=None, charge_id__isnull=False).update(paid_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_both_kinds_of_id")]
    operations = [migrations.RunPython(backfill, migrations.RunPython.noop)]
