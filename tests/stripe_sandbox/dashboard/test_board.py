"""Each page of the dashboard shows the account that was chosen, and each form acts on the one it was shown for."""

from __future__ import annotations

import re

import pytest
import stripe
from django.test import Client

from stripe_sandbox import conf, testing, urls
from stripe_sandbox.dashboard import board
from stripe_sandbox.models import Account, LoggedRequest, StripeObject
from stripe_sandbox.testing import pay
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, SECRET, session

pytestmark = pytest.mark.django_db(databases="__all__")
FORMS = re.compile(r'<form method="post".*?</form>', re.DOTALL)


@pytest.fixture
def other(db: None) -> stripe.StripeClient:
    """An account that is not the default one."""
    return stripe.StripeClient(OTHER, http_client=InProcessClient())


def text(client: Client, path: str, **query: str) -> str:
    return client.get(path, query).content.decode()


def test_the_default_account_is_shown_until_another_is_chosen(
    api: stripe.StripeClient, other: stripe.StripeClient, client: Client
) -> None:
    mine, its = api.v1.charges.create(params=CHARGE), other.v1.charges.create(params=CHARGE)
    sid = other.v1.accounts.retrieve_current().id

    first = text(client, "/sandbox/")
    chosen = text(client, "/sandbox/", account=sid)
    remembered = text(client, "/sandbox/")
    back = text(client, "/sandbox/", account=conf.get("ACCOUNT_ID"))

    assert [(mine.id in page, its.id in page) for page in (first, chosen, remembered, back)] == [
        (True, False), (False, True), (False, True), (True, False),
    ]  # fmt: skip
    assert client.cookies[board.COOKIE]["path"] == "/sandbox/"


def test_the_pages_say_what_visitors_share(other: stripe.StripeClient, client: Client) -> None:
    sid = other.v1.accounts.retrieve_current().id

    for path in ("/sandbox/", "/sandbox/faults/"):
        assert "shares this account" in text(client, path, account=conf.get("ACCOUNT_ID"))
        assert "shares this account" not in text(client, path, account=sid)
    assert "All visitors share payments and faults." in text(client, "/compare/")


def test_what_is_chosen_from_is_the_key_as_far_as_it_is_kept(other: stripe.StripeClient, client: Client) -> None:
    alone = text(client, "/sandbox/")
    sid = other.v1.accounts.retrieve_current().id

    page = text(client, "/sandbox/", account=sid)

    assert '<select name="account">' not in alone
    options = re.findall(r'<option value="(acct_\w+)"( selected)?>(.*?)</option>', page)
    assert options == [(conf.get("ACCOUNT_ID"), "", SECRET), (sid, " selected", f"sk_test_…{OTHER[-4:]}")]
    assert OTHER not in page


def test_an_account_that_is_gone_is_not_mistaken_for_the_default_one(
    api: stripe.StripeClient, other: stripe.StripeClient, client: Client
) -> None:
    api.v1.charges.create(params=CHARGE)
    sid = other.v1.accounts.retrieve_current().id
    client.get("/sandbox/", {"account": sid})
    Account.objects.filter(sid=sid).delete()

    assert client.post("/sandbox/clear/", {"account": sid}).status_code == 404
    assert client.get("/sandbox/", {"account": sid}).status_code == 404
    assert client.get("/sandbox/").status_code == 200
    assert StripeObject.objects.filter(kind="charge").exists()


def test_each_form_names_the_account_it_was_shown_for(other: stripe.StripeClient, client: Client) -> None:
    charge = other.v1.charges.create(params=CHARGE)
    made = other.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url, paymentMethod="konbini")
    intent = other.v1.checkout.sessions.retrieve(made.id).payment_intent
    event = other.v1.events.list().data[0].id
    sid = other.v1.accounts.retrieve_current().id
    client.get("/sandbox/", {"account": sid})

    names = ("faults", "clock", "webhooks", "clear", f"payments/{charge.id}", f"payments/{intent}", f"events/{event}")
    forms = {name: FORMS.findall(text(client, f"/sandbox/{name}/")) for name in names}

    assert all(forms.values())
    field = f'<input type="hidden" name="account" value="{sid}">'
    assert [(name, form) for name in names for form in forms[name] if field not in form] == []


