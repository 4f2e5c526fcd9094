from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compare", "0002_content_type"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="wiremessage",
            options={
                "ordering": ["started_at", "pk"],
                "verbose_name": "recorded message",
                "verbose_name_plural": "recorded messages",
            },
        ),
        migrations.AlterField(
            model_name="wiremessage",
            name="demo",
            field=models.BooleanField(
                default=False, help_text="recorded where everyone may see it", verbose_name="demo"
            ),
        ),
        migrations.AlterField(
            model_name="wiremessage",
            name="error",
            field=models.CharField(blank=True, help_text="why no response came", max_length=100, verbose_name="error"),
        ),
        migrations.AlterField(
            model_name="wiremessage",
            name="status",
            field=models.PositiveSmallIntegerField(
                help_text="empty when no response came", null=True, verbose_name="status"
            ),
        ),
    ]
