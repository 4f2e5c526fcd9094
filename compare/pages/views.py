"""The comparison pages: each is drawn from content and code, and asks neither the database nor Stripe."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bbs.page_cache import render_shared
from compare.content import content
from compare.pages.files import BY_PATH, FILES
from compare.pages.flows import arrows, draw
from compare.pages.navigation import place_of
from compare.pages.old_code import AUTOS, PLACES, Choice, chosen, places, steps
from compare.pages.parameters import matching
from compare.pages.side_by_side import blocks, rows
from stripe_scan.catalogue import by_id, patterns, releases

# What is between the imports of a module and what comes after them.
NEXT = "\n\n\n"
# The test that runs the examples of the catalogue of old code.
RUN_BY = "tests/compare/stories/test_old_code.py::test_an_old_line_answers_what_the_page_says"


def _shared(
    request: HttpRequest, name: str, context: Callable[[], dict[str, object]], shown: object = None
) -> HttpResponse:
    """Return a page that is rendered once for all visitors; `shown` is all that `context()` takes from outside."""
    return render_shared(request, f"compare/{name}.html", shown, lambda: place_of(name) | context())


def smallest(flow: str) -> dict[str, object]:
    """Return the smallest shop that takes payments this way: its view, imports apart, and its form."""
    view, form = (BY_PATH[f"compare/smallest/{flow}.{kind}"] for kind in ("py", "html"))
    imports, _between, code = view.source.partition(NEXT)
    return {"flow": flow, "view": view, "imports": f"{imports}{NEXT}", "code": code.rstrip(), "form": form}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show why to move now, and what changes."""
    recording = settings.RECORD_WIRE

    def context() -> dict[str, object]:
        data = content().overview
        return {
            "reasons": data.reasons,
            "changes": data.changes,
            "smallest": [smallest(flow) for flow in ("legacy", "modern")],
            "eras": [(era, data.milestones_of(era)) for era in data.eras],
            "flows": [(flow, draw(flow), arrows(flow)) for flow in ("legacy", "modern")],
            "closings": data.closings,
            "differences": data.differences,
            "recording": recording,
        }

    return _shared(request, "overview", context, recording)


@require_safe
def code(request: HttpRequest, page: str = "") -> HttpResponse:
    """Show the code of both flows side by side, or a file that both use."""
    files = [file for file in FILES if file.page == page]
    if not files:
        raise Http404

    def context() -> dict[str, object]:
        return {
            "files": files,
            "rows": rows(page) if len(files) == 2 else (),
            "blocks": blocks(files[0].path) if len(files) == 1 else (),
            "others": [file for file in FILES if file.slug == file.page],
            "code_page": page,
        }

    return _shared(request, "code", context, page)


@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Show where each old option went; `q` hides the rows that it does not fit."""
    query = request.GET.get("q", "")[:100]

    def context() -> dict[str, object]:
        data = content().parameters
        return {
            "groups": [(group, data.rows_in(group)) for group in data.groups],
            "query": query,
            "shown": matching(query),
            "total": len(data.rows),
        }

    if query:
        # Not kept: visitors can search for any number of texts, and would crowd out the pages that all of them see.
        return render(request, "compare/parameters.html", place_of("parameters") | context())
    return _shared(request, "parameters", context)


@require_safe
def capabilities(request: HttpRequest) -> HttpResponse:
    """Show what each era can do."""
    return _shared(request, "capabilities", lambda: {"capabilities": content().capabilities.questions})


@require_safe
def old_code(request: HttpRequest) -> HttpResponse:
    """Show the patterns of old code; a query chooses some of them."""
    choice = Choice.of(request.GET)

    def context() -> dict[str, object]:
        groups = chosen(choice)
        return {
            "choice": choice,
            "groups": groups,
            "shown": sum(len(group) for _step, group in groups),
            "total": len(patterns()),
            "places": PLACES,
            "steps": steps(),
            "autos": AUTOS,
        }

    if not choice.is_empty:
        # Not kept: see parameters().
        return render(request, "compare/old_code.html", place_of("old_code") | context())
    return _shared(request, "old_code", context)


@require_safe
def old_code_pattern(request: HttpRequest, pattern: str) -> HttpResponse:
    """Show what one pattern does today, what it becomes, and its lines before and after."""
    entry = by_id().get(pattern)
    if not entry:
        raise Http404
    context = {"pattern": entry, "places": places(entry), "run_by": RUN_BY}
    return render_shared(request, "compare/old_code_pattern.html", pattern, lambda: place_of("old_code") | context)


@require_safe
def old_code_releases(request: HttpRequest) -> HttpResponse:
    """Show what each release of stripe-python breaks."""
    return render_shared(
        request, "compare/old_code_releases.html", None, lambda: place_of("old_code") | {"releases": releases()}
    )


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Explain the words, each named in both languages."""

    def context() -> dict[str, object]:
        return {"terms": sorted(content().glossary.terms, key=lambda term: term.word.en.lower())}

    return _shared(request, "glossary", context)


@require_safe
def teach(request: HttpRequest) -> HttpResponse:
    """Show plans for a class, with exercises and the answers that are expected."""
    sandbox = settings.STRIPE_SANDBOX_ENABLED

    def context() -> dict[str, object]:
        data = content().teach
        lessons = [(lesson, data.exercises_in(lesson)) for lesson in data.lessons]
        return {"teach": data, "lessons": lessons, "sandbox": sandbox}

    return _shared(request, "teach", context, sandbox)
