"""One account of a running sandbox: what a test reads of it and orders from it, with the installed stripe-python."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

from pytest_stripe_sandbox import Sandbox, SandboxError, SignedEvent

CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}
Received = list[tuple[bytes, str]]


def client(sandbox: Sandbox, **options: object) -> stripe.StripeClient:
    addresses = {"api": sandbox.api_base}
    return stripe.StripeClient(sandbox.secret_key, base_addresses=addresses, **{"max_network_retries": 0, **options})


def session(sandbox: Sandbox) -> stripe.checkout.Session:
    price = {"currency": "jpy", "unit_amount": 3000, "product_data": {"name": "T-shirt"}}
    params = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://x.test/?b=1",
    }
    return client(sandbox).v1.checkout.sessions.create(params=params)


@pytest.fixture
def receiver() -> Iterator[tuple[str, Received]]:
    """A webhook endpoint: its address, and what it got as (body, signature)."""
    got: Received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((body, self.headers["Stripe-Signature"]))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/webhook/", got
    server.shutdown()
    thread.join()
    server.server_close()


def wait_for(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        time.sleep(0.02)


def test_a_fresh_account_has_keys_a_secret_and_an_id_of_its_own(sandbox: Sandbox) -> None:
    other = Sandbox.fresh(sandbox.api_base + "/")

    assert other.api_base == sandbox.api_base
    for name in ("secret_key", "publishable_key", "webhook_secret", "account_id"):
        assert getattr(sandbox, name) != getattr(other, name)
    assert re.fullmatch(r"sk_test_[0-9a-zA-Z]{24,}", sandbox.secret_key)
    assert sandbox.publishable_key.startswith("pk_test_")
    assert sandbox.webhook_secret.startswith("whsec_")
    assert sandbox.account_id.startswith("acct_")
    assert sandbox.api_version == stripe.api_version
    assert abs(sandbox.now - time.time()) < 60


def test_its_address_is_there_in_parts_too(sandbox: Sandbox) -> None:
    assert sandbox.api_base == f"http://{sandbox.host}:{sandbox.port}"
    assert sandbox.checkout_js == f"{sandbox.api_base}/checkout.js"


def test_each_event_is_handed_out_once_and_is_genuine(sandbox: Sandbox) -> None:
    charge = client(sandbox).v1.charges.create(params=CHARGE)

    (event,) = sandbox.webhooks()

    genuine = stripe.Webhook.construct_event(event.body, event.signature, sandbox.webhook_secret)
    assert (event.type, event.event["data"]["object"]["id"]) == ("charge.succeeded", charge.id)
    assert genuine.id == event.event["id"]
    assert sandbox.webhooks() == []
    assert [attempt["type"] for attempt in sandbox.webhook_attempts()] == ["charge.succeeded"]


def test_the_headers_are_there_as_wsgi_names_them() -> None:
    event = SignedEvent(b"{}", {"Content-Type": "application/json", "Stripe-Signature": "t=1", "User-Agent": "Stripe"})

    assert event.environ == {"HTTP_STRIPE_SIGNATURE": "t=1", "HTTP_USER_AGENT": "Stripe"}


def test_events_are_delivered_to_a_function_or_an_address(sandbox: Sandbox, receiver: tuple[str, Received]) -> None:
    url, got = receiver
    client(sandbox).v1.charges.create(params=CHARGE)
    to_a_function = sandbox.deliver(lambda event: len(event.type))
    client(sandbox).v1.charges.create(params=CHARGE)

    to_an_address = sandbox.deliver(url)

    assert (to_a_function, to_an_address) == ([len("charge.succeeded")], [202])
    body, signature = got[0]
    assert stripe.Webhook.construct_event(body, signature, sandbox.webhook_secret).type == "charge.succeeded"


def test_what_comes_later_is_there_ahead(sandbox: Sandbox) -> None:
    client(sandbox).v1.charges.create(params={**CHARGE, "source": "tok_createDispute"})
    now = [event.type for event in sandbox.webhooks()]

    later = [event.type for event in sandbox.webhooks(ahead=60)]

    assert "charge.dispute.created" not in now
    assert "charge.dispute.created" in later


def test_a_sandbox_that_posts_has_retries_and_attempts(posting: Sandbox, receiver: tuple[str, Received]) -> None:
    url, got = receiver
    posting.post_webhooks_to(url)
    client(posting).v1.charges.create(params=CHARGE)

    wait_for(posting.webhook_attempts)

    (attempt,) = posting.webhook_attempts()
    assert (attempt["status"], attempt["url"], attempt["type"]) == (202, url, "charge.succeeded")
    assert len(got) == 1
    with pytest.raises(SandboxError, match="--deliveries manual"):
        posting.webhooks()


def test_faults_happen_to_this_account_alone_until_they_are_taken_back(sandbox: Sandbox) -> None:
    other = Sandbox.fresh(sandbox.api_base)
    sandbox.fault("500", times=3)

    with pytest.raises(stripe.APIError):
        client(sandbox).v1.charges.create(params=CHARGE)
    client(other).v1.charges.create(params=CHARGE)
    sandbox.no_faults()

    assert client(sandbox).v1.charges.create(params=CHARGE).paid


def test_a_fault_that_there_is_not_is_refused_in_words(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="must be one of 500, 429"):
        sandbox.fault("earthquake")


def test_time_passes_for_this_account_alone(sandbox: Sandbox) -> None:
    made, other = session(sandbox), Sandbox.fresh(sandbox.api_base)
    before = sandbox.now

    passed = sandbox.advance(25 * 3600)

    assert client(sandbox).v1.checkout.sessions.retrieve(made.id).status == "expired"
    assert [event.event["data"]["object"]["id"] for event in sandbox.webhooks()] == [made.id]
    assert 25 * 3600 <= sandbox.now - before < 25 * 3600 + 60
    assert passed["now"] - before >= 25 * 3600
    assert len(passed["happened"]) == 1
    assert abs(other.now - before) < 60


def test_the_calls_can_be_read_with_their_keys_of_idempotency(sandbox: Sandbox) -> None:
    client(sandbox).v1.charges.create(params=CHARGE, options={"idempotency_key": "order-1"})
    client(sandbox).v1.charges.list()

    made, listed = sandbox.requests()

    assert (made["method"], made["path"], made["idempotency_key"]) == ("POST", "/v1/charges", "order-1")
    assert made["params"]["amount"] == "2000"
    assert (listed["method"], listed["status"]) == ("GET", 200)
    assert sandbox.requests(limit=1) == [listed]


def test_clearing_leaves_the_keys_and_nothing_else(sandbox: Sandbox) -> None:
    client(sandbox).v1.charges.create(params=CHARGE)

    sandbox.clear()

    assert client(sandbox).v1.charges.list().data == []
    assert Sandbox(sandbox.api_base, sandbox.secret_key).webhook_secret == sandbox.webhook_secret


def test_the_hosted_page_is_paid_once_and_then_leads_nowhere(sandbox: Sandbox) -> None:
    made = session(sandbox)

    back = sandbox.pay(made.url, email="hanako@example.com")

    paid = client(sandbox).v1.checkout.sessions.retrieve(made.id)
    assert back == "http://x.test/?b=1"
    assert (paid.payment_status, paid.customer_details.email) == ("paid", "hanako@example.com")


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"card": "4000000000000002"}, "declined"), ({"cardExpiry": "01 / 20"}, "passed"), ({"email": "x"}, "e-mail")],
)
def test_what_the_hosted_page_does_not_take_is_raised_in_its_words(
    sandbox: Sandbox, fields: dict[str, str], why: str
) -> None:
    with pytest.raises(SandboxError, match=f"(?i){why}"):
        sandbox.pay(session(sandbox).url, **fields)


def test_an_expired_session_cannot_be_paid(sandbox: Sandbox) -> None:
    made = client(sandbox).v1.checkout.sessions.expire(session(sandbox).id)

    with pytest.raises(SandboxError, match="410"):
        sandbox.pay(f"{sandbox.api_base}/c/pay/{made.id}")


def test_an_address_that_is_no_sandbox_is_said(receiver: tuple[str, Received]) -> None:
    with pytest.raises(SandboxError, match=r"is no sandbox: it answered 202 to 'account'"):
        Sandbox.fresh(receiver[0])


def test_a_key_that_is_none_is_refused_in_stripes_words(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="Invalid API Key provided"):
        Sandbox(sandbox.api_base, "sk_test_short")
