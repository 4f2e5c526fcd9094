"""What staff see of payments and events, and what would falsify the books."""

from __future__ import annotations

import re

import pytest
import stripe
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from bbs import payments
from bbs.models import Payment, Topic, WebhookEvent
from bbs.payments import history
from tests.stage.people import VISA, Visitor
from tests.stage.stories import send
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
PAYMENTS = "/admin/bbs/payment/"
AWAY = "APIConnectionError: Unexpected error communicating with Stripe."


def test_a_payment_is_found_by_all_that_staff_may_be_given_of_it(staff, payment: Payment) -> None:
    ids = (payment.reference, payment.checkout_session_id, payment.payment_intent_id, payment.charge_id, payment.email)
    parts = (str(payment.pk)[:8], str(payment.pk)[9:23], "4242", "t-sh", "Tシャツ", "T-shirt 4242")
    for term in (*ids, *parts):
        page = staff.get(PAYMENTS, {"q": str(term)}).content.decode()
        assert str(payment.pk) in page, term
        assert "¥2,000" in page
    digits = next(each for each in ("4241", "4243") if each not in payment.pk.hex)
    for term in (digits, "nobody@example.com", f"T-shirt {digits}"):
        assert str(payment.pk) not in staff.get(PAYMENTS, {"q": term}).content.decode(), term
    assert "the last four digits of the card" in page
    event = payment.events.first()
    for term in (event.pk, str(payment.pk)[:8]):
        assert event.pk in staff.get("/admin/bbs/webhookevent/", {"q": term}).content.decode()


def test_a_legacy_payment_is_found_by_its_token(staff: Client, mike: Visitor) -> None:
    mike.switch_flow("legacy")
    for _ in range(2):
        mike.post("/checkout/", {"order": mike.see_order(), **mike.enter_card(VISA)})
    one, other = Payment.objects.all()

    page = staff.get(PAYMENTS, {"q": one.token}).content.decode()

    assert str(one.pk) in page
    assert str(other.pk) not in page


def test_a_payment_shows_its_history_its_events_and_its_mails(staff: Client, payment: Payment) -> None:
    page = staff.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()

    for text in ("the order arrived", "checkout.session.completed", "to the customer"):
        assert text in page


@pytest.mark.parametrize(("language", "written"), [("en", "N j, Y H:i:s T"), ("ja", "Y年n月j日 H:i:s T")])
def test_each_time_is_written_as_its_language_does_to_the_second_and_with_its_zone(
    staff: Client, payment: Payment, language: str, written: str
) -> None:
    payments.refund(payment, 500)
    about = {"object_id": payment.pk, "content_type": ContentType.objects.get_for_model(Payment)}
    LogEntry.objects.create(user=User.objects.get(), action_flag=CHANGE, **about)
    event, topic = payment.events.first(), Topic.objects.filter(payment=None).first()
    lists = [f"/admin/bbs/{name}/" for name in ("payment", "webhookevent", "topic")]
    rows = [f"/admin/bbs/{row._meta.model_name}/{quote(row.pk)}/change/" for row in (payment, event, topic)]
    spoken = {"Accept-Language": language}

    for address in (*lists, *rows, f"{PAYMENTS}{payment.pk}/history/"):
        page = staff.get(address, headers=spoken).text
        after_each_time = re.findall(r"\b\d\d:\d\d(?!:?\d)([^<\n]{0,4})|\b[ap]\.m\.|\bnoon|\bmidnight", page)
        assert set(after_each_time) == {" JST"}, address
    assert date_format(timezone.localtime(payment.paid_at), written) in staff.get(rows[0], headers=spoken).text


def test_payments_cannot_be_edited_added_or_deleted(staff: Client, payment: Payment) -> None:
    assert staff.get(f"{PAYMENTS}add/").status_code == 403
    assert staff.post(f"{PAYMENTS}{payment.pk}/change/", {"amount": "1"}).status_code == 403
    assert staff.post(f"{PAYMENTS}{payment.pk}/delete/", {"post": "yes"}).status_code == 403


def test_mismatches_come_first_until_they_are_reviewed(staff: Client, payment: Payment, mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    history.mismatch(payment, "amount: ours 1, Stripe's 2")

    listed = [row.pk for row in staff.get(PAYMENTS).context["cl"].result_list]
    assert listed[0] == payment.pk

    staff.post(PAYMENTS, {"action": "set_aside_mismatch", "_selected_action": [payment.pk]})
    listed = [row.pk for row in staff.get(PAYMENTS).context["cl"].result_list]
    assert listed[1] == payment.pk


def test_a_refund_that_is_under_way_or_failed_is_shown_as_that_and_can_be_looked_for(
    staff: Client, mike: Visitor, webhooks
) -> None:
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), "4000000000007726")
    payment = Payment.objects.get()
    form = {"amount": "500", "reason": "duplicate", "refunded": "0", "confirmed": "on"}

    page = staff.post(f"{PAYMENTS}{payment.pk}/refund/", form, follow=True).content.decode()

    assert "Refund of ¥500 is under way. Reason: duplicate" in page
    assert "refund under way" in page
    assert stripe.Refund.list().data[0].id in page
    assert [row.pk for row in staff.get(PAYMENTS, {"refunds__status": "pending"}).context["cl"].result_list] == [
        payment.pk
    ]
    webhooks(ahead=60)
    page = staff.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()
    assert "refund under way" not in page
    assert "partially refunded" in page


