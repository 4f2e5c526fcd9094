"""What the shop of every rung keeps."""

import uuid

from django.db import models


class Order(models.Model):
    reference = models.UUIDField(primary_key=True, default=uuid.uuid4)
    amount = models.PositiveIntegerField()  # in yen
    amount_refunded = models.PositiveIntegerField(default=0)
    session_id = models.CharField(max_length=255, null=True, unique=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ladder"

    def __str__(self):
        return str(self.reference)
