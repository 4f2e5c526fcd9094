"""Measure what a visitor waits for, as rates beside a bare view and beside the article's board, in one run.

    python bench/board.py [--topics 50 1000000] [--rounds 80] [--requests 100]

gunicorn with two workers of four threads, eight kept HTTP connections, on SQLite and on PostgreSQL (TEST_DATABASE_URL
names the server). The ratio of one round differs by a fifth from that of the next: many short rounds, and their median,
tell more than a few long ones. The bare view and the article's board are in `article.py`, served beside the site in the
same way. `starting.py` and `kept.py` measure what starting a payment costs and what a kept connection saves, for the
last rows.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import kept
import starting
from serving import ROOT, databases, environment, rate, ratios, request, row, served

HERE = Path(__file__).parent
# The comparison pages that are the same for every visitor.
PAGES = [f"/compare/{page}" for page in ("", "code/", "parameters/", "capabilities/", "old-code/", "glossary/")]
FILL = """
import django; django.setup()
from django.db import connection
from bbs.models import Topic
missing = {count} - Topic.objects.count()
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO bbs_topic (comment, hidden, created_at) "
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s) "
        "SELECT 'はじめまして。' || n, false, CURRENT_TIMESTAMP FROM s", [missing])
    # What PostgreSQL would clean up by itself a minute later, beside the measurement.
    cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
"""


def run(environ: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, *command], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measure(kind: str, url: str, topics: list[int], rounds: int, requests: int) -> bool:
    """Print the rows of one database; return whether every aim was met."""
    met = True
    with ExitStack() as stack:
        environ = stack.enter_context(environment(url))
        run(environ, "manage.py", "setup", "--verbosity", "0")
        article = stack.enter_context(environment(url))
        run(article, str(HERE / "article.py"), "50")
        peer = stack.enter_context(served("article:site()", article, "/bare/"))
        ours = stack.enter_context(served("bbs_project.wsgi:application", environ))
        looks = {name: [request("GET", f"/{name}/")] * requests for name in ("bare", "board")}
        look = [request("GET", "/")] * requests
        for count in topics:
            run(environ, "-c", FILL.format(count=count))
            found = ratios(
                rounds,
                {
                    "bare": lambda: rate(peer, looks["bare"]),
                    "ours": lambda: rate(ours, look),
                    "article": lambda: rate(peer, looks["board"]),
                },
            )
            met &= row(f"board, {count:,} topics, of the bare view, {kind}", found["ours"], 0.5)
            if count == 50:
                met &= row(f"board, 50 topics, of the article's board, {kind}", found["ours"] / found["article"], 1.2)
        found = ratios(
            rounds,
            {
                "bare": lambda: rate(peer, looks["bare"]),
                **{page: partial(rate, ours, [request("GET", page)] * requests) for page in PAGES},
            },
        )
        slowest = min(PAGES, key=found.__getitem__)
        met &= row(f"slowest: {slowest}, of the bare view, {kind}", found[slowest], 0.4)
    return met


def main() -> int:
    """Print the table; return 1 if an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topics", type=int, nargs="+", default=[50, 1_000_000])
    parser.add_argument("--rounds", type=int, default=80)
    parser.add_argument("--requests", type=int, default=100, help="in each round")
    options = parser.parse_args()
    with databases("SQLite", "PostgreSQL") as urls:
        results = [measure(*each, options.topics, options.rounds, options.requests) for each in urls.items()]
    return not all([*results, starting.table(), kept.table()])


if __name__ == "__main__":
    sys.exit(main())
