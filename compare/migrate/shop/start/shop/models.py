from django.db import models


class Order(models.Model):
    amount = models.PositiveIntegerField()
    email = models.EmailField(blank=True)
    charge_id = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    refunded_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"order {self.pk}"
