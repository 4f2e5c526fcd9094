"""The page that asks whether to empty board and sandbox, and does it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from compare import reset
from compare.pages.navigation import place_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show what would be deleted; a POST deletes it. Open to all who reach the sandbox, as its other tools are."""
    if not settings.STRIPE_SANDBOX_ENABLED:
        return _page(request, _("Only the sandbox inside this site is reset here."), status=403)
    if request.method != "POST":
        return _page(request)
    try:
        reset.empty_sandbox()
        deleted = reset.empty_board()
    except reset.Refused as refused:
        return _page(request, str(refused), status=503)
    text = _("Deleted: %(topics)d posts, %(payments)d payments, %(events)d events, %(messages)d recorded messages.")
    messages.success(request, text % deleted)
    messages.success(request, _("The sandbox is empty, and the samples are back."))
    return redirect("bbs:index")


def _page(request: HttpRequest, refused: str = "", status: int = 200) -> HttpResponse:
    context = place_of("teach") | {"counts": {} if refused else reset.counts(), "refused": refused}
    return render(request, "compare/reset.html", context, status=status)
