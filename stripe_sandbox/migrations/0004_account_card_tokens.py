from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stripe_sandbox", "0003_one_post_at_a_time")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="card_tokens",
            field=models.CharField(default="", max_length=10),
        ),
    ]
