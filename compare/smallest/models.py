"""What the smallest shop keeps."""

from django.db import models


class Order(models.Model):
    amount = models.PositiveIntegerField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "shop"

    def __str__(self):
        return f"order {self.pk}"
