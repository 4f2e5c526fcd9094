"""Measure how many webhooks a second two gunicorn workers take, on SQLite and on PostgreSQL.

    python bench/webhooks.py [--rows 10000 1000000] [--events 100] [--rounds 15]

Three things are posted, really signed, in turn: to a bare view that verifies the signature and inserts one row; to
the site's webhook, `checkout.session.completed` for pending payments, one each, which are settled and delivered; and
those same events once more. What counts is a rate's ratio to the bare view's in the same round; told is the median of
the rounds, and their quartiles in brackets. It is measured beside few payments and beside many, on a site with a
worker that sends the mails and with nothing recorded for the comparison pages, for which the aims are; on the same
with connections that are kept, which makes all of it quicker and the bare view most of all; and on a site without any
setting.
TEST_DATABASE_URL names the PostgreSQL server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
WORKERS = 2
SENDERS = 4
AIMS = {"settled": 0.5, "seen before": 0.9}
WORKER = {"DJANGO_TASKS": "database", "RECORD_WIRE": "off"}
KEPT = "?conn_max_age=60&conn_health_checks=true"
SITES = {"worker": (WORKER, ""), "kept": (WORKER, KEPT), "no setting": ({}, "")}

sys.path.insert(0, str(ROOT))


# --- The server -------------------------------------------------------------------------------------------


def site() -> Callable:
    """Return the site as gunicorn serves it, with the bare view beside its own addresses."""
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from bbs.models import WebhookEvent
    from bbs.payments.webhook import event_in, verify
    from bbs_project import urls

    @csrf_exempt
    def bare(request: HttpRequest) -> HttpResponse:
        event = event_in(verify(request.body, request.headers["Stripe-Signature"]))
        WebhookEvent.objects.create(pk=event.id, type=event.type, payload=request.body.decode())
        return HttpResponse(status=200)

    urls.urlpatterns.insert(0, path("bare/", bare))
    return get_wsgi_application()


@contextmanager
def served() -> Iterator[int]:
    """Serve the site with gunicorn; yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    command = [sys.executable, "-m", "gunicorn", *options, "--chdir", str(Path(__file__).parent), "webhooks:site()"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            while not answers(port):
                if server.poll() is not None:
                    sys.exit("gunicorn does not start")
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def answers(port: int) -> bool:
    try:
        return post(port, "/webhook/", b"", {}) == 400
    except OSError:
        return False


def post(port: int, path: str, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    finally:
        connection.close()


# --- One database -----------------------------------------------------------------------------------------


def template() -> tuple[dict, uuid.UUID]:
    """Pay once on the sandbox; return the event that tells of it, and the payment's reference."""
    from django.test import Client

    from bbs.models import Payment
    from stripe_sandbox import testing

    visitor = Client(headers={"Host": "localhost"})
    visitor.get("/")
    page = visitor.post("/create-checkout-session/", {})
    visitor.get(testing.pay(visitor.post, page.headers["Location"]).headers["Location"])
    events = [json.loads(body) for body, _headers in testing.signed_deliveries()]
    completed = next(event for event in events if event["type"] == "checkout.session.completed")
    return completed, Payment.objects.get().pk


def fill(rows: int, like: uuid.UUID) -> None:
    """Add copies of a paid payment until there are so many."""
    from django.db import connection

    from bbs.models import Payment

    is_sqlite = connection.vendor == "sqlite"
    key = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    other = {"reference": key, "checkout_session_id": "'cs_' || n", "payment_intent_id": "'pi_' || n"}
    other["charge_id"] = "'ch_' || n"
    names = [field.column for field in Payment._meta.local_fields]
    first = Payment.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO bbs_payment ({', '.join(names)}) "  # noqa: S608  (names and numbers of our own)
            f"WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {rows - 1}) "
            f"SELECT {', '.join(other.get(name, name) for name in names)} FROM bbs_payment, s "
            f"WHERE reference = '{like.hex if is_sqlite else like}'"
        )
        cursor.execute("ANALYZE")


def fresh_events(event: dict, like: uuid.UUID, count: int) -> list[bytes]:
    """Open so many pending payments; return the event that each one's session was paid."""
    from bbs.models import Payment

    paid = Payment.objects.get(pk=like)
    opened, bodies = [], []
    for _ in range(count):
        name = uuid.uuid4()
        fields = {field.attname: getattr(paid, field.attname) for field in Payment._meta.local_fields}
        fields |= {"reference": name, "checkout_session_id": f"cs_test_{name.hex}", "status": "pending"}
        opened.append(Payment(**fields | {"paid_at": None, "payment_intent_id": None, "charge_id": None}))
        text = json.dumps(event).replace(str(like), str(name)).replace(event["id"], f"evt_{name.hex}")
        text = text.replace(paid.checkout_session_id, f"cs_test_{name.hex}")
        bodies.append(text.replace(paid.payment_intent_id, f"pi_{name.hex}").encode())
    Payment.objects.bulk_create(opened, batch_size=500)
    return bodies


def rate(port: int, path: str, bodies: list[bytes]) -> float:
    """Return how many of these were answered 200 in a second."""
    import stripe
    from django.conf import settings

    secret = settings.STRIPE_WEBHOOK_SECRETS[0]
    sign = stripe.WebhookSignature.generate_signature_header
    letters = [(body, {"Stripe-Signature": sign(body.decode(), secret)}) for body in bodies]
    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        answered = list(senders.map(lambda letter: post(port, path, *letter), letters))
    took = time.perf_counter() - began
    assert set(answered) == {200}
    return len(bodies) / took


def measure(site: str, rows: list[int], events: int, rounds: int) -> bool:
    """Print the rates of the site of this process's settings; True when every aim was met."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bbs.models import Payment

    settings.STRIPE_SANDBOX |= {"DELIVERIES": "manual", "CONSOLE": False}
    call_command("setup", verbosity=0)
    event, like = template()
    met = True
    with served() as port:
        for count in rows:
            fill(count, like)
            rates: dict[str, list[float]] = {"bare view": [], "settled": [], "seen before": []}
            before = Payment.objects.filter(status="paid").count()
            for _ in range(rounds):
                rates["bare view"].append(rate(port, "/bare/", fresh_events(event, like, events)))
                bodies = fresh_events(event, like, events)
                rates["settled"].append(rate(port, "/webhook/", bodies))
                rates["seen before"].append(rate(port, "/webhook/", bodies))
            assert Payment.objects.filter(status="paid").count() == before + rounds * events
            for name, measured in rates.items():
                shares = [one / bare for one, bare in zip(measured, rates["bare view"], strict=True)]
                low, share, high = statistics.quantiles(shares, n=4)
                aim = AIMS.get(name, 0) if site == "worker" else 0
                met = met and share >= aim
                told = f"{statistics.median(measured):>8.0f}/s{share:>8.2f}  ({low:.2f} to {high:.2f})"
                said = f"  aim {aim}" if aim else ""
                print(f"{connection.vendor:<12}{site:<12}{count:>10,}  {name:<12}{told}{said}", flush=True)
    return met


# --- Both of them -----------------------------------------------------------------------------------------


@contextmanager
def databases() -> Iterator[list[str]]:
    """Yield the addresses of a fresh database of each kind; they are gone afterwards."""
    import psycopg

    name = f"bench_webhooks_{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(POSTGRESQL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield [f"sqlite:///{folder}/board.sqlite3", urlsplit(POSTGRESQL)._replace(path=name, query="").geturl()]
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> int:
    """Run the measurement once for each database; return 1 if an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15, help="at least 2")
    parser.add_argument("--site", choices=SITES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.site:
        return not measure(options.site, options.rows, options.events, options.rounds)
    print(f"{'database':<12}{'site':<12}{'payments':>10}  {'webhook':<12}{'rate':>10}{'ratio':>8}", flush=True)
    codes = []
    ours = ("STRIPE_", "DJANGO_", "RECORD_", "PAYMENT_", "BOARD_")
    for site, (settings, query) in SITES.items():
        with databases() as urls, tempfile.TemporaryDirectory() as folder:
            for number, url in enumerate(urls):
                env = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | settings
                env |= {
                    "DATABASE_URL": url + query,
                    "DJANGO_ENV_FILE": os.devnull,
                    "DJANGO_SECRET_KEY": "the benchmark's own",
                    "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
                    "EMAIL_URL": "dummymail://",
                    "STRIPE_SANDBOX_DATABASE": f"{folder}/sandbox-{number}.sqlite3",
                }
                command = [sys.executable, __file__, *sys.argv[1:], "--site", site]
                codes.append(subprocess.run(command, env=env, stderr=subprocess.DEVNULL, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
