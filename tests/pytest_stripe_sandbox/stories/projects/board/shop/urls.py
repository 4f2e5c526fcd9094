from __future__ import annotations

from django.urls import path

from shop import views

urlpatterns = [path("", views.index), path("charge/", views.charge), path("webhook/", views.webhook)]
