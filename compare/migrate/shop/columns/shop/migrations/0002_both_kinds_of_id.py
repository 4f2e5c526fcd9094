from django.db import migrations, models


def identifier(max_length=255):
    return models.CharField(max_length=max_length, null=True, unique=True)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AlterField("order", "charge_id", identifier()),
        migrations.AddField("order", "reference", identifier(32)),
        migrations.AddField("order", "session_id", identifier()),
        migrations.AddField("order", "payment_intent_id", identifier()),
        migrations.AddField("order", "paid_at", models.DateTimeField(null=True)),
    ]
