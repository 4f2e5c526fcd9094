from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_backfill_paid_at")]
    operations = [
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(paid_at=None) | Q(charge_id__isnull=False) | Q(payment_intent_id__isnull=False),
                name="a_paid_order_can_be_refunded",
            ),
        )
    ]
