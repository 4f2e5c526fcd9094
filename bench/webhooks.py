"""Measure the rate at which webhooks are settled, beside that of a view that only verifies and inserts, in one run.

    python bench/webhooks.py [--rows 1000000] [--rounds 9] [--events 200]

The bare view is `bare` below, at an address of the same site and behind the same middleware. Both are sent
`checkout.session.completed` of pending payments, really signed, no two alike, and each payment is settled and
delivered. gunicorn with two workers of four threads, eight kept HTTP connections, on SQLite and on PostgreSQL
(TEST_DATABASE_URL names the server): once with a worker for the mails and nothing recorded, and once without any
setting, where the same processes record, ask for the charges and send the mails meanwhile. Each round waits for those
of the last one. The last row is of `peers.py`: the sandbox beside localstripe.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import peers
import stripe
from serving import ROOT, databases, environment, rate, ratios, request, row, served

if TYPE_CHECKING:
    from django.db.models import Model

HERE = Path(__file__).parent
SECRET = "whsec_bench"
SITES = {
    "webhook settled": ({"DJANGO_TASKS": "database", "RECORD_WIRE": "off"}, {"SQLite": 0.5, "PostgreSQL": 0.72}),
    "webhook settled without any setting": ({}, {"SQLite": 0.4, "PostgreSQL": 0.55}),
}


# --- In a process of the site's ---------------------------------------------------------------------------


def site() -> Callable:
    """Return the site as gunicorn serves it, with the bare view beside its own addresses."""
    import django

    django.setup()
    from django.http import HttpRequest, HttpResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from bbs.models import WebhookEvent
    from bbs_project import urls
    from bbs_project.wsgi import application

    @csrf_exempt
    def bare(request: HttpRequest) -> HttpResponse:
        """Verify the signature as stripe-python's documentation shows, and insert one row."""
        event = stripe.Webhook.construct_event(request.body, request.headers["Stripe-Signature"], SECRET)
        WebhookEvent.objects.create(pk=event.id, type=event.type, payload=request.body.decode())
        return HttpResponse(status=200)

    urls.urlpatterns.insert(0, path("bare/", bare))
    return application


def open_payments(rows: int, events: int) -> None:
    """Add copies of a paid payment until there are `rows`, and open `events` pending ones; print the event of each."""
    import django

    django.setup()
    from bbs.models import Payment
    from stripe_sandbox.models import StripeObject

    completed = _pay_once()
    paid = Payment.objects.get()
    _fill(rows, paid)
    ids = [str(paid.pk), paid.checkout_session_id, paid.payment_intent_id, paid.charge_id]
    objects = StripeObject.objects.filter(sid__in=ids)
    ours, stripes = [], []
    for _ in range(events):
        name = uuid.uuid4()
        new = [str(name), *(f"{prefix}_{name.hex}" for prefix in ("cs_test", "pi", "ch"))]

        def renamed(value: object, new: list[str] = new) -> object:
            text = json.dumps(value)
            for old_id, new_id in zip(ids, new, strict=True):
                text = text.replace(old_id, new_id)
            return json.loads(text)

        nothing_taken = {"status": "pending", "paid_at": None, "payment_intent_id": None, "charge_id": None}
        nothing_taken |= {"email": "", "payment_method": "", "card_brand": "", "card_last4": ""}
        opened = {"reference": name, "checkout_session_id": new[1]}
        ours.append(Payment(**_fields(paid) | nothing_taken | opened))
        stripes += [StripeObject(**renamed(_fields(each) | {"seq": None})) for each in objects]
        print(json.dumps(renamed(completed) | {"id": f"evt_{name.hex}"}))
    Payment.objects.bulk_create(ours, batch_size=500)
    StripeObject.objects.bulk_create(stripes, batch_size=500)


