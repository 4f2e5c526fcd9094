"""The pages of the lab: the scenarios, each with its documented outcomes, and the runs of them."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bbs.limits import LimitReached
from bbs.page_cache import render_shared
from bbs.problems import limit_problem, problem
from compare import reset
from compare.apart.process import is_possible
from compare.content import content
from compare.content.lab import Scenario
from compare.lab import runner
from compare.lab.results import documented, found
from compare.models import LabRun
from compare.pages.navigation import place_of


def is_open() -> bool:
    """Return whether visitors may run scenarios: on a site with keys of an account at Stripe they may not."""
    try:
        reset.refuse_without_sandbox()
    except reset.Refused:
        return False
    return is_possible()


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the scenarios, each with its verdicts; a POST starts one."""
    if request.method == "POST":
        return _start(request)

    def context() -> dict[str, object]:
        lab = content().lab
        groups = [
            (group, [(each, documented(each, runner.columns(each))) for each in lab.scenarios_in(group)])
            for group in lab.groups
        ]
        return place_of("lab") | {"groups": groups, "is_open": is_open()}

    return render_shared(request, "compare/lab.html", is_open(), context)


@require_safe
def scenario(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show a scenario and its documented outcomes."""
    shown = _scenario(scenario)

    def context() -> dict[str, object]:
        columns = documented(shown, runner.columns(shown))
        return place_of("lab") | {"scenario": shown, "columns": columns, "is_open": is_open()}

    return render_shared(request, "compare/lab_scenario.html", (shown.id, is_open()), context)


def _start(request: HttpRequest) -> HttpResponse:
    """Start a run, and lead to it: no request waits for its end."""
    chosen = _scenario(request.POST.get("scenario", ""))
    if not is_open():
        text = _("Scenarios run on the sandbox alone, and this site has the keys of a Stripe account.")
        return problem(request, 403, _("The lab is closed here"), text)
    try:
        return redirect("compare:lab_run", runner.start(request, chosen).pk)
    except LimitReached as reached:
        return limit_problem(request, reached)
    except runner.Busy:
        return problem(request, 503, _("The lab is busy"), _("Many runs are waiting: try again in a minute."))


@never_cache
@require_safe
def run(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Show a run: how far it is, and then its results, with the messages of one column."""
    runner.give_up(LabRun.objects.filter(pk=run))
    shown = get_object_or_404(LabRun, pk=run)
    chosen = _scenario(shown.scenario)
    expected = documented(chosen, runner.columns(chosen))
    columns = found(shown.results)
    context = {
        "run": shown,
        "scenario": chosen,
        "columns": columns,
        "expected": expected,
        "is_documented": [column.outcome for column in columns] == [column.outcome for column in expected],
        "is_open": is_open(),
    }
    if shown.state == LabRun.State.DONE:
        # Without a choice, the first one in which something went wrong.
        of = request.GET.get("of")
        bad = [column for column in columns if not column.is_good]
        context["chosen"] = next((each for each in columns if each.rung.id == of), (bad or columns[-1:])[0])
        context["milliseconds"] = sum(result["milliseconds"] for result in shown.results)
    return render(request, "compare/lab_run.html", place_of("lab") | context)


def _scenario(name: str) -> Scenario:
    found = content().lab.scenario(name)
    if found is None:
        raise Http404
    return found
