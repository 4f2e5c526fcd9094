from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bbs", "0007_mails_about_legacy"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="payment",
            options={
                "ordering": ["-created_at"],
                "permissions": [("refund_payment", "Can refund payments")],
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
            },
        ),
        migrations.AlterField(
            model_name="historyentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "the order arrived"),
                    ("sent_to_stripe", "a Checkout Session was created, and the visitor redirected to it"),
                    ("token", "the card's token arrived, and we charged it"),
                    ("returned", "the visitor returned"),
                    ("webhook", "Stripe's webhook arrived"),
                    ("processing", "waiting for payment"),
                    ("paid", "paid"),
                    ("declined", "declined"),
                    ("expired", "expired"),
                    ("refund_pending", "a refund is under way"),
                    ("refund_action", "a refund requires action by the customer"),
                    ("refunded", "refunded"),
                    ("refund_failed", "a refund failed"),
                    ("refund_canceled", "a refund was canceled"),
                    ("inquiry", "the bank opened an inquiry; no money has moved"),
                    ("inquiry_closed", "the bank's inquiry is closed"),
                    ("disputed", "the bank opened a dispute"),
                    ("dispute_closed", "the dispute is closed"),
                    ("mismatch", "Stripe's data and ours differ; staff will review it"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("customer", "to the customer"),
                    ("staff", "to the staff"),
                    ("refund_failed", "to the staff, of a refund that failed"),
                    ("legacy_ended", "to the staff: Stripe no longer accepts card tokens"),
                    ("legacy_3ds", "to the staff: a legacy payment needed authentication"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="attempt",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="part of the idempotency key", verbose_name="attempt"
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="mismatched",
            field=models.BooleanField(
                default=False,
                help_text="Stripe's data and ours differ; staff should review it",
                verbose_name="mismatch",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="token",
            field=models.CharField(
                blank=True, help_text="legacy: the last token used", max_length=255, verbose_name="token"
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="visitor",
            field=models.UUIDField(help_text="browser session that placed the order", verbose_name="visitor"),
        ),
        migrations.AlterField(
            model_name="refund",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "under way"),
                    ("requires_action", "requires action by the customer"),
                    ("succeeded", "refunded"),
                    ("failed", "failed"),
                    ("canceled", "canceled"),
                ],
                max_length=20,
                verbose_name="refund status",
            ),
        ),
        migrations.AlterField(
            model_name="webhookevent",
            name="error",
            field=models.CharField(
                blank=True,
                help_text="why it was not processed, or is waiting to be processed again",
                max_length=255,
                verbose_name="error",
            ),
        ),
    ]
