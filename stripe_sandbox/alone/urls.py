"""The addresses of the sandbox where it is served alone: its own, and a root that leads to the dashboard."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

handler404 = "stripe_sandbox.pages.rendering.not_found"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="stripe_sandbox:dashboard")),
    path("", include("stripe_sandbox.urls")),
]
