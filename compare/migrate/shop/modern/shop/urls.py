from django.urls import path

from . import views, webhook

urlpatterns = [
    path("", views.index, name="index"),
    path("checkout/", views.checkout, name="checkout"),
    path("success/", views.success, name="success"),
    path("orders/<int:pk>/refund/", views.refund, name="refund"),
    path("webhook/", webhook.webhook, name="webhook"),
]
