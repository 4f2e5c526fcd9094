"""The flow that staff choose for their own browser, from the list of payments."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from bbs.models import Flow
from bbs.payments import rollout


class OwnFlow(admin.ModelAdmin):
    """The part of the payments' admin that shows the choice and keeps it."""

    def get_urls(self) -> list[URLPattern]:
        flow = path("flow/", self.admin_site.admin_view(self.choose_flow), name="bbs_payment_flow")
        return [flow, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        flows = {"flows": Flow.values, "flow_chosen": rollout.chosen_by_staff(request)}
        return super().changelist_view(request, flows | (extra_context or {}))

    def choose_flow(self, request: HttpRequest) -> HttpResponse:
        """Let staff take the flow of their choice in their own browser, whatever visitors get."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = redirect("admin:bbs_payment_changelist")
        if request.method == "POST":
            rollout.choose_for_staff(response, request.POST.get("flow", ""))
        return response
