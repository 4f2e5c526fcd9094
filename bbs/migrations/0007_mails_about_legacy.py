from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bbs", "0006_visible_topics_index")]

    operations = [
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("customer", "to the customer"),
                    ("staff", "to the staff"),
                    ("refund_failed", "to the staff, of a refund that failed"),
                    ("legacy_ended", "to the staff: Stripe takes no card tokens any more"),
                    ("legacy_3ds", "to the staff: a legacy payment needed authentication"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
