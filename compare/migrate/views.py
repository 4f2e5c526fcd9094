"""The migration guide: its steps with what each changes, and the same as a checklist to download."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bbs.page_cache import render_shared
from compare.content import content
from compare.content.guide import Step
from compare.migrate.states import START, differences, files
from compare.pages.navigation import place_of


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show all steps, and what belongs to none of them."""

    def context() -> dict[str, object]:
        data = content().migrate
        return place_of("migrate") | {"guide": data, "steps": [(step, differences(step.id)) for step in data.steps]}

    return render_shared(request, "compare/migrate.html", None, context)


@require_safe
def step(request: HttpRequest, step: str) -> HttpResponse:
    """Show a step with its whole difference; `start` shows the shop as it is before the first."""
    place = place_of("migrate")
    if step == START:
        shown = place | {"files": files(START), "next_page": content().migrate.steps[0]}
        return render_shared(request, "compare/migrate_start.html", None, lambda: shown)
    found = next((each for each in content().migrate.steps if each.id == step), None)
    if found is None:
        raise Http404
    context = place | _neighbours(found) | {"step": found, "differences": differences(step)}
    return render_shared(request, "compare/migrate_step.html", step, lambda: context)


def _neighbours(step: Step) -> dict[str, object]:
    """Return the pages before and after a step's; the guide itself is before the first and after the last."""
    steps, here = content().migrate.steps, place_of("migrate")["page"]
    pages = [here, *steps, here]
    index = pages.index(step)
    return {"previous_page": pages[index - 1], "next_page": pages[index + 1]}


@require_safe
def checklist(request: HttpRequest) -> HttpResponse:
    """Give the guide as a list of check boxes, as Markdown in the visitor's language."""
    response = render(
        request,
        "compare/migrate_checklist.txt",
        {"guide": content().migrate},
        content_type="text/markdown; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="checklist.md"'
    return response
