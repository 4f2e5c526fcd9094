"""Let many visitors at once look, post and pay both ways for a minute, and see that nothing fails and the books agree.

    python bench/load.py [--seconds 60] [--connections 64]

gunicorn with two workers of four threads, on SQLite and on PostgreSQL (TEST_DATABASE_URL names the server), without
any setting but limits switched off. The sandbox delivers its webhooks by HTTP meanwhile. Half of the visitors pay the
old way, and one of four who pay on Stripe's page never comes back. For each kind of request: how many, how many a
second, and the milliseconds within which half, 95 and 99 of a hundred were answered.

Afterwards every payment has to be paid, each with one topic and with its mails sent, every event has to be processed,
and `manage.py check_books` has to agree. The exit code is 1 where something does not hold, or any answer was an error.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

from browser import Browser, Page
from serving import ROOT, databases, environment, served

CARD = {"cardNumber": "4242424242424242", "cardExpiry": "12 / 40", "cardCvc": "123"}
CUSTOMER = {"email": "hanako@example.com", "billingName": "HANAKO YAMADA"}
TOKEN = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": "123"}
PUBLISHABLE_KEY = "pk_test_sandbox"
COMES_BACK = 0.75
# Seconds within which the last webhook has to be delivered once the visitors are gone.
PATIENCE = 120


class Refused(Exception):
    """An answer that is an error."""


class Visitor:
    """One of the visitors: what they do, and how long each answer took, in milliseconds."""

    def __init__(self, number: int, port: int) -> None:
        self.browser, self.random, self.flow = (
            Browser(port),
            random.Random(number),
            "legacy" if number % 2 else "modern",
        )
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()

    def stay(self, until: float) -> Visitor:
        """Do one thing after the other; what was begun in time is done to its end."""
        while time.monotonic() < until:
            act = self.random.choices([self.look, self.write, self.pay], [4, 1, 1])[0]
            try:
                act()
            except (Refused, OSError, HTTPException) as error:
                self.errors[f"{act.__name__}: {type(error).__name__} {error}"] += 1
                self.browser.close()
        self.browser.close()
        return self

    def look(self) -> Page:
        return self.answered("look", self.browser.get("/"))

    def write(self) -> None:
        form = self.look().fields("form_id", "csrfmiddlewaretoken")
        self.answered("post", self.browser.post("/", {**form, "comment": f"はじめまして。{self.random.random()}"}))

    def pay(self) -> None:
        if "flow" not in self.browser.cookies:
            form = self.look().fields("csrfmiddlewaretoken")
            self.answered("switch the flow", self.browser.post("/flow/", {**form, "flow": self.flow, "next": "/"}))
        form = self.look().fields("order", "csrfmiddlewaretoken")
        if self.flow == "legacy":
            self.pay_in_the_dialog(form)
        else:
            self.pay_on_stripes_page(form)

    def pay_in_the_dialog(self, form: dict[str, str]) -> None:
        made = self.browser.post("/v1/tokens", TOKEN, Authorization=f"Bearer {PUBLISHABLE_KEY}")
        token = json.loads(self.answered("make a token (sandbox)", made).text)["id"]
        form |= {"stripeToken": token, "stripeTokenType": "card", "stripeEmail": CUSTOMER["email"]}
        paid = self.answered("pay, legacy", self.browser.post("/checkout/", form))
        self.answered("receipt", self.browser.get(paid.where))

    def pay_on_stripes_page(self, form: dict[str, str]) -> None:
        there = self.answered("start paying, modern", self.browser.post("/checkout/", form)).where
        page = self.answered("Stripe's page (sandbox)", self.browser.get(there))
        form = page.fields("csrfmiddlewaretoken") | CUSTOMER | CARD
        page = self.answered("pay there (sandbox)", self.browser.post(there, form))
        while "refresh" in page.headers:
            time.sleep(1)
            address = page.headers["refresh"].partition("url=")[2]
            page = self.answered("wait there (sandbox)", self.browser.get(address))
        if self.random.random() < COMES_BACK:
            back = self.answered("come back", self.browser.get(page.where))
            self.answered("receipt", self.browser.get(back.where))

    def answered(self, what: str, page: Page) -> Page:
        """Note how long an answer took. Raises Refused for an error."""
        self.took[what].append(page.took * 1000)
        if page.status >= 400:
            raise Refused(f"{what}: {page.status} {' '.join(page.text.split())[:300]}")
        return page


def table(took: dict[str, list[float]], seconds: float) -> None:
    """Print a line for each kind of request."""
    for what, found in sorted(took.items(), key=lambda kind: -len(kind[1])):
        cuts = statistics.quantiles(found, n=100, method="inclusive") if len(found) > 1 else found * 99
        shown = "".join(f"{cuts[share - 1]:>9.0f}" for share in (50, 95, 99))
        print(f"  {what:<26}{len(found):>8,}{len(found) / seconds:>9.1f}{shown}", flush=True)


def measure(kind: str, url: str, seconds: int, connections: int) -> bool:
    """Print the table of one database; return whether nothing failed."""
    with environment(url) as environ:
        subprocess.run([sys.executable, "manage.py", "setup", "--verbosity", "0"], env=environ, cwd=ROOT, check=True)
        with served("bbs_project.wsgi:application", environ) as ports:
            began = time.monotonic()
            with ThreadPoolExecutor(connections) as threads:
                each = [Visitor(number, ports[number % len(ports)]) for number in range(connections)]
                visits = [threads.submit(visitor.stay, began + seconds) for visitor in each]
                visitors = [visit.result() for visit in visits]
            ended = time.monotonic() - began
            looked = subprocess.run(
                [sys.executable, __file__, "--after"], env=environ, stdout=subprocess.PIPE, check=True
            )
        after = json.loads(looked.stdout)
    took = defaultdict(list)
    for visitor in visitors:
        for what, found in visitor.took.items():
            took[what] += found
    took["webhook"] = after["webhooks"]
    print(f"{kind}, {connections} connections{'':<12}count      /s      50th     95th     99th ms")
    table(took, ended)
    errors = sum((visitor.errors for visitor in visitors), Counter(after["errors"]))
    for error, count in errors.most_common():
        print(f"  {count} × {error}")
    print(f"  {after['payments']:,} payments, {errors.total()} errors; {after['books']}\n", flush=True)
    return not errors


def after() -> None:
    """Wait for the last webhook and mail, and print as JSON what the databases of this environment hold then."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import CommandError, call_command
    from django.db.models import Count, Q

    from bbs.models import Mail, Payment, WebhookEvent
    from stripe_sandbox.models import Attempt, Delivery, Task

    until = time.monotonic() + PATIENCE
    pending = Delivery.objects.filter(state=Delivery.State.PENDING)
    unsent = Mail.objects.filter(sent_at=None)
    while time.monotonic() < until and (
        pending.exists() or Task.objects.filter(due__lt=time.time() + 60).exists() or unsent.exists()
    ):
        time.sleep(0.2)
    delivered = Payment.objects.annotate(topics=Count("topic")).filter(status=Payment.Status.PAID, topics=1)
    errors = {
        "webhook not delivered": pending.count(),
        "payment not paid, or not with one topic": Payment.objects.count() - delivered.count(),
        "payment with a mismatch": Payment.objects.filter(mismatched=True).count(),
        "mail not sent": unsent.count(),
        "event not processed": WebhookEvent.objects.filter(Q(processed_at=None) | ~Q(error="")).count(),
    }
    for attempt in Attempt.objects.exclude(status__range=(200, 299)):
        answer = f"webhook answered by {attempt.status} {attempt.answer[:300]}"
        errors[answer] = errors.get(answer, 0) + 1
    books = "the books agree"
    logging.disable(logging.INFO)  # a line for each call that it makes
    try:
        with Path(os.devnull).open("w") as nowhere:
            call_command("check_books", stdout=nowhere)
    except CommandError as error:
        books = str(error)
        errors[books] = 1
    found = {
        "errors": {error: count for error, count in errors.items() if count},
        "webhooks": list(Attempt.objects.values_list("milliseconds", flat=True)),
        "payments": Payment.objects.count(),
        "books": books,
    }
    print(json.dumps(found))


def main() -> int:
    """Print both tables; return 1 if something failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--after", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.after:
        after()
        return 0
    with databases("SQLite", "PostgreSQL") as urls:
        results = [measure(*each, options.seconds, options.connections) for each in urls.items()]
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
