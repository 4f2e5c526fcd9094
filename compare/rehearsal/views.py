"""The page on which a rehearsal is started, followed and read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compare.pages.navigation import place_of
from compare.rehearsal import rehearsing, runs
from compare.rehearsal.plan import SHARES
from compare.rehearsal.report import Report

View = Callable[[HttpRequest], HttpResponse]
# How many visitors can be chosen; the middle one is chosen at first.
VISITORS = (60, 200, 500)


def _open_with_the_sandbox(view: View) -> View:
    """Let everybody in with the sandbox; with keys, the staff who may see payments."""

    def shown(request: HttpRequest) -> HttpResponse:
        return view(request) if settings.STRIPE_SANDBOX_ENABLED else staff_member_required(for_staff)(request)

    def for_staff(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("bbs.view_payment"):
            raise PermissionDenied
        return view(request)

    return shown


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_open_with_the_sandbox
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Show the newest rehearsal; a POST starts another, which runs in the background."""
    try:
        rehearsing.refuse_with_keys()
        if request.method == "POST":
            runs.start(_chosen(request))
            return redirect("compare:rehearsal")
    except rehearsing.Refused as refused:
        return _page(request, {"refused": str(refused)}, status=403)
    except runs.UnderWay:
        messages.info(request, _("A rehearsal is running already: this is its progress."))
        return redirect("compare:rehearsal")
    run = runs.latest()
    report = Report.read(run.report) if run and run.report else None
    return _page(request, {"run": run, "report": report})


@never_cache
@require_safe
@_open_with_the_sandbox
def text(request: HttpRequest) -> HttpResponse:
    """Give the newest report as plain text, in the visitor's language."""
    run = runs.latest()
    if not (run and run.report):
        raise Http404
    return HttpResponse(Report.read(run.report).text, content_type="text/plain; charset=utf-8")


def _chosen(request: HttpRequest) -> int:
    """Return how many visitors are to come. Raises BadRequest for what the page does not offer."""
    for number in VISITORS:
        if request.POST.get("visitors") == str(number):
            return number
    raise BadRequest("The number of visitors is none of those on offer.")


def _page(request: HttpRequest, values: dict[str, object], status: int = 200) -> HttpResponse:
    context = place_of("migrate") | {"shares": SHARES, "choices": VISITORS, "chosen": VISITORS[1]} | values
    return render(request, "compare/rehearsal.html", context, status=status)
