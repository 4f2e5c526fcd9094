"""The shop's tests, before and after its migration."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe
import tutorial


def receiver(account):
    return lambda event: tutorial.receive(event.body, event.signature, account.webhook_secret)


def test_a_token_is_charged_and_the_webhook_is_genuine(stripe_sandbox):
    charge = tutorial.buy("tok_visa", 2000)

    statuses = stripe_sandbox.deliver(receiver(stripe_sandbox))

    assert stripe.Charge.retrieve(charge).amount == 2000
    assert set(statuses) == {200}
    assert tutorial.sold[charge] == "charge.succeeded"
    assert stripe_sandbox.webhooks() == []


def test_a_webhook_that_was_changed_on_its_way_is_refused(stripe_sandbox):
    stripe_sandbox.fault("tamper")
    tutorial.buy("tok_visa", 2000)

    assert stripe_sandbox.deliver(receiver(stripe_sandbox))[0] == 400


def test_a_declined_card_is_said_in_the_banks_words():
    with pytest.raises(ValueError, match="declined"):
        tutorial.buy("tok_chargeDeclined", 2000)


def test_a_refund_arrives_as_an_event(stripe_sandbox):
    charge = tutorial.buy("tok_visa", 2000)
    tutorial.give_back(charge)

    stripe_sandbox.deliver(receiver(stripe_sandbox))

    assert stripe.Charge.retrieve(charge).refunded
    assert tutorial.sold[charge] == "charge.refunded"


def test_an_error_of_stripes_is_raised(stripe_sandbox):
    stripe_sandbox.fault("500")

    with pytest.raises(tutorial.error.APIError):
        tutorial.buy("tok_visa", 2000)


def test_a_retry_pays_once(stripe_sandbox, monkeypatch):
    monkeypatch.setattr(stripe, "max_network_retries", 2)
    stripe_sandbox.fault("drop", times=2)

    tutorial.buy("tok_visa", 2000)

    assert len(stripe.Charge.list().data) == 1


def test_faults_can_be_taken_back(stripe_sandbox):
    stripe_sandbox.fault("500", times=9)
    stripe_sandbox.no_faults()

    assert tutorial.buy("tok_visa", 2000)


def test_each_test_has_an_account_of_its_own(stripe_sandbox):
    assert stripe.Charge.list().data == []
    assert stripe_sandbox.webhooks() == []
    assert stripe_sandbox.secret_key.startswith("sk_test_")
    assert stripe_sandbox.publishable_key == "pk_test_" + stripe_sandbox.secret_key[len("sk_test_") :]


def test_what_was_sent_can_be_read(stripe_sandbox):
    tutorial.buy("tok_visa", 2000)

    (call,) = stripe_sandbox.requests()

    assert (call["method"], call["path"], call["status"]) == ("POST", "/v1/charges", 200)
    assert call["params"]["amount"] == "2000"
    assert stripe_sandbox.secret_key not in str(call)


def test_a_dispute_comes_later(stripe_sandbox):
    charge = tutorial.buy("tok_createDispute", 2000)

    events = stripe_sandbox.webhooks(ahead=60)

    disputes = [event.event["data"]["object"] for event in events if event.type == "charge.dispute.created"]
    assert [dispute["charge"] for dispute in disputes] == [charge]


def test_stripes_page_is_paid_and_leads_back(stripe_sandbox):
    back = stripe_sandbox.pay(tutorial.sell_on_stripes_page(3000))

    session = stripe.checkout.Session.retrieve(back.partition("id=")[2])
    completed = [event for event in stripe_sandbox.webhooks() if event.type == "checkout.session.completed"]
    assert back.startswith("http://shop.example/thanks?id=cs_test_")
    assert (session.payment_status, session.amount_total) == ("paid", 3000)
    assert [event.event["data"]["object"]["id"] for event in completed] == [session.id]


def test_stripes_page_says_why_it_takes_no_payment(stripe_sandbox):
    url = tutorial.sell_on_stripes_page(3000)

    with pytest.raises(Exception, match="declined"):
        stripe_sandbox.pay(url, card="4000000000000002")


def test_a_day_later_a_session_has_expired(stripe_sandbox):
    tutorial.sell_on_stripes_page(3000)

    stripe_sandbox.advance(25 * 3600)

    assert stripe.checkout.Session.list().data[0].status == "expired"
    assert "checkout.session.expired" in [event.type for event in stripe_sandbox.webhooks()]


@pytest.mark.skipif(not hasattr(stripe, "StripeClient"), reason="stripe-python has it since version 8")
def test_a_client_is_pointed_there_by_its_addresses(stripe_sandbox):
    client = stripe.StripeClient(stripe_sandbox.secret_key, base_addresses={"api": stripe_sandbox.api_base})
    charges = getattr(client, "v1", client).charges

    charge = charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_visa"})

    assert stripe.Charge.retrieve(charge.id).paid


def test_webhooks_are_posted_to_a_server(stripe_sandbox):
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(tutorial.receive(body, self.headers["Stripe-Signature"], stripe_sandbox.webhook_secret))
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    charge = tutorial.buy("tok_visa", 2000)

    statuses = stripe_sandbox.deliver(f"http://127.0.0.1:{server.server_port}/webhook")

    server.shutdown()
    thread.join()
    server.server_close()
    assert set(statuses) == {200}
    assert tutorial.sold[charge] == "charge.succeeded"
