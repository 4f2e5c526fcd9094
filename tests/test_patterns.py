"""No regular expression reads a text from outside that was not cut before: its time would be the sender's to choose."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from bbs.models import Payment, Product
from bbs.payments.order import Order
from stripe_scan.files import LARGEST, Source
from stripe_scan.guessing import name_for
from stripe_scan.rules.project import Project
from stripe_scan.scanning import hits_in
from tests.stage import fuzz, stripe_side
from tests.stage.patterns import found, watch
from tests.stage.stories import signed
from tests.stage.transports import LongWinded, Talkative
from tests.stripe_sandbox.stage.calls import call, session

pytestmark = pytest.mark.django_db(databases="__all__")

# Characters that an expression reads at most: as many as a text may have that Stripe takes.
MOST = 5000
# What cuts a text later than that, and has an expression whose time grows with the length alone.
LATER = {
    "bbs/logs.py": 20_000,
    "stripe_sandbox/api/known_parameters.py": 200_000,
    "stripe_sandbox/masking.py": 200_000,
    "stripe_scan/reading/javascript.py": LARGEST,
    "stripe_scan/reading/pages.py": LARGEST,
}
LONG = "a" * 60_000
# Where what an expression reads is our own, and why.
FROM_INSIDE = {
    "bbs_project/environment.py": "the settings",
    "stripe_sandbox/checks.py": "the settings",
    "bbs/checks.py": "the settings",
    "bbs/management/commands/serve.py": "the command line",
    "compare/content/text.py": "the texts of the comparison pages",
    "compare/lab/visitors.py": "the pages of this site, of the rungs and of the sandbox",
    "compare/pages/call_graph.py": "the shop's code",
    "compare/rehearsal/visitor.py": "the site's own pages",
    "stripe_sandbox/api/known_parameters.py": "stripe-python's source",
    "stripe_sandbox/api/no_ops.py": "what stripe-python says of its parameters",
    "run.py": "what our own programs print, and a file of this machine",
}
FORM = "application/x-www-form-urlencoded"


def test_what_is_said_to_read_only_our_own_is_in_the_code() -> None:
    assert {str(one.path) for one in found()} >= FROM_INSIDE.keys() | LATER.keys()


def too_long(longest: dict[str, int]) -> dict[str, int]:
    """Return the expressions that read more than they may, and how much."""
    most = {one.pattern: LATER.get(str(one.path), MOST) for one in found()}
    return {pattern: length for pattern, length in longest.items() if length > most.get(pattern, MOST)}


def order_with(client: Client, product: Product) -> Payment:
    """Pay in the legacy flow, and look at it, with long texts wherever the site reads one."""
    order = Order(product, 1, "legacy", 2000, "jpy")
    client.post("/checkout/", {"order": LONG, "stripeToken": LONG})
    client.post("/checkout/", {"order": order.signed, "stripeToken": f"tok_{LONG}", "stripeEmail": f"{LONG}@a.example"})
    form = {"order": order.signed, "stripeToken": "tok_visa", "product": LONG, "stripeEmail": f"a@{LONG}", LONG: LONG}
    address = f"/checkout/?{LONG[:30_000]}=1&quantity={LONG[:30_000]}"
    assert client.post(address, urlencode(form), FORM).status_code == 303
    payment = Payment.objects.get()
    client.get("/", {"product": LONG[:30_000], "quantity": LONG[:30_000], "before": LONG[:30_000]})
    client.get("/success/", {"session_id": LONG[:30_000]})
    client.get("/canceled/", {"payment": LONG[:30_000]})
    client.get(f"/payments/{LONG[:30_000]}/")
    return payment


def notify_of(client: Client, payment: Payment) -> None:
    """Deliver an event about a payment with long names and texts in it."""
    bodies = [json.loads(body) for body, _headers in stripe_side.signed_deliveries()]
    event = next(body for body in bodies if body["type"] == "charge.succeeded")
    event["data"]["object"] |= {"description": LONG[:15_000], LONG[:15_000]: "tok_1234"}
    body, headers = signed(event)
    assert client.post("/webhook/", body, "application/json", headers=headers).status_code == 200
    assert payment.events.exists()


def fill_in_stripes_page(client: Client) -> None:
    """Make and pay a Checkout Session with long texts."""
    _status, made, _headers = call("POST", "/v1/checkout/sessions", fields(session()))
    page = made["url"].partition("testserver")[2] or made["url"].partition(":8000")[2]
    names = ("email", "billingName", "cardNumber", "cardExpiry", "cardCvc")
    client.post(page, dict.fromkeys(names, f"1{' ' * 60_000}x"))
    client.post(page, {"email": f"a@{LONG}", "cardNumber": "4242 4242 4242 4242", "cardExpiry": "12 / 40"})
    assert client.get(page).status_code == 200


def fields(params: dict[str, object]) -> str:
    from stripe_sandbox.api.form import encode

    return "&".join(f"{quote(name)}={quote(value)}" for name, value in encode(params))


def work_as_staff(staff: Client, product: Product) -> None:
    """Fill in the product form with long texts, and with short ones."""
    names = ("slug", "name_ja", "name_en", "description_ja", "description_en", "currency", "position")
    for text in (LONG, "20"):
        form = dict.fromkeys(names, text) | {"unit_amount": text, "active": "on"}
        assert staff.post(f"/admin/bbs/product/{product.pk}/change/", form).status_code == 200
    for text in ("1" * 30_000, "2000"):
        assert staff.get("/sandbox/checkout-dialog/", {"amount": text, "currency": "jpy"}).status_code == 200


def ask_the_api(client: Client) -> None:
    """Call the API with long texts."""
    for url in (f"http://{LONG}", f"http://{LONG[:4900]}"):
        call("POST", "/v1/checkout/sessions", fields(session(success_url=url, **{LONG: LONG})))
    for email in (f"a@{LONG}", f"a@{LONG[:500]}"):
        call("POST", "/v1/checkout/sessions", fields(session(customer_email=email)))
    call("POST", "/v1/customers", fields({"email": LONG, "name": LONG}))
    card = {"number": LONG, "exp_month": LONG, "exp_year": LONG, "cvc": LONG}
    call("POST", "/v1/tokens", fields({"card": card}))
    call("POST", "/v1/charges", fields({"amount": "1" * 60_000, "currency": LONG, "source": LONG}))
    call("GET", f"/v1/charges/{LONG}")
    for path in (f"/v1/{LONG}", f"/sandbox/control/{LONG}", f"/{LONG}"):
        assert client.get(path).status_code == 400
    assert client.get("/v1/").status_code == 401
    assert client.get("/sandbox/control/x/").status_code == 401


def scan_other_peoples_code() -> None:
    """Scan long files of every kind."""
    page = f"<!-- {LONG} --><a b={LONG}><script>stripe.{LONG}\n</script>" * 4
    for path, kind in (("a.py", "python"), ("a.html", "page"), ("a.js", "script"), ("a.txt", "requirements")):
        text = page.replace("a" * 4000, "a" * 3999 + "\n")  # no line of a machine
        hits_in(Source(Path(path), path, (kind,)), text.encode(), Project())
    for text in (LONG, f"x {LONG}", f"x {LONG[:4_000]}\n{LONG}"):
        name_for(text, LONG)


def test_none_reads_more_than_the_longest_text_that_stripe_takes(
    client: Client, admin_client: Client, products: dict[str, Product], monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    longest = watch(monkeypatch)
    settings.STRIPE_HTTP_CLIENT = f"{Talkative.__module__}.{Talkative.__qualname__}"

    payment = order_with(client, products["t-shirt"])
    notify_of(client, payment)
    assert client.get(f"/compare/wire/{payment.pk}/").status_code == 200
    fill_in_stripes_page(client)
    work_as_staff(admin_client, products["t-shirt"])
    ask_the_api(client)
    scan_other_peoples_code()
    settings.STRIPE_HTTP_CLIENT = f"{LongWinded.__module__}.{LongWinded.__qualname__}"
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy").signed
    assert client.post("/checkout/", {"order": order}).status_code == 502

    from_outside = {one.pattern: str(one) for one in found() if str(one.path) not in FROM_INSIDE}
    assert [
        where for pattern, where in from_outside.items() if pattern not in longest
    ] == []  # each was given something
    assert too_long(longest) == {}


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_none_does_so_at_an_entrance_that_is_not_listed_here(
    products: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bbs_project.wsgi import application

    monkeypatch.setattr(fuzz, "JUNK", [LONG, f"{LONG}@{LONG}", f"http://{LONG}", "1" * 60_000, f"1{' ' * 60_000}x"])
    longest = watch(monkeypatch)

    with fuzz.in_no_hurry():
        list(fuzz.Fuzz(application, seed=1).run(100))

    assert len(longest) > 20
    assert too_long(longest) == {}
