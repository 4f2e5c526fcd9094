"""Measure what the sandbox costs the site: its own time for a call in process, and whether lists stay flat.

    python bench/sandbox.py [--objects 100000] [--rounds 200]

Each number is the median of its rounds, in milliseconds, with few objects and with many, in one run on one machine.
The last row is the rate of charges at a served sandbox beside ten dead endpoints: see `dead_endpoints.py`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
_folder = tempfile.TemporaryDirectory(prefix="bench-sandbox-")
os.environ["STRIPE_SANDBOX_DATABASE"] = str(Path(_folder.name) / "sandbox.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")

import dead_endpoints  # noqa: E402
import django  # noqa: E402

django.setup()

import stripe  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from stripe_sandbox.api import origin  # noqa: E402
from stripe_sandbox.models import StripeObject  # noqa: E402
from stripe_sandbox.resources.charges import engine  # noqa: E402
from stripe_sandbox.transport import InProcessClient  # noqa: E402

FEW = 100
TARGET = 10.0
# Of the rate of charges without any endpoint, what is left beside ten that never answer.
LEAST = 0.9
CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}
SESSION = {
    "mode": "payment",
    "success_url": "https://shop.example/success?session_id={CHECKOUT_SESSION_ID}",
    "line_items": [
        {
            "quantity": 1,
            "price_data": {"currency": "jpy", "unit_amount": 2000, "product_data": {"name": "T-shirt"}},
        }
    ],
}


def fill(total: int) -> None:
    """Store charges until there are `total` objects: one in a hundred is one customer's."""
    missing = total - StripeObject.objects.count()
    rows = []
    for number in range(missing):
        body = engine.blank(2000, "jpy") | {"status": "succeeded", "paid": True}
        body["customer"] = "cus_one" if number % 100 == 0 else f"cus_{number % 5000}"
        rows.append(
            StripeObject(
                sid=body["id"],
                kind="charge",
                created=body["created"],
                body=body,
                customer=body["customer"],
                tag="succeeded",
            )
        )
    StripeObject.objects.bulk_create(rows, batch_size=1000)


class Timed(InProcessClient):
    """The client in process, with a watch: what stripe-python does before and after is not the sandbox's time."""

    taken: list[float] = []

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        began = time.perf_counter()
        answer = super().request(*args, **kwargs)
        self.taken.append((time.perf_counter() - began) * 1000)
        return answer


def median(call: Callable[[], object], rounds: int) -> float:
    """Return the median of the sandbox's own time for a call, in milliseconds."""
    Timed.taken.clear()
    for _ in range(rounds):
        call()
    return statistics.median(Timed.taken)


def measure(rounds: int) -> dict[str, float]:
    """Return what each call costs with what is stored now."""
    api = stripe.StripeClient(settings.STRIPE_SANDBOX["SECRET_KEY"], http_client=Timed()).v1
    middle = StripeObject.objects.filter(kind="charge").order_by("seq")[
        StripeObject.objects.filter(kind="charge").count() // 2
    ]
    calls: dict[str, Callable[[], object]] = {
        "create a Checkout Session": lambda: api.checkout.sessions.create(params=SESSION),
        "create a charge": lambda: api.charges.create(params=CHARGE),
        "retrieve a charge": lambda: api.charges.retrieve(middle.sid),
        "list charges": lambda: api.charges.list(),
        "list charges from the middle": lambda: api.charges.list(params={"starting_after": middle.sid}),
        "list one customer's charges": lambda: api.charges.list(params={"customer": "cus_one"}),
        "list events of one type": lambda: api.events.list(params={"type": "charge.succeeded"}),
    }
    return {name: median(call, rounds) for name, call in calls.items()}


def main() -> int:
    """Print the table; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    settings.STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}
    call_command("migrate", database="stripe_sandbox", verbosity=0)

    # As the middleware does when a visitor comes: a call within a request knows its address.
    origin.seen("http://127.0.0.1:8000", "http://127.0.0.1:8000")
    fill(FEW)
    few = measure(options.rounds)
    fill(options.objects)
    many = measure(options.rounds)

    print(f"{'median, ms':<32}{FEW:>12,}{options.objects:>12,}{'ratio':>8}")
    for name, small in few.items():
        print(f"{name:<32}{small:>12.2f}{many[name]:>12.2f}{many[name] / small:>8.2f}")
    beside = dead_endpoints.measure()
    print(f"charges a second, served, beside ten dead endpoints: {beside:.2f} of those without, at least {LEAST:g}")
    slow = [name for name, cost in many.items() if name.startswith("create") and cost >= TARGET]
    print(f"target for a creation at {options.objects:,} objects: under {TARGET:g} ms: {'missed' if slow else 'met'}")
    return bool(slow) or beside < LEAST


if __name__ == "__main__":
    sys.exit(main())
