"""What one account has, no other can see, list, name, change, be notified of or be disturbed by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import stripe
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

import stripe_sandbox
from stripe_sandbox import accounts, testing, urls
from stripe_sandbox.api import auth
from stripe_sandbox.database.rows import Row
from stripe_sandbox.models import Account, Delivery, Fault, IdempotencyKey, LoggedRequest, Note, StripeObject, Task
from stripe_sandbox.resources import addresses, effects
from stripe_sandbox.transport import InProcessClient
from stripe_sandbox.webhooks import deliveries, endpoints
from tests.stripe_sandbox.stage import everything
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, OTHER_PUBLISHABLE, PUBLISHABLE, SECRET, call
from tests.stripe_sandbox.stage.server import Endpoint, Server, listen, until

database = pytest.mark.django_db(databases="__all__")
FORM = "amount=2000&currency=jpy&source=tok_visa"
# Parameters that name an object, with what else their address needs.
NAMING = [
    ("POST", "/v1/charges", "amount=2000&currency=jpy&source={}"),
    ("POST", "/v1/charges", "amount=2000&currency=jpy&customer={}"),
    ("POST", "/v1/customers", "source={}"),
    ("POST", "/v1/refunds", "charge={}"),
    ("POST", "/v1/refunds", "payment_intent={}"),
    ("POST", "/v1/payment_intents", "amount=2000&currency=jpy&payment_method={}"),
    ("POST", "/v1/payment_intents", "amount=2000&currency=jpy&customer={}"),
    ("POST", "/v1/prices", "currency=jpy&unit_amount=100&product={}"),
    ("POST", "/v1/checkout/sessions", "mode=payment&success_url=https://a.example/&line_items[0][price]={}"
     "&line_items[0][quantity]=1"),
    ("POST", "/v1/checkout/sessions", "mode=payment&success_url=https://a.example/&customer={}"
     "&line_items[0][quantity]=1&line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=100"
     "&line_items[0][price_data][product_data][name]=Mug"),
    ("POST", "/v1/checkout/sessions", "mode=payment&success_url=https://a.example/&line_items[0][quantity]=1"
     "&line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=100"
     "&line_items[0][price_data][product]={}"),
]  # fmt: skip


@dataclass
class Holder:
    """An account with everything in it, and its keys."""

    secret: str
    publishable: str

    @property
    def api(self) -> stripe.StripeClient:
        return stripe.StripeClient(self.secret, http_client=InProcessClient())

    @property
    def account(self) -> Account:
        return auth.caller(self.secret).account

    def fill(self, *, briefly: bool = False) -> None:
        """Make everything, in the name of the account; briefly, without pages and what Stripe does later."""
        browser_api = stripe.StripeClient(self.publishable, http_client=InProcessClient())
        with accounts.acting_for(self.account):
            if briefly:
                everything.charges(self.api, browser_api)
                everything.catalogue(self.api)
            else:
                everything.make(self.api, browser_api, Client())

    def ids(self) -> set[str]:
        """Return the ids of all that it has, but for the one that each account's own endpoint has."""
        found = StripeObject.everywhere.filter(account=self.account.pk).values_list("sid", flat=True)
        return set(found) - {endpoints.CONFIGURED}

    def one_of_each(self) -> dict[str, str]:
        """Return an id of each kind of object that it has, by kind."""
        found = StripeObject.everywhere.filter(account=self.account.pk).exclude(sid=endpoints.CONFIGURED)
        return dict(found.values_list("kind", "sid"))


MINE, ITS = Holder(SECRET, PUBLISHABLE), Holder(OTHER, OTHER_PUBLISHABLE)


def never_there(sid: str) -> str:
    """Return an id that no object has, as long as another and with the same prefix."""
    prefix, _, rest = sid.rpartition("_")
    return f"{prefix}_{'0' * len(rest)}"


def words(text: object) -> set[str]:
    """Return all words of an answer, a page or a body, ids among them."""
    return set(re.findall(r"\w+", text if isinstance(text, str) else json.dumps(text)))


def outcome(method: str, path: str, form: str, sid: str, key: str) -> tuple[int, str]:
    """Return status and text of an answer, without the id that was asked for."""
    status, content, _ = call(method, path.replace("{sid}", sid), form.format(sid), key=key)
    return status, re.sub(r"req_\w+", "req", json.dumps(content)).replace(sid, "ID")


