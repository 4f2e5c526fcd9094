from __future__ import annotations

from django.db import models


class Order(models.Model):
    charge = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=20, default="paid")

    def __str__(self) -> str:
        return self.charge
