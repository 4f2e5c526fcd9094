from django.db import models


class Order(models.Model):
    email = models.EmailField()
    total = models.DecimalField(max_digits=8, decimal_places=2)
    paid = models.BooleanField(default=False)
    # Stripe's id of the charge
    charge_id = models.CharField(max_length=32, blank=True)