def test_an_event_is_processed_again_from_the_admin(staff: Client, payment: Payment) -> None:
    event = WebhookEvent.objects.get(type="checkout.session.completed")
    WebhookEvent.objects.update(processed_at=None)

    staff.post("/admin/bbs/webhookevent/", {"action": "process_again", "_selected_action": [event.pk]})

    event.refresh_from_db()
    assert event.processed_at is not None
    assert Topic.objects.filter(payment__isnull=False).count() == 1


def test_an_event_that_cannot_be_processed_is_said_to_wait_and_waits(staff: Client, mike: Visitor, settings) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    stripe.checkout.Session.expire(Payment.objects.get().checkout_session_id)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert send(signed_deliveries()) == {503}
    chosen = {"action": "process_again", "_selected_action": [WebhookEvent.objects.get().pk]}

    page = staff.post("/admin/bbs/webhookevent/", chosen, follow=True)

    assert "0 of 1 events were processed." in page.content.decode()
    assert AWAY in page.content.decode()
    assert (WebhookEvent.objects.get().processed_at, WebhookEvent.objects.get().error) == (None, AWAY)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    page = staff.post("/admin/bbs/webhookevent/", chosen, follow=True)
    assert "1 of 1 events were processed." in page.content.decode()
    assert Payment.objects.get().status == "expired"


def test_a_row_that_fails_is_named_and_the_others_are_asked_about(
    staff: Client, payment: Payment, mike: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    confirm = payments.confirm

    def faulty(asked: Payment) -> object:
        if asked == payment:
            raise KeyError
        return confirm(asked)

    monkeypatch.setattr(payments, "confirm", faulty)
    chosen = {"action": "ask_stripe", "_selected_action": [each.pk for each in Payment.objects.all()]}

    page = staff.post(PAYMENTS, chosen, follow=True).content.decode().lower()  # the admin begins with a capital

    other = Payment.objects.exclude(pk=payment.pk).get()
    assert f"{payment}: keyerror in " in page
    assert f"{other}: pending" in page


@pytest.mark.parametrize(
    ("address", "action"),
    [
        ("/admin/bbs/topic/", "hide"),
        ("/admin/bbs/topic/", "restore"),
        (PAYMENTS, "ask_stripe"),
        (PAYMENTS, "set_aside_mismatch"),
        ("/admin/bbs/webhookevent/", "process_again"),
    ],
)
def test_who_may_only_look_starts_no_action(
    client: Client, payment: Payment, django_user_model, address: str, action: str
) -> None:
    Payment.objects.update(mismatched=True)
    Topic.objects.filter(payment=None).update(hidden=action == "restore")
    WebhookEvent.objects.update(processed_at=None)
    looks = django_user_model.objects.create_user("looks", is_staff=True)
    looks.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(looks)
    before = [list(model.objects.order_by("pk").values()) for model in (Topic, Payment, WebhookEvent)]
    chosen = [
        row.pk for row in {"topic": Topic, "payment": Payment}.get(address.split("/")[3], WebhookEvent).objects.all()
    ]

    page = client.get(address).content.decode()
    client.post(address, {"action": action, "_selected_action": chosen})

    assert action not in page
    assert [list(model.objects.order_by("pk").values()) for model in (Topic, Payment, WebhookEvent)] == before


def test_staff_can_ask_stripe_about_a_payment(staff: Client, mike: Visitor, settings) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    pending = Payment.objects.get()
    chosen = {"action": "ask_stripe", "_selected_action": [pending.pk]}

    assert "pending" in staff.post(PAYMENTS, chosen, follow=True).content.decode()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert "APIConnectionError" in staff.post(PAYMENTS, chosen, follow=True).content.decode()


@pytest.mark.parametrize("address", ["/admin/", PAYMENTS])
def test_staff_read_what_the_legacy_flow_needs_of_the_account_where_it_is_offered_at_stripe(
    staff: Client, settings, address: str
) -> None:
    policies = 'href="https://dashboard.stripe.com/settings/developers/api-policies"'
    settings.PAYMENT_FLOW = "legacy"
    at_the_sandbox = staff.get(address).text

    settings.STRIPE_HTTP_CLIENT, settings.STRIPE_API_BASE = "", "https://api.stripe.com"
    at_stripe = staff.get(address, headers={"Accept-Language": "ja"}).text
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER = "modern", False

    assert policies in at_stripe
    assert "カードトークン" in at_stripe
    assert policies not in at_the_sandbox
    assert policies not in staff.get(address).text
