"""The admin: what staff see, what they may change, and what would falsify the books."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

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
from bbs.models import Payment, Product, Topic, WebhookEvent
from bbs.payments import history
from tests.stage.people import VISA, Visitor
from tests.stage.stories import pay, send
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

PAYMENTS = "/admin/bbs/payment/"
AWAY = "APIConnectionError: Unexpected error communicating with Stripe."


@pytest.fixture
def staff(admin_client: Client) -> Client:
    return admin_client


@pytest.fixture
def payment(mike: Visitor, webhooks) -> Payment:
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)
    webhooks()
    return Payment.objects.get()


def test_topics_are_hidden_and_restored_in_the_admin(staff: Client) -> None:
    topic = Topic.objects.create(comment="rude")
    chosen = {"_selected_action": [topic.pk]}

    staff.post("/admin/bbs/topic/", {"action": "hide", **chosen})
    assert "rude" not in staff.get("/").content.decode()

    staff.post("/admin/bbs/topic/", {"action": "restore", **chosen})
    assert "rude" in staff.get("/").content.decode()


def test_a_price_is_changed_in_the_admin_and_a_price_of_nothing_is_refused(staff: Client, products) -> None:
    address = f"/admin/bbs/product/{products['t-shirt'].pk}/change/"
    fields = {
        "slug": "t-shirt", "name_ja": "シャツ", "name_en": "Shirt", "currency": "jpy", "position": "1", "active": "on",
    }  # fmt: skip

    assert staff.post(address, fields | {"unit_amount": "0"}).status_code == 200
    assert Product.objects.get(slug="t-shirt").unit_amount == 2000
    assert staff.post(address, fields | {"unit_amount": "2,500"}).status_code == 302
    assert "¥2,500" in staff.get("/").content.decode()


@pytest.mark.parametrize(
    ("currency", "price", "amount"),
    [
        ("usd", "20", 2000),
        ("usd", "20.00", 2000),
        ("jpy", "500", 500),
        ("ugx", "5,000", 500000),
        ("kwd", "1.23", 1230),
    ],
)
def test_a_price_is_typed_and_shown_in_the_main_unit_of_the_currency_beside_it(
    staff: Client, products, currency: str, price: str, amount: int
) -> None:
    product = products["sunglass-101" if currency == "jpy" else "t-shirt"]  # the currency changes with the price
    address = f"/admin/bbs/product/{product.pk}/change/"
    fields = {"slug": product.slug, "name_ja": "シャツ", "name_en": "Shirt", "position": "1", "active": "on"}

    assert staff.post(address, fields | {"currency": currency, "unit_amount": price}).status_code == 302

    product.refresh_from_db()
    assert (product.currency, product.unit_amount) == (currency, amount)
    shown = staff.get(address).context["adminform"].form["unit_amount"].value()
    assert staff.post(address, fields | {"currency": currency, "unit_amount": shown}).status_code == 302
    product.refresh_from_db()
    assert product.unit_amount == amount
    assert product.price in staff.get("/admin/bbs/product/").content.decode()


@pytest.mark.parametrize(
    ("currency", "price", "field", "said"),
    [
        ("jpy", "0.5", "unit_amount", "JPY has no decimals: enter a whole number, such as 500."),
        ("usd", "0.49", "unit_amount", "Stripe's minimum in this currency is $0.50."),
        ("usd", "100,000.00", "unit_amount", "The amount must be at most $99,999.99."),
        ("ugx", "10.5", "unit_amount", "Stripe accepts UGX only in steps of UGX\N{NO-BREAK SPACE}1."),
        ("xyz", "10", "currency", "Stripe does not charge in “xyz”: use a code from docs.stripe.com/currencies."),
        ("", "10", "currency", "This field is required."),
    ],
)
def test_a_price_that_stripe_would_refuse_is_refused_once_and_beside_its_field(
    staff: Client, products, currency: str, price: str, field: str, said: str
) -> None:
    product = products["t-shirt"]
    fields = {"slug": product.slug, "name_ja": "シャツ", "name_en": "Shirt", "position": "1", "active": "on"}

    page = staff.post(f"/admin/bbs/product/{product.pk}/change/", fields | {"currency": currency, "unit_amount": price})

    assert page.context["adminform"].form.errors == {field: [said]}
    product.refresh_from_db()
    assert (product.currency, product.unit_amount) == ("jpy", 2000)


def test_who_may_only_look_at_products_reads_prices_and_no_integers(client: Client, products) -> None:
    looks = User.objects.create_user("looks", is_staff=True)
    looks.user_permissions.add(Permission.objects.get(codename="view_product"))
    client.force_login(looks)

    page = client.get(f"/admin/bbs/product/{products['sunglass-101'].pk}/change/").content.decode()

    assert "$20.00" in page
    assert ">2000<" not in page


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


def test_money_is_given_back_with_a_reason_and_a_yes_and_once_for_each_form(staff: Client, payment: Payment) -> None:
    address = f"{PAYMENTS}{payment.pk}/refund/"
    assert "Up to ¥2,000 can be refunded." in staff.get(address).content.decode()

    for wrong in (
        {"amount": "500", "reason": "duplicate", "refunded": "0"},
        {"amount": "2001", "reason": "duplicate", "refunded": "0", "confirmed": "on"},
        {"amount": "0.5", "reason": "duplicate", "refunded": "0", "confirmed": "on"},
    ):
        assert staff.post(address, wrong).status_code == 200
    assert stripe.Refund.list().data == []

    form = {"amount": "500", "reason": "duplicate", "refunded": "0", "confirmed": "on"}
    assert staff.post(address, form).status_code == 302
    again = staff.post(address, form, follow=True)
    assert "A refund was made after this form was shown" in again.content.decode()
    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", 500)
    assert [(refund.amount, refund.reason) for refund in stripe.Refund.list()] == [(500, "duplicate")]
    assert "¥500 refunded. Reason: duplicate" in staff.get(f"{PAYMENTS}{payment.pk}/history/").content.decode()
    page = staff.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()
    assert "¥500" in page
    assert "View on site" not in page
    assert ">None<" not in page


def test_a_refund_of_dollars_is_typed_in_dollars(staff: Client, mike: Visitor) -> None:
    pay(mike, "modern", product="sunglass-101")
    payment = Payment.objects.get()
    address = f"{PAYMENTS}{payment.pk}/refund/"
    assert 'value="20.00"' in staff.get(address).content.decode()

    form = {"amount": "5", "reason": "requested_by_customer", "refunded": "0", "confirmed": "on"}
    page = staff.post(address, form, follow=True).content.decode()

    refund = stripe.Refund.list().data[0]
    assert refund.amount == 500
    assert "$5.00 refunded." in page
    assert f"({refund.id})" in LogEntry.objects.get().change_message


def test_the_refund_form_is_laid_out_as_the_admin_does_and_can_be_left(staff: Client, payment: Payment) -> None:
    page = staff.get(f"{PAYMENTS}{payment.pk}/refund/").content.decode()

    assert "admin/css/forms.css" in page
    assert [name for name in ("amount", "reason", "confirmed") if f"field-{name}" not in page] == []
    assert "checkbox-row" in page
    assert f'<a class="closelink" href="{PAYMENTS}{payment.pk}/change/">Cancel</a>' in page


def test_where_nothing_is_left_there_is_no_form(staff: Client, payment: Payment) -> None:
    payments.refund(payment)

    page = staff.get(f"{PAYMENTS}{payment.pk}/refund/", follow=True)

    assert page.redirect_chain[0][0] == f"{PAYMENTS}{payment.pk}/change/"
    assert "Nothing is left to refund." in page.content.decode()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_one_form_sent_six_times_at_once_is_one_refund_one_log_entry_and_one_message(
    staff: Client, mike: Visitor, shop: str, flow: str
) -> None:
    pay(mike, flow)
    address = f"{PAYMENTS}{Payment.objects.get().pk}/refund/"
    form = {"amount": "700", "reason": "duplicate", "refunded": "0", "confirmed": "on"}
    barrier = threading.Barrier(6)

    def send() -> str:
        browser = Visitor(shop, "en")
        browser.http.cookies.set("sessionid", staff.cookies["sessionid"].value, domain="localhost.local")
        browser.get(address)
        barrier.wait(30)
        return browser.post(address, form).text

    with ThreadPoolExecutor(6) as pool:
        pages = [sent.result() for sent in [pool.submit(send) for _ in range(6)]]

    said = [re.search(r'<ul class="messagelist">\s*<li class="(\w+)">(.*?)</li>', page, re.DOTALL) for page in pages]
    assert sorted(each[1] for each in said).count("success") == 1, [each[0] for each in said]
    assert {each[1] for each in said} <= {"success", "info", "warning"}
    assert [refund.amount for refund in stripe.Refund.list()] == [700]
    assert LogEntry.objects.count() == 1
    assert Payment.objects.get().amount_refunded == 700


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


def test_a_refund_that_stripe_cannot_be_asked_for_says_so(staff: Client, payment: Payment, settings) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    form = {"amount": "500", "reason": "duplicate", "refunded": "0", "confirmed": "on"}
    page = staff.post(f"{PAYMENTS}{payment.pk}/refund/", form)

    assert page.status_code == 200
    assert "Unexpected error communicating with Stripe" in page.content.decode()


def test_giving_money_back_needs_its_own_permission(client: Client, payment: Payment) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_payment"))
    client.force_login(clerk)
    address = f"{PAYMENTS}{payment.pk}/refund/"

    assert client.get(f"{PAYMENTS}{payment.pk}/change/").status_code == 200
    assert "refund/" not in client.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()
    assert client.get(address).status_code == 403
    assert client.post(address, {"amount": "500", "reason": "duplicate", "confirmed": "on"}).status_code == 403
    assert Payment.objects.get().amount_refunded == 0


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
