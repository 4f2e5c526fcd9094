"""The comparison pages: each is drawn from data and code, and asks neither the database nor Stripe."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from compare.pages import overview as data
from compare.pages import sources
from compare.pages.capabilities import CAPABILITIES
from compare.pages.diagram import draw
from compare.pages.files import FILES
from compare.pages.glossary import TERMS
from compare.pages.navigation import place_of
from compare.pages.old_code import ENTRIES
from compare.pages.parameters import GROUPS, matching
from compare.pages.side_by_side import blocks, rows


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what changed and why."""
    context = {
        "eras": data.ERAS,
        "diagrams": [draw("legacy"), draw("modern")],
        "closings": data.CLOSINGS,
        "differences": data.DIFFERENCES,
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
    query = request.GET.get("q", "")[:100]
    context = {
        "groups": GROUPS,
        "query": query,
        "shown": matching(query),
        "total": sum(len(group.rows) for group in GROUPS),
        "stripe_table": sources.CHECKOUT_MIGRATION,
    }
    return render(request, "compare/parameters.html", place_of("parameters") | context)


@require_safe
def capabilities(request: HttpRequest) -> HttpResponse:
    """Show what each era can do."""
    context = {"capabilities": CAPABILITIES}
    return render(request, "compare/capabilities.html", place_of("capabilities") | context)


@require_safe
def old_code(request: HttpRequest) -> HttpResponse:
    """Show what lines of older tutorials answer today, and how to mend them."""
    return render(request, "compare/old_code.html", place_of("old_code") | {"entries": ENTRIES})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Say what the words mean, each named in both languages."""
    terms = sorted(TERMS, key=lambda term: term.word.en.lower())
    return render(request, "compare/glossary.html", place_of("glossary") | {"terms": terms})