def _fields(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _pay_once() -> dict[str, object]:
    """Pay on the sandbox, come back, and return the event that notifies of it."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from stripe_sandbox import testing

    settings.STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}
    call_command("setup", verbosity=0)
    visitor = Client(headers={"Host": "localhost"})
    visitor.get("/")
    page = visitor.post("/create-checkout-session/", {})
    visitor.get(testing.pay(visitor.post, page.headers["Location"]).headers["Location"])
    events = [json.loads(body) for body, _headers in testing.signed_deliveries(ahead=60)]
    return next(event for event in events if event["type"] == "checkout.session.completed")


def _fill(rows: int, paid: Model) -> None:
    from django.db import connection

    is_sqlite = connection.vendor == "sqlite"
    key = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    other = {"reference": key, "checkout_session_id": "'cs_' || n", "payment_intent_id": "'pi_' || n"}
    other["charge_id"] = "'ch_' || n"
    names = [field.column for field in paid._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO bbs_payment ({', '.join(names)}) "  # noqa: S608  (names and numbers of our own)
            f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) "
            f"SELECT {', '.join(other.get(name, name) for name in names)} FROM bbs_payment, s "
            f"WHERE checkout_session_id = '{paid.checkout_session_id}'"
        )
        # What PostgreSQL would clean up by itself a minute later, beside the measurement.
        cursor.execute("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def wait_for_mails() -> None:
    """Return once all mails were sent, where the site sends them. Raises AssertionError after two minutes."""
    import django

    django.setup()
    from django.conf import settings

    from bbs.models import Mail

    until = time.monotonic() + 120
    while not settings.TASKS_IN_TRANSACTION and Mail.objects.filter(sent_at=None).exists():
        assert time.monotonic() < until
        time.sleep(0.1)


def check(settled: int) -> None:
    """Raise AssertionError unless so many payments were settled, delivered and completed, each once."""
    import django

    django.setup()
    from django.conf import settings

    from bbs.models import Mail, Payment, WebhookEvent

    processed = WebhookEvent.objects.filter(type="checkout.session.completed", error="").exclude(processed_at=None)
    assert processed.filter(payment__status="paid", payment__topic__isnull=False).count() == settled
    assert Mail.objects.filter(payment__in=processed.values("payment")).count() == 2 * settled
    if not settings.TASKS_IN_TRANSACTION:
        assert Payment.objects.filter(events__in=processed, card_last4="4242").count() == settled


# --- From outside -----------------------------------------------------------------------------------------


def here(environ: dict[str, str], call: str) -> list[str]:
    """Call a function of this module in a process of its own; return the lines that it prints."""
    command = [sys.executable, "-c", f"import webhooks; webhooks.{call}"]
    environ = environ | {"PYTHONPATH": f"{ROOT}:{HERE}"}
    found = subprocess.run(command, env=environ, cwd=HERE, check=False, capture_output=True, text=True)
    if found.returncode:
        sys.exit(found.stderr)
    return found.stdout.splitlines()


def posts(path: str, bodies: list[str]) -> list[bytes]:
    """Return requests with these events, signed now."""
    sign = stripe.WebhookSignature.generate_signature_header
    return [
        request("POST", path, body.encode(), Stripe_Signature=sign(body, SECRET), Content_Type="application/json")
        for body in bodies
    ]


def measure(kind: str, site: str, rows: int, rounds: int, events: int) -> bool:
    """Print the row of one site on one database; return whether its aim was met."""
    settings, aims = SITES[site]
    with databases(kind) as urls, environment(urls[kind], STRIPE_WEBHOOK_SECRET=SECRET, **settings) as environ:
        bodies = iter(here(environ, f"open_payments({rows}, {2 * (rounds + 1) * events})"))
        with served("webhooks:site()", environ, "/healthz") as ports:

            def rate_of(path: str) -> float:
                found = rate(ports, posts(path, list(islice(bodies, events))))
                here(environ, "wait_for_mails()")
                return found

            found = ratios(rounds, {"bare": lambda: rate_of("/bare/"), "ours": lambda: rate_of("/webhook/")})
        here(environ, f"check({(rounds + 1) * events})")
    return row(f"{site}, {kind}", found["ours"], aims[kind])


def main() -> int:
    """Print the table; return 1 if an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="payments beside those that are settled")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--events", type=int, default=200, help="in each round")
    options = parser.parse_args()
    each = [(kind, site) for site in SITES for kind in ("SQLite", "PostgreSQL")]
    results = [measure(*one, options.rows, options.rounds, options.events) for one in each]
    return not all([*results, peers.table()])


if __name__ == "__main__":
    sys.exit(main())