def asked(sids: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield every way to name an object over the API: in an address, a filter, a cursor or a parameter; and an id."""
    for route in addresses.ROUTES:
        kind = route.path.removeprefix("/v1/").partition("/{")[0].replace("/", ".").removesuffix("s")
        fitting = [sids[kind]] if kind in sids else list(sids.values())
        if "{sid}" in route.path:
            yield from ((route.method, route.path, "", sid) for sid in fitting)
        elif route.method == "GET":
            for name in {"starting_after", "ending_before"} & set(route.params):
                yield from (("GET", route.path, name + "={}", sid) for sid in fitting)
            for name in {"charge", "customer", "payment_intent", "product", "source"} & set(route.params):
                yield "GET", route.path, name + "={}", sids.get(name, sids["charge"])
    yield from ((*naming, sid) for naming in NAMING for sid in sids.values())


def opened_on_the_dashboard(client: Client, sids: list[str]) -> list[tuple[str, str]]:
    """Return which pages of the dashboard show or change, for one account, something of another."""
    pages = [
        pattern.name
        for pattern in urls.urlpatterns
        if hasattr(pattern.callback, "is_of_account") and "<str:sid>" in str(pattern.pattern)
    ]
    assert len(pages) >= 6
    with accounts.acting_for(ITS.account):
        sids = [*sids, LoggedRequest.objects.latest("pk").request_id]
    mine = {"account": MINE.account.sid}
    return [
        (name, sid)
        for name in pages
        for sid in sids
        for ask in (client.get, client.post)
        if ask(reverse(f"stripe_sandbox:{name}", args=[sid]), mine | {"endpoint": sid}).status_code not in (404, 405)
    ]


@database
def test_an_id_of_another_account_is_one_that_never_was(client: Client) -> None:
    ITS.fill()
    sids = ITS.one_of_each()
    assert len(sids) >= 11
    before = StripeObject.everywhere.filter(account=ITS.account.pk).values_list("sid", "body", "private", "deleted")
    kept = list(before)

    different = [
        (method, path, form, sid)
        for method, path, form, sid in asked(sids)
        for key in ((MINE.secret, MINE.publishable) if sid.startswith("tok_") else (MINE.secret,))
        if outcome(method, path, form, sid, key) != outcome(method, path, form, never_there(sid), key)
    ]

    assert different == []
    assert opened_on_the_dashboard(client, list(sids.values())) == []
    assert list(before.all()) == kept


@database
def test_no_list_balance_page_or_control_address_shows_what_another_account_has(client: Client) -> None:
    MINE.fill(briefly=True)
    ITS.fill()
    lists = [route.path for route in addresses.ROUTES if route.method == "GET" and "{" not in route.path]
    pages = [pattern for pattern in urls.urlpatterns if hasattr(pattern.callback, "is_of_account")]
    indexes = [reverse(f"stripe_sandbox:{page.name}") for page in pages if "<" not in str(page.pattern)]
    own = {}
    for holder in (MINE, ITS):
        shown = words("")
        for path in lists:
            form = "limit=100" if path not in ("/v1/account", "/v1/balance") else ""
            status, content, _ = call("GET", path, form, key=holder.secret)
            assert status == 200, path
            shown |= words(content)
        for address in indexes:
            page = client.get(address, {"account": holder.account.sid})
            shown |= words(page.content.decode())
        for action in ("account", "attempts", "requests", "deliveries"):
            form = "limit=1000" if action in ("attempts", "requests") else ""
            headers = {"Authorization": f"Bearer {holder.secret}"}
            kind = "application/x-www-form-urlencoded"
            answer = client.post(f"/sandbox/control/{action}/", form, kind, headers=headers)
            assert answer.status_code == 200, action
            shown |= words(answer.json())
        own[holder.secret] = shown

    assert len(indexes) >= 8
    assert len(own[SECRET] & MINE.ids()) > 50
    assert len(own[OTHER] & ITS.ids()) > 50
    assert own[SECRET] & ITS.ids() == own[OTHER] & MINE.ids() == set()


@database
def test_expanding_finds_nothing_of_another_account() -> None:
    customer = ITS.api.v1.customers.create(params={"email": "hanako@example.com"})
    charge = StripeObject.objects.get(sid=MINE.api.v1.charges.create(params=CHARGE).id)
    charge.body["customer"] = customer.id
    charge.save()

    assert MINE.api.v1.charges.retrieve(charge.sid, params={"expand": ["customer"]}).customer == customer.id


@database
def test_an_event_goes_to_its_accounts_endpoints_signed_with_its_secret() -> None:
    endpoint = {"url": "https://shop.example/hook", "enabled_events": ["*"]}
    made = {holder.secret: holder.api.v1.webhook_endpoints.create(params=endpoint) for holder in (MINE, ITS)}
    charges = {holder.secret: holder.api.v1.charges.create(params=CHARGE) for holder in (MINE, ITS)}

    for holder in (MINE, ITS):
        secrets = {made[holder.secret].secret, holder.account.webhook_secret}
        with accounts.acting_for(holder.account):
            sent = list(testing.signed_deliveries())
        signers = {secret for secret in secrets for body, headers in sent if is_signed(body, headers, secret)}

        assert len(sent) == 2
        assert signers == secrets
        assert {json.loads(body)["data"]["object"]["id"] for body, _ in sent} == {charges[holder.secret].id}


def is_signed(body: bytes, headers: dict[str, str], secret: str) -> bool:
    try:
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
    except stripe.SignatureVerificationError:
        return False
    return True


@database
@pytest.mark.parametrize("key", [SECRET, OTHER])
def test_a_fault_meets_the_account_it_was_ordered_for(key: str) -> None:
    holder, another = (MINE, ITS) if key == SECRET else (ITS, MINE)
    with accounts.acting_for(holder.account):
        testing.fault("500")
        testing.fault("lose")

    statuses = [call("POST", "/v1/charges", FORM, key=each.secret)[0] for each in (another, holder, holder)]

    assert statuses == [200, 500, 200]
    faults = dict(Delivery.everywhere.values_list("account", "fault"))
    assert faults == {holder.account.pk: "lose", another.account.pk: ""}
    assert not Fault.everywhere.filter(remaining__gt=0).exists()


@database
def test_the_same_idempotency_key_is_another_in_another_account() -> None:
    first, other, again = (
        call("POST", "/v1/charges", FORM, key=key, Idempotency_Key="k")[1]["id"] for key in (SECRET, OTHER, SECRET)
    )

    assert first == again != other
    assert IdempotencyKey.everywhere.count() == 2


@database
def test_the_same_ids_may_be_in_two_accounts() -> None:
    for holder in (MINE, ITS):
        holder.api.v1.products.create(params={"id": "mug", "name": holder.secret})

    assert [holder.api.v1.products.retrieve("mug").name for holder in (MINE, ITS)] == [SECRET, OTHER]
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        ITS.api.v1.products.create(params={"id": "mug", "name": "Mug"})


@database
def test_what_happens_later_happens_in_its_account() -> None:
    for holder in (MINE, ITS):
        holder.api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})

    with accounts.acting_for(ITS.account):
        list(testing.signed_deliveries(ahead=60))
    counts = [len(holder.api.v1.disputes.list().data) for holder in (MINE, ITS)]

    assert counts == [0, 1]
    assert set(Task.everywhere.values_list("account", flat=True)) == {accounts.DEFAULT}


@database
def test_the_worker_serves_all_accounts_in_the_order_of_what_is_due() -> None:
    for holder in (ITS, MINE):
        holder.api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})
    due = effects.next_due()

    with time_machine.travel(due + 60, tick=False):
        done = [effects.do_next(due + 60) for _ in range(3)]

    assert done == [True, True, False]
    assert [len(holder.api.v1.disputes.list().data) for holder in (MINE, ITS)] == [1, 1]
    assert {each.account for each in deliveries.waiting()} == {MINE.account.pk, ITS.account.pk}


@pytest.fixture
def second() -> Iterator[Endpoint]:
    """A second endpoint, for another account."""
    endpoint, http = listen()
    yield endpoint
    http.shutdown()
    http.server_close()


def test_over_http_each_account_has_its_own_payments_and_webhooks(server: Server, second: Endpoint) -> None:
    other = stripe.StripeClient(OTHER, base_addresses={"api": server.url}, max_network_retries=0)
    headers = {"Authorization": f"Bearer {OTHER}", "Content-Type": "application/x-www-form-urlencoded"}

    def control(action: str, form: str = "") -> dict:
        answer = requests.post(f"{server.url}/sandbox/control/{action}/", form, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    control("clear")
    secret = control("webhook", f"url={second.url}")["webhook_secret"]
    mine, its = server.api.v1.charges.create(params=CHARGE), other.v1.charges.create(params=CHARGE)
    until(lambda: server.endpoint.got and second.got)

    assert {event.data.object.id for event in server.endpoint.events(server.secret)} == {mine.id}
    assert {event.data.object.id for event in second.events(secret)} == {its.id}
    until(lambda: control("attempts")["attempts"])
    assert [(made["url"], made["status"]) for made in control("attempts")["attempts"]] == [(second.url, 200)]


def test_one_place_keeps_accounts_apart() -> None:
    folder = Path(stripe_sandbox.__file__).parent
    sources = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    across = {name for name, text in sources.items() if re.search(r"\.everywhere\b|_base_manager|\.cursor\(", text)}

    assert across == {
        "accounts.py",
        "apps.py",
        "clock/tasks.py",
        "management/commands/resend_event.py",
        "pages/owned.py",
        "database/rows.py",
        "webhooks/deliveries.py",
    }
    models = set(apps.get_app_config("stripe_sandbox").get_models())
    assert {model for model in models if not issubclass(model, Row)} == {Account, Note}
