"""The board's addresses. The JSON ones also work without the slash, as other Stripe samples' clients expect."""

from __future__ import annotations

from django.urls import path

from bbs import api, health, views
from bbs.payments.webhook import webhook

app_name = "bbs"

urlpatterns = [
    path("", views.index, name="index"),
    path("checkout/", views.checkout, name="checkout"),
    path("success/", views.success, name="success"),
    path("canceled/", views.canceled, name="canceled"),
    path("payments/<uuid:reference>/", views.receipt, name="receipt"),
    path("payments/<uuid:reference>/<str:signature>/", views.signed_receipt, name="signed_receipt"),
    path("config/", api.config, name="config"),
    path("create-checkout-session/", api.create_checkout_session, name="create_checkout_session"),
    path("checkout-session/", api.checkout_session, name="checkout_session"),
    path("webhook/", webhook, name="webhook"),
    path("flow/", views.switch_flow, name="switch_flow"),
    path(health.PATH, health.healthz, name="healthz"),
    path("config", api.config),
    path("create-checkout-session", api.create_checkout_session),
    path("checkout-session", api.checkout_session),
    path("webhook", webhook),
]
