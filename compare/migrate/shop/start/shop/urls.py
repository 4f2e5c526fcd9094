from django.urls import path

from . import views

urlpatterns = [
    path("", views.index, name="index"),
    path("checkout/", views.checkout, name="checkout"),
    path("orders/<int:pk>/refund/", views.refund, name="refund"),
]
