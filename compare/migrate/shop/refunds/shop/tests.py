import pytest
import stripe
from django.core import mail
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now
from pytest_stripe_sandbox import SandboxError

from .models import Order

pytestmark = pytest.mark.django_db


def notify(client, sandbox):
    """Post what Stripe has to say; return the statuses."""
    return sandbox.deliver(
        lambda event: client.post("/webhook/", event.body, "application/json", **event.environ).status_code
    )


def test_an_order_that_the_shop_did_not_sign_is_refused(client):
    assert client.post("/checkout/", {"order": "forged"}).status_code == 400


def test_what_stripe_did_not_sign_is_refused(client):
    assert client.post("/webhook/", b"{}", "application/json").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_an_old_order_counts_as_paid_since_it_was_saved():
    MigrationExecutor(connection).migrate([("shop", "0001_initial")])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shop_order (amount, email, charge_id, created_at) VALUES (2000, '', 'ch_old', '2020-01-01')"
        )

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    order = Order.objects.get(charge_id="ch_old")
    assert order.paid_at == order.created_at


def go_to_stripe(client):
    """Press the button; return the address of Stripe's page."""
    return client.post("/checkout/", {"order": client.get("/").context["order"]}).headers["Location"]


def test_nothing_of_checkout_js_is_left(client):
    page = client.get("/")

    assert "<script" not in page.content.decode()
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'self'; form-action 'self' https://checkout.stripe.com"
    )


def test_a_legacy_form_that_is_still_open_leads_to_stripes_page_and_charges_nothing(client):
    order = client.get("/").context["order"]

    answer = client.post("/checkout/", {"order": order, "stripeToken": "tok_visa"})

    assert answer.headers["Location"] == stripe.checkout.Session.list().data[0].url
    assert stripe.Charge.list().data == []


def test_an_order_is_paid_on_stripes_page_and_delivered_once(client, stripe_sandbox):
    back = stripe_sandbox.pay(go_to_stripe(client), email="customer@example.com")
    assert Order.objects.get().paid_at is None

    client.get(back)
    notify(client, stripe_sandbox)

    assert Order.objects.get().paid_at
    assert [each.to for each in mail.outbox] == [["customer@example.com"]]


def test_the_webhook_delivers_to_a_visitor_who_never_comes_back(client, stripe_sandbox):
    stripe_sandbox.pay(go_to_stripe(client))

    assert set(notify(client, stripe_sandbox)) == {200}

    assert Order.objects.get().paid_at
    assert len(mail.outbox) == 1


def test_coming_back_without_having_paid_delivers_nothing(client):
    go_to_stripe(client)
    session = stripe.checkout.Session.list().data[0]

    client.get("/success/", {"session_id": session.id})
    client.get("/success/", {"session_id": "cs_test_none"})
    client.get("/success/")

    assert Order.objects.get().paid_at is None
    assert mail.outbox == []


def test_a_declined_card_pays_no_order(client, stripe_sandbox):
    page = go_to_stripe(client)

    with pytest.raises(SandboxError):
        stripe_sandbox.pay(page, "4000000000000002")
    notify(client, stripe_sandbox)

    assert Order.objects.get().paid_at is None


def test_another_amount_is_not_delivered(client, stripe_sandbox, caplog):
    stripe_sandbox.pay(go_to_stripe(client))
    Order.objects.update(amount=3000)

    notify(client, stripe_sandbox)

    assert Order.objects.get().paid_at is None
    assert "2000 jpy" in caplog.text


def test_a_second_click_leads_to_the_same_page(client):
    form = {"order": client.get("/").context["order"]}

    first, second = (client.post("/checkout/", form).headers["Location"] for _ in range(2))

    assert first == second


def test_a_modern_order_is_refunded_too(client, admin_client, stripe_sandbox):
    client.get(stripe_sandbox.pay(go_to_stripe(client)))
    order = Order.objects.get()

    admin_client.post(f"/orders/{order.pk}/refund/")
    Order.objects.update(refunded_at=None)  # the webhook records it too
    notify(client, stripe_sandbox)

    assert Order.objects.get().refunded_at
    assert stripe.PaymentIntent.retrieve(order.payment_intent_id, expand=["latest_charge"]).latest_charge.refunded


@pytest.fixture
def old_order(db):
    """An order that the legacy flow took."""
    charge = stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa")
    return Order.objects.create(amount=2000, charge_id=charge.id, paid_at=now())


def test_an_old_order_is_refunded_by_its_charge(admin_client, old_order):
    admin_client.post(f"/orders/{old_order.pk}/refund/")

    assert stripe.Charge.retrieve(old_order.charge_id).refunded
    assert Order.objects.get().refunded_at


def test_a_refund_of_an_old_order_in_the_dashboard_is_recorded(client, stripe_sandbox, old_order):
    stripe.Refund.create(charge=old_order.charge_id)
    Order.objects.create(amount=2000, payment_intent_id="pi_other", paid_at=now())

    notify(client, stripe_sandbox)

    assert [each.charge_id for each in Order.objects.exclude(refunded_at=None)] == [old_order.charge_id]


def test_no_order_is_paid_without_an_id_to_refund_it_by():
    with pytest.raises(IntegrityError):
        Order.objects.create(amount=2000, paid_at=now())