def test_a_form_acts_on_its_account_whatever_was_chosen_since(
    api: stripe.StripeClient, other: stripe.StripeClient, client: Client
) -> None:
    for account in (api, other):
        account.v1.charges.create(params=CHARGE)
    client.get("/sandbox/", {"account": other.v1.accounts.retrieve_current().id})

    client.post("/sandbox/clear/", {"account": conf.get("ACCOUNT_ID")})

    assert [len(account.v1.charges.list().data) for account in (api, other)] == [0, 1]


def test_every_page_of_the_dashboard_is_one_accounts() -> None:
    pages = [
        pattern.callback
        for pattern in urls.urlpatterns
        if pattern.callback.__module__.startswith("stripe_sandbox.dashboard.") and pattern.name != "control"
    ]

    assert len(pages) >= 15
    assert [page.__name__ for page in pages if not hasattr(page, "is_of_account")] == []


def test_an_account_chooses_where_its_events_go(other: stripe.StripeClient, client: Client) -> None:
    sid = other.v1.accounts.retrieve_current().id
    client.get("/sandbox/", {"account": sid})

    client.post("/sandbox/webhooks/url/", {"account": sid, "url": " https://shop.example/hooks "})
    set_to = [endpoint.url for endpoint in other.v1.webhook_endpoints.list().data]
    refused = client.post("/sandbox/webhooks/url/", {"account": sid, "url": "shop.example"})
    page = text(client, refused.headers["Location"])

    assert set_to == ["https://shop.example/hooks"]
    assert "No event can be sent to this address" in page
    assert Account.objects.get(sid=sid).webhook_secret in page
    assert [endpoint.url for endpoint in other.v1.webhook_endpoints.list().data] == set_to


def test_a_call_is_shown_as_curl_without_a_key_that_is_not_kept(other: stripe.StripeClient, client: Client) -> None:
    made = other.v1.charges.create(params=CHARGE)
    sid = other.v1.accounts.retrieve_current().id

    page = text(client, f"/sandbox/requests/{made.last_response.request_id}/", account=sid)

    assert "-u &quot;$STRIPE_SECRET_KEY&quot;:" in page
    assert OTHER[8:] not in page


TIMES = {
    "en": r"[A-Z][a-z]+\.? \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [ap]\.m\. (UTC|JST)",
    "ja": r"\d{4}年\d{1,2}月\d{1,2}日 \d{1,2}:\d\d:\d\d (UTC|JST)",
}


@pytest.mark.parametrize("language", TIMES)
def test_every_page_writes_times_in_the_one_way_of_its_language(
    language: str, api: stripe.StripeClient, client: Client
) -> None:
    charge = api.v1.charges.create(params=CHARGE)
    testing.deliver(lambda body, headers: 500)
    testing.advance(60)
    event, request = StripeObject.objects.filter(kind="event").last(), LoggedRequest.objects.last()
    pages = ("", f"payments/{charge.id}/", "requests/", f"requests/{request.request_id}/", "events/")
    pages += (f"events/{event.sid}/", f"receipts/{charge.id}/", "clock/", "webhooks/", "faults/", "connect/", "limits/")

    written = []
    for page in pages:
        response = client.get(f"/sandbox/{page}", headers={"accept-language": language})
        assert response.status_code == 200, page
        text = re.sub(r"<pre.*?</pre>", "", response.content.decode(), flags=re.DOTALL)
        written += re.findall(r"<time[^>]*>(.*?)</time>", text)
        rest = re.sub(r"<[^>]*>", "", re.sub(r"<time.*?</time>", "", text))
        assert not re.search(r"(?<![\d.])\d{1,2}:\d\d(?!\d)", rest), page

    assert len(written) > len(pages)
    assert [time for time in written if not re.fullmatch(TIMES[language], time)] == []
