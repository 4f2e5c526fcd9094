from django.db import models


class Order(models.Model):
    amount = models.PositiveIntegerField()
    email = models.EmailField(blank=True)
    reference = models.CharField(max_length=32, unique=True, null=True)
    charge_id = models.CharField(max_length=255, unique=True, null=True)
    session_id = models.CharField(max_length=255, unique=True, null=True)
    payment_intent_id = models.CharField(max_length=255, unique=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"order {self.pk}"
