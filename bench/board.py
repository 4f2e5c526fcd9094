"""Measure what a look at the board costs, beside a bare view and beside the boards of the Japanese article.

    python bench/board.py [--topics 50 1000000] [--rounds 200]

All are asked in turns, in one run, through the same middleware, as a WSGI server asks them. The article's first board
makes a Checkout Session each time somebody looks, here on the sandbox, where it takes no way over a network; its
second one fetches every topic, and is not asked where there are more than 1,000. Medians, in milliseconds, until the
answer; what counts is the ratio to the bare view.
"""

from __future__ import annotations

import argparse
import statistics
import sys

import stripe
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from visitor import Visitor, set_up

from bbs.models import Topic
from bbs_project import urls

MOST = 1000  # topics on one page
PAGE = Engine().from_string("<h1>Board</h1>{% for topic in topics %}<p>{{ topic.comment }}</p>{% endfor %}")


def bare(request: HttpRequest) -> HttpResponse:
    """Answer, and nothing else."""
    return HttpResponse("ok")


def with_a_session(request: HttpRequest) -> HttpResponse:
    """Make a Checkout Session for whoever looks."""
    price = {"currency": "jpy", "product_data": {"name": "T-shirt"}, "unit_amount": 2000}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        success_url=request.build_absolute_uri("/success/"),
    )
    return HttpResponse(PAGE.render(Context({"topics": [], "session": session.id})))


def with_all_topics(request: HttpRequest) -> HttpResponse:
    """Show everything that was ever posted."""
    return HttpResponse(PAGE.render(Context({"topics": Topic.objects.all()})))


ADDRESSES = {
    "bare view": "/bare/",
    "our board": "/",
    "article: session": "/with-a-session/",
    "article: topics": "/with-all-topics/",
}


def fill(count: int) -> None:
    """Post until there are so many topics."""
    missing = count - Topic.objects.count()
    if missing <= 0:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bbs_topic (comment, hidden, created_at) "
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s) "
            "SELECT 'はじめまして。' || n, 0, datetime() FROM s",
            [missing],
        )
        cursor.execute("ANALYZE")


def wait(address: str) -> float:
    """Look once; return the milliseconds until the answer."""
    visitor = Visitor()
    assert visitor.ask("GET", address).status_code == 200
    return visitor.waited


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topics", type=int, nargs="+", default=[50, 1_000_000])
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    views = (("bare/", bare), ("with-a-session/", with_a_session), ("with-all-topics/", with_all_topics))
    urls.urlpatterns[:0] = [path(address, view) for address, view in views]
    set_up()
    print(f"{'topics':>10}  {'view':<18}{'ms':>8}{'ratio':>8}")
    for count in options.topics:
        fill(count)
        asked = {name: at for name, at in ADDRESSES.items() if count <= MOST or at != "/with-all-topics/"}
        for at in asked.values():
            wait(at)  # what is done only the first time does not count
        taken: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(options.rounds):
            for name, at in asked.items():
                taken[name].append(wait(at))
        medians = {name: statistics.median(times) for name, times in taken.items()}
        for name, median in medians.items():
            print(f"{count:>10,}  {name:<18}{median:>8.2f}{median / medians['bare view']:>8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
