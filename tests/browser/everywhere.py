"""Every page of the site and the sandbox, as one visitor has come to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import requests
import stripe
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import BrowserContext, Page, Route

from bbs.models import Payment, Topic
from bbs.receipt_links import signed_url
from compare.models import Rehearsal
from stripe_sandbox import accounts
from stripe_sandbox.models import Attempt, Delivery, LoggedRequest, StripeObject
from tests.compare.stage.lab import finished_run
from tests.compare.stage.reports import report
from tests.stage.people import DECLINED, VISA, Visitor

AUTHENTICATED = "4000002760003184"
KONBINI = {"paymentMethod": "konbini", "email": "fill_never@example.com"}
# Pages that name no object, by their URL names; a code page names a file, and a rung its flow and number.
COMPARE = [
    "overview",
    "ladder",
    "lab",
    "scenario/tab-closed",
    "migrate",
    "status",
    "rehearsal",
    "parameters",
    "capabilities",
    "old_code",
    "scan",
    "glossary",
    "teach",
    "reset",
    "wire_index",
]
CODE = ["code", "code_page/templates", "code_page/tests", "code_page/ledger", "rung/legacy/1", "rung/modern/4"]
STEPS = ["migrate_step/start", "migrate_step/modern", "migrate_step/drain"]
OLD_CODE = ["old_code_pattern/stripeobject-dict", "old_code_pattern/plan", "old_code_releases"]
DASHBOARD = ["dashboard", "requests", "events", "webhooks", "faults", "clock", "cards", "connect", "limits", "clear"]
# What is shown to a browser without the visitor's cookies.
STRANGERS = ["admin:login", "bbs:another_browser"]
OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@dataclass(frozen=True)
class Places:
    """What there is to see, by names such as `bbs:receipt/paid`, and the cookies of the visitor who may."""

    addresses: dict[str, str]
    cookies: list[dict[str, str]]

    def seen_on(self, pages: list[Page], turn: int = 0) -> Iterator[tuple[str, Page]]:
        """Open each place, with all that is folded there, on one of the pages after the other."""
        for page in pages:
            page.context.route("**/done/", _without_refresh)
            page.context.add_cookies(self.cookies)
        for number, (name, address) in enumerate(self.addresses.items(), start=turn):
            page = pages[number % len(pages)]
            if name in STRANGERS:
                _forget(page.context, self.cookies)
            page.goto(address)
            page.evaluate(OPEN)
            yield name, page
            page.context.add_cookies(self.cookies)


def _forget(context: BrowserContext, cookies: list[dict[str, str]]) -> None:
    for cookie in cookies:
        context.clear_cookies(name=cookie["name"])


def _without_refresh(route: Route) -> None:
    """Keep the page that waits for the shop from going on while it is looked at."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={n: v for n, v in answer.headers.items() if n != "refresh"})


