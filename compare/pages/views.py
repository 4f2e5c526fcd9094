"""The comparison pages: each is drawn from content and code, and asks neither the database nor Stripe."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from compare.content import content
from compare.pages.files import FILES
from compare.pages.flows import arrows, draw
from compare.pages.navigation import place_of
from compare.pages.parameters import matching
from compare.pages.side_by_side import blocks, rows


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what changed and why."""
    data = content().overview
    context = {
        "eras": [(era, data.milestones_of(era)) for era in data.eras],
        "flows": [(flow, draw(flow), arrows(flow)) for flow in ("legacy", "modern")],
        "closings": data.closings,
        "differences": data.differences,
        "recording": settings.RECORD_WIRE,
    }
    return render(request, "compare/overview.html", place_of("overview") | context)


@require_safe
def code(request: HttpRequest, page: str = "") -> HttpResponse:
    """Show the code of both flows side by side, or a file that both use."""
    files = [file for file in FILES if file.page == page]
    if not files:
        raise Http404
    context = {
        "files": files,
        "rows": rows(page) if len(files) == 2 else (),
        "blocks": blocks(files[0].path) if len(files) == 1 else (),
        "others": [file for file in FILES if file.slug == file.page],
        "code_page": page,
    }
    return render(request, "compare/code.html", place_of("code") | context)


@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Show where each old option went; `q` hides the rows that it does not fit."""
    query, data = request.GET.get("q", "")[:100], content().parameters
    context = {
        "groups": [(group, data.rows_in(group)) for group in data.groups],
        "query": query,
        "shown": matching(query),
        "total": len(data.rows),
    }
    return render(request, "compare/parameters.html", place_of("parameters") | context)


@require_safe
def capabilities(request: HttpRequest) -> HttpResponse:
    """Show what each era can do."""
    context = {"capabilities": content().capabilities.questions}
    return render(request, "compare/capabilities.html", place_of("capabilities") | context)


@require_safe
def old_code(request: HttpRequest) -> HttpResponse:
    """Show what lines of older tutorials answer today, and how to change them."""
    return render(request, "compare/old_code.html", place_of("old_code") | {"entries": content().old_code.lines})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Explain the words, each named in both languages."""
    terms = sorted(content().glossary.terms, key=lambda term: term.word.en.lower())
    return render(request, "compare/glossary.html", place_of("glossary") | {"terms": terms})
