"""Every page of the site and the sandbox, as one visitor has come to it."""

from __future__ import annotations

from dataclasses import dataclass

import requests
from django.urls import get_resolver, reverse
from playwright.sync_api import BrowserContext

from bbs.models import Payment
from bbs.receipt_links import signed_url
from stripe_sandbox.models import LoggedRequest, Stored
from tests.stage.people import DECLINED, VISA, Visitor

AUTHENTICATED = "4000002760003184"
KONBINI = {"paymentMethod": "konbini", "email": "fill_never@example.com"}
# Pages that name no object, by their URL names; a code page names a file.
COMPARE = ["overview", "parameters", "capabilities", "old_code", "glossary", "teach", "reset", "wire_index"]
CODE = ["code", "code_page/templates", "code_page/tests", "code_page/ledger"]
DASHBOARD = ["dashboard", "requests", "events", "webhooks", "faults", "clock", "cards", "connect", "limits", "clear"]


@dataclass(frozen=True)
class Places:
    """What there is to see, by names such as `bbs:receipt/paid`, and the visitor who may."""

    addresses: dict[str, str]
    visitor: Visitor

    def open_to(self, context: BrowserContext) -> None:
        """Let a browser be the visitor's."""
        context.add_cookies([{"name": n, "value": v, "url": self.visitor.url} for n, v in self.visitor.cookies.items()])


def walk(shop: str) -> Places:
    """Pay in every way, and return where all of it is shown."""
    visitor = Visitor(shop, "en")
    open_page = _order(visitor)
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
        "compare:wire": reverse("compare:wire", args=[paid.pk]),
        "compare:wire_pair": reverse("compare:wire_pair", args=[legacy.pk, paid.pk]),
        "stripe_sandbox:pay": open_page.url.partition("#")[0],
        "stripe_sandbox:pay/complete": reverse("stripe_sandbox:pay", args=[paid.checkout_session_id]),
        "stripe_sandbox:pay/unknown": reverse("stripe_sandbox:pay", args=["cs_test_none"]),
        "stripe_sandbox:voucher": voucher,
        "stripe_sandbox:authenticate": challenge,
        "stripe_sandbox:receipt": reverse("stripe_sandbox:receipt", args=[legacy.charge_id]),
    }
    found |= {f"bbs:receipt/{each.status}-{each.flow}": each.get_absolute_url() for each in Payment.objects.all()}
    for app, names in (("compare", COMPARE + CODE), ("stripe_sandbox", DASHBOARD)):
        for name in names:
            route, _, page = name.partition("/")
            found[f"{app}:{name}"] = reverse(f"{app}:{route}", args=[page] if page else [])
    for name, sid in (
        ("payment", _newest("payment_intent")),
        ("request", LoggedRequest.objects.latest("pk").request_id),
        ("event", _newest("event")),
    ):
        found[f"stripe_sandbox:{name}"] = reverse(f"stripe_sandbox:{name}", args=[sid])
    return Places({name: address.removeprefix(shop) for name, address in found.items()}, visitor)


def routes(app: str) -> set[str]:
    """Return the names of an app's addresses."""
    return {f"{app}:{name}" for name in get_resolver().namespace_dict[app][1].reverse_dict if isinstance(name, str)}


def _newest(kind: str) -> str:
    return Stored.objects.filter(kind=kind).latest("pk").sid


def _order(visitor: Visitor) -> requests.Response:
    return visitor.post("/checkout/", {"order": visitor.see_order()})
