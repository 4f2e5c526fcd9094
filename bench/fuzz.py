"""Send mixed requests to all addresses of the site and of the sandbox, and look for a 5xx that is our own fault.

    python bench/fuzz.py [10000] [--seed 1] [--most 20]

Strangers, visitors with payments in both flows, staff and clients of Stripe's API ask for everything that the URL
resolver has, by every method, with odd headers, cookies, fields and bodies. It passes when nothing was answered by a
5xx but for 502 and 503 where Stripe fails, and for the faults that were ordered of the sandbox; and when no error was
logged. What fails is printed as a command for curl. The databases are the tests' own: TEST_DATABASE_URL names a
PostgreSQL server.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from tests.stage.fuzz import Fuzz, in_no_hurry  # noqa: E402


def fuzz(count: int, seed: int, most: int) -> int:
    """Send the requests; print each failure, at most so many of them, and return how many there were."""
    from bbs_project.wsgi import application

    for name in ("", "bbs", "compare", "stripe_sandbox", "django", "django.server"):
        logging.getLogger(name).handlers = [logging.NullHandler()]  # what is refused is no news here
    call_command("setup", verbosity=0)
    run, failures, began = Fuzz(application, seed), 0, time.monotonic()
    for failure in run.run(count):
        failures += 1
        print(failure, flush=True)
        if failures == most:
            break
    took = time.monotonic() - began
    answers = ", ".join(f"{status}: {number}" for status, number in sorted(run.statuses.items()))
    print(f"{connection.vendor}, seed {seed}: {sum(run.statuses.values())} answers in {took:.0f} s ({answers})")
    print(f"answered as none may be: {failures}: {'missed' if failures else 'met'}")
    return failures


def main() -> int:
    """Return 1 if a request was answered as none may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=20, help="failures after which it ends")
    options = parser.parse_args()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with in_no_hurry():
            return int(bool(fuzz(options.requests, options.seed, options.most)))
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