def walk(shop: str) -> Places:
    """Pay in every way, and return where all of it is shown."""
    visitor = Visitor(shop, "en")
    open_page = _order(visitor)
    ended = _order(visitor).url.partition("#")[0]
    stripe.checkout.Session.expire(ended.rpartition("/")[2])
    visitor.pay_on_stripes_page(_order(visitor), VISA)
    voucher = visitor.pay_on_stripes_page(_order(visitor), "", KONBINI).url
    challenge = visitor.pay_on_stripes_page(_order(visitor), AUTHENTICATED).url
    visitor.switch_flow("legacy")
    for card in (VISA, DECLINED):
        order = {"order": visitor.see_order()}
        visitor.post("/checkout/", order | visitor.enter_card(card)).raise_for_status()

    paid = Payment.objects.get(status="paid", flow="modern")
    legacy = Payment.objects.get(status="paid", flow="legacy")
    found = {
        "bbs:index": "/",
        "bbs:index/refused": "/?quantity=11",
        "bbs:canceled": "/canceled/",
        "bbs:signed_receipt": signed_url(paid),
        "bbs:problem": "/payments/nothing/",
        "bbs:another_browser": f"/success/?session_id={paid.checkout_session_id}",
        "compare:wire": reverse("compare:wire", args=[paid.pk]),
        "compare:lab_run": reverse("compare:lab_run", args=[finished_run().pk]),
        "compare:wire_pair": reverse("compare:wire_pair", args=[legacy.pk, paid.pk]),
        "stripe_sandbox:pay": open_page.url.partition("#")[0],
        "stripe_sandbox:pay/complete": reverse("stripe_sandbox:pay", args=[paid.checkout_session_id]),
        "stripe_sandbox:pay/expired": ended,
        "stripe_sandbox:pay/unknown": reverse("stripe_sandbox:pay", args=["cs_test_none"]),
        "stripe_sandbox:done": reverse("stripe_sandbox:done", args=[_wait_for_the_shop().sid]),
        "stripe_sandbox:voucher": voucher,
        "stripe_sandbox:authenticate": challenge,
        "stripe_sandbox:receipt": reverse("stripe_sandbox:receipt", args=[legacy.charge_id]),
    }
    found |= {f"bbs:receipt/{each.status}-{each.flow}": each.get_absolute_url() for each in Payment.objects.all()}
    Rehearsal.objects.create(visitors=6, is_running=False, report=report(open=1).data)
    for app, names in (("compare", COMPARE + STEPS + CODE + OLD_CODE), ("stripe_sandbox", DASHBOARD)):
        for name in names:
            route, *arguments = name.split("/")
            found[f"{app}:{name}"] = reverse(f"{app}:{route}", args=arguments)
    for name, sid in (
        ("payment", _newest("payment_intent")),
        ("request", LoggedRequest.objects.latest("pk").request_id),
        ("event", _newest("event")),
    ):
        found[f"stripe_sandbox:{name}"] = reverse(f"stripe_sandbox:{name}", args=[sid])
    found |= _admin(paid)
    # The dashboard remembers the account that it showed last: this one comes after the others.
    another = accounts.of_tail("Another0" * 3).sid
    found["stripe_sandbox:webhooks/another_account"] = f"{reverse('stripe_sandbox:webhooks')}?account={another}"
    addresses = {name: address.removeprefix(shop) for name, address in found.items()}
    return Places(addresses, [*_cookies(visitor.cookies, shop), *_cookies(_staff(), shop)])


def _admin(payment: Payment) -> dict[str, str]:
    """Return what staff see: each list, and a row of it."""
    found = {"admin:login": "/admin/login/", "admin:index": "/admin/", "admin:history": _change(payment, "history")}
    found["admin:refund"] = reverse("admin:bbs_payment_refund", args=[payment.pk])
    for row in (payment, payment.events.first(), Topic.objects.filter(payment=None).first(), payment.product):
        found[f"admin:{row._meta.model_name}"] = _change(row)
        found[f"admin:{row._meta.model_name}/all"] = reverse(f"admin:bbs_{row._meta.model_name}_changelist")
    return found


def _change(row: Model, page: str = "change") -> str:
    return reverse(f"admin:bbs_{row._meta.model_name}_{page}", args=[row.pk])


def _staff() -> dict[str, str]:
    client = Client()
    client.force_login(User.objects.create_superuser("staff"))
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _cookies(values: dict[str, str], shop: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value, "url": shop} for name, value in values.items()]


def _wait_for_the_shop() -> StripeObject:
    """Return a session whose event the shop does not seem to have answered yet, for an hour."""
    session = StripeObject.objects.get(sid=Payment.objects.get(status="processing").checkout_session_id)
    deliveries = Delivery.objects.filter(event=session.private["completed"])
    Attempt.objects.filter(delivery__in=deliveries).delete()
    deliveries.update(state=Delivery.State.PENDING, due=time.time() + 3600)
    return session


def routes(app: str) -> set[str]:
    """Return the names of an app's addresses."""
    return {f"{app}:{name}" for name in get_resolver().namespace_dict[app][1].reverse_dict if isinstance(name, str)}


def _newest(kind: str) -> str:
    return StripeObject.objects.filter(kind=kind).latest("pk").sid


def _order(visitor: Visitor) -> requests.Response:
    return visitor.post("/checkout/", {"order": visitor.see_order()})
