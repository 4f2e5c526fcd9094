"""The pages of the ladder: which stories each rung fails, and each rung's file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bbs.page_cache import render_shared
from compare.content import content
from compare.content.entries import Rung
from compare.content.schema import Ladder
from compare.ladder.changes import changes
from compare.pages.files import BY_PATH
from compare.pages.navigation import place_of


def lines_of_code(rung: Rung) -> int:
    """Return how many lines a rung's file has, without the blank ones."""
    return sum(bool(line.strip()) for line in rung.source.splitlines())


def table(data: Ladder, flow: str) -> dict[str, object]:
    """Return a flow's rungs with their lines, and for each story whether each rung passes it."""
    rungs = data.rungs_of(flow)
    return {
        "flow": flow,
        "rungs": [(rung, lines_of_code(rung)) for rung in rungs],
        "stories": [(story, [story.id not in rung.fails for rung in rungs]) for story in data.stories_of(flow)],
    }


@require_safe
def ladder(request: HttpRequest) -> HttpResponse:
    """Show both flows from the article to the shop, and the stories that each rung fails."""

    def context() -> dict[str, object]:
        data = content().ladder
        return place_of("ladder") | {"ladders": [table(data, flow) for flow in ("legacy", "modern")]}

    return render_shared(request, "compare/ladder.html", None, context)


@require_safe
def rung(request: HttpRequest, flow: str, number: int) -> HttpResponse:
    """Show a rung: its file, what changed since the one below, and the stories it fails."""
    data = content().ladder
    rungs = data.rungs_of(flow)
    if not 0 < number <= len(rungs):
        raise Http404
    shown, below = rungs[number - 1], rungs[number - 2] if number > 1 else None

    def context() -> dict[str, object]:
        before = below.fails if below else shown.fails
        fails = [(story, story.id not in before) for story in data.stories if story.id in shown.fails]
        passes = [story for story in data.stories if story.id in before and story.id not in shown.fails]
        return place_of("ladder") | {
            "rung": shown,
            "below": below,
            "above": rungs[number] if number < len(rungs) else None,
            "fails": fails,
            "passes": passes,
            "file": BY_PATH.get(shown.path),
            "changes": changes(below.source, shown.source) if below and not shown.is_site else (),
        }

    return render_shared(request, "compare/rung.html", (flow, number), context)
